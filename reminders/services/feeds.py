"""The secret address of a person's calendar."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib.quotas import count
from people.models import Person
from reminders.calendar.addresses import page_by_link
from reminders.letters import Letter
from reminders.models import Feed
from reminders.services.messages import send_letter

MAIL_PERIOD, MOST_MAILS = 3600, 3  # so many mails with it in so many seconds
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


def mail_calendar_page(person: Person) -> None:
    """The page with her secret address, to herself at once: the link in a letter that she passed on opens
    her choices, not her days. Raises ValidationError in words, SMTPException when it did not leave."""
    if not person.email:
        raise ValidationError(_("No e-mail address of yours is known: ask whoever runs the programme."))
    if count(f"calendar-page:{person.pk}", MAIL_PERIOD) > MOST_MAILS:
        raise ValidationError(
            _("It was sent several times already: look into your mailbox, also under spam.")
        )
    with translation.override(person.language):
        subject = _("Your dates in your own calendar")
        url = settings.SITE_URL.rstrip("/") + page_by_link(person)
        line = _("Behind this link is the secret address of your calendar: who has it reads your dates.")
        why = _("You receive this because you asked for it, or somebody who has a letter of yours.")
        letter = Letter(subject, [line], _("Have them in my calendar"), url, why)
    send_letter(letter, to=person.email, language=person.language)


def note_reading(*, feed: Feed, now: datetime) -> None:
    """That a calendar asked for it; written once an hour at most."""
    old = Q(read_at=None) | Q(read_at__lte=now - NOTED)
    if feed.read_at is None or feed.read_at <= now - NOTED:
        Feed.objects.filter(old, pk=feed.pk, revision=feed.revision).update(read_at=now)
