"""Real sessions and headcounts: what was published, or can be counted in their files by hand."""

from collections.abc import Iterator
from csv import DictReader
from datetime import UTC, datetime
from pathlib import Path

from django.db.models import Count, Q, Sum

from desk.real import Figure, load, run
from training.models import Headcount, Session

CARPENTRIES, RLADIES, SEEDS = "training_carpentries", "training_events_rladies", "programme_openseeds"
BY_DAY = {"registered": 7624, "day 1": 7547, "day 2": 6359}
BY_YEAR = {2012: 1424, 2013: 3361, 2014: 5205, 2015: 8334, 2016: 7821, 2017: 8258, 2018: 7151}
NAMED = "2018-01-18-UF-R"  # the row with more numbers than headings


def load_all(data: Path) -> list[dict]:
    """Three programmes of two organisations; returns what was refused of the headcounts by day."""
    for code, organisation in (("carpentries-days", "The Carpentries"), ("carpentries", "The Carpentries")):
        run("programme", code, "--organisation", organisation, "--name", code, "--zone", "UTC")
    run("programme", "rladies", "--organisation", "R-Ladies", "--name", "R-Ladies", "--zone", "UTC")
    folder = data / CARPENTRIES
    said = load(
        "headcounts",
        folder / "attendance.csv",
        "carpentries-days",
        "--skip-refused",
        columns="headcounts_by_day",
    )
    load("headcounts", folder / "all_workshops.csv", "carpentries", columns="headcounts_by_workshop")
    events = data / RLADIES / "events_2016-2018.csv"
    load("sessions", events, "rladies", columns="sessions_with_offsets")
    load("headcounts", events, "rladies", columns="headcounts_said_yes")
    return said["refused"]


def compare(data: Path, refused: list[dict]) -> Iterator[Figure]:
    yield from _by_day(refused)
    yield from _by_year()
    yield from _with_offsets(data)
    yield from _three_ways(data)


def _by_day(refused: list[dict]) -> Iterator[Figure]:
    lines = [one["row"] for one in refused]
    yield Figure(f"attendance.refused({NAMED})", 1, len(lines))
    counts = Headcount.objects.filter(programme__code="carpentries-days")
    found = dict(counts.values_list("of_what").annotate(Sum("number")))
    for name, published in BY_DAY.items():
        yield Figure(f"attendance.{name.replace(' ', '')}", published, found.get(name, 0))
    yield Figure("attendance.zeros_for_blanks", 0, counts.filter(number=0, of_what="registered").count())


def _by_year() -> Iterator[Figure]:
    counts = Headcount.objects.filter(programme__code="carpentries")
    yield Figure("workshops", 1869, counts.count())
    yield Figure("workshops.attendance_known", 1651, counts.exclude(number=None).count())
    found = dict(counts.values_list("session__day__year").annotate(Sum("number")))
    for year, published in BY_YEAR.items():
        yield Figure(f"workshops.{year}", published, found.get(year, 0))


def _with_offsets(data: Path) -> Iterator[Figure]:
    """The local days and instants as the file says them, counted without our reader."""
    with open(data / RLADIES / "events_2016-2018.csv", encoding="utf-8", newline="") as file:
        said = {row["event_id"]: row for row in DictReader(file)}
    rows = list(Session.objects.filter(programme__code="rladies"))
    yield Figure("rladies.sessions", 1081, len(rows))
    yield Figure("rladies.cancelled", 36, sum(row.cancelled_at is not None for row in rows))
    yield Figure(
        "rladies.local_day", 1081, sum(said[row.source_id]["dateTime"][:10] == str(row.day) for row in rows)
    )
    timed = [row for row in rows if row.starts_at]
    same = sum(
        datetime.fromisoformat(said[r.source_id]["dateTime"]).astimezone(UTC) == r.starts_at for r in timed
    )
    yield Figure("rladies.instants", len(timed), same)
    unknown = sum(row["duration"] == "PT0S" for row in said.values())
    yield Figure("rladies.length_unknown", unknown, sum(row.minutes is None for row in rows))
    counts = Headcount.objects.filter(programme__code="rladies", of_what="said yes")
    yield Figure(
        "rladies.said_yes",
        sum(int(row["rsvps_yes"]) for row in said.values()),
        counts.aggregate(n=Sum("number"))["n"],
    )


def _three_ways(data: Path) -> Iterator[Figure]:
    """ISO, `May 9, 2022`, and no day at all, as they stand in the file."""
    rows = Session.objects.filter(programme__tenant__name="Open Seeds")
    found = rows.aggregate(n=Count("pk"), dated=Count("pk", filter=Q(day__isnull=False)))
    yield Figure("seeds.calls", 193, found["n"])
    yield Figure("seeds.calls_with_a_day", 137, found["dated"])
