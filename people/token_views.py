"""Tokens for scripts: what she has, one more, one less."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import tokens
from accounts.models import Token
from lib.api.catalogue import offered
from people.token_forms import TokenForm
from people.tokens import make_token


@require_GET
def token_list(request: HttpRequest) -> HttpResponse:
    """Hers; an administrator sees those of her organisation below them."""
    now = timezone.now()
    rows = Token.objects.visible_to(request.user).select_related("user")
    rows = list(rows.prefetch_related("programmes__programme")[:500])
    for row in rows:
        row.is_alive = row.revoked_at is None and row.user.is_active and row.expires_at > now
        row.said = _sentences(row.verbs)
    mine = [row for row in rows if row.user_id == request.user.pk]
    others = [row for row in rows if row.user_id != request.user.pk]
    alive = sum(row.is_alive for row in mine)
    return render(request, "people/token_list.html", {"mine": mine, "others": others, "alive": alive})


@require_http_methods(["GET", "POST"])
def token_create(request: HttpRequest) -> HttpResponse:
    """Only who has a second factor, and has just shown that it is she. The demo is exempt, and says so."""
    if request.user.tenant.is_demo:
        return _create(request)
    if not is_mfa_enabled(request.user):
        return render(request, "people/token_factor.html")
    return _confirmed(request)


def _create(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = TokenForm(request.POST or None, user=request.user, offered=offered(request.opens))
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = make_token(by=request.user, now=now, **form.said(now))
        except ValidationError as error:
            for name, errors in error.error_dict.items():
                form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)
        else:  # shown in this answer and nowhere else: no address holds it
            token.said = _sentences(token.verbs)
            return render(request, "people/token_made.html", {"token": token, "secret": secret})
    return render(request, "people/token_form.html", {"form": form})


_confirmed = reauthentication_required(_create)


@require_POST
def token_revoke(request: HttpRequest, token: int) -> HttpResponse:
    row = get_object_or_404(Token.objects.visible_to(request.user), pk=token)
    tokens.revoke(by=request.user, token=row, now=timezone.now())
    return redirect("people:token_list")


def _sentences(verbs: list[str]) -> list[tuple[str, list[str]]]:
    """[(resource, verbs)] in order; the star stays a star, the page says it in words."""
    found: dict[str, list[str]] = {}
    for verb in verbs:
        resource, _colon, name = verb.partition(":")
        found.setdefault(resource, []).append(name)
    return sorted(found.items())
