"""Each way in which a mail server refuses (promise P13): how often it is asked, who waits, what is kept, and
that each row that did not go stands where a person finds it (P23). The servers are real."""

from collections import Counter
from datetime import timedelta

import pytest

from lib import smtp
from reminders import services
from reminders.models import Attempt, Host, Reminder
from reminders.services import sending
from tests.factories import NOW
from tests.reminders.sent import addresses, due_rows, states
from tests.reminders.servers import Troubled, listening, refusing_passwords
from tests.services import free_port

pytestmark = pytest.mark.django_db
SWEEP = timedelta(minutes=5)


def a_day(until: int = 100) -> None:
    """A sweep every 5 minutes, as long as the women's session is ahead: it is at 10 tomorrow, now is noon."""
    for number in range(until):
        services.send_due(NOW + number * SWEEP)


def all_accounted_for() -> None:
    """Nothing is under way, and what did not go is in sight: waiting with its reason, or for a person."""
    for row in Reminder.objects.exclude(state="sent"):
        known = Reminder.objects.not_gone().filter(pk=row.pk).exists()
        host = Host.objects.first()
        assert known or row.state == "planned" and (row.reason or host), (row.state, row.reason)


@pytest.mark.parametrize("words", ["450 4.2.0 try later", "451 4.3.0 local error", "452 4.3.1 no room"])
def test_a_passing_refusal_of_one_is_tried_six_times_with_growing_gaps(settings, words):
    rows = due_rows(3)
    with listening(settings, Troubled(rcpt={rows[1].person.email: words})) as server:
        a_day()
    assert states() == ["sent", "failed", "sent"]
    assert Counter(server.asked)[rows[1].person.email] == sending.MOST_TRIES == 6
    times = list(Attempt.objects.filter(reminder=rows[1]).values_list("at", flat=True))
    gaps = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
    assert all(after > before * 1.3 for before, after in zip(gaps[1:], gaps[2:], strict=False)), gaps
    assert Reminder.objects.get(pk=rows[1].pk).reason == words
    assert len(server.received) == 2 and not Host.objects.exists()
    all_accounted_for()


def test_a_server_that_wants_to_see_us_later_is_given_more_time(settings):
    rows = due_rows(1)
    with listening(settings, Troubled(rcpt={"": "450 4.2.0 Greylisted, see you later"})) as server:
        services.send_due(NOW)
        row = Reminder.objects.get()
        assert (row.state, row.reason) == ("planned", "450 4.2.0 Greylisted, see you later")
        assert timedelta(minutes=10) <= row.try_after - NOW <= timedelta(minutes=13)
        server.rcpt = {}
        assert services.send_due(NOW + timedelta(minutes=13)) == {"sent": 1}
    assert addresses(rows) == [address for address, _text in server.received]


def test_no_such_box_is_final_and_delays_nobody(settings):
    rows = due_rows(5)
    refused = rows[0].person.email
    with listening(settings, Troubled(rcpt={refused: "550 5.1.1 no such user here"})) as server:
        assert services.send_due(NOW) == {"failed": 1, "sent": 4}
        a_day(20)
    assert Counter(server.asked)[refused] == 1, "a permanent refusal is never tried twice"
    assert server.connections == 1
    row = Reminder.objects.not_gone().get()
    assert (row.person.email, row.reason) == (refused, "550 5.1.1 no such user here")


def test_many_dead_boxes_in_a_row_do_not_make_the_server_look_dead(settings):
    rows = due_rows(25)
    dead = {row.person.email: "550 5.1.1 no such user" for row in rows[:20]}
    with listening(settings, Troubled(rcpt=dead)):
        assert services.send_due(NOW) == {"failed": 20, "sent": 5}


def test_a_server_that_refuses_everybody_for_good_is_left_in_peace_after_ten(settings):
    due_rows(40)
    with listening(settings, Troubled(rcpt={"": "550 5.7.1 you are on a list"})) as server:
        assert services.send_due(NOW) == {"failed": 10}
        assert services.send_due(NOW + timedelta(seconds=30)) == {}
        for minute in range(60):
            services.send_due(NOW + timedelta(minutes=minute))
        assert server.connections <= 13 and len(server.asked) <= 22
        assert max(Counter(server.asked).values()) == 1
        all_accounted_for()
        server.rcpt = {}
        services.send_due(NOW + timedelta(hours=2))
    assert Counter(states()) == {
        "failed": len(server.asked) - len(server.received),
        "sent": len(server.received),
    }
    assert not Host.objects.exists()


@pytest.mark.parametrize(
    "trouble",
    [
        {"mail": "421 4.3.2 closing"},
        {"rcpt": {"": "421 4.7.0 too many of you"}},
        {"body": "421 4.3.2 going down"},
        {"mail": "550 5.7.1 sender not known"},
    ],
)
def test_a_server_that_is_away_costs_nobody_an_attempt(settings, trouble):
    due_rows(30)
    with listening(settings, Troubled(**trouble)) as server:
        for minute in range(61):
            services.send_due(NOW + timedelta(minutes=minute))
        assert 5 <= server.connections <= 13
        assert set(states()) == {"planned"}
        assert set(Reminder.objects.values_list("attempts", flat=True)) == {0}
        all_accounted_for()
        server.rcpt, server.mail, server.body = {}, "", ""
        assert services.send_due(NOW + timedelta(minutes=70)) == {"sent": 30}
    assert len(server.received) == 30


