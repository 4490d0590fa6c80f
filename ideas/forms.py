"""What people type: an idea, whose it is, its state, a round."""

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ideas.models import Aim, Idea, IdeaText
from ideas.sectors import CHOICES
from lib.folding import fold
from mentoring.models import Assignment
from people.models import Person, Programme
from training.models import Enrolment


class IdeaForm(forms.Form):
    """The words of an idea. Title and sector come first; the rest may wait. `operation` names this form, so
    that sending it twice is one idea."""

    title = forms.CharField(
        label=gettext_lazy("The idea in a few words"), max_length=IdeaText._meta.get_field("title").max_length
    )
    summary = forms.CharField(
        label=gettext_lazy("In one or two sentences"),
        required=False,
        max_length=IdeaText._meta.get_field("summary").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), required=False)
    problem = forms.CharField(
        label=gettext_lazy("Which problem does it solve?"), required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    customer = forms.CharField(
        label=gettext_lazy("Who would pay for it?"), required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    stage = forms.ChoiceField(label=gettext_lazy("How far is it?"), required=False)
    aims = forms.ModelMultipleChoiceField(
        Aim.objects.none(),
        label=gettext_lazy("What it serves"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    operation = forms.UUIDField(widget=forms.HiddenInput)

    LATER = ("problem", "customer", "stage", "aims")  # behind one tap

    def __init__(self, *args, programme: Programme, similar_url: str = "", **kwargs):
        kwargs["initial"] = {"operation": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", _("not sure")), *CHOICES]
        self.fields["stage"].choices = [("", _("not said")), *Idea.Stage.choices]
        aims = self.fields["aims"]
        aims.queryset, aims.label_from_instance = programme.aims.all(), lambda aim: aim.title
        if similar_url:  # a few letters after the last key: which ideas sound like it
            self.fields["title"].widget.attrs |= {
                "data-hx-get": similar_url,
                "data-hx-trigger": "input changed delay:400ms",
                "data-hx-target": "#alike",
                "data-hx-sync": "this:replace",
                "autocomplete": "off",
            }

    @property
    def later(self) -> list:
        return [self[name] for name in self.LATER if name != "aims" or self.fields["aims"].queryset]

    @property
    def later_is_open(self) -> bool:
        return any(self.errors.get(name) for name in self.LATER) if self.is_bound else False

    def words(self) -> dict:
        """What the services take."""
        names = ("title", "summary", "problem", "customer", "sector", "stage", "aims")
        return {name: self.cleaned_data[name] for name in names}


class IdeaForSomebodyForm(IdeaForm):
    """A trainer types the idea of somebody: she says whose by row code or name."""

    who = forms.CharField(
        label=gettext_lazy("Whose idea is it?"), help_text=gettext_lazy("Row code or name"), max_length=200
    )
    field_order = ["who"]

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, programme=programme, **kwargs)
        self.enrolments = programme.enrolments.taking_part().select_related("person")
        self.fields["who"].widget.attrs |= {"list": "people", "autocomplete": "off"}

    def clean_who(self) -> Enrolment:
        typed = self.cleaned_data["who"].strip()
        code, key = typed.split(" ")[0].upper(), fold(typed)
        found = [e for e in self.enrolments if e.row_code.upper() == code]
        found = found or [e for e in self.enrolments if e.person.name_key == key]
        found = found or [
            e for e in self.enrolments if all(w in e.person.name_key.split() for w in key.split())
        ]
        if not found:
            raise forms.ValidationError(_("Nobody here has this row code or name."))
        if len(found) > 1:
            codes = ", ".join(enrolment.row_code for enrolment in found)
            raise forms.ValidationError(
                _("Several have this name; take the row code: %(codes)s.") % {"codes": codes}
            )
        return found[0]


class StateForm(forms.Form):
    """States that a person gives by hand; review and mentoring come about by what is done."""

    BY_HAND = [
        s for s in Idea.State if s not in (Idea.State.IN_REVIEW, Idea.State.IN_MENTORING, Idea.State.UNKNOWN)
    ]

    state = forms.ChoiceField(label=gettext_lazy("New state"), choices=[(s.value, s.label) for s in BY_HAND])
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, required=False,
        help_text=gettext_lazy("Declining and stopping need one."),
    )  # fmt: skip


class CarryOnForm(forms.Form):
    """The assignment in which an idea is carried on: one of a nominator's."""

    assignment = forms.ModelChoiceField(
        Assignment.objects.none(), label=gettext_lazy("Mentor and entrepreneur")
    )

    def __init__(self, *args, idea: Idea, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignment"].queryset = (
            Assignment.objects.visible_to(user)
            .filter(programme=idea.programme_id, enrolment__nominations__idea=idea)
            .exclude(state=Assignment.State.DECLINED)
            .exclude(mentored__idea=idea)
            .select_related("mentor__person", "enrolment__person")
        )


# What the founding programme judged by; a coordinator changes it as she likes. Data, so in both languages.
RUBRIC = [
    ("Customer need", "Potreba kupca", "1 nobody asked · 3 some signs · 5 paid or ordered",
     "1 niko nije tražio · 3 ima naznaka · 5 plaćeno ili poručeno", 40),
    ("Feasible in 12 months", "Izvodljivo za 12 meseci", "with the people and money described",
     "sa navedenim ljudima i novcem", 35),
    ("Women's economic strength", "Ekonomska snaga žena", "income, ownership, jobs for women",
     "prihod, vlasništvo, poslovi za žene", 25),
]  # fmt: skip


class CriterionForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Criterion"), max_length=100)
    name_sr = forms.CharField(label=gettext_lazy("Criterion in Serbian"), max_length=100, required=False)
    help = forms.CharField(label=gettext_lazy("What the numbers mean"), max_length=300, required=False)
    help_sr = forms.CharField(
        label=gettext_lazy("What the numbers mean, in Serbian"), max_length=300, required=False
    )
    weight = forms.IntegerField(label=gettext_lazy("Weight in per cent"), min_value=1, max_value=100)


class BaseCriterionFormSet(forms.BaseFormSet):
    """The rubric: what is offered, one more, and what is left out."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave this criterion out")

    def rubric(self) -> list[dict]:
        """What `open_round` takes: the lines that are filled in and not left out."""
        kept = [one for one in self.forms if one.cleaned_data and one not in self.deleted_forms]
        return [{k: v for k, v in one.cleaned_data.items() if k != "DELETE"} for one in kept]


CriterionFormSet = forms.formset_factory(
    CriterionForm, BaseCriterionFormSet, extra=1, max_num=12, validate_max=True, can_delete=True
)


class RoundForm(forms.Form):
    """Days are the programme's own; a round closes at the end of its last day."""

    opens_on = forms.DateField(label=gettext_lazy("Opens on"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    coverage = forms.IntegerField(
        label=gettext_lazy("Reviews per idea"), min_value=1, max_value=20, initial=3
    )
    is_blind = forms.BooleanField(
        label=gettext_lazy("Reviewers do not see who nominated an idea"), required=False, initial=True
    )
    reviewers = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=gettext_lazy("Reviewers"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, programme: Programme, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(programme.zone)
        mentors = Person.objects.filter(
            memberships__programme=programme, memberships__role="mentor"
        ).distinct()
        self.fields["reviewers"].queryset = mentors
        today = timezone.localtime(now, self.zone).date()
        for name, day in {"opens_on": today, "last_day": today + timedelta(days=14)}.items():
            self.fields[name].initial, self.fields[name].widget.format = day, "%Y-%m-%d"
        self.fields["reviewers"].initial = [] if self.is_bound else [person.pk for person in mentors]

    def clean(self):
        found = super().clean()
        if found.get("opens_on") and found.get("last_day") and found["last_day"] < found["opens_on"]:
            self.add_error("last_day", _("A round closes after it opens."))
        return found

    def values(self) -> dict:
        """What `open_round` takes, without the criteria."""
        found = self.cleaned_data
        return {
            "opens_at": datetime.combine(found["opens_on"], time(), self.zone),
            "closes_at": datetime.combine(found["last_day"] + timedelta(days=1), time(), self.zone),
            "coverage": found["coverage"],
            "is_blind": found["is_blind"],
            "reviewers": found["reviewers"],
        }


def default_rubric() -> list[dict]:
    names = ("name", "name_sr", "help", "help_sr", "weight")
    return [dict(zip(names, row, strict=True)) for row in RUBRIC]


def add_refusal(form: forms.Form, error) -> None:
    """A service's refusal, at its field where the form has one."""
    for name, words in (
        error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    ).items():
        for word in words:
            form.add_error(name if name in form.fields else None, word)
