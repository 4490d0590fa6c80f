"""The groups of a programme that are compared, and the one that somebody is in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from lib.forms import put_errors
from people.models import Programme
from training import rules, services
from training.forms.groups import ChosenForm, GroupForm
from training.models import Group
from training.views.people import _enrolment, of_address


@require_POST
def enrolment_group(request: HttpRequest, enrolment: int) -> HttpResponse:
    row = _enrolment(request, enrolment)
    rules.insist(request.user, "change_enrolment", row.programme)
    try:
        services.set_group(by=request.user, enrolment=row, group=request.POST.get("group", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Her group is kept."))
    return redirect("training:enrolment_detail", enrolment=row.pk)


@require_POST
def enrolment_groups(request: HttpRequest, programme: str) -> HttpResponse:
    """Several people of the list into one group."""
    programme = of_address(request, programme)
    rules.insist(request.user, "change_enrolment", programme)
    form = ChosenForm(request.POST, programme=programme)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("training:enrolment_list", programme.code)
    said = {"enrolments": form.cleaned_data["enrolment"], "group": form.cleaned_data["group"]}
    n = services.set_groups(by=request.user, programme=programme, **said)
    words = ngettext("%(n)s person has another group now.", "%(n)s people have another group now.", n)
    messages.success(request, words % {"n": n})
    return redirect("training:enrolment_list", programme.code)


@require_http_methods(["GET", "HEAD", "POST"])
def group_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Which there are, how many are in each, and a form for one more."""
    programme = of_address(request, programme)
    rules.insist(request.user, "change_enrolment", programme)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and _kept(request, form, None, programme):
        return redirect("training:group_list", programme.code)
    groups = Group.objects.filter(programme=programme).annotate(size=Count("enrolments")).in_order()
    context = {
        "programme": programme,
        "groups": groups,
        "form": form,
        "outside": programme.enrolments.filter(group=None).count(),
    }
    return render(request, "training/group_list.html", context, status=422 if form.errors else 200)


def _group(request: HttpRequest, pk: int) -> Group:
    row = get_object_or_404(Group.objects.visible_to(request.user).select_related("programme__tenant"), pk=pk)
    request.programme = row.programme
    rules.insist(request.user, "change_enrolment", row.programme)
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def group_edit(request: HttpRequest, group: int) -> HttpResponse:
    """What it is called, and who is in it."""
    row = _group(request, group)
    form = GroupForm(request.POST or None, instance=row)
    if request.method == "POST" and _kept(request, form, row, row.programme):
        return redirect("training:group_list", row.programme.code)
    people = row.enrolments.select_related("person").order_by("person__name_key", "pk")
    context = {"programme": row.programme, "group": row, "form": form, "people": people}
    return render(request, "training/group_form.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, form: GroupForm, row: Group | None, programme: Programme) -> bool:
    if not form.is_valid():
        return False
    try:
        row = services.save_group(by=request.user, group=row, programme=programme, **form.cleaned_data)
    except ValidationError as error:
        put_errors(form, error)
        return False
    messages.success(request, _("“%(name)s” is kept.") % {"name": row.title})
    return True


@require_POST
def group_remove(request: HttpRequest, group: int) -> HttpResponse:
    row = _group(request, group)
    try:
        services.remove_group(by=request.user, group=row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("training:group_edit", row.pk)
    messages.success(request, _("“%(name)s” is taken away.") % {"name": row.title})
    return redirect("training:group_list", row.programme.code)
