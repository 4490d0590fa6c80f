"""How the API knows who asks: by a token in the Authorization header, or by the session of the pages."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication

from accounts import tokens

SCHEME = "bearer "
REALM = 'Bearer realm="api"'


def by_token(get_response):
    """Whoever shows a token under /api/ is its owner, whatever her cookies say; a token that is none is 401.
    Elsewhere a token opens nothing. The session is not touched."""

    def middleware(request: HttpRequest):
        shown = request.META.get("HTTP_AUTHORIZATION", "")
        if shown[: len(SCHEME)].lower() != SCHEME or not request.path_info.startswith("/api/"):
            return get_response(request)
        now = timezone.now()
        try:
            token = tokens.token_of(shown[len(SCHEME) :].strip(), now)
        except tokens.Refused as why:
            return not_signed_in(str(why), "invalid_token")
        tokens.note_use(token, now)
        request.token, request.user = token, token.user
        request._cached_user = token.user  # the log says who asked
        if not token.all_programmes:
            mine = token.programmes.filter(programme__tenant_id=token.user.tenant_id)
            request.user.limited_to = frozenset(mine.values_list("programme_id", flat=True))
        return get_response(request)

    return middleware


def not_signed_in(words: str, error: str = "") -> JsonResponse:
    """401, and by which means one signs in."""
    says = f'{REALM}, error="{error}"' if error else REALM
    return JsonResponse({"detail": words}, status=401, headers={"WWW-Authenticate": says})


class TokenAuthentication(BaseAuthentication):
    """For DRF, what the middleware found: a request by token needs no CSRF token, its header is no cookie."""

    def authenticate(self, request):
        token = getattr(request._request, "token", None)
        return None if token is None else (token.user, token)

    def authenticate_header(self, request) -> str:
        return REALM


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "description": "A token from /account/tokens/."}
