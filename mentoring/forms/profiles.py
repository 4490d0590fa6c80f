"""What a mentor can do and offers: asked of her by the public form, by a coordinator, and on her own page."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib.forms import day_field
from mentoring.forms.week import Boxes, Week
from mentoring.models import Function, Mentor, Offer
from mentoring.services.profiles import STEPS
from people.models import Person, Programme
from people.regions import REGIONS
from people.sectors import SECTORS
from training.forms.asked import YesNo

PER = [("", gettext_lazy("not said")), *Offer.Per.choices]


class About(forms.Form):
    """What she can do, where, in which languages. What is left empty is unknown."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reach = [("", _("not said")), *Mentor.Reach.choices]
        regions = [("", _("not said")), *REGIONS.items()]
        self.fields |= {
            "functions": Boxes(_("Business functions"), Function.choices),
            "sectors": Boxes(_("Sectors"), SECTORS.items()),
            "languages": Boxes(_("Languages"), User.Language.choices),
            "municipality": forms.CharField(label=_("Municipality"), max_length=100, required=False),
            "region": forms.ChoiceField(label=_("Region"), choices=regions, required=False),
            "reach": forms.ChoiceField(label=_("Comes to meet somebody in"), choices=reach, required=False),
            "on_premises": YesNo(_("Comes to the premises of an enterprise")),
            "online": YesNo(_("Meets online")),
        }
        for name in ("on_premises", "online"):
            known = self.initial.get(name)
            self.initial[name] = {True: "yes", False: "no"}.get(known, "")


class ProfileForm(About):
    bio = forms.CharField(
        label=gettext_lazy("Short biography, in English"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "Entrepreneurs of the programme read this when they say whom they would like."
        ),
    )
    bio_sr = forms.CharField(
        label=gettext_lazy("Short biography, in Serbian"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
    HERS = ("municipality", "region")  # of the person; all else is the mentor's

    def parted(self) -> tuple[dict, dict]:
        """What is said of the person, and of the mentor."""
        said = self.cleaned_data
        return {name: said[name] for name in self.HERS}, {
            name: value for name, value in said.items() if name not in self.HERS
        }


class OfferForm(Week):
    """What she offers in one programme. `per` only says something together with hours."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = {"min_value": 0, "max_value": 500, "required": False}
        short = forms.NumberInput({"class": "short"})
        asked = {
            "capacity": forms.IntegerField(
                label=_("Entrepreneurs at the same time, at most"), widget=short, **number
            ),
            "hours": forms.IntegerField(label=_("Hours offered"), widget=short, **number),
            "per": forms.ChoiceField(label=_("These hours are for"), choices=Offer.Per, required=False),
            "wishes": forms.CharField(label=_("Whom to guide, in own words"), max_length=300, required=False),
        }
        self.fields = asked | self.fields

    def clean_per(self) -> str:
        return self.cleaned_data["per"] or Offer.Per.PROGRAMME


class MentorForm(ProfileForm, OfferForm):
    """A new mentor of a programme: somebody who has a role here already, or a name and an e-mail."""

    def __init__(self, *args, programme: Programme, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        here = Person.objects.visible_to(user).filter(memberships__role__in=("trainer", "mentor"))
        here = here.exclude(mentor__offers__programme=programme).distinct()
        states = [(state, state.label) for state in (Mentor.State.ACTIVE, Mentor.State.INVITED)]
        asked = {
            "person": forms.ModelChoiceField(
                here,
                label=_("Somebody who has a role already"),
                required=False,
                empty_label=_("nobody of them"),
            ),
            "name": forms.CharField(label=_("Or her name"), max_length=200, required=False),
            "email": forms.EmailField(label=_("Her e-mail"), required=False),
            "state": forms.ChoiceField(
                label=_("State"),
                choices=states,
                help_text=_("Who is invited gets a letter, and is active once she says yes."),
            ),
        }
        self.fields = asked | self.fields
        if not self.is_bound:
            self.initial.setdefault("per", Offer.Per.PROGRAMME)

    def clean(self):
        said = super().clean()
        if bool(said.get("person")) == bool((said.get("name") or "").strip()):
            self.add_error("name", ValidationError(_("Choose somebody, or write a name; not both.")))
        return said


class StateForm(forms.Form):
    """Where she may go from here."""

    def __init__(self, *args, mentor: Mentor, **kwargs):
        super().__init__(*args, **kwargs)
        states = [(state, state.label) for state in STEPS[mentor.state]]
        self.fields |= {
            "state": forms.ChoiceField(label=_("State"), choices=states),
            "reason": forms.CharField(
                label=_("Reason"),
                max_length=300,
                required=False,
                help_text=_("Pausing and leaving need one. Nothing is deleted."),
            ),
            "away_until": day_field(label=_("Not available until"), required=False),
        }


class AffiliationForm(forms.Form):
    """Whom she works for: what conflicts of interest are drawn from."""

    organisation = forms.CharField(label=gettext_lazy("Organisation"), max_length=200)
    role = forms.CharField(label=gettext_lazy("Role there"), max_length=100)
    start = day_field(label=gettext_lazy("From"), required=False)
    end = day_field(label=gettext_lazy("Until"), required=False)
