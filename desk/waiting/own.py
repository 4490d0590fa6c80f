"""What is somebody's own: a mentor's reviews and entrepreneurs, a funder's summaries."""

from datetime import date, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import MINUTES_A_REVIEW, Item, Row, Scope, Section, words
from desk.waiting.words import When, date_words, day_words, hours_words, span_words, until, weekday_words
from ideas.models import ReviewTask, Round
from lib import clock
from mentoring.models import Assignment
from outcomes.models import Issue


def reviews(scope: Scope) -> list[Item]:
    """Open rounds in which ideas lie on her desk, with the time that they will take."""
    rows = (
        ReviewTask.objects.on_desk()
        .filter(
            seat__reviewer__user=scope.user,
            seat__round__programme__in=scope.programmes,
            seat__round__opens_at__lte=scope.now,
            seat__round__closes_at__gt=scope.now,
        )
        .order_by()
        .values("seat__round", "seat__round__programme", "seat__round__closes_at")
        .annotate(left=Count("pk"), begun=Count("review"))
    )
    found = [_reviews(scope, row) for row in rows.order_by("seat__round__closes_at", "seat__round")]
    return found


def _reviews(scope: Scope, row: dict) -> Item:
    left, begun, programme = row["left"], row["begun"], row["seat__round__programme"]
    minutes = left * MINUTES_A_REVIEW
    estimate = ngettext("about %(count)s minute", "about %(count)s minutes", minutes) % {"count": minutes}
    drafts = ngettext("%(count)s is begun", "%(count)s are begun", begun) % {"count": begun} if begun else ""
    what = ngettext("%(count)s idea waits for your review", "%(count)s ideas wait for your review", left)
    last = row["seat__round__closes_at"] - timedelta(microseconds=1)
    closes = clock.local(last, scope.programmes[programme].zone).date()
    page = "ideas:round_detail" if programme in scope.run else "ideas:review_next"
    return Item(
        kind="review",
        at=until(closes, scope.today(programme)),
        due=closes,
        what=what % {"count": left},
        url=reverse(page, args=[row["seat__round"]]),
        why=words(scope.label(programme), estimate, drafts),
        act=_("Review the next"),
        act_url=reverse("ideas:review_next", args=[row["seat__round"]]),
        count=left,
    )


def guided(scope: Scope) -> list[Assignment]:
    """Whom she guides, with minutes met and the last meeting."""
    rows = Assignment.objects.alive().filter(mentor__person__user=scope.user, programme__in=scope.programmes)
    return list(
        rows.with_minutes().select_related("enrolment__person").order_by("enrolment__person__name_key", "pk")
    )


def meetings(scope: Scope, assignments: list[Assignment]) -> list[Item]:
    """Entrepreneurs whom she did not meet for too long, or met without logging it."""
    found = []
    for row in assignments:
        last: date | None = row.last_met or row.start
        if (
            row.state == Assignment.State.PAUSED
            or not last
            or scope.today() - last <= timedelta(days=Assignment.SILENT_DAYS)
        ):
            continue
        never = _("no meeting is logged yet")
        why = (
            _("the last meeting in the log was on %(day)s") % {"day": day_words(last)}
            if row.last_met
            else never
        )
        found.append(
            Item(
                kind="meeting",
                at=When(_("since %(day)s") % {"day": day_words(last)}, "overdue"),
                due=last,
                what=str(row.enrolment.person),
                url=reverse("mentoring:assignment_detail", args=[row.pk]),
                why=words(scope.label(row.programme_id), why),
                act=_("Log a meeting"),
                act_url=reverse("mentoring:meeting_create", args=[row.pk]),
            )
        )
    return found


def entrepreneurs(assignments: list[Assignment]) -> list[Section]:
    """Her entrepreneurs: hours met of hours agreed, and when they met last."""
    rows = []
    for row in assignments:
        hours = hours_words(row.met_minutes or 0)
        if row.agreed_hours:
            met = _("%(hours)s of %(agreed)s h") % {"hours": hours, "agreed": row.agreed_hours}
        else:
            met = _("%(hours)s h") % {"hours": hours}
        last = _("met on %(day)s") % {"day": day_words(row.last_met)} if row.last_met else _("not met yet")
        url = reverse("mentoring:assignment_detail", args=[row.pk])
        rows.append(Row(what=str(row.enrolment.person), when=met, url=url, why=last))
    if not rows:
        return []
    count = len(rows)
    said = ngettext(
        "Nothing waits; you guide %(count)s entrepreneur",
        "Nothing waits; you guide %(count)s entrepreneurs",
        count,
    )
    return [Section(_("Whom you guide"), rows, said=said % {"count": count})]


def closings(scope: Scope, rounds: list[Round]) -> list[Row]:
    """When the rounds close, for the list of what is coming."""
    found = []
    for row in rounds:
        closes = clock.local(row.last_moment, scope.programmes[row.programme_id].zone).date()
        if closes >= scope.today(row.programme_id):
            what = _("Review round %(number)s closes") % {"number": row.number}
            url = reverse("ideas:round_detail", args=[row.pk])
            found.append(
                Row(what, weekday_words(closes), closes.isoformat(), url, scope.label(row.programme_id))
            )
    return found


def summaries(scope: Scope) -> list[Item]:
    """A funder's: the newest issued edition of each report over her fundings."""
    if not scope.may.fundings:
        return []
    rows = Issue.objects.filter(report__funding__in=scope.may.fundings, state=Issue.State.ISSUED)
    rows = (
        rows.defer("payload")
        .select_related("report", "report__funding__project")
        .order_by("report", "-number")
    )
    newest = {}
    for row in rows:
        newest.setdefault(row.report_id, row)
    return [_summary(scope, row) for row in newest.values()]


def _summary(scope: Scope, row: Issue) -> Item:
    issued = clock.local(row.issued_at, scope.user.tenant.zone).date()
    edition = _("issue %(number)s") % {"number": row.number}
    url = reverse("outcomes:issue_detail", args=[row.pk])
    return Item(
        kind="summary",
        at=When(date_words(issued), ""),
        due=issued,
        what=row.report.name,
        url=url,
        why=words(span_words(row.report.start, row.report.end), edition),
        act=_("Read"),
        act_url=url,
    )
