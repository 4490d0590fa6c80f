"""The forms of the sign-in, as the library has them, with limits that no way of writing an address dodges."""

import hashlib
import unicodedata

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, RequestLoginCodeForm
from allauth.core import context
from django.conf import settings
from django.core.cache import cache


def plain(email: str) -> str:
    """One way of writing an address, to count by: PostgreSQL takes ſ for s and the Kelvin sign for k."""
    return unicodedata.normalize("NFKC", email).strip().lower()


class SignIn(LoginForm):
    def clean_login(self) -> str:
        return plain(super().clean_login())


class RequestCode(RequestLoginCodeForm):
    def clean_email(self) -> str:
        self.cleaned_data["email"] = plain(self.cleaned_data["email"])
        return super().clean_email()


class ConfirmCode(ConfirmLoginCodeForm):
    """Tries are counted beside the session as well: requests sent at once each read the same session."""

    def clean_code(self) -> str:
        session = context.request.session.session_key
        code = hashlib.sha256(f"{session}:{self.expected_code}".encode()).hexdigest()
        key = f"accounts:code:{code}"
        cache.add(key, 0, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
        if cache.incr(key) > settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS:
            raise get_adapter().validation_error("too_many_login_attempts")
        return super().clean_code()
