"""The words of a summary, composed when it is built, in the language of the funding, and frozen with it.

Whole sentences with digits; what was not measured is not spoken of.
"""

from datetime import date
from typing import NamedTuple

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outcomes.values import Claim, Reason, Value

REASONS = {
    Reason.NOT_BEGUN: gettext_lazy("This has not begun yet."),
    Reason.NOT_OVER: gettext_lazy("Sessions are still to come; it is counted after the last one."),
    Reason.NO_SESSIONS: gettext_lazy("No session falls into this period."),
    Reason.NO_DATES: gettext_lazy("The sessions have no dates."),
    Reason.NO_MARKS: gettext_lazy("No register was filled."),
    Reason.NO_LENGTH: gettext_lazy("The sessions have no length."),
    Reason.NO_MODULES: gettext_lazy("The programme has no modules."),
    Reason.NO_ASSIGNMENTS: gettext_lazy("No mentor was assigned."),
    Reason.NO_MEETINGS: gettext_lazy("No meeting was logged."),
    Reason.NO_ROUNDS: gettext_lazy("There was no review round."),
    Reason.NO_IDEAS: gettext_lazy("No idea was written down."),
    Reason.NOBODY: gettext_lazy("There is nobody to count."),
    Reason.ONE_SIDE: gettext_lazy("Withheld: too few people stand on one side of this figure."),
    Reason.ONE_CATEGORY: gettext_lazy(
        "Withheld: too few people stand behind all categories but one, so no category can be told apart."
    ),
    Reason.NO_WAVE: gettext_lazy("This is not asked in the programme."),
    Reason.NOT_ASKED_YET: gettext_lazy("It has not been asked yet."),
    Reason.NOBODY_ASKED: gettext_lazy("Nobody was asked."),
    Reason.NO_ANSWERS: gettext_lazy("Nobody answered."),
    Reason.NO_NUMBERS: gettext_lazy("Nobody gave a number that can be read."),
    Reason.NO_GOALS: gettext_lazy("No goal was due."),
    Reason.NO_HOURS_AGREED: gettext_lazy("No hours were agreed."),
    Reason.NO_ENTERPRISES: gettext_lazy("No enterprise was supported."),
    Reason.NO_OWNERS: gettext_lazy("It is not known who owns the enterprises."),
    Reason.NO_COSTS: gettext_lazy("No cost was entered."),
    Reason.NO_SUCH: gettext_lazy("What it is counted from does not exist."),
    Reason.NO_DEFINITION: gettext_lazy("Nothing is counted for this line."),
    Reason.FEW_CONTRIBUTE: gettext_lazy(
        "Withheld: too few people stand behind this amount, or two of them make most of it."
    ),
    Reason.TOO_FEW_TO_CROSS: gettext_lazy("Withheld: too few people for a table by two properties."),
    Reason.NOT_TO_BE_HIDDEN: gettext_lazy(
        "Withheld: its small numbers could be worked out from the others, or most of it would be hidden."
    ),
    Reason.SUBTRACTION: gettext_lazy(
        "Withheld: beside what its reader has already it would tell of too few people."
    ),
}

# how far a figure may say that it was the programme's doing: "led to" stands in one of them only
CLAIMS = {
    Claim.COMPARED: gettext_lazy(
        "The programme led to this as far as it differs from those who did not take part."
    ),
    Claim.SAID: gettext_lazy(
        "The programme contributed to this: it is compared with before, and those asked say what it did."
    ),
    Claim.BEFORE_AND_AFTER: gettext_lazy("This is how it was after the programme, compared with before."),
    Claim.AFTER: gettext_lazy("This is how it was after the programme; how it was before was not asked."),
}


class Facts(NamedTuple):
    """What the paragraph tells beside the figures."""

    people: str  # Programme.Participants
    days: int
    first: date | None
    last: date | None
    municipalities: int
    completion_share: int | None  # none where programmes differ


def number(value: float | int, decimals: int = 0) -> str:
    """Rounded: Django's own cuts the digits off."""
    return formats.number_format(round(value, decimals), decimals, use_l10n=True, force_grouping=True)


def per_cent(value: float) -> str:
    return _("%(n)s %%") % {"n": number(round(value))}


def took_part(people: str, n: int) -> str:
    words = {
        "women": ngettext("%(n)s woman took part.", "%(n)s women took part.", n),
        "entrepreneurs": ngettext("%(n)s entrepreneur took part.", "%(n)s entrepreneurs took part.", n),
        "pupils": ngettext("%(n)s pupil took part.", "%(n)s pupils took part.", n),
        "guests": ngettext("%(n)s guest took part.", "%(n)s guests took part.", n),
    }
    return words[people] % {"n": number(n)}


