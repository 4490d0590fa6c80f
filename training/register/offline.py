"""What a phone may keep of a session, and the words in which it says things while no server can be asked."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from training.models import Session, Status
from training.register import sheet

# nobody yet: what the script makes rows from
BLANK = SimpleNamespace(
    enrolment=SimpleNamespace(pk=0, person="", row_code=""),
    attendance=None, status="", css="", sign="✓", tap="present",
)  # fmt: skip
DAYS_AHEAD = 2  # today and these: what a phone fetches before it is asked for


def ahead(user: User, today: date) -> QuerySet:
    """The sessions that she leads from today on, as far as a phone looks ahead."""
    days = (today, today + timedelta(days=DAYS_AHEAD))
    own = Session.objects.visible_to(user).led_by(user)
    return own.filter(day__range=days, cancelled_at=None).order_by("starts_at", "pk").distinct()


def roster(session: Session, user: User, now: datetime, enrolments: list[int] | None = None) -> dict:
    """The register as a phone draws it; with `enrolments` only these rows, and `whole` is false."""
    return drawn(session, user, now, sheet.rows(session, enrolments), whole=enrolments is None)


def drawn(session: Session, user: User, now: datetime, rows: list[sheet.Row], whole: bool = True) -> dict:
    """The same of rows that are here already. The phone keeps neither `note` nor `reason` of a row: they are
    there to be shown."""
    return {
        "session": session.pk,
        "user": user.pk,
        "heading": session.heading,
        "when": sheet.when(session, session.local(now).date()),
        "venue": session.venue.name if session.venue else "",
        "day": session.day.isoformat() if session.day else "",
        "starts_at": session.starts_at.isoformat() if session.starts_at else "",
        "start": f"{session.start:%H:%M}" if session.start else "",
        "ends_at": session.ends_at.isoformat() if session.ends_at else "",
        "zone": session.zone,
        "closed": session.closed_at is not None,
        "cancelled": session.cancelled_at is not None,
        "whole": whole,
        "rows": [_row(row) for row in rows],
    }


def _row(row: sheet.Row) -> dict:
    seen = row.attendance
    return {
        "enrolment": row.enrolment.pk,
        "name": str(row.enrolment.person),
        "code": row.enrolment.row_code,
        "note": row.note,
        "mark": str(seen.mark.operation) if seen else "",
        "status": row.status,
        "arrival": row.arrival,
        "leaving": row.leaving,
        "reason": row.reason,
        "words": row.words,
        "consequence": row.consequence,
        "came": row.came_by_code,
        "minutes": seen.minutes if seen else None,
        "after": row.after,
    }


def words() -> dict:
    """Everything the page says by itself, in the language of the request. `#` is a number, `@` a time; what
    depends on a number comes in each of its forms."""
    labels = {status: str(Status(status).label) for status in Status.values if status != Status.CLEARED}
    return {
        "labels": labels | {"left_early": _("left %(time)s") % {"time": "@"}, "cleared": _("not marked")},
        "tap": _("%(name)s: present") % {"name": "@"},
        "more": _("Another mark for %(name)s") % {"name": "@"},
        "signs": {str(status): sign for status, sign in sheet.SIGNS.items()},
        "classes": {str(status): name for status, name in sheet.CLASSES.items()},
        "late": _forms(lambda n: ngettext("late %(n)s min", "late %(n)s min", n)),
        "by_code": _("checked in by code %(time)s") % {"time": "@"},
        "counts": _counts(),
        "unsent": _forms(lambda n: ngettext("%(n)s not yet sent", "%(n)s not yet sent", n)),
        "waiting": _forms(
            lambda n: ngettext("the oldest for %(n)s minute", "the oldest for %(n)s minutes", n)
        ),
        "refused": _forms(lambda n: ngettext("%(n)s not accepted", "%(n)s not accepted", n)),
        "others": _forms(
            lambda n: ngettext(
                "%(n)s act of another person waits on this device; it is sent when she signs in here.",
                "%(n)s acts of another person wait on this device; they are sent when she signs in here.",
                n,
            )
        ),
        "kinds": {
            "walk_in": _("Somebody at the door"),
            "note": _("Note"),
            "photo": _("Photo"),
            "idea": _("Idea"),
        },
        "not_sent": _("not yet sent"),
        "done": {
            "note": _("The note is kept."),
            "photo": _("The photo is kept."),
            "idea": _("The idea is kept."),
        },
        "too_large": _("The picture could not be read."),
        "no_answer": _("The server did not accept it and said nothing that can be shown here."),
    }


def _counts() -> dict[str, dict[str, str]]:
    """As templates/training/_tally.html has them."""
    return {
        "present": _forms(lambda n: ngettext("<b>%(n)s</b> present", "<b>%(n)s</b> present", n)),
        "late": _forms(lambda n: ngettext("<b>%(n)s</b> late", "<b>%(n)s</b> late", n)),
        "left_early": _forms(lambda n: ngettext("<b>%(n)s</b> left early", "<b>%(n)s</b> left early", n)),
        "half_day": _forms(lambda n: ngettext("<b>%(n)s</b> half a day", "<b>%(n)s</b> half a day", n)),
        "excused": _forms(lambda n: ngettext("<b>%(n)s</b> excused", "<b>%(n)s</b> excused", n)),
        "absent": _forms(lambda n: ngettext("<b>%(n)s</b> absent", "<b>%(n)s</b> absent", n)),
        "to_mark": _forms(lambda n: ngettext("<b>%(n)s</b> to mark", "<b>%(n)s</b> to mark", n)),
    }


def _forms(said) -> dict[str, str]:
    """A sentence for one, for a few and for many, with `#` where the number stands."""
    return {form: said(n) % {"n": "#"} for form, n in (("one", 1), ("few", 2), ("other", 5))}
