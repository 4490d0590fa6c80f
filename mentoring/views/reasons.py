"""Pages of matching that say why: one person of a run, what would change it, two runs side by side."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mentoring import services
from mentoring.forms.matching import said_of
from mentoring.matching import changes_words, comparing
from mentoring.matching.words import Names
from mentoring.models import MatchingRun
from mentoring.views import shown_reasons, shown_trials
from mentoring.views.matching import run_of


def computed_run(request: HttpRequest, pk: int) -> MatchingRun:
    found = run_of(request, pk)
    if not found.fingerprint:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def run_person(request: HttpRequest, run: int, enrolment: int) -> HttpResponse:
    """For each mentor whom she did not get, what stood in the way; without a mentor, what would help. A POST
    has that tried in the background where the run is large."""
    found = computed_run(request, run)
    person = shown_reasons.person_of(found, enrolment)
    if request.method == "POST":
        _try(request, found, person.pk)
        return redirect("mentoring:run_person", found.pk, person.pk)
    names = Names.of(found.programme, found.facts)
    reasons = shown_reasons.mentors(found, person.pk, names)
    hers = next((one for one in reasons if one.is_hers), None)
    tried = {} if hers else shown_trials.help_for(request, found, person.pk)
    helps = tried["answer"].help if tried.get("answer") else []
    context = tried | {
        "programme": found.programme,
        "run": found,
        "enrolment": person,
        "hers": hers,
        "others": [one for one in reasons if not one.is_hers],
        "help": shown_reasons.help_for(helps, person.pk, names),
    }
    return render(request, "mentoring/run_person.html", context)


def _try(request: HttpRequest, run: MatchingRun, enrolment: int, mentor: int | None = None) -> None:
    """Nothing to do where the page itself can say it."""
    if services.is_large(run):
        services.request_trial(by=request.user, run=run, enrolment=enrolment, mentor=mentor)


@require_http_methods(["GET", "HEAD", "POST"])
def run_change(request: HttpRequest, run: int, enrolment: int, mentor: int) -> HttpResponse:
    """The smallest change after which she would get this mentor, with a form that runs it. A POST has it
    looked for in the background where the run is large."""
    found = computed_run(request, run)
    person = shown_reasons.person_of(found, enrolment)
    if mentor not in {row["mentor"] for row in found.facts["mentors"]}:
        raise Http404
    if request.method == "POST":
        _try(request, found, person.pk, mentor)
        return redirect("mentoring:run_change", found.pk, person.pk, mentor)
    names = Names.of(found.programme, found.facts)
    is_hers = comparing.mentors_of(found).get(person.pk) == mentor
    tried = {} if is_hers else shown_trials.change(request, found, person.pk, mentor)
    change = tried["answer"].change if tried.get("answer") else None
    context = tried | {
        "programme": found.programme,
        "run": found,
        "enrolment": person,
        "mentor": names.mentor(mentor),
        "mentor_pk": mentor,
        "may_pin": shown_reasons.may_pin(found, person.pk, mentor),
        "tried": said_of(found.facts["tried"]),
        "is_hers": is_hers,
        "change": shown_reasons.change(found, change, person.pk, mentor, names),
    }
    return render(request, "mentoring/run_change.html", context)


@require_safe
def run_compare(request: HttpRequest, run: int) -> HttpResponse:
    """From the run named by `with` to this one."""
    found = computed_run(request, run)
    with_ = request.GET.get("with", "")
    if not with_:
        return redirect("mentoring:run_detail", found.pk)  # there she chooses one
    rows = found.programme.matching_runs.exclude(fingerprint="").select_related("made_by")
    other = get_object_or_404(rows, number=int(with_) if with_.isdecimal() and len(with_) < 9 else 0)
    compared = comparing.compare(other, found)
    names = Names.of(found.programme, other.facts, found.facts)
    told = [*compared.weights, *compared.facts, *compared.pins]
    context = {
        "programme": found.programme,
        "run": found,
        "other": other,
        "both": [other, found],
        "compared": compared,
        "differences": [changes_words.difference(one, names) for one in told],
        "moved": [
            (
                one.enrolment,
                names.person(one.enrolment),
                changes_words.moved(one, names),
                [changes_words.difference(why, names) for why in one.why],
            )
            for one in compared.moved
        ],
    }
    return render(request, "mentoring/run_compare.html", context)
