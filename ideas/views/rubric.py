"""What is changed on a round beside its dates: lines of its rubric, and who judges no more."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ideas import rules, services
from ideas.forms.rubric import CriterionForm
from ideas.models import Criterion, Seat
from ideas.views.rounds import edit_page, of_hers
from lib.forms import put_errors, sent_from

SENT = ["GET", "HEAD", "POST"]  # GET: back to the page with the form, see `sent_from`


@sent_from("ideas:round_edit")
def criterion_create(request: HttpRequest, round: int) -> HttpResponse:
    round = of_hers(request, round)
    form = CriterionForm(request.POST, prefix="new")
    if form.is_valid():
        try:
            services.add_criterion(by=request.user, round=round, now=timezone.now(), **form.values())
        except ValidationError as error:
            _put(form, error)
        else:
            return _done(request, round, _("The criterion is added."))
    return edit_page(request, round, new=form)


@require_http_methods(SENT)
def criterion_edit(request: HttpRequest, criterion: int) -> HttpResponse:
    row = _criterion(request, criterion)
    if request.method != "POST":
        return redirect("ideas:round_edit", row.round_id)
    form = CriterionForm.of(row, request.POST, is_scored=services.is_scored(row.round))
    if form.is_valid():
        try:
            services.change_criterion(by=request.user, criterion=row, now=timezone.now(), **form.values())
        except ValidationError as error:
            _put(form, error)
        else:
            return _done(request, row.round, _("The criterion is changed."))
    return edit_page(request, row.round, criterion={row.pk: form})


@require_POST
def criterion_retire(request: HttpRequest, criterion: int) -> HttpResponse:
    row = _criterion(request, criterion)
    return _act(
        request,
        row.round,
        lambda: services.retire_criterion(by=request.user, criterion=row, now=timezone.now()),
        _("“%(name)s” counts no more; the scores are worked out anew.") % {"name": row.title},
    )


@require_POST
def criterion_remove(request: HttpRequest, criterion: int) -> HttpResponse:
    row = _criterion(request, criterion)
    return _act(
        request,
        row.round,
        lambda: services.remove_criterion(by=request.user, criterion=row),
        _("“%(name)s” is taken out of the rubric.") % {"name": row.title},
    )


@require_http_methods(SENT)
def seat_leave(request: HttpRequest, seat: int) -> HttpResponse:
    rows = Seat.objects.visible_to(request.user).select_related("round__programme__tenant", "reviewer")
    row = get_object_or_404(rows, pk=seat)
    _runs(request, row.round)
    if request.method != "POST":
        return redirect("ideas:round_edit", row.round_id)
    try:
        reason = request.POST.get("reason", "")
        services.leave_seat(by=request.user, seat=row, reason=reason, now=timezone.now())
    except ValidationError as error:
        return edit_page(request, row.round, seat={row.pk: " ".join(error.messages)})
    words = _("%(name)s judges no more; others have what she had not judged, as far as they can take it.")
    return _done(request, row.round, words % {"name": row.reviewer})


def _criterion(request: HttpRequest, pk: int) -> Criterion:
    rows = Criterion.objects.visible_to(request.user).select_related(
        "round__programme__tenant", "round__selection"
    )
    row = get_object_or_404(rows, pk=pk)
    _runs(request, row.round)
    return row


def _runs(request: HttpRequest, round) -> None:
    request.programme = round.programme
    if not rules.runs(request.user, round.programme):
        raise PermissionDenied


def _put(form: CriterionForm, error: ValidationError) -> None:
    """What the service says of the numbers' words stands at the field they were typed in."""
    if "described" in getattr(error, "error_dict", {}):
        error = ValidationError({"means_en": error.error_dict["described"]})
    put_errors(form, error)


def _act(request: HttpRequest, round, act, said: str) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("ideas:round_edit", round.pk)
    return _done(request, round, said)


def _done(request: HttpRequest, round, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("ideas:round_edit", round.pk)
