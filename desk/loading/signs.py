"""What people write into the squares of a register: a cross, a tick, da, P, +, half, a number of minutes.

Blank is unknown and never gets here. A sign may mean two things beside others of the same sheet: then it is
not guessed (`unclear`), whoever brings the sheet says what it is.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from lib.folding import fold
from training.models import Status

DOUBTFUL = "?"  # stands in a map for a sign that is not clear
LONGEST = 1440  # minutes
SIGNS: dict[str, str] = {
    fold(sign) or sign: status
    for status, signs in {
        Status.PRESENT: "x ✓ ✔ √ ☑ ✅ + v 1 da d yes y true p pr present prisutan prisutna prisutno bila bio "
        "dosla dosao tu",
        Status.ABSENT: "- – — − ✗ ✘ ❌ 0 ne no n false a abs absent odsutan odsutna odsutno nije",
        Status.LATE: "l late k kasni kasnila kasnio zakasnila zakasnio",
        Status.EXCUSED: "e ex exc excused op opr opravdano opravdana opravdan",
        Status.HALF_DAY: "½ 1/2 0.5 0,5 half half_day half-day h pola pola_dana polovina",
        Status.LEFT_EARLY: "le left_early left otisla otisao otisla_ranije otisao_ranije",
    }.items()
    for sign in signs.split()
}
CROSSES, TICKS = {"x"}, {"✓", "✔", "√", "☑", "✅", "+", "v"}
_MINUTES = re.compile(r"(\d{1,4})(?:[.,]0)?\s*(?:min\.?|minuta|minutes|m|')?")


def read(cell: Any) -> str | int:
    """A status, or minutes. Raises ValueError with the rule."""
    if type(cell) is bool:
        return Status.PRESENT.value if cell else Status.ABSENT.value
    said = fold(str(cell)) or str(cell).strip()
    if said == DOUBTFUL:
        raise ValueError(_("This sign may mean several things here: say in the map which."))
    key = said.replace(" ", "_")
    if status := SIGNS.get(key) or _words().get(key):
        return str(status)
    if (found := _MINUTES.fullmatch(said)) and int(found[1]) <= LONGEST:
        return int(found[1])
    words = _("This is no mark. Write x, +, ✓, da or P for present, - or ne for absent, or minutes.")
    raise ValueError(words)


def _words() -> dict[str, str]:
    """The statuses by their words in our languages, and by their codes."""
    if not _known:
        _known.update({code: code for code in Status.values if code != Status.CLEARED})
        for language, _name in settings.LANGUAGES:
            with override(language):
                for code, label in Status.choices:
                    if code != Status.CLEARED:
                        _known.setdefault(fold(str(label)).replace(" ", "_"), code)
    return _known


_known: dict[str, str] = {}


def meanings(found: Iterable[str]) -> Mapping[str, str]:
    """What the different texts of a sheet's squares mean together: by text a status, "45 min", or DOUBTFUL
    where that is not clear. Texts that are no marks at all are not in it."""
    texts = [text for text in found if text.strip()]
    folded = {text: fold(text) or text.strip() for text in texts}
    numbers = {text: int(hit[1]) for text, sign in folded.items() if (hit := _MINUTES.fullmatch(sign))}
    are_minutes = any(number > 1 for number in numbers.values())
    others = {sign for sign in folded.values() if not sign.isdigit()}
    said = {}
    for text, sign in folded.items():
        if text in numbers and are_minutes and numbers[text] <= LONGEST:
            said[text] = f"{numbers[text]} min"
        elif sign in CROSSES and others & TICKS and not _any(others - CROSSES, Status.ABSENT):
            said[text] = DOUBTFUL  # ✓ beside x: is x the one who is missing?
        else:
            try:
                value = read(text)
            except ValueError:
                continue
            said[text] = f"{value} min" if isinstance(value, int) else value
    return said


def _any(signs: Iterable[str], status: str) -> bool:
    return any(SIGNS.get(sign) == status for sign in signs)


def in_words(meaning: str) -> str:
    """A meaning for a reader."""
    if meaning == DOUBTFUL:
        return _("not clear")
    if meaning.endswith(" min"):
        return _("%(n)s minutes") % {"n": meaning.removesuffix(" min")}
    return str(dict(Status.choices).get(meaning, meaning))
