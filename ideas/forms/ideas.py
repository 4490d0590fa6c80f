"""What people type: an idea, whose it is, its state."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ideas.models import Aim, Idea, IdeaText
from ideas.sectors import CHOICES
from lib.folding import fold
from mentoring.models import Assignment
from people.models import Programme
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
