"""The pages: what they say, who may open them, and that bad input is refused in words."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_administrator,
    make_attendance,
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_programme,
    make_trainer,
    make_user,
    today_there,
)
from training import services
from training.models import Mark, Session

SESSION = [
    "session_detail",
    "register",
    "session_close",
    "session_code",
    "session_edit",
    "session_cancel",
]
POSTS = ["mark_create", "walk_in_create", "roster_create", "log_create", "session_close", "session_cancel"]
BY_COORDINATOR = ["session_edit", "session_cancel"]


def go(name, *args):
    return reverse(f"training:{name}", args=args)


@pytest.fixture
def session(running, enrol, world):
    enrol("Anđelković Jelena", municipality="Boljevac")
    return running(trainers=[world.trainer.person])


@pytest.fixture
def trainer(client, world):
    client.force_login(world.trainer)
    return client


@pytest.fixture
def coordinator(client, world):
    client.force_login(world.coordinator)
    return client


def outsiders(world):
    """Of another tenant, and of another programme of the same tenant."""
    other, sister = make_programme(), make_programme(world.programme.tenant)
    made = (make_coordinator, make_trainer)
    return [make(programme) for programme in (other, sister) for make in made] + [
        make_administrator(other.tenant)
    ]


def test_strangers_find_nothing(client, world, session):
    [one] = world.programme.enrolments.all()
    pages = [go(name, session.pk) for name in SESSION]
    pages += [go(name, world.programme.code) for name in ("session_list", "session_create", "enrolment_list")]
    pages += [go("enrolment_detail", one.pk)]
    closed_to_trainers = {go(name, session.pk) for name in BY_COORDINATOR}
    closed_to_trainers |= {go("session_create", world.programme.code)}
    for user in outsiders(world):
        client.force_login(user)
        trains = not user.is_administrator and user.person.memberships.get().role == "trainer"
        for page in pages:
            closed = trains and page in closed_to_trainers
            assert client.get(page).status_code == (403 if closed else 404), page
        for name in POSTS:
            closed = trains and name == "session_cancel"
            assert client.post(go(name, session.pk)).status_code == (403 if closed else 404), name
    assert Mark.objects.count() == 0


def test_anonymous_people_are_sent_to_sign_in(client, world, session):
    for page in [go(name, session.pk) for name in SESSION] + [go("enrolment_list", world.programme.code)]:
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (
            302,
            reverse("account_login"),
        )


def test_a_trainer_plans_nothing_and_changes_no_state(trainer, world, session):
    [one] = world.programme.enrolments.all()
    assert [trainer.get(go(name, session.pk)).status_code for name in BY_COORDINATOR] == [403, 403]
    assert trainer.get(go("session_create", world.programme.code)).status_code == 403
    assert (
        trainer.post(go("enrolment_state", one.pk), {"state": "withdrawn", "reason": "x"}).status_code == 403
    )
    one.refresh_from_db()
    assert one.state == "enrolled"


def test_a_mentor_sees_sessions_and_no_register_nor_people(client, world, session):
    client.force_login(make_mentor(world.programme).person.user)
    assert client.get(go("session_list", world.programme.code)).status_code == 200
    page = client.get(go("session_detail", session.pk))
    assert (page.status_code, b"Open the register" in page.content) == (200, False)
    assert client.get(go("register", session.pk)).status_code == 403
    assert client.get(go("enrolment_list", world.programme.code)).status_code == 403


def test_a_trainer_elsewhere_who_mentors_here_keeps_no_register(client, world, session):
    mentor = make_mentor(world.programme).person
    mentor.memberships.create(programme=make_programme(world.programme.tenant), role="trainer")
    client.force_login(mentor.user)
    assert client.get(go("register", session.pk)).status_code == 403
    assert client.post(go("mark_create", session.pk), {}).status_code == 403
    assert client.get(go("enrolment_list", world.programme.code)).status_code == 403


def test_an_entrepreneur_sees_her_own_page_only(client, world, session):
    [one] = world.programme.enrolments.all()
    other = make_enrolment(world.programme)
    user = make_user(world.programme.tenant)
    one.person.user = user
    one.person.save()
    client.force_login(user)
    page = client.get(go("enrolment_detail", one.pk))
    assert (page.status_code, b"Change the state" in page.content) == (200, False)
    assert client.get(go("enrolment_detail", other.pk)).status_code == 404


def test_gets_on_addresses_that_only_take_posts(trainer, session):
    for name in ("mark_create", "walk_in_create", "roster_create", "log_create"):
        assert trainer.get(go(name, session.pk)).status_code == 405


# --- the register


def tap(client, session, enrolment, status="present", **said):
    """The page after a tap without a script."""
    said = {"operation": uuid4(), "enrolment": enrolment.pk, "status": status, **said}
    return client.post(go("mark_create", session.pk), said, follow=True)


def test_a_tap_leads_to_the_row_and_the_counts(trainer, world, session):
    [one] = world.programme.enrolments.all()
    answer = tap(trainer, session, one)
    page = answer.content.decode()
    assert answer.redirect_chain == [(go("register", session.pk) + f"#row-{one.pk}", 302)]
    assert '<span data-count="present"><b>1</b> present</span>' in page
    assert 'value="cleared" aria-pressed="true"' in page  # a second tap takes it back
    assert 'value="cleared" aria-pressed="true"' not in tap(trainer, session, one, "cleared").content.decode()


def test_a_preset_is_late_by_so_many_minutes(trainer, enrol, plan):
    one = enrol("Ana")
    session = plan(day=today_there() - timedelta(days=1))
    tap(trainer, session, one, "late:15")
    assert Mark.objects.get().arrival == time(10, 15)


def test_without_a_script_the_same_form_leads_back_to_the_row(trainer, world, session):
    [one] = world.programme.enrolments.all()
    said = {"operation": uuid4(), "enrolment": one.pk, "status": "present"}
    for _n in range(2):  # a double tap
        answer = trainer.post(go("mark_create", session.pk), said)
        assert answer.headers["Location"] == go("register", session.pk) + f"#row-{one.pk}"
    assert Mark.objects.count() == 1
    answer = trainer.post(go("mark_create", session.pk), said | {"status": "absent"}, follow=True)
    assert "Something else was sent under this operation already." in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"status": "late"}, "needs the time of arrival"),
        ({"status": "late", "arrival": "25:99"}, "Enter a valid time."),
        ({"status": "asleep"}, "asleep is not one of the available choices"),
        ({"operation": "x"}, "Enter a valid UUID."),
        ({"enrolment": "999999"}, "does not take part in this programme"),
    ],
)
def test_a_refused_tap_says_why(trainer, world, session, said, words):
    [one] = world.programme.enrolments.all()
    plain = {"operation": uuid4(), "enrolment": one.pk, "status": "present"}
    answer = trainer.post(go("mark_create", session.pk), plain | said, follow=True)
    assert (words in answer.content.decode(), Mark.objects.count()) == (True, 0)


def test_all_present_in_one_tap(trainer, enrol, running):
    for n in range(30):
        enrol(f"Ana {n}")
    session = running()
    said = {"operation": uuid4(), "everyone": "present"}
    page = trainer.post(go("mark_create", session.pk), said, follow=True).content.decode()
    assert page.count('value="cleared" aria-pressed="true"') == 30
    assert "<b>30</b> present" in page
    trainer.post(go("mark_create", session.pk), said)
    assert Mark.objects.count() == 30


def test_a_mark_for_somebody_not_on_the_roster_waits_to_be_settled(trainer, world, session):
    late_comer = make_enrolment(world.programme)
    answer = tap(trainer, session, late_comer)
    assert "not on the roster" in answer.content.decode()
    page = trainer.get(go("register", session.pk)).content.decode()
    assert "Marked, but not on the roster" in page
    trainer.post(go("roster_create", session.pk), {"enrolment": late_comer.pk})
    assert session.roster.get(enrolment=late_comer).attendance.status == "present"
    assert "Marked, but not on the roster" not in trainer.get(go("register", session.pk)).content.decode()


def test_settling_somebody_of_another_programme_is_404(trainer, session):
    stranger = make_enrolment()
    for pk in (stranger.pk, "", 0):
        assert trainer.post(go("roster_create", session.pk), {"enrolment": pk}).status_code == 404


def test_consequences_are_told(trainer, enrol, running, world):
    one = enrol("Ana")
    session = running()
    assert "80 % no longer reachable" in tap(trainer, session, one, "absent").content.decode()
    services.plan_session(
        by=world.coordinator, programme=world.programme, title="More", minutes=10 * session.minutes
    )
    assert "can still reach 80 %" in tap(trainer, session, one, "absent").content.decode()


def test_find_works_without_a_script_in_any_script(trainer, enrol, running):
    enrol("Anđelković Jelena", municipality="Boljevac")
    enrol("Бабић Снежана")
    session = running()

    def found(text):
        return (
            trainer.get(go("register", session.pk), {"q": text})
            .content.decode()
            .count('<li class="roster-row"')
            - 1  # what the script makes rows from
        )

    assert [found(text) for text in ("andjelk", "АНЂЕЛ", "babic", "bolj", "a2", "nobody", "")] == [
        1,
        1,
        1,
        1,
        1,
        0,
        2,
    ]


def test_at_the_door_twice_is_once(trainer, session):
    said = {"operation": uuid4(), "name": "Nova Žena", "phone": "064 1"}
    for _n in range(2):
        assert trainer.post(go("walk_in_create", session.pk), said).status_code == 302
    assert session.roster.filter(enrolment__walk_in=True).count() == 1
    page = trainer.post(go("walk_in_create", session.pk), {"operation": uuid4(), "phone": "+381 60 1"})
    assert (page.status_code, "This field is required." in page.content.decode()) == (422, True)
    assert page.context["walk_in"]["phone"].value() == "+381 60 1"


def test_a_note_and_closing(trainer, session):
    trainer.post(go("log_create", session.pk), {"operation": uuid4(), "text": "Good questions"})
    assert "Good questions" in trainer.get(go("register", session.pk)).content.decode()
    page = trainer.get(go("session_close", session.pk)).content.decode()
    assert "1 person is not marked yet" in page
    assert "Anđelković Jelena" in page
    answer = trainer.post(go("session_close", session.pk), follow=True)
    assert "Closed: 0 of 1 person was there." in answer.content.decode()
    session.refresh_from_db()
    assert session.closed_at is not None


def test_the_code_page(trainer, session, plan):
    page = trainer.get(go("session_code", session.pk)).content.decode()
    assert ("<svg " in page, "style=" in page) == (True, False)
    unscheduled = plan(day=None, start=None, end=None)
    assert "has no code" in trainer.get(go("session_code", unscheduled.pk)).content.decode()
    to_come = plan(day=TODAY + timedelta(days=2000))
    assert "from 09:00 to 14:30" in trainer.get(go("session_code", to_come.pk)).content.decode()


# --- planning

PLAIN = {"title": "Costs", "day": "2025-03-30", "start": "10:00", "end": "14:00", "break_minutes": "30"}


def test_planning_a_session(coordinator, world, enrol):
    enrol("Ana")
    said = PLAIN | {"venue": world.venue.pk, "trainers": [world.trainer.person.pk]}
    answer = coordinator.post(go("session_create", world.programme.code), said)
    session = Session.objects.get()
    assert answer.headers["Location"] == go("session_detail", session.pk)
    assert (session.minutes, session.roster.count(), session.venue) == (210, 1, world.venue)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"start": "02:30", "end": "06:00"}, "02:30 does not exist on 30 March 2025"),
        ({"end": "09:00"}, "A session ends after it starts."),
        ({"day": "2025-02-29"}, "Enter a valid date."),
        ({"title": ""}, "This field is required."),
        ({"break_minutes": "240"}, "The breaks are as long as the session."),
        ({"day": ""}, "A session with a time needs a day."),
    ],
)
def test_bad_sessions_are_refused_and_nothing_typed_is_lost(coordinator, world, said, words):
    page = coordinator.post(go("session_create", world.programme.code), PLAIN | said).content.decode()
    assert words in page
    assert Session.objects.count() == 0
    assert "break_minutes" in said or 'value="30"' in page


def test_module_venue_and_trainer_of_others_cannot_be_chosen(coordinator, world):
    other = make_programme()
    foreign = {
        "module": other.modules.create(number=1, name="Other").pk,
        "venue": other.tenant.venues.create(name="Other").pk,
        "trainers": [make_trainer(other).person.pk],
    }
    for name, value in foreign.items():
        answer = coordinator.post(go("session_create", world.programme.code), PLAIN | {name: value})
        assert list(answer.context["form"].errors) == [name]
    assert Session.objects.count() == 0


def test_moving_through_the_page(coordinator, plan):
    session = plan()
    coordinator.post(go("session_edit", session.pk), PLAIN | {"start": "11:00"})
    session.refresh_from_db()
    assert (session.revision, session.minutes, session.title) == (2, 150, "Costs")
    page = coordinator.post(go("session_edit", session.pk), PLAIN | {"start": "02:30"}).content.decode()
    assert "does not exist" in page
    session.refresh_from_db()
    assert session.revision == 2


def test_cancelling_asks_first(coordinator, plan):
    session = plan()
    assert coordinator.get(go("session_cancel", session.pk)).status_code == 200
    session.refresh_from_db()
    assert session.cancelled_at is None
    assert (
        "This session was cancelled."
        in coordinator.post(go("session_cancel", session.pk), follow=True).content.decode()
    )


def test_the_list_of_sessions(coordinator, world, plan):
    page = coordinator.get(go("session_list", world.programme.code)).content.decode()
    assert "No session is planned yet" in page
    module = world.programme.modules.create(number=1, name="Business")
    plan("Day 1", module=module)
    plan("Some day", day=None, start=None, end=None)
    page = coordinator.get(go("session_list", world.programme.code)).content.decode()
    assert "2 sessions, nothing to come" in page
    assert "1 session has no day yet." in page
    assert (
        page.index("Business") < page.index("Day 1") < page.index("Without a module") < page.index("Some day")
    )


# --- people


def test_people_are_found_in_any_script(coordinator, world, enrol):
    enrol("Anđelković Jelena", municipality="Boljevac")
    enrol("Бабић Снежана")

    def found(**said):
        return [
            row.person.name
            for row in coordinator.get(go("enrolment_list", world.programme.code), said).context["rows"]
        ]

    both = ["Anđelković Jelena", "Бабић Снежана"]
    assert found() == both
    assert found(q="БАБИЋ") == found(q="snez babic") == both[1:]
    assert found(q="djelk") == found(q="Boljevac") == found(q="a1") == both[:1]
    assert found(q="nobody") == found(state="applied") == []
    assert found(state="enrolled") == both


def test_who_is_under_eighty_per_cent(coordinator, world, enrol, plan, mark):
    one, two, _zora = enrol("Ana"), enrol("Mira"), enrol("Zora")
    first, second = plan(), plan("Day 2")
    mark(first, one)
    mark(first, two, "absent")

    def found(which):
        answer = coordinator.get(go("enrolment_list", world.programme.code), {"hours": which})
        return [row.pk for row in answer.context["rows"]], answer.content.decode()

    rows, page = found("under")
    assert (rows, "1 person is under 80 % so far" in page) == ([two.pk], True)  # Zora is unknown, not under
    assert found("lost")[0] == [two.pk]
    mark(second, two)
    mark(second, one, "late", arrival=second.start.replace(hour=11, minute=24))
    assert found("under")[0] == [two.pk]  # 336 of 420 is 80 %
    mark(second, one, "late", arrival=second.start.replace(hour=11, minute=25))
    assert found("under")[0] == [one.pk, two.pk]


def test_a_person_in_the_programme(coordinator, world, enrol, plan, mark):
    one = enrol("Ana")
    session = plan()
    mark(session, one, "excused", reason="ill")
    page = coordinator.get(go("enrolment_detail", one.pk)).content.decode()
    for said in ("Business model", "excused", "ill", "80 % no longer reachable", "A1"):
        assert said in page
    answer = coordinator.post(go("enrolment_state", one.pk), {"state": "withdrawn", "reason": ""})
    assert (answer.status_code, "this state needs a reason" in answer.content.decode()) == (422, True)
    coordinator.post(go("enrolment_state", one.pk), {"state": "withdrawn", "reason": "a new job"})
    one.refresh_from_db()
    assert (one.state, one.reason, one.state_by) == ("withdrawn", "a new job", world.coordinator)


# --- query counts: the same at one row and at three


@pytest.mark.parametrize("n", [1, 3])
def test_register_queries(trainer, world, enrol, running, n, django_assert_num_queries):
    people = [enrol(f"Ana {i}") for i in range(n)]
    session = running()
    services.record_marks(
        by=world.trainer,
        session=session,
        marks=[{"operation": uuid4(), "enrolment": one, "status": "present"} for one in people],
        now=session.starts_at,
    )
    with django_assert_num_queries(QUERIES["register"]):
        trainer.get(go("register", session.pk))


@pytest.mark.parametrize("n", [1, 3])
def test_tap_queries(trainer, enrol, running, n, django_assert_num_queries):
    people = [enrol(f"Ana {i}") for i in range(n)]
    session = running()
    said = {"operation": uuid4(), "enrolment": people[0].pk, "status": "present"}
    with django_assert_num_queries(QUERIES["tap"]):
        trainer.post(go("mark_create", session.pk), said)


@pytest.mark.parametrize("n", [1, 3])
def test_session_list_queries(coordinator, world, plan, n, django_assert_num_queries):
    for i in range(n):
        module = world.programme.modules.create(number=i, name="M")
        plan(f"Day {i}", day=TODAY + timedelta(days=i), module=module, venue=world.venue)
    with django_assert_num_queries(QUERIES["session_list"]):
        coordinator.get(go("session_list", world.programme.code))


@pytest.mark.parametrize("n", [1, 3])
def test_people_list_queries(coordinator, world, enrol, plan, n, django_assert_num_queries):
    for i in range(n):
        enrol(f"Ana {i}")
    plan()
    with django_assert_num_queries(QUERIES["people_list"]):
        coordinator.get(go("enrolment_list", world.programme.code))


@pytest.mark.parametrize("n", [1, 3])
def test_person_queries(coordinator, enrol, plan, n, django_assert_num_queries):
    one = enrol("Ana")
    for i in range(n):
        plan(f"Day {i}")
    with django_assert_num_queries(QUERIES["person"]):
        coordinator.get(go("enrolment_detail", one.pk))


QUERIES = {"register": 12, "tap": 17, "session_list": 6, "people_list": 10, "person": 12}


def test_the_list_is_narrowed_to_who_takes_part_and_to_who_came(coordinator, world, session):
    [came] = session.roster.all()
    make_attendance(came)
    idle = make_enrolment(world.programme)
    make_enrolment(world.programme, state="applied")
    page = go("enrolment_list", world.programme.code)

    def shown(part):
        return {row.pk for row in coordinator.get(page, {"part": part}).context["rows"]}

    assert shown("taking-part") == {came.enrolment_id, idle.pk}
    assert shown("attending") == {came.enrolment_id}
