"""What the wizard asks: the programme, what is wished, and the proposed lines as they shall be."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import clock
from lib.folding import fold
from lib.scripts import to_latin
from people.models import Programme, Project
from training.forms.sessions import BreaksField, FoldField, trainers_of
from training.forms.venues import Place, ask_new, settle
from training.models import Venue
from training.planning import closed_days
from training.planning.proposing import MOST, Line, Part, Wishes
from training.planning.templates import Template

WEEKDAYS = (
    (0, gettext_lazy("Monday")),
    (1, gettext_lazy("Tuesday")),
    (2, gettext_lazy("Wednesday")),
    (3, gettext_lazy("Thursday")),
    (4, gettext_lazy("Friday")),
    (5, gettext_lazy("Saturday")),
    (6, gettext_lazy("Sunday")),
)


def day_field(**kwargs) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


def time_field(**kwargs) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput({"type": "time"}, format="%H:%M"), **kwargs)


class FrameForm(forms.ModelForm):
    """The new programme itself. Its dates follow from the sessions."""

    class Meta:
        model = Programme
        fields = ["name", "name_sr", "code", "project", "participants", "capacity", "country", "zone"]
        help_texts = {
            "code": gettext_lazy("Stands in its address; made from the name where it is empty."),
            "country": gettext_lazy("Two letters, such as RS: its public holidays are left out."),
        }
        labels = {"project": gettext_lazy("Project")}
        widgets = {"capacity": forms.NumberInput({"min": 1, "class": "short"})}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.tenant = user.tenant
        self.fields["project"].queryset = Project.objects.visible_to(user)
        self.fields["project"].empty_label = gettext_lazy("none")
        self.fields["code"].required = False

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].upper()
        if not closed_days.is_known(country):
            raise ValidationError(_("No calendar of holidays is known for “%(code)s”.") % {"code": country})
        return country

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"]
        if not clock.is_zone(zone):
            raise ValidationError(_("“%(zone)s” is no time zone.") % {"zone": zone})
        return zone

    def clean(self):
        said = super().clean()
        code = said.get("code") or slugify(to_latin(said.get("name", "")))[:60]
        said["code"] = code
        if not code:
            self.add_error("code", _("Write a code of Latin letters and digits."))
        elif Programme.objects.filter(tenant=self.tenant, code=code).exists():
            self.add_error("code", _("A programme with this code exists already."))
        return said

    def _post_clean(self):
        """The service checks and saves."""

    def draft(self) -> Programme:
        """The programme as it would be, not saved."""
        return Programme(tenant=self.tenant, **self.cleaned_data)


class WishesForm(forms.Form):
    """Dates, places, hours and breaks, once for all sessions; the template says which fields there are."""

    start = time_field(label=gettext_lazy("Start"))
    end = time_field(label=gettext_lazy("End"))
    breaks = BreaksField()
    closed = forms.CharField(
        label=gettext_lazy("Own days off"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("One a line: 2027-05-03, or 2027-12-24 – 2028-01-09, then why."),
    )
    holidays = forms.BooleanField(
        label=gettext_lazy("Leave out public holidays"), required=False, initial=True
    )

    def __init__(self, *args, template: Template, user: User, programme: Programme | None = None, **kwargs):
        initial = {"start": template.start, "end": template.end, "breaks": template.breaks}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.template = template
        self.tenant = user.tenant
        self.venues = Venue.objects.visible_to(user).filter(tenant=user.tenant_id)
        self.first, self.last, self.where = [], [], []
        self._ask_when()
        self._ask_where()
        if template.has_agenda:
            self._put("agenda", forms.CharField(label=_("Agenda"), required=False, widget=_area()))
            self._put(
                "agenda_sr", forms.CharField(label=_("Agenda in Serbian"), required=False, widget=_area())
            )
        if programme is not None:
            people = forms.ModelMultipleChoiceField(
                trainers_of(programme),
                label=_("Trainers"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            self._put("trainers", people)

    def _put(self, name: str, one: forms.Field, first: bool = False) -> None:
        self.fields[name] = one
        (self.first if first else self.last).append(name)

    def _ask_when(self) -> None:
        template = self.template
        if template.has_terms:
            help_text = _("One a line, first and last day: 2027-09-01 – 2027-12-23. A term is a module.")
            terms = forms.CharField(label=_("Terms"), widget=forms.Textarea({"rows": 6}), help_text=help_text)
            self._put("terms", terms, first=True)
        else:
            for n in range(1, template.modules + 1):
                label = _("First day") if template.modules == 1 else _("First day of module %(n)s") % {"n": n}
                self._put(f"day_{n}", day_field(label=label), first=True)
        if template.count > 1:
            label = _("Sessions in a module") if template.modules > 1 else _("How many sessions")
            widget = forms.NumberInput({"class": "short"})
            count = forms.IntegerField(
                label=label, min_value=1, max_value=100, initial=template.count, widget=widget
            )
            self._put("count", count, first=True)
        if template.parts[0]:
            days = forms.TypedMultipleChoiceField(
                label=_("On which weekdays"),
                choices=WEEKDAYS,
                coerce=int,
                required=False,
                initial=template.weekdays,
                widget=forms.CheckboxSelectMultiple,
                help_text="" if template.weekdays else _("None chosen: that of the first day."),
            )
            self._put("weekdays", days, first=True)

    def _ask_where(self) -> None:
        several = self.template.modules > 1 and not self.template.has_terms
        for n in range(1, self.template.modules + 1 if several else 2):
            label = _("Venue of module %(n)s") % {"n": n} if several else _("Venue")
            if self.venues:
                self.fields[f"venue_{n}"] = forms.ModelChoiceField(
                    self.venues, label=label, required=False, empty_label=_("not known yet")
                )
            ask_new(self, f"venue_{n}", label)
            self.where.append(f"venue_{n}")

    def clean_closed(self) -> dict:
        return closed_days.read(self.cleaned_data["closed"])

    def clean_terms(self) -> list:
        return closed_days.read_terms(self.cleaned_data["terms"])

    def clean(self):
        said = super().clean()
        if said.get("start") and said.get("end") and said["end"] <= said["start"]:
            self.add_error("end", _("A session ends after it starts."))
        named: dict[str, Venue] = {}
        for name in self.where:
            venue = settle(self, name, self.tenant)
            if venue and not venue.pk:  # named for two modules, it is one
                self.cleaned_data[name] = named.setdefault(fold(venue.name), venue)
        return said

    def wishes(self, country: str, name: str, name_sr: str) -> Wishes:
        said = self.cleaned_data
        starts = [said[name] for name in said if name.startswith("day_")]
        terms = said.get("terms", [])
        days = [*starts, *(day for term in terms for day in term)]
        years = range(min(days).year, max(days).year + 3)
        known = closed_days.of_country(country, years) if said["holidays"] else {}
        return Wishes(
            starts=starts,
            start=said["start"],
            end=said["end"],
            breaks=said["breaks"],
            count=said.get("count", 1),
            weekdays=said.get("weekdays", ()),
            venues=[said[name] for name in self.where],
            closed=known | said["closed"],
            terms=terms,
            name=name,
            name_sr=name_sr,
            agenda=said.get("agenda", ""),
            agenda_sr=said.get("agenda_sr", ""),
        )

    @property
    def places(self) -> list[Place]:
        return [Place(self, name) for name in self.where]

    @property
    def asked_first(self):
        return [self[name] for name in self.first]

    @property
    def asked_last(self):
        return [self[name] for name in self.last]


def _area() -> forms.Textarea:
    return forms.Textarea({"rows": 5})


class PartForm(forms.Form):
    """A proposed module; its names may be put right."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1000)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    name_sr = forms.CharField(label=gettext_lazy("Name in Serbian"), max_length=200, required=False)

    def part(self, venue=None) -> Part:
        said = self.cleaned_data
        return Part(said["number"], said["name"], said["name_sr"], venue)


