"""What is not as it was between two runs, or between a run and today; what stood in the way; in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring.matching.comparing import Difference, Moved
from mentoring.matching.words import (
    CONFLICTS,
    FACTORS,
    Names,
    functions_words,
    language_word,
    languages_words,
)
from mentoring.models import Mentor, Need
from mentoring.profiles import windows
from people.sectors import sector_name

HERS = {  # of an entrepreneur
    "need": gettext_lazy("what she asks for"),
    "sector": gettext_lazy("sector"),
    "functions": gettext_lazy("business functions"),
    "language": gettext_lazy("language"),
    "place": gettext_lazy("place"),
    "municipality": gettext_lazy("municipality"),
    "region": gettext_lazy("region"),
    "windows": gettext_lazy("when she has time"),
    "wishes": gettext_lazy("whom she would like"),
    "noes": gettext_lazy("whom she will not have"),
}
OF_MENTOR = {
    "sectors": gettext_lazy("sectors"),
    "languages": gettext_lazy("languages"),
    "reach": gettext_lazy("how far she comes"),
    "on_premises": gettext_lazy("comes to the premises"),
    "online": gettext_lazy("meets online"),
    "capacity": gettext_lazy("how many entrepreneurs she takes"),
    "load": gettext_lazy("how many she guides or is proposed for"),
}
WITHOUT_VALUES = {"need", "wishes", "noes"}  # keys, which say nothing to a reader


def difference(one: Difference, names: Names) -> str:
    """One sentence."""
    if one.what == "weight":
        said = {"factor": FACTORS.get(one.name, one.name), "before": one.before, "after": one.after}
        return _("The weight of “%(factor)s” was %(before)s and is %(after)s.") % said
    if one.what in ("person", "mentor"):
        return _row(one, names)
    said = names.pair(one.enrolment, one.mentor)
    if one.what == "conflict":
        said["conflict"] = CONFLICTS.get(one.name, one.name)
        if one.after:
            return _("%(person)s and %(mentor)s: a conflict is on record now. %(conflict)s") % said
        return _("%(person)s and %(mentor)s: a conflict is not on record any more. %(conflict)s") % said
    return _PAIRS[one.what, bool(one.after)] % said


_PAIRS = {
    ("pin", True): gettext_lazy("%(person)s and %(mentor)s are pinned."),
    ("pin", False): gettext_lazy("%(person)s and %(mentor)s are pinned no more."),
    ("guided", True): gettext_lazy("%(person)s and %(mentor)s are or were a pair."),
    ("guided", False): gettext_lazy("%(person)s and %(mentor)s are no pair any more."),
    ("tried", True): gettext_lazy("A rule between %(person)s and %(mentor)s is lifted."),
    ("tried", False): gettext_lazy("A rule between %(person)s and %(mentor)s is not lifted any more."),
}


def _row(one: Difference, names: Names) -> str:
    who = names.person(one.enrolment) if one.what == "person" else names.mentor(one.mentor)
    if not one.name:
        sentence = {
            ("person", True): _("%(name)s looks for a mentor now."),
            ("person", False): _("%(name)s looks for no mentor any more."),
            ("mentor", True): _("%(name)s can be asked as a mentor now."),
            ("mentor", False): _("%(name)s cannot be asked as a mentor any more."),
        }[one.what, bool(one.after)]
        return sentence % {"name": who}
    said = {"name": who, "what": (HERS | OF_MENTOR).get(one.name, one.name)}
    if one.name in WITHOUT_VALUES:
        return _("%(name)s: %(what)s has changed.") % said
    said |= {"before": _value(one.name, one.before), "after": _value(one.name, one.after)}
    return _("%(name)s: %(what)s was %(before)s and is %(after)s.") % said


def _value(name: str, value: object) -> str:
    if value is None or value in ("", []):
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    spoken = {
        "sector": lambda: str(sector_name(value)),
        "sectors": lambda: ", ".join(str(sector_name(one)) for one in value),
        "functions": lambda: functions_words(value),
        "language": lambda: language_word(value),
        "languages": lambda: languages_words(value),
        "place": lambda: str(Need.Place(value).label),
        "reach": lambda: str(Mentor.Reach(value).label),
        "windows": lambda: windows.told(value),
    }
    return spoken[name]() if name in spoken else str(value)


def moved(one: Moved, names: Names) -> str:
    """What became of her, from the first run to the second."""
    said = {"before": names.mentor(one.before), "after": names.mentor(one.after)}
    if one.before is None:
        return _("No mentor before, now %(after)s") % said
    if one.after is None:
        return _("%(before)s before, now no mentor") % said
    return _("%(before)s before, now %(after)s") % said


def capacity(names: Names, mentor: int, n: int) -> str:
    sentence = ngettext("%(mentor)s takes %(n)s person in all", "%(mentor)s takes %(n)s people in all", n)
    return sentence % {"mentor": names.mentor(mentor), "n": n}


def stood(kind: str, n: int) -> str:
    """What stood in the way at n of the mentors."""
    if kind == "none":
        return _("There is no mentor in this run.")
    sentence = {
        "conflict": ngettext(
            "a conflict of interest with %(n)s mentor", "a conflict of interest with %(n)s mentors", n
        ),
        "no": ngettext("a no between her and %(n)s mentor", "a no between her and %(n)s mentors", n),
        "guided": ngettext("was a pair with %(n)s mentor before", "was a pair with %(n)s mentors before", n),
        "language": ngettext(
            "no language in common with %(n)s mentor", "no language in common with %(n)s mentors", n
        ),
        "place": ngettext("no place to meet with %(n)s mentor", "no place to meet with %(n)s mentors", n),
        "full": ngettext("%(n)s mentor has no place left", "%(n)s mentors have no place left", n),
        "taken": ngettext(
            "%(n)s possible mentor is taken by others", "%(n)s possible mentors are taken by others", n
        ),
    }[kind]
    return sentence % {"n": n}
