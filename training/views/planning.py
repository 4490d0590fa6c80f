"""The wizard: choose a template, say when and where, look at what is proposed, plan it. It keeps nothing
between its steps: what was said before goes along in the form."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from people import rules as peoples
from people.models import Programme
from training import services
from training.forms.planning import FrameForm, WishesForm
from training.planning import proposing
from training.planning.templates import ALL, BY_KEY
from training.services.planning import next_number
from training.views.proposed import Proposed
from training.views.sessions import programme_of


@require_http_methods(["GET", "HEAD", "POST"])
def programme_create(request: HttpRequest) -> HttpResponse:
    """A new programme from a template: the administrator's."""
    peoples.insist(request.user, "keep_frame")
    return _wizard(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def programme_plan(request: HttpRequest, programme: str) -> HttpResponse:
    """More sessions for a programme that is there, from the same templates."""
    return _wizard(request, programme_of(request, programme, "plan_session"))


def _wizard(request: HttpRequest, programme: Programme | None) -> HttpResponse:
    chosen = request.GET.get("template", "")
    if not chosen:
        return render(request, "training/plan_choose.html", {"programme": programme, "templates": ALL})
    if chosen not in BY_KEY:
        raise Http404
    template, do = BY_KEY[chosen], request.POST.get("do", "")
    frame = None if programme else FrameForm(request.POST or None, user=request.user)
    if do in ("look", "plan"):
        return _decide(request, programme, frame, template, is_meant=do == "plan")
    return _ask(request, programme, frame, template)


def _ask(request: HttpRequest, programme, frame, template) -> HttpResponse:
    """Dates, places, hours, breaks; once they are said, what follows from them."""
    about = {"template": template, "user": request.user, "programme": programme}
    form = WishesForm(request.POST or None, **about)
    if request.method == "POST" and form.is_valid() and (frame is None or frame.is_valid()):
        draft = programme or frame.draft()
        wishes = form.wishes(draft.country, draft.name, draft.name_sr)
        proposal = proposing.propose(template, wishes, next_number(programme) if programme else 1)
        if proposal.lines:
            page = Proposed.of(proposal, request.user)
            return _show(request, draft, frame, template, page, form.cleaned_data.get("trainers", ()))
        form.add_error(None, _("No day is left: all of them are closed, or on other weekdays."))
    context = {"programme": programme, "frame": frame, "form": form, "template": template}
    return render(request, "training/plan_wishes.html", context)


def _decide(request: HttpRequest, programme, frame, template, *, is_meant: bool) -> HttpResponse:
    """The lines as they were put right: looked at again, or planned."""
    page = Proposed.sent(request.POST, request.user)
    is_known = frame is None or frame.is_valid()
    trainers = page.trainers(programme) if programme else ()
    if not is_known or not page.is_valid():
        return _show(
            request, programme or Programme(tenant=request.user.tenant), frame, template, page, trainers
        )
    if is_meant:
        try:
            return _plan(request, programme, frame, page, trainers)
        except ValidationError as error:
            page.errors = refusals(error)
    draft = programme or frame.draft()
    page = Proposed.of(page.proposal(), request.user, before=page)
    return _show(request, draft, frame, template, page, trainers)


def _plan(request: HttpRequest, programme, frame, page: Proposed, trainers) -> HttpResponse:
    said = {"proposal": page.proposal(), "now": timezone.now(), "confirmed": "confirmed" in request.POST}
    if programme is None:
        tenant = request.user.tenant
        programme = services.plan_programme(by=request.user, tenant=tenant, said=frame.cleaned_data, **said)
    else:
        services.plan_sessions(by=request.user, programme=programme, trainers=trainers, **said)
    n = len(said["proposal"].lines)
    words = ngettext("%(n)s session is planned.", "%(n)s sessions are planned.", n)
    messages.success(request, words % {"n": n})
    return redirect("training:session_list", programme=programme.code)


def _show(request: HttpRequest, draft: Programme, frame, template, page: Proposed, trainers) -> HttpResponse:
    page.look(draft, trainers, request.user)
    context = {
        "programme": draft if draft.pk else None,
        "draft": draft,
        "frame": frame,
        "template": template,
        "page": page,
        "trainers": trainers,
    }
    return render(request, "training/plan_preview.html", context, status=422 if page.errors else 200)


def refusals(error: ValidationError) -> list[str]:
    """In words; what only wants to be confirmed stands at its line already."""
    parts = [] if hasattr(error, "error_dict") else error.error_list
    if parts and all(one.code == "roster" for one in parts):
        return [_("People are expected in two places at once: say below that it is meant, or change it.")]
    return error.messages
