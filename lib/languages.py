"""Texts that people give in several languages, and words that Serbian lacks elsewhere."""

from typing import NamedTuple

from django.utils.translation import get_language, gettext_noop, pgettext_lazy

from lib.scripts import to_cyrillic, to_latin


def told(text: str, serbian: str) -> str:
    """A text in the reader's language: the Serbian one in her script where it was given, else as it was told
    first."""
    language = get_language() or ""
    if not serbian or not language.startswith("sr"):
        return text
    return to_cyrillic(serbian) if language == "sr" else serbian


class Told(NamedTuple):
    """A text, the language it is in (en, sr-latn, sr), and whether the reader's own is lacking."""

    text: str
    language: str
    is_other: bool


def told_or(text: str, serbian: str) -> Told:
    """As `told`, for long texts of which only one may be given: the other one, and that it is."""
    language = get_language() or "en"
    if language.startswith("sr"):
        return Told(told("", serbian), language, False) if serbian else Told(text, "en", bool(text))
    if text or not serbian:
        return Told(text, "en", False)
    return Told(serbian, "sr-latn" if to_latin(serbian) == serbian else "sr", True)


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

# Django REST framework speaks no Serbian here: what the doors for scripts refuse with, ours translates.
REFUSALS = [
    gettext_noop("Authentication credentials were not provided."),
    gettext_noop("You do not have permission to perform this action."),
    gettext_noop("Not found."),
    gettext_noop('Method "{method}" not allowed.'),
    gettext_noop('Unsupported media type "{media_type}" in request.'),
    gettext_noop("Malformed request."),
    gettext_noop("Invalid input."),
    gettext_noop("Invalid cursor"),
    gettext_noop("Invalid data. Expected a dictionary, but got {datatype}."),
    gettext_noop('Expected a list of items but got type "{input_type}".'),
    gettext_noop('Expected a dictionary of items but got type "{input_type}".'),
    gettext_noop("This list may not be empty."),
    gettext_noop("This dictionary may not be empty."),
    gettext_noop("Ensure this field has no more than {max_length} elements."),
    gettext_noop("This field may not be null."),
    gettext_noop("This field may not be blank."),
    gettext_noop("Not a valid string."),
    gettext_noop("Must be a valid boolean."),
    gettext_noop("Must be a valid UUID."),
    gettext_noop("A valid integer is required."),
    gettext_noop("Ensure this value is less than or equal to {max_value}."),
    gettext_noop("Ensure this value is greater than or equal to {min_value}."),
    gettext_noop("Ensure this field has no more than {max_length} characters."),
    gettext_noop('"{input}" is not a valid choice.'),
    gettext_noop("Date has wrong format. Use one of these formats instead: {format}."),
    gettext_noop("Expected a date but got a datetime."),
    gettext_noop("Time has wrong format. Use one of these formats instead: {format}."),
    gettext_noop("Datetime has wrong format. Use one of these formats instead: {format}."),
    gettext_noop('Invalid pk "{pk_value}" - object does not exist.'),
    gettext_noop("Incorrect type. Expected pk value, received {data_type}."),
    gettext_noop("Object with {slug_name}={value} does not exist."),
    gettext_noop("Invalid value."),
]
