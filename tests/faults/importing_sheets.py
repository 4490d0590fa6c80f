"""Sheets as people bring them: one for each seed, always the same."""

import csv
import io
import random
import zipfile
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

LATIN = [
    "Ana",
    "Mila",
    "Vera",
    "Đurđa",
    "Žaklina",
    "Šana",
    "Ćirila",
    "Jelena",
    "Ljubica",
    "Njegica",
    "Dženana",
    "Nađa",
]
CYRILLIC = [
    "Ана",
    "Мила",
    "Вера",
    "Ђурђа",
    "Жаклина",
    "Шана",
    "Ћирила",
    "Јелена",
    "Љубица",
    "Његица",
    "Џенана",
    "Нађа",
]
LAST = ["Anić", "Ilić", "Đorđević", "Žikić", "Šarić", "Ćosić", "Petrović", "Njegoš"]
LAST_CYRILLIC = ["Анић", "Илић", "Ђорђевић", "Жикић", "Шарић", "Ћосић", "Петровић", "Његош"]
PLACES = ["Niš", "Čačak", "Požega", "Ниш", "Vranje", ""]
DAYS = [
    "28.2.2023.",
    "2023-02-28",
    "31.02.2023.",
    "29.2.2023",
    "February 28, 2023",
    "3/4/2023",
    "28/2/2023",
    "",
    "sutra",
]
BAD = ["not-an-email", "ana@", "x" * 300, "=1+1", "19xx", "1860", "💥", "a\tb", 'a"b', "\\N", "'", "−5"]
FIELDS = {
    "persons": {
        "id": ["id", "Šifra", "Шифра"],
        "name": ["Ime i prezime", "Име и презиме", "Full name", "IME I PREZIME"],
        "email": ["E-mail", "e-mail adresa", "Имејл"],
        "born": ["Godina rođenja", "Датум рођења", "born"],
        "sex": ["Pol", "Пол", "Gender"],
        "municipality": ["Opština", "Мesto", "City"],
    },
    "enrolments": {
        "person": ["E-mail", "person", "Ime i prezime"],
        "state": ["Status", "Стање"],
        "reason": ["Razlog", "reason"],
        "applied_on": ["Datum prijave", "Датум пријаве"],
        "enterprise": ["Firma", "Назив фирме"],
    },
    "sessions": {
        "title": ["Naslov", "Тема", "title"],
        "day": ["Datum", "Датум", "day"],
        "start": ["Početak", "Почетак"],
        "minutes": ["Trajanje", "minutes"],
        "venue": ["Mesto", "Сала"],
    },
}
FIELDS["participants"] = {name: FIELDS["persons"][name] for name in ("id", "name", "email", "born")} | {
    name: FIELDS["enrolments"][name] for name in ("state", "reason", "enterprise")
}


@dataclass
class Made:
    """A file, of a kind, and what is wrong with it, for whoever looks."""

    kind: str
    name: str
    content: bytes
    known: list[dict] = field(default_factory=list)  # persons that stand in the database before
    with_ids: bool = True
    what: list[str] = field(default_factory=list)


def sheet(seed: int, *, largest: int = 200_000) -> Made:
    dice = random.Random(seed)
    kind = dice.choices(["persons", "enrolments", "sessions", "participants"], [6, 2, 1, 1])[0]
    made = Made(kind, "", b"")
    made.with_ids = dice.random() < 0.7
    people = [_person(dice, n) for n in range(dice.choice([0, 3, 12]))]
    made.known = people
    count = _count(dice, seed, largest)
    fields = [n for n in FIELDS[kind] if n in ("name", "person", "title") or dice.random() < 0.8]
    if not made.with_ids and "id" in fields:
        fields.remove("id")
    header = [dice.choice(FIELDS[kind][name]) for name in fields]
    if dice.random() < 0.1:
        header.append(dice.choice(["Napomena", "", header[0]]))
    rows = [_row(dice, kind, fields, n, people, made) for n in range(count)]
    rows = _duplicates(dice, rows, made)
    table = [header, *rows]
    _trouble(dice, table, made)
    form = "csv" if count > 3000 else dice.choices(["csv", "xlsx", "ods"], [6, 3, 1])[0]
    made.name = f"sheet-{seed}.{form}"
    made.content = {"csv": _csv, "xlsx": _xlsx, "ods": _ods}[form](dice, table, made)
    return made


