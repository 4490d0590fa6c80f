"""A frozen document as it is read: the same lines on the page and in the spreadsheet.

Everything comes from the document; nothing is counted or looked up here. Numbers and the few words that are
not frozen are in the active language, which the door sets to the document's.
"""

from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.composing.changes import since
from outcomes.definitions import DECIMALS, Unit
from outcomes.wording import number, per_cent

WITHHELD = "[c]"
LATER = "OC-07"  # who runs a business, six months after


def reading(document: dict) -> dict:
    """All parts of the page, ready to be printed."""
    figures = {key_of(figure): figure for figure in document["figures"]}
    return {
        "document": document,
        "period": period(document),
        "headline": headline(document, figures),
        "people": people_steps(figures),
        "ideas": funnel(figures, ["OP-09", "OP-09.2", "OP-09.3"], base="OP-09"),
        "breakdowns": [breakdown(one, document) for one in document["breakdowns"]],
        "crossed": [crossed(one, document) for one in document.get("crossed", [])],
        "plan": [planned(figure) for figure in document["figures"] if "plan" in figure],
        "reasons_told": reasons_told(document, figures),
        "lines": [line(one, figures, document) for one in document.get("lines", [])],
        "definitions": [defined(figure, document) for figure in document["figures"]],
        "withheld": withheld(document),
        "results": document.get("results", []),
        "told": [one for one in document.get("narratives", []) if not one["figure"]],
        "trust": document.get("trust", []),
        "limits": document.get("limits", []),
        "changes": changed(document),
    }


def key_of(figure: dict) -> str:
    """What a figure is opened by; of older documents its code."""
    return figure.get("key", figure["code"])


def period(document: dict) -> str:
    """The half-open period as people say it: with its last day."""
    start = date.fromisoformat(document["period"]["start"])
    last = date.fromisoformat(document["period"]["end"]) - timedelta(days=1)
    return " – ".join(formats.date_format(day, "DATE_FORMAT") for day in (start, last))


def is_measured(figure: dict) -> bool:
    return figure["state"] == "measured"


def said(figure: dict) -> str:
    """The figure with its unit's sign; the word of its state where it has no number."""
    if not is_measured(figure):
        return {
            "not_yet_due": _("not yet due"),
            "missing": _("missing"),
            "not_applicable": _("not applicable"),
            "withheld": WITHHELD,
        }[figure["state"]]
    if figure.get("amounts"):
        return "; ".join(money(one) for one in figure["amounts"])
    if figure.get("counts_only"):
        return counts(figure)
    return amount(figure["unit"], figure["value"])


def counts(figure: dict) -> str:
    """Where too few answered to tell a percentage or a mean of: how many of how many."""
    if "denominator" in figure:
        return _("%(n)s of %(all)s") % {
            "n": amount(Unit.NUMBER, figure["numerator"]),
            "all": amount(Unit.NUMBER, figure["denominator"]),
        }
    if figure["unit"] == Unit.PERSONS:
        return number(figure["value"])
    return _("%(n)s answered") % {"n": number(figure.get("n", figure["answered"]))}


def money(one: dict) -> str:
    places = 0 if one["amount"] == int(one["amount"]) else 2
    return f"{number(one['amount'], places)} {one['currency']}".strip()


def amount(unit: str, value: float | int) -> str:
    if unit == Unit.PERCENT:
        return per_cent(value)
    return number(value, DECIMALS.get(unit, 0) if value != int(value) else 0)


def people_of(figure: dict) -> int | None:
    """The number of things that a funnel shows: of a share its numerator."""
    if not is_measured(figure):
        return None
    return figure["numerator"] if figure["unit"] == Unit.PERCENT else figure["value"]


# --- the large numbers


