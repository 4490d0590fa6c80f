"""Hostile and broken files: each is read, or refused in plain words, within 2 seconds and 200 MB. Run with -s
to see the table."""

import io
import os
import threading
import time
import zipfile
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest
from django.utils import translation

from lib.sheets import SheetError, read, sheets_of

SECONDS, MEGABYTES = 2.0, 200
PATIENCE = 8  # a busy machine is slow: the test allows this many times more, and prints what it saw

BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>'
)
ROOT = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</sst>'
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
OUTSIDE = "<!DOCTYPE x [<!ENTITY a9 SYSTEM 'file:///etc/passwd'>]>"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}'
    "</manifest:manifest>"
)
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="S">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)


def packed(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in members.items():
            stored = {"compress_type": zipfile.ZIP_STORED} if name == "mimetype" else {}
            package.writestr(name, content, **stored)
    return out.getvalue()


def xlsx(cells="", *, before="", strings="<si><t>a</t></si>", prolog="", string_prolog="", noise=True):
    """A workbook with this in its sheet; `noise` keeps it from being refused for its ratio alone."""
    members = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": LINKS,
        "xl/worksheets/sheet1.xml": prolog + SHEET.format(f"{before}<sheetData>{cells}</sheetData>"),
        "xl/sharedStrings.xml": string_prolog + STRINGS.format(strings),
    }
    size = sum(map(len, members.values()))
    if noise:
        members["docProps/noise.bin"] = os.urandom(size // 60)
    return packed(members)


def ods(rows, prolog=""):
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    listed = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
    return packed(
        {
            "mimetype": mime,
            "META-INF/manifest.xml": MANIFEST.format(listed),
            "content.xml": prolog + ODS.format(rows),
        }
    )


ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
CELL = '<table:table-cell office:value-type="float" office:value="1" {}><text:p>1</text:p></table:table-cell>'
NUMBER = '<table:table-cell office:value-type="float" office:value="1"/>'


def bombs():
    yield "zip bomb 4 GB.xlsx", lambda: xlsx("0" * 45_000_000, noise=False)
    yield "zip bomb within ratio.xlsx", lambda: xlsx(" " * 45_000_000)
    yield (
        "billion laughs, sheet.xlsx",
        lambda: xlsx('<row><c t="inlineStr"><is><t>&a9;</t></is></c></row>', prolog=LAUGHS),
    )
    yield (
        "billion laughs, strings.xlsx",
        lambda: xlsx(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
            strings="<si><t>&a9;</t></si>",
            string_prolog=LAUGHS,
        ),
    )
    yield (
        "external entity.xlsx",
        lambda: xlsx(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
            strings="<si><t>&a9;</t></si>",
            string_prolog=OUTSIDE,
        ),
    )
    yield "a million columns.xlsx", lambda: xlsx(f'<row r="1">{"<c><v>1</v></c>" * 1_000_000}</row>')
    yield "a million columns, one cell.xlsx", lambda: xlsx('<row r="1"><c r="BDWGN1"><v>1</v></c></row>')
    for far in ("XFD1048576", "A1048576", "XFD2", "SF50000", "SF9000", "ALL50000"):
        row = "".join(filter(str.isdigit, far))
        yield (
            f"far cell {far}.xlsx",
            lambda far=far, row=row: xlsx(f'{ROW}<row r="{row}"><c r="{far}"><v>1</v></c></row>'),
        )
    yield "far cell without its row.xlsx", lambda: xlsx(f'{ROW}<row><c r="SF49000"><v>1</v></c></row>')
    yield "lying dimension.xlsx", lambda: xlsx(ROW, before='<dimension ref="A1:XFD1048576"/>')
    yield "lying dimension, far.xlsx", lambda: xlsx(ROW, before='<dimension ref="XFD1048575:XFD1048576"/>')
    yield "three million cells.xlsx", lambda: xlsx(f"<row>{'<c><v>1</v></c>' * 400}</row>" * 7_500)
    yield "a million numbers.xlsx", lambda: xlsx(f"<row>{'<c><v>1</v></c>' * 25}</row>" * 40_000)
    yield "nine million empty cells.xlsx", lambda: xlsx(f"<row>{'<c/>' * 450}</row>" * 20_000)
    yield "six million empty rows.xlsx", lambda: xlsx("<row/>" * 6_000_000)
    yield (
        "two million strings.xlsx",
        lambda: xlsx(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings="<si><t>a</t></si>" * 2_500_000
        ),
    )
    yield (
        "one string of 45 MB.xlsx",
        lambda: xlsx(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=f"<si><t>{'a' * 45_000_000}</t></si>"
        ),
    )
    yield (
        "one long string in 40,000 cells.xlsx",
        lambda: xlsx(
            '<row><c t="s"><v>0</v></c></row>' * 40_000, strings=f"<si><t>{'a' * 1_000_000}</t></si>"
        ),
    )
    yield "strings that are not there.xlsx", lambda: xlsx('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>')
    yield "deep XML.xlsx", lambda: xlsx("<row>" * 3_000_000)
    yield (
        "rows repeated.ods",
        lambda: ods(
            f'<table:table-row table:number-rows-repeated="1048576">{CELL.format("")}</table:table-row>'
        ),
    )
    yield (
        "cells repeated.ods",
        lambda: ods(
            "<table:table-row>" + CELL.format('table:number-columns-repeated="16384"') + "</table:table-row>"
        ),
    )
    yield (
        "both repeated.ods",
        lambda: ods(
            '<table:table-row table:number-rows-repeated="1048576">'
            + CELL.format('table:number-columns-repeated="16384"')
            + "</table:table-row>"
        ),
    )
    yield (
        "both repeated within limits.ods",
        lambda: ods(
            '<table:table-row table:number-rows-repeated="49000">'
            + CELL.format('table:number-columns-repeated="499"')
            + "</table:table-row>"
        ),
    )
    yield (
        "repeated four thousand million times.ods",
        lambda: ods(
            '<table:table-row table:number-rows-repeated="4294967295">'
            + CELL.format('table:number-columns-repeated="4294967295"')
            + "</table:table-row>"
        ),
    )
    yield (
        "blank to the last row.ods",
        lambda: ods(
            f"<table:table-row>{CELL.format('')}</table:table-row>"
            '<table:table-row table:number-rows-repeated="1048575"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row>'
        ),
    )
    yield (
        "billion laughs.ods",
        lambda: ods(
            '<table:table-row><table:table-cell office:value-type="string"><text:p>&a9;</text:p>'
            "</table:table-cell></table:table-row>",
            prolog=LAUGHS,
        ),
    )
    yield (
        "external entity.ods",
        lambda: ods(
            '<table:table-row><table:table-cell office:value-type="string"><text:p>&a9;</text:p>'
            "</table:table-cell></table:table-row>",
            prolog=OUTSIDE,
        ),
    )
    yield "a million columns.csv", lambda: b"," * 1_000_000 + b"\n1,2\n"
    yield "a million equal headings.csv", lambda: b"a," * 1_000_000
    yield "a million columns in a row.csv", lambda: b"a,b\n" + b"1," * 1_000_000
    yield "ten million line ends.csv", lambda: b"\n" * 9_900_000
    yield "ten million quotation marks.csv", lambda: b'"' * 9_900_000
    yield "a quotation mark that never closes.csv", lambda: b'a,b\n"' + b"1,2\n" * 2_400_000
    yield "letters of no code page.csv", lambda: bytes(range(1, 256)) * 38_000
    yield "high bytes.csv", lambda: b"a,b\n" + b"\xe6\xe8,\x81\n" * 1_900_000
    yield "blanks.csv", lambda: b"a,b\n" + b" , \n" * 1_900_000
    yield "sep.csv", lambda: b"sep=\n" * 1_900_000


@contextmanager
def watched():
    """The most memory (MB) that a reader of workbooks held while this ran."""
    most, stop = [0.0], threading.Event()

    def look():
        while not stop.is_set():
            for file in Path("/proc/self/task").glob("*/children"):
                for pid in file.read_text().split():
                    try:
                        if b"workbook_reader" in Path(f"/proc/{pid}/cmdline").read_bytes():
                            status = Path(f"/proc/{pid}/status").read_text()
                            held = status.split("VmHWM:")[1].split()[0] if "VmHWM:" in status else 0
                            most[0] = max(most[0], int(held) / 1024)
                    except (OSError, ValueError):
                        continue
            time.sleep(0.002)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def tried(name, data):
    """What became of it, seconds, MB."""
    begun = time.monotonic()
    with watched() as most:
        try:
            sheet = read(data, filename=name)
            held = sum(len(row.cells) for row in sheet.rows)
            outcome = (
                f"read: {len(sheet.header)} columns, {len(sheet.rows)} rows, {len(sheet.refused)} refused"
            )
            assert "root:" not in str(sheet.header) and "haha" not in str(sheet.header)[:1000]
            assert held == len(sheet.header) * len(sheet.rows)
        except SheetError as error:
            outcome = error.refusal.rule
            assert "Traceback" not in outcome and len(outcome) < 300
    return outcome, time.monotonic() - begun, most[0]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(("name", "make"), list(bombs()), ids=[name for name, _make in bombs()])
def test_a_bomb(name, make):
    outcome, seconds, megabytes = tried(name, make())
    print(f"\n{name:45} {seconds:5.2f} s {megabytes:4.0f} MB  {outcome[:90]}", end="")
    assert megabytes < MEGABYTES
    assert seconds < SECONDS * PATIENCE


def test_every_nasty_file(nasty):
    files = [*(nasty / "workbooks_calamine").iterdir(), *(nasty / "messytables").iterdir()]
    files += (nasty / "csv_spectrum" / "csvs").iterdir()
    for path in sorted(files):
        outcome, seconds, megabytes = tried(path.name, path.read_bytes())
        print(f"\n{path.name:45} {seconds:5.2f} s {megabytes:4.0f} MB  {outcome[:90]}", end="")
        assert (megabytes < MEGABYTES, seconds < SECONDS * PATIENCE) == (True, True)


def test_the_sheets_of_every_nasty_file_are_listed_or_refused(nasty):
    for path in sorted([*(nasty / "workbooks_calamine").iterdir(), *(nasty / "messytables").iterdir()]):
        try:
            assert all(one.name and one.rows >= 0 for one in sheets_of(path))
        except SheetError as error:
            assert error.refusal.rule


def test_names_that_lead_elsewhere_are_only_names(nasty):
    names = (
        (nasty / "fuzzdb_traversals-8-deep-exotic-encoding.txt").read_text(errors="replace").split("\n")[:200]
    )
    for name, ending in product(names, (".csv", "")):
        try:
            sheet = read(b"a,b\n1,2\n", filename=name + ending)
            assert "/" not in sheet.name
        except SheetError as error:
            assert "/" not in error.refusal.sheet
