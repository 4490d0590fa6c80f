"""What somebody agrees to when she applies, word for word. Change a wording: raise VERSION."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.models import Consent, Funding, Programme

VERSION = "application-1"
Purpose = Consent.Purpose


def text_version() -> str:
    """As it is kept with the consent: which wording, in which language she read it."""
    return f"{VERSION}/{get_language()}"


def wording(purpose: str, programme: Programme, funding: Funding | None = None) -> str:
    what = {"programme": programme.title, "organisation": programme.tenant.name, "funder": funding or ""}
    sentence = {
        Purpose.TAKING_PART: _(
            "I want to take part in %(programme)s. %(organisation)s may keep what I write here, and when I "
            "was at the sessions."
        ),
        Purpose.CONTACT_LIST: _(
            "My name, e-mail and phone may stand on the contact list that the participants receive."
        ),
        Purpose.PHOTO: _("Photographs that show me may be kept and published in reports on %(programme)s."),
        Purpose.FUNDER: _("My name and what I took part in may be passed on to %(funder)s, who pays for it."),
    }[purpose]
    return sentence % what
