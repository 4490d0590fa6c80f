"""What a person chose: by the signed link in every message, without an account, or signed in."""

from functools import wraps
from smtplib import SMTPException

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lib.forms import put_errors
from people.models import Person
from reminders import reading, services
from reminders.forms.choices import ChoicesForm
from reminders.kinds import KINDS
from reminders.models import Rule


def by_link(view):
    """For whoever holds the address; in her own language until she chooses another. Nothing of it is kept."""

    @wraps(view)
    def guarded(request: HttpRequest, reader: str) -> HttpResponse:
        person = reading.person_of(reader)
        chosen = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        hers = person.language if person and not chosen else translation.get_language()
        with translation.override(hers):
            if person is None:
                answer = render(request, "mentoring/link_dead.html", {"why": "none"}, status=404)
            else:
                answer = view(request, reader, person)
        answer["Referrer-Policy"], answer["X-Robots-Tag"] = "same-origin", "noindex"
        return answer

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))


@by_link
def choices(request: HttpRequest, reader: str, person: Person) -> HttpResponse:
    return _choices(request, person, reverse("reminders:choices", args=[reader]), reader)


@require_http_methods(["GET", "HEAD", "POST"])
def choices_own(request: HttpRequest) -> HttpResponse:
    """Of who is signed in: no link is needed."""
    person = getattr(request.user, "person", None)
    if person is None:
        return render(request, "reminders/choices_nobody.html")
    return _choices(request, person, reverse("reminders:choices_own"), reading.token_of(person.pk))


def _choices(request: HttpRequest, person: Person, here: str, token: str) -> HttpResponse:
    form = ChoicesForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        try:
            form.put(timezone.now(), request.user if request.user.is_authenticated else None)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Your choice is kept."))
            return redirect(here)
    context = {"form": form, "first_name": _first_name(person), "stop": reading.stop_path(token, [])}
    context["is_own"] = here == reverse("reminders:choices_own")
    if not person.user_id:
        context["mail_calendar"] = reverse("reminders:choices_calendar", args=[token])
    return render(request, "reminders/choices.html", context, status=422 if form.errors else 200)


def _first_name(person: Person) -> str:
    return (person.name.split() or [""])[0]


@by_link
def choices_calendar(request: HttpRequest, reader: str, person: Person) -> HttpResponse:
    """To her own mailbox, for somebody without an account: nobody reads her days by a letter passed on."""
    if request.method == "POST" and not person.user_id:
        try:
            services.mail_calendar_page(person)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except SMTPException:
            messages.error(request, _("The mail did not leave. Please try again later."))
        else:
            messages.success(request, _("The link to your calendar is in your mailbox."))
    return redirect("reminders:choices", reader=reader)


@csrf_exempt  # RFC 8058: her mail program presses, without a session; the address is the proof
@by_link
def choices_stop(request: HttpRequest, reader: str, person: Person) -> HttpResponse:
    """Looking stops nothing: programs that read mail open every link. A press does, as often as it comes."""
    asked = [kind for kind in request.GET.getlist("kind") if kind in KINDS]
    kinds = [kind for kind in asked if not KINDS[kind].is_essential]
    is_done = request.method == "POST"
    if is_done and (kinds or not request.GET.getlist("kind")):
        services.stop(person=person, kinds=kinds, now=timezone.now())
    context = {"is_done": is_done, "kinds": [Rule.Kind(kind).label for kind in kinds]}
    context |= {"is_nothing": not kinds and bool(request.GET.getlist("kind"))}
    context |= {"address": request.get_full_path(), "choices": reverse("reminders:choices", args=[reader])}
    return render(request, "reminders/choices_stop.html", context)
