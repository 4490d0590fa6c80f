"""What a coordinator types: a round, its scale, who judges how much."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ideas.models import Round
from lib.forms import day_field
from people.models import Person, Programme

SCALE = ("lowest", "highest", "step", "better")
ASKED = ("guidance", "asks_recommendation", "asks_confidence")


def mentors_of(programme: Programme):
    return Person.objects.filter(memberships__programme=programme, memberships__role="mentor").distinct()


class RoundFields(forms.Form):
    """Days are the programme's own; a round closes at the end of its last day."""

    opens_on = day_field(label=gettext_lazy("Opens on"))
    last_day = day_field(label=gettext_lazy("Last day"))
    coverage = forms.IntegerField(
        label=gettext_lazy("Reviews per idea"), min_value=1, max_value=20, initial=3
    )
    is_blind = forms.BooleanField(
        label=gettext_lazy("Reviewers do not see who nominated an idea"), required=False, initial=True
    )
    lowest = forms.IntegerField(label=gettext_lazy("Lowest number"), min_value=0, max_value=99, initial=1)
    highest = forms.IntegerField(label=gettext_lazy("Highest number"), min_value=1, max_value=100, initial=5)
    step = forms.DecimalField(
        label=gettext_lazy("In steps of"), min_value=0, max_digits=4, decimal_places=2, initial=1
    )
    better = forms.ChoiceField(
        label=gettext_lazy("Direction"), choices=Round.Better, initial="high", widget=forms.RadioSelect
    )
    guidance = forms.CharField(
        label=gettext_lazy("What reviewers should know"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    asks_recommendation = forms.BooleanField(
        label=gettext_lazy("Ask for a recommendation: carry it on, with changes, or not"), required=False
    )
    asks_confidence = forms.BooleanField(label=gettext_lazy("Ask how sure the reviewer is"), required=False)

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(programme.zone)

    def cap_fields(self, people) -> None:
        """The most ideas of each reviewer; blank is no bound."""
        for person in people:
            self.fields[f"cap-{person.pk}"] = forms.IntegerField(
                label=str(person), min_value=0, max_value=10_000, required=False
            )

    @property
    def caps(self):
        return [self[name] for name in self.fields if name.startswith("cap-")]

    @property
    def has_own(self) -> dict[str, bool]:
        """Which folded parts stand open: something in them is refused."""
        wrong = set(self.errors) if self.is_bound else set()
        return {
            "scale": bool(wrong & set(SCALE)),
            "asked": bool(wrong & set(ASKED)),
            "caps": any(name.startswith("cap-") for name in wrong),
        }

    def clean(self):
        found = super().clean()
        if found.get("opens_on") and found.get("last_day") and found["last_day"] < found["opens_on"]:
            self.add_error("last_day", _("A round closes after it opens."))
        return found

    def said_caps(self) -> dict[int, int | None]:
        names = [name for name in self.cleaned_data if name.startswith("cap-")]
        return {int(name.removeprefix("cap-")): self.cleaned_data[name] for name in names}

    def values(self) -> dict:
        """What the services take, without the criteria."""
        found = self.cleaned_data
        plain = ("coverage", "is_blind", *SCALE, *ASKED)
        opens = datetime.combine(found["opens_on"], time(), self.zone)
        closes = datetime.combine(found["last_day"] + timedelta(days=1), time(), self.zone)
        return {name: found[name] for name in plain if name in found} | {
            "opens_at": opens, "closes_at": closes, "reviewers": found["reviewers"], "caps": self.said_caps(),
        }  # fmt: skip


class RoundForm(RoundFields):
    reviewers = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=gettext_lazy("Reviewers"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, programme: Programme, now: datetime, **kwargs):
        super().__init__(*args, programme=programme, **kwargs)
        mentors = mentors_of(programme)
        self.fields["reviewers"].queryset = mentors
        people = list(mentors)
        self.cap_fields(people)
        today = timezone.localtime(now, self.zone).date()
        for name, day in {"opens_on": today, "last_day": today + timedelta(days=14)}.items():
            self.fields[name].initial = day
        self.fields["reviewers"].initial = [] if self.is_bound else [person.pk for person in people]


class RoundChangeForm(RoundFields):
    """A round that is there: before it opens, and while it is judged."""

    reviewers = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Add reviewers"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, round: Round, is_scored: bool, now: datetime, **kwargs):
        self.round = round
        plain = {name: getattr(round, name) for name in ("coverage", "is_blind", "revision", *SCALE, *ASKED)}
        zone = ZoneInfo(round.programme.zone)
        days = {
            "opens_on": timezone.localtime(round.opens_at, zone).date(),
            "last_day": timezone.localtime(round.last_moment, zone).date(),
        }
        super().__init__(*args, programme=round.programme, initial=plain | days, **kwargs)
        seats = {
            seat.reviewer_id: seat for seat in round.seats.filter(left_at=None).select_related("reviewer")
        }
        self.fields["reviewers"].queryset = mentors_of(round.programme).exclude(pk__in=seats)
        self.cap_fields(seat.reviewer for seat in seats.values())
        for pk, seat in seats.items():
            self.initial[f"cap-{pk}"] = seat.cap
        for name in SCALE if is_scored else ():
            del self.fields[name]
        if now >= round.opens_at:
            del self.fields["is_blind"]

    def values(self) -> dict:
        """A day that was not touched keeps its time of day."""
        said = super().values() | {"revision": self.cleaned_data["revision"]}
        for day, moment in (("opens_on", "opens_at"), ("last_day", "closes_at")):
            if day not in self.changed_data:
                said[moment] = getattr(self.round, moment)
        return said