def headline(document: dict, figures: dict) -> list[dict]:
    """What became of them stands last, once they were asked; until then the hours stand third."""
    later = figures.get(LATER, {"state": None})
    hours = _large(document, figures["OP-08"], _("hours of mentoring"), _for_mentees(figures["OP-08.2"]))
    ideas = _large(document, figures["OP-09.3"], _("ideas carried on"), _of_nominated(figures["OP-09"]))
    return [
        _large(document, figures["OP-01"], document["people_label"]),
        _large(document, figures["OP-07"], _("completed"), _of_all(figures["OP-07"])),
        *([ideas, _in_business(document, later)] if is_measured(later) else [hours, ideas]),
    ]


def _in_business(document: dict, figure: dict) -> dict:
    """How many of those who answered; and between what it lies whatever the others would have said."""
    words = _of_owners(figure)
    if "bounds" in figure and figure["asked"] > figure["answered"]:
        low, high = (per_cent(end) for end in figure["bounds"])
        between = _("between %(low)s and %(high)s of all %(n)s")
        words += "; " + between % {"low": low, "high": high, "n": number(figure["asked"])}
    return _large(document, figure, _("in business after 6 months"), words)


def _of_owners(figure: dict) -> str:
    n = {"n": number(figure["denominator"])}
    if figure["denominator"] == figure["answered"]:
        return _("of %(n)s who answered") % n
    return _("of %(n)s who answered and had a business") % n


def _large(document: dict, figure: dict, label: str, note: str = "") -> dict:
    if not is_measured(figure):
        return {"figure": figure, "label": label, "big": said(figure), "note": reason(figure, document)}
    value = people_of(figure)
    big = amount(Unit.HOURS if figure["unit"] == Unit.HOURS else Unit.PERSONS, value)
    return {"figure": figure, "label": label, "big": big, "note": note, "target": _target(figure)}


def _target(figure: dict) -> dict | None:
    if "target" not in figure.get("plan", {}):
        return None
    words = _("target %(target)s") % {"target": amount(figure["unit"], figure["plan"]["target"])}
    return {"words": words, "reached": figure["plan"].get("deviation", -1) >= 0}


def _of_all(figure: dict) -> str:
    if not is_measured(figure):
        return ""
    return _("of %(n)s, %(share)s") % {"n": number(figure["denominator"]), "share": per_cent(figure["value"])}


def _for_mentees(figure: dict) -> str:
    if not is_measured(figure):
        return ""
    words = ngettext("for %(n)s person", "for %(n)s people", figure["value"])
    return words % {"n": number(figure["value"])}


def _of_nominated(figure: dict) -> str:
    if not is_measured(figure):
        return ""
    return _("of %(n)s nominated") % {"n": number(figure["value"])}


def reason(figure: dict, document: dict) -> str:
    return document["reasons"].get(figure.get("reason"), "")


# --- bars


def funnel(figures: dict, codes: list[str], base: str) -> list[dict]:
    """Steps from wide to narrow; from `base` on each says its share of it."""
    steps = [(figures[code], people_of(figures[code])) for code in codes]
    widest = max((value for _figure, value in steps if value is not None), default=0)
    whole = people_of(figures[base])
    after = codes.index(base)
    return [
        {
            "figure": figure,
            "label": figure["name"],
            "value": value,
            "total": widest,
            "said": said(figure) if value is None else number(value),
            "share": _share_of(value, whole) if place > after else "",
        }
        for place, (figure, value) in enumerate(steps)
    ]


def people_steps(figures: dict) -> list[dict]:
    """From applying to meeting a mentor; and once they were asked who is in business, with where the true
    number lies whatever those say who did not answer."""
    steps, figure = (
        funnel(figures, ["F-01", "F-02", "OP-01", "OP-07", "OP-08.2"], base="OP-01"),
        figures.get(LATER),
    )
    if not figure or not is_measured(figure) or figure["numerator"] > steps[0]["total"]:
        return steps
    n, silent = figure["numerator"], figure["asked"] - figure["answered"]
    last = {
        "figure": figure,
        "label": _("In business after 6 months"),
        "value": n,
        "total": steps[0]["total"],
    }
    said = {"said": number(n), "share": _of_owners(figure)}
    between = {"low": n, "high": min(n + silent, last["total"])} if silent else {}
    return [*steps, last | said | between]


