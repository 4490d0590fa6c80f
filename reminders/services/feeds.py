"""The secret address of a person's calendar."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.audit import audit
from accounts.models import User
from people.models import Person
from reminders.models import Feed

NOTED = timedelta(hours=1)  # how exactly it is known when a calendar last asked


@transaction.atomic
def feed_of(*, person: Person, now: datetime, by: User | None = None) -> Feed:
    """Her calendar; made where she has none. Asked for twice it is one."""
    feed, is_new = Feed.objects.get_or_create(person=person, defaults={"at": now})
    if is_new:
        audit(by, "make", feed, ["revision"], tenant=person.tenant)
    return feed


@transaction.atomic
def renew_feed(*, person: Person, now: datetime, by: User | None = None, revision: int | None = None) -> Feed:
    """A new address: the old one is nobody's from now on. `revision`: the one that she saw; pressed twice it
    is renewed once."""
    feed = feed_of(by=by, person=person, now=now)
    feed = Feed.objects.select_for_update(of=("self",), no_key=True).get(pk=feed.pk)
    if revision is None or revision == feed.revision:
        feed.revision, feed.at, feed.read_at = feed.revision + 1, now, None
        feed.save(update_fields=["revision", "at", "read_at"])
        audit(by, "renew", feed, ["revision"], tenant=person.tenant)
    return feed


def note_reading(*, feed: Feed, now: datetime) -> None:
    """That a calendar asked for it; written once an hour at most."""
    old = Q(read_at=None) | Q(read_at__lte=now - NOTED)
    if feed.read_at is None or feed.read_at <= now - NOTED:
        Feed.objects.filter(old, pk=feed.pk, revision=feed.revision).update(read_at=now)
