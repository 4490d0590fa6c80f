"""What would change a run for somebody: of a small run at once, of a large one as it was tried."""

from django.http import HttpRequest

from jobs.models import Job
from mentoring import services
from mentoring.matching import explaining
from mentoring.models import MatchingRun


def change(request: HttpRequest, run: MatchingRun, enrolment: int, mentor: int) -> dict:
    """{"answer": services.Answer, None while it is not known, "trial": the work, "is_watched": whether who
    asks may watch and stop it}."""
    if services.is_large(run):
        return _tried(request, run, enrolment, mentor)
    found = explaining.what_would_change(run.facts, run.weights, run.pinned, enrolment, mentor)
    return {"answer": services.Answer(found, [])}


def help_for(request: HttpRequest, run: MatchingRun, enrolment: int) -> dict:
    """As `change`, of what would place somebody who was not."""
    if services.is_large(run):
        return _tried(request, run, enrolment)
    return {
        "answer": services.Answer(None, explaining.help_for(run.facts, run.weights, run.result, enrolment))
    }


def _tried(request: HttpRequest, run: MatchingRun, enrolment: int, mentor: int | None = None) -> dict:
    trial = services.trial_of(run, enrolment, mentor)
    is_watched = trial is not None and Job.objects.visible_to(request.user).filter(pk=trial.pk).exists()
    return {"answer": services.answer_of(trial), "trial": trial, "is_watched": is_watched}
