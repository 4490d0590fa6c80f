"""What changed since the issue before of the same report, and why.

Of figures that are exact for everybody (participation) the rows behind are laid beside those of that issue,
under its own key: how many came, how many do not count any more, how many persons were erased. Of guarded
figures nothing is said of rows: from how many came and went a reader could learn of one.
"""

from collections.abc import Callable
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.models import Issue, Report
from outcomes.wording import number
from people.models import Person

Row = tuple[str, int | tuple[int, ...]]  # of which kind, and its primary key
RowId = Callable[[str, str, object], str]  # of a row: key of the issue, kind, primary key


def changes(
    report: Report,
    figures: list[dict],
    rows: dict[str, list[Row]],
    *,
    said: Callable[[dict], str],
    row_id: RowId,
) -> dict:
    """Nothing for a first issue. `rows` of the figures whose rows may be told of; `said` prints a figure."""
    before = Issue.objects.filter(report=report, state=Issue.State.ISSUED).order_by("-number").first()
    if before is None:
        return {}
    old = {one.get("key", one["code"]): one for one in before.document["figures"]}
    lines = []
    for one in figures:
        then = old.pop(one["key"], None)
        why = _why(one, then, rows.get(one["key"]), before, row_id) if then else []
        told = {"figure": one["key"], "name": one["name"], "now": said(one), "why": why}
        told["before"] = said(then) if then else ""
        if why or told["before"] != told["now"]:
            lines.append(told)
    gone = [
        {"figure": key, "name": one["name"], "now": "", "before": said(one), "why": []}
        for key, one in old.items()
    ]
    return {"number": before.number, "day": before.issued_at.date().isoformat(), "figures": lines + gone}


def _why(now: dict, then: dict, rows: list[Row] | None, before: Issue, row_id: RowId) -> list[str]:
    found = []
    if now["version"] != then["version"]:
        words = _("It is counted by version %(now)s of its definition, not by version %(then)s any more.")
        found.append(words % {"now": now["version"], "then": then["version"]})
    if "carried" in now and "carried" not in then:
        found.append(_("It stands as it did: it changed by too few people to be told."))
    kept = before.payload["rows"].get(now["key"], {}).get("ids")
    if rows is None or kept is None or then["state"] != now["state"]:
        return found
    here = {row_id(before.row_key, kind, pk) for kind, pk in rows}
    gone = set(kept) - here
    erased = (
        len(gone - _persons(before, row_id)) if gone and {kind for kind, _pk in rows} <= {"person"} else 0
    )
    return found + _moved(len(here - set(kept)), len(gone) - erased, erased)


def _persons(before: Issue, row_id: RowId) -> set[str]:
    """Everybody who is there still."""
    tenant = before.report.funding.project.tenant_id
    return {
        row_id(before.row_key, "person", pk)
        for pk in Person.objects.filter(tenant=tenant).values_list("pk", flat=True)
    }


def _moved(came: int, gone: int, erased: int) -> list[str]:
    found = []
    if came:
        found.append(_("+%(n)s recorded since") % {"n": number(came)})
    if gone:
        words = ngettext("−%(n)s that does not count any more", "−%(n)s that do not count any more", gone)
        found.append(words % {"n": number(gone)})
    if erased:
        found.append(_("−%(n)s by erasure") % {"n": number(erased)})
    return found


def since(found: dict) -> str:
    """Which issue it is laid beside."""
    day = formats.date_format(date.fromisoformat(found["day"]), "SHORT_DATE_FORMAT")
    return _("Since issue %(number)s of %(day)s") % {"number": found["number"], "day": day}
