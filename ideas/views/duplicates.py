"""Ideas that sound alike: groups side by side, and what is decided on them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.exports import take_along
from ideas import exports_duplicates, rules, services
from ideas.duplicates import proposals
from ideas.forms.joining import DecisionForm
from ideas.models import Compared, Join
from ideas.page import page
from ideas.views.shown_duplicates import joined_in, side_by_side
from lib.forms import sent_from
from people.models import Programme

PAGE = 10
SHOWN = ("open", "later", "joined", "apart")


@require_GET
def duplicate_list(request: HttpRequest, programme: str) -> HttpResponse:
    return _list(request, _run(request, programme))


@require_safe
def duplicate_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = _run(request, programme)
    rows = exports_duplicates.alike(programme)
    return take_along(request, exports_duplicates.ALIKE, rows, format, about=programme)


@sent_from("ideas:duplicate_list")
def duplicate_decide(request: HttpRequest, programme: str) -> HttpResponse:
    """Join the chosen ones under the one that stands; or they are different; or later."""
    programme, now = _run(request, programme), timezone.now()
    form = DecisionForm(request.POST, programme=programme)
    if not form.is_valid():
        return _list(
            request, programme, ValidationError([e for errors in form.errors.values() for e in errors])
        )
    said, chosen = form.cleaned_data, list(form.cleaned_data["idea"])
    try:
        if said["decision"] == form.JOIN:
            made = services.join_ideas(by=request.user, into=said["into"], ideas=chosen, now=now)
            told = _told(said["into"], len(made))
        else:
            services.compare_ideas(by=request.user, ideas=chosen, says=said["decision"], now=now)
            told = {
                Compared.Says.NOT_SAME: _("They stay different ideas and are not proposed again."),
                Compared.Says.LATER: _("Set aside for later."),
            }[said["decision"]]
    except ValidationError as error:
        return _list(request, programme, error)
    messages.success(request, told)
    return redirect(_address(programme, request.POST.get("show", "")))


@require_POST
def duplicate_compare(request: HttpRequest, programme: str) -> HttpResponse:
    """Compare all ideas of a large programme in the background."""
    programme = _run(request, programme)
    services.request_comparing(by=request.user, programme=programme)
    return redirect(_address(programme))


@require_POST
def join_part(request: HttpRequest, join: int) -> HttpResponse:
    rows = Join.objects.visible_to(request.user).select_related("idea__programme__tenant", "idea__text")
    join = get_object_or_404(rows, pk=join)
    request.programme = join.idea.programme
    if not rules.runs(request.user, request.programme):
        raise PermissionDenied
    services.part_ideas(by=request.user, join=join, now=timezone.now())
    messages.success(request, _("“%(idea)s” stands for itself again, as it was.") % {"idea": join.idea})
    back = "ideas:idea_detail" if request.POST.get("back") == "idea" else ""
    return redirect(back, join.into_id) if back else redirect(_address(request.programme, "joined"))


@require_POST
def compared_remove(request: HttpRequest, compared: int) -> HttpResponse:
    """They may be the same after all: proposed again."""
    rows = Compared.objects.visible_to(request.user).select_related("one__programme__tenant", "one__text")
    compared = get_object_or_404(rows, pk=compared)
    request.programme = compared.one.programme
    if not rules.runs(request.user, request.programme):
        raise PermissionDenied
    services.take_back_comparison(by=request.user, compared=compared)
    messages.success(request, _("They may be proposed again."))
    return redirect(_address(request.programme, "apart"))


def _run(request: HttpRequest, code: str) -> Programme:
    programmes = Programme.objects.visible_to(request.user).select_related("tenant")
    request.programme = get_object_or_404(programmes, code=code)
    if not rules.runs(request.user, request.programme):
        raise PermissionDenied
    return request.programme


def _address(programme: Programme, show: str = "") -> str:
    url = reverse("ideas:duplicate_list", args=[programme.code])
    return f"{url}?show={show}" if show in SHOWN[1:] else url


def _told(into, n: int) -> str:
    said = ngettext(
        "%(n)s idea stands under “%(head)s” now. You can part it again.",
        "%(n)s ideas stand under “%(head)s” now. You can part them again.",
        n,
    )
    return said % {"n": n, "head": into}


def _list(request: HttpRequest, programme: Programme, error: ValidationError | None = None) -> HttpResponse:
    show = request.GET.get("show") if request.GET.get("show") in SHOWN else SHOWN[0]
    known = proposals.known(programme)
    so_far = proposals.decided(programme)
    groups = proposals.groups(known.pairs or [], so_far)
    rows = {
        "open": lambda: groups,
        "later": lambda: proposals.later(so_far),
        "joined": lambda: joined_in(programme),
        "apart": lambda: (
            Compared.objects.filter(one__programme=programme, says=Compared.Says.NOT_SAME)
            .select_related("one__text", "other__text", "by")
            .order_by("-pk")
        ),
    }[show]()
    here = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    if show in ("open", "later"):
        here.object_list = side_by_side(request.user, here.object_list)
    context = {"programme": programme, "show": show, "page": here, "known": known, "error": error}
    return page(
        request, "ideas/duplicate_list.html", context | {"n": len(groups)}, status=422 if error else 200
    )
