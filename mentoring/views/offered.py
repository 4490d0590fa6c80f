"""What changes on a mentor's page: whether she is there, what she offers in a programme, whom she works for,
whom she would like to guide and whom not."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.forms import put_errors
from mentoring import services
from mentoring.forms.needs import ByMentorForm
from mentoring.forms.profiles import AffiliationForm, OfferForm, StateForm
from mentoring.forms.week import HOURS_HELP
from mentoring.models import Mentor, Offer, Preference
from mentoring.views.mentors import FORMS, detail, mentor_of
from training.models import Enrolment


def _changed(request: HttpRequest, mentor: Mentor, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("mentoring:mentor_detail", mentor=mentor.pk)


def _insist(request: HttpRequest, mentor: Mentor) -> None:
    if not request.user.has_perm("mentoring.change_mentor", mentor):
        raise PermissionDenied


@require_POST
def mentor_state(request: HttpRequest, mentor: int) -> HttpResponse:
    mentor = mentor_of(request, mentor)
    _insist(request, mentor)
    form = StateForm(request.POST, mentor=mentor, auto_id="state_%s")
    if form.is_valid():
        try:
            services.change_mentor_state(
                by=request.user, mentor=mentor, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return _changed(request, mentor, _("The state is kept, with your name and the date."))
    return detail(request, mentor, state=form)


@require_POST
def affiliation_keep(request: HttpRequest, mentor: int) -> HttpResponse:
    """One more organisation that she works for; or, with `ends`, the end of one."""
    mentor = mentor_of(request, mentor)
    _insist(request, mentor)
    if request.POST.get("ends", "").isdigit():
        today, rows = timezone.localdate(), mentor.person.affiliations.select_related("organisation__tenant")
        row = get_object_or_404(rows, pk=int(request.POST["ends"][:18]))
        try:
            services.end_affiliation(by=request.user, affiliation=row, end=today)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("mentoring:mentor_detail", mentor=mentor.pk)
        return _changed(request, mentor, _("It ended today; what was before stays on record."))
    form = AffiliationForm(request.POST, auto_id="works_%s")
    if form.is_valid():
        try:
            services.add_affiliation(by=request.user, person=mentor.person, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return _changed(request, mentor, _("It is kept: conflicts of interest are drawn from it."))
    return detail(request, mentor, works=form)


@require_http_methods(FORMS)
def offer_edit(request: HttpRequest, offer: int) -> HttpResponse:
    """How many, how many hours, when, whom: in one programme."""
    row = _offer(request, offer)
    known = {name: getattr(row, name) for name in ("capacity", "hours", "per", "windows", "wishes")}
    form = OfferForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_offer(by=request.user, offer=row, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return _changed(request, row.mentor, _("What she offers is kept."))
    return _offer_page(request, row, form=form)


def _offer(request: HttpRequest, pk: int) -> Offer:
    rows = Offer.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("programme__tenant", "mentor__person__user"), pk=pk)
    if not request.user.has_perm("mentoring.change_offer", row):
        raise PermissionDenied
    request.programme = row.programme
    return row


def _offer_page(
    request: HttpRequest,
    row: Offer,
    *,
    form: OfferForm | None = None,
    prefer: ByMentorForm | None = None,
) -> HttpResponse:
    known = {name: getattr(row, name) for name in ("capacity", "hours", "per", "windows", "wishes")}
    said = Preference.objects.visible_to(request.user).filter(
        mentor=row.mentor, side=Preference.Side.MENTOR, enrolment__programme=row.programme
    )
    context = {
        "offer": row,
        "is_hers": row.mentor.person.user_id == request.user.pk,
        "form": form or OfferForm(initial=known),
        "hours_help": HOURS_HELP,
        "prefer": prefer or _prefer_form(request, row),
        "said": said.select_related("enrolment__person").order_by("-at", "-pk"),
    }
    status = 422 if prefer or (form and form.errors) else 200
    return render(request, "mentoring/offer_form.html", context, status=status)


def _prefer_form(request: HttpRequest, row: Offer, data=None) -> ByMentorForm:
    """A mentor does not see who takes part: she writes a name."""
    here = Enrolment.objects.filter(programme=row.programme).taking_part().select_related("person")
    is_staff = request.user.has_perm("mentoring.assign", row.programme)
    return ByMentorForm(data, enrolments=here, is_staff=is_staff, auto_id="prefer_%s")


@require_POST
def offer_prefer(request: HttpRequest, offer: int) -> HttpResponse:
    """She would like to guide somebody, or will not: the latter no match goes against."""
    row = _offer(request, offer)
    form = _prefer_form(request, row, request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        try:
            services.prefer(
                by=request.user,
                mentor=row.mentor,
                enrolment=said.pop("whom"),
                side=Preference.Side.MENTOR,
                now=timezone.now(),
                **said,
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("It is kept. Only coordinators see it."))
            return redirect("mentoring:offer_edit", offer=row.pk)
    return _offer_page(request, row, prefer=form)
