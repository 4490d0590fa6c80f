"""A meeting logged, and confirmed, from a link in a mail or a calendar: nobody signs in. Looking changes
nothing, so programs that read mail may open it as often as they like; a button acts, and the link is dead."""

from functools import wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lib.forms import put_errors
from lib.quotas import count
from mentoring import services
from mentoring.forms.meetings import MeetingForm, ObjectionForm
from mentoring.meetings import links
from mentoring.meetings.prefilled import prefilled
from mentoring.models import Assignment, Meeting
from people.models import Person

PERIOD, MOST = 600, 60  # so many presses and dead links from one address in so many seconds
PAIR = ("programme__tenant", "mentor__person__user", "enrolment__person__user")


def by_link(view):
    """Nothing of such a page is kept, and its address is told to nobody whom it links to."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs) -> HttpResponse:
        answer = (
            _wait(request) if request.method == "POST" and _too_many(request) else view(request, **kwargs)
        )
        answer["Referrer-Policy"] = "same-origin"  # a form's own POST must still say where it is from
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))


def _too_many(request: HttpRequest) -> bool:
    return count(f"meeting-link:{request.META.get('REMOTE_ADDR', '')}", PERIOD) > MOST


def _wait(request: HttpRequest) -> HttpResponse:
    context = {"why": "wait", "minutes": PERIOD // 60}
    answer = render(request, "mentoring/link_dead.html", context, status=429)
    answer["Retry-After"] = str(PERIOD)
    return answer


def dead(request: HttpRequest, why: str) -> HttpResponse:
    """It names nobody: whoever holds it may be a stranger."""
    if request.method != "POST" and _too_many(request):
        return _wait(request)
    return render(request, "mentoring/link_dead.html", {"why": why}, status=404 if why == "none" else 410)


def speaks(person: Person) -> bool:
    """Whoever was shut out does not come in by a link of before."""
    return person.user is None or person.user.is_active


@by_link
def meeting_log(request: HttpRequest, log_link: str) -> HttpResponse:
    found = links.read(log_link, links.LOG)
    row = found and Assignment.objects.select_related(*PAIR).filter(pk=found[0]).first()
    if not row:
        return dead(request, "none")
    if row.state not in Assignment.COUNTED or not speaks(row.mentor.person):
        return dead(request, "over")
    known = prefilled(row, timezone.now())
    form = MeetingForm(request.POST or None, assignment=row, initial=known.initial)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = _log(row, form, found[1])
        except ValidationError as error:
            if getattr(error, "code", "") == "used":
                return dead(request, "used")
            put_errors(form, error)
        else:
            return _done(request, meeting, "logged")
    elif row.revision != found[1]:
        return dead(request, "used")
    context = {"assignment": row, "form": form, "known": known, "action": request.path}
    return render(request, "mentoring/link_log.html", context, status=422 if form.errors else 200)


def _log(row: Assignment, form: MeetingForm, revision: int) -> Meeting:
    by, now = row.mentor.person.user, timezone.now()
    return services.log_meeting(by=by, assignment=row, revision=revision, now=now, **form.cleaned_data)


def _done(request: HttpRequest, meeting: Meeting, what: str) -> HttpResponse:
    context = {"meeting": meeting, "assignment": meeting.assignment, "what": what}
    return render(request, "mentoring/link_done.html", context)


@by_link
def meeting_word(request: HttpRequest, word_link: str) -> HttpResponse:
    found = links.read(word_link, links.WORD)
    paths = [f"assignment__{path}" for path in PAIR]
    row = found and Meeting.objects.select_related(*paths, "by").filter(pk=found[0]).first()
    if not row:
        return dead(request, "none")
    person = links.other_side(row)
    if row.revision != found[1] or row.cancelled_at or not speaks(person):
        return dead(request, "said")
    is_objecting = "objection" in request.POST
    form = ObjectionForm(request.POST if is_objecting else None)
    if request.method == "POST" and (form.is_valid() or not is_objecting):
        try:
            return _done(request, *_put(row, form, found[1], person))
        except ValidationError:
            return dead(request, "said")
    context = {"meeting": row, "assignment": row.assignment, "form": form, "person": person}
    return render(request, "mentoring/link_word.html", context, status=422 if form.errors else 200)


def _put(row: Meeting, form: ObjectionForm, revision: int, person: Person) -> tuple[Meeting, str]:
    whose = {"by": person.user, "meeting": row, "revision": revision, "now": timezone.now()}
    if form.is_bound:
        return services.object_to_meeting(**whose, **form.cleaned_data), "objected"
    return services.confirm_meeting(**whose), "confirmed"
