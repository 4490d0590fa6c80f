"""The spreadsheet of an issue, from the same frozen document as its page.

Four sheets, each one plain table: no formulas, no merged cells, no meaning by colour. What is withheld is
`[c]` in the cell of the number; what is not measured leaves the number empty and has its state beside it.
"""

from io import BytesIO

from django.utils import translation
from django.utils.translation import gettext as _

from lib.sheets import write_xlsx
from outcomes.definitions import Unit, unit_name
from outcomes.document import WITHHELD, answered, is_measured, key_of, label, line, reading, said
from outcomes.models import Issue, Level

Row = list[str | int | float | None]


def workbook(issue: Issue) -> bytes:
    """The file. The same issue gives the same bytes."""
    out = BytesIO()
    with translation.override(issue.document["language"]):
        write_xlsx(out, [(name, head, rows) for name, (head, *rows) in _sheets(issue)], title=issue.heading)
    return out.getvalue()


def _sheets(issue: Issue) -> list[tuple[str, list[Row]]]:
    document = issue.document
    sheets = [
        (_("Summary"), _summary(issue)),
        (_("Figures"), _figures(document)),
        (_("Breakdowns"), _breakdowns(document)),
        (_("Definitions"), _definitions(document)),
    ]
    more = [
        (_("Logframe"), _lines(document) if document.get("lines") else []),
        (_("Results"), _results(document) if document.get("results") else []),
        (_("Data quality"), _trust(document) if document.get("trust") else []),
        (_("Changes"), _changes(document) if document.get("changes") else []),
    ]
    return [*sheets, *((name, rows) for name, rows in more if rows)]


def _summary(issue: Issue) -> list[Row]:
    document, read = issue.document, reading(issue.document)
    rows: list[Row] = [
        [_("What"), _("Text")],
        [_("Summary"), document["heading"]],
        [_("In short"), document["lead"]],
        [_("Report"), document["report"]],
        [_("Programme"), ", ".join(programme["name"] for programme in document["programmes"])],
        [_("Project"), document["project"]],
        [_("For"), document["funder"]],
        [_("Period"), read["period"]],
        [_("Issue"), issue.number],
        [_("Fingerprint"), issue.fingerprint],
        [_("Smallest cell"), document["threshold"]],
        [WITHHELD, _("withheld")],
    ]
    rows += [[_("Withheld"), f"{line['name']}: {line['why']}"] for line in read["withheld"]]
    rows += [[_("What these figures cannot say"), words] for words in read["limits"]]
    rows += _told(document)
    shown = [(_("Visibility"), document["wording"]), (_("Disclaimer"), document.get("disclaimer"))]
    return rows + [[name, text] for name, text in shown if text]


def _figures(document: dict) -> list[Row]:
    head = [_("Code"), _("Figure"), _("Unit"), _("Value"), _("Counted"), _("Of"), _("Not known")]
    head += [_("Target"), _("Deviation"), _("State"), _("Why"), _("Asked"), _("Answered"), _("Beside it")]
    return [head] + [_figure(figure, document) for figure in document["figures"]]


def _figure(figure: dict, document: dict) -> Row:
    plan = figure.get("plan", {})
    hidden = WITHHELD if figure["state"] == "withheld" else None
    share = figure["unit"] == Unit.PERCENT
    return [
        figure["code"],
        figure["name"],
        _unit(figure),
        _value(figure, hidden),
        figure.get("numerator", hidden if share else None),
        figure.get("denominator", hidden if share else None),
        figure.get("unknown"),
        plan.get("target"),
        plan.get("deviation", hidden if plan else None),
        _("measured") if is_measured(figure) else _("withheld") if hidden else said(figure),
        document["reasons"].get(figure.get("reason"), ""),
        figure.get("asked"),
        figure.get("answered"),
        " ".join(answered(figure)),
    ]


def _unit(figure: dict) -> str:
    """Of an amount in one currency with the currency: the number stands beside it."""
    if len(figure.get("amounts", ())) != 1:
        return figure["unit_name"]
    return f"{figure['unit_name']}, {figure['amounts'][0]['currency']}".rstrip(", ")


def _value(figure: dict, hidden: str | None) -> str | int | float | None:
    """The number as it is told, per cent without decimals; of several currencies their amounts in words;
    where too few answered nothing, for the counts stand beside it."""
    if len(figure.get("amounts", ())) > 1:
        return said(figure)
    if figure.get("counts_only") and figure["unit"] != Unit.PERSONS:
        return None
    value = figure.get("value", hidden)
    return round(value) if figure["unit"] == Unit.PERCENT and value != hidden else value


