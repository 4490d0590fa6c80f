"""A person and the office hours of her mentors: what is free, what she has; booking, moving, giving back."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from lib import clock
from lib.forms import put_errors
from mentoring import services
from mentoring.forms.slots import BookForm
from mentoring.meetings import links
from mentoring.models import Assignment, Slot
from mentoring.slots import shown
from mentoring.views.links import by_link, dead, speaks
from mentoring.views.slots import sent, slot_of
from people.access import access
from training.models import Enrolment

MOST = 100  # free times on a page: the nearest ones


@require_http_methods(["GET", "POST"])
def slot_book(request: HttpRequest, enrolment: int) -> HttpResponse:
    return _book(request, enrolment_of(request, enrolment), request.user)


@by_link
def slot_times(request: HttpRequest, times_link: str) -> HttpResponse:
    """The same for somebody who has nothing but the link of a letter."""
    found = links.read(times_link, links.TIMES)
    rows = Assignment.objects.select_related("enrolment__programme__tenant", "enrolment__person__user")
    pair = found and rows.filter(pk=found[0]).first()
    if not pair:
        return dead(request, "none")
    row = pair.enrolment
    if pair.state not in Assignment.ALIVE or not speaks(row.person):
        return dead(request, "over")
    if request.method == "POST" and "release" in request.POST:
        return _give_back(request, row)
    return _book(request, row, row.person.user, is_link=True)


def _give_back(request: HttpRequest, row: Enrolment) -> HttpResponse:
    key = request.POST["release"]
    slot = get_object_or_404(row.slots, pk=int(key[:18])) if key.isdecimal() else None
    try:
        if slot:
            services.release_slot(by=row.person.user, slot=slot, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The time is free again for others."))
    return redirect(request.path)


def _book(request: HttpRequest, row: Enrolment, by: User | None, *, is_link: bool = False) -> HttpResponse:
    """Two taps: the time, and the button. With `instead` she moves there from the slot she has."""
    now = timezone.now()
    free = Slot.objects.free_for(row, now).select_related("mentor__person")
    hers = list(_hers(row, now))
    ahead = Slot.objects.filter(booked_by=row, cancelled_at=None, starts_at__gt=now)
    asked = request.POST or {"instead": request.GET.get("instead")}
    form = BookForm(sent(request), free=free, hers=ahead, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            slot = services.book_slot(by=by, enrolment=row, now=now, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _booked(slot))
            return redirect(request.path)
    zone = _zone(row) if is_link else shown.zone_of(by, row.programme)
    moves = next((one for one in hers if str(one.pk) == asked.get("instead") and one.may_move), None)
    context = {
        "enrolment": row,
        "programme": row.programme,
        "form": form,
        "hers": shown.with_spans(hers, zone),
        "days": _by_day(shown.with_spans(list(free[:MOST]), zone)),
        "moves": moves,
        "next": next((one for one in hers if one.may_move), None),
        "gone": _gone(request),
        "is_herself": is_link or row.person.user_id == by.pk,
        "is_link": is_link,
    }
    return render(request, "mentoring/slot_book.html", context, status=400 if form.errors else 200)


def _zone(row: Enrolment) -> str:
    """The clock of somebody who may have no account."""
    own = row.person.zone
    return own if own and clock.is_zone(own) else row.programme.zone


def _gone(request: HttpRequest) -> int | None:
    """The slot that she just gave back: her calendar may still hold it."""
    asked = request.GET.get("gone", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None


def enrolment_of(request: HttpRequest, pk: int) -> Enrolment:
    rows = Enrolment.objects.visible_to(request.user).select_related("programme__tenant", "person")
    row = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("mentoring.book_for", row):
        raise PermissionDenied
    if access(request.user).is_inside:
        request.programme = row.programme
    return row


def _hers(row: Enrolment, now):
    """What she booked and what lies ahead, also where it was cancelled."""
    slots = Slot.objects.filter(booked_by=row, ends_at__gt=now).select_related("mentor__person")
    for slot in slots:
        slot.may_move = slot.cancelled_at is None and slot.starts_at > now
        yield slot


def _by_day(slots: list[Slot]) -> list[tuple]:
    """[(day, mentor, [slots])], in order of time."""
    slots = sorted(slots, key=lambda one: (one.day, one.mentor_id, one.starts_at))
    found = groupby(slots, key=lambda one: (one.day, one.mentor_id))
    return [(day, rows[0].mentor, rows) for (day, _mentor), grouped in found for rows in [list(grouped)]]


def _booked(slot: Slot) -> str:
    said = {"mentor": slot.mentor, "day": date_format(slot.day), "time": f"{slot.start:%H:%M}"}
    return _("Booked: %(mentor)s on %(day)s at %(time)s.") % said


@require_POST
def slot_release(request: HttpRequest, slot: int) -> HttpResponse:
    """She gives it back; others may have it."""
    row = slot_of(request, slot)
    enrolment = row.booked_by
    if enrolment is None or not request.user.has_perm("mentoring.book_for", enrolment):
        if not request.user.has_perm("mentoring.keep_slot", row):
            raise PermissionDenied
        messages.error(request, _("A mentor cancels her slot, and says why."))
        return redirect("mentoring:slot_list", programme=row.programme.code)
    try:
        services.release_slot(by=request.user, slot=row, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The time is free again for others."))
    back = reverse("mentoring:slot_book", args=[enrolment.pk])
    return redirect(f"{back}?gone={row.pk}" if row.booked_by_id is None else back)