class LineForm(forms.Form):
    """A proposed session: each may be put right, or taken out."""

    part = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    title_sr = forms.CharField(label=gettext_lazy("Title in Serbian"), max_length=300, required=False)
    day = day_field(label=gettext_lazy("Day"))
    start = time_field(label=gettext_lazy("Start"))
    end = time_field(label=gettext_lazy("End"))
    fold = FoldField()
    breaks = BreaksField(help_text="")
    venue = forms.ChoiceField(label=gettext_lazy("Venue"), required=False)
    agenda = forms.CharField(widget=forms.HiddenInput, required=False)
    agenda_sr = forms.CharField(widget=forms.HiddenInput, required=False)
    remove = forms.BooleanField(label=gettext_lazy("Leave this session out"), required=False)

    def __init__(self, *args, venues, **kwargs):
        super().__init__(*args, **kwargs)
        self.venues = venues
        known = [(key, said_of(venue)) for key, venue in venues.items()]
        self.fields["venue"].choices = [("", _("not known yet")), *known]

    def clean_venue(self) -> Venue | None:
        return self.venues.get(self.cleaned_data["venue"])

    def line(self) -> Line:
        return Line(**{name: value for name, value in self.cleaned_data.items() if name != "remove"})


def said_of(venue: Venue) -> str:
    return venue.name if venue.pk else _("%(name)s (new)") % {"name": venue.name}


class RoomForm(forms.Form):
    """A venue that will be added with the plan, on its way from step to step."""

    name = forms.CharField(widget=forms.HiddenInput, max_length=200)
    address = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    is_shared = forms.BooleanField(widget=forms.HiddenInput, required=False)


Rooms = forms.formset_factory(RoomForm, extra=0, max_num=40, absolute_max=40)
Parts = forms.formset_factory(PartForm, extra=0, max_num=40, absolute_max=40)
Lines = forms.formset_factory(LineForm, extra=0, max_num=MOST, absolute_max=MOST)
