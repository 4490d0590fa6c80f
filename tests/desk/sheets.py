"""Sheets as people send them, made for the tests."""

import io
from datetime import date

from openpyxl import Workbook

HEADINGS = [
    "R.br.",
    "Ime i prezime",
    "Пол",
    "Godište",
    "E-pošta",
    "Kontakt telefon",
    "Opština",
    "Dolazi?",
    "Napomena",
]
PEOPLE = [
    [
        1,
        "Јелена Марковић",
        "ženski",
        1987,
        "jelena.markovic@primer.example",
        "+381 64 111 2233",
        "Ниш",
        "da",
        None,
    ],
    [
        2,
        "Ana Đorđević",
        "ž",
        "1991.",
        "ana.djordjevic@primer.example",
        "063/222-333",
        "Niš",
        "da",
        "zove posle 17h",
    ],
    [3, "Ђорђе Петровић", "m", 1979, "DJORDJE@PRIMER.EXAMPLE", "064 333 444", "Leskovac", "ne", None],
    [4, "Mila Ilić", "ženski", date(1990, 5, 17), "mila@", "+381 65 444 555", "Врање", "da", None],
    None,
    [
        5,
        "Snežana Čolić",
        "ženski",
        "2.3.1985.",
        "snezana@primer.example",
        None,
        "Niš",
        "možda",
        "zove se i Čole",
    ],
    [6, "Ana Đorđević", "ž", 1991, "ana.djordjevic@primer.example", "063/222-334", "Niš", "da", None],
    [7, "Ljubica Šćepanović", "ženski", 1975, "ljubica@primer.example", None, "Pirot", "da", None],
    [8, "", "ženski", 1982, "bez.imena@primer.example", None, "Niš", "da", None],
    [9, "Вера Николић", "gospođa", 1994, "vera@primer.example", "+381 60 999 000", "Ниш", "da", None],
    ["Ukupno", None, None, None, None, None, None, 9, None],
]
MAP = {  # what a coordinator says of it, beside what is guessed
    "sex": {"from": "Пол", "values": {"gospođa": "female"}},
    "phone": {"from": "Kontakt telefon"},
    "country": {"value": "RS"},
}


def messy() -> bytes:
    """A workbook with a cover sheet, a title in merged cells, a blank line, Serbian headings in two scripts,
    dates as text and as dates, the same person twice, a bad address, nobody's row, and a sum at the end."""
    book = Workbook()
    cover = book.active
    cover.title = "Uputstvo"
    cover.append(["Popunite list Prijave. Hvala!"])
    page = book.create_sheet("Prijave 2026")
    page.append(["Spisak prijavljenih – jesen 2026"])
    page.merge_cells("A1:I1")
    page.append([])
    page.append(HEADINGS)
    for row in PEOPLE:
        page.append(row or [])
    return _bytes(book)


def workbook(*lines: list, name: str = "List1") -> bytes:
    book = Workbook()
    page = book.active
    page.title = name
    for line in lines:
        page.append(line)
    return _bytes(book)


def _bytes(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