def _share_of(value: int | None, whole: int | None) -> str:
    if not whole or value is None or value > whole:
        return ""
    return _("%(share)s of %(n)s") % {"share": per_cent(100 * value / whole), "n": number(whole)}


def breakdown(one: dict, document: dict) -> dict:
    """A chart with its table; without cells, the reason."""
    cells = one.get("cells", [])
    widest = max((cell["count"] for cell in cells), default=0)
    rows = [
        {
            "label": label(cell),
            "merged": bool(cell.get("merged")),
            "value": cell["count"],
            "total": widest,
            "said": number(cell["count"]),
            "share": per_cent(100 * cell["count"] / one["total"]),
        }
        for cell in cells
    ]
    return one | {"rows": rows, "why": reason(one, document), "together": " ".join(together(one, document))}


def label(cell: dict) -> str:
    """A merged category says neither which it holds nor how many."""
    if not cell.get("merged"):
        return cell["label"]
    return _("Other and not known") if cell["with_unknown"] else _("Other")


# --- the tables


def crossed(one: dict, document: dict) -> dict:
    """A table by two properties; what is hidden in it has a mark."""
    if one["state"] != "measured":
        return one | {"why": reason(one, document)}
    lines = [
        {"label": label(row), "cells": [WITHHELD if n is None else number(n) for n in cells]}
        for row, cells in zip(one["rows"]["cells"], one["cells"], strict=True)
    ]
    hidden = sum(n is None for row in one["cells"] for n in row)
    words = ngettext(
        "%(n)s number is withheld: it is small, or from it a small one could be worked out.",
        "%(n)s numbers are withheld: they are small, or from them a small one could be worked out.",
        hidden,
    )
    notes = [words % {"n": number(hidden)}] if hidden else []
    notes += [carried(one)] if "carried" in one else []
    return one | {"lines": lines, "heads": [label(cell) for cell in one["columns"]["cells"]], "notes": notes}


def planned(figure: dict) -> dict:
    """One line against the plan; what is not known of it is not there."""
    return {"figure": figure, "actual": said(figure), "n": counted(figure)} | against(
        figure["unit"], figure["plan"]
    )


def against(unit: str, plan: dict) -> dict:
    """Target, baseline, deviation, and how much of the way is done, as far as they are known."""
    told = {name: amount(unit, plan[name]) for name in ("target", "baseline") if name in plan}
    if "deviation" in plan:
        told["deviation"] = deviation(unit, plan["deviation"])
        told["reached"] = plan["deviation"] >= 0
    if "progress" in plan:
        done = plan["progress"]
        told["progress"] = _("not defined") if done == "undefined" else per_cent(done)
    return told


def reasons_told(document: dict, figures: dict) -> list[dict]:
    """What is told of single figures of the period: under the plan the reasons of what deviates."""
    found = [one for one in document.get("narratives", []) if one["figure"]]
    names = {figure["code"]: figure["name"] for figure in document["figures"]}
    return [one | {"name": names[one["figure"]]} for one in found if one["figure"] in names]


def changed(document: dict) -> dict:
    """What changed since the issue before; nothing where there was none, a sentence where nothing did."""
    found = document.get("changes")
    return {"since": since(found), "figures": found["figures"]} if found else {}


def line(one: dict, figures: dict, document: dict) -> dict:
    """A line of the funder's own logframe; without a figure there is a plan and no actual."""
    figure = figures.get(one.get("figure"))
    told = {"code": one["code"], "wording": one["wording"], "level": one["level"], "figure": figure}
    if figure is None:
        told |= {"actual": _("no data"), "why": reason(one, document), "n": ""}
    else:
        told |= {"actual": said(figure), "why": reason(figure, document), "n": counted(figure)}
    unit = figure["unit"] if figure else one.get("unit", "")
    return told | (against(unit, one["plan"]) if "plan" in one else {})


