"""One sender, many senders, and one that is told to end: each message leaves once, or says why not."""

import threading
from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from lib import halting
from people.models import Person
from reminders import services
from reminders.kinds import KINDS
from reminders.models import Attempt, Channel, Gateway, Host, Preference, QuietHours, Reminder, Rule, Sweep
from reminders.services import claiming, sending, watching
from reminders.services.claiming import claim
from tests.factories import NOW, make_programme
from tests.reminders.sent import due_rows, states
from training.models import Session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_halts():
    halting.clear()
    yield
    halting.clear()


def everything():
    from django.db.models import Q

    return Q()


# --- what leaves, and what does not ------------------------------------------------------------------


def test_all_leave_over_one_connection_and_are_written_down(smtp_sink):
    rows = due_rows(3)
    assert services.send_due(NOW) == {"sent": 3}
    assert Counter(mail.recipients[0] for mail in smtp_sink.received) == {r.person.email: 1 for r in rows}
    assert list(Attempt.objects.values_list("outcome", "address")) == [("sent", r.person.email) for r in rows]
    row = Reminder.objects.first()
    assert row.attempts == 1 and abs(row.sent_at - NOW) < timedelta(minutes=1)


def test_queries_a_letter(smtp_sink, django_assert_num_queries):
    """The first batch for three costs as much as for one, but for what each letter needs: the check and the
    mark, its end, and the transactions around both."""
    due_rows(1)
    services.send_due(NOW)
    counts = []
    for number in (1, 3):
        Reminder.objects.all().delete()
        due_rows(number, programme=make_programme())
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            services.send_due(NOW)
        counts.append(len([one for one in asked if "SAVEPOINT" not in one["sql"]]))
    one, three = counts
    assert (three - one) / 2 <= 6, counts


def test_what_a_person_tells_herself_is_never_sent(smtp_sink):
    due_rows(1, channel=Channel.BY_HAND)
    assert services.send_due(NOW) == {} and states() == ["planned"]


def test_a_short_message_without_a_gateway_waits_and_says_so(smtp_sink):
    (row,) = due_rows(1, channel=Channel.MESSAGE)
    services.seen(NOW)
    assert services.send_due(NOW) == {} and states() == ["planned"]
    assert services.standing(row.rule.programme, NOW) == [
        "1 short message waits: the organisation has no gateway that is on."
    ]


def test_a_gateway_that_is_away_keeps_no_letter_waiting(smtp_sink, settings):
    (short,) = due_rows(1, channel=Channel.MESSAGE)
    Person.objects.filter(pk=short.person_id).update(phone="+381641234567")
    due_rows(1)
    tenant = short.rule.programme.tenant
    settings.GATEWAY_HOSTS = ["127.0.0.1"]
    Gateway.objects.create(tenant=tenant, url="http://127.0.0.1:9/")
    assert services.send_due(NOW) == {"sent": 1, "host_down": 1}
    assert Host.objects.get().name.startswith("gateway:")


def test_quiet_hours_hold_a_retry_until_the_morning(smtp_sink):
    due_rows(1, send_before=NOW + timedelta(days=3))
    at_night = datetime(2025, 3, 13, 2, 0, tzinfo=UTC)  # 03:00 in Belgrade
    assert services.send_due(at_night) == {}
    row = Reminder.objects.get()
    assert (row.state, row.attempts) == ("planned", 0)
    assert abs(row.try_after - datetime(2025, 3, 13, 7, 0, tzinfo=UTC)) < timedelta(seconds=1)
    assert services.send_due(datetime(2025, 3, 13, 7, 0, 5, tzinfo=UTC)) == {"sent": 1}


def test_only_quiet_hours_are_left_so_it_is_too_late(smtp_sink):
    at_night = datetime(2025, 3, 13, 2, 0, tzinfo=UTC)
    due_rows(1, send_before=at_night + timedelta(hours=1))
    assert services.send_due(at_night) == {"expired": 1}
    assert Reminder.objects.get().reason == "Only quiet hours were left before it."


def test_what_may_go_at_night_goes(smtp_sink, monkeypatch):
    (row,) = due_rows(1)
    monkeypatch.setattr(KINDS[row.rule.kind], "passes_quiet", True)
    assert services.send_due(datetime(2025, 3, 13, 2, 0, tzinfo=UTC)) == {"sent": 1}


