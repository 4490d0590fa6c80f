"""Proposals, open offers, and people whose mentor said no or nothing: each with the next step, one tap."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from lib import clock
from mentoring import services
from mentoring.forms.assignments import DAYS_TO_ANSWER, OfferForm
from mentoring.matching import facts
from mentoring.models import Assignment, Mentor
from mentoring.pairs import offering, saying, steps
from mentoring.views.programmes import programme_of
from mentoring.views.steps import run_by_her
from people.models import Programme
from training.models import Enrolment

PAGE = 50
State = Assignment.State


def in_vain(programme: Programme) -> list[Assignment]:
    """The last one of everybody who looks for a mentor and for whom one said no or nothing."""
    rows = Assignment.objects.filter(programme=programme, state__in=steps.PASSED)
    taken = Assignment.objects.filter(programme=programme, state__in=(*steps.TAKES_A_PLACE, State.COMPLETED))
    rows = rows.exclude(enrolment__in=taken.order_by().values("enrolment"))
    rows = rows.filter(enrolment__state__in=Enrolment.TAKING_PART)
    newest = {row.enrolment_id: row for row in _named(rows).order_by("state_at", "pk")}
    return list(newest.values())


def _named(rows):
    return rows.select_related("programme", "mentor__person", "enrolment__person", "enrolment__enterprise")


def next_for(programme: Programme, rows: list[Assignment], now: datetime) -> dict[int, Mentor]:
    """By key of the enrolment, whom to ask next; nobody who was asked in vain is asked again."""
    if not rows:
        return {}
    asked = Assignment.objects.filter(programme=programme, state__in=steps.PASSED).order_by()
    passed = defaultdict(set, {row.enrolment_id: set() for row in rows})
    for enrolment, mentor in asked.filter(enrolment__in=passed.keys()).values_list("enrolment", "mentor"):
        passed[enrolment].add(mentor)
    found = offering.next_best(facts.gather(programme, now), passed)
    mentors = Mentor.objects.select_related("person").in_bulk({one.mentor for one in found.values()})
    return {enrolment: mentors[one.mentor] for enrolment, one in found.items()}


@require_GET
def offer_list(request: HttpRequest, programme: str) -> HttpResponse:
    programme, now = programme_of(request, programme), timezone.now()
    rows = _named(Assignment.objects.filter(programme=programme))
    vain = in_vain(programme)
    pages = Paginator(rows.filter(state=State.PROPOSED).order_by("enrolment__person__name_key", "pk"), PAGE)
    following = next_for(programme, vain, now)
    asked = list(rows.filter(state=State.OFFERED).order_by("offered_until", "pk"))
    for row in asked:
        row.last_day = saying.last_moment(row)
    context = {
        "programme": programme,
        "vain": [(row, following.get(row.enrolment_id)) for row in vain],
        "proposed": pages.get_page(request.GET.get("page")),
        "asked": asked,
        "now": now,
        "form": OfferForm(zone=programme.zone, today=clock.local(now, programme.zone).date()),
        "days": DAYS_TO_ANSWER,
    }
    return render(request, "mentoring/offer_list.html", context)


@require_POST
def offer_all(request: HttpRequest, programme: str) -> HttpResponse:
    """Ask the mentor of every proposal; what cannot be offered stays proposed, and is named."""
    programme, now = programme_of(request, programme), timezone.now()
    form = OfferForm(request.POST, zone=programme.zone, today=clock.local(now, programme.zone).date())
    if not form.is_valid():
        messages.error(request, " ".join(form.errors.get("until", [_("Say until when she may answer.")])))
        return redirect("mentoring:offer_list", programme=programme.code)
    rows = _named(Assignment.objects.filter(programme=programme, state=State.PROPOSED)).order_by("pk")
    done = 0
    for row in rows:
        try:
            services.offer(by=request.user, assignment=row, until=form.cleaned_data["until"], now=now)
            done += 1
        except ValidationError as error:
            messages.warning(request, f"{row}: {' '.join(error.messages)}")
    if done:
        words = ngettext("%(n)s mentor is asked by e-mail.", "%(n)s offers left by e-mail.", done)
        messages.success(request, words % {"n": done})
    return redirect("mentoring:offer_list", programme=programme.code)


@require_POST
def offer_on(request: HttpRequest, assignment: int) -> HttpResponse:
    """One tap: the next best mentor is asked, for as many days as usual."""
    row, now = run_by_her(request, assignment), timezone.now()
    mentor = next_for(row.programme, [row], now).get(row.enrolment_id)
    if mentor is None or str(mentor.pk) != request.POST.get("mentor"):
        messages.error(request, _("Somebody else fits best by now: look again."))
        return redirect("mentoring:offer_list", programme=row.programme.code)
    try:
        until = usual_end(row.programme, now)
        services.offer_on(by=request.user, assignment=row, mentor=mentor, until=until, now=now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(mentor)s is asked by e-mail.") % {"mentor": mentor})
    return redirect("mentoring:offer_list", programme=row.programme.code)


def usual_end(programme: Programme, now: datetime) -> datetime:
    day = clock.local(now, programme.zone).date() + timedelta(days=DAYS_TO_ANSWER + 1)
    return clock.instant(day, time(), programme.zone, fold=0)
