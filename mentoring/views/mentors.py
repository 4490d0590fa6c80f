"""A programme's mentors, one mentor's page, and what she and a coordinator change on it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.exports import take_along
from lib import clock
from lib.forms import put_errors
from lib.languages import told_or
from mentoring import services
from mentoring.forms.profiles import AffiliationForm, MentorForm, ProfileForm, StateForm
from mentoring.forms.week import HOURS_HELP
from mentoring.models import Assignment, Function, Mentor, Offer
from mentoring.profiles import listed, windows
from mentoring.views.programmes import programme_of
from people.models import Person, Programme
from people.sectors import SECTORS
from people.services import save_person

FORMS = ["GET", "HEAD", "POST"]
PAGE = 100


def _listed(request: HttpRequest, programme: Programme) -> listed.MentorsFilter:
    return listed.MentorsFilter(request.GET, listed.offers(request.user, programme))


@require_safe
def mentor_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Who may guide somebody here: what they help with, how many they still take, whether they are there."""
    programme = programme_of(request, programme)
    found = _listed(request, programme)
    page = Paginator(found.qs.select_related("mentor__person"), PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.functions = named(row.mentor.functions, Function.choices)
        row.is_full = row.capacity is not None and row.guides >= row.capacity
    context = {
        "programme": programme,
        "filter": found,
        "page": page,
        "active": Mentor.objects.active_in(programme).count(),
        "today": clock.local(timezone.now(), programme.zone).date(),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "state", "function", "sector")),
    }
    return render(request, "mentoring/mentor_list.html", context)


@require_safe
def mentor_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = programme_of(request, programme)
    return take_along(request, listed.MENTORS, _listed(request, programme).qs, format, about=programme)


def named(values: list, choices) -> list[str]:
    known = {str(value): label for value, label in choices}
    return [known.get(value, value) for value in values]


@require_http_methods(FORMS)
def mentor_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme = programme_of(request, programme)
    form = MentorForm(request.POST or None, programme=programme, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            mentor = _added(request, programme, dict(form.cleaned_data))
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("%(mentor)s is on the list.") % {"mentor": mentor})
            return redirect("mentoring:mentor_detail", mentor=mentor.pk)
    context = {"programme": programme, "form": form, "hours_help": HOURS_HELP}
    return render(request, "mentoring/mentor_form.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _added(request: HttpRequest, programme: Programme, said: dict) -> Mentor:
    """Somebody known, or a new person of the address book."""
    person, name, email = said.pop("person"), said.pop("name"), said.pop("email")
    hers = {key: value for key in ProfileForm.HERS if (value := said.pop(key))}
    if person is None:
        person = save_person(by=request.user, tenant=programme.tenant, name=name, email=email, **hers)
    elif hers:
        save_person(by=request.user, person=person, tenant=programme.tenant, **hers)
    return services.add_mentor(by=request.user, programme=programme, person=person, **said)


def mentor_of(request: HttpRequest, pk: int) -> Mentor:
    rows = Mentor.objects.visible_to(request.user).select_related(
        "person__tenant", "person__user", "state_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
def mentor_own(request: HttpRequest) -> HttpResponse:
    """Her own page, from wherever she is."""
    mentor = get_object_or_404(Mentor.objects.visible_to(request.user), person__user=request.user)
    return redirect("mentoring:mentor_detail", mentor=mentor.pk)


@require_safe
def mentor_detail(request: HttpRequest, mentor: int) -> HttpResponse:
    return detail(request, mentor_of(request, mentor))


def detail(
    request: HttpRequest,
    mentor: Mentor,
    *,
    state: StateForm | None = None,
    works: AffiliationForm | None = None,
) -> HttpResponse:
    """Her page; a form that was refused stands on it as it was sent."""
    offers = list(Offer.objects.visible_to(request.user).filter(mentor=mentor).select_related("programme"))
    for row in offers:
        row.when = windows.told(row.windows)
    guided = Assignment.objects.visible_to(request.user).alive().filter(mentor=mentor)
    runs = request.user.has_perm("mentoring.remove_mentor", mentor)
    context = {
        "mentor": mentor,
        "is_hers": mentor.person.user_id == request.user.pk,
        "runs": runs,
        "functions": named(mentor.functions, Function.choices),
        "sectors": named(mentor.sectors, SECTORS.items()),
        "languages": named(mentor.languages, Person._meta.get_field("language").choices),
        "bio": told_or(mentor.bio, mentor.bio_sr),
        "offers": offers,
        "works_for": mentor.person.affiliations.select_related("organisation").order_by("start", "pk"),
        "guided": guided.select_related("enrolment__person"),
        "state_form": state or StateForm(mentor=mentor, auto_id="state_%s"),
        "works_form": works or AffiliationForm(auto_id="works_%s"),
        "today": timezone.localdate(),
    }
    return render(request, "mentoring/mentor_detail.html", context, status=422 if state or works else 200)


@require_http_methods(FORMS)
def mentor_edit(request: HttpRequest, mentor: int) -> HttpResponse:
    """What is known of her: she herself, or who runs a programme of hers."""
    mentor = mentor_of(request, mentor)
    if not request.user.has_perm("mentoring.change_mentor", mentor):
        raise PermissionDenied
    known = {name: getattr(mentor, name, None) for name in ("bio", "bio_sr", "functions", "sectors")}
    known |= {name: getattr(mentor, name) for name in ("languages", "reach", "on_premises", "online")}
    known |= {name: getattr(mentor.person, name) for name in ProfileForm.HERS}
    form = ProfileForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        hers, said = form.parted()
        with transaction.atomic():
            save_person(by=request.user, person=mentor.person, tenant=mentor.person.tenant, **hers)
            services.change_mentor(by=request.user, mentor=mentor, **said)
        messages.success(request, _("The profile is kept."))
        return redirect("mentoring:mentor_detail", mentor=mentor.pk)
    context = {"mentor": mentor, "form": form, "is_hers": mentor.person.user_id == request.user.pk}
    return render(request, "mentoring/mentor_edit.html", context, status=422 if form.errors else 200)


@require_POST
def mentor_remove(request: HttpRequest, mentor: int) -> HttpResponse:
    """One that something is built on stays: the answer says so, and what to do instead."""
    mentor = mentor_of(request, mentor)
    if not request.user.has_perm("mentoring.remove_mentor", mentor):
        raise PermissionDenied
    offer = mentor.offers.select_related("programme").first()
    try:
        services.remove_mentor(by=request.user, mentor=mentor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("mentoring:mentor_detail", mentor=mentor.pk)
    messages.success(request, _("The profile is gone; the person stays in the address book."))
    return (
        redirect("mentoring:mentor_list", programme=offer.programme.code) if offer else redirect("desk:today")
    )
