"""One step for many ideas of the list: first what would happen, then a yes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ideas import rules, services
from ideas.forms.lists import ScreenForm
from ideas.models import Idea
from ideas.page import page
from ideas.services.screening import mark_of
from ideas.views.ideas import listed
from lib.forms import put_errors, sent_from

SHOWN = 200  # of each kind; the numbers say how many there are


@sent_from("ideas:idea_list")
def idea_screen(request: HttpRequest, programme: str) -> HttpResponse:
    """The filter of the list stands in the address, as it does on the list."""
    found, _order = listed(request, programme)
    if not rules.runs(request.user, request.programme):
        raise PermissionDenied
    keys = list(found.qs.order_by().values_list("pk", flat=True))
    form = ScreenForm(request.POST, keys=keys)
    if form.is_valid():
        if not (chosen := keys if form.cleaned_data["all"] else form.cleaned_data["idea"]):
            messages.error(request, _("Choose ideas first."))
            return redirect(_back(request))
        return _step(request, form, chosen)
    return _shown(request, form, [])


def _step(request: HttpRequest, form: ScreenForm, chosen: list[int]) -> HttpResponse:
    said = {name: form.cleaned_data[name] for name in ("state", "reason")}
    said |= {"by": request.user, "programme": request.programme, "ideas": chosen, "now": timezone.now()}
    try:
        if seen := form.cleaned_data["seen"]:
            return _done(request, services.screen(**said, seen=seen))
    except ValidationError as error:
        put_errors(form, error)
    try:
        steps = services.look_at(**said)
    except ValidationError as error:
        put_errors(form, error)
        steps = []
    return _shown(request, form, steps)


def _done(request: HttpRequest, steps: list[services.Step]) -> HttpResponse:
    n = sum(not step.words for step in steps)
    words = ngettext("%(n)s idea has its new state.", "%(n)s ideas have their new state.", n)
    messages.success(request, words % {"n": n})
    return redirect(_back(request))


def _shown(request: HttpRequest, form: ScreenForm, steps: list) -> HttpResponse:
    done, left = [s for s in steps if not s.words], [s for s in steps if s.words]
    context = {"programme": request.programme, "form": form, "back": _back(request), "mark": mark_of(steps)}
    context |= {"done": done[:SHOWN], "left": left[:SHOWN], "n_done": len(done), "n_left": len(left)}
    chosen = [s.idea.pk for s in steps] or form.cleaned_data.get("idea", [])
    context |= {"chosen": [] if form.data.get("all") else chosen}
    context["state"] = dict(Idea.State.choices).get(form.data.get("state"), "")
    return page(request, "ideas/idea_screen.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest) -> str:
    """The list as it was narrowed."""
    query = request.GET.urlencode()
    address = reverse("ideas:idea_list", args=[request.programme.code])
    return f"{address}?{query}" if query else address
