"""An idea is nominated: on a phone by who has checked in, or typed by a trainer for somebody."""

import uuid

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ideas import duplicates, rules, services
from ideas.forms.ideas import IdeaForm, IdeaForSomebodyForm
from ideas.models import Idea
from ideas.page import page
from lib.forms import put_errors
from training.models import Enrolment, Session
from training.register.checkin import session_here

WINDOW = 600  # seconds
MOST = {
    "nominate": (40, 1500),  # with what is sent again because no answer came
    "similar": (300, 6000),
}  # in a window: from one phone, from one address (a whole room)


@never_cache
@require_http_methods(["GET", "POST"])
def nominate(request: HttpRequest, code: str) -> HttpResponse:
    """A title is enough. After it is sent, the next one at once."""
    session, enrolment = _here(request, code)
    if enrolment is None:
        return _to_check_in(code, reverse("ideas:nominate", args=[code]))
    form = IdeaForm(
        request.POST or None,
        programme=session.programme,
        similar_url=reverse("ideas:nominate_similar", args=[code]),
    )
    if request.method == "POST" and form.is_valid():
        words = form.words() | {"operation": form.cleaned_data["operation"]}
        try:
            _allow(request, "nominate")
            idea = services.nominate(
                by=None, enrolment=enrolment, session=session, now=timezone.now(), **words
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return _thank(request, code, _("Your idea is number %(number)s.") % {"number": idea.number})
    request.programme = session.programme
    context = {"session": session, "enrolment": enrolment, "form": form, "code": code}
    return page(request, "ideas/nominate.html", context | {"thanks": request.session.pop("idea_thanks", "")})


@require_GET
def nominate_similar(request: HttpRequest, code: str) -> HttpResponse:
    """While she types: titles that sound like it, never who nominated them."""
    session, enrolment = _here(request, code)
    if enrolment is None:
        raise PermissionDenied
    try:
        _allow(request, "similar")
    except ValidationError:
        return HttpResponse("")
    return _similar(request, session, code)


@require_POST
def nominate_join(request: HttpRequest, code: str, idea: int) -> HttpResponse:
    """It is hers too: one more nominator instead of one more idea."""
    session, enrolment = _here(request, code)
    if enrolment is None:
        return _to_check_in(code, reverse("ideas:nominate", args=[code]))
    idea = get_object_or_404(Idea, pk=idea, programme=session.programme_id)
    try:
        _allow(request, "nominate")
        operation = uuid.UUID(request.POST.get("operation", ""))
        services.add_nominator(
            by=None, idea=idea, enrolment=enrolment, session=session, operation=operation, now=timezone.now()
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("ideas:nominate", code)
    except ValueError:
        messages.error(request, _("This form is not complete. Open it again."))
        return redirect("ideas:nominate", code)
    return _thank(request, code, _("You stand with idea number %(number)s now.") % {"number": idea.number})


@require_GET
def session_count(request: HttpRequest, session: int) -> HttpResponse:
    """How many ideas were nominated in a session: the number beside "Idea" in the register."""
    session = session_of(request, session)
    return HttpResponse(str(Idea.objects.filter(nominations__session=session).distinct().count()))


@require_http_methods(["GET", "POST"])
def idea_create(request: HttpRequest, session: int) -> HttpResponse:
    """A trainer types the idea of somebody in the room."""
    session = session_of(request, session)
    similar_url = reverse("ideas:idea_similar", args=[session.pk])
    form = IdeaForSomebodyForm(
        request.POST or None, request.FILES or None, programme=session.programme, similar_url=similar_url
    )
    if request.method == "POST" and form.is_valid() and (idea := _typed(request, session, form)):
        stands = _("She stands with idea %(number)s. The next one?")
        words = stands if request.POST.get("stands") else _("Idea %(number)s is kept. The next one?")
        messages.success(request, words % {"number": idea.number})
        return redirect("ideas:idea_create", session.pk)
    context = {"session": session, "form": form, "people": form.here.rows.values()}
    return page(request, "ideas/idea_create.html", context)


def _typed(request: HttpRequest, session: Session, form: IdeaForSomebodyForm) -> Idea | None:
    """The idea; none where something is refused. Sent again after a file was refused, it is the same idea."""
    said, now = form.cleaned_data, timezone.now()
    words = form.words() | {"operation": said["operation"], "enrolment": said["who"]}
    field = None
    try:
        if key := request.POST.get("stands", ""):
            return _stood_with(request, session, form, key)
        idea = services.nominate(by=request.user, session=session, now=now, **words)
        if upload := said["upload"]:
            field = "upload"
            services.attach(by=request.user, idea=idea, file=upload, name=upload.name, now=now)
    except ValidationError as error:
        put_errors(form, ValidationError({field: error.messages}) if field else error)
        return None
    return idea


def _stood_with(request: HttpRequest, session: Session, form: IdeaForSomebodyForm, key: str) -> Idea:
    """One that sounded alike while it was typed: one more nominator instead of one more idea."""
    ideas = Idea.objects.visible_to(request.user).filter(programme=session.programme_id)
    idea = get_object_or_404(ideas, pk=key if key.isdecimal() and len(key) < 16 else None)
    hers = {"enrolment": form.cleaned_data["who"], "operation": form.cleaned_data["operation"]}
    services.add_nominator(by=request.user, idea=idea, session=session, now=timezone.now(), **hers)
    return idea


@require_GET
def idea_similar(request: HttpRequest, session: int) -> HttpResponse:
    return _similar(request, session_of(request, session))


def session_of(request: HttpRequest, pk: int) -> Session:
    """A session in whose programme she records ideas."""
    session = get_object_or_404(Session.objects.visible_to(request.user).select_related("programme"), pk=pk)
    request.programme = session.programme
    if not rules.may_record_ideas(request.user, session.programme):
        raise PermissionDenied
    return session


def _similar(request: HttpRequest, session: Session, code: str = "") -> HttpResponse:
    title = request.GET.get("title", "")[:300]
    found = duplicates.similar(session.programme, title) if len(title) > 3 else []
    return render(request, "ideas/_alike.html", {"similar": found, "code": code})


def _here(request: HttpRequest, code: str) -> tuple[Session | None, Enrolment | None]:
    """The session that the code opens now, or opened for her before, and who has checked in to it on this
    phone."""
    session = session_here(request, code, timezone.now())
    if session is None:
        return None, None
    checked_in = request.session.get("checked_in", {}).get(str(session.pk))
    rows = Enrolment.objects.filter(programme=session.programme_id, pk=checked_in).select_related("person")
    return session, rows.first()


def _to_check_in(code: str, then: str) -> HttpResponse:
    return redirect(f"{reverse('training:check_in', args=[code])}?{urlencode({'next': then})}")


def _thank(request: HttpRequest, code: str, said: str) -> HttpResponse:
    request.session["idea_thanks"] = said
    return redirect("ideas:nominate", code)


def _allow(request: HttpRequest, what: str) -> None:
    """Raises ValidationError when one phone, or one address, sends more than a room of people would."""
    for most, who in zip(
        MOST[what], (request.session.session_key, request.META.get("REMOTE_ADDR")), strict=True
    ):
        key = f"ideas:{what}:{who}"
        cache.add(key, 0, WINDOW)
        if cache.incr(key) > most:
            raise ValidationError(
                _("Too many at once from here. Wait ten minutes, or ask the trainer to type it.")
            )
