"""Questions: somebody's own that are open, and the waves of whoever runs a programme that need a hand."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import Item, Scope, words
from desk.waiting.words import until
from lib import clock
from outcomes.links import answer_link
from outcomes.models import Invitation, Wave
from outcomes.response import response

SOON = timedelta(days=7)
LOW = 60  # per cent of who was asked: below it only counts are told
State = Invitation.State


def questions(scope: Scope) -> list[Item]:
    """What she is asked herself and has not handed in."""
    rows = Invitation.objects.filter(
        enrolment__person__user=scope.user,
        state__in=(State.WAITING, State.PARTIAL),
        wave__opens__lte=scope.today() + timedelta(days=1),
        wave__opens__gt=scope.today() - timedelta(days=90),
    )
    rows = rows.select_related("wave__programme", "wave__edition__questionnaire")
    found = []
    for row in rows.order_by("wave__closes", "pk"):
        today = clock.local(scope.now, row.wave.programme.zone).date()
        if row.wave.is_open(today):
            found.append(_question(row, today))
    return found


def _question(row: Invitation, today) -> Item:
    wave, url = row.wave, answer_link(row)
    last = (wave.closes or today + timedelta(days=30)) - timedelta(days=1)
    return Item(
        kind="question",
        at=until(last, today),
        due=last,
        what=wave.edition.questionnaire.title,
        url=url,
        why=words(wave.programme.title, _("begun") if row.state == State.PARTIAL else ""),
        act=_("Answer"),
        act_url=url,
    )


def waves(scope: Scope) -> list[Item]:
    """One that opens within a week and has nobody asked; one that closes within a week with few answers."""
    today = scope.today()
    opening = Q(opens__gt=today, opens__lte=today + SOON)
    closing = Q(opens__lte=today, closes__gt=today, closes__lte=today + SOON)
    rows = Wave.objects.filter(opening | closing, programme__in=scope.run)
    rows = list(rows.select_related("edition__questionnaire").order_by("opens", "pk"))
    counts, found = response(rows) if rows else {}, []
    for row in rows:
        n = counts[row.pk]
        if row.opens > today and not n.asked:
            found.append(_wave(scope, row, row.opens, _("nobody is asked in it yet")))
        elif row.opens <= today and n.rate is not None and n.rate < LOW:
            said = ngettext(
                "%(done)s of %(asked)s has answered", "%(done)s of %(asked)s have answered", n.said
            )
            why = said % {"done": n.said, "asked": n.asked}
            found.append(_wave(scope, row, row.closes - timedelta(days=1), why))
    return found


def _wave(scope: Scope, row: Wave, day, why: str) -> Item:
    url = reverse("outcomes:wave_detail", args=[row.pk])
    return Item(
        kind="wave",
        at=until(day, scope.today(row.programme_id)),
        due=day,
        what=row.edition.questionnaire.title,
        url=url,
        why=words(scope.label(row.programme_id), why),
        act=_("See to it"),
        act_url=url,
    )
