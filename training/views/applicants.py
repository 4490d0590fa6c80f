"""Who applied: each with what the rules say of her, and one decision for several."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from people.models import Programme
from training import rules, services
from training.filters import ApplicantFilter
from training.forms.eligibility import DecisionForm
from training.models import Application, Enrolment
from training.register import sheet
from training.services import seats
from training.views.people import of_address

PAGE = 100


@require_safe
def applicant_list(request: HttpRequest, programme: str) -> HttpResponse:
    return _list(request, of_address(request, programme))


def listed(request: HttpRequest, programme: Programme) -> ApplicantFilter:
    """Whoever waits longest first, narrowed as the reader asked."""
    people = Enrolment.objects.visible_to(request.user).filter(programme=programme).with_eligibility()
    return ApplicantFilter(request.GET, people.order_by("state_at", "pk"))


def _list(request: HttpRequest, programme: Programme, form: DecisionForm | None = None) -> HttpResponse:
    narrowed = listed(request, programme)
    page = Paginator(narrowed.qs.select_related("person", "enterprise"), PAGE).get_page(
        request.GET.get("page")
    )
    rows = list(page.object_list)
    for row in rows:
        row.place = sheet.place(row)
        row.fits = Enrolment.Eligibility(row.eligibility)
    waiting = Application.objects.filter(programme=programme, confirmed_at=None)
    context = {
        "programme": programme,
        "filter": narrowed,
        "page": page,
        "rows": rows,
        "n": programme.enrolments.filter(state=Enrolment.State.APPLIED).count(),
        "seats": seats.free(programme),
        "unconfirmed": waiting.count(),
        "form": form,
        "may_change": rules.may(request.user, "change_enrolment", programme),
    }
    return render(request, "training/applicant_list.html", context, status=422 if form else 200)


@require_POST
def applicant_decide(request: HttpRequest, programme: str) -> HttpResponse:
    """First what would happen, to whom not and why; `sure`: it happens."""
    programme = of_address(request, programme)
    rules.insist(request.user, "change_enrolment", programme)
    theirs = programme.enrolments.values_list("pk", flat=True)
    form = DecisionForm(request.POST, enrolments=theirs)
    if not form.is_valid() or len(form.cleaned_data["enrolment"]) > DecisionForm.MOST:
        return _list(request, programme, form)
    said = dict(form.cleaned_data)
    is_sure = said.pop("sure")
    what = {"by": request.user, "programme": programme, "now": timezone.now()}
    found = services.decide(enrolments=said.pop("enrolment"), only_look=not is_sure, **what, **said)
    done = [one for one in found if not one.words]
    if not is_sure:
        context = {"programme": programme, "done": done, "left": [one for one in found if one.words]}
        return render(request, "training/applicant_preview.html", context | {"form": form, "said": said})
    words = ngettext("%(n)s person was decided on.", "%(n)s people were decided on.", len(done))
    messages.success(request, words % {"n": len(done)})
    for one in found:
        if one.words:
            messages.warning(request, f"{one.enrolment.person}: {one.words}")
    return redirect("training:applicant_list", programme=programme.code)