def _count(dice: random.Random, seed: int, largest: int) -> int:
    """Few are large: one of 200,000, some of thousands, most as people bring them."""
    if seed % 2500 == 1250:
        return largest
    if seed % 500 == 77:
        return min(dice.randint(3_000, 20_000), largest)
    return min(dice.choice([0, 1, 2, 5, 10, 20, 40, 80, dice.randint(0, 300)]), largest)


def _person(dice: random.Random, n: int) -> dict:
    first, last = dice.randrange(len(LATIN)), dice.randrange(len(LAST))
    names = (CYRILLIC, LAST_CYRILLIC) if dice.random() < 0.3 else (LATIN, LAST)
    name = f"{names[0][first]} {names[1][last]}-{n}"
    return {"id": f"K{n}", "name": name, "email": f"k{n}@example.org", "born": 1950 + n % 60}


def _row(dice: random.Random, kind: str, fields: list[str], n: int, people: list[dict], made: Made) -> list:
    known = dice.choice(people) if people and dice.random() < (0.9 if kind == "enrolments" else 0.2) else None
    one = dict(known) if known else _person(dice, 1000 + n)
    if not known:
        one |= {"id": f"N{n}", "email": f"n{n}@example.org"}
    state = dice.choice(["enrolled", "applied", "completed", "withdrawn", "declined", "upisana", "", "nema"])
    said = one | {
        "sex": dice.choice(["ž", "female", "", "M", "?"]) if dice.random() < 0.3 else "female",
        "municipality": dice.choice(PLACES),
        "person": one[dice.choice(["id", "email", "name"])],
        "state": state if dice.random() < 0.5 else "enrolled",
        "reason": dice.choice(["", "moved away", "preselila se"]),
        "applied_on": dice.choice(DAYS[:2]) if dice.random() < 0.8 else dice.choice(DAYS),
        "enterprise": dice.choice(["", "Hleb", "Хлеб", "So d.o.o."]),
        "title": dice.choice(["Uvod", "Увод", "Prodaja", f"Tema {n}"]),
        "day": dice.choice(["2035-03-01", "12.4.2035."]) if dice.random() < 0.8 else dice.choice(DAYS),
        "start": dice.choice(["09:00", "9:30", "", "25:00"]),
        "minutes": dice.choice(["90", "1 h 30 min", "90 min", ""]),
        "venue": dice.choice(["", "Sala 1", "Сала 1"]),
    }
    if dice.random() < 0.03:
        said[dice.choice(fields)] = dice.choice(BAD)
        made.what.append("a wrong cell")
    return [said[name] for name in fields]


def _duplicates(dice: random.Random, rows: list[list], made: Made) -> list[list]:
    if rows and dice.random() < 0.3:
        made.what.append("duplicates")
        for _n in range(dice.randint(1, 3)):
            row = list(dice.choice(rows))
            if dice.random() < 0.5:
                row[-1] = dice.choice(["", "1977", "Ниш"])
            if dice.random() < 0.3:  # the same in the other script
                row = [_twin(cell) for cell in row]
            rows.insert(dice.randint(0, len(rows)), row)
    return rows


def _twin(cell):
    for latin, cyrillic in [*zip(LATIN, CYRILLIC, strict=True), *zip(LAST, LAST_CYRILLIC, strict=True)]:
        cell = cell.replace(latin, cyrillic) if isinstance(cell, str) else cell
    return cell


def _trouble(dice: random.Random, table: list[list], made: Made) -> None:
    troubles = {
        "blank rows": lambda: table.insert(dice.randint(1, len(table)), [""] * len(table[0])),
        "a sum at the end": lambda: table.append(["Ukupno", str(len(table) - 1)][: len(table[0])]),
        "a row that is too long": lambda: table[-1].extend(["", "more"]) if len(table) > 1 else None,
        "a row that is too short": lambda: table[-1].__delitem__(slice(1, None)) if len(table) > 1 else None,
        "a title above": lambda: table.insert(0, ["Spisak 2025"]),
        "blank lines above": lambda: table.insert(0, []),
    }
    for name, act in troubles.items():
        if dice.random() < 0.04:
            made.what.append(name)
            act()


