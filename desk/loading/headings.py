"""Headings as people write them: in English and Serbian, both scripts, with or without diacritics, plural or
not, in any order, with a few words around them that say nothing."""

import re
from dataclasses import dataclass
from functools import lru_cache

from lib.folding import fold


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# words around the one that counts; what is left without them is still the heading
FILLERS = _set(
    """
    a an the of in on at for to your you her his is are what please enter fill vas vasa vase vasu molimo
    unesite upisite navedite koja koji koje je u na za i od do sa po se ili contact kontakt current
    trenutna utc
    """
)
# who it is about: hers, unless the file is about somebody else
PERSONS = _set(
    """
    participant participants applicant applicants attendee attendees candidate candidates submitter
    entrepreneur entrepreneurs trainee trainees learner learners person persons member members polaznica
    polaznice polaznika polaznik polaznici ucesnica ucesnice ucesnika ucesnik ucesnici preduzetnica
    preduzetnice preduzetnik preduzetnika kandidat kandidata kandidatkinja kandidatkinje osoba osobe
    lice lica prijavljena prijavljene podnosilac podnosioca clan clanica clanice
    """
)
# somebody or something else: her e-mail is not hers
OTHERS = _set(
    """
    mentor mentora mentorka mentorke mentors trainer trenera trenerica trenerice group group's company
    firma firme enterprise preduzece preduzeca organisation organization organizacija organizacije
    emergency parent roditelj roditelja staratelj guardian supervisor manager bank institution school
    skola skole reference preporuka funder venue
    """
)
_PHRASES = (
    ("e mail", "email"),
    ("e posta", "eposta"),
    ("el posta", "eposta"),
    ("elektronska posta", "eposta"),
)
_ENDINGS = _set("ovima evima ama ima oga ega ovi evi om em og ih es s a e i u o y")


@dataclass(frozen=True)
class Words:
    """A heading, or one of the phrases that a field of ours is known by, as stems."""

    stems: frozenset[str]
    fillers: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    is_of_another: bool = False

    def match(self, ours: "Words", *, hers: bool = False) -> int:
        """How exactly this heading says what a phrase of ours says: 3 in the same words, 2 with words that
        say nothing, 1 (where the rows are persons: `hers`) with the word for her, 0 not at all."""
        if self.stems | self.persons == ours.stems | ours.persons:
            return 3 if self.fillers == ours.fillers else 2
        return int(hers and self.stems == ours.stems and ours.persons <= self.persons)


@lru_cache(maxsize=4096)
def words_of(heading: str) -> Words:
    """The words of a heading: without tags, brackets and signs; CamelCase and snake_case taken apart."""
    plain = re.sub(r"<[^>]*>|\([^)]*\)|\[[^\]]*\]", " ", heading)
    plain = re.sub(r"(?<=[a-zčćžšđа-яђјљњћџ])(?=[A-ZČĆŽŠĐА-ЯЂЈЉЊЋЏ])", " ", plain)
    plain = f" {re.sub(r'[^0-9a-z]+', ' ', fold(plain)).strip()} "
    for phrase, word in _PHRASES:
        plain = plain.replace(f" {phrase} ", f" {word} ")
    words = plain.split()
    fillers = {word for word in words if word in FILLERS}
    persons = {word for word in words if word in PERSONS}
    stems = set(words) - fillers - persons
    if not stems:  # "participant", "od": then these are what it says
        stems, fillers, persons = (persons, fillers, set()) if persons else (fillers, set(), set())
    is_of_another = any(word in OTHERS for word in words)
    return Words(
        frozenset(map(stem, stems)), frozenset(fillers), frozenset(map(stem, persons)), is_of_another
    )


def stem(word: str) -> str:
    """One form for the cases and the plural of a word; short ones stay as they are."""
    ends = (len(ending) for ending in _ENDINGS if word.endswith(ending) and len(word) - len(ending) >= 4)
    return word[: len(word) - max(ends, default=0)]


def is_generic(heading: str) -> bool:
    """Does it say nothing? (none, a letter, "Column 3", "Unnamed: 2", "Polje5", "Q7")"""
    plain = re.sub(r"[^0-9a-z]+", " ", fold(heading)).strip()
    return not plain or bool(
        re.fullmatch(
            r"(?:column|col|kolona|unnamed|field|polje|question|pitanje|q|f|c)? ?\d*|[a-z]{1,2}", plain
        )
    )