def test_hours_that_are_none_do_not_stop_it(smtp_sink):
    (row,) = due_rows(1)
    QuietHours.objects.create(programme=row.rule.programme, starts=time(8), ends=time(8))
    assert services.send_due(datetime(2025, 3, 13, 2, 0, tzinfo=UTC)) == {"sent": 1}


def test_her_own_zone_counts(smtp_sink):
    (row,) = due_rows(1)
    Person.objects.filter(pk=row.person_id).update(zone="Pacific/Auckland")  # there it is past midnight
    assert services.send_due(NOW) == {}
    Person.objects.filter(pk=row.person_id).update(zone="Mars/Olympus")  # no such zone: the programme's
    Reminder.objects.update(try_after=None)
    assert services.send_due(NOW) == {"sent": 1}


def test_she_wants_none_of_these(smtp_sink):
    (row,) = due_rows(1)
    Preference.objects.create(person=row.person, kind=row.rule.kind, channel=Preference.NOTHING)
    assert services.send_due(NOW) == {"dropped": 1}
    assert Reminder.objects.get().reason == "She does not want these messages."


def test_a_choice_for_this_kind_counts_before_the_one_for_all(smtp_sink):
    (row,) = due_rows(1)
    Preference.objects.create(person=row.person, kind="", channel=Preference.NOTHING)
    Preference.objects.create(person=row.person, kind=row.rule.kind, channel=Channel.EMAIL)
    assert services.send_due(NOW) == {"sent": 1}


def test_the_rule_was_switched_off(smtp_sink):
    due_rows(1)
    Rule.objects.update(is_on=False)
    assert services.send_due(NOW) == {"dropped": 1}


def test_a_letter_that_cannot_be_written_stops_no_other(smtp_sink, monkeypatch):
    rows = due_rows(3)
    kind, bad = KINDS[rows[0].rule.kind], rows[1].person_id
    whole = kind.words

    def words(subject, person=None):
        if person and person.pk == bad:
            raise RuntimeError("no words")
        return whole(subject, person)

    monkeypatch.setattr(kind, "words", words)
    assert services.send_due(NOW) == {"sent": 2, "failed": 1}
    assert Reminder.objects.not_gone().get().person_id == bad


# --- between the reading and the text ----------------------------------------------------------------


def between(monkeypatch, change) -> None:
    """`change()` is committed after the batch was read and before the first letter is marked."""
    whole, done = sending.hand_over, []

    def hand_over(parcel, clock):
        if not done:
            done.append(change())
        return whole(parcel, clock)

    monkeypatch.setattr(sending, "hand_over", hand_over)


def test_moved_meanwhile_it_is_dropped_and_never_leaves(smtp_sink, monkeypatch):
    due_rows(1)
    between(monkeypatch, lambda: Session.objects.update(revision=2))
    assert services.send_due(NOW) == {"dropped": 1}
    assert Reminder.objects.get().reason == "The session was moved."
    assert smtp_sink.received == []


@pytest.mark.parametrize(
    ("change", "comes_to"),
    [
        (lambda: Person.objects.update(email="new@primer.example"), "sent"),
        (lambda: Rule.objects.update(is_on=False), "dropped"),
        (
            lambda: Preference.objects.create(
                person=Person.objects.get(reminders__isnull=False), channel="none"
            ),
            "dropped",
        ),
    ],
)
def test_changed_meanwhile_it_is_read_anew(smtp_sink, monkeypatch, change, comes_to):
    due_rows(1)
    between(monkeypatch, change)
    assert services.send_due(NOW) == {} and smtp_sink.received == []
    assert Reminder.objects.get().attempts == 0
    assert services.send_due(NOW + timedelta(seconds=30)) == {comes_to: 1}
    assert [mail.recipients for mail in smtp_sink.received] in ([], [("new@primer.example",)])


def test_taken_over_by_another_meanwhile_it_does_not_leave(smtp_sink, monkeypatch):
    due_rows(1)
    between(monkeypatch, lambda: Reminder.objects.update(claim="00000000-0000-0000-0000-000000000001"))
    services.send_due(NOW)
    assert smtp_sink.received == [] and states() == ["claimed"]


# --- claims -------------------------------------------------------------------------------------------


def test_two_claims_never_share_a_row():
    due_rows(5)
    first, second = claim(everything(), NOW, 3), claim(everything(), NOW, 3)
    assert (len(first), len(second)) == (3, 2)
    assert not {row.pk for row in first} & {row.pk for row in second}
    assert claim(everything(), NOW) == []


