"""What a partner and an entrepreneur see of themselves: where things stand, nothing of others."""

from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting import booked
from desk.waiting.items import Row, Scope, Section, both, words
from desk.waiting.sessions import is_today, place_and_time
from desk.waiting.words import date_words, day_words, hours_words, span_words, time_words, weekday_words
from ideas.models import Idea
from mentoring.models import Assignment
from people.models import Beneficiary, Programme
from training.hours import NONE, progress
from training.models import Enrolment, Session


def beneficiaries(scope: Scope) -> list[Section]:
    """The enterprises that her organisation proposed, and where each stands."""
    if not scope.may.partners:
        return []
    guided = Assignment.objects.alive().filter(enrolment=OuterRef("pk"))
    enrolments = (
        Enrolment.objects.annotate(guided=Exists(guided)).select_related("programme").order_by("state_at")
    )
    rows = (
        Beneficiary.objects.filter(proposed_by__in=scope.may.partners)
        .select_related("enterprise")
        .prefetch_related(Prefetch("enterprise__enrolments", enrolments))
        .order_by("enterprise__name_key")
    )
    found = [_beneficiary(row) for row in rows]
    count, inside = len(found), sum(_takes_part(row) for row in rows)
    said = ngettext("You proposed %(count)s enterprise", "You proposed %(count)s enterprises", count)
    of_them = ngettext("%(count)s of them has taken part", "%(count)s of them have taken part", inside)
    sentence = both(said % {"count": count}, of_them % {"count": inside})
    words_now = sentence if found else _("You proposed no enterprise yet")
    url = _propose_url(scope)
    more = _("Propose an enterprise") if url else ""
    return [Section(_("Proposed by you"), found, more=more, more_url=url, said=words_now)]


def _propose_url(scope: Scope) -> str:
    """The page of the newest programme that she carries."""
    mine = Programme.objects.filter(pk__in=scope.may.programmes("partner")).exclude(project=None).first()
    return reverse("people:beneficiary_list", args=[mine.code]) if mine else ""


def _takes_part(row: Beneficiary) -> bool:
    enrolments = row.enterprise.enrolments.all()
    return any(
        e.state in Enrolment.TAKING_PART and e.programme.project_id == row.project_id for e in enrolments
    )


def _beneficiary(row: Beneficiary) -> Row:
    enterprise, states = row.enterprise, []
    for enrolment in enterprise.enrolments.all():
        if enrolment.programme.project_id == row.project_id:
            state = _("%(state)s in %(programme)s") % {
                "state": enrolment.get_state_display(),
                "programme": enrolment.programme.label,
            }
            states.append(words(state, _("with a mentor") if enrolment.guided else ""))
    when = date_words(row.proposed_on) if row.proposed_on else ""
    day = row.proposed_on.isoformat() if row.proposed_on else ""
    where = [enterprise.municipality, enterprise.get_registered_display() or ""]
    stands = words(*states) or _("not in a programme yet")
    return Row(enterprise.name, when, day, "", words(stands, *where))


def taking_part(scope: Scope) -> list[Section]:
    """An entrepreneur's own: sessions, hours, ideas, mentor."""
    rows = Enrolment.objects.filter(person__user=scope.user, state__in=Enrolment.TAKING_PART)
    enrolments = list(rows.select_related("programme").order_by("-pk"))
    if not enrolments:
        return []
    found = [_sessions(scope), *_hours(enrolments), _ideas(scope), *booked.mentors(scope, enrolments)]
    return [section for section in found if section.rows]


def _sessions(scope: Scope) -> Section:
    sessions = list(
        Session.objects.scheduled()
        .filter(roster__enrolment__person__user=scope.user, ends_at__gt=scope.now)
        .select_related("venue", "module__venue")
        .order_by("starts_at", "pk")[:5]
    )
    rows = [
        Row(session.heading, weekday_words(session.day), session.day.isoformat(), why=place_and_time(session))
        for session in sessions
    ]
    return Section(_("Your sessions"), rows, said=next_session(scope, sessions))


def next_session(scope: Scope, sessions: list[Session]) -> str:
    """The sentence for the nearest of these sessions, or nothing."""
    if not sessions:
        return ""
    session = sessions[0]
    what = {"session": session.heading, "day": day_words(session.day), "time": time_words(session.start)}
    if session.starts_at <= scope.now:
        return _("Now: %(session)s, until %(time)s") % (what | {"time": time_words(session.end)})
    if is_today(session, scope.now):
        return _("Today: %(session)s at %(time)s") % what
    return _("Next: %(session)s on %(day)s at %(time)s") % what


def _hours(enrolments: list[Enrolment]) -> list[Section]:
    rows = []
    for enrolment in enrolments[:3]:
        programme = enrolment.programme
        hours = progress(programme, [enrolment.pk]).get(enrolment.pk, NONE)
        if not hours.planned:
            continue
        met = {"hours": hours_words(hours.attended), "agreed": hours_words(hours.planned)}
        said = _("%(hours)s of %(agreed)s h") % met
        rows.append(
            Row(
                programme.label,
                said,
                url=reverse("training:enrolment_detail", args=[enrolment.pk]),
                why=words(_reach(hours, programme), span_words(programme.start, programme.end)),
            )
        )
    return [Section(_("Your hours"), rows)]


def _reach(hours, programme) -> str:
    share = {"share": programme.completion_share}
    if hours.completes:
        return _("you have the %(share)s %% that complete it") % share
    if hours.can_reach:
        return _("you can still reach %(share)s %%") % share
    return _("%(share)s %% can no longer be reached") % share


def _ideas(scope: Scope) -> Section:
    ideas = Idea.objects.filter(nominations__enrolment__person__user=scope.user).select_related("text")
    rows = [
        Row(idea.title, idea.get_state_display(), url=reverse("ideas:idea_detail", args=[idea.pk]))
        for idea in ideas.order_by("-created_at", "-pk")[:8]
    ]
    return Section(_("Your ideas"), rows)