def deviation(unit: str, value: float | int) -> str:
    """With its sign; of a share in percentage points."""
    size = number(abs(value), 0 if value == int(value) else 1)
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return _("%(n)s pp") % {"n": sign + size} if unit == Unit.PERCENT else sign + size


def counted(figure: dict) -> str:
    """Of how many: behind a share always, behind a mean, a median, a sum of answers too."""
    n = figure.get("n", figure.get("denominator"))
    return _("n %(n)s") % {"n": amount(Unit.NUMBER, n)} if n is not None else ""


def answered(figure: dict) -> list[str]:
    """Of a figure from answers: who answered of who was asked, between what it lies whatever the others
    would say, Wilson's interval, and how far it may be the programme's doing."""
    if not figure.get("asked"):
        return []
    share = per_cent(100 * figure["answered"] / figure["asked"])
    words = _("%(n)s of %(all)s who were asked answered (%(share)s).")
    told = [words % {"n": number(figure["answered"]), "all": number(figure["asked"]), "share": share}]
    if figure.get("counts_only"):
        told.append(_("Fewer than 60 in a hundred answered: no percentage is told."))
    if "bounds" in figure:
        low, high = (amount(figure["unit"], end) for end in figure["bounds"])
        words = _("Whatever the others would have said, it lies between %(low)s and %(high)s.")
        told.append(words % {"low": low, "high": high})
    if "interval" in figure and not figure.get("counts_only"):
        low, high = (amount(figure["unit"], end) for end in figure["interval"])
        words = _("As a sample of many more (Wilson, 95 %%): %(low)s to %(high)s.")
        told.append(words % {"low": low, "high": high})
    return told + ([figure["claim_said"]] if "claim_said" in figure else [])


def defined(figure: dict, document: dict) -> dict:
    unknown = figure.get("unknown")
    return {
        "figure": figure,
        "key": key_of(figure),
        "anchor": anchor(key_of(figure)),
        "said": said(figure),
        "n": counted(figure),
        "why": reason(figure, document),
        "answered": answered(figure) + ([carried(figure)] if "carried" in figure else []),
        "unknown": ngettext("%(n)s is not known.", "%(n)s are not known.", unknown) % {"n": number(unknown)}
        if unknown
        else "",
    }


def anchor(key: str) -> str:
    """Where the figure stands on its page."""
    return key.lower().replace(".", "-").replace("@", "-v").replace("~", "-all")


def withheld(document: dict) -> list[dict]:
    """Everything that is hidden, put together or carried over, each with the rule that did it."""
    found = [
        {"name": one["name"], "why": reason(one, document)}
        for one in [*document["figures"], *document["breakdowns"], *document.get("crossed", [])]
        if one["state"] == "withheld"
    ]
    found += [{"name": one["name"], "why": carried(one)} for one in document["figures"] if "carried" in one]
    for one in document["breakdowns"]:
        found += [{"name": one["name"], "why": why} for why in together(one, document)]
    return found


def together(one: dict, document: dict) -> list[str]:
    """Why categories of a breakdown are merged, and why it stands as it did in an issue before."""
    found = [carried(one)] if "carried" in one else []
    if any(cell.get("merged") for cell in one.get("cells", [])):
        words = _(
            "Some categories are shown together, for fewer than %(least)s people stand behind one of them."
        )
        found.append(words % {"least": number(document["threshold"])})
    return found


def carried(one: dict) -> str:
    """Of what is taken over from an issue before: which one, and why."""
    since = one["carried"]
    words = _(
        "As in issue %(number)s of %(day)s: since then it changed by too few people to be told without "
        "telling of them."
    )
    day = formats.date_format(date.fromisoformat(since["day"]), "SHORT_DATE_FORMAT")
    return words % {"number": since["number"], "day": day}