def test_nobody_listens(settings):
    due_rows(30)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert services.send_due(NOW) == {"host_down": 1}
    for minute in range(1, 61):
        services.send_due(NOW + timedelta(minutes=minute))
    assert 5 <= Attempt.objects.count() <= 13
    assert set(states()) == {"planned"}
    (said,) = [
        one for one in services.standing(Reminder.objects.first().rule.programme, NOW) if "mail server" in one
    ]
    assert "Connection refused" in said


def test_a_wrong_password_is_our_trouble_not_theirs(settings):
    due_rows(3)
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    with listening(settings, Troubled(), **refusing_passwords()) as server:
        assert services.send_due(NOW) == {"host_down": 1}
        assert services.send_due(NOW + timedelta(seconds=60)) == {}
    assert server.connections == 1 and set(states()) == {"planned"}
    assert Host.objects.get().words.startswith("535 ")


def test_no_encryption_where_we_want_it(settings):
    due_rows(3)
    settings.EMAIL_USE_TLS = True
    with listening(settings, Troubled()) as server:
        assert services.send_due(NOW) == {"host_down": 1}
    assert server.asked == [] and set(states()) == {"planned"}


def test_a_line_that_breaks_for_one_costs_the_others_nothing(settings):
    rows = due_rows(4)
    with listening(settings, Troubled(rcpt={rows[1].person.email: "drop"})) as server:
        assert services.send_due(NOW) == {"sent": 3, "planned": 1}
    # on a kept connection a broken line is tried once more on a fresh one
    assert Counter(server.asked)[rows[1].person.email] == 2
    assert server.connections == 3


def test_a_server_that_breaks_every_line_is_left_in_peace(settings):
    due_rows(10)
    with listening(settings, Troubled(rcpt={"": "drop"})) as server:
        assert services.send_due(NOW) == {"planned": 2}
        for minute in range(1, 61):
            services.send_due(NOW + timedelta(minutes=minute))
    assert server.connections <= 14
    assert max(Reminder.objects.values_list("attempts", flat=True)) <= 6
    all_accounted_for()


def test_a_server_that_hangs_is_left_after_two(settings, monkeypatch):
    monkeypatch.setattr(smtp, "COMMAND_SECONDS", 0.2)
    due_rows(5)
    with listening(settings, Troubled(rcpt={"": "hang"})) as server:
        assert services.send_due(NOW) == {"planned": 2}
        assert services.send_due(NOW + timedelta(seconds=30)) == {}
    assert len(server.asked) == 2


def test_a_server_that_takes_and_never_answers_leaves_one_in_doubt_not_all(settings, monkeypatch):
    monkeypatch.setattr(smtp, "FINAL_DOT_SECONDS", 0.2)
    due_rows(5)
    with listening(settings, Troubled(body="hang")) as server:
        assert services.send_due(NOW) == {"planned": 1}
        assert sorted(Reminder.objects.values_list("unsure", flat=True)) == [0, 0, 0, 0, 1]
        server.body = ""
        assert services.send_due(NOW + timedelta(minutes=6)) == {"sent": 5}
    assert len({text.split(b"Message-ID: ")[1].split(b"\r\n")[0] for _to, text in server.received}) == 5


def test_taken_and_then_the_line_broke_is_sent_once_more_then_a_person_decides(settings):
    due_rows(1)
    with listening(settings, Troubled(body="keep and drop")) as server:
        assert services.send_due(NOW) == {"planned": 1}
        assert services.send_due(NOW + timedelta(minutes=10)) == {"uncertain": 1}
        for sweep in range(30):
            services.send_due(NOW + timedelta(minutes=20 + sweep))
    assert len(server.received) == 2, "at most one extra copy"
    ids = {text.split(b"Message-ID: ")[1].split(b"\r\n")[0] for _to, text in server.received}
    assert ids == {Reminder.objects.get().message_id.encode()}
    assert Reminder.objects.not_gone().get().unsure == 2


def test_what_must_not_come_twice_is_held_after_the_first_doubt(settings, monkeypatch):
    rows = due_rows(1)
    from reminders.kinds import KINDS

    monkeypatch.setattr(KINDS[rows[0].rule.kind], "holds_unsure", True)
    with listening(settings, Troubled(body="keep and drop")) as server:
        assert services.send_due(NOW) == {"held": 1}
        assert services.send_due(NOW + timedelta(minutes=30)) == {}
    assert len(server.received) == 1 and Reminder.objects.not_gone().count() == 1


def test_in_doubt_and_its_subject_is_near_a_person_decides_at_once(settings):
    due_rows(1, send_before=NOW + timedelta(minutes=119))
    with listening(settings, Troubled(body="keep and drop")):
        assert services.send_due(NOW) == {"uncertain": 1}
