"""How likely two rows of the address book are one person. Pure: nothing here reads or writes.

Names are compared folded (`lib.folding`), in any order of their parts, and by sound, so that other ways of
writing Cyrillic in Latin letters meet. Nobody is joined because of a number: somebody decides.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from django.utils.translation import gettext as _

from lib.folding import fold, script_of

PROPOSED, STRONG = 50, 70
# how the same sound is written by other rules of transliteration than ours, in this order
_SOUNDS = (
    ("shch", "sc"), ("sht", "sc"), ("zh", "z"), ("kh", "h"), ("ts", "c"), ("ch", "c"), ("sh", "s"),
    ("ph", "f"),
    ("dj", "d"), ("dz", "z"), ("gj", "d"), ("y", "j"), ("x", "ks"), ("w", "v"), ("q", "k"), ("iji", "i"),
    ("ij", "i"),
    ("ji", "i"), ("ije", "e"), ("je", "e"), ("jo", "e"), ("j", "i"), ("io", "e"), ("'", ""), ("’", ""),
)  # fmt: skip
_BETWEEN = re.compile(r"[\s\-,.]+")
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Facts:
    """What is known of somebody. `enterprises` are keys."""

    pk: int
    name: str = ""
    born: int | None = None
    email: str = ""
    phone: str = ""
    enterprises: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """`score` from 0; below PROPOSED nobody is asked. `reasons` are words for a reader."""

    score: int
    reasons: tuple[str, ...]

    @property
    def is_strong(self) -> bool:
        return self.score >= STRONG


def likeness(one: Facts, other: Facts) -> Likeness:
    score, reasons = _names(one.name, other.name)
    for points, words in (_address(one, other), _born(one, other)):
        score += points
        reasons += words
    if one.enterprises & other.enterprises:
        score += 20
        reasons.append(_("same enterprise"))
    return Likeness(max(0, score), tuple(reasons))


def keys(facts: Facts) -> Iterator[tuple]:
    """Two who share none of these are not compared: address, last digits of the phone, and each part of the
    name with the first letter of another."""
    if facts.email:
        yield "@", facts.email.lower()
    if digits := phone_digits(facts.phone):
        yield "#", digits
    parts = sounds(facts.name)
    if len(parts) == 1:
        yield parts[0], ""
    for one, other in combinations(parts, 2):
        yield one, other[0]
        yield other, one[0]


def compared(some: Iterable[Facts], everybody: Iterable[Facts]) -> list[tuple[Facts, Facts]]:
    """Who of `some` has a key in common with whom of `everybody`; each pair once."""
    mine: dict[tuple, list[Facts]] = {}
    some = list(some)
    first = {facts.pk for facts in some}
    for facts in some:
        for key in set(keys(facts)):
            mine.setdefault(key, []).append(facts)
    found: dict[tuple[int, int], tuple[Facts, Facts]] = {}
    for other in everybody:
        for key in keys(other):
            for one in mine.get(key, ()):
                pair = (one.pk, other.pk) if one.pk < other.pk else (other.pk, one.pk)
                if one.pk != other.pk and pair not in found:
                    turned = other.pk in first and other.pk < one.pk
                    found[pair] = (other, one) if turned else (one, other)
    return list(found.values())


def pairs(some: Iterable[Facts], everybody: Iterable[Facts]) -> list[tuple[Facts, Facts, Likeness]]:
    """Who of `some` may be who of `everybody`, the likeliest first."""
    return judged(compared(some, everybody))


def judged(found: Iterable[tuple[Facts, Facts]]) -> list[tuple[Facts, Facts, Likeness]]:
    likely = [(one, other, likeness(one, other)) for one, other in found]
    likely = [three for three in likely if three[2].score >= PROPOSED]
    return sorted(likely, key=lambda three: (-three[2].score, three[0].pk, three[1].pk))


def _names(one: str, other: str) -> tuple[int, list[str]]:
    mine, hers = sounds(one), sounds(other)
    if not mine or not hers:
        return 0, []
    if sorted(mine) == sorted(hers):
        if len(mine) < 2:
            return 25, [_("same first name only")]  # one word is hardly a name
        return 50, [_how_written(one, other)]
    if _initials(mine, hers) or _initials(hers, mine):
        return 35, [_("the same name with an initial")]
    if _typo(mine, hers):
        return 40, [_("names that differ in a letter")]
    shorter, longer = sorted((set(mine), set(hers)), key=len)
    if len(shorter) >= 2 and shorter < longer:
        return 40, [_("the same name with a part more")]
    return 0, []


def _how_written(one: str, other: str) -> str:
    if script_of(one) != script_of(other):
        return _("name written in another script")
    if " ".join(one.split()).casefold() == " ".join(other.split()).casefold():
        return _("same name")
    if sorted(one.casefold().split()) == sorted(other.casefold().split()):
        return _("same name in another order")
    return _("same name without its diacritics, or written by other rules")


def _address(one: Facts, other: Facts) -> tuple[int, list[str]]:
    said, points = [], 0
    mails = {one.email.lower(), other.email.lower()}
    phones = {phone_digits(one.phone), phone_digits(other.phone)}
    if "" not in mails and len(mails) == 1:
        points, said = points + 40, [*said, _("same e-mail")]
    if "" not in phones and len(phones) == 1:
        points, said = points + 30, [*said, _("same phone")]
    if "" not in mails | phones and len(mails) == len(phones) == 2:
        points, said = points - 20, [*said, _("but another e-mail and another phone")]
    return points, said


def _born(one: Facts, other: Facts) -> tuple[int, list[str]]:
    if one.born is None or other.born is None:
        return 0, []
    if one.born == other.born:
        return 20, [_("born %(year)s both") % {"year": one.born}]
    return -40, [_("but born %(one)s and %(other)s") % {"one": one.born, "other": other.born}]


def _initials(short: Sequence[str], long: Sequence[str]) -> bool:
    """A. Petrović is Ana Petrović; at least one part must stand in full."""
    if len(short) != len(long):
        return False
    rest, full = list(long), 0
    for part in sorted(short, key=len, reverse=True):
        fits = [one for one in rest if one == part] or [
            one for one in rest if len(part) == 1 and one[0] == part
        ]
        if not fits:
            return False
        full += len(part) > 1
        rest.remove(fits[0])
    return 0 < full < len(short)


def _typo(mine: Sequence[str], hers: Sequence[str]) -> bool:
    if len(mine) != len(hers) or len(mine) < 2:
        return False
    one, other = [p for p in mine if p not in hers], [p for p in hers if p not in mine]
    return len(one) == len(other) == 1 and min(len(one[0]), len(other[0])) >= 5 and _near(one[0], other[0])


def _near(one: str, other: str) -> bool:
    """One letter more, less, other, or two that changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    a, b = one[start:], other[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])


@lru_cache(maxsize=100_000)
def sounds(name: str) -> tuple[str, ...]:
    """The parts of a name, each by its sound."""
    return tuple(sound for part in _BETWEEN.split(fold(name)) if part and (sound := _sound(part)))


@lru_cache(maxsize=100_000)
def _sound(part: str) -> str:
    if len(part) == 1:
        return part
    for written, sound in _SOUNDS:
        part = part.replace(written, sound)
    return _TWICE.sub(r"\1", part)


@lru_cache(maxsize=50_000)
def phone_digits(phone: str) -> str:
    """The last eight digits: with or without a country's code it is one telephone. Too few say nothing."""
    digits = re.sub(r"\D", "", phone)
    return digits[-8:] if len(digits) >= 6 else ""
