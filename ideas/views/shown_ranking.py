"""What the pages of ranking and deciding show: rows of keys become rows of ideas."""

from collections.abc import Iterable, Sequence

from django.db.models import Count

from ideas.models import Decision, Idea, Round, Seat, Selection
from ideas.ranking import Cut
from ideas.ranking.words import agreement_words, overlap_words

NAMED = 6  # so many ideas are named; the rest is counted
VERDICTS = dict(Decision.Verdict.choices)


def named(keys: Iterable[int]) -> dict:
    """{"ideas": the first of them, "more": how many others, "n"}."""
    keys = list(keys)
    rows = Idea.objects.select_related("text").in_bulk(keys[:NAMED])
    shown = [rows[pk] for pk in keys[:NAMED] if pk in rows]
    return {"ideas": shown, "more": len(keys) - len(keys[:NAMED]), "n": len(keys)}


def rows(
    page: Sequence[dict], line: Cut, *, total: int, shortlisted: int, decided: dict | None = None
) -> list:
    """The rows of one page. `decided`: (verdict, by hand) by idea, once the round is decided."""
    ideas = Idea.objects.select_related("text").in_bulk([row["idea"] for row in page])
    either, tied = set(line.either), set(line.tied)
    verdicts = list(line.verdicts)
    last = verdicts[shortlisted - 1] if 0 < shortlisted < len(verdicts) else None
    shown = []
    for row in page:
        verdict, by_hand = (decided or {}).get(row["idea"], (line.verdicts.get(row["idea"], ""), False))
        shown.append(
            {
                "idea": ideas.get(row["idea"]),
                "row": row,
                "verdict": VERDICTS.get(verdict, ""),
                "tone": {"shortlisted": "leaf", "waiting": "sun", "declined": "clay"}.get(verdict, ""),
                "by_hand": by_hand,
                "either": row["idea"] in either and not decided,
                "tied": row["idea"] in tied and not decided,
                "is_last_above": row["idea"] == last and not decided,
                "others": total,
            }
        )
    return shown


def summary(found: dict, line: Cut, selection: Selection | None = None) -> dict:
    """What stands above the table; of a decided round the counts are what was decided."""
    return {
        "agreement": agreement_words(found),
        "overlap": overlap_words(found),
        "counts": counted(selection) if selection else {one: line.counted(one) for one in VERDICTS},
        "tied": named(line.tied),
        "coming": named(line.in_by_other),
        "going": named(line.out_by_other),
        "on_its_line": named(line.line_by_other),
        "either": len(line.either),
        "unjudged": named(line.unjudged),
    }


def counted(selection: Selection) -> dict[str, int]:
    rows = selection.decisions.order_by().values_list("verdict").annotate(n=Count("pk"))
    return dict.fromkeys(VERDICTS, 0) | dict(rows)


def judges(round: Round, found: dict) -> list[dict]:
    """How strict each reviewer is beside the others, the mildest first."""
    seats = Seat.objects.filter(round=round).select_related("reviewer").in_bulk()
    known = [
        {"reviewer": seats[row["seat"]].reviewer, **row} for row in found["judges"] if row["seat"] in seats
    ]
    return sorted(known, key=lambda row: (-(row["off"] or 0), row["seat"]))
