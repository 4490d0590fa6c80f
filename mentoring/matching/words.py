"""What matching found, in the reader's words: factors, barriers, differences. Names are joined here only."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.matching import fit
from mentoring.models import Function, Mentor
from mentoring.profiles import windows
from people.models import Programme
from people.sectors import sector_name
from training.models import Enrolment

FACTORS = {
    "sector": gettext_lazy("The same sector"),
    "functions": gettext_lazy("Business functions that she asks for"),
    "language": gettext_lazy("A language in common"),
    "place": gettext_lazy("A place where they can meet"),
    "windows": gettext_lazy("Time in common"),
    "wish": gettext_lazy("The entrepreneur wishes it"),
    "mentor_wish": gettext_lazy("The mentor wishes it"),
}
CONFLICTS = {
    "self": gettext_lazy("It is the same person."),
    "enterprise": gettext_lazy("Both have a share in the same enterprise."),
    "organisation": gettext_lazy("Both work for the same organisation."),
    "cluster": gettext_lazy("One of them works for the cluster of the other's enterprise."),
    "proposed": gettext_lazy("One of them works for the partner that proposed the other's enterprise."),
    "declared": gettext_lazy("A conflict of interest was declared."),
    "related": gettext_lazy("They are related, as a coordinator confirmed."),
}
RULES = {
    "conflict": gettext_lazy("Look past the conflict of interest between %(person)s and %(mentor)s"),
    "no": gettext_lazy("Look past the no between %(person)s and %(mentor)s"),
    "guided": gettext_lazy("Let %(mentor)s guide %(person)s again"),
    "language": gettext_lazy("Let %(person)s and %(mentor)s meet without a language in common"),
    "place": gettext_lazy("Let %(person)s and %(mentor)s meet in another place than she asked for"),
}
LANGUAGES = {"sr": gettext_lazy("Serbian"), "en": gettext_lazy("English")}


class Names:
    """Who is meant by the keys in a programme's facts: read once, in two queries."""

    def __init__(self, people: dict[int, str], mentors: dict[int, str]):
        self._people, self._mentors = people, mentors

    @classmethod
    def of(cls, programme: Programme, *all_facts: dict) -> "Names":
        rows = Enrolment.objects.filter(programme=programme).select_related("person")
        keys = {row["mentor"] for facts in all_facts for row in facts["mentors"]}
        keys |= {row[0] for facts in all_facts for row in facts.get("absent", ())}
        mentors = Mentor.objects.filter(pk__in=keys).select_related("person")
        return cls({row.pk: str(row.person) for row in rows}, {row.pk: str(row.person) for row in mentors})

    def person(self, pk: int | None) -> str:
        return self._people.get(pk) or _("somebody who is not here any more")

    def mentor(self, pk: int | None) -> str:
        return self._mentors.get(pk) or _("a mentor who is not here any more")

    def pair(self, enrolment: int, mentor: int) -> dict[str, str]:
        return {"person": self.person(enrolment), "mentor": self.mentor(mentor)}


def counted(factor: str, person: dict, mentor: dict) -> str:
    """The fact of a factor that counted for a pair."""
    if factor == "sector":
        return _("Both: %(sector)s") % {"sector": sector_name(person["sector"])}
    if factor == "functions":
        both = [name for name in person["functions"] if name in mentor["functions"]]
        said = {"n": len(both), "all": len(person["functions"]), "functions": functions_words(both)}
        return _("%(n)s of %(all)s that she asks for: %(functions)s") % said
    if factor == "language":
        return _("Both speak %(language)s") % {"language": language_word(person["language"])}
    if factor == "place":
        return _place(person, mentor)
    if factor == "windows":
        return _("Both have time: %(when)s") % {"when": windows.told(_shared(person, mentor))}
    if factor == "wish":
        return _("She asked for this mentor")
    return _("The mentor asked for her")


def _place(person: dict, mentor: dict) -> str:
    comes, online = fit.comes_to(person, mentor), mentor["online"]
    if person["place"] == "either" and comes and online:
        return _("They can meet on the premises and online")
    if person["place"] != "online" and comes:
        return _("The mentor comes to the premises")
    return _("They can meet online")


def _shared(person: dict, mentor: dict) -> list[dict]:
    """The windows in which both have time."""
    found = []
    for one in person["windows"]:
        for other in mentor["windows"]:
            start, end = max(one["start"], other["start"]), min(one["end"], other["end"])
            if one["weekday"] == other["weekday"] and start < end:
                found.append({"weekday": one["weekday"], "start": start, "end": end})
    return found


def barrier_words(barrier) -> str:
    """Why this pair is impossible."""
    kind, fact = barrier.kind, barrier.fact
    if kind == "conflict":
        return _conflict(fact)
    if kind == "no":
        if fact["side"] == "mentor":
            return _("The mentor said that she will not have her.")
        return _("She said that she will not have this mentor.")
    if kind == "guided":
        return _("They are or were a pair already.")
    if kind == "language":
        said = {"wants": language_word(fact["wants"]), "speaks": languages_words(fact["speaks"])}
        return _("No language in common: she asks for %(wants)s, the mentor speaks %(speaks)s.") % said
    if kind == "place":
        return _apart(fact)
    if kind == "gone":
        if fact["who"] == "mentor":
            return _("The mentor is not active in this programme now.")
        return _("She looks for no mentor any more: she has one, or does not take part.")
    return _full(fact)


def _conflict(fact: dict) -> str:
    words = CONFLICTS.get(fact["kind"]) or _("A conflict of interest is on record.")
    if not fact.get("since"):
        return str(words)
    day = date_format(date.fromisoformat(fact["since"]))
    return _("%(conflict)s Since %(day)s.") % {"conflict": words, "day": day}


def _apart(fact: dict) -> str:
    if fact["why"] == "online":
        return _("She asks to meet online, and the mentor does not meet online.")
    if fact["why"] == "on_premises":
        return _("She asks to meet on the premises, and the mentor does not come to the premises.")
    if fact["why"] == "municipality":
        return _("The mentor comes to the premises in her own municipality only.")
    return _("The mentor comes to the premises in her own region only.")


def _full(fact: dict) -> str:
    if fact["capacity"] == 0:
        return _("The mentor takes nobody in this programme.")
    words = _("The mentor has no place left: she offered %(n)s.")
    return words % {"n": fact["capacity"] or fit.PLACES_UNSAID}


def lift_words(kind: str, names: Names, enrolment: int, mentor: int) -> str:
    return str(RULES[kind]) % names.pair(enrolment, mentor)


def functions_words(keys: list[str]) -> str:
    known = dict(Function.choices)
    return ", ".join(str(known.get(key, key)) for key in keys)


def language_word(code: str) -> str:
    return str(LANGUAGES.get(code, code))


def languages_words(codes: list[str]) -> str:
    return ", ".join(language_word(code) for code in codes)
