"""The secret addresses of a person's calendar: of the feed, and of the page that shows it to somebody who has
no account. Both are signed over the feed's revision: a new one makes the old ones nobody's."""

from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse

from lib import signing
from people.models import Person
from reminders import reading
from reminders.models import Feed

FEED, PAGE = "reminders.feed", "reminders.calendar"


def feed_url(feed: Feed) -> str:
    path = reverse("reminders:calendar_feed", args=[signing.sign(FEED, feed.person_id, feed.revision)])
    return settings.SITE_URL.rstrip("/") + path


def webcal_url(feed: Feed) -> str:
    """What a calendar program opens by itself."""
    return "webcal://" + feed_url(feed).partition("://")[2]


def page_by_link(person: Person) -> str:
    """The path of her calendar page, without an account. Before she has a calendar: revision 0."""
    revision = Feed.objects.filter(person=person).values_list("revision", flat=True).first() or 0
    return reverse("reminders:calendar_by_link", args=[signing.sign(PAGE, person.pk, revision)])


def read_feed(token: str) -> Feed | None:
    """Whose address this is, while it is the newest one and she may come in. None of any other text."""
    pk, revision = _read(token, FEED)
    rows = Feed.objects.select_related("person__user", "person__tenant")
    feed = rows.filter(person=pk, revision=revision).first()
    return feed if feed and _may_come(feed.person) else None


def read_page(token: str) -> Person | None:
    """Only of somebody without an account: everybody else signs in, and a mail passed on opens nothing."""
    pk, revision = _read(token, PAGE)
    person = Person.objects.select_related("user", "tenant", "feed").filter(pk=pk).first()
    if person is None or person.user_id or not _may_come(person):
        return None
    known = person.feed.revision if hasattr(person, "feed") else 0
    return person if known == revision else None


def choices_path(person: Person) -> str:
    """The page on which she chooses what reaches her, by her own link."""
    return reverse("reminders:choices", args=[reading.token_of(person.pk)])


def _may_come(person: Person) -> bool:
    """Whoever was shut out does not come in by an address of before; a row that was joined is nobody."""
    return person.joined_to_id is None and (person.user is None or person.user.is_active)


def _read(token: str, purpose: str) -> tuple[int, int]:
    try:
        return signing.read(token, purpose)
    except (BadSignature, ValueError):
        return 0, 0
