"""Sessions of today, and those that are over and not finished."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import LOOK_BACK_DAYS, Item, Scope, words
from desk.waiting.words import beginning, day_words, late_since, time_words
from lib import clock
from training.models import Session, SessionLog

SINGLY = 4  # more of the same in one programme become one row


def sessions_of(scope: Scope):
    """Those of programmes that she runs, and those that she leads."""
    led = Session.objects.led_by(scope.user).filter(programme__in=scope.programmes).values("pk")
    return Session.objects.scheduled().filter(Q(programme__in=scope.run) | Q(pk__in=led))


def coming(scope: Scope, limit: int = 8) -> list[Session]:
    """The sessions that are not over, the next first, with how many are expected."""
    rows = sessions_of(scope).filter(ends_at__gt=scope.now).with_counts()
    return list(rows.select_related("venue", "module__venue").order_by("starts_at", "pk")[:limit])


def place_and_time(session: Session) -> str:
    venue = session.venue or (session.module.venue if session.module else None)
    hours = f"{time_words(session.start)}–{time_words(session.end)}"
    return words(hours, (venue.address or venue.name) if venue else "")


def is_today(session: Session, now: datetime) -> bool:
    return session.day == clock.local(now, session.zone).date()


def todays(scope: Scope, sessions: list[Session]) -> list[Item]:
    """Today's sessions, each with its register."""
    found = []
    for session in (s for s in sessions if is_today(s, scope.now)):
        expected = ngettext("%(count)s on the roster", "%(count)s on the roster", session.on_roster)
        found.append(
            Item(
                kind="session",
                at=beginning(session.starts_at, scope.now, session.local(session.starts_at)),
                due=session.starts_at,
                what=session.heading,
                url=reverse("training:session_detail", args=[session.pk]),
                why=words(place_and_time(session), expected % {"count": session.on_roster}),
                act=_("Open the register"),
                act_url=reverse("training:register", args=[session.pk]),
            )
        )
    return found


def unfinished(scope: Scope) -> list[Item]:
    """Sessions that are over and lack their note, a mark, or the closing of the register."""
    rows = (
        sessions_of(scope)
        .filter(ends_at__lte=scope.now, ends_at__gt=scope.now - timedelta(days=LOOK_BACK_DAYS))
        .with_counts()
        .annotate(has_note=Exists(SessionLog.objects.filter(session=OuterRef("pk"))))
        .filter(Q(has_note=False) | Q(marked__lt=F("on_roster")) | Q(closed_at=None, on_roster__gt=0))
        .order_by("starts_at", "pk")
    )
    by_programme = defaultdict(list)
    for session in rows:
        by_programme[session.programme_id].append(session)
    found = []
    for pk, sessions in by_programme.items():
        kept = sessions if len(sessions) <= SINGLY else sessions[: SINGLY - 1]
        found += [_one_unfinished(scope, session) for session in kept]
        if rest := sessions[len(kept) :]:
            found.append(_many_unfinished(scope, pk, rest))
    return found


def _one_unfinished(scope: Scope, session: Session) -> Item:
    day = day_words(session.day)
    title = _("Register, %(day)s") if session.has_note else _("Session log, %(day)s")
    opens_register = session.has_note or session.marked < session.on_roster
    page = reverse("training:session_detail", args=[session.pk])
    return Item(
        kind="register" if session.has_note else "note",
        at=late_since(session.day, clock.local(scope.now, session.zone).date()),
        due=session.day,
        what=title % {"day": day},
        url=page,
        why=words(scope.label(session.programme_id), session.heading, _lacks(session)),
        act=_("Open the register") if opens_register else _("Write the note"),
        act_url=reverse("training:register", args=[session.pk]) if opens_register else page,
    )


def _lacks(session: Session) -> str:
    """Which of the three is missing, as one sentence."""
    unmarked = session.on_roster - session.marked
    if unmarked:
        sentence = ngettext(
            "%(count)s of %(total)s is not marked", "%(count)s of %(total)s are not marked", unmarked
        )
        if not session.has_note:
            sentence = ngettext(
                "%(count)s of %(total)s is not marked, the note is missing",
                "%(count)s of %(total)s are not marked, the note is missing",
                unmarked,
            )
        return sentence % {"count": unmarked, "total": session.on_roster}
    if session.has_note:
        return _("everybody is marked, the register is not closed")
    if session.closed_at or not session.on_roster:
        return (
            _("the register is closed, the note is missing")
            if session.closed_at
            else _("the note is missing")
        )
    return _("everybody is marked; the register is not closed, the note is missing")


def _many_unfinished(scope: Scope, programme: int, sessions: list[Session]) -> Item:
    count = len(sessions)
    sentence = ngettext(
        "%(count)s more session lacks its note or marks",
        "%(count)s more sessions lack their note or marks",
        count,
    )
    url = reverse("training:session_list", args=[scope.programmes[programme].code])
    return Item(
        kind="note",
        at=late_since(sessions[0].day, scope.today(programme)),
        due=sessions[0].day,
        what=sentence % {"count": count},
        url=url,
        why=words(
            scope.label(programme),
            _("the latest on %(day)s") % {"day": day_words(sessions[-1].day)},
        ),
        act=_("See which"),
        act_url=url,
        count=count,
    )
