"""Pages of matching: runs of a programme, one run with its pairs and reasons, comparing, publishing."""

import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.exports import take_along
from lib.forms import put_errors
from mentoring import exports_matching, services
from mentoring.forms.matching import PublishForm, WeightsForm
from mentoring.matching.standing import standing
from mentoring.matching.words import Names
from mentoring.models import MatchingRun, Proposal
from mentoring.views import shown_runs
from mentoring.views.programmes import programme_of
from people.models import Programme

A_PAGE = 50


def run_of(request: HttpRequest, pk: int) -> MatchingRun:
    rows = MatchingRun.objects.visible_to(request.user)
    found = get_object_or_404(
        rows.select_related("programme__tenant", "job", "made_by", "published_by"), pk=pk
    )
    request.programme = found.programme
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def run_list(request: HttpRequest, programme: str) -> HttpResponse:
    """The runs of a programme, the newest first, and the weights of the next one."""
    found = programme_of(request, programme)
    runs = MatchingRun.objects.filter(programme=found).select_related("made_by", "published_by", "job")
    last = runs.first()
    form = WeightsForm(request.POST if request.method == "POST" else None, weights=last and last.weights)
    if request.method == "POST" and (run := _asked(request, found, form)):
        return redirect("mentoring:run_detail", run.pk)
    page = Paginator(runs.defer("facts"), A_PAGE).get_page(request.GET.get("page"))
    context = {"programme": found, "page": page, "form": form, "looking": shown_runs.looking(found)}
    return render(request, "mentoring/run_list.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, programme: Programme, form: WeightsForm, pinned=()) -> MatchingRun | None:
    """A new run as the form says; None where it is refused, with the words in the form."""
    if not form.is_valid():
        return None
    said = {"weights": form.weights(), "tried": form.trial(), "pinned": pinned}
    try:
        return services.request_run(by=request.user, programme=programme, now=timezone.now(), **said)
    except ValidationError as error:
        put_errors(form, error)
    return None


@require_safe
def run_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    rows = MatchingRun.objects.filter(programme=programme_of(request, programme))
    return take_along(request, exports_matching.RUNS, rows, format, about=request.programme)


@require_safe
def proposal_export(request: HttpRequest, run: int, format: str) -> HttpResponseBase:
    found = run_of(request, run)
    pairs = found.proposals.order_by("-fit", "pk")
    about = {"about": found.programme, "part": str(found.number)}
    return take_along(request, exports_matching.PROPOSALS, pairs, format, **about)


@require_safe
def run_detail(request: HttpRequest, run: int) -> HttpResponse:
    found = run_of(request, run)
    return _run_page(request, found, WeightsForm(weights=found.weights))


def _run_page(request: HttpRequest, run: MatchingRun, form: WeightsForm) -> HttpResponse:
    """Its weights, and beneath them what came out: pairs with the facts that counted, who has no mentor."""
    names = Names.of(run.programme, run.facts)
    rows = run.proposals.select_related("enrolment__person", "mentor__person")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    is_open = bool(run.fingerprint) and run.published_at is None
    context = {
        "programme": run.programme,
        "run": run,
        "form": form,
        "page": page,
        "pairs": shown_runs.pairs(run, page.object_list),
        "unplaced": shown_runs.unplaced(run, names),
        "mentors": shown_runs.mentors(run, names),
        "absent": shown_runs.absent(run, names),
        "trials": shown_runs.trials(run.facts["tried"], names),
        "changed": shown_runs.changed(run, standing(run, timezone.now())) if is_open else [],
        "others": run.programme.matching_runs.exclude(pk=run.pk).exclude(fingerprint="").defer("facts"),
    }
    return render(request, "mentoring/run_detail.html", context, status=422 if form.errors else 200)


@require_POST
def run_again(request: HttpRequest, run: int) -> HttpResponse:
    """The same question about the facts of now: other weights, pins as they stand on the page, a change that
    is tried."""
    found = run_of(request, run)
    form = WeightsForm(request.POST, weights=found.weights)
    loose = request.POST.get("unpin", "")
    pins = [(one, other) for one, other in services.pins_of(found) if str(one) != loose]
    if re.fullmatch(r"\d{1,9}:\d{1,9}", said := request.POST.get("pin", "")):
        enrolment, mentor = map(int, said.split(":"))
        pins = [(one, other) for one, other in pins if one != enrolment] + [(enrolment, mentor)]
    if made := _asked(request, found.programme, form, pins):
        return redirect("mentoring:run_detail", made.pk)
    return _run_page(request, found, form)


@require_POST
def proposal_pin(request: HttpRequest, proposal: int) -> HttpResponse:
    rows = Proposal.objects.visible_to(request.user).select_related("run__programme__tenant")
    found = get_object_or_404(rows, pk=proposal)
    try:
        services.pin(by=request.user, proposal=found, is_pinned=request.POST.get("pinned") == "yes")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    back = request.POST.get("page", "")
    address = redirect("mentoring:run_detail", found.run_id).url + (f"?page={back}" if back.isdigit() else "")
    return redirect(f"{address}#pair-{found.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def run_publish(request: HttpRequest, run: int) -> HttpResponse:
    """First what would be proposed, what has changed, who is left out; then it is done."""
    found = run_of(request, run)
    if found.published_at:
        return redirect("mentoring:run_detail", found.pk)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.publish(by=request.user, run=found, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            words = ngettext("%(n)s pair is proposed now.", "%(n)s pairs are proposed now.", len(made))
            messages.success(request, words % {"n": len(made)})
            return redirect("mentoring:assignment_list", found.programme.code)
    return _preview(request, found, form)


def _preview(request: HttpRequest, run: MatchingRun, form: PublishForm) -> HttpResponse:
    refused = ""
    try:
        services.refuse_second(run)
    except ValidationError as error:
        refused = " ".join(error.messages)
    stand = None if refused else standing(run, timezone.now())
    context = {
        "programme": run.programme,
        "run": run,
        "form": form,
        "refused": refused,
        "stand": stand,
        "left_out": shown_runs.left_out(stand) if stand else [],
        "changed": shown_runs.changed(run, stand) if stand else [],
    }
    return render(request, "mentoring/run_publish.html", context, status=422 if form.errors else 200)
