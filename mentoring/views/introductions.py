"""Introductions made through mentoring: the programme's list, writing one down, what came of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.exports import take_along
from lib import clock
from lib.forms import put_errors
from mentoring import exports_slots, services
from mentoring.filters_slots import IntroductionFilter
from mentoring.forms.introductions import CameForm, IntroduceForm, known_organisations
from mentoring.models import Introduction
from mentoring.views.assignments import assignment_of
from mentoring.views.programmes import seen
from mentoring.views.slots import sent
from people.access import access

PAGE = 50


def listed(request: HttpRequest, code: str) -> IntroductionFilter:
    """The introductions of a programme that she sees, narrowed as she asked."""
    rows = Introduction.objects.visible_to(request.user).filter(enrolment__programme=seen(request, code))
    return IntroductionFilter(request.GET, rows)


@require_GET
def introduction_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Who was brought together with whom, and how many of them agreed on something."""
    found = listed(request, programme)
    rows = found.qs.select_related("enrolment__person", "assignment__mentor__person", "organisation")
    context = {
        "programme": request.programme,
        "filter": found,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "agreed": found.qs.filter(came=Introduction.Came.AGREED).count(),
        "unknown": found.qs.filter(came=Introduction.Came.UNKNOWN).count(),
    }
    return render(request, "mentoring/introduction_list.html", context)


@require_safe
def introduction_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    found = listed(request, programme)
    return take_along(request, exports_slots.INTRODUCTIONS, found.qs, format, about=request.programme)


@require_http_methods(["GET", "POST"])
def introduction_create(request: HttpRequest, assignment: int) -> HttpResponse:
    """Write down to whom the entrepreneur of this pair was introduced."""
    row = assignment_of(request, assignment)
    if not request.user.has_perm("mentoring.introduce", row):
        raise PermissionDenied
    now = timezone.now()
    initial = {"day": clock.local(now, row.programme.zone).date(), "came": Introduction.Came.UNKNOWN}
    organisations = known_organisations(request.user, row.programme)
    form = IntroduceForm(sent(request), organisations=organisations, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {"by": request.user, "assignment": row, "enrolment": row.enrolment, "now": now}
        try:
            made = services.introduce(**said, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The introduction to %(name)s is noted.") % {"name": made.name})
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    context = {"assignment": row, "enrolment": row.enrolment, "form": form}
    return render(request, "mentoring/introduction_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def introduction_edit(request: HttpRequest, introduction: int) -> HttpResponse:
    """Say what came of it."""
    row = _introduction_of(request, introduction)
    form = CameForm(sent(request), instance=row)
    if request.method == "POST" and form.is_valid():
        said = {"by": request.user, "introduction": row, "now": timezone.now()}
        try:
            services.change_introduction(**said, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("What came of it is noted."))
            return _back(request, row)
    context = {"introduction": row, "assignment": row.assignment, "enrolment": row.enrolment, "form": form}
    return render(request, "mentoring/introduction_form.html", context, status=400 if form.errors else 200)


def _introduction_of(request: HttpRequest, pk: int) -> Introduction:
    rows = Introduction.objects.visible_to(request.user).select_related(
        "enrolment__programme", "enrolment__person", "assignment__mentor__person"
    )
    row = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("mentoring.follow_introduction", row):
        raise PermissionDenied
    if access(request.user).is_inside:
        request.programme = row.enrolment.programme
    return row


def _back(request: HttpRequest, row: Introduction) -> HttpResponse:
    """To the pair; where no pair stands behind it, to the list of who may read that, or home."""
    if row.assignment_id:
        return redirect("mentoring:assignment_detail", assignment=row.assignment_id)
    if access(request.user).is_inside:
        return redirect("mentoring:introduction_list", programme=row.enrolment.programme.code)
    return redirect("desk:today")
