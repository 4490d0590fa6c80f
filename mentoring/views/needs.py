"""What entrepreneurs ask a mentor for: the list, and each one's own page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.exports import take_along
from lib.forms import put_errors
from lib.languages import told_or
from mentoring import services
from mentoring.forms.needs import SAYS, NeedForm, PreferForm
from mentoring.forms.week import HOURS_HELP
from mentoring.models import Function, Mentor, Need, Preference
from mentoring.profiles import listed, windows
from mentoring.views.mentors import FORMS, PAGE, named
from mentoring.views.programmes import programme_of
from people.models import Programme
from people.sectors import sector_name
from training.models import Enrolment

ASKED = ("text", "functions", "sector", "language", "place", "windows")


@require_safe
def need_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Who takes part, and what each asked for last; who asked for nothing yet."""
    programme = programme_of(request, programme)
    found = listed.PeopleFilter(request.GET, listed.people(programme), of=programme)
    page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.asked = next((in_words(need) for need in row.needs.all()[:1]), None)
    everybody = Enrolment.objects.filter(programme=programme).taking_part()
    context = {
        "programme": programme,
        "filter": found,
        "page": page,
        "silent": everybody.filter(needs=None).count(),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "stated")),
    }
    return render(request, "mentoring/need_list.html", context)


@require_safe
def need_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = programme_of(request, programme)
    found = listed.PeopleFilter(request.GET, listed.people(programme), of=programme)
    return take_along(request, listed.NEEDS, listed.needs(found.qs), format, about=programme)


def in_words(need: Need) -> Need:
    """A need with its codes as words."""
    need.helps = named(need.functions, Function.choices)
    need.when = windows.told(need.windows)
    need.trade = sector_name(need.sector) if need.sector else ""
    return need


def _enrolment(request: HttpRequest, pk: int) -> Enrolment:
    rows = Enrolment.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("programme__tenant", "person", "enterprise"), pk=pk)
    if not request.user.has_perm("mentoring.state_need", row):
        raise PermissionDenied
    if Programme.objects.visible_to(request.user).filter(pk=row.programme_id).exists():
        request.programme = row.programme
    return row


@require_http_methods(FORMS)
def need_state(request: HttpRequest, enrolment: int) -> HttpResponse:
    """She says what she needs, or staff write it down for her. A new one is kept beside the older ones."""
    row = _enrolment(request, enrolment)
    newest = row.needs.first()
    form = NeedForm(request.POST or None, initial=_first(row, newest))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        is_same = newest and all(getattr(newest, name) == said[name] for name in ASKED)
        try:
            if not is_same:
                services.save_need(by=request.user, enrolment=row, **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The need is kept: the newest one counts."))
            return redirect("mentoring:need_state", enrolment=row.pk)
    return _page(request, row, form)


def _first(row: Enrolment, newest: Need | None) -> dict:
    """What the form begins with: what she said last; else what is known of her."""
    if newest:
        return {name: getattr(newest, name) for name in ASKED}
    sector = row.enterprise.sector if row.enterprise else ""
    return {"sector": sector, "language": row.person.language, "place": Need.Place.EITHER}


def _page(
    request: HttpRequest, row: Enrolment, form: NeedForm | None = None, refused: tuple | None = None
) -> HttpResponse:
    needs = [in_words(need) for need in row.needs.all()]
    context = {
        "enrolment": row,
        "is_hers": row.person.user_id == request.user.pk,
        "form": form or NeedForm(initial=_first(row, needs[0] if needs else None)),
        "needs": needs,
        "hours_help": HOURS_HELP,
        "mentors": _mentors(row, refused),
        "says": SAYS,
    }
    status = 422 if refused or (form and form.errors) else 200
    return render(request, "mentoring/need_state.html", context, status=status)


def _mentors(row: Enrolment, refused: tuple | None) -> list[Mentor]:
    """The active ones of her programme as the public reads them, with what she said of each."""
    hers = row.preferences.filter(side=Preference.Side.ENTREPRENEUR)
    said = {one.mentor_id: one for one in hers}
    mentors = list(Mentor.objects.active_in(row.programme).exclude(person=row.person_id))
    for mentor in mentors:
        mentor.told = told_or(mentor.bio, mentor.bio_sr)
        mentor.helps = named(mentor.functions, Function.choices)
        one = said.get(mentor.pk)
        known = {"says": one.says, "reason": one.reason} if one else {}
        is_refused = refused and refused[0] == mentor.pk
        mentor.said = one
        mentor.form = refused[1] if is_refused else PreferForm(initial=known, auto_id=f"m{mentor.pk}_%s")
    return mentors


@require_POST
def need_prefer(request: HttpRequest, enrolment: int) -> HttpResponse:
    """A wish for a mentor, a no, or neither any more."""
    row = _enrolment(request, enrolment)
    key = request.POST.get("mentor", "")
    mentors = Mentor.objects.active_in(row.programme)
    mentor = get_object_or_404(mentors, pk=int(key[:18])) if key.isdigit() else None
    form = PreferForm(request.POST, auto_id=f"m{key}_%s")
    if mentor is None or not form.is_valid():
        return _page(request, row, refused=(mentor and mentor.pk, form))
    side = Preference.Side.ENTREPRENEUR
    try:
        services.prefer(
            by=request.user, mentor=mentor, enrolment=row, side=side, now=timezone.now(), **form.cleaned_data
        )
    except ValidationError as error:
        put_errors(form, error)
        return _page(request, row, refused=(mentor.pk, form))
    messages.success(request, _("It is kept. Only coordinators see it."))
    return redirect("mentoring:need_state", enrolment=row.pk)
