"""The letters about reports to funders: one is due, and, to who asked, one is ready to be looked at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import clock
from outcomes.models import Issue, Report
from people.models import FundingScope, Membership, Person, Programme
from reminders.kinds.due import AHEAD, Due, Kind, Recipient, Words, evening, link
from reminders.models import Reminder, Rule

FRESH = timedelta(days=3)
State = Reminder.State


class ReportDue(Kind):
    """A report belongs to a funding, which may pay for several programmes, and a rule to one of them. Whoever
    coordinates several of these gets it by the rule of the first one that has it on."""

    subject_type = "outcomes.report"
    hour, days, takes_hour, takes_days = 9, 7, True, True
    days_mean = gettext_lazy("days before the report is due")
    placeholders = ("person", "report", "funder", "day")

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """To the coordinators, until its day is over; not once an edition was issued. The day is the
        revision: another day is another promise."""
        zone = rule.programme.zone
        today = clock.local(now, zone).date()
        rows = Report.objects.filter(due__gte=today, due__lte=today + AHEAD + timedelta(days=rule.after_days))
        rows = rows.filter(~Exists(_issued(OuterRef("pk"))), funding__in=_paying(rule))
        rows = list(rows.values_list("pk", "funding", "due"))
        if not rows:
            return
        whose = _coordinators(rule, {funding for _pk, funding, _day in rows})
        known = _told_by_others(rule, [pk for pk, _funding, _day in rows])
        for pk, funding, day in rows:
            due_at = evening(day - timedelta(days=rule.after_days), rule.at_hour, zone)
            end = evening(day + timedelta(days=1), 0, zone)
            for person in sorted(whose.get(funding, ())):
                if (person, pk, day.toordinal()) not in known:
                    yield Due(person, pk, day.toordinal(), due_at, end)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Report.objects.filter(pk=reminder.subject_id).first()
        if row is None or row.due is None or row.due.toordinal() != reminder.subject_revision:
            return _("The report is due on another day now.")
        if _issued(row.pk).exists():
            return _("The report was issued.")
        runs = Membership.objects.filter(person=reminder.person_id, role=Membership.Role.COORDINATOR)
        is_hers = runs.filter(programme__in=_programmes_of(row.funding_id)).exists()
        return "" if is_hers else _("She does not run a programme of this report any more.")

    def to(self, reminder: Reminder) -> Recipient:
        return _to_staff(reminder)

    def subjects(self, ids: Iterable[int]) -> dict[int, Report]:
        return Report.objects.select_related("funding__funder").in_bulk(ids)

    def about(self, row: Report) -> str:
        return row.name

    def values(self, row: Report, person: Person | None = None) -> dict[str, str]:
        day = date_format(row.due) if row.due else _("unknown")
        said = {"report": row.name, "funder": str(row.funding.funder), "day": day}
        return {"person": str(person or "")} | said

    def words(self, row: Report, person: Person | None = None) -> Words:
        what = self.values(row, person)
        lines = [
            _("The report “%(report)s” is due on %(day)s, to %(funder)s.") % what,
            _("Have it built, look at it, and issue it: what is missing in the records is listed there."),
        ]
        programme = _programmes_of(row.funding_id).order_by("pk")
        if person is not None:
            hers = {"memberships__person": person, "memberships__role": Membership.Role.COORDINATOR}
            programme = programme.filter(**hers)
        code = programme.values_list("code", flat=True).first()
        url = link("outcomes:report_list", code) if code else link("desk:today")
        why = _("You receive this because you run a programme that %(funder)s pays for.") % what
        subject = _("A report is due on %(day)s: %(report)s") % what
        return Words(subject, lines, _("Open the reports"), url, why)


class ReportReady(Kind):
    """Whoever asked for it, and may be no person of the address book: an administrator."""

    subject_type = "outcomes.issue"
    placeholders = ("person", "report", "funder")

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """At once, while it is a draft; by the rule of the first programme that has it on."""
        rows = Issue.objects.filter(report__funding__in=_paying(rule), state=Issue.State.DRAFT)
        hers = {"report": OuterRef("report"), "built_by": OuterRef("built_by")}
        newer = Issue.objects.filter(**hers, number__gt=OuterRef("number")).order_by()
        rows = rows.filter(~Exists(newer), built_at__gt=now - FRESH, built_by__is_active=True)
        rows = list(rows.order_by("pk").values_list("pk", "report__funding", "built_by__person", "built_at"))
        if not rows:
            return
        programmes = _with_rule(rule, {funding for _pk, funding, _person, _at in rows})
        first = {funding: min(found) for funding, found in programmes.items()}
        known = _told_by_others(rule, [row[0] for row in rows])
        for pk, funding, person, at in rows:
            if first.get(funding) == rule.programme_id and (person, pk, 1) not in known:
                yield Due(person, pk, 1, at, at + FRESH)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Issue.objects.defer("payload").filter(pk=reminder.subject_id).first()
        if row is None:
            return _("The report is gone.")
        if row.is_issued:
            return _("The report was issued.")
        hers = {"report": row.report_id, "built_by": row.built_by_id}
        newer = Issue.objects.filter(**hers, number__gt=row.number)
        return _("It was built anew since.") if newer.exists() else ""

    def to(self, reminder: Reminder) -> Recipient:
        if reminder.person_id:
            return _to_staff(reminder)
        row = Issue.objects.select_related("built_by").defer("payload").filter(pk=reminder.subject_id).first()
        by = row.built_by if row else None
        return Recipient(by.email, by.language) if by else Recipient("", settings.LANGUAGE_CODE)

    def subjects(self, ids: Iterable[int]) -> dict[int, Issue]:
        rows = Issue.objects.select_related("report__funding__funder", "built_by")
        return rows.defer("payload").in_bulk(ids)

    def about(self, row: Issue) -> str:
        return str(row)

    def values(self, row: Issue, person: Person | None = None) -> dict[str, str]:
        said = {"report": row.report.name, "funder": str(row.report.funding.funder)}
        return {"person": str(person or row.built_by or "")} | said

    def words(self, row: Issue, person: Person | None = None) -> Words:
        what = self.values(row, person)
        lines = [
            _("The report “%(report)s” for %(funder)s is counted.") % what,
            _("Look at it: the funder sees it once you issue it."),
        ]
        why = _("You receive this because you had the report built.")
        url = link("outcomes:issue_detail", row.pk)
        return Words(_("Ready to be looked at: %(report)s") % what, lines, _("Look at the report"), url, why)


def _issued(report) -> QuerySet[Issue]:
    return Issue.objects.filter(report=report, state=Issue.State.ISSUED).order_by()


def _programmes_of(funding: int) -> QuerySet[Programme]:
    """Whose coordinators see the funding's reports."""
    return Programme.objects.filter(scopes__funding=funding)


