"""Who takes part in a programme, and one person's sessions in it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.forms import put_errors
from people.models import Programme
from training import hers, rules, services, twins
from training.eligibility import standing
from training.filters import PeopleFilter
from training.forms.enrolments import StateForm
from training.hours import NONE, progress
from training.models import Enrolment
from training.register import sheet

PAGE = 100


def of_address(request: HttpRequest, code: str) -> Programme:
    """The programme of the address, for somebody who may read who takes part in it."""
    request.programme = get_object_or_404(Programme.objects.visible_to(request.user), code=code)
    rules.insist(request.user, "view_enrolment", request.programme)
    return request.programme


def listed(request: HttpRequest, programme: Programme) -> PeopleFilter:
    """Its people in the order of names, narrowed as the reader asked."""
    people = Enrolment.objects.visible_to(request.user).filter(programme=programme)
    return PeopleFilter(request.GET, people.order_by("person__name_key", "pk"), of=programme)


@require_safe
def enrolment_list(request: HttpRequest, programme: str) -> HttpResponse:
    programme = of_address(request, programme)
    everybody = Enrolment.objects.visible_to(request.user).filter(programme=programme)
    narrowed = listed(request, programme)
    people = narrowed.qs.with_eligibility().select_related("person", "enterprise", "group")
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    known = progress(programme, [row.pk for row in rows])
    for row in rows:
        row.hours = known.get(row.pk, NONE)
        row.said = _hours_said(row.hours)
        row.place = sheet.place(row)
        row.is_pending = row.walk_in and row.eligibility not in Enrolment.FITS
    context = {
        "programme": programme,
        "filter": narrowed,
        "page": page,
        "rows": rows,
        "n": everybody.taking_part().count(),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "state", "hours", "part")),
        "groups": programme.groups.all() if rules.may(request.user, "change_enrolment", programme) else (),
    }
    return render(request, "training/enrolment_list.html", context)


def _hours_said(hours) -> str:
    if not hours.planned:
        return ""
    said = {"attended": sheet.duration(hours.attended), "planned": sheet.duration(hours.planned)}
    return _("%(attended)s of %(planned)s") % said


def _enrolment(request: HttpRequest, pk: int) -> Enrolment:
    people = Enrolment.objects.visible_to(request.user)
    rows = people.select_related("programme__tenant", "person", "enterprise", "state_by", "certificate")
    row = get_object_or_404(rows, pk=pk)
    if Programme.objects.visible_to(request.user).filter(pk=row.programme_id).exists():
        request.programme = row.programme
    return row


@require_safe
def enrolment_detail(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Her sessions with what was marked, her hours, her state. She sees her own page as well."""
    try:
        row = _enrolment(request, enrolment)
    except Http404:
        if kept := twins.kept_of(request.user, enrolment):  # she was joined to somebody: that one's page
            return redirect("training:enrolment_detail", enrolment=kept.pk)
        raise
    return _detail(request, row)


def _detail(request: HttpRequest, enrolment: Enrolment, form: StateForm | None = None) -> HttpResponse:
    now = timezone.now()
    hours = progress(enrolment.programme, [enrolment.pk]).get(enrolment.pk, NONE)
    entries = enrolment.roster.select_related("session__programme", "session__venue", "attendance__mark")
    rows = []
    for entry in entries.order_by(F("session__starts_at").asc(nulls_last=True), "session_id"):
        entry.enrolment = enrolment
        row = sheet.Row(entry.session, entry, hours, enrolment.programme.completion_share)
        row.when = sheet.when(entry.session, entry.session.local(now).date())
        row.has_begun = entry.session.has_begun(now)
        rows.append(row)
    context = {
        "enrolment": enrolment,
        "programme": enrolment.programme,
        "rows": rows,
        "hours": hours,
        "hers": hers.of(request.user, enrolment, hours, [row.session for row in rows], now),
        "said": _hours_said(hours),
        "missed": sheet.duration(hours.missed) if hours.missed else "",
        "place": sheet.place(enrolment),
        "form": form or StateForm(initial={"state": enrolment.state}),
        "may_change": rules.may(request.user, "change_enrolment", enrolment.programme),
        "may_view": (may_view := rules.may(request.user, "view_enrolment", enrolment.programme)),
    }
    context |= standing.of(enrolment, is_staff=may_view)
    return render(request, "training/enrolment_detail.html", context, status=422 if form else 200)


@require_POST
def enrolment_state(request: HttpRequest, enrolment: int) -> HttpResponse:
    enrolment = _enrolment(request, enrolment)
    rules.insist(request.user, "change_enrolment", enrolment.programme)
    form = StateForm(request.POST)
    if form.is_valid():
        try:
            row = services.set_enrolment_state(
                by=request.user, enrolment=enrolment, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            words = _("The state is kept, with your name and the date.")
            if row.state != form.cleaned_data["state"]:
                words = _("All seats are taken: she is on the waiting list.")
            messages.success(request, words)
            return redirect("training:enrolment_detail", enrolment=enrolment.pk)
    return _detail(request, enrolment, form)
