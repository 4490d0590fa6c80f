"""The gateway for short messages, for administrators: its address, its key, a trial."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lib.forms import put_errors
from lib.smtp import Sent
from people.models import Programme
from reminders import services
from reminders.forms.gateway import GatewayForm, TrialForm
from reminders.models import Gateway


@require_http_methods(["GET", "HEAD", "POST"])
def gateway_edit(request: HttpRequest) -> HttpResponse:
    row = _gateway(request)
    form = GatewayForm(request.POST or None, instance=row)
    if form.is_valid():
        try:
            services.set_gateway(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The gateway is kept."))
            return redirect("reminders:gateway_edit")
    return _page(request, row, form)


@require_POST
def gateway_trial(request: HttpRequest) -> HttpResponse:
    row = get_object_or_404(Gateway.objects.visible_to(request.user).select_related("tenant"))
    form = TrialForm(request.POST)
    if form.is_valid():
        try:
            said = {"to": form.cleaned_data["to"], "country": _country(request), "now": timezone.now()}
            outcome = services.try_gateway(by=request.user, gateway=row, **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            if isinstance(outcome, Sent):
                messages.success(request, _("The gateway took the trial message."))
            else:
                words = _("The gateway did not take it: %(words)s") % {"words": row.words}
                messages.error(request, words)
            return redirect("reminders:gateway_edit")
    return _page(request, row, GatewayForm(instance=row), form)


@never_cache
@require_POST
def gateway_key(request: HttpRequest) -> HttpResponse:
    """A new one, in this answer and nowhere else."""
    row = get_object_or_404(Gateway.objects.visible_to(request.user))
    key = services.renew_key(by=request.user, gateway=row)
    return render(request, "reminders/gateway_key.html", {"key": key})


def _gateway(request: HttpRequest) -> Gateway | None:
    return Gateway.objects.visible_to(request.user).first()


def _country(request: HttpRequest) -> str:
    """Of a number without its calling code: the country of her newest programme."""
    rows = Programme.objects.filter(tenant=request.user.tenant_id).order_by("-pk")
    return rows.values_list("country", flat=True).first() or ""


def _page(request, row: Gateway | None, form: GatewayForm, trial: TrialForm | None = None) -> HttpResponse:
    context = {"gateway": row, "form": form, "trial": trial or TrialForm()}
    is_wrong = form.errors or (trial and trial.errors)
    return render(request, "reminders/gateway.html", context, status=422 if is_wrong else 200)