def _paying(rule: Rule) -> QuerySet:
    return FundingScope.objects.filter(programme=rule.programme_id).values("funding")


def _with_rule(rule: Rule, fundings: set[int]) -> dict[int, set[int]]:
    """{funding: programmes} that have this kind of rule on."""
    on = Rule.objects.filter(kind=rule.kind, is_on=True).order_by().values("programme")
    found = defaultdict(set)
    for one in FundingScope.objects.filter(funding__in=fundings, programme__in=on):
        found[one.funding_id].add(one.programme_id)
    return found


def _coordinators(rule: Rule, fundings: set[int]) -> dict[int, set[int]]:
    """{funding: persons} who coordinate the rule's programme and none before it that has the rule on."""
    programmes, runs = _with_rule(rule, fundings), defaultdict(set)
    rows = Membership.objects.filter(role=Membership.Role.COORDINATOR, person__joined_to=None)
    rows = rows.filter(programme__in=set().union(*programmes.values()))
    for person, programme in rows.exclude(person__user__is_active=False).values_list("person", "programme"):
        runs[person].add(programme)
    mine = rule.programme_id
    return {
        funding: {person for person, hers in runs.items() if min(hers & there, default=0) == mine}
        for funding, there in programmes.items()
    }


def _told_by_others(rule: Rule, ids: list[int]) -> set[tuple]:
    """What another programme's rule has planned or sent already: it may have been switched on since."""
    rows = Reminder.objects.filter(rule__kind=rule.kind, subject_id__in=ids).exclude(rule=rule)
    rows = rows.exclude(state__in=(State.DROPPED, State.EXPIRED)).order_by()
    return set(rows.values_list("person", "subject_id", "subject_revision"))


def _to_staff(reminder: Reminder) -> Recipient:
    """Who has an account and no address in the address book: where she signs in."""
    person = reminder.person
    email = person.email or (person.user.email if person.user else "")
    return Recipient(email, person.language, person.phone, person.zone)
