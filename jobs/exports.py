"""Work in the background, to take along."""

from django.utils.translation import gettext_lazy as _

from jobs.kinds import function_of
from jobs.models import Job
from lib.exports import Column, Export

JOBS = Export(
    "jobs",
    _("Work in the background"),
    (
        Column("id", _("Number")),
        Column("kind", _("Kind")),
        Column("title", _("What"), "kind", lambda kind: str(function_of(kind).job_title)),
        Column("asked_by", _("Asked by"), "by__name"),
        Column("state", _("State"), words=dict(Job.State.choices)),
        Column("stage", _("Stage")),
        Column("done", _("Done")),
        Column("total", _("Of")),
        Column("reason", _("Reason")),
        Column("created_at", _("Asked")),
        Column("started_at", _("Started")),
        Column("ended_at", _("Ended")),
    ),
)
