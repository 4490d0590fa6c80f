"""The page that sets an empty installation up. Once an organisation is here, it does not exist."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import setup
from desk.first_run import letters, services
from desk.first_run.forms import SecretForm, SetUpForm

KEY = "set_up"  # in the session: the digest of the secret that was typed; a GET uses nothing up
WINDOW = 600  # seconds
MOST = {"secret": 20, "mail": 10}


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("secret")
@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """First the secret, then one form; `do` says which button was pressed."""
    if setup.is_set_up():
        raise Http404
    do = request.POST.get("do", "")
    if do == "secret" or not setup.opens(request.session.get(KEY, "")):
        return _ask_secret(request, do)
    if do == "mail":
        return _test_mail(request)
    return _finish(request) if do == "finish" else _show(request, SetUpForm())


def _ask_secret(request: HttpRequest, do: str) -> HttpResponse:
    form = SecretForm(request.POST if do == "secret" else None)
    if do and do != "secret":
        messages.error(request, _("The secret is not valid any more. Type the one that was printed last."))
    if form.is_bound and form.is_valid():
        digest = setup.digest_of(form.cleaned_data["secret"])
        if _too_many(request, "secret"):
            form.add_error("secret", _("Too many tries. Wait ten minutes."))
        elif setup.opens(digest):
            request.session.cycle_key()
            request.session[KEY] = digest
            return redirect("desk:setup")
        else:
            form.add_error("secret", _("This is not the secret that was printed last."))
    return render(request, "desk/setup_secret.html", {"form": form}, status=400 if form.errors else 200)


def _test_mail(request: HttpRequest) -> HttpResponse:
    """What was typed stays; only the address is looked at."""
    form = SetUpForm(initial=request.POST.dict() | {"languages": request.POST.getlist("languages")})
    address, error = form.mail_address()
    if error:
        tried = letters.Tried(False, error)
    elif _too_many(request, "mail"):
        tried = letters.Tried(False, _("Too many tries. Wait ten minutes."))
    else:
        tried = letters.try_mail(to=address)
    return _show(request, form, tried)


def _finish(request: HttpRequest) -> HttpResponse:
    form = SetUpForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    try:
        ready = services.set_up(digest=request.session[KEY], now=timezone.now(), **_asked(form.cleaned_data))
    except services.SetUpAlready:
        messages.info(request, _("Somebody else has set this installation up in the meantime."))
        return redirect("account_login")
    except ValidationError as error:
        form.take(error)
        return _show(request, form)
    missed = letters.invite(by=ready.administrator, programme=ready.programme, invited=ready.invited)
    return _sign_in(request, ready, [user.email for user in missed])


def _sign_in(request: HttpRequest, ready: services.Ready, missed: list[str]) -> HttpResponse:
    """By a code to her address, as each time from now on."""
    request.session.flush()
    if missed:
        words = _("These invitations did not leave; whoever is meant can sign in all the same: %(addresses)s")
        messages.warning(request, words % {"addresses": ", ".join(missed)})
    LoginCodeVerificationProcess.initiate(
        request=request, user=ready.administrator, email=ready.administrator.email
    )
    return redirect("account_confirm_login_code")


def _asked(said: dict) -> dict:
    first = said["language"]
    return {
        "organisation": services.Organisation(
            said["organisation"], sorted(said["languages"], key=lambda code: code != first), said["zone"]
        ),
        "administrator": services.Administrator(said["name"], said["email"], said["own_language"]),
        "programme": services.FirstProgramme(
            said["programme"], said["code"], said["start"], said["last_day"], said["participants"]
        ),
        "invitations": {
            services.Role.COORDINATOR: said["coordinators"],
            services.Role.TRAINER: said["trainers"],
        },
    }


def _show(request: HttpRequest, form: SetUpForm, tried: letters.Tried | None = None) -> HttpResponse:
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "desk/setup_form.html", {"form": form, "tried": tried}, status=status)


def _too_many(request: HttpRequest, what: str) -> bool:
    """Counted by the address that asks."""
    key = f"setup:{what}:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, WINDOW):
        return False
    try:
        return cache.incr(key) > MOST[what]
    except ValueError:  # it ended between the two
        return False
