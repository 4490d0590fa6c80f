"""`manage.py load headcounts`, and sessions with moments and offsets."""

from datetime import date, time

import pytest
from django.utils import timezone

from desk.loading.door import KINDS
from desk.loading.engine import load as take
from desk.loading.kinds import Target
from desk.loading.trail import Trail, undo
from lib import sheets
from tests.factories import make_programme, make_session
from training.models import Headcount, Session

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def programme():
    return make_programme(code="p1", zone="Europe/Belgrade")


def load(programme, kind, text, trail=None, **options):
    table = sheets.read(text.strip().encode(), filename="file.csv")
    return take(KINDS[kind], table, Target(programme, NOW), trail=trail, **options)


def counted(programme):
    rows = Headcount.objects.filter(programme=programme).order_by("pk")
    return list(rows.values_list("session__title", "session__day", "of_what", "number"))


BY_DAY = """
Slug,Registered,Day1,Day2
2015-08-20-msu,,18,12
2016-05-23-okstate,35,23,22
2016-05-23-okstate,25,23,
2018-01-18-uf,30,18,12,11,17
"""


def test_columns_of_numbers_by_session_and_what_is_too_long_is_refused_by_name(programme):
    report = load(programme, "headcounts", BY_DAY)
    [refusal] = report.refused
    assert (refusal.row, refusal.column, refusal.value, report.written) == (5, "E", "11", False)
    assert not Headcount.objects.exists()
    report = load(programme, "headcounts", BY_DAY, skip_refused=True)
    msu, ok = (date(2015, 8, 20), date(2016, 5, 23))
    assert counted(programme) == [
        ("2015-08-20-msu", msu, "day 1", 18),
        ("2015-08-20-msu", msu, "day 2", 12),
        ("2016-05-23-okstate", ok, "registered", 35),
        ("2016-05-23-okstate", ok, "day 1", 23),
        ("2016-05-23-okstate", ok, "day 2", 22),
        ("2016-05-23-okstate", ok, "registered", 25),
        ("2016-05-23-okstate", ok, "day 1", 23),
    ]
    assert Session.objects.filter(programme=programme).count() == 2
    again = load(programme, "headcounts", BY_DAY, skip_refused=True)
    assert (again.created, again.updated, again.unchanged, again.written) == (0, 0, 3, False)


def test_undone_with_the_sessions_it_made(programme):
    trail = Trail()
    load(programme, "headcounts", BY_DAY, skip_refused=True, trail=trail)
    undo(trail.parts(), by=None, now=NOW)
    assert (Headcount.objects.count(), Session.objects.count()) == (0, 0)


def test_one_number_a_row_blank_is_unknown(programme):
    make_session(programme, title="Cluster day", day=date(2025, 3, 1))
    text = (
        "session,day,number,of_what,country,how\nCluster day,,150,guests,RS,procena\n,1.3.2025.,,guests,de,\n"
    )
    report = load(programme, "headcounts", text)
    assert (report.refused, report.created) == ([], 2)
    rows = Headcount.objects.order_by("pk").values_list("session__title", "number", "country", "how")
    assert list(rows) == [("Cluster day", 150, "RS", "estimated"), ("Cluster day", None, "DE", "counted")]


@pytest.mark.parametrize(
    ("line", "column", "rule"),
    [
        ("Fair,2025-03-01,many,guests,RS", "number", "This is no whole number."),
        (
            "Fair,2025-03-01,5,guests,Narnia",
            "country",
            "“NARNIA” is no country: write the two letters of ISO 3166-1, as RS.",
        ),
        ("Fair,2025-03-01,5,,RS", "of_what", "Say who or what was counted."),
        (",2025-03-01,5,guests,RS", "day", "No session of this programme is on this day."),
        ("Fair,2025-03-01,-5,guests,RS", "number", "Ensure this value is greater than or equal to 0."),
    ],
)
def test_refused_by_cell(programme, line, column, rule):
    report = load(programme, "headcounts", f"session,day,number,of_what,country\n{line}\n", skip_refused=True)
    assert [(one.row, one.column, one.rule) for one in report.refused] == [(2, column, rule)]
    assert not Session.objects.exists()


MOMENTS = """
event_id,title,dateTime,duration,status
1,社群,2016-12-27T19:30:00+08:00,PT1H30M,PAST
2,Sydney,2017-09-24T22:00:00+10:00,PT30M,CANCELLED
3,Belgrade,2017-07-01T18:00:00+02:00,PT2H,PAST
4,Unknown,2017-07-02T18:00:00-05:00,PT0S,PAST
5,Long,2017-07-03T18:00:00Z,PT29H,PAST
6,Tehran,2017-01-03T18:00:00+03:30,PT1H,PAST
"""


def test_moments_with_offsets_are_local_days_with_instants(programme):
    report = load(programme, "sessions", MOMENTS)
    assert (report.refused, report.created) == ([], 6)
    assert report.meant == ["Column dateTime is the day with the time of day, guessed."]
    assert report.warnings == ["“Long” lasts beyond its day: its day and length are kept, not its times."]
    rows = Session.objects.order_by("source_id").values_list("day", "start", "end", "zone", "minutes")
    assert list(rows) == [
        (date(2016, 12, 27), time(19, 30), time(21), "Etc/GMT-8", 90),
        (date(2017, 9, 24), time(22), time(22, 30), "Etc/GMT-10", 30),
        (date(2017, 7, 1), time(18), time(20), "Europe/Belgrade", 120),
        (date(2017, 7, 2), None, None, "Etc/GMT+5", None),
        (date(2017, 7, 3), None, None, "UTC", 1740),
        (date(2017, 1, 3), time(18), time(19), "Asia/Tehran", 60),
    ]
    first = Session.objects.get(source_id="1")
    assert first.starts_at.isoformat() == "2016-12-27T11:30:00+00:00"
    assert list(Session.objects.exclude(cancelled_at=None).values_list("title", flat=True)) == ["Sydney"]
    again = load(programme, "sessions", MOMENTS)
    assert (again.refused, again.created, again.updated, again.unchanged) == ([], 0, 0, 6)


def test_what_a_later_file_cancels_can_be_taken_back(programme):
    load(programme, "sessions", MOMENTS)
    trail = Trail()
    report = load(programme, "sessions", MOMENTS.replace("PT2H,PAST", "PT2H,CANCELLED"), trail=trail)
    assert (report.updated, report.unchanged) == (1, 5)
    undo(trail.parts(), by=None, now=NOW)
    assert Session.objects.get(source_id="3").cancelled_at is None


def test_two_sessions_in_one_place_are_refused_in_words(programme):
    text = "title,day,start,end,venue\nOne,2025-03-01,9:00,12:00,Sala\nTwo,2025-03-01,11:00,13:00,Sala\n"
    report = load(programme, "sessions", text, skip_refused=True)
    [refusal] = report.refused
    assert (refusal.row, report.created) == (3, 1)
    assert "One" in refusal.rule
    assert "Sala" in refusal.rule
