"""What becomes of an idea: its state, its mentor."""

from django import forms
from django.db.models import Min, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from ideas.models import Idea, Nomination
from ideas.sectors import CHOICES
from ideas.services.carrying import words_of
from mentoring.models import Assignment, Function, Need
from training.models import Enrolment


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
        Assignment.objects.none(),
        label=gettext_lazy("Mentor and entrepreneur"),
        empty_label=gettext_lazy("choose a pair"),
    )

    def __init__(self, *args, idea: Idea, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignment"].queryset = (
            Assignment.objects.visible_to(user)
            .filter(programme=idea.programme_id)
            .filter(enrolment__in=Nomination.objects.of_group(idea).values("enrolment"))
            .exclude(state=Assignment.State.DECLINED)
            .exclude(mentored__idea=idea)
            .select_related("mentor__person", "enrolment__person")
        )


class AskForm(forms.Form):
    """A need for a mentor, made from an idea: what it begins with is the idea's own."""

    enrolment = forms.ModelChoiceField(Enrolment.objects.none(), label=gettext_lazy("For whom"))
    functions = forms.MultipleChoiceField(
        label=gettext_lazy("Help with"), choices=Function.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    text = forms.CharField(
        label=gettext_lazy("What she needs"), required=False,
        max_length=Need._meta.get_field("text").max_length, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args, idea: Idea, **kwargs):
        asked = idea.asked_for.values("need__enrolment")
        named = Nomination.objects.of_group(idea).order_by().values("enrolment")
        first = named.annotate(first=Min("at")).filter(enrolment=OuterRef("pk")).values("first")
        people = Enrolment.objects.filter(pk__in=named, state__in=Enrolment.TAKING_PART)
        people = people.exclude(pk__in=asked).select_related("person")
        people = people.annotate(named_at=Subquery(first)).order_by("named_at", "pk")
        first = {"sector": idea.sector, "language": idea.text.language, "text": words_of(idea)}
        kwargs["initial"] = first | {"enrolment": people.first()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["enrolment"].queryset, self.fields["enrolment"].empty_label = people, None
        self.fields["sector"].choices = [("", _("not sure")), *CHOICES]
        self.fields["language"].choices = [("", _("not said")), *User.Language.choices]
