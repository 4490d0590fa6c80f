"""Sessions from a template, many at once, moved and copied."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from tests.factories import (
    NOW,
    TODAY,
    make_administrator,
    make_funding,
    make_programme,
    make_project,
    make_tenant,
    make_venue,
)
from training import services
from training.models import Module, Session
from training.planning import breaks, closed_days
from training.planning.proposing import Line, Part, Proposal, Shift, Wishes, propose
from training.planning.templates import ALL, BY_KEY

MAY = {date(2027, 5, 3): "Easter Monday", date(2027, 5, 4): "Labour Day"}


def said(proposal):
    return [(line.part, line.day.isoformat(), line.title, line.title_sr) for line in proposal.lines]


def test_two_modules_of_three_days_step_over_holidays_and_weekends():
    wishes = Wishes(
        starts=[date(2027, 4, 30), date(2027, 5, 17)],
        count=3,
        weekdays=(0, 1, 2, 3, 4),
        closed=MAY,
        venues=["A", "B"],
    )
    found = propose(BY_KEY["two-modules"], wishes, numbered_from=3)
    assert said(found) == [
        (3, "2027-04-30", "Day 1", "Dan 1"),
        (3, "2027-05-05", "Day 2", "Dan 2"),
        (3, "2027-05-06", "Day 3", "Dan 3"),
        (4, "2027-05-17", "Day 1", "Dan 1"),
        (4, "2027-05-18", "Day 2", "Dan 2"),
        (4, "2027-05-19", "Day 3", "Dan 3"),
    ]
    assert [(part.number, part.name, part.name_sr, part.venue) for part in found.parts] == [
        (3, "Module 3", "Modul 3", "A"),
        (4, "Module 4", "Modul 4", "B"),
    ]
    assert [(one.day.day, one.why) for one in found.skipped] == [(3, "Easter Monday"), (4, "Labour Day")]


def test_a_weekly_course_keeps_its_count_over_a_holiday():
    wishes = Wishes(starts=[date(2027, 4, 20)], count=4, closed=MAY)
    found = propose(BY_KEY["weekly"], wishes)
    assert [line.day.isoformat() for line in found.lines] == [
        "2027-04-20",
        "2027-04-27",
        "2027-05-11",
        "2027-05-18",
    ]
    assert [(one.day, one.why) for one in found.skipped] == [(date(2027, 5, 4), "Labour Day")]


def test_terms_are_filled_and_holidays_lost():
    terms = closed_days.read_terms("2027-04-19 – 2027-05-11\n1.9.2027. do 14.9.2027.")
    found = propose(BY_KEY["school"], Wishes(terms=terms, weekdays=(0, 1), closed=MAY, count=1))
    assert [(line.part, line.day.isoformat()[5:]) for line in found.lines] == [
        (1, "04-19"), (1, "04-20"), (1, "04-26"), (1, "04-27"), (1, "05-10"), (1, "05-11"),
        (2, "09-06"), (2, "09-07"), (2, "09-13"), (2, "09-14"),
    ]  # fmt: skip
    assert [part.name_sr for part in found.parts] == [
        "1. godina, 1. polugodište",
        "1. godina, 2. polugodište",
    ]
    assert [one.day.day for one in found.skipped] == [3, 4]


def test_a_one_day_event_has_its_agenda_and_no_module():
    wishes = Wishes(
        starts=[date(2027, 5, 3)], closed=MAY, name="Fair", name_sr="Sajam", agenda="10:00 Opening"
    )
    found = propose(BY_KEY["one-day"], wishes)
    assert (found.parts, found.skipped[0].day.day) == ([], 3)
    assert said(found) == [(None, "2027-05-10", "Fair", "Sajam")]
    assert found.lines[0].agenda == "10:00 Opening"


def test_a_row_more_is_a_template_more():
    for template in ALL:
        wishes = Wishes(
            starts=[date(2027, 6, 1)] * template.modules, terms=[(date(2027, 6, 1), date(2027, 6, 9))]
        )
        assert propose(template, wishes).lines, template.key


def test_holidays_are_named_in_the_readers_language():
    named = {}
    for language in ("en", "sr", "sr-latn"):
        with translation.override(language):
            named[language] = closed_days.of_country("RS", [2027])[date(2027, 1, 7)]
    assert named == {"en": "Orthodox Christmas Day", "sr": "Божић", "sr-latn": "Božić"}
    assert closed_days.of_country("XX", [2027]) == {}
    assert (closed_days.is_known("RS"), closed_days.is_known("XX")) == (True, False)


def test_own_days_off():
    found = closed_days.read("2027-12-24 – 2027-12-26: Christmas\n\n3.5.2027. fair")
    assert found == {
        date(2027, 12, 24): "Christmas",
        date(2027, 12, 25): "Christmas",
        date(2027, 12, 26): "Christmas",
        date(2027, 5, 3): "fair",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2027-02-30", "Line 1, “2027-02-30”"),
        ("\nsoon", "Line 2, “soon”"),
        ("2027-12-26 - 2027-12-24", "lies before the first"),
        ("2027-12-26 - 2029-12-24", "too far away"),
    ],
)
def test_days_off_that_are_none(text, words):
    with pytest.raises(ValidationError, match=words):
        closed_days.read(text)


def test_breaks_as_typed():
    assert breaks.read("13:00-13:45; 11.00 – 11.15") == [["11:00", "11:15"], ["13:00", "13:45"]]
    assert breaks.minutes([["11:00", "11:15"], ["13:00", "13:45"]]) == 60
    assert breaks.read("  ") == []
    for wrong in ("noon", "12:00", "25:00-26:00", "12:00-12:75"):
        with pytest.raises(ValidationError, match=f"“{wrong}” is no break"):
            breaks.read(wrong)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ([["09:00", "10:30"]], "lies outside the session, 10:00–14:00"),
        ([["13:30", "14:30"]], "lies outside the session"),
        ([["12:30", "12:00"]], "ends before it begins"),
        ([["11:00", "12:00"], ["11:30", "12:30"]], "before the one before it is over"),
        ([["11", "noon"]], "is two times"),
        (["11:00"], "is two times"),
    ],
)
def test_breaks_that_cannot_be(plan, kept, words):
    with pytest.raises(ValidationError) as caught:
        plan(breaks=kept)
    assert list(caught.value.message_dict) == ["breaks"]
    assert words in caught.value.messages[0]


def test_breaks_say_how_long_they_are(world, plan):
    session = plan(breaks=[["12:30", "13:00"], ["11:00", "11:15"]], break_minutes=5)
    assert (session.breaks, session.break_minutes, session.minutes) == (
        [["11:00", "11:15"], ["12:30", "13:00"]],
        45,
        195,
    )
    session = services.change_session(
        by=world.coordinator, session=session, breaks=[], break_minutes=10, now=NOW
    )
    assert (session.breaks, session.minutes) == ([], 230)
    with pytest.raises(ValidationError, match="Breaks need the start"):
        plan(start=None, end=None, breaks=[["11:00", "11:15"]])


def proposal(*days, venue=None, hours=(9, 12), part=1):
    parts = [Part(part, "Money", "Novac", venue)]
    return Proposal(
        parts,
        [Line(part, day, time(hours[0]), time(hours[1]), venue=venue, title=f"{day:%d}") for day in days],
    )


@pytest.mark.django_db
def test_a_programme_is_planned_in_one_go():
    tenant = make_tenant()
    by, venue = make_administrator(tenant), make_venue(tenant, zone="Europe/London")
    days = [date(2027, 5, 10), date(2027, 5, 12)]
    programme = services.plan_programme(
        by=by,
        tenant=tenant,
        said={"code": "jam", "name": "Jam", "start": None},
        proposal=proposal(*days, venue=venue),
        now=NOW,
    )
    module = programme.modules.get()
    assert (programme.start, programme.end) == (days[0], date(2027, 5, 13))
    assert (module.number, module.name, module.name_sr, module.venue) == (1, "Money", "Novac", venue)
    assert (module.start, module.end) == (days[0], date(2027, 5, 13))
    made = list(programme.sessions.order_by("day"))
    assert [(s.title, s.day, s.module, s.venue, s.zone) for s in made] == [
        ("10", days[0], module, venue, "Europe/London"),
        ("12", days[1], module, venue, "Europe/London"),
    ]
    assert len({s.series for s in made}) == 1 and made[0].series is not None


@pytest.mark.django_db
def test_of_a_refused_plan_nothing_stays():
    tenant = make_tenant()
    by, venue = make_administrator(tenant), make_venue(tenant, name="Hall")
    day = date(2027, 5, 10)
    plan = {"by": by, "tenant": tenant, "said": {"code": "jam", "name": "Jam"}, "now": NOW}
    with pytest.raises(ValidationError, match="“10”, .*Hall is taken: “10”"):
        services.plan_programme(proposal=proposal(day, day, venue=venue), **plan)
    with pytest.raises(ValidationError, match="no session to plan"):
        services.plan_programme(proposal=Proposal([], []), **plan)
    assert tenant.programmes.count() == 0


@pytest.mark.django_db
def test_numbers_of_modules_go_on(world):
    Module.objects.create(programme=world.programme, number=1, name="First")
    services.plan_sessions(by=world.coordinator, programme=world.programme, proposal=proposal(TODAY), now=NOW)
    assert list(world.programme.modules.values_list("number", "name")) == [(1, "First"), (2, "Money")]


def test_a_series_moves_together_over_its_own_places(world, plan):
    """Wednesday to Thursday, where the next of them is: nobody clashes with what moves too."""
    fields = {"venue": world.venue, "trainers": [world.trainer.person], "breaks": [["11:00", "11:30"]]}
    rows = [plan(f"{n}", day=TODAY + timedelta(days=n), **fields) for n in range(3)]
    done = services.move_series(
        by=world.coordinator, sessions=rows, shift=Shift(days=1, start=time(11)), now=NOW, confirmed=True
    )
    assert [(s.day, s.start, s.end, s.breaks, s.revision) for s in done] == [
        (TODAY + timedelta(days=n), time(11), time(15), [["12:00", "12:30"]], 2) for n in (1, 2, 3)
    ]
    assert all(s.holds_venue for s in done)
    assert [list(s.leads.values_list("starts_at", "ends_at")) for s in done] == [
        [(s.starts_at, s.ends_at)] for s in done
    ]


def test_what_cannot_be_moved(world, plan):
    move = {"by": world.coordinator, "now": NOW}
    session = plan()
    with pytest.raises(ValidationError, match="moves nothing"):
        services.move_series(sessions=[session], shift=Shift(), **move)
    with pytest.raises(ValidationError, match="at least one"):
        services.move_series(sessions=[], shift=Shift(days=1), **move)
    with pytest.raises(ValidationError, match="ends on its day"):
        services.move_series(sessions=[session], shift=Shift(start=time(21)), **move)
    with pytest.raises(ValidationError, match="no day yet"):
        services.move_series(
            sessions=[plan("x", day=None, start=None, end=None)], shift=Shift(days=1), **move
        )
    services.close_session(by=world.trainer, session=session, now=NOW)
    with pytest.raises(ValidationError, match="cannot be moved"):
        services.move_series(sessions=[session], shift=Shift(days=1), **move)
    services.cancel_session(by=world.coordinator, session=(other := plan("y")), now=NOW)
    with pytest.raises(ValidationError, match="“y” was cancelled"):
        services.move_series(sessions=[other], shift=Shift(days=1), **move)


def test_a_plan_is_copied_with_its_modules_into_another_programme(world, plan):
    funding = make_funding(world.programme)
    module = world.programme.modules.create(number=4, name="Money", name_sr="Novac", venue=world.venue)
    module.fundings.add(funding)
    more = {"module": module, "venue": world.venue, "by_invitation": True, "capacity": 9, "agenda_sr": "Uvod"}
    rows = [
        plan(f"{n}", day=TODAY + timedelta(days=n), trainers=[world.trainer.person], **more) for n in (0, 2)
    ]
    target = make_programme(world.programme.tenant, project=world.programme.project)
    made = services.copy_series(
        by=world.coordinator, sessions=rows, first_day=date(2025, 4, 7), into=target, now=NOW, confirmed=True
    )
    copy = target.modules.get()
    assert (copy.number, copy.name, copy.name_sr, copy.start, copy.end, list(copy.fundings.all())) == (
        1, "Money", "Novac", date(2025, 4, 7), date(2025, 4, 10), [funding],
    )  # fmt: skip
    assert [(s.title, s.day, s.module, s.by_invitation, s.capacity, s.agenda_sr) for s in made] == [
        ("0", date(2025, 4, 7), copy, True, 9, "Uvod"),
        ("2", date(2025, 4, 9), copy, True, 9, "Uvod"),
    ]
    assert [list(s.trainers.all()) for s in made] == [[], []]  # she is no trainer there
    assert len({s.series for s in made}) == 1
    again = services.copy_series(
        by=world.coordinator, sessions=rows, first_day=date(2025, 5, 5), now=NOW, confirmed=True
    )
    assert [(s.module, list(s.trainers.all())) for s in again] == [(module, [world.trainer.person])] * 2


def test_a_part_by_invitation_starts_with_an_empty_roster(world, enrol, plan):
    one = enrol("Ana")
    session = plan(by_invitation=True, day=TODAY + timedelta(days=3))
    assert session.roster.count() == 0
    enrol("Mila")
    assert session.roster.count() == 0
    assert services.fill_roster(by=world.coordinator, session=session, enrolments=[one]) == 1
    assert services.fill_roster(by=world.coordinator, session=session) == 0
    services.set_enrolment_state(
        by=world.coordinator, enrolment=one, state="withdrawn", reason="moved away", now=NOW
    )
    assert session.roster.count() == 0


def test_no_more_people_than_seats(world, enrol, plan):
    people = [enrol(f"Ana {n}") for n in range(3)]
    with pytest.raises(ValidationError, match="There are 2 seats; 3 people would stand"):
        plan(capacity=2)
    small = make_venue(world.programme.tenant, capacity=1)
    with pytest.raises(ValidationError, match="There is 1 seat; 3 people would stand"):
        plan(venue=small)
    session = plan(capacity=2, by_invitation=True, day=TODAY)
    fill = {"by": world.coordinator, "session": session}
    assert services.fill_roster(enrolments=people[:2], **fill) == 2
    with pytest.raises(ValidationError, match="3 people"):
        services.fill_roster(enrolments=people[2:], **fill)
    assert services.fill_roster(enrolments=people[2:], at_the_door=True, **fill) == 1
    assert Session.objects.get(capacity=2).roster.count() == 3


def test_a_programme_has_no_code_that_a_page_has(db):
    tenant = make_tenant()
    with pytest.raises(ValidationError, match="taken by the pages"):
        services.plan_programme(
            by=make_administrator(tenant),
            tenant=tenant,
            said={"code": "new", "name": "x", "project": make_project(tenant)},
            proposal=proposal(TODAY),
            now=NOW,
        )


def test_people_expected_twice_must_be_confirmed(world, enrol, plan):
    enrol("Ana")
    plan("First")
    said = {"by": world.coordinator, "programme": world.programme, "now": NOW}
    with pytest.raises(ValidationError, match="1 person is expected at “First” too") as caught:
        services.plan_sessions(proposal=proposal(TODAY, hours=(9, 12)), **said)
    assert [one.code for one in caught.value.error_list] == ["roster"]
    assert len(services.plan_sessions(proposal=proposal(TODAY, hours=(9, 12)), confirmed=True, **said)) == 1
