"""Answers keyed by staff: from a telephone call, a visit, a sheet of paper; and how it went to reach her."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.forms import put_errors, sent_from
from outcomes import links, services
from outcomes.asking.sheet import Sheet
from outcomes.forms.answers import page
from outcomes.forms.answers_sent import evidence_in, said_in
from outcomes.forms.interviews import ContactForm, InterviewForm, StateForm
from outcomes.models import Invitation
from outcomes.rules import insist
from outcomes.views.answer import saved

WITH = ("wave__programme__tenant", "wave__edition__questionnaire", "enrolment__person")
FORM = "outcomes:invitation_interview"
State = Invitation.State


def _row(request: HttpRequest, pk: int) -> Invitation:
    rows = Invitation.objects.visible_to(request.user).select_related(*WITH, "state_by")
    row = get_object_or_404(rows, pk=pk)
    insist(request.user, "keep_answers", row.wave.programme)
    request.programme = row.wave.programme
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_interview(request: HttpRequest, interview: int) -> HttpResponse:
    row = _row(request, interview)
    if request.method == "POST":
        return _put(request, row)
    return _shown(request, row, InterviewForm(initial=_known(row)))


def _known(row: Invitation) -> dict:
    return {"mode": row.mode if row.mode in InterviewForm.MODES else Invitation.Mode.PHONE}


def _put(request: HttpRequest, row: Invitation) -> HttpResponse:
    form, is_typing = InterviewForm(request.POST), _is_typing(request)
    said = said_in(request.POST, Sheet(row), is_typing=is_typing)
    if not form.is_valid():
        return _shown(request, row, form, {}, said)
    try:
        row, refused, words = _keep(request, row, said, **form.cleaned_data)
    except ValidationError as error:
        return _shown(request, row, form, {}, said, " ".join(error.messages))
    if is_typing:
        return saved(request, row, refused, said, staff=True)
    if refused:
        return _shown(request, row, form, refused, said)
    messages.success(request, words)
    return redirect(FORM, interview=row.pk)


def _keep(request: HttpRequest, row: Invitation, said: dict, mode: str, reason: str) -> tuple:
    """(the invitation, what was refused, what was done)"""
    given = {"by": request.user, "invitation": row, "now": timezone.now(), "mode": mode}
    shown = evidence_in(request.POST)
    row, refused = services.save_answers(**given, said=said, reason=reason, evidence=shown)
    if "hand_in" not in request.POST or refused:
        return row, refused, _("The answers are kept.")
    return services.hand_in(**given), refused, _("The answers are complete.")


def _is_typing(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _shown(request: HttpRequest, row: Invitation, form, errors=None, said=None, refusal="") -> HttpResponse:
    row = Invitation.objects.select_related(*WITH, "state_by").get(pk=row.pk)
    questions = page(Sheet(row), errors or {}, said or {}, staff=True)
    is_asked = row.state != State.WITHDRAWN and row.enrolment_id is not None
    context = {
        "invitation": row,
        "programme": row.wave.programme,
        "questions": questions,
        "wrong": [one for one in questions if one.errors],
        "refusal": refusal,
        "form": form,
        "state_form": StateForm(row=row, auto_id="state_%s"),
        "contact_form": ContactForm(),
        "contacts": row.contacts.select_related("by"),
        "link": links.answer_url(row) if is_asked else "",
        "is_asked": row.state != State.WITHDRAWN,
    }
    is_wrong = errors or refusal or form.errors
    return render(request, "outcomes/interview.html", context, status=422 if is_wrong else 200)


@sent_from(FORM)
def invitation_state(request: HttpRequest, interview: int) -> HttpResponse:
    """What came of it, other than answers."""
    row = _row(request, interview)
    form = StateForm(request.POST, row=row, auto_id="state_%s")
    if form.is_valid():
        try:
            form.put(by=request.user, now=timezone.now())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, form.done)
    return _back(request, row, form)


@sent_from(FORM)
def contact_create(request: HttpRequest, interview: int) -> HttpResponse:
    row = _row(request, interview)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            services.log_contact(by=request.user, invitation=row, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The attempt is noted."))
    return _back(request, row, form)


def _back(request: HttpRequest, row: Invitation, form) -> HttpResponse:
    for words in form.errors.values():
        messages.error(request, " ".join(words))
    return redirect(reverse(FORM, args=[row.pk]) + "#reaching")
