"""What else waits for those who run programmes: silent assignments, mails, failed work.

Each fact is read in one place, in one query.
"""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import LOOK_BACK_DAYS, Item, Scope, words
from desk.waiting.words import When, day_words
from jobs.models import Job
from lib import clock
from mentoring.models import Assignment
from reminders.models import Reminder


def silent(scope: Scope) -> list[Item]:
    """Assignments in which nobody met for too long; one row a programme."""
    rows = (
        Assignment.objects.filter(programme__in=scope.run, state__in=("accepted", "active"))
        .annotate(last=Coalesce(Max("meetings__day", filter=Q(meetings__cancelled_at=None)), "start"))
        .filter(Q(last__lt=scope.today() - timedelta(days=Assignment.SILENT_DAYS)))
        .select_related("mentor__person", "enrolment__person")
        .order_by("last", "pk")
    )
    by_programme = defaultdict(list)
    for row in rows:
        by_programme[row.programme_id].append(row)
    return [_silent(scope, pk, found) for pk, found in by_programme.items()]


def _silent(scope: Scope, programme: int, found: list[Assignment]) -> Item:
    what = ngettext(
        "%(count)s assignment without a meeting for %(days)s days",
        "%(count)s assignments without a meeting for %(days)s days",
        len(found),
    )
    longest = found[0]
    one = reverse("mentoring:assignment_detail", args=[longest.pk])
    many = reverse("mentoring:assignment_list", args=[scope.programmes[programme].code])
    url = one if len(found) == 1 else many
    who = {
        "mentor": longest.mentor.person,
        "person": longest.enrolment.person,
        "day": day_words(longest.last),
    }
    return Item(
        kind="silent",
        at=When(_("since %(day)s") % who, ""),
        due=longest.last,
        what=what % {"count": len(found), "days": Assignment.SILENT_DAYS},
        url=url,
        why=words(scope.label(programme), _("the longest: %(mentor)s and %(person)s") % who),
        act=_("Ask them"),
        act_url=url,
        count=len(found),
    )


def mails_not_gone(scope: Scope) -> list[Item]:
    """Reminders that failed, may or may not have arrived, or are held until somebody decides."""
    stuck = (Reminder.State.FAILED, Reminder.State.UNCERTAIN, Reminder.State.HELD)
    rows = (
        Reminder.objects.filter(
            rule__programme__in=scope.run,
            state__in=stuck,
            due_at__gt=scope.now - timedelta(days=LOOK_BACK_DAYS),
        )
        .order_by()
        .values("rule__programme")
        .annotate(
            **{state.value: Count("pk", filter=Q(state=state)) for state in stuck}, oldest=Min("due_at")
        )
    )
    return [_mails(scope, row) for row in rows.order_by("oldest")]


def _mails(scope: Scope, row: dict) -> Item:
    programme = row["rule__programme"]
    failed, uncertain, held = row["failed"], row["uncertain"], row["held"]
    count = failed + uncertain + held
    why = [scope.label(programme)]
    if failed:
        why.append(ngettext("%(count)s was refused", "%(count)s were refused", failed) % {"count": failed})
    if uncertain:
        sentence = ngettext("%(count)s may have arrived", "%(count)s may have arrived", uncertain)
        why.append(sentence % {"count": uncertain})
    if held:
        why.append(
            ngettext("%(count)s waits for your word", "%(count)s wait for your word", held) % {"count": held}
        )
    since = clock.local(row["oldest"], scope.programmes[programme].zone).date()
    url = reverse("reminders:reminder_list", args=[scope.programmes[programme].code])
    return Item(
        kind="mail",
        at=When(_("since %(day)s") % {"day": day_words(since)}, ""),
        due=since,
        what=ngettext("%(count)s mail did not go", "%(count)s mails did not go", count) % {"count": count},
        url=url,
        why=words(*why),
        act=_("Mend"),
        act_url=url,
        count=count,
    )


def failed_jobs(scope: Scope) -> list[Item]:
    """Work of the last week that failed and was not asked for again."""
    again = Job.objects.filter(
        kind=OuterRef("kind"), parameters_hash=OuterRef("parameters_hash"), pk__gt=OuterRef("pk")
    )
    rows = (
        Job.objects.visible_to(scope.user)
        .filter(state=Job.State.FAILED, ended_at__gt=scope.now - timedelta(days=7))
        .exclude(Exists(again))
        .order_by("-ended_at")[:3]
    )
    found = []
    for job in rows:
        url = reverse("jobs:job_detail", args=[job.pk])
        day = clock.local(job.ended_at, scope.user.tenant.zone).date()
        at = When(_("since %(day)s") % {"day": day_words(day)}, "")
        what = _("Not done: %(work)s") % {"work": job.title}
        found.append(Item("job", at, day, what, url, job.reason, _("Look"), url))
    return found
