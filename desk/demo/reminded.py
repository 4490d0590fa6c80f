"""What people chose of the reminders, one that a coordinator told herself, and one that did not go."""

from datetime import datetime

from desk.demo.book import Book
from people.models import Programme
from reminders import services
from reminders.models import Reminder, Rhythm, Rule

NO_SUCH_BOX = "550 5.1.1 The e-mail account that you tried to reach does not exist"


def choose(book: Book, now: datetime) -> None:
    """The mentor reads hers once a day. Before the plan: what is planned goes by it."""
    mentor = book.who("mentor")
    said = {"kind": "", "channel": "", "rhythm": Rhythm.DAILY}
    services.choose(by=mentor.user, person=mentor, now=now, **said)


def word(book: Book, programme: Programme) -> None:
    """A rule in the programme's own words. After the plan, which gives a programme its rules."""
    rule = programme.rules.get(kind=Rule.Kind.SESSION_TOMORROW)
    words = {
        "en": ("See you on {day}: {session}", "Dear {person},\n\nwe meet at {start}. Place: {place}."),
        "sr-latn": (
            "Vidimo se {day}: {session}",
            "Zdravo, {person}!\n\nPočinjemo u {start}. Mesto: {place}.",
        ),
    }
    for language, (subject, text) in words.items():
        services.word_rule(by=book.coordinator, rule=rule, language=language, subject=subject, text=text)


def tell(book: Book, programme: Programme, now: datetime) -> None:
    """The first woman of the plan was called up; a letter that was due came back."""
    rows = Reminder.objects.filter(rule__programme=programme, state=Reminder.State.PLANNED, person__user=None)
    rows = rows.exclude(person=None).select_related("person").order_by("due_at", "person__source_id", "pk")
    called = rows.filter(due_at__gt=now, rule__kind=Rule.Kind.SESSION_TOMORROW).first()
    if called:
        services.told(by=book.coordinator, reminder=called, how=Reminder.How.CALL, now=now)
    lost = rows.filter(due_at__lte=now).first()
    if lost:
        rows.filter(pk=lost.pk).update(state=Reminder.State.FAILED, attempts=1, reason=NO_SUCH_BOX)
        lost.tries.create(at=now, address=lost.person.email, outcome="never", words=NO_SUCH_BOX)