# --- written as the programs write them ------------------------------------------------------------


def _csv(dice: random.Random, table: list[list], made: Made) -> bytes:
    out = io.StringIO(newline="")
    sign = dice.choice([",", ";", "\t", "|"])
    csv.writer(out, delimiter=sign, lineterminator=dice.choice(["\n", "\r\n"])).writerows(table)
    text = out.getvalue()
    if dice.random() < 0.02:
        made.what.append("a quotation mark that never closes")
        text += '"and so on\n1,2'
    encoding = dice.choice(
        ["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1250", "cp1251", "cp1252", "iso8859_2"]
    )
    data = text.encode(encoding, errors="replace")  # what a code page lacks is a question mark, as in life
    if dice.random() < 0.02:
        made.what.append("broken bytes")
        place = dice.randrange(len(data))
        data = data[:place] + b"\xff\xfe\x81\x00"[: dice.randint(1, 4)] + data[place:]
    return data


def _xlsx(dice: random.Random, table: list[list], made: Made) -> bytes:
    book = Workbook()
    page = book.active
    if dice.random() < 0.2:
        made.what.append("a hidden sheet first")
        page.title, page.sheet_state = "Skriveni", "hidden"
        page.append(["ime"])
        page.append(["Tajna Osoba"])
        page = book.create_sheet("Prijave")
    for row in table:
        page.append([_typed(dice, _clean(cell)) for cell in row])
    if len(table) > 3 and dice.random() < 0.1:
        made.what.append("merged cells")
        page.merge_cells(start_row=len(table) - 1, end_row=len(table), start_column=1, end_column=1)
    elif len(table) > 2 and dice.random() < 0.1:
        made.what.append("formulas without results")
        page.cell(row=len(table), column=1).value = "=A1&B1"
    if dice.random() < 0.05:
        made.what.append("days counted from 1904")
        book.epoch = CALENDAR_MAC_1904
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()
    if dice.random() < 0.02:
        made.what.append("a damaged workbook")
        data = data[: dice.randrange(100, len(data))]
    return data


def _clean(cell):
    return "".join(c for c in cell if c >= " " or c in "\t\n") if isinstance(cell, str) else cell


def _typed(dice: random.Random, cell):
    """Numbers and days sometimes as such, as a spreadsheet makes them of what is typed."""
    if isinstance(cell, str) and dice.random() < 0.5:
        if cell.isascii() and cell.isdigit():
            return int(cell)
        if cell == "2035-03-01":
            return date(2035, 3, 1)
    return cell


def _ods(dice: random.Random, table: list[list], made: Made) -> bytes:
    rows = []
    for row in table:
        cells = [_ods_cell(dice, made, _clean(cell)) for cell in row]
        repeated = ' table:number-rows-repeated="1"' if dice.random() < 0.1 else ""
        rows.append(f"<table:table-row{repeated}>{''.join(cells)}</table:table-row>")
    hidden = dice.random() < 0.1
    name, mime = "Prijave", "application/vnd.oasis.opendocument.spreadsheet"
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0" xmlns:style="{space}:style:1.0">'
        '<office:automatic-styles><style:style style:name="off" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        "<office:body><office:spreadsheet>"
        + ('<table:table table:name="Skriveni" table:style-name="off"><table:table-row><table:table-cell '
           'office:value-type="string"><text:p>ime</text:p></table:table-cell></table:table-row></table:table>'
           if hidden else "")
        + f"<table:table table:name={quoteattr(name)}>{''.join(rows)}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )  # fmt: skip
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{mime}"/><manifest:file-entry '
        'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", mime, compress_type=zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return out.getvalue()


def _ods_cell(dice: random.Random, made: Made, cell) -> str:
    if cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, str) and cell.isascii() and cell.isdigit() and dice.random() < 0.5:
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p>'
            "</table:table-cell>"
        )
    text = escape(str(cell))
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
