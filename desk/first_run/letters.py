"""The two letters of the first run. They leave at once and are not kept; neither holds a secret."""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from desk.first_run.services import Invited
from lib import mail
from people.models import Membership, Programme


class Tried(NamedTuple):
    """What became of a letter, in words."""

    well: bool
    words: str
    hint: str = ""


def _letter(template: str, *, to: str, language: str, context: dict):
    """A message from templates/desk/email/<template>.txt and .html; the text's first line is the subject."""
    with translation.override(language):
        subject, text = render_to_string(f"desk/email/{template}.txt", context).lstrip().split("\n", 1)
        html = render_to_string(f"desk/email/{template}.html", context | {"subject": subject})
    return mail.build(to=to, subject=subject, text=text.strip() + "\n", html=html, language=language)


def try_mail(*, to: str) -> Tried:
    """Send a real letter and say in words what the server answered."""
    language = translation.get_language()
    with mail.Transport() as transport:
        outcome = transport.deliver(_letter("mail_test", to=to, language=language, context={"site": _site()}))
    said = {"server": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}", "to": to, "said": outcome.reason}
    match outcome:
        case mail.Sent():
            words = _("%(server)s took the letter to %(to)s and said: %(said)s") % said
            return Tried(True, words, _("Is it there? Look among the unwanted mails as well."))
        case mail.Uncertain():
            words = _("The letter to %(to)s went out and %(server)s did not confirm it: %(said)s") % said
            return Tried(False, words, _("It may have arrived. If not, try again in a minute."))
        case mail.Later():
            words = _("%(server)s did not take the letter to %(to)s this time: %(said)s") % said
            return Tried(False, words, _("Many servers take it at the second try, some minutes later."))
        case mail.Never():
            words = _("%(server)s refuses the letter to %(to)s: %(said)s") % said
            hint = _("Is the address right, and may the server send as %(sender)s?")
            return Tried(False, words, hint % {"sender": settings.DEFAULT_FROM_EMAIL})
    words = _("%(server)s cannot be reached, or does not let us in: %(said)s") % said
    hint = _(
        "The settings are EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS "
        "and EMAIL_USE_SSL."
    )
    return Tried(False, words, hint)


def invite(*, by: User, programme: Programme, invited: Iterable[Invited]) -> list[User]:
    """Send each her invitation, over one connection. Returns those whom it did not reach."""
    missed = []
    with mail.Transport() as transport:
        for user, roles in invited:
            with translation.override(user.language):
                names = [str(Membership.Role(role).label) for role in roles]
                context = {
                    "by": by,
                    "user": user,
                    "programme": programme,
                    "roles": names,
                    "address": f"{_site()}{reverse('account_request_login_code')}",
                }
            letter = _letter("invitation", to=user.email, language=user.language, context=context)
            if not isinstance(transport.deliver(letter), mail.Sent | mail.Uncertain):
                missed.append(user)
    return missed


def _site() -> str:
    return settings.SITE_URL.rstrip("/")
