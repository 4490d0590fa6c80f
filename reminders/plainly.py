"""Why a message did not go, in plain words: what servers say, for people who run none."""

import re

from django.utils.translation import gettext_lazy as _

# the first that fits; what a server says is looked at in small letters
_SAID = [
    (r"5\.1\.[126]|5\.2\.1|no such (user|box|mailbox)|user (is )?unknown|unknown (user|recipient)"
     r"|does ?n.t exist|mailbox (not found|unavailable)|recipient (address )?rejected",
     _("There is no such mailbox: ask her for her address and put it right.")),
    (r"[45]\.2\.2|mailbox (is )?full|over ?quota|quota exceeded|^552",
     _("Her mailbox is full: tell her, or send it again later.")),
    (r"5\.1\.3|bad (recipient )?address|syntax|^553|^501", _("Her address is not written as addresses are.")),
    (r"5\.3\.4|5\.2\.3|too (large|big)", _("The message was too large for her mailbox.")),
    (r"[45]\.7\.|spam|blocked|blacklist|policy|^554",
     _("Her mail service refused it as unwanted: tell her another way, and show whoever keeps your mail "
       "server these words.")),
    (r"^535|^534|^530|^538|authenticat",
     _("The mail server does not let us in: whoever keeps it must look at name and password.")),
    (r"certificate|ssl|tls", _("No safe connection to the server was made: whoever keeps it must look.")),
    (r"timed? ?out|^timeout", _("The server did not answer in time.")),
    (r"refused|unreachable|reset|closed|disconnect|broken pipe|getaddrinfo|name or service|^421",
     _("The server could not be reached.")),
    (r"^401|^403|^407", _("The gateway does not know our key, or does not let us in.")),
    (r"^40[024-79]|^41[0-9]|^42[2-8]", _("The gateway refused it.")),
    (r"^4[0-9][0-9] |^4[0-9][0-9]$", _("The server asked for patience, and did not take it in the end.")),
    (r"^5[0-9][0-9] |^5[0-9][0-9]$", _("The server refused it.")),
]  # fmt: skip
_PATTERNS = [(re.compile(pattern), words) for pattern, words in _SAID]


def plainly(reason: str) -> str:
    """In the active language; empty for what is plain already: our own sentences."""
    said = reason.strip().lower()
    return next((str(words) for pattern, words in _PATTERNS if pattern.search(said)), "")
