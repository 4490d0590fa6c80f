"""Sign-in: nobody signs up by herself; accounts are made by the organisation."""

import logging
import re
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import mail

log = logging.getLogger(__name__)


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That is not the code that we sent last."),
        "email_password_mismatch": gettext_lazy("Address and password do not belong together."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait a little, then ask for a new code."),
        "rate_limited": gettext_lazy("Too many requests. Wait a minute."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """At once, never stored, in the language of the person where we know her."""
        known = User.objects.filter(email__iexact=email).values_list("language", flat=True).first()
        with translation.override(known or translation.get_language()):
            message = self.render_mail(
                template_prefix, email, context | {"request": self.request, "email": email}
            )
            language = translation.get_language()
        html = next((body for body, kind in message.alternatives if kind == "text/html"), None)
        try:
            mail.send_now(to=email, subject=message.subject, text=message.body, html=html, language=language)
        except (SMTPException, OSError, ValidationError) as error:
            said = re.sub(
                r"\d{6}", "……", str(error)
            )  # a server may quote the subject, and the code stands there
            log.error("a mail of sign-in did not leave: %s", said)
            words = _("The mail could not be sent just now. Try again in a minute, or use your password.")
            messages.error(self.request, words)
            raise ImmediateHttpResponse(redirect("account_login")) from error
