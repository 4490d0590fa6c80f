"""What a person chooses: for everything, and for each kind that concerns her."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from people.models import Person
from reminders.kinds import KINDS
from reminders.models import Channel, Preference, Reminder, Rhythm, Rule
from reminders.services.choosing import choose, takes_messages, unchoose

SAME = "same"  # no choice of its own
AS_SENT = ("", _("as planned"))


class Concerned(NamedTuple):
    """Kinds of reminders, by what they are to her."""

    known: list[str]  # she has had some, or has chosen
    others: list[str]  # her programmes send them
    essential: list[str]


def concerned(person: Person) -> Concerned:
    had = set(
        Reminder.objects.filter(person=person).order_by().values_list("rule__kind", flat=True).distinct()
    )
    chosen = set(Preference.objects.filter(person=person).exclude(kind="").values_list("kind", flat=True))
    hers = Q(programme__enrolments__person=person) | Q(programme__memberships__person=person)
    sent = set(Rule.objects.filter(hers, is_on=True).order_by().values_list("kind", flat=True))
    free = [kind for kind, one in KINDS.items() if not one.is_essential]
    known = [kind for kind in free if kind in had | chosen]
    others = [kind for kind in free if kind in sent - had - chosen]
    return Concerned(
        known, others, [kind for kind in KINDS if KINDS[kind].is_essential and kind in had | sent]
    )


class Row(NamedTuple):
    label: str
    way: forms.BoundField
    often: forms.BoundField

    @property
    def fields(self) -> tuple[forms.BoundField, forms.BoundField]:
        return self.way, self.often


class ChoicesForm(forms.Form):
    """Two fields a kind: `way_<kind>` and `often_<kind>`; those of all others end in `_`."""

    def __init__(self, *args, person: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person, self.concerned = person, concerned(person)
        self.labels = dict(Rule.Kind.choices)
        self.now_so = {row.kind: (row.channel, row.rhythm) for row in person.preferences.all()}
        ways = [one for one in Preference.WAYS if one[0] != Channel.MESSAGE or takes_messages(person)]
        ways = [*ways[1:], ways[0]]  # "nothing" comes last
        for kind in ["", *self.concerned.known, *self.concerned.others]:
            self._add(kind, ways)

    def _add(self, kind: str, ways: list[tuple]) -> None:
        channel, rhythm = self.now_so.get(kind, (SAME if kind else "", Rhythm.AT_ONCE))
        first = [(SAME, _("as everything else"))] if kind else [AS_SENT]
        if kind and channel == "":
            first.append(AS_SENT)
        if channel == Channel.MESSAGE and channel not in dict(ways):
            first.append((channel, Channel.MESSAGE.label))  # her choice of when there was a gateway
        self.fields[f"way_{kind}"] = forms.ChoiceField(
            label=_("How"), choices=[*first, *ways], initial=channel, required=False
        )
        self.fields[f"often_{kind}"] = forms.ChoiceField(
            label=_("How often"), choices=Rhythm, initial=rhythm, required=False
        )

    def _rows(self, kinds: Iterable[str]) -> list[Row]:
        return [Row(self.labels[kind], self[f"way_{kind}"], self[f"often_{kind}"]) for kind in kinds]

    @property
    def everything(self) -> Row:
        return Row("", self["way_"], self["often_"])

    @property
    def known(self) -> list[Row]:
        return self._rows(self.concerned.known)

    @property
    def others(self) -> list[Row]:
        return self._rows(self.concerned.others)

    @property
    def essential(self) -> list[str]:
        return [self.labels[kind] for kind in self.concerned.essential]

    def put(self, now: datetime, by: User | None = None) -> int:
        """What she changed, by the services; how many. Raises ValidationError."""
        changed = 0
        for kind in ["", *self.concerned.known, *self.concerned.others]:
            way, often = (
                self.cleaned_data[f"way_{kind}"],
                self.cleaned_data[f"often_{kind}"] or Rhythm.AT_ONCE,
            )
            was = self.now_so.get(kind, (SAME if kind else "", Rhythm.AT_ONCE))
            if (way, often) == was or (way == was[0] == SAME):
                continue
            changed += 1
            if way == SAME:
                unchoose(person=self.person, kind=kind, by=by)
            else:
                choose(person=self.person, kind=kind, channel=way, rhythm=often, now=now, by=by)
        return changed
