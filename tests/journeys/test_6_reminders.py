"""Step 6: the sweep plans reminders from the records; the worker sends each once, however often it runs."""

from collections import Counter

from django.utils import timezone

from mentoring.models import Assignment
from reminders import services
from reminders.models import Preference, Reminder, Rule
from reminders.tasks import sweep
from tests.factories import make_awake, today_there
from tests.services import wait_until
from training.models import Application, Session


def due_now(demo) -> None:
    """Every rule of the running programme at midnight, so that what is due today is due at any hour."""
    make_awake(demo.running)
    Preference.objects.all().delete()  # digests have tests of their own
    Application.objects.filter(confirmed_at=None).delete()  # their letters have a journey of their own
    after = {"session_tomorrow": 1, "review_waiting": 1, "meeting_not_logged": 14}
    Rule.objects.filter(programme=demo.running).exclude(kind__in=after).update(is_on=False)
    for rule in Rule.objects.filter(programme=demo.running, kind__in=after):
        services.change_rule(
            by=demo.user["coordinator"], rule=rule, is_on=True, at_hour=0, after_days=after[rule.kind]
        )


def expected(demo) -> Counter:
    """Who must hear of what, counted here from the records themselves: (kind, address)."""
    tomorrow = Session.objects.get(programme=demo.running, source_id="day-3")
    found = Counter(
        ("session_tomorrow", address)
        for address in [
            *tomorrow.roster.values_list("enrolment__person__email", flat=True),
            *tomorrow.trainers.values_list("email", flat=True),
        ]
    )
    round = demo.running.rounds.get()
    for seat in round.seats.filter(tasks__state="waiting").distinct():
        found["review_waiting", seat.reviewer.email] += 1
    today = today_there()
    for pair in Assignment.objects.filter(programme=demo.running, state__in=["accepted", "active"]):
        last = max([meeting.day for meeting in pair.meetings.all()], default=pair.start)
        if (today - last).days >= 14:
            found["meeting_not_logged", pair.mentor.person.email] += 1
    by_hand = Reminder.objects.filter(state="told").values_list("rule__kind", "person__email")
    return found - Counter(by_hand)  # whom the coordinator called hears nothing more of it


def test_three_kinds_are_sent_by_the_worker_and_each_once(demo, smtp_sink, celery_worker):
    due_now(demo)
    wanted = expected(demo)
    assert {kind for kind, _address in wanted} == {"session_tomorrow", "review_waiting", "meeting_not_logged"}
    sweep.delay()
    sweep.delay()  # side by side, on two processes
    wait_until(lambda: len(smtp_sink.received) >= sum(wanted.values()), seconds=60, what="all reminders")
    wait_until(lambda: not waiting(), seconds=30, what="nothing left to send")
    sweep.delay()
    settled = Reminder.objects.filter(state="sent").count()
    wait_until(lambda: ended(celery_worker) >= 3, seconds=30, what="three sweeps")
    assert Reminder.objects.filter(state="sent").count() == settled == sum(wanted.values())
    sent = Counter(Reminder.objects.filter(state="sent").values_list("rule__kind", "person__email"))
    assert sent == wanted
    got = Counter(mail.recipients[0] for mail in smtp_sink.received)
    assert got == sum((Counter({address: n}) for (_kind, address), n in wanted.items()), Counter())
    assert len({mail.message["Message-ID"] for mail in smtp_sink.received}) == len(smtp_sink.received)
    subjects = [mail.subject for mail in smtp_sink.to(demo.user["mentor"].email)]
    waits = (
        demo.running.rounds.get().seats.get(reviewer__user=demo.user["mentor"]).tasks.filter(state="waiting")
    )
    assert [one for one in subjects if one.startswith(f"{waits.count()} ideja čeka")]  # in her own language


def waiting() -> bool:
    return (
        Reminder.objects.due(timezone.now()).exists()
        or Reminder.objects.filter(state__in=("claimed", "handing_over")).exists()
    )


def ended(log) -> int:
    return sum("reminders.sweep" in line and "succeeded" in line for line in log.read_text().splitlines())
