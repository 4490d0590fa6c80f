"""Mentors' applications, for whoever runs the programme: read, taken or declined."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.exports import take_along
from accounts.models import User
from mentoring import services
from mentoring.models import Function, MentorApplication, Offer
from mentoring.profiles import applying, listed, windows
from mentoring.services.applications import known_person
from mentoring.views.mentors import PAGE, named
from mentoring.views.programmes import programme_of
from people.models import Programme
from people.sectors import SECTORS


class DecideForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Declining needs one: it stays with the application."),
    )


def _listed(request: HttpRequest, programme: Programme) -> listed.CandidateFilter:
    """What no mail confirmed yet is not shown: it may be anybody's joke."""
    rows = MentorApplication.objects.visible_to(request.user).filter(programme=programme)
    return listed.CandidateFilter(request.GET, rows.exclude(confirmed_at=None).order_by("-created_at", "-pk"))


@require_safe
def candidate_list(request: HttpRequest, programme: str) -> HttpResponse:
    programme = programme_of(request, programme)
    found = _listed(request, programme)
    page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.functions = named(row.said.get("functions", []), Function.choices)
    here = MentorApplication.objects.filter(programme=programme)
    waiting = here.filter(state=MentorApplication.State.WAITING)
    context = {
        "programme": programme,
        "filter": found,
        "page": page,
        "waiting": waiting.exclude(confirmed_at=None).count(),
        "unconfirmed": waiting.filter(confirmed_at=None).count(),
        "is_open": applying.is_open(programme, timezone.now()),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "state")),
    }
    return render(request, "mentoring/candidate_list.html", context)


@require_safe
def candidate_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = programme_of(request, programme)
    return take_along(request, listed.CANDIDATES, _listed(request, programme).qs, format, about=programme)


def _candidate(request: HttpRequest, pk: int) -> MentorApplication:
    rows = MentorApplication.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("programme__tenant", "state_by", "mentor__person"), pk=pk)
    request.programme = row.programme
    if not request.user.has_perm("mentoring.assign", row.programme):
        raise PermissionDenied
    return row


@require_safe
def candidate_detail(request: HttpRequest, candidate: int) -> HttpResponse:
    return _detail(request, _candidate(request, candidate), DecideForm())


def _detail(request: HttpRequest, row: MentorApplication, form: DecideForm) -> HttpResponse:
    said = row.said
    context = {
        "row": row,
        "programme": row.programme,
        "said": said,
        "functions": named(said.get("functions", []), Function.choices),
        "sectors": named(said.get("sectors", []), SECTORS.items()),
        "languages": named(said.get("languages", []), User.Language.choices),
        "per": dict(Offer.Per.choices).get(said.get("per"), ""),
        "when": windows.told(said.get("windows", [])),
        "is_known": row.state == row.State.WAITING and known_person(row) is not None,
        "waits": row.state == row.State.WAITING and row.confirmed_at is not None,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "mentoring/candidate_detail.html", context, status=status)


@require_POST
def candidate_decide(request: HttpRequest, candidate: int) -> HttpResponse:
    """Taken: a mentor of this programme from now on. Declined: with a reason."""
    row, now = _candidate(request, candidate), timezone.now()
    form = DecideForm(request.POST)
    try:
        if request.POST.get("decision") == "take":
            mentor = services.take_mentor(by=request.user, application=row, now=now)
            messages.success(request, _("%(mentor)s is on the list.") % {"mentor": mentor})
            return redirect("mentoring:mentor_detail", mentor=mentor.pk)
        reason = request.POST.get("reason", "")[:300]
        services.decline_mentor(by=request.user, application=row, reason=reason, now=now)
    except ValidationError as error:
        form.is_valid()
        form.add_error("reason" if hasattr(error, "error_dict") else None, error.messages)
        return _detail(request, row, form)
    messages.success(request, _("The application is declined; the reason stays with it."))
    return redirect("mentoring:candidate_list", programme=row.programme.code)
