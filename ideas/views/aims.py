"""What ideas of a programme may serve: the list, worded and kept by the programme."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ideas import rules, services
from ideas.forms.aims import AimForm
from ideas.models import Aim
from ideas.page import page
from lib.forms import put_errors
from people.models import Programme

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
def aim_list(request: HttpRequest, programme: str) -> HttpResponse:
    found = get_object_or_404(Programme.objects.visible_to(request.user), code=programme)
    request.programme = found
    if not rules.runs(request.user, found):
        raise PermissionDenied
    form = AimForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _kept(request, form, programme=found):
        messages.success(request, _("The aim stands on the list."))
        return redirect("ideas:aim_list", found.code)
    aims = found.aims.annotate(served=Count("ideas")).order_by("pk")
    context = {"programme": found, "aims": aims, "form": form}
    return page(request, "ideas/aim_list.html", context, status=422 if form.errors else 200)


@require_http_methods(FORMS)
def aim_edit(request: HttpRequest, aim: int) -> HttpResponse:
    """Other words for it; ideas that serve it serve it still."""
    row = _aim(request, aim)
    form = AimForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid() and _kept(request, form, aim=row):
        messages.success(request, _("The aim is worded anew."))
        return redirect("ideas:aim_list", row.programme.code)
    context = {"programme": row.programme, "aim": row, "form": form, "served": row.ideas.count()}
    return page(request, "ideas/aim_edit.html", context, status=422 if form.errors else 200)


@require_POST
def aim_remove(request: HttpRequest, aim: int) -> HttpResponse:
    row = _aim(request, aim)
    try:
        services.remove_aim(by=request.user, aim=row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("ideas:aim_edit", row.pk)
    messages.success(request, _("The aim is off the list."))
    return redirect("ideas:aim_list", row.programme.code)


def _kept(request: HttpRequest, form: AimForm, **which) -> bool:
    try:
        services.save_aim(by=request.user, **which, **form.cleaned_data)
    except ValidationError as error:
        put_errors(form, error)
        return False
    return True


def _aim(request: HttpRequest, pk: int) -> Aim:
    rows = Aim.objects.visible_to(request.user).select_related("programme__tenant")
    row = get_object_or_404(rows, pk=pk)
    request.programme = row.programme
    if not rules.runs(request.user, row.programme):
        raise PermissionDenied
    return row
