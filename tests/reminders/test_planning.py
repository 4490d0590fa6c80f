"""The planner: wall time, quiet hours, choices; any number of them; what is bad is left out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections

from reminders import services
from reminders.kinds import KINDS
from reminders.kinds.due import Due
from reminders.models import Channel, Preference, QuietHours, Reminder, Rhythm, Rule
from tests.factories import (
    NOW,
    TODAY,
    make_enrolment,
    make_entry,
    make_person,
    make_programme,
    make_rule,
    make_session,
)
from training.models import Enrolment

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
EVENING = datetime(2025, 3, 12, 17, 0, tzinfo=UTC)  # 18:00 in Belgrade
TOMORROW_KIND = Rule.Kind.SESSION_TOMORROW
ZONES = (
    "Europe/Belgrade", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca",
    "Pacific/Auckland",
)  # fmt: skip
CHANGES = ((date(2027, 3, 25), 5), (date(2027, 10, 28), 5))


@pytest.fixture
def entry():
    return make_entry(make_session(day=TOMORROW))


def planned() -> Reminder:
    return Reminder.objects.get()


def only_tomorrow(programme, **fields) -> Rule:
    """Its one rule that is on."""
    rules = [Rule(programme=programme, kind=kind, is_on=False) for kind in KINDS if kind != TOMORROW_KIND]
    Rule.objects.bulk_create(rules)
    return make_rule(programme, kind=TOMORROW_KIND, **{"at_hour": 18, "after_days": 1} | fields)


# --- P9


@pytest.mark.parametrize(("first", "days"), CHANGES)
def test_every_promised_hour_around_both_changes_is_kept_in_six_zones(first, days):
    """At 02:00 of a night that leaves it out, the first minute that exists."""
    wrong, seen, skipped = [], 0, 0
    for zone in ZONES:
        for session in (make_session(day=first + timedelta(days=n + 1), zone=zone) for n in range(days)):
            for hour in range(24):
                at = KINDS[TOMORROW_KIND].at(session, hour).astimezone(ZoneInfo(zone))
                day, seen = session.day - timedelta(days=1), seen + 1
                exists = at.replace(tzinfo=None) == datetime.combine(day, time(hour))
                gap = (
                    at.utcoffset()
                    != (at - timedelta(hours=2)).astimezone(UTC).astimezone(at.tzinfo).utcoffset()
                )
                skipped += not exists
                if not exists and not (
                    gap and at.date() == day and hour < at.hour + at.minute / 60 <= hour + 1
                ):
                    wrong.append((zone, day, hour, at))
    assert (wrong, seen) == ([], len(ZONES) * days * 24)
    assert skipped <= 2


@pytest.mark.parametrize(("first", "days"), CHANGES)
def test_the_evening_before_is_planned_at_its_wall_time_around_both_changes(first, days):
    programme = make_programme(start=first, end=None)
    only_tomorrow(programme)
    for n in range(days):
        for zone in ZONES:
            make_entry(make_session(programme, day=first + timedelta(days=n + 1), zone=zone))
    QuietHours.objects.create(programme=programme, starts=time(1), ends=time(1))
    assert services.plan(datetime.combine(first, time(), UTC) - timedelta(days=1)) == days * len(ZONES)
    said = Reminder.objects.order_by("pk").values_list("due_at", "subject_id")
    found = {
        (
            at.astimezone(ZoneInfo(session.zone)).time(),
            at.astimezone(ZoneInfo(session.zone)).date() < session.day,
        )
        for at, pk in said
        for session in [programme.sessions.get(pk=pk)]
    }
    assert found == {(time(18), True)}


# --- P21


@pytest.mark.parametrize(
    ("zone", "hour", "wanted"),
    [
        ("", 18, None),
        ("", 22, "22:00"),  # the session is at 10: 08:00 is early enough
        ("Asia/Kathmandu", 18, "22:45"),  # her evening, not the session's
        ("America/New_York", 18, None),
    ],
)
def test_quiet_hours_are_those_of_who_reads_it(entry, zone, hour, wanted):
    type(entry.enrolment.person).objects.update(zone=zone)
    only_tomorrow(entry.session.programme, at_hour=hour)
    services.plan(NOW)
    row, here = planned(), ZoneInfo(zone or "Europe/Belgrade")
    assert (row.wanted_at and f"{row.wanted_at.astimezone(here):%H:%M}") == wanted
    at = row.due_at.astimezone(here)
    assert (
        (at.time(), at.date()) == (time(8), TOMORROW)
        if wanted
        else at.time() == row.due_at.astimezone(here).time()
    )
    assert row.due_at < row.send_before


def test_what_would_come_too_late_comes_before_they_begin(entry):
    type(entry.session).objects.update(
        start=time(8), starts_at=datetime(2025, 3, 13, 7, 0, tzinfo=UTC), revision=2
    )
    only_tomorrow(entry.session.programme, at_hour=23)
    services.plan(NOW)
    row = planned()
    assert (row.due_at, row.wanted_at) == (
        EVENING + timedelta(hours=2, minutes=55),
        EVENING + timedelta(hours=5),
    )


def test_what_is_for_now_passes(entry, monkeypatch):
    only_tomorrow(entry.session.programme, at_hour=23)
    monkeypatch.setattr(type(KINDS[TOMORROW_KIND]), "passes_quiet", True)
    services.plan(NOW)
    assert (planned().due_at, planned().wanted_at) == (EVENING + timedelta(hours=5), None)


def test_quiet_hours_that_change_move_what_is_planned(entry):
    only_tomorrow(entry.session.programme, at_hour=20)
    services.plan(NOW)
    assert planned().due_at == EVENING + timedelta(hours=2)
    QuietHours.objects.create(programme=entry.session.programme, starts=time(19), ends=time(7))
    assert services.plan(NOW) == 0
    assert (planned().due_at, planned().wanted_at) == (
        datetime(2025, 3, 13, 6, 0, tzinfo=UTC),
        EVENING + timedelta(hours=2),
    )


# --- who chose what


@pytest.mark.parametrize(
    ("kind", "channel", "rhythm", "found"),
    [
        (TOMORROW_KIND, "", Rhythm.AT_ONCE, (EVENING, "email", "at_once")),
        (TOMORROW_KIND, "message", Rhythm.AT_ONCE, (EVENING, "message", "at_once")),
        ("", "message", Rhythm.DAILY, (datetime(2025, 3, 13, 7, tzinfo=UTC), "message", "daily")),
        (TOMORROW_KIND, "email", Rhythm.WEEKLY, (EVENING, "email", "at_once")),  # Monday is too late
        (TOMORROW_KIND, Preference.NOTHING, Rhythm.AT_ONCE, None),
        ("", Preference.NOTHING, Rhythm.AT_ONCE, None),
        (Rule.Kind.OFFER_WAITING, Preference.NOTHING, Rhythm.AT_ONCE, (EVENING, "email", "at_once")),
    ],
)
def test_her_choice_is_settled_when_it_is_planned(entry, kind, channel, rhythm, found):
    her = {"person": entry.enrolment.person, "kind": kind, "channel": channel, "rhythm": rhythm}
    Preference.objects.create(**her)
    services.plan(NOW)
    rows = Reminder.objects.filter(rule__kind=TOMORROW_KIND).values_list("due_at", "channel", "rhythm")
    assert list(rows) == ([found] if found else [])


def test_a_choice_made_later_moves_or_drops_it_and_taken_back_it_is_there_again(entry):
    services.plan(NOW)
    choice = Preference.objects.create(person=entry.enrolment.person, rhythm=Rhythm.DAILY)
    services.plan(NOW)
    assert (planned().rhythm, planned().due_at) == ("daily", datetime(2025, 3, 13, 7, tzinfo=UTC))
    choice.channel = Preference.NOTHING
    choice.save()
    services.plan(NOW)
    assert (planned().state, planned().reason) == ("dropped", "She does not want these messages.")
    choice.delete()
    assert [services.plan(NOW), services.plan(NOW)] == [1, 0]
    assert (planned().state, planned().reason, planned().due_at) == ("planned", "", EVENING)


def test_what_is_essential_ignores_no_and_together_but_keeps_her_way(entry, monkeypatch):
    from reminders.choices import settled

    kind, rule = KINDS[Rule.Kind.MENTOR_FOUND], Rule(kind=Rule.Kind.MENTOR_FOUND, channel=Channel.EMAIL)
    due = Due(1, 1, 1, EVENING, None)
    for said, way in (("none", "email"), ("message", "message")):
        hers = [Preference(kind="", channel=said, rhythm=Rhythm.WEEKLY)]
        assert settled(kind, rule, hers, due, "Europe/Belgrade") == (way, "at_once", EVENING)


# --- once, and again


def test_planning_twice_plans_once_and_a_missed_hour_is_caught_up(entry):
    late = EVENING + timedelta(hours=5)
    assert [services.plan(late), services.plan(late + timedelta(minutes=1))] == [1, 0]
    assert planned().state == "planned"


def test_who_comes_back_is_told_after_all(entry):
    services.plan(NOW)
    Enrolment.objects.update(state=Enrolment.State.WITHDRAWN)
    services.plan(NOW)
    assert planned().state == "dropped"
    Enrolment.objects.update(state=Enrolment.TAKING_PART[0])
    assert services.plan(NOW) == 1
    assert planned().state == "planned"


def test_what_may_have_gone_once_goes_once_more_when_she_is_back_and_not_a_third_time(entry):
    services.plan(NOW)
    Reminder.objects.update(state="dropped", unsure=1, attempts=2)
    assert services.plan(NOW) == 1
    assert (planned().state, planned().unsure, planned().attempts) == ("planned", 1, 2)
    Reminder.objects.update(state="dropped", unsure=2)
    assert services.plan(NOW) == 0
    Reminder.objects.update(state="sent")
    assert services.plan(NOW) == 0


def test_what_may_have_gone_does_not_go_again_just_before_its_subject(entry):
    services.plan(NOW)
    Reminder.objects.update(state="dropped", unsure=1)
    late = planned().send_before - timedelta(minutes=100)
    assert services.plan(late) == 0
    assert planned().state == "dropped"


def test_a_new_revision_drops_the_old_one(entry):
    services.plan(NOW)
    type(entry.session).objects.update(revision=2)
    services.plan(NOW)
    assert sorted(Reminder.objects.values_list("state", "subject_revision")) == [
        ("dropped", 1),
        ("planned", 2),
    ]


@pytest.mark.django_db(transaction=True)
def test_five_planners_at_once_with_clocks_apart_plan_each_once():
    session = make_session(day=TOMORROW)
    for _n in range(40):
        make_entry(session, make_enrolment(session.programme))
    together = Barrier(5)

    def planner(n: int) -> None:
        try:
            together.wait()
            services.plan(NOW + timedelta(seconds=45 * (n - 2)))
        finally:
            connections.close_all()

    for _round in range(3):
        Reminder.objects.all().delete()
        with ThreadPoolExecutor(5) as pool:
            list(pool.map(planner, range(5)))
        told = list(Reminder.objects.values_list("person", flat=True))
        assert (len(told), len(set(told))) == (40, 40)
        assert Rule.objects.filter(kind=TOMORROW_KIND).count() == 1


def test_planning_costs_the_same_for_one_and_for_three(entry, django_assert_num_queries):
    rule = only_tomorrow(entry.session.programme)
    # rules that lack (6), the rules, the sessions, the roster, who leads, her choices and zones, quiet hours,
    # what is known, what is written
    queries = 14
    for people in (1, 3):
        while entry.session.roster.count() < people:
            make_entry(entry.session, make_enrolment(entry.session.programme))
        rule.reminders.all().delete()
        with django_assert_num_queries(queries):
            services.plan(NOW)
        assert rule.reminders.count() == people
    Enrolment.objects.update(state=Enrolment.State.WITHDRAWN)
    services.plan(NOW)
    assert set(rule.reminders.values_list("state", flat=True)) == {"dropped"}


# --- what is bad


def test_one_rule_that_breaks_leaves_the_others_alone(entry, monkeypatch, caplog):
    def broken(self, rule, now):
        raise LookupError("no such drawer")
        yield

    monkeypatch.setattr(type(KINDS[Rule.Kind.REVIEW_WAITING]), "due", broken)
    assert services.plan(NOW) == 1
    assert planned().rule.kind == TOMORROW_KIND
    assert any("was left out" in record.getMessage() for record in caplog.records)
    said = services.trouble(entry.session.programme, NOW)
    assert said == ["The rule “review waiting” is left out: no such drawer"]


def test_a_zone_that_does_not_exist_is_the_programmes_and_is_named(entry):
    person = entry.enrolment.person
    type(person).objects.filter(pk=person.pk).update(zone="Europe/Beograd")
    make_person(person.tenant, name="Somebody else", zone="Mars/Phobos")
    services.plan(NOW)
    assert planned().due_at == EVENING
    words = f"“Europe/Beograd”, the time zone of {person}, does not exist: the programme's is used."
    assert services.trouble(entry.session.programme, NOW) == [words]


def test_a_programme_without_a_zone_stops_nobody_elses_mail(entry):
    other = make_entry(make_session(day=TOMORROW)).session.programme
    type(other).objects.filter(pk=other.pk).update(zone="Europe/Beograd")
    other.sessions.update(zone="Europe/Beograd")
    assert services.plan(NOW) == 1
    assert planned().rule.programme == entry.session.programme
    other.refresh_from_db()
    assert len(services.trouble(other, NOW)) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("bad", ["25:00", "soon", ""])
def test_quiet_hours_that_are_no_hours_are_said_and_stop_their_programme_alone(entry, bad):
    other = make_entry(make_session(day=TOMORROW)).session.programme
    row = QuietHours.objects.create(programme=other)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reminders_quiethours SET starts = %s WHERE id = %s", [bad, row.pk])
    assert services.plan(NOW) == 1
    assert planned().rule.programme == entry.session.programme
    first, *_rest = services.trouble(other, NOW)
    assert first == "The quiet hours of this programme are no hours of a day."
