"""What an assigning run is computed from, frozen when it is asked for: keys and values, nobody's name."""

from collections.abc import Iterable
from datetime import datetime

from ideas import conflicts
from ideas.models import Idea, ReviewTask, Round, Seat
from lib import clock, fingerprints
from mentoring.models import Mentor

FINGERPRINTED = ("coverage", "ideas", "seats", "conflicts", "tasks")

Facts = dict


def gather(round: Round, ideas: Iterable[Idea], now: datetime) -> Facts:
    """What it is to judge (`ideas`, with their texts), who judges, what lies on desks, what stands between
    them. A constant number of queries; the same records give the same facts, whatever their order."""
    today = clock.local(now, round.programme.zone).date()
    ideas, seats = sorted(ideas, key=lambda idea: idea.number), _seated(round)
    people = [seat.reviewer for seat in seats.values()]
    found = conflicts.found(people, ideas, today)
    seat_of = {seat.reviewer_id: pk for pk, seat in seats.items()}
    return {
        "programme": round.programme.code,
        "round": round.number,
        "coverage": round.coverage,
        "today": today.isoformat(),
        "ideas": [idea_row(idea) for idea in ideas],
        "seats": _seat_rows(round, seats),
        "conflicts": sorted([seat_of[reviewer], idea] for reviewer, idea in found),
        "tasks": _tasks(round, {idea.pk for idea in ideas}),
        "missing": conflicts.missing(people, ideas),
    }


def fingerprint(facts: Facts, result: dict | None = None) -> str:
    """Of everything that a run follows from, and of what followed. The day alone changes nothing."""
    what = [{name: facts[name] for name in FINGERPRINTED}] + ([result] if result is not None else [])
    return fingerprints.fingerprint(what)


def idea_row(idea: Idea) -> dict:
    language = idea.text.language if idea.text else ""
    return {
        "idea": idea.pk,
        "number": idea.number,
        "sector": idea.sector,
        "language": spoken(language),
    }


def seat_row(n: int, seat: Seat, mentor: Mentor | None) -> dict:
    return {
        "seat": seat.pk,
        "n": n,
        "reviewer": seat.reviewer_id,
        "cap": seat.cap,
        "sectors": sorted(set(mentor.sectors)) if mentor else [],
        "languages": sorted({spoken(code) for code in mentor.languages}) if mentor else [],
    }


def spoken(code: str) -> str:
    """Serbian is one language, whatever its letters."""
    return code.split("-")[0]


def _seated(round: Round) -> dict[int, Seat]:
    rows = round.seats.filter(left_at=None).select_related("reviewer").order_by("pk")
    return {seat.pk: seat for seat in rows}


def _seat_rows(round: Round, seats: dict[int, Seat]) -> list[dict]:
    """Numbered in the order in which they were put into the round, those who left too."""
    numbers = {pk: n for n, pk in enumerate(round.seats.order_by("pk").values_list("pk", flat=True), 1)}
    people = [seat.reviewer_id for seat in seats.values()]
    known = {row.person_id: row for row in Mentor.objects.filter(person__in=people)}
    return [seat_row(numbers[pk], seat, known.get(seat.reviewer_id)) for pk, seat in seats.items()]


def _tasks(round: Round, ideas: set[int]) -> list[list]:
    """[seat, idea, state] of what was ever laid on a desk of the round."""
    rows = ReviewTask.objects.filter(seat__round=round).order_by("seat", "idea")
    rows = rows.values_list("seat", "idea", "state")
    return [[seat, idea, state] for seat, idea, state in rows if idea in ideas]
