"""Meetings of mentoring that wait for a word: hers, or the mentor's on an objection."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import Item, Row, Scope, Section, words
from desk.waiting.words import When, day_words
from mentoring.meetings import summed
from mentoring.models import Meeting

WITH_BOTH = ("assignment__programme", "assignment__mentor__person", "assignment__enrolment__person")
FEW = 8
REMEMBERED = timedelta(days=60)


def words_wanted(scope: Scope) -> list[Item]:
    """What her mentor logged and she has not said anything about; what she logged herself and the other side
    objects to. Older ones stand on the page of the pair."""
    hers = Q(assignment__enrolment__person__user=scope.user, confirmed_at=None, objected_at=None)
    objected = Q(assignment__mentor__person__user=scope.user) & ~Q(objected_at=None)
    rows = Meeting.objects.counting().filter(hers & ~Q(by=scope.user) | objected)
    rows = rows.filter(day__gte=scope.today() - REMEMBERED).select_related(*WITH_BOTH)
    found = rows.order_by("-day", "-pk")[:FEW]
    return [_objected(row) if row.objected_at else _to_confirm(row) for row in found]


def _to_confirm(row: Meeting) -> Item:
    page = reverse("mentoring:meeting_detail", args=[row.pk])
    minutes = ngettext("%(n)s minute", "%(n)s minutes", row.minutes) % {"n": row.minutes}
    return Item(
        kind="confirm",
        at=When(day_words(row.day), ""),
        due=row.day,
        what=_("A meeting with %(mentor)s") % {"mentor": row.assignment.mentor},
        url=page,
        why=words(minutes, row.get_place_display(), row.topic),
        act=_("Confirm"),
        act_url=page,
    )


def _objected(row: Meeting) -> Item:
    page = reverse("mentoring:meeting_detail", args=[row.pk])
    return Item(
        kind="objection",
        at=When(day_words(row.day), "soon"),
        due=row.day,
        what=_("%(person)s objects to a meeting") % {"person": row.assignment.enrolment.person},
        url=page,
        why=row.objection,
        act=_("Look"),
        act_url=page,
    )


def paid_hours(scope: Scope) -> list[Section]:
    """A funder's: the hours of mentoring in what she pays for."""
    if not scope.may.fundings:
        return []
    met = {"assignments__meetings__isnull": False, "assignments__meetings__cancelled_at": None}
    paid = summed.readable(scope.user).filter(**met)
    rows = [
        Row(programme.label, url=reverse("mentoring:meeting_summary", args=[programme.code]))
        for programme in paid.distinct().order_by("-start", "pk")
    ]
    return [Section(_("Hours of mentoring"), rows)] if rows else []
