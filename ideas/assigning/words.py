"""What a run says, in the reader's language. Names are joined here and on the page only."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ideas.assigning.fit import BARRIERS
from ideas.assigning.standing import Change
from ideas.sectors import sector_name
from mentoring.conflicts.missing import WORDS as MISSING
from mentoring.matching.words import language_word

FACTORS = {"sector": gettext_lazy("The same sector"), "language": gettext_lazy("A language in common")}


def reason(idea: dict, points: dict) -> str:
    """Why this idea lies on this desk, from the row of the idea in the facts and what counted."""
    said = {"sector": sector_name(idea["sector"]), "language": language_word(idea["language"])}
    if points.keys() >= {"sector", "language"}:
        return _("Her sector is the idea's (%(sector)s), and she reads its language (%(language)s).") % said
    if "sector" in points:
        return _("Her sector is the idea's: %(sector)s.") % said
    if "language" in points:
        return _("She reads its language (%(language)s); no sector in common is on record.") % said
    return _("She has room for it; no sector and no language in common are on record.")


def why(line: dict) -> list[str]:
    """Which rules keep how many reviewers from an idea that falls short."""
    return [_kept(rule, n) for rule, n in line["why"].items()] + [_binds(line)]


def _kept(rule: str, n: int) -> str:
    words = {
        "conflict": ngettext(
            "%(n)s reviewer has a conflict of interest.", "%(n)s reviewers have a conflict of interest.", n
        ),
        "before": ngettext("%(n)s reviewer gave it back.", "%(n)s reviewers gave it back.", n),
        "language": ngettext(
            "%(n)s reviewer does not read its language.", "%(n)s reviewers do not read its language.", n
        ),
        "full": ngettext(
            "%(n)s reviewer has as many ideas as she takes.",
            "%(n)s reviewers have as many ideas as they take.",
            n,
        ),
    }
    return words[rule] % {"n": n}


def _binds(line: dict) -> str:
    if line["binds"] == "caps":
        return _("What stands in the way is how many ideas the reviewers take.")
    return _("What stands in the way is that too few reviewers may judge it.")


def helps(change: dict, names: dict[int, str]) -> str:
    """A change that was tried and helps. `names`: reviewers by seat."""
    kind, n = change["kind"], change.get("n", change.get("by", 1))
    if kind == "cap":
        name = names.get(change["seat"]) or _("a reviewer who is not here any more")
        return _("Let %(name)s take one idea more.") % {"name": name}
    if kind == "caps":
        words = ngettext(
            "Let every reviewer take %(n)s idea more.", "Let every reviewer take %(n)s ideas more.", n
        )
    elif kind == "reviewers" and change.get("language"):
        words = ngettext(
            "Add %(n)s reviewer without a conflict who reads %(language)s.",
            "Add %(n)s reviewers without a conflict who read %(language)s.",
            n,
        )
    elif kind == "reviewers":
        words = ngettext(
            "Add %(n)s reviewer without a conflict.", "Add %(n)s reviewers without a conflict.", n
        )
    else:
        words = ngettext("Ask for %(n)s review an idea.", "Ask for %(n)s reviews an idea.", n)
    return words % {"n": n, "language": language_word(change.get("language", ""))}


def idle(counts: dict[str, int]) -> list[str]:
    """Why a reviewer has no idea at all: how many each rule kept from her, and how many none did ("")."""
    if counts.get("full"):
        return [_("She takes none.")]
    return [_idle(rule, counts[rule]) for rule in (*BARRIERS, "") if counts.get(rule)]


def _idle(rule: str, n: int) -> str:
    words = {
        "conflict": ngettext(
            "%(n)s idea with a conflict of interest.", "%(n)s ideas with a conflict of interest.", n
        ),
        "before": ngettext("%(n)s idea that she gave back.", "%(n)s ideas that she gave back.", n),
        "language": ngettext(
            "%(n)s idea in a language that she does not read.",
            "%(n)s ideas in a language that she does not read.",
            n,
        ),
        "": ngettext(
            "%(n)s idea that others have by now, or suit better.",
            "%(n)s ideas that others have by now, or suit better.",
            n,
        ),
    }
    return words[rule] % {"n": n}


def missing(counts: dict[str, dict[str, int]]) -> list[str]:
    """What was not on record when a run was made and could hide a conflict."""
    found = []
    for side, words in (
        ("reviewers", _("Of %(of)s reviewers, %(n)s: %(what)s.")),
        ("nominators", _("Of %(of)s people who nominated, %(n)s: %(what)s.")),
    ):
        known = counts.get(side, {})
        found += [
            words % {"of": known["of"], "n": known[kind], "what": what}
            for kind, what in MISSING.items()
            if known.get(kind)
        ]
    return found


def change(one: Change) -> str:
    """What is not as it was when the run was made."""
    n = one.n
    words = {
        ("ideas", "added"): ngettext("%(n)s idea came.", "%(n)s ideas came.", n),
        ("ideas", "removed"): ngettext(
            "%(n)s idea waits no more to be judged.", "%(n)s ideas wait no more to be judged.", n
        ),
        ("ideas", "changed"): ngettext(
            "%(n)s idea has another sector or language.", "%(n)s ideas have another sector or language.", n
        ),
        ("seats", "added"): ngettext("%(n)s reviewer came.", "%(n)s reviewers came.", n),
        ("seats", "removed"): ngettext("%(n)s reviewer left.", "%(n)s reviewers left.", n),
        ("seats", "changed"): ngettext(
            "Of %(n)s reviewer something else is known, or she takes another number of ideas.",
            "Of %(n)s reviewers something else is known, or they take another number of ideas.",
            n,
        ),
        ("conflicts", "added"): ngettext(
            "%(n)s conflict of interest came up.", "%(n)s conflicts of interest came up.", n
        ),
        ("conflicts", "removed"): ngettext(
            "%(n)s conflict of interest is gone.", "%(n)s conflicts of interest are gone.", n
        ),
        ("tasks", "added"): ngettext(
            "%(n)s review was laid on a desk.", "%(n)s reviews were laid on desks.", n
        ),
        ("tasks", "removed"): ngettext(
            "%(n)s review is of an idea that waits no more.",
            "%(n)s reviews are of ideas that wait no more.",
            n,
        ),
        ("tasks", "changed"): ngettext(
            "%(n)s review was handed in or given back.", "%(n)s reviews were handed in or given back.", n
        ),
        ("coverage", "changed"): ngettext(
            "An idea shall have %(n)s review now.", "An idea shall have %(n)s reviews now.", n
        ),
    }
    return words[one.what, one.how] % {"n": n}


def conflict() -> str:
    return _("A conflict of interest is on record.")
