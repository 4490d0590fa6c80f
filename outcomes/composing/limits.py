"""What the figures of a summary cannot say, in sentences, worked out from the document itself."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.values import Claim, State
from outcomes.wording import number

FEW = 100  # people, below which one more or less moves a share by more than a point


def limits(figures: list[dict]) -> list[str]:
    answers = [one for one in figures if one.get("asked") and one["state"] == State.MEASURED]
    return [*_of_few(figures), *_of_answers(answers), *_of_gaps(figures)]


def _of_few(figures: list[dict]) -> Iterable[str]:
    people = next((one.get("value") for one in figures if one["code"] == "OP-01"), None)
    if people and people < FEW:
        words = ngettext(
            "%(n)s person took part: in a share she is %(points)s percentage points.",
            "%(n)s people took part: in a share of them one more or less is %(points)s percentage points.",
            people,
        )
        yield words % {"n": number(people), "points": number(100 / people, 1)}


def _of_answers(answers: list[dict]) -> Iterable[str]:
    if not answers:
        return
    words = ngettext(
        "%(n)s figure comes from what people said of themselves.",
        "%(n)s figures come from what people said of themselves.",
        len(answers),
    )
    yield words % {"n": number(len(answers))}
    few = sum(bool(one.get("counts_only")) for one in answers)
    if few:
        words = ngettext(
            "Of %(n)s of them too few answered for a percentage: it tells counts only.",
            "Of %(n)s of them too few answered for a percentage: they tell counts only.",
            few,
        )
        yield words % {"n": number(few)}
    claims = {one["claim"] for one in answers if one.get("claim")}
    if claims and Claim.COMPARED not in claims:
        yield _(
            "Nobody was asked who did not take part: what changed may have changed without the programme too."
        )


def _of_gaps(figures: list[dict]) -> Iterable[str]:
    missing = [one["name"] for one in figures if one["state"] == State.MISSING]
    due = [one["name"] for one in figures if one["state"] == State.NOT_YET_DUE]
    if missing:
        yield _("Missing, and not zero: %(names)s.") % {"names": "; ".join(missing)}
    if due:
        yield _("Not yet due: %(names)s.") % {"names": "; ".join(due)}