def _lines(document: dict) -> list[Row]:
    """The funder's own lines, with what was planned and what is."""
    head = [_("Code"), _("Line"), _("Level"), _("Figure"), _("Baseline"), _("Target"), _("Actual")]
    figures = {key_of(figure): figure for figure in document["figures"]}
    rows: list[Row] = [head + [_("Progress"), _("Unit")]]
    for one in document["lines"]:
        read, plan = line(one, figures, document), one.get("plan", {})
        figure = read["figure"]
        actual = _value(figure, None) if figure and is_measured(figure) else None
        unit = _unit(figure) if figure else unit_name(one.get("unit", ""))
        rows.append(
            [one["code"], one["wording"], str(Level(one["level"]).label), one.get("figure", ""),
             plan.get("baseline"), plan.get("target"), read["actual"] if actual is None else actual,
             read.get("progress", ""), unit]
        )  # fmt: skip
    return rows


def _told(document: dict) -> list[Row]:
    """What is told of the period, a row a text."""
    heads = {
        "happened": _("What happened"),
        "went_wrong": _("What went wrong"),
        "changes_next": _("What changes next"),
    }
    return [
        [f"{head} ({one['figure']})" if one["figure"] else head, one[name]]
        for one in document.get("narratives", [])
        for name, head in heads.items()
        if one.get(name)
    ]


def _results(document: dict) -> list[Row]:
    head = [_("Result"), _("Kind"), _("Day"), _("Place"), _("Countries"), _("Between whom")]
    rows: list[Row] = [
        head + [_("How far it is the programme's doing"), _("Documents"), _("Also reported to")]
    ]
    return rows + [
        [one["title"], one["kind"], one["day"], one["place"], ", ".join(one["countries"]),
         ", ".join(one["parties"]), one["how"], one["evidence"], ", ".join(one["also_to"])]
        for one in document["results"]
    ]  # fmt: skip


def _trust(document: dict) -> list[Row]:
    rows: list[Row] = [[_("Standard"), _("What was looked at"), _("Programme"), _("Found")]]
    return rows + [
        [one["standard"], one["name"], one.get("programme", ""), one["said"]] for one in document["trust"]
    ]


def _changes(document: dict) -> list[Row]:
    rows: list[Row] = [[_("Code"), _("Figure"), _("Before"), _("Now"), _("Why")]]
    return rows + [
        [one["figure"], one["name"], one["before"], one["now"], "; ".join(one["why"])]
        for one in document["changes"]["figures"]
    ]


def _breakdowns(document: dict) -> list[Row]:
    rows: list[Row] = [[_("Breakdown"), _("Category"), _("Count"), _("Unit"), _("Why")]]
    for one in document["breakdowns"]:
        if one["state"] == "measured":
            rows += [[one["name"], label(cell), cell["count"], one["unit_name"], ""] for cell in one["cells"]]
        else:
            mark = WITHHELD if one["state"] == "withheld" else said(one)
            rows.append([one["name"], "", mark, one["unit_name"], document["reasons"][one["reason"]]])
    for one in document.get("crossed", []):
        rows += _crossed(one, document)
    return rows


def _crossed(one: dict, document: dict) -> list[Row]:
    """A row a cell, as the other breakdowns; of a hidden one the mark."""
    if one["state"] != "measured":
        return [[one["name"], "", WITHHELD, "", document["reasons"][one["reason"]]]]
    columns = [label(cell) for cell in one["columns"]["cells"]]
    return [
        [one["name"], f"{label(row)}, {column}", WITHHELD if n is None else n, "", ""]
        for row, cells in zip(one["rows"]["cells"], one["cells"], strict=True)
        for column, n in zip(columns, cells, strict=True)
    ]


def _definitions(document: dict) -> list[Row]:
    head = [_("Code"), _("Figure"), _("Version"), _("Unit"), _("What is counted"), _("Of what")]
    return [head + [_("Also known as"), _("Level")]] + [
        [
            figure["code"],
            figure["name"],
            figure["version"],
            figure["unit_name"],
            figure["counts"],
            figure["of"],
            figure["standard"],
            str(Level(figure["level"]).label),
        ]
        for figure in document["figures"]
    ]
