"""The history of a session's marks, to take along."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export
from training.models import Mark, Status
from training.register.history import Act

HISTORY = Export(
    "history",
    _("Marks"),
    (
        Column("at", _("When")),
        Column("at_device", _("When, by the device's clock")),
        Column("row_code", _("Row code")),
        Column("person", _("Person")),
        Column("status", _("Mark"), words=dict(Status.choices)),
        Column("arrival", _("Arrival")),
        Column("leaving", _("Leaving")),
        Column("before", _("Before")),
        Column("reason", _("Reason")),
        Column("by", _("Marked by")),
        Column("source", _("How it was marked"), words=dict(Mark.Source.choices)),
        Column("device", _("Device")),
        Column("is_correction", _("After the session was closed")),
        Column("differs", _("Differs from")),
        Column("is_unsettled", _("Not on the roster")),
        Column("operation", _("Operation")),
        Column("seal", _("Seal")),
    ),
)


def rows(acts: Iterable[Act]) -> Iterator[dict]:
    for act in acts:
        mark = act.mark
        yield {
            "at": act.at,
            "at_device": act.at_device,
            "row_code": act.enrolment.row_code,
            "person": str(act.enrolment.person),
            "status": mark.status,
            "arrival": mark.arrival,
            "leaving": mark.leaving,
            "before": act.before,
            "reason": act.reason,
            "by": act.by,
            "source": mark.source,
            "device": act.device,
            "is_correction": act.is_correction,
            "differs": act.differs,
            "is_unsettled": act.is_unsettled,
            "operation": str(mark.operation),
            "seal": mark.chain,
        }
