"""A summary on paper: the frozen document as a tagged PDF (PDF/UA-1). The same issue gives the same bytes."""

from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import StoredFile
from lib import pdf
from outcomes.document import WITHHELD, reading
from outcomes.models import Issue

PAPER = Path(__file__).with_name("summary.typ")


def summary(issue: Issue, logo: StoredFile | None) -> bytes:
    """Takes some 100 ms: never inside a transaction. Raises lib.pdf.UnfitPicture for a logo that is none."""
    with translation.override(issue.document["language"]):
        data = _data(issue, logo is not None)
    pictures = {"logo": _content(logo)} if logo else {}
    return pdf.render(PAPER, data, at=issue.built_at, pictures=pictures)


def _content(logo: StoredFile) -> bytes:
    with logo.content.open("rb") as file:
        return file.read()


def _data(issue: Issue, has_logo: bool) -> dict:
    document, read = issue.document, reading(issue.document)
    programmes = ", ".join(programme["name"] for programme in document["programmes"])
    number = _("issue %(number)s") % {"number": issue.number}
    reader = _("for %(funder)s") % {"funder": document["funder"]}
    printed = _("fingerprint %(print)s") % {"print": issue.short_fingerprint}
    return {
        "language": document["language"],
        "heading": document["heading"],
        "lead": document["lead"],
        "about": f"{programmes} · {number}",
        "reader": f"{reader} · {_unbroken(read['period'])}",
        "foot": printed,
        "fingerprint": issue.fingerprint,
        "headline": [_large(one) for one in read["headline"]],
        "funnels": _funnels(read),
        "told": [_told(one) for one in read["told"]],
        "plans": [one for one in (_plan(read), _lines(read)) if one],
        "because": [_because(one) for one in read["reasons_told"]],
        "results": [one for one in (_results(read),) if one],
        "trust": [one for one in (_trust(read), _changes(read)) if one],
        "limits": read["limits"],
        "breakdowns": [_breakdown(one) for one in read["breakdowns"]],
        "crossed": [one for one in map(_crossed, read["crossed"]) if one],
        "withheld": [{"name": one["name"], "why": one["why"]} for one in read["withheld"]],
        "definitions": [_defined(one) for one in read["definitions"]],
        "visibility": _visibility(document, has_logo),
        "words": _words(document),
    }


def _unbroken(period: str) -> str:
    """A date does not end on another line."""
    return " – ".join(day.replace(" ", "\xa0") for day in period.split(" – "))


def _words(document: dict) -> dict:
    least = document["threshold"]
    rule = ngettext(
        "A breakdown shows no number with fewer than %(least)s person behind it, and none from which one "
        "could be worked out. Counts of the whole programme are exact.",
        "A breakdown shows no number with fewer than %(least)s people behind it, and none from which one "
        "could be worked out. Counts of the whole programme are exact.",
        least,
    )
    return {
        "withheld": _("What is withheld, and why"),
        "rule": rule % {"least": least},
        "definitions": _("How each figure is counted"),
        "support": _("Support"),
        "told": _("What is told of the period"),
        "limits": _("What these figures cannot say"),
        "fingerprint": _("Fingerprint"),
        "sha": _(
            "SHA-256 of the frozen document. The page, the paper, the spreadsheet and the JSON file all come "
            "from that document; two copies with the same fingerprint say the same."
        ),
    }


def _large(one: dict) -> dict:
    target = one.get("target")
    return {
        "big": one["big"],
        "label": one["label"],
        "note": one["note"],
        "target": target["words"] if target else "",
        "reached": bool(target and target["reached"]),
    }


def _funnels(read: dict) -> list[dict]:
    heads = [_("Step"), "", _("How many")]
    line = _("The line shows where the true number lies, whatever those say who did not answer.")
    return [
        {
            "name": name,
            "heads": heads,
            "rows": [_bar(step, step["share"]) for step in steps],
            "notes": [line] if steps[-1].get("high") else [],
        }  # fmt: skip
        for name, steps in (
            (_("People: from applying to meeting a mentor"), read["people"]),
            (_("Ideas: from nomination to mentoring"), read["ideas"]),
        )
    ]


def _breakdown(one: dict) -> dict:
    rows = [_bar(row, row["share"]) for row in one["rows"]]
    mark = f"{WITHHELD} " if one["state"] == "withheld" else ""
    notes = [words for words in (one["together"], mark + one["why"]) if words.strip()]
    heads = [one["heading"], "", one["unit_name"]]
    return {"name": one["name"], "heads": heads, "rows": rows, "notes": notes}


def _bar(row: dict, beside: str) -> dict:
    """What was not counted has no bar, not one of nothing. `until`: how far it may reach."""
    value, total = row["value"], row["total"]
    share = round(100 * value / total, 2) if value and total else 0
    until = round(100 * row["high"] / total, 2) if row.get("high") else None
    return {
        "label": row["label"],
        "share": None if value is None else share,
        "until": until,
        "soft": bool(row.get("merged")),
        "said": row["said"],
        "beside": beside,
    }


