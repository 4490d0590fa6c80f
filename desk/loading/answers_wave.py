"""Which wave a cell or a map means: its code, months as a number, or the words for it."""

import re

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from desk.loading import values
from lib.folding import fold
from outcomes.models import Wave

_MONTHS = re.compile(r"f?\s*(\d{1,3})(?:[.,]0+)?\s*(?:m|months?|mesec\w*)?")
_WORDS = {
    Wave.Kind.APPLICATION: "application registration prijava",
    Wave.Kind.BASELINE: "baseline before pocetak polazna",
    Wave.Kind.EXIT: "exit endline end kraj izlazna",
}


def wave_code(cell) -> str:
    """The code. Raises ValueError with the rule."""
    said = fold(values.text(cell))
    if code := _known().get(said):
        return code
    if found := re.fullmatch(r"reaction[- ](\d{1,3})", said):
        return f"reaction-{int(found[1])}"
    if (found := _MONTHS.fullmatch(said)) and int(found[1]) > 0:
        return f"f{int(found[1])}"
    words = _(
        "This is no wave. Write application, baseline, reaction-1, exit, or the months after the end, "
        "like f6."
    )
    raise ValueError(words)


def _known() -> dict[str, str]:
    if not _codes:
        plain = (Wave.Kind.APPLICATION, Wave.Kind.BASELINE, Wave.Kind.EXIT)
        for kind, words in _WORDS.items():
            _codes.update(dict.fromkeys(words.split(), str(kind)))
        for language, _name in settings.LANGUAGES:
            with override(language):
                _codes.update({fold(str(kind.label)): str(kind) for kind in plain})
    return _codes


_codes: dict[str, str] = {}
