"""What the pages of an import say: sentences and lists, read once for each page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.importing import running
from desk.importing.words import OUTCOMES, counted, field_words, kind_words, looks_like
from desk.loading.door import KINDS
from desk.models import Import

MOST = 100  # refused rows on a page; the sheet that is handed back has all of them
LISTS = {
    "participants": "training:enrolment_list",
    "persons": "training:enrolment_list",
    "enrolments": "training:enrolment_list",
    "sessions": "training:session_list",
    "attendance": "training:session_list",
    "headcounts": "training:headcount_list",
    "mentors": "mentoring:assignment_list",
    "needs": "mentoring:assignment_list",
    "assignments": "mentoring:assignment_list",
    "meetings": "mentoring:assignment_list",
    "goals": "mentoring:assignment_list",
    "ideas": "ideas:idea_list",
    "reviews": "ideas:idea_list",
    "results": "outcomes:result_list",
    "grants": "outcomes:grant_list",
    "costs": "outcomes:costs_of",
    "targets": "outcomes:report_list",
    "indicators": "outcomes:report_list",
}


def sheet(record: Import) -> dict:
    """What the sheet is likely to be, and why."""
    known = sum(bool(column.get("field")) for column in record.columns)
    words = ngettext(
        "%(known)s of %(n)s heading is known for that.",
        "%(known)s of %(n)s headings are known for that.",
        len(record.columns),
    )
    return {
        "heading": looks_like(record.kind, record.rows - len(record.leave_out)),
        "why": words % {"known": known, "n": len(record.columns)} if record.kind else "",
        "headings": [column["header"] for column in record.columns],
        "twin": twin(record),
    }


def twin(record: Import) -> Import | None:
    """An earlier import of this very file that still stands."""
    same = Import.objects.of_this_file(record.digest).filter(
        programme=record.programme_id, state=Import.State.DONE
    )
    return same.exclude(pk=record.pk).select_related("by").first()


def columns(record: Import) -> dict:
    known = sum(bool(column.get("field")) for column in record.columns)
    fields = [(field_words(field.name), field.meaning) for field in KINDS[record.kind].fields]
    return {"known": known, "n": len(record.columns), "kind": kind_words(record.kind), "fields": fields}


def how_words(column: dict) -> str:
    """How the guess came about."""
    share = round(100 * column.get("share", 0))
    return {
        "name": _("by its name"),
        "content": _("by what stands in it (%(share)s %%)") % {"share": share},
        "remembered": _("as last time"),
        "hand": _("by hand"),
    }.get(column.get("how", ""), "")


def preview(record: Import) -> dict:
    counts = record.counts
    refused, more = _refused(record)
    return {
        "heading": counted(counts, done=False),
        "will_write": counts["created"] + counts["updated"],
        "refused": refused,
        "more": more,
        "left_out": counts["left_out"],
        "new_more": counts["created"] - len(record.examples.get("new", [])),
        "changed_more": counts["updated"] - len(record.examples.get("changed", [])),
        "twin": twin(record),
    }


def result(record: Import) -> dict:
    refused, more = _refused(record)
    name = LISTS.get(record.kind)
    return {
        "heading": _result_heading(record),
        "kind": kind_words(record.kind),
        "list_url": reverse(name, args=[record.programme.code]) if name else "",
        "refused": refused,
        "more": more,
        "differences": [
            [row, str(OUTCOMES[was]), str(OUTCOMES[is_now])] for row, was, is_now in record.differences
        ],
        "reason": record.job.reason if record.job and record.standing in ("stopped", "uploaded") else "",
        "can_undo": record.state == Import.State.DONE and running.trail_of(record).exists(),
        "trail_is_gone": record.state == Import.State.DONE
        and bool(record.counts["created"] + record.counts["updated"])
        and not running.trail_of(record).exists(),
    }


def _result_heading(record: Import) -> str:
    if record.state == Import.State.UNDONE:
        return _("Taken back: nothing of this sheet is left")
    if record.state == Import.State.DONE:
        return counted(record.counts, done=True)
    if record.state == Import.State.FAILED:
        n = record.counts.get("refused", 0)
        words = ngettext(
            "Nothing was written: %(n)s row is refused now",
            "Nothing was written: %(n)s rows are refused now",
            n,
        )
        return words % {"n": n}
    if record.job and record.job.state == "cancelled":
        return _("Stopped: nothing was written")
    return _("Nothing was written")


def _refused(record: Import) -> tuple[list, int]:
    """Those for the page, and how many more there are."""
    found = running.refusals_of(record)
    return found[:MOST], max(0, len(found) - MOST)


def line(record: Import) -> dict:
    """One line of the list of imports."""
    moment = timezone.localtime(record.ended_at or record.created_at)
    return {
        "record": record,
        "kind": kind_words(record.kind) if record.kind else "",
        "when": date_format(moment, "SHORT_DATETIME_FORMAT"),
        "said": _line_words(record),
    }


def _line_words(record: Import) -> str:
    if record.works:
        return _("is being worked on")
    if record.state == Import.State.DONE:
        return counted(record.counts, done=True)
    if record.standing == "stopped":
        return _("stopped; nothing was written")
    return str(record.get_state_display())
