"""Texts that people give in several languages, and words that Django's own Serbian lacks."""

from django.utils.translation import get_language, pgettext_lazy

from lib.scripts import to_cyrillic


def told(text: str, serbian: str) -> str:
    """A text in the reader's language: the Serbian one in her script where it was given, else as it was told
    first."""
    language = get_language() or ""
    if not serbian or not language.startswith("sr"):
        return text
    return to_cyrillic(serbian) if language == "sr" else serbian


# A Serbian date stands in the genitive; Django's own catalogue has the nominative twice. Named here so that
# ours translates them, and `E` in a date format gives "22. novembra".
MONTHS = [
    pgettext_lazy("alt. month", "January"),
    pgettext_lazy("alt. month", "February"),
    pgettext_lazy("alt. month", "March"),
    pgettext_lazy("alt. month", "April"),
    pgettext_lazy("alt. month", "May"),
    pgettext_lazy("alt. month", "June"),
    pgettext_lazy("alt. month", "July"),
    pgettext_lazy("alt. month", "August"),
    pgettext_lazy("alt. month", "September"),
    pgettext_lazy("alt. month", "October"),
    pgettext_lazy("alt. month", "November"),
    pgettext_lazy("alt. month", "December"),
]
