"""One key for one name, whatever the script: Ђорђевић, Đorđević and Djordjevic fold alike."""

import unicodedata

_CYRILLIC = dict(zip("абвгдежзијклмнопрстћуфхцч", "abvgdezzijklmnoprstcufhcc", strict=True))
_CYRILLIC |= {"ђ": "dj", "љ": "lj", "њ": "nj", "џ": "dz", "ш": "s"}
_NEIGHBOURS = {"й": "j", "щ": "sc", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "ju", "я": "ja"}
_NEIGHBOURS |= {"є": "e", "ѕ": "dz", "і": "i", "ґ": "g"}
_LATIN = {"đ": "dj", "ð": "dj", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
_TABLE = str.maketrans(_CYRILLIC | _NEIGHBOURS | _LATIN)


def fold(text: str) -> str:
    """The search key of a text: Latin letters, no diacritics, lower case, single spaces; folding it again
    changes nothing. Equal keys mean "written alike", not "the same person"."""
    plain = text.translate(_LETTERS)
    if plain.isascii():  # whole letters of ours only: nothing is to be put together or taken apart
        return " ".join(plain.lower().split())
    # zero-width signs (Cf) come along from copied web pages and part no words
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_TABLE))
    text = "".join(c for c in text if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    text = text.translate(_TABLE).casefold()
    return " ".join(text.split())


_OURS = "čćžšđČĆŽŠĐ" + "абвгдђежзијклљмнњопрстћуфхцчџш" + "абвгдђежзијклљмнњопрстћуфхцчџш".upper()
_LETTERS = {}
_LETTERS |= {ord(letter): fold(letter) for letter in _OURS}


def script_of(text: str) -> str:
    """`latn`, `cyrl`, `mixed`, or `none` for a text without letters of either script."""
    scripts = {unicodedata.name(c, "").split(" ", 1)[0] for c in text if c.isalpha()}
    latin, cyrillic = "LATIN" in scripts, "CYRILLIC" in scripts
    if latin and cyrillic:
        return "mixed"
    return "latn" if latin else "cyrl" if cyrillic else "none"
