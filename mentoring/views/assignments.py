"""Choosing a mentor for somebody, the page of the pair, and its end."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lib import clock
from lib.forms import put_errors
from mentoring import conflicts, services
from mentoring.forms.assignments import AssignForm, EndForm
from mentoring.models import Assignment, Mentor
from mentoring.pairs import choosing
from mentoring.views.pair import pair_page
from mentoring.views.programmes import programme_of
from people.access import access
from training.models import Enrolment


@require_http_methods(["GET", "POST"])
def assignment_create(request: HttpRequest, programme: str) -> HttpResponse:
    """Choose a mentor for one entrepreneur: load, fit and conflicts beside each name."""
    programme_of(request, programme)
    enrolments = Enrolment.objects.filter(programme=request.programme).taking_part()
    enrolments = enrolments.select_related("person", "enterprise")
    mentors = Mentor.objects.active_in(request.programme)
    now = timezone.now()
    zone, today = request.programme.zone, clock.local(now, request.programme.zone).date()
    form = AssignForm(request.POST or None, enrolments=enrolments, mentors=mentors, zone=zone, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            row = _assign(request, form, now)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    chosen = enrolments.filter(
        pk=_number(request.POST.get("enrolment") or request.GET.get("enrolment"))
    ).first()
    context = {
        "programme": request.programme,
        "form": form,
        "enrolments": enrolments,
        "chosen": chosen,
        "candidates": candidates_for(chosen, mentors) if chosen else [],
    }
    return render(request, "mentoring/assignment_create.html", context, status=400 if form.errors else 200)


@transaction.atomic
def _assign(request: HttpRequest, form: AssignForm, now: datetime) -> Assignment:
    """At once, as a question to the mentor, or as a proposal that waits."""
    said = dict(form.cleaned_data)
    how, until = said.pop("how") or form.NOW, said.pop("until")
    said |= {"by": request.user, "programme": request.programme, "now": now}
    said["need"] = services.newest_need(said["enrolment"])
    if how == form.NOW:
        row = services.assign(start=clock.local(now, request.programme.zone).date(), **said)
        words = _("%(mentor)s now guides %(person)s.")
    else:
        row = services.propose(**said)
        words = _("%(mentor)s is proposed to guide %(person)s; nobody is asked yet.")
    if how == form.ASK:
        services.offer(by=request.user, assignment=row, until=until, now=now)
        words = _("%(mentor)s is asked by e-mail whether she guides %(person)s.")
    messages.success(request, words % {"mentor": row.mentor, "person": row.enrolment})
    return row


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 18 else None


def candidates_for(enrolment: Enrolment, mentors) -> list[choosing.Candidate]:
    mentors = list(mentors)
    today = clock.local(timezone.now(), enrolment.programme.zone).date()
    alive = Assignment.objects.alive().filter(programme=enrolment.programme)
    offers = {
        m.pk: m.offers.filter(programme=enrolment.programme).values_list("capacity", flat=True).first()
        for m in mentors
    }
    stand = conflicts.between([m.person for m in mentors], [enrolment.person], today, conflicts.MENTOR)
    return choosing.candidates(
        mentors=mentors,
        enrolment=enrolment,
        capacities=offers,
        loads=dict(alive.order_by().values_list("mentor").annotate(n=Count("pk"))),
        conflicts={
            m.person_id: [c for c in stand.get((m.person_id, enrolment.person_id), []) if c.kind != "mentors"]
            for m in mentors
        },
        hers=set(enrolment.assignments.filter(state__in=Assignment.COUNTED).values_list("mentor", flat=True)),
    )


def assignment_of(request: HttpRequest, pk: int) -> Assignment:
    rows = Assignment.objects.visible_to(request.user).with_minutes()
    row = get_object_or_404(
        rows.select_related("programme", "mentor__person", "enrolment__person", "enrolment__enterprise"),
        pk=pk,
    )
    if access(request.user).is_inside:
        request.programme = row.programme
    return row


@require_GET
def assignment_detail(request: HttpRequest, assignment: int) -> HttpResponse:
    return pair_page(request, assignment_of(request, assignment))


@require_POST
def assignment_end(request: HttpRequest, assignment: int) -> HttpResponse:
    row = assignment_of(request, assignment)
    if not request.user.has_perm("mentoring.end_assignment", row):
        raise PermissionDenied
    form = EndForm(request.POST)
    now = timezone.now()
    try:
        if not form.is_valid():
            raise ValidationError(_("Say what happened."))
        services.end_assignment(
            by=request.user,
            assignment=row,
            end=clock.local(now, row.programme.zone).date(),
            now=now,
            **form.cleaned_data,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The assignment has ended; its meetings stay."))
    return redirect("mentoring:assignment_detail", assignment=row.pk)
