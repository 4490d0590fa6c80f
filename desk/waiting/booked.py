"""Office hours: a mentor's that were booked, and an entrepreneur's mentor with the times she booked."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import Row, Scope, Section, words
from desk.waiting.words import day_words, weekday_words
from mentoring.models import Assignment, Slot
from mentoring.slots import shown
from training.models import Enrolment

FEW = 5


def held(scope: Scope) -> list[Section]:
    """A mentor's: who comes when, and the way to all of them, also where nobody booked yet."""
    mine = scope.may.programmes("mentor")
    going_on = [
        one
        for one in scope.programmes.values()
        if one.pk in mine and (one.end is None or one.end > scope.today(one.pk))
    ]
    if not going_on:
        return []
    pages = {one.pk: reverse("mentoring:slot_list", args=[one.code]) for one in going_on}
    slots = _ahead(scope).filter(mentor__person__user=scope.user, programme__in=pages)
    rows = [
        _row(scope, slot, str(slot.booked_by.person), pages[slot.programme_id])
        for slot in slots.exclude(booked_by=None)[:FEW]
    ]
    if len(pages) == 1:
        return [Section(_("Your office hours"), rows, more=_("All of them"), more_url=pages.popitem()[1])]
    rows += [Row(one.label, url=pages[one.pk], why=_("all office hours")) for one in going_on]
    return [Section(_("Your office hours"), rows)]


def mentors(scope: Scope, enrolments: list[Enrolment]) -> list[Section]:
    """An entrepreneur's: who guides her, what she booked, and the page on which she books."""
    rows = Assignment.objects.alive().with_minutes().filter(enrolment__person__user=scope.user)
    guided = list(rows.select_related("mentor__person").order_by("pk"))
    booked = [
        _row(scope, slot, str(slot.mentor.person), _book(slot.booked_by_id))
        for slot in _ahead(scope).filter(booked_by__in=enrolments)[:FEW]
    ]
    found = [Section(_("Booked with a mentor"), booked)]
    if guided:
        of_hers = [_guided(row) for row in guided]
        book = _book(guided[-1].enrolment_id)
        return [Section(_("Your mentor"), of_hers, more=_("Book a time"), more_url=book), *found]
    return [*found, Section(_("Time with a mentor"), _open(scope, enrolments))]


def _ahead(scope: Scope):
    rows = Slot.objects.filter(cancelled_at=None, ends_at__gt=scope.now)
    return rows.select_related("programme", "mentor__person", "booked_by__person")


def _row(scope: Scope, slot: Slot, who: str, url: str) -> Row:
    span = shown.span(slot, shown.zone_of(scope.user, slot.programme))
    return Row(who, weekday_words(slot.day), slot.day.isoformat(), url, words(span, slot.get_place_display()))


def _guided(row: Assignment) -> Row:
    last = _("met on %(day)s") % {"day": day_words(row.last_met)} if row.last_met else _("not met yet")
    return Row(str(row.mentor.person), last, url=reverse("mentoring:assignment_detail", args=[row.pk]))


def _book(enrolment: int) -> str:
    return reverse("mentoring:slot_book", args=[enrolment])


def _open(scope: Scope, enrolments: list[Enrolment]) -> list[Row]:
    """Nobody guides her: times that mentors of her programme hold open to everybody."""
    hers = {row.programme_id: row for row in reversed(enrolments)}
    free = Slot.objects.filter(is_open=True, booked_by=None, cancelled_at=None, starts_at__gt=scope.now)
    counts = free.filter(programme__in=hers).order_by().values_list("programme").annotate(n=Count("pk"))
    return [
        Row(
            hers[programme].programme.label,
            url=_book(hers[programme].pk),
            why=ngettext("%(n)s time is free", "%(n)s times are free", n) % {"n": n},
        )
        for programme, n in sorted(counts)
    ]
