"""Ideas of the demo that say the same: two joined, two put off, two kept apart; the rest is to decide."""

from datetime import timedelta

from desk.demo.book import Book
from ideas import services as ideas
from ideas.models import Compared, Idea
from people.models import Programme
from training.models import Session

JOINED = ("Savetovalište za prve tri nedelje sa bebom", "Savetovanje majki u prve tri nedelje sa bebom")
LATER = ("Kiseli kupus u kofi od pet litara sa ventilom", "Кисели купус у кофи од пет литара са вентилом")
APART = ("Community fruit dryer", "Dried apricots without sulphur, in returnable jars")


def decide(book: Book, programme: Programme, session: Session) -> None:
    """The coordinator looked at what sounds alike in the evening."""
    said = {"by": book.coordinator, "now": session.ends_at + timedelta(hours=3)}
    into, idea = _named(programme, JOINED)
    ideas.join_ideas(into=into, ideas=[idea], **said)
    ideas.compare_ideas(ideas=_named(programme, LATER), says=Compared.Says.LATER, **said)


def keep_apart(book: Book, programme: Programme) -> None:
    """One word for word the other but for its title: a dryer to share, and apricots to sell."""
    both = _named(programme, APART)
    now = max(idea.created_at for idea in both) + timedelta(days=2)
    ideas.compare_ideas(by=book.coordinator, ideas=both, says=Compared.Says.NOT_SAME, now=now)


def _named(programme: Programme, titles: tuple[str, ...]) -> list[Idea]:
    rows = programme.ideas.select_related("programme__tenant", "text")
    return [rows.get(text__title=title) for title in titles]
