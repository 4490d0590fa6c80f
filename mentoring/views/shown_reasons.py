"""Why a person of a run got her mentor and no other, joined with names."""

from typing import NamedTuple

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.forms.matching import said_of
from mentoring.matching import changes_words, explaining, fit
from mentoring.matching.words import FACTORS, Names, barrier_words, language_word, lift_words
from mentoring.models import MatchingRun
from mentoring.views.shown_runs import Factor, factors
from training.models import Enrolment


class Reason(NamedTuple):
    """One mentor, and how she stands to a person in a run."""

    mentor: int
    name: str
    is_hers: bool
    fit: int
    factors: list[Factor]
    why: list[str]
    holders: list[tuple[int, str, int]]  # who has her places: key, name, fit


class Tried(NamedTuple):
    """The smallest change that gives a person a mentor, and the form that runs it."""

    words: list[str]
    moved: int
    weights: dict[str, int]
    tried: list[str]
    unpins: bool


def person_of(run: MatchingRun, pk: int) -> Enrolment:
    """Somebody whom the run is about; 404 for anybody else."""
    rows = Enrolment.objects.filter(programme=run.programme_id, pk=pk).select_related("person", "enterprise")
    found = rows.first()
    if found is None or pk not in {row["enrolment"] for row in run.facts["people"]}:
        raise Http404
    return found


def mentors(run: MatchingRun, pk: int, names: Names) -> list[Reason]:
    return [
        Reason(
            mentor=one.mentor,
            name=names.mentor(one.mentor),
            is_hers=one.kind == "chosen",
            fit=one.fit,
            factors=factors(run, pk, one.mentor, one.points),
            why=_why(one),
            holders=[(h["enrolment"], names.person(h["enrolment"]), h["fit"]) for h in one.holders],
        )
        for one in explaining.for_person(run.facts, run.weights, run.result, pk)
    ]


def _why(one: explaining.Standing) -> list[str]:
    if one.kind == "chosen":
        return []
    if one.kind == "barred":
        return [barrier_words(barrier) for barrier in one.barriers]
    if one.kind == "pinned":
        return [_("She is pinned to another mentor.")]
    if one.kind == "full_of":
        return [_("The places of this mentor went to others, which fits best in all.")]
    if one.than is None:
        return [_("A place was free, and yet she was not placed.")]
    if one.than > one.fit:
        return [_("The proposed mentor fits better: %(than)s against %(fit)s.") % one._asdict()]
    return [_("The proposed mentor fits as well, and so it is best in all.")]


def help_for(found: list[explaining.Help], pk: int, names: Names) -> list[tuple[str, int | None]]:
    """What would place somebody who was not, in words; with the mentor whose page says more."""
    return [(_help(one, pk, names), one.fact.get("mentor")) for one in found]


def _help(one: explaining.Help, pk: int, names: Names) -> str:
    fact = one.fact
    if one.kind == "no_mentors":
        return _("Mentors are needed: there is none who could be asked.")
    if one.kind == "language":
        words = _("A mentor is needed who speaks %(language)s: none does.")
        return words % {"language": language_word(fact["language"])}
    if one.kind == "places":
        words = ngettext(
            "%(n)s more place with %(mentor)s would do.",
            "%(n)s more places with %(mentor)s would do.",
            fact["places"],
        )
        return words % {"n": fact["places"], "mentor": names.mentor(fact["mentor"])}
    if one.kind == "rule":
        return " ".join(lift_words(kind, names, pk, fact["mentor"]) + "." for kind in fact["rules"])
    by = [(kind, fact["by"][kind]) for kind in fit.BARRIERS if kind in fact["by"]]
    said = "; ".join(changes_words.stood(kind, n) for kind, n in by)
    return _("Every mentor is ruled out for her: %(why)s.") % {"why": said}


def may_pin(run: MatchingRun, pk: int, mentor: int) -> bool:
    """Is there no rule between the two?"""
    person = next(row for row in run.facts["people"] if row["enrolment"] == pk)
    guide = next(row for row in run.facts["mentors"] if row["mentor"] == mentor)
    return not fit.barriers(person, guide, run.facts)


def change(
    run: MatchingRun, found: explaining.Change | None, pk: int, mentor: int, names: Names
) -> Tried | None:
    """The change in words, and as a form that runs it."""
    if found is None:
        return None
    weights, tried = dict(run.weights), said_of(run.facts["tried"])
    if found.kind == "weight":
        weights[found.factor] = found.after
        said = {"factor": FACTORS[found.factor], "before": found.before, "after": found.after}
        words = [_("The weight of “%(factor)s” %(after)s instead of %(before)s") % said]
    elif found.kind == "capacity":
        tried.append(f"capacity:{mentor}:{found.after}")
        words = [changes_words.capacity(names, mentor, found.after)]
    elif found.kind == "rule":
        tried += [f"lifted:{pk}:{mentor}:{kind}" for kind in found.rules]
        words = [lift_words(kind, names, pk, mentor) for kind in found.rules]
    else:
        said = {"mentor": names.mentor(found.before)}
        words = [_("She is not pinned to %(mentor)s any more") % said]
    return Tried(words, found.moved, weights, tried, found.kind == "pin")