def _plan(read: dict) -> dict | None:
    if not read["plan"]:
        return None
    unknown = _("not set")
    rows = [
        [
            _named(line["figure"]["name"], line["figure"]["code"], line["n"]),
            line.get("baseline") or unknown,
            line.get("target") or unknown,
            line["actual"],
            line.get("deviation") or (_("withheld") if line["figure"]["state"] == "withheld" else ""),
        ]
        for line in read["plan"]
    ]
    heads = [_("Figure"), _("Baseline"), _("Target"), _("Actual"), _("Deviation")]
    return {"name": _("Against the plan"), "heads": heads, "rows": rows, "notes": []}


def _lines(read: dict) -> dict | None:
    if not read["lines"]:
        return None
    unknown = _("not set")
    rows = [
        [
            _named(line["wording"], line["code"], line["n"]),
            line.get("baseline") or unknown,
            line.get("target") or unknown,
            line["actual"],
            line.get("progress") or _("not known"),
        ]
        for line in read["lines"]
    ]
    heads = [_("Line"), _("Baseline"), _("Target"), _("Actual"), _("Progress")]
    return {"name": _("The lines of the logframe"), "heads": heads, "rows": rows, "notes": []}


def _told(one: dict) -> list[dict]:
    heads = {"happened": "", "went_wrong": _("What went wrong"), "changes_next": _("What changes next")}
    return [{"head": head, "words": one[name]} for name, head in heads.items() if one.get(name)]


def _because(one: dict) -> dict:
    texts = [one[name] for name in ("happened", "went_wrong", "changes_next") if one.get(name)]
    return {"head": one["name"], "words": " ".join(texts)}


def _results(read: dict) -> dict | None:
    if not read["results"]:
        return None
    rows = [
        [
            " · ".join(
                part
                for part in (one["title"], one["kind"], one["place"], ", ".join(one["countries"]), one["how"])
                if part
            ),
            one["day"],
            ", ".join(one["parties"]) or _("not told"),
            ngettext("%(n)s document", "%(n)s documents", one["evidence"]) % {"n": one["evidence"]}
            if one["evidence"]
            else _("nothing yet"),
        ]
        for one in read["results"]
    ]
    heads = [_("Result"), _("Day"), _("Between whom"), _("Shown by")]
    notes = [
        _("What single persons registered, signed or earned is counted among the figures, and not listed.")
    ]
    return {
        "name": _("Results, and what shows them"),
        "heads": heads,
        "rows": rows,
        "notes": notes,
        "words": True,
    }


def _trust(read: dict) -> dict | None:
    if not read["trust"]:
        return None
    rows = [
        [
            " · ".join(part for part in (one["standard"], one["name"], one.get("programme", "")) if part),
            one["said"],
        ]
        for one in read["trust"]
    ]
    heads = [_("What was looked at"), _("Found")]
    return {"name": _("How far the data can be trusted"), "heads": heads, "rows": rows, "notes": []}


def _changes(read: dict) -> dict | None:
    if not read["changes"]:
        return None
    rows = [
        [
            f"{one['name']} ({one['figure']})",
            one["before"] or _("was not in it"),
            one["now"] or _("is not in it any more"),
            "; ".join(one["why"]) or _("the records changed"),
        ]
        for one in read["changes"]["figures"]
    ]
    heads = [_("Figure"), _("Before"), _("Now"), _("Why")]
    notes = [] if rows else [_("No figure changed.")]
    return {"name": read["changes"]["since"], "heads": heads, "rows": rows, "notes": notes}


def _crossed(one: dict) -> dict | None:
    if not one.get("lines"):
        return None  # it stands among what is withheld
    rows = [[line["label"], *line["cells"]] for line in one["lines"]]
    heads = [one["rows"]["heading"], *one["heads"]]
    return {"name": one["name"], "heads": heads, "rows": rows, "notes": one["notes"]}


def _named(name: str, code: str, n: str) -> str:
    return f"{name} ({code}, {n})" if n else f"{name} ({code})"


def _defined(line: dict) -> dict:
    figure = line["figure"]
    version = _("version %(version)s") % {"version": figure["version"]}
    code = " · ".join(part for part in (figure["code"], figure["standard"], version) if part)
    of = f" ÷ {figure['of']}" if figure["of"] else ""
    words = " ".join(
        part for part in (f"{figure['counts']}{of}", line["why"], line["unknown"], *line["answered"]) if part
    )
    return {"name": f"{figure['name']}: {line['said']}", "code": code, "words": words}


def _visibility(document: dict, has_logo: bool) -> list[dict]:
    wording, disclaimer = document["wording"], document.get("disclaimer", "")
    if not (wording or disclaimer or has_logo):
        return []
    logo = "logo" if has_logo else None
    return [{"name": document["funder"], "wording": wording, "disclaimer": disclaimer, "logo": logo}]
