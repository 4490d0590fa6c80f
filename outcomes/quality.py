"""How far the data of a programme can be trusted: facts that are counted, by the five standards.

Validity: was it asked at the beginning, is it shown. Reliability: how many answered. Timeliness: how late.
Precision: amounts and answers that count for nothing. Integrity: what was changed after it had been handed in
or locked, what was unlocked and why, who was joined.
"""

from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outcomes import asking_quality
from outcomes.enrolled import enrolled
from outcomes.models import Answer, AnswerChange, Cost, Grant, Invitation, PeriodLock, Result, Wave
from outcomes.scope import Scope
from outcomes.waves_said import Standing, standings
from outcomes.wording import number, per_cent
from people.models import Person, Programme
from training.models import Enrolment

After = AnswerChange.After


@dataclass(frozen=True)
class Fact:
    """`n` of `of` (none: a plain count); `url`: the page that shows it, if any."""

    code: str
    name: str
    n: int
    of: int | None = None
    url: str = ""

    @property
    def share(self) -> float | None:
        """In per cent; of nothing there is none."""
        return round(100 * self.n / self.of, 1) if self.of else None

    @property
    def said(self) -> str:
        if self.of is None:
            return number(self.n)
        if not self.of:
            return _("there are none")
        words = _("%(n)s of %(all)s") % {"n": number(self.n), "all": number(self.of)}
        if 0 < self.n < self.of and round(self.share) in (0, 100):  # few are not none, most are not all
            return f"{words}, " + (_("less than 1 %") if self.share < 50 else _("more than 99 %"))
        return f"{words}, {per_cent(self.share)}"


@dataclass(frozen=True)
class Quality:
    validity: list[Fact]
    reliability: list[Standing]
    timeliness: list[Fact]
    days_late: float | None
    precision: list[Fact]
    integrity: list[Fact]
    unlocked: list[PeriodLock] = field(default_factory=list)

    @property
    def by_standard(self) -> list[tuple[str, str, list[Fact]]]:
        """Code and name of each standard, with its facts: of the reliability a wave each."""
        answered = [
            Fact(one.wave.code, one.title, one.response.said, one.response.asked) for one in self.reliability
        ]
        return [
            ("validity", _("Validity"), self.validity),
            ("reliability", _("Reliability"), answered),
            ("timeliness", _("Timeliness"), self.timeliness),
            ("precision", _("Precision"), self.precision),
            ("integrity", _("Integrity"), self.integrity),
        ]

    @property
    def days_late_said(self) -> str:
        """Half a day more than one is more than one."""
        if self.days_late is None:
            return ""
        words = ngettext("%(n)s day", "%(n)s days", ceil(self.days_late))
        return words % {"n": number(self.days_late, 0 if self.days_late == int(self.days_late) else 1)}


def of(programme: Programme, now: datetime) -> Quality:
    """In a constant number of queries. What is a figure too (DQ-02, DQ-03) is counted as there."""
    scope = Scope.whole(programme, now)
    late = Fact(
        "late",
        _("Answered after the wave had closed"),
        asking_quality.late(scope).count(),
        asking_quality.came(scope).count(),
        _page("wave_list", programme),
    )
    return Quality(
        validity=[*_baseline(programme, scope), _evidence(programme)],
        reliability=standings(Wave.objects.filter(programme=programme), scope.today),
        timeliness=[late],
        days_late=asking_quality.days_late(scope).value if late.n else None,
        precision=_unread(programme),
        integrity=_changes(programme),
        unlocked=_unlocked(programme),
    )


def _page(route: str, programme: Programme, asked: str = "") -> str:
    return reverse(f"outcomes:{route}", args=[programme.code]) + asked


def _baseline(programme: Programme, scope: Scope) -> list[Fact]:
    """Of those who had a place; of a control group apart, for nobody in it had one."""
    url = _page("wave_list", programme)
    placed = enrolled(scope).count()
    facts = [
        Fact("baseline", _("With a baseline"), len(asking_quality.with_baseline(scope)), placed, url),
    ]
    control = Enrolment.objects.filter(programme=programme, group__is_control=True)
    said = Q(
        invitations__wave__kind__in=asking_quality.BEFORE,
        invitations__wave__programme=programme,
        invitations__state__in=Invitation.DONE,
    )
    who = Coalesce("person__joined_to", "person")
    found = control.aggregate(all=Count(who, distinct=True), said=Count(who, distinct=True, filter=said))
    if found["all"]:
        name = _("With a baseline, of the control group")
        facts.append(Fact("baseline_control", name, found["said"], found["all"], url))
    return facts


def _evidence(programme: Programme) -> Fact:
    results = Result.objects.filter(programme=programme).counting()
    shown = results.exclude(evidence=None).distinct().count()
    url = _page("result_list", programme, "?shown=no&standing=counting")
    return Fact("evidence", _("Results shown by evidence"), shown, results.count(), url)


def _unread(programme: Programme) -> list[Fact]:
    answers = Answer.objects.filter(invitation__wave__programme=programme)
    said = answers.aggregate(all=Count("pk"), unread=Count("pk", filter=Q(is_unread=True)))
    grants = Grant.objects.filter(programme=programme)
    return [
        Fact("answers", _("Answers that could not be read"), said["unread"], said["all"]),
        _unread_costs(programme),
        Fact(
            "grants",
            _("Grants without an amount that could be read"),
            grants.filter(amounts=None).exclude(as_written="").count(),
            grants.count(),
            _page("grant_list", programme),
        ),
    ]


def _unread_costs(programme: Programme) -> Fact:
    """The page is of the first funding that has such a cost."""
    costs = Cost.objects.filter(funding__scopes__programme=programme).order_by()
    found = costs.aggregate(all=Count("pk"), unread=Count("pk", filter=Q(amount=None)))
    first = costs.filter(amount=None).order_by("funding").values_list("funding", flat=True).first()
    url = reverse("outcomes:cost_list", args=[first]) if first else _page("costs_of", programme)
    name = _("Costs without an amount that could be read")
    return Fact("costs", name, found["unread"], found["all"], url)


CHANGED = {
    After.ANSWERED: gettext_lazy("Changes after handing in, before the wave closed"),
    After.CLOSED: gettext_lazy("Changes after the wave had closed"),
    After.LOCKED: gettext_lazy("Changes after the period had been locked"),
}


def _changes(programme: Programme) -> list[Fact]:
    rows = AnswerChange.objects.filter(invitation__wave__programme=programme).order_by()
    after = dict(rows.values_list("after").annotate(n=Count("pk")))
    here = Q(joined_to__enrolments__programme=programme) | Q(enrolments__programme=programme)
    joined = Person.objects.exclude(joined_to=None).filter(here).order_by().distinct().count()
    url = reverse("training:twin_list", args=[programme.code])
    facts = [Fact(str(code), str(name), after.get(code, 0)) for code, name in CHANGED.items()]
    return [*facts, Fact("joined", _("Persons found to be somebody known already"), joined, url=url)]


def _unlocked(programme: Programme) -> list[PeriodLock]:
    rows = PeriodLock.objects.filter(programme=programme, unlocked_at__isnull=False)
    return list(rows.select_related("unlocked_by__person"))
