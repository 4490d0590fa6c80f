"""Asking the mentor who is proposed, and her answer: yes, no with a reason, or a question first."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.forms import put_errors
from mentoring import services
from mentoring.forms.assignments import DeclineForm, OfferForm, QuestionForm
from mentoring.models import Assignment, Note
from mentoring.pairs import saying
from mentoring.views.assignments import assignment_of
from mentoring.views.pair import pair_page, today_of
from mentoring.views.steps import run_by_her
from mentoring.views.whom import need_of


@require_POST
def assignment_offer(request: HttpRequest, assignment: int) -> HttpResponse:
    """Ask the mentor who is proposed."""
    row = run_by_her(request, assignment)
    form = OfferForm(request.POST, zone=row.programme.zone, today=today_of(row))
    if form.is_valid():
        try:
            services.offer(by=request.user, assignment=row, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("%(mentor)s is asked by e-mail.") % {"mentor": row.mentor})
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    return pair_page(request, row, 400, offer_form=form)


@require_http_methods(["GET", "POST"])
def assignment_answer(request: HttpRequest, assignment: int) -> HttpResponse:
    """Her yes, her no with a reason, or a question first. GET shows, POST answers."""
    row = assignment_of(request, assignment)
    if not request.user.has_perm("mentoring.answer", row):
        raise PermissionDenied
    if request.method != "POST":
        return _answer_page(request, row)
    acts = {"yes": _accept, "no": _decline, "question": _ask}
    act = acts.get(request.POST.get("answer", ""))
    return act(request, row) if act else _answer_page(request, row, 400)


def _accept(request: HttpRequest, row: Assignment) -> HttpResponse:
    try:
        services.answer_offer(by=request.user, assignment=row, accept=True, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("mentoring:assignment_answer", assignment=row.pk)
    said = {"mentor": row.mentor, "person": row.enrolment}
    messages.success(request, _("%(mentor)s guides %(person)s. The first step: agree on a day.") % said)
    return redirect("mentoring:assignment_detail", assignment=row.pk)


def _decline(request: HttpRequest, row: Assignment) -> HttpResponse:
    form, now = DeclineForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            services.answer_offer(by=request.user, assignment=row, accept=False, now=now, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The answer is kept; the coordinators ask somebody else."))
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    return _answer_page(request, row, 400, form=form)


def _ask(request: HttpRequest, row: Assignment) -> HttpResponse:
    """A note for whoever runs the programme; the offer stays open."""
    form, said = QuestionForm(request.POST), {"layer": Note.Layer.PROGRAMME, "now": timezone.now()}
    if form.is_valid():
        try:
            services.write_note(by=request.user, assignment=row, **said, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The coordinators read your question; the offer stays open."))
            return redirect("mentoring:assignment_answer", assignment=row.pk)
    return _answer_page(request, row, 400, question_form=form)


def _answer_page(request: HttpRequest, row: Assignment, status: int = 200, **bound) -> HttpResponse:
    notes = Note.objects.visible_to(request.user).filter(assignment=row, layer=Note.Layer.PROGRAMME)
    context = {
        "assignment": row,
        "heading": saying.question(row, is_hers=row.mentor.person.user_id == request.user.pk),
        "is_open": _is_open(row),
        "last_day": saying.last_moment(row),
        "need": need_of(row),
        "form": DeclineForm(),
        "question_form": QuestionForm(),
        "notes": list(notes.select_related("by").order_by("at", "pk")),
    }
    return render(request, "mentoring/assignment_answer.html", context | bound, status=status)


def _is_open(row: Assignment) -> bool:
    is_late = row.offered_until is not None and row.offered_until <= timezone.now()
    return row.state == Assignment.State.OFFERED and not is_late