def test_a_claim_outlives_the_longest_answer_and_clocks_that_differ():
    from lib import smtp

    longest = smtp.TEXT_SECONDS + smtp.FINAL_DOT_SECONDS + smtp.COMMAND_SECONDS
    assert timedelta(seconds=longest + 2 * 90) <= claiming.LEASE


def test_who_dies_again_and_again_over_it_leaves_it_to_a_person():
    due_rows(1)
    Reminder.objects.update(attempts=claiming.MOST_CLAIMS - 1)
    claim(everything(), NOW)
    services.recover(NOW + claiming.LEASE + timedelta(seconds=1))
    assert states() == ["held"] and Reminder.objects.not_gone().exists()


@pytest.mark.django_db(transaction=True)
def test_four_senders_side_by_side_send_each_letter_once(smtp_sink):
    rows = due_rows(60)
    wrong = []

    def send():
        try:
            services.send_due(NOW)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _n in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert wrong == [] and Counter(states()) == {"sent": 60}
    assert Counter(mail.recipients[0] for mail in smtp_sink.received) == {r.person.email: 1 for r in rows}


# --- told to end --------------------------------------------------------------------------------------


def test_told_to_end_it_finishes_the_letter_in_hand_and_gives_the_rest_back(smtp_sink, monkeypatch):
    due_rows(5)
    between(monkeypatch, halting.ask)
    assert services.send_due(NOW) == {"sent": 1}
    assert Counter(states()) == {"sent": 1, "planned": 4}
    assert Counter(Reminder.objects.values_list("attempts", flat=True)) == {1: 1, 0: 4}
    halting.clear()
    assert services.send_due(NOW) == {"sent": 4} and len(smtp_sink.received) == 5


def test_told_to_end_before_it_began_it_takes_nothing(smtp_sink):
    due_rows(2)
    halting.ask()
    assert services.send_due(NOW) == {} and states() == ["planned"] * 2


def test_an_error_in_the_middle_gives_the_rest_back(smtp_sink, monkeypatch):
    due_rows(3)

    def broken():
        raise RuntimeError("in the middle")

    between(monkeypatch, broken)
    with pytest.raises(RuntimeError):
        services.send_due(NOW)
    assert states() == ["planned"] * 3 and smtp_sink.received == []


# --- is it at work ------------------------------------------------------------------------------------


def test_no_sweep_for_a_minute_is_seen(client):
    assert not services.is_well(NOW)
    services.seen(NOW)
    assert services.is_well(NOW + timedelta(seconds=54))
    assert not services.is_well(NOW + timedelta(seconds=60))
    services.seen(NOW - timedelta(minutes=5))  # a clock that is late takes nothing back
    assert Sweep.objects.get().at == NOW


def test_the_mail_server_is_away_and_something_waits_for_it(smtp_sink, settings):
    (row,) = due_rows(1)
    services.seen(NOW)
    assert services.is_well(NOW)
    settings.EMAIL_PORT = 9
    services.send_due(NOW)
    assert not services.is_well(NOW + timedelta(seconds=30))
    away, waiting = services.standing(row.rule.programme, NOW + timedelta(seconds=30))
    assert away.startswith("The mail server has taken nothing since 12 March 2025")
    assert waiting == "1 message waits for it and leaves by itself when it is back."


def test_due_for_a_quarter_of_an_hour_is_seen():
    due_rows(1, due_at=NOW - watching.OLDEST)
    services.seen(NOW)
    assert services.is_well(NOW)
    services.seen(NOW + timedelta(seconds=1))
    assert not services.is_well(NOW + timedelta(seconds=1))


def test_the_watchman_sees_red_and_green(client, django_assert_num_queries):
    from django.utils import timezone

    answer = client.get("/healthz/sweeps")
    assert (answer.status_code, answer.json()) == (503, {"status": "behind"})
    services.seen(timezone.now())
    with django_assert_num_queries(4):
        answer = client.get("/healthz/sweeps")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_person_sends_again_what_was_refused(smtp_sink):
    from tests.factories import make_coordinator

    (row,) = due_rows(1)
    smtp_sink.refuse = "554 5.6.0 looks like spam"
    assert services.send_due(NOW) == {"failed": 1}
    smtp_sink.refuse = None
    by = make_coordinator(row.rule.programme)
    row.refresh_from_db()
    services.retry(by=by, reminder=row, now=NOW)
    assert services.send_due(NOW) == {"sent": 1}
    with pytest.raises(ValidationError):
        services.retry(by=by, reminder=row, now=NOW)
