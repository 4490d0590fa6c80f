"""Somebody answers on her phone, by a link, without an account: each answer is kept when it changes, and
with a button where no script runs. Looking changes nothing."""

from functools import wraps

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lib import clock
from lib.languages import told
from lib.quotas import count
from outcomes import links, services
from outcomes.asking.sheet import Sheet
from outcomes.forms.answers import page
from outcomes.forms.answers_sent import said_in
from outcomes.models import Invitation
from people.models import Person

PERIOD, MOST = 600, 3_000  # so many answers from one address in so many seconds: a class behind one router
State = Invitation.State
WITH = ("wave__programme__tenant", "wave__edition__questionnaire", "enrolment__person__user")


def by_link(view):
    """For whoever holds the address; in her own language until she chooses another. Nothing of it is kept."""

    @wraps(view)
    def guarded(request: HttpRequest, answer_link: str) -> HttpResponse:
        row = _row(answer_link)
        with translation.override(_language(request, row)):
            answer = _turned_away(request, row) or view(request, row)
        answer["Referrer-Policy"], answer["X-Robots-Tag"] = "same-origin", "noindex"
        return answer

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))


def _row(token: str) -> Invitation | None:
    """The invitation of a link, with `is_dead` where the link was revoked."""
    found = links.read(token)
    row = found and Invitation.objects.select_related(*WITH).filter(pk=found[0]).first()
    if row:
        row.is_dead = row.revision != found[1] or row.state == State.WITHDRAWN or row.enrolment is None
    return row or None


def _language(request: HttpRequest, row: Invitation | None) -> str:
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    if chosen or row is None or row.is_dead:
        return translation.get_language()
    return row.enrolment.person.language


def _turned_away(request: HttpRequest, row: Invitation | None) -> HttpResponse | None:
    """It names nobody: whoever holds the link may be a stranger."""
    if count(f"answer-link:{request.META.get('REMOTE_ADDR', '')}", PERIOD) > MOST:
        answer = _calm(request, "wait", 429)
        answer["Retry-After"] = str(PERIOD)
        return answer
    if row is None:
        return _calm(request, "none", 404)
    return _calm(request, "over", 410) if row.is_dead or not _speaks(row.enrolment.person) else None


def _speaks(person: Person) -> bool:
    """Whoever was shut out does not come in by a link of before."""
    return person.user is None or person.user.is_active


def _calm(request: HttpRequest, why: str, status: int, **more) -> HttpResponse:
    return render(request, "outcomes/answer_calm.html", {"why": why, **more}, status=status)


@by_link
def answer(request: HttpRequest, row: Invitation) -> HttpResponse:
    now = timezone.now()
    opens, today = row.wave.opens, clock.local(now, row.wave.programme.zone).date()
    if opens and opens > today:
        return _calm(request, "early", 200, opens=opens, invitation=row)
    if request.method == "POST":
        return _put(request, row, now)
    if row.state == State.REFUSED and "again" not in request.GET:
        return _calm(request, "refused", 200, invitation=row)
    sheet = Sheet(row)
    if row.state == State.ANSWERED and "thanks" in request.GET:
        context = _context(row, page(sheet)) | {"open": [one for one in page(sheet) if _is_left(one)]}
        return render(request, "outcomes/answer_done.html", context)
    context = _context(row, page(sheet)) | {"is_over": bool(row.wave.closes and row.wave.closes <= today)}
    return render(request, "outcomes/answer.html", context)


def _is_left(one) -> bool:
    return one.is_shown and one.is_open


def _put(request: HttpRequest, row: Invitation, now) -> HttpResponse:
    if "refuse" in request.POST:
        try:
            services.refuse(by=None, invitation=row, now=now, reason=request.POST.get("reason", "")[:300])
        except ValidationError as error:
            return _shown(request, row, {}, {}, " ".join(error.messages))
        return redirect(request.path)
    is_typing = request.headers.get("HX-Request") == "true"
    said = said_in(request.POST, Sheet(row), is_typing=is_typing)
    try:
        row, refused = services.save_answers(by=None, invitation=row, said=said, now=now)
        if "hand_in" in request.POST and not refused:
            services.hand_in(by=None, invitation=row, now=now)
            return redirect(f"{request.path}?thanks")
    except ValidationError as error:
        return _shown(request, row, {}, said, " ".join(error.messages))
    if is_typing:
        return saved(request, row, refused, said)
    return _shown(request, row, refused, said) if refused else redirect(f"{request.path}?saved#main")


def saved(request: HttpRequest, row: Invitation, refused, said, *, staff: bool = False) -> HttpResponse:
    """What changes on the page beside what she did herself: the word that it is kept, what is wrong, what is
    asked now and was not, or is not asked any more."""
    asked = set(request.POST.getlist("asked"))
    found = page(Sheet(row), refused, said, staff=staff)
    for one in found:
        one.is_new = one.is_shown != (one.code in asked)
        sent = said.get(one.code)
        if one.is_shown and one.kind == "many" and not one.errors and sent:
            one.is_new = one.is_new or set(sent["codes"]) != set(request.POST.getlist(one.name))
    at = clock.local(timezone.now(), row.wave.programme.zone)
    context = {"asked": [one for one in found if one.is_new or one.code in asked], "at": at}
    return render(request, "outcomes/_answer_saved.html", context | {"wrong": [o for o in found if o.errors]})


def _shown(request: HttpRequest, row: Invitation, refused, said, words: str = "") -> HttpResponse:
    """The page again, with what was typed where it was refused."""
    row = Invitation.objects.select_related(*WITH).get(pk=row.pk)
    context = _context(row, page(Sheet(row), refused, said)) | {"refusal": words}
    return render(request, "outcomes/answer.html", context, status=422)


def _context(row: Invitation, questions: list) -> dict:
    asked = row.wave.edition.questionnaire
    zone = row.wave.programme.zone
    return {
        "invitation": row,
        "programme": row.wave.programme,
        "questions": questions,
        "wrong": [one for one in questions if one.errors],
        "left": sum(_is_left(one) for one in questions),
        "intro": told(asked.intro, asked.intro_sr),
        "name": row.enrolment.person.name if row.enrolment else "",
        "handed_in": date_format(clock.local(row.answered_at, zone).date()) if row.answered_at else "",
        "title": asked.title,
    }
