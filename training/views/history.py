"""Who marked what, and where two phones differ."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.exports import take_along
from training import exports_history, rules, services
from training.forms.register import SettleForm
from training.models import Enrolment
from training.register import history
from training.views.register import kept_session

PAGE = 100


@require_safe
def session_history(request: HttpRequest, session: int) -> HttpResponse:
    """Every mark, the newest first."""
    session = kept_session(request, session)
    acts = history.history(session)
    context = {
        "session": session,
        "page": Paginator(acts[::-1], PAGE).get_page(request.GET.get("page")),
        "total": len(acts),
        "corrected": sum(act.is_correction for act in acts),
    }
    return render(request, "training/session_history.html", context)


@require_safe
def history_export(request: HttpRequest, session: int, format: str) -> HttpResponseBase:
    session = kept_session(request, session)
    rows = exports_history.rows(history.history(session))
    about = {"about": session.programme, "part": f"{session.pk}"}
    return take_along(request, exports_history.HISTORY, rows, format, **about)


@require_safe
def enrolment_history(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Everything that was marked of one person, session by session."""
    people = Enrolment.objects.visible_to(request.user).select_related("person", "programme__tenant")
    row = get_object_or_404(people, pk=enrolment)
    request.programme = row.programme
    rules.insist(request.user, "view_enrolment", row.programme)
    context = {"enrolment": row, "acts": history.of_enrolment(row)}
    return render(request, "training/enrolment_history.html", context)


@require_POST
def difference_settle(request: HttpRequest, session: int) -> HttpResponse:
    """One tap: what the deciding mark says stays, or what it overrode."""
    session = kept_session(request, session)
    form = SettleForm(request.POST, marks=session.marks.select_related("enrolment__person"))
    try:
        if not form.is_valid():
            raise ValidationError(_("There is nothing to settle in this. Look once more."))
        said = form.cleaned_data
        services.settle_difference(by=request.user, session=session, now=timezone.now(), **said)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(name)s: settled.") % {"name": said["mark"].enrolment.person})
    return redirect(reverse("training:register", args=[session.pk]) + "#differences")
