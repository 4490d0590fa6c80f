"""A person's own calendar: what calendar programs read, and the pages on which she gets its address."""

from datetime import timedelta
from hashlib import blake2b

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lib import ics
from lib.quotas import count
from mentoring.views.links import by_link, dead
from people.models import Person
from reminders import services
from reminders.calendar import addresses
from reminders.calendar.events import events_of
from reminders.models import Feed

EVERY = timedelta(hours=1)  # how often programs are asked to look again
PERIOD, MOST = 600, 60  # so often in so many seconds; programs ask a few times an hour


@require_safe
def calendar_feed(request: HttpRequest, feed_link: str) -> HttpResponse:
    """By the secret address alone. What did not change is not sent again (ETag). There is no Last-Modified:
    what goes leaves no moment behind, and would be kept by whoever asks by the clock."""
    feed, now = addresses.read_feed(feed_link), timezone.now()
    if feed is None:
        return _quiet(dead(request, "none"))
    if count(f"feed:{feed.pk}", PERIOD) > MOST:
        return _quiet(HttpResponse(status=429, headers={"Retry-After": str(PERIOD)}))
    services.note_reading(feed=feed, now=now)
    with translation.override(feed.person.language):
        name = _("Sessions and dates, %(organisation)s") % {"organisation": feed.person.tenant.name}
        content = ics.feed(events_of(feed.person, now, feed.at), name=name, every=EVERY)
    etag = quote_etag(blake2b(content, digest_size=16).hexdigest())
    answer = HttpResponse(content, content_type=ics.TYPE, headers={"ETag": etag})
    return _quiet(get_conditional_response(request, etag=etag, response=answer))


def _quiet(answer: HttpResponse) -> HttpResponse:
    """Nobody between us and her program keeps it; the address is told to nobody."""
    answer["Cache-Control"] = "private, no-cache"
    answer["Referrer-Policy"], answer["X-Robots-Tag"] = "no-referrer", "noindex"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_own(request: HttpRequest) -> HttpResponse:
    """Of who is signed in."""
    person = getattr(request.user, "person", None)
    if person is None:
        return render(request, "reminders/calendar_nobody.html")
    if request.method == "POST":
        _make(request, person)
        return redirect("reminders:calendar_own")
    return _page(request, person, is_own=True)


@by_link
def calendar_by_link(request: HttpRequest, calendar_link: str) -> HttpResponse:
    """The same for somebody who has nothing but a link; in her language until she chooses another."""
    person = addresses.read_page(calendar_link)
    if person is None:
        return dead(request, "none")
    if request.method == "POST":
        _make(request, person)
        return redirect(addresses.page_by_link(person))
    chosen = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override(translation.get_language() if chosen else person.language):
        return _page(request, person, is_own=False)


def _make(request: HttpRequest, person: Person) -> None:
    """Her first address, or a new one instead of that which she saw."""
    who = {"by": person.user, "person": person, "now": timezone.now()}
    seen = request.POST.get("revision", "")
    if seen.isascii() and seen.isdecimal() and len(seen) < 9 and int(seen):
        services.renew_feed(**who, revision=int(seen))
        messages.success(request, _("The old address is dead; the new one stands below."))
    else:
        services.feed_of(**who)


def _page(request: HttpRequest, person: Person, *, is_own: bool) -> HttpResponse:
    feed = Feed.objects.filter(person=person).first()
    context = {"feed": feed, "person": person, "is_own": is_own, "choices": reverse("reminders:choices_own")}
    if feed:
        context |= {"address": addresses.feed_url(feed), "webcal": addresses.webcal_url(feed)}
    if not is_own:
        context["choices"] = addresses.choices_path(person)
    return render(request, "reminders/calendar.html", context)
