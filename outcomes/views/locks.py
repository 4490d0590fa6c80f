"""Which periods of a programme stay as they are: locking one, unlocking it with a reason."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.forms import put_errors
from outcomes import services
from outcomes.forms.periods import ONE_DAY, PeriodForm
from outcomes.forms.results import ReasonForm
from outcomes.models import PeriodLock
from outcomes.rules import insist
from outcomes.views.whose import programme_of

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
def lock_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Those that hold, those that were unlocked and why; and the form for another one."""
    programme = programme_of(request, programme, "keep_locks")
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.lock_period(by=request.user, programme=programme, now=timezone.now(), **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The period is locked: its facts stay as they are."))
            return redirect("outcomes:lock_list", programme.code)
    rows = PeriodLock.objects.visible_to(request.user).filter(programme=programme)
    found = with_last_day(rows.select_related("locked_by__person", "unlocked_by__person"))
    context = {
        "programme": programme,
        "form": form,
        "holding": [row for row in found if not row.unlocked_at],
        "unlocked": [row for row in found if row.unlocked_at],
    }
    return render(request, "outcomes/lock_list.html", context, status=422 if form.errors else 200)


@require_http_methods(FORMS)
def lock_edit(request: HttpRequest, lock: int) -> HttpResponse:
    """Unlock a period; the reason is kept beside it."""
    rows = PeriodLock.objects.visible_to(request.user).select_related("programme__tenant")
    row = get_object_or_404(rows, pk=lock)
    request.programme = row.programme
    insist(request.user, "keep_locks", row.programme)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.unlock_period(by=request.user, lock=row, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The period is unlocked."))
            return redirect("outcomes:lock_list", row.programme.code)
    context = {"programme": row.programme, "lock": with_last_day([row])[0], "form": form}
    return render(request, "outcomes/lock_edit.html", context, status=422 if form.errors else 200)


def with_last_day(rows) -> list[PeriodLock]:
    found = list(rows)
    for row in found:
        row.last_day = row.end - ONE_DAY
    return found
