"""Possible duplicates: two rows side by side, why they may be one person, and the decision."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.models import Person, Programme, Twin
from training import rules, services, twins
from training.forms.twins import DecisionForm
from training.models import Enrolment
from training.persons import met_by

MOST = 50


def _programme(request: HttpRequest, code: str) -> Programme:
    request.programme = get_object_or_404(Programme.objects.visible_to(request.user), code=code)
    rules.insist(request.user, "change_enrolment", request.programme)
    return request.programme


@require_safe
def twin_list(request: HttpRequest, programme: str) -> HttpResponse:
    return _list(request, _programme(request, programme))


@require_safe
def twin_count(request: HttpRequest, programme: str) -> HttpResponse:
    """A link with how many pairs there are, of all or of one person; nothing where there is none. It is asked
    for when the page of people stands already."""
    programme = _programme(request, programme)
    pk = request.GET.get("enrolment", "")
    if pk.isdigit():
        row = get_object_or_404(Enrolment.objects.visible_to(request.user), pk=pk, programme=programme)
        n = len(twins.proposals(request.user, programme, row.person))
    else:
        n = twins.count(request.user, programme)
    context = {"programme": programme, "n": n, "of_one": pk.isdigit()}
    return render(request, "training/_twin_count.html", context)


def _list(request: HttpRequest, programme: Programme, error: ValidationError | None = None) -> HttpResponse:
    found = twins.proposals(request.user, programme)
    shown = found[:MOST]
    context = {
        "programme": programme,
        "n": len(found),
        "strong": sum(one.likeness.is_strong for one in found),
        "pairs": _side_by_side(request, shown),
        "more": len(found) - len(shown),
        "judged": _judged(request, programme),
        "error": error,
    }
    return render(request, "training/twin_list.html", context, status=422 if error else 200)


def _side_by_side(request: HttpRequest, shown: list[twins.Proposal]) -> list[dict]:
    """Of each pair the one that would be kept first, both with where they take part."""
    people = Person.objects.filter(pk__in={row.pk for one in shown for row in (one.one, one.other)})
    seen = Enrolment.objects.visible_to(request.user).select_related("programme", "enterprise")
    rows = people.prefetch_related(Prefetch("enrolments", seen.order_by("pk"), to_attr="seen")).in_bulk()
    found = []
    for one in shown:
        kept, other = twins.kept_first(rows[one.one.pk], rows[one.other.pk])
        found.append({"kept": kept, "other": other, "both": (kept, other), "likeness": one.likeness})
    return found


def _judged(request: HttpRequest, programme: Programme):
    """What was decided of this programme's people and can be taken back."""
    rows = twins.of_reader(request.user).filter(
        state=Twin.State.JOINED, kept__enrolments__programme=programme
    )
    return rows.select_related("kept", "other", "by").distinct()[:MOST]


@require_POST
def twin_decide(request: HttpRequest, programme: str) -> HttpResponse:
    programme = _programme(request, programme)
    form = DecisionForm(request.POST, people=met_by(request.user))
    if not form.is_valid():
        return _list(
            request, programme, ValidationError([e for errors in form.errors.values() for e in errors])
        )
    said, now = form.cleaned_data, timezone.now()
    if not programme.enrolments.filter(person__in=(said["kept"], said["other"])).exists():
        return _list(
            request, programme, ValidationError(_("Neither of the two takes part in this programme."))
        )
    try:
        if said["decision"] == "join":
            services.join_persons(by=request.user, kept=said["kept"], other=said["other"], now=now)
            messages.success(request, _("They are one person now. You can part them again below."))
        else:
            services.keep_apart(by=request.user, one=said["kept"], other=said["other"], now=now)
            messages.success(request, _("They stay two persons; nobody is asked about them again."))
    except ValidationError as error:
        return _list(request, programme, error)
    return redirect("training:twin_list", programme=programme.code)


@require_POST
def twin_part(request: HttpRequest, twin: int) -> HttpResponse:
    row = get_object_or_404(twins.of_reader(request.user).select_related("kept", "other"), pk=twin)
    enrolment = row.kept.enrolments.filter(programme__in=Programme.objects.visible_to(request.user)).first()
    if enrolment is None or not rules.may_change_person(request.user, row.kept):
        raise PermissionDenied
    try:
        services.part_persons(by=request.user, twin=row, now=timezone.now())
    except ValidationError as error:
        return _list(request, _programme(request, enrolment.programme.code), error)
    messages.success(request, _("They are two persons again, as they were."))
    return redirect("training:twin_list", programme=enrolment.programme.code)