def took_part_and_completed(people: str, n: int, completed: int) -> str:
    words = {
        "women": ngettext(
            "%(n)s woman took part, of whom %(completed)s completed.",
            "%(n)s women took part, of whom %(completed)s completed.",
            n,
        ),
        "entrepreneurs": ngettext(
            "%(n)s entrepreneur took part, of whom %(completed)s completed.",
            "%(n)s entrepreneurs took part, of whom %(completed)s completed.",
            n,
        ),
        "pupils": ngettext(
            "%(n)s pupil took part, of whom %(completed)s completed.",
            "%(n)s pupils took part, of whom %(completed)s completed.",
            n,
        ),
        "guests": ngettext(
            "%(n)s guest took part, of whom %(completed)s completed.",
            "%(n)s guests took part, of whom %(completed)s completed.",
            n,
        ),
    }
    return words[people] % {"n": number(n), "completed": number(completed)}


def participants_label(people: str) -> str:
    """Under the large number: what it is a number of."""
    return {
        "women": _("women took part"),
        "entrepreneurs": _("entrepreneurs took part"),
        "pupils": _("pupils took part"),
        "guests": _("guests took part"),
    }[people]


def ideas_sentence(n: int, carried: int | None) -> str:
    if carried:
        words = ngettext(
            "%(n)s idea was nominated, of which %(carried)s is carried on.",
            "%(n)s ideas were nominated, of which %(carried)s are carried on.",
            n,
        )
        return words % {"n": number(n), "carried": number(carried)}
    return ngettext("%(n)s idea was nominated.", "%(n)s ideas were nominated.", n) % {"n": number(n)}


def heading(values: dict[str, Value], facts: Facts) -> str:
    """What is the case, in one or two sentences."""
    people, completion, ideas = values["OP-01"], values["OP-07"], values["OP-09"]
    if not people.is_measured:
        return str(REASONS[people.reason])
    if completion.is_measured:
        said = [took_part_and_completed(facts.people, people.value, completion.numerator)]
    else:
        said = [took_part(facts.people, people.value)]
    if ideas.is_measured and ideas.value:
        said.append(ideas_sentence(ideas.value, values["OP-09.3"].value))
    return " ".join(said)


def lead(values: dict[str, Value], facts: Facts) -> str:
    """The paragraph under it."""
    return " ".join(sentence for sentence in [*_of_training(values, facts), *_of_mentors(values)] if sentence)


def _of_training(values: dict[str, Value], facts: Facts) -> list[str]:
    said = [_days(facts)]
    if values["OP-01"].is_measured and facts.municipalities > 1:
        words = ngettext(
            "Those who took part came from %(n)s municipality.",
            "Those who took part came from %(n)s municipalities.",
            facts.municipalities,
        )
        said.append(words % {"n": number(facts.municipalities)})
    if values["OP-05"].is_measured:
        hours = round(values["OP-05"].value)
        words = ngettext(
            "Together they received %(n)s hour of training.",
            "Together they received %(n)s hours of training.",
            hours,
        )
        said.append(words % {"n": number(hours)})
    if values["OP-07"].is_measured and facts.completion_share:
        said.append(
            _("Whoever attended at least %(share)s of the planned hours completed the programme.")
            % {"share": per_cent(facts.completion_share)}
        )
    return said


def _days(facts: Facts) -> str:
    if not facts.days:
        return ""
    first, last = (formats.date_format(day, "DATE_FORMAT") for day in (facts.first, facts.last))
    if facts.days == 1:
        return _("On %(day)s training was held.") % {"day": first}
    words = ngettext(
        "From %(first)s to %(last)s training was held on %(n)s day.",
        "From %(first)s to %(last)s training was held on %(n)s days.",
        facts.days,
    )
    return words % {"n": number(facts.days), "first": first, "last": last}


def _of_mentors(values: dict[str, Value]) -> list[str]:
    said = []
    if values["OP-08.2"].is_measured:
        met = values["OP-08.2"].value
        words = ngettext("Mentors met %(n)s person.", "Mentors met %(n)s people.", met)
        said.append(words % {"n": number(met)})
    if values["OP-08"].is_measured:
        hours = round(values["OP-08"].value)
        words = ngettext("Their meetings took %(n)s hour.", "Their meetings took %(n)s hours.", hours)
        said.append(words % {"n": number(hours)})
    if values["OP-09.2"].is_measured:
        judged = values["OP-09.2"].value
        words = ngettext(
            "%(n)s idea was judged by at least one mentor.",
            "%(n)s ideas were judged by at least one mentor.",
            judged,
        )
        said.append(words % {"n": number(judged)})
    return said
