"""What tests of sending start from: people on a roster, and their reminders, due now."""

from datetime import timedelta

from people.models import Person
from reminders.models import Reminder, Rule
from tests.factories import NOW, TODAY, make_enrolment, make_entry, make_person, make_programme, make_session

SESSION = TODAY + timedelta(days=1)


def due_rows(count: int = 1, programme=None, *, now=NOW, day=SESSION, **fields) -> list[Reminder]:
    """So many women hear of one session tomorrow at 10; it is noon."""
    programme = programme or make_programme()
    session = make_session(programme, day=day)
    fields = {"due_at": now - timedelta(minutes=1)} | fields
    rule, _is_new = Rule.objects.get_or_create(programme=programme, kind=Rule.Kind.SESSION_TOMORROW)
    rows = []
    for _number in range(count):
        person = make_person(programme.tenant)
        make_entry(session, make_enrolment(programme, person=person))
        rows.append(row(rule, person, session, **fields))
    return rows


def row(rule: Rule, person: Person, session, **fields) -> Reminder:
    said = {"due_at": NOW - timedelta(minutes=1), "send_before": session.starts_at - timedelta(minutes=30)}
    return Reminder.objects.create(
        rule=rule,
        person=person,
        subject_type="training.session",
        subject_id=session.pk,
        subject_revision=session.revision,
        **said | fields,
    )


def states() -> list[str]:
    return list(Reminder.objects.order_by("pk").values_list("state", flat=True))


def addresses(rows: list[Reminder]) -> list[str]:
    return [row.person.email for row in rows]
