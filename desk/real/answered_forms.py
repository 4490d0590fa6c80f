"""The follow-up of 476 people who are not named, and 783 registrations, beside what was published of them."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from django.db.models import Avg, Count

from desk.real import Figure
from outcomes.models import Answer, Invitation

LEARNERS, WORKSHOPS, FORMS = "follow-up-2017", "registrations", "registrations_coderefinery"
SINGLE = {
    "Position": "position", "How-Many-Workshops": "workshops", "How-Long-Ago": "how_long_ago",
    "Change-In-Confidence": "confidence_change", "Contributed-To-Writing": "contributed",
    "Programming-Usage-Before-Workshop": "usage_before", "Programming-Usage-Since-Workshop": "usage_since",
}  # fmt: skip
SEVERAL = {
    "fields": "field", "behaviours": "behaviours", "how_tools_help": "tools_help",
    "involvement": "involvement", "tools_covered": "tools",
}  # fmt: skip
BASES = {"fields": 459, "behaviours": 392, "how_tools_help": 405}
SCALES = {
    "Made-Analyses-Reproducible": "reproducible", "Received-Professional-Recognition": "recognised",
    "Improved-Research-Productivity": "productive", "Motivated-Seek-Knowledge": "motivated",
    "Gained-Confidence-With-Data": "data_confidence", "Improved Coding Practices": "coding",
    "Skills-Advance-Career": "career",
}  # fmt: skip


def files(data: Path, shape: str) -> list[Path]:
    return sorted((data / FORMS / shape).rglob("*.csv"))


def source(file: Path) -> str:
    """Under which name the rows of a workshop are kept."""
    year = next(part for part in reversed(file.parts) if part.isdigit())
    return f"{file.stem}-{year}"


def learners(published: dict) -> Iterator[Figure]:
    people = Invitation.objects.filter(wave__programme__code=LEARNERS).count()
    yield Figure("follow_up.respondents", published["respondents"], people)
    for heading, code in SINGLE.items():
        ours = _counts(code)
        for words, said in published["single_choice"][heading].items():
            yield Figure(
                f"follow_up.{code}.{words}", *_count(said, ours[_word(ours, words)], sum(ours.values()))
            )
    for heading, code in SEVERAL.items():
        yield from _several(published["multiple_choice_with_percent"][heading], heading, code)
    texts = dict(
        Answer.objects.filter(invitation__wave__programme__code=LEARNERS, question__code="country")
        .values_list("text").annotate(Count("pk")).order_by()
    )  # fmt: skip
    for country, percent in published["country_percent_printed"].items():
        if country != "base":
            ours = round(1000 * texts[country] / people)
            yield Figure(f"follow_up.country.{country}.per_mille", round(percent * 10), ours)
    for heading, code in SCALES.items():
        yield from _scale(published["likert"]["from_data"][heading], code)


def _several(said: dict, heading: str, code: str) -> Iterator[Figure]:
    """Of those who ticked at least one of the answers that were offered."""
    ours = _counts(code)
    rows = Answer.objects.filter(invitation__wave__programme__code=LEARNERS, question__code=code)
    base = rows.exclude(choice__in=("", "other")).values("invitation").distinct().count()
    if heading in BASES:
        yield Figure(f"follow_up.{code}.base", BASES[heading], base)
    for words, one in said.items():
        if words != "base":
            number = ours[_word(ours, words)]
            yield Figure(f"follow_up.{code}.{words[:40]}", one[0] if isinstance(one, list) else one, number)
            if isinstance(one, list):
                yield Figure(
                    f"follow_up.{code}.{words[:40]}.per_mille", round(one[1] * 10), _share(number, base)
                )


def _scale(said: dict, code: str) -> Iterator[Figure]:
    rows = Answer.objects.filter(invitation__wave__programme__code=LEARNERS, question__code=code)
    counts = dict(rows.values_list("number").annotate(Count("pk")).order_by())
    yield Figure(f"follow_up.{code}.n", said["n"], sum(counts.values()))
    for value, number in enumerate(said["counts"], 1):
        yield Figure(f"follow_up.{code}.{value}", number, counts[value])
    mean = rows.aggregate(mean=Avg("number"))["mean"]
    yield Figure(f"follow_up.{code}.mean", round(said["mean"] * 100), round(float(mean) * 100))


def _counts(code: str) -> dict[str, int]:
    """By the words of the answer, how many gave it."""
    rows = Answer.objects.filter(invitation__wave__programme__code=LEARNERS, question__code=code)
    rows = rows.exclude(choice="").select_related("wording")
    found: dict[str, int] = {}
    for row in rows:
        words = {one["code"]: one["en"] for one in row.wording.choices}[row.choice]
        found[words] = found.get(words, 0) + 1
    return found


def _word(ours: dict[str, int], printed: str) -> str:
    """The answer that is printed so, or shortened: "more", "Using databases ... "."""
    if printed in ours:
        return printed
    said = set(re.findall(r"\w+", printed.casefold()))
    found = [words for words in ours if said <= set(re.findall(r"\w+", words.casefold()))]
    if len(found) != 1:
        raise LookupError(f"{printed}: {found}")
    return found[0]


def _count(said, ours: int, base: int) -> tuple[int, int]:
    """A count, or a count with its percent in one number: 19300445 is 193, 44.5 %."""
    if not isinstance(said, list):
        return said, ours
    return said[0] * 100_000 + round(said[1] * 10), ours * 100_000 + _share(ours, base)


def _share(number: int, base: int) -> int:
    return round(1000 * number / base)


def workshops(data: Path) -> Iterator[Figure]:
    """Rows of each file; and of some questions what is counted in the files by another way."""
    rows = Invitation.objects.filter(wave__programme__code=WORKSHOPS).values_list("source")
    ours = dict(rows.annotate(Count("pk")).order_by())
    every = [*files(data, "typeform"), *files(data, "indico")]
    yield Figure("registrations.files", 29, len(ours))
    yield Figure("registrations.answered", 783, sum(ours.values()))
    for file in every:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            yield Figure(
                f"registrations.{source(file)}", sum(1 for _row in csv.DictReader(lines)), ours[source(file)]
            )
