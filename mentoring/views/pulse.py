"""The coordinator's page of mentoring: what asks for her eye, and under it every pair. A mentor sees hers."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from accounts.exports import take_along
from lib import clock
from mentoring import exports
from mentoring.filters import AssignmentFilter
from mentoring.meetings import staying
from mentoring.models import Assignment
from mentoring.pairs import pulse, pulse_words
from mentoring.views.programmes import seen

PAGE = 50


def listed(request: HttpRequest, code: str) -> AssignmentFilter:
    """The assignments of a programme that she sees, narrowed as she asked."""
    rows = Assignment.objects.visible_to(request.user).filter(programme=seen(request, code))
    return AssignmentFilter(request.GET, rows)


@require_GET
def assignment_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Who guides whom, hours against what was agreed, and what asks for attention."""
    found, now = listed(request, programme), timezone.now()
    today = clock.local(now, request.programme.zone).date()
    people = ("mentor__person", "enrolment__person", "enrolment__enterprise")
    rows = pulse.read(found.qs.with_minutes().select_related(*people), today)
    is_narrowed = bool(request.GET.get("q") or request.GET.get("state"))
    runs = request.user.has_perm("mentoring.assign", request.programme)
    sections = [] if is_narrowed else _sections(request, rows, now, runs)
    months = staying.of_meetings(rows, today) if runs and not is_narrowed else []
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": request.programme,
        "filter": found,
        "assignments": page.object_list,
        "page": page,
        "alive": sum(row.state in Assignment.ALIVE for row in rows),
        "hours": pulse.hours(rows),
        "sections": sections,
        "months": pulse_words.staying(months),
        "runs": runs,
        "is_narrowed": is_narrowed,
    }
    return render(request, "mentoring/assignment_list.html", context)


def _sections(
    request: HttpRequest, rows: list[Assignment], now: datetime, runs: bool
) -> list[pulse_words.Section]:
    """Those with something in them. Mentors are compared, and people without one listed, for who runs it."""
    programme, words = request.programme, pulse_words
    today = clock.local(now, programme.zone).date()
    page, create, offers = (reverse(f"mentoring:{name}", args=[programme.code]) for name in PAGES)
    found = [
        words.silent([row for row in rows if row.is_silent], today),
        words.late_goals(pulse.late_goals(rows, today), today),
        words.unanswered(pulse.unanswered(rows), now, programme.zone, "" if runs else _("Answer")),
        words.objected(pulse.objected(rows)),
    ]
    if runs:
        found.insert(0, words.proposed(pulse.proposed(rows), programme.zone, offers))
        found.insert(1, words.without(list(pulse.without_mentor(programme)), create))
        found.insert(3, words.overloaded(pulse.overloaded(programme, rows, today), page))
    return [section for section in found if section.lines]


PAGES = ("assignment_list", "assignment_create", "offer_list")


@require_safe
def assignment_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    rows = listed(request, programme).qs.with_minutes()
    export = exports.assignments(clock.local(timezone.now(), request.programme.zone).date())
    return take_along(request, export, rows, format, about=request.programme)


@require_safe
def meeting_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    rows = exports.meetings(request.user, listed(request, programme).qs)
    return take_along(request, exports.MEETINGS, rows, format, about=request.programme)
