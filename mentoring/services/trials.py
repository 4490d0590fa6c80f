"""What would change a run, tried by solving it many times over: a large one in the background. The facts of a
run are frozen, so that the answer holds for good: it is kept with the work, and asking again reads it."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from jobs.models import Job
from jobs.services import enqueue, newest
from mentoring.matching.explaining import Change, Help
from mentoring.models import MatchingRun

TRIAL = "mentoring.try_changes"
MOST_PAIRS = 100_000  # what is solved many times over while somebody waits for a page


class Answer(NamedTuple):
    """`change`: what would give her the mentor, None where no single change does; `help`: what would place
    her, asked without a mentor."""

    change: Change | None
    help: list[Help]

    @property
    def kept(self) -> dict:
        """As the work keeps it: without the proof, which a new run is."""
        change = self.change and {k: v for k, v in self.change._asdict().items() if k != "result"}
        return {"change": change, "help": [each._asdict() for each in self.help]}


def is_large(run: MatchingRun) -> bool:
    """Too large to try changes while a page is waited for."""
    return len(run.facts["people"]) * len(run.facts["mentors"]) > MOST_PAIRS


def trial_of(run: MatchingRun, enrolment: int, mentor: int | None = None) -> Job | None:
    """The newest work that tries what would give her this mentor, or any, whatever became of it."""
    asked = {"run": run.pk, "enrolment": enrolment, "mentor": mentor}
    return newest(TRIAL, tenant=run.programme.tenant, **asked)


def answer_of(trial: Job | None) -> Answer | None:
    """None where it has none, or not yet."""
    if trial is None or trial.state != Job.State.DONE:
        return None
    change, found = trial.result["change"], trial.result["help"]
    return Answer(change and Change(result={}, **change), [Help(**each) for each in found])


@transaction.atomic
def request_trial(*, by: User, run: MatchingRun, enrolment: int, mentor: int | None = None) -> Job:
    """Have it tried what would give her this mentor, or any, in the background. Asked again, it is the work
    that goes on, or the one that has the answer."""
    if not run.fingerprint:
        raise ValidationError(_("This run is not computed yet."), code="waiting")
    if enrolment not in {row["enrolment"] for row in run.facts["people"]}:
        raise ValidationError({"enrolment": _("She does not take part in this run.")})
    if mentor is not None and mentor not in {row["mentor"] for row in run.facts["mentors"]}:
        raise ValidationError({"mentor": _("This mentor does not take part in this run.")})
    if answer_of(before := trial_of(run, enrolment, mentor)):
        return before
    asked = {"run": run.pk, "enrolment": enrolment, "mentor": mentor}
    job = enqueue(TRIAL, tenant=run.programme.tenant, by=by, **asked)
    audit(by, "try_changes", run, tenant=run.programme.tenant)
    return job
