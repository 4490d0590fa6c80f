"""Reading tables: real broken ones, and what must be refused."""

import io
import json
import time
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from lib.sheets import Limits, Refusal, Row, SheetError, SheetInfo, lines, read, sheets_of, write_xlsx


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def text(words, name="a.csv", encoding="utf-8", **options):
    return read(words.encode(encoding), filename=name, **options)


def workbook(*sheets):
    """XLSX bytes of (name, rows)."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def package(**members):
    """A zip with these members, as an XLSX would be packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def refusal(data, name, **options) -> Refusal:
    with pytest.raises(SheetError) as refused:
        read(data, filename=name, **options)
    assert isinstance(refused.value, ValidationError)
    assert refused.value.messages == [refused.value.refusal.rule]
    return refused.value.refusal


# --- rows ------------------------------------------------------------------------------------------


def test_a_short_row_has_unknowns_and_a_long_one_is_refused():
    sheet = text("name,year,place\nAna,1990\n\nMara,1985,Niš,,\nVesna,1979,Bor,,extra\nEva,,Vršac\n")
    assert (sheet.name, sheet.header) == ("a.csv", ["name", "year", "place"])
    assert sheet.rows == [
        Row(2, ["Ana", "1990", None]),
        Row(4, ["Mara", "1985", "Niš"]),
        Row(6, ["Eva", None, "Vršac"]),
    ]
    assert sheet.refused == [
        Refusal("a.csv", 5, "E", "extra", "The row has more cells than there are headings.")
    ]


def test_blank_text_is_unknown_and_other_text_stays_as_typed():
    assert text("a,b,c\n 1 ,  ,\u00a0\n").rows == [Row(2, [" 1 ", None, None])]


def test_headings_that_repeat_are_told_apart():
    assert text("Other, Other ,Other (2),,Other\n").header == [
        "Other",
        "Other (2)",
        "Other (2) (2)",
        "",
        "Other (3)",
    ]


def test_rows_are_counted_as_a_spreadsheet_counts_them():
    sheet = text('\n\nname,note\nAna,"one\ntwo\nthree"\n\nMara,x\n')
    assert [row.number for row in sheet.rows] == [4, 6]


@pytest.mark.parametrize(
    "words",
    [
        "a;b\n1;2\n",
        "a\tb\n1\t2\n",
        "a|b\n1|2\n",
        "a,b\r\n1,2\r\n",
        "a,b\r1,2\r",
        '"a","b"\n"1","2"',
        "sep=;\na;b\n1;2",
        "sep=\t\r\na\tb\r\n1\t2",
    ],
)
def test_the_separator_is_found(words):
    sheet = text(words)
    assert (sheet.header, [row.cells for row in sheet.rows]) == (["a", "b"], [["1", "2"]])


def test_the_separator_is_the_one_that_cuts_evenly():
    sheet = text("Ime, prezime;Napomena\nAna Anić;jedan, dva, tri\nMara;četiri\nVesna;pet, šest\n")
    assert sheet.header == ["Ime, prezime", "Napomena"]
    assert [row.cells for row in sheet.rows][0] == ["Ana Anić", "jedan, dva, tri"]


def test_a_blank_before_a_quotation_mark_is_no_letter():
    assert text('a, b\n1, "2, 3"\n').rows == [Row(2, ["1", "2, 3"])]


def test_a_line_that_names_the_separator_is_counted():
    assert text("sep=;\na;b\n1;2").rows == [Row(3, ["1", "2"])]


def test_a_quotation_mark_that_never_closes_names_its_row():
    found = refusal(b'a,b\n1,2\n3,"four\n5,6\n7,8\n', "a.csv")
    assert (found.row, found.rule) == (3, "A quotation mark opens here and never closes.")
    assert found.value.startswith("four")


# --- encodings -------------------------------------------------------------------------------------

SERBIAN = "ime;mesto;napomena\nĐorđe Žikić;Čačak;voće i povrće, „domaće“\nŠana Ćirić;Šabac;ništa\n"
CYRILLIC = "име;место\nЂорђе Жикић;Чачак\nЉиљана Његош;Џигољ\nАна Анић;ШАБАЦ\n"
FRENCH = "nom;lieu\nHélène Lefèvre;Besançon\nFrançois Côté;Nîmes, à côté\n"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        *[
            (words, encoding)
            for words in (SERBIAN, CYRILLIC)
            for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32")
        ],
        (SERBIAN, "cp1250"),
        (SERBIAN.replace("„", "").replace("“", ""), "iso8859_2"),
        (CYRILLIC, "cp1251"),
        (FRENCH, "cp1252"),
        ("name;city\nŽana;Niš\n", "cp1250"),
        ("име\nАна\n", "cp1251"),
    ],
)
def test_the_letters_of_the_region_come_out_right(words, encoding):
    sheet = text(words, encoding=encoding)
    assert ";".join(sheet.header) == words.split("\n")[0]
    assert [";".join(row.cells) for row in sheet.rows] == words.strip().split("\n")[1:]


def test_a_text_that_is_not_what_its_mark_says_is_refused():
    found = refusal(b"\xef\xbb\xbfa,b\n\xff\xfe\xfd", "a.csv")
    assert found.rule == "The letters of this file cannot be read: byte 4 is not utf-8-sig."


def test_a_null_sign_in_any_encoding_is_refused():
    assert "cannot be read" in refusal("a,b\n1,\x00".encode("utf-16"), "a.csv").rule


def test_half_a_sign_of_utf_16_is_refused():
    assert "cannot be read" in refusal("a,b\n1,2".encode("utf-16") + b"\x00", "a.csv").rule


# --- workbooks -------------------------------------------------------------------------------------


def test_cells_of_a_workbook_are_what_it_says():
    data = workbook(
        ("Sheet", [["a", "b", "c", "d", "e", "f"], ["007", 7, 7.5, True, date(2017, 3, 8), None]])
    )
    (row,) = read(data, filename="a.xlsx").rows
    assert row == Row(2, ["007", 7, 7.5, True, date(2017, 3, 8), None])
    assert [type(cell) for cell in row.cells[:4]] == [str, int, float, bool]


def test_moments_times_and_lengths():
    data = workbook(
        ("S", [["at", "time", "long"], [datetime(2017, 3, 8, 9, 30), clock(9, 30), timedelta(hours=30)]])  # noqa: DTZ001
    )
    assert read(data, filename="a.xlsx").rows[0].cells == [
        datetime(2017, 3, 8, 9, 30),  # noqa: DTZ001
        clock(9, 30),
        timedelta(hours=30),
    ]


def test_the_sheet_is_the_named_one_or_the_first_that_holds_something():
    data = workbook(("Prazan", []), ("Ljudi", [["ime"], ["Ana"]]), ("Ideje", [["naslov"], ["Mleko"]]))
    assert read(data, filename="a.xlsx").name == "Ljudi"
    assert read(data, filename="a.xlsx", sheet="Ideje").rows == [Row(2, ["Mleko"])]
    found = refusal(data, "a.xlsx", sheet="Mentori")
    assert found.rule == "There is no sheet “Mentori”; there is: Prazan, Ljudi, Ideje."
    assert refusal(data, "a.xlsx", sheet="Prazan").rule == "The sheet is empty."


def test_a_hidden_sheet_is_read_only_by_name():
    book = Workbook()
    book.active.title, book.active.sheet_state = "Tajni", "hidden"
    book.active.append(["a"])
    book.create_sheet("Vidljiv").append(["b"])
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue(), filename="a.xlsx").header == ["b"]
    assert read(out.getvalue(), filename="a.xlsx", sheet="Tajni").header == ["a"]


@pytest.mark.parametrize("header", [["a"], ["a", "b"]])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_heading_alone_is_a_table_without_rows(header, kind):
    data = workbook(("S", [header])) if kind == "xlsx" else ",".join(header).encode()
    sheet = read(data, filename=f"a.{kind}")
    assert (sheet.header, sheet.rows, sheet.refused) == (header, [], [])


def test_a_sign_that_no_database_keeps_is_refused_by_its_cell():
    out = io.BytesIO()
    write_xlsx(out, [("S", ["a", "b"], [["x", "good"], ["y", "b\x00d"]])])
    sheet = read(out.getvalue(), filename="a.xlsx")
    assert sheet.rows == [Row(2, ["x", "good"])]
    assert sheet.refused == [
        Refusal("S", 3, "b", "b␀d", "The cell holds a sign that cannot be kept (code 0).")
    ]


# --- refused as a whole ----------------------------------------------------------------------------

XLSX = workbook(("S", [["a"], ["b"]]))
HTML = b"<!DOCTYPE html><html><body><table><tr><td>a</td></tr></table></body></html>"


@pytest.mark.parametrize(
    ("data", "name", "holds"),
    [
        (XLSX, "a.csv", "an XLSX workbook"),
        (XLSX, "a.ods", "an XLSX workbook"),
        (XLSX, "a.xls", "an XLSX workbook"),
        (b"a,b\n1,2", "a.xlsx", "plain text"),
        (HTML, "a.xlsx", "a web page"),
        (HTML, "a.xls", "a web page"),
        (b"\xef\xbb\xbf  <html>", "a.csv", "a web page"),
        (b'<?xml version="1.0"?><x/>', "a.csv", "a web page"),
        (package(word__document_xml="x"), "a.xlsx", "a packed file"),
        (package(a_csv="a,b"), "a.csv", "a packed file"),
        (XLSX[:400], "a.xlsx", "a packed file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "a.xlsx",
            "an old Excel workbook, or one with a password",
        ),
        (b"%PDF-1.7 a,b", "a.csv", "something that is no table"),
        (b"\x89PNG\r\n\x1a\n", "a.xlsx", "something that is no table"),
        (b"a,b\n1,\x002\n", "a.csv", "something that is no table"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(data, name, holds):
    assert refusal(data, name).rule == f"The file is not what its name says: {name} holds {holds}."


@pytest.mark.parametrize(
    ("data", "name", "rule"),
    [
        (b"", "a.csv", "The file is empty."),
        (b" \r\n\t\n", "a.csv", "The file is empty."),
        (b",,\n ,,\n", "a.csv", "The sheet is empty."),
        (b",,\n,,\n", "a.csv", "The sheet is empty."),
        (b";;;\n;;;\n", "a.csv", "The sheet is empty."),
        (workbook(("S", [])), "a.xlsx", "The sheet is empty."),
        (b"a,b", "a.exe", "Files of this kind are not read: save the table as CSV, XLSX or ODS."),
        (b"a,b", "", "Files of this kind are not read: save the table as CSV, XLSX or ODS."),
        (
            b"a," + b"x" * 200_000,
            "a.csv",
            "The file cannot be read as a table: field larger than field limit (131072).",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", None),
        (package(xl__workbook_xml="<workbook/>"), "a.xlsx", None),
    ],
)
def test_what_holds_no_table_is_refused_in_words(data, name, rule):
    found = refusal(data, name)
    assert found.rule == rule if rule else found.rule.startswith("The workbook is damaged")


# --- limits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "fits"), [(5, True), (6, False)])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_up_to_the_limit(rows, fits, kind):
    table = [["a", "b"], *[["1", "2"]] * rows]
    data = workbook(("S", table)) if kind == "xlsx" else "\n".join(",".join(row) for row in table).encode()
    limits = Limits(rows=5, columns=2)
    if fits:
        assert len(read(data, filename=f"a.{kind}", limits=limits).rows) == rows
    else:
        assert (
            refusal(data, f"a.{kind}", limits=limits).rule
            == "A sheet may have 5 rows and 2 columns at the most."
        )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_columns_up_to_the_limit(kind):
    header = [["a", "b", "c"]]
    data = workbook(("S", header)) if kind == "xlsx" else b"a,b,c"
    assert "2 columns" in refusal(data, f"a.{kind}", limits=Limits(columns=2)).rule


def test_the_size_is_looked_at_before_the_content(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x" * 2_000_001)
    limits = Limits(size=2_000_000)
    for source in (tmp_path / "a.csv", str(tmp_path / "a.csv")):
        with pytest.raises(SheetError, match="larger than 2 MB"):
            read(source, limits=limits)
    with open(tmp_path / "a.csv", "rb") as file, pytest.raises(SheetError, match="larger than 2 MB"):
        read(file, limits=limits)


@pytest.mark.parametrize(
    "data",
    [
        package(xl__workbook_xml=b"0" * 60_000_000),
        package(xl__workbook_xml=b"0" * 5_000_000),  # a hundred times its size
        package(xl__workbook_xml="x", **{f"m{n}": "x" for n in range(200)}),
    ],
    ids=["unpacked", "ratio", "members"],
)
def test_what_grows_in_unpacking_is_not_unpacked(data):
    assert refusal(data, "a.xlsx").rule == "The workbook unpacks to more than is allowed (50 MB)."


def test_a_member_that_lies_about_its_size_is_refused():
    data = package(xl__workbook_xml=b"0" * 50_000)
    lie = data.replace((50_000).to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    assert lie != data
    assert refusal(lie, "a.xlsx").rule == "The workbook is damaged: it cannot be unpacked."


def _far_cell(reference):
    """A workbook of a few kilobytes with one cell far out."""
    out, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(workbook(("S", [["a"], ["far"]]))))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                row = "".join(c for c in reference if c.isdigit()).encode()
                content = content.replace(b'r="A2"', f'r="{reference}"'.encode()).replace(
                    b'<row r="2"', b'<row r="' + row + b'"'
                )
            packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("reference", ["XFD1048576", "A1048576", "XFD2", "ZZ60000"])
def test_one_cell_far_out_does_not_take_the_memory(reference):
    began = time.monotonic()
    rule = refusal(_far_cell(reference), "a.xlsx").rule
    assert rule.startswith(("A sheet may have", "The workbook asks for more memory"))
    assert time.monotonic() - began < 20


def test_a_file_of_three_million_cells_is_refused_quickly():
    """The workbook that took a minute in another reader: small packed, large unpacked."""
    row = b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row>"
    out, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(XLSX))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<sheetData>", b"<sheetData>" + row * 10_000)
            packed.writestr(name, content)
    began = time.monotonic()
    assert len(out.getvalue()) < 400_000
    refusal(out.getvalue(), "a.xlsx", limits=Limits(ratio=100_000, unpacked=40_000_000))
    assert time.monotonic() - began < 10


# --- real files ------------------------------------------------------------------------------------

SPECTRUM = (
    "comma_in_quotes empty empty_crlf escaped_quotes json newlines newlines_crlf quotes_and_newlines simple "
    "simple_crlf utf8"
)


@pytest.mark.parametrize("name", SPECTRUM.split())
def test_csv_spectrum(nasty, name):
    sheet = read(nasty / "csv_spectrum" / "csvs" / f"{name}.csv")
    wanted = json.loads((nasty / "csv_spectrum" / "json" / f"{name}.json").read_text())
    got = [dict(zip(sheet.header, [cell or "" for cell in row.cells], strict=True)) for row in sheet.rows]
    assert _line_ends(got) == _line_ends(wanted)


def _line_ends(rows):
    return [{key: value.replace("\r\n", "\n") for key, value in row.items()} for row in rows]


@pytest.mark.parametrize(
    ("name", "columns", "rows", "refused"),
    [
        ("simple.csv", 3, 6, 0),
        ("simple.ssv", 3, 6, 0),
        ("simple.psv", 6, None, 0),
        ("utf8bom.csv", 2, 0, 0),
        ("complex.csv", 4, 3, 0),
        ("null.csv", 4, 9, 0),
        ("skip_initials.csv", 2, 2, 0),
        ("small.csv", 1, 0, 0),
        ("spanish_chars.csv", 8, None, 0),
        ("characters.csv", None, None, 0),
        ("excel_pasting.csv", 1, None, None),
        ("mixedGLB.csv", 1, None, None),
        ("simple.ods", 3, 3, 0),
        ("simple.xlsx", 3, 6, 0),
        ("blank_line.ods", 3, 3, 0),
    ],
)
def test_messy_tables(nasty, name, columns, rows, refused):
    sheet = read(nasty / "messytables" / name)
    assert columns is None or len(sheet.header) == columns
    assert rows is None or len(sheet.rows) == rows
    assert refused is None or len(sheet.refused) == refused
    assert all(len(row.cells) == len(sheet.header) for row in sheet.rows)


def test_spanish_letters(nasty):
    sheet = read(nasty / "messytables" / "spanish_chars.csv")
    assert sheet.header[-1] == "Descripción"


@pytest.mark.parametrize(
    ("name", "rule"),
    [("libreoffice.xlsx", "The sheet is empty."), ("simple.zip", "Files of this kind")],
)
def test_messy_tables_that_hold_none(nasty, name, rule):
    path = nasty / "messytables" / name
    assert refusal(path.read_bytes(), name).rule.startswith(rule)


def test_every_workbook_that_once_broke_a_reader_is_read_or_refused(nasty):
    outcomes = {}
    for path in sorted((nasty / "workbooks_calamine").iterdir()):
        try:
            sheet = read(path)
            outcomes[path.name] = (len(sheet.header), len(sheet.rows), len(sheet.refused))
        except SheetError as error:
            outcomes[path.name] = error.refusal.rule
    assert outcomes == WORKBOOKS


# columns, rows, refused rows; or the rule by which the whole is refused
WORKBOOKS = {
    "any_sheets.xlsx": (2, 3, 0),
    "column_row_ranges.xlsx": (3, 4, 0),
    "covered.ods": (1, 2, 0),
    "date.ods": (2, 3, 0),
    "date.xls": (2, 2, 0),
    "date.xlsx": (2, 2, 0),
    "date_1904.xls": (2, 2, 0),
    "date_1904.xlsx": (2, 2, 0),
    "date_iso.xlsx": (1, 5, 0),
    "empty_sheet.xlsx": "The sheet is empty.",
    "errors.xlsx": "The sheet is empty.",
    "has_x000D_.xlsx": (1, 0, 0),
    "header-row.xlsx": (3, 0, 2),
    "inlineStr_cdata.xlsx": (2, 1, 0),
    "inventory-table.xlsx": (3, 4, 0),
    "merge_cells.xlsx": (3, 1, 0),
    "merged_cells.ods": (3, 2, 0),
    "merged_range.xlsx": (8, 2, 0),
    "minimal_package.xlsx": (1, 0, 194),
    "multi-empty.ods": (1, 5, 0),
    "no-header.xlsx": (2, 1, 0),
    "special_cells.ods": (1, 4, 0),
}


def test_dates_of_workbooks(nasty):
    folder = nasty / "workbooks_calamine"
    for name in ("date.xlsx", "date_1904.xlsx", "date.xls", "date_1904.xls"):
        sheet = read(folder / name)
        assert (sheet.header, sheet.rows[0].cells) == (["2021-01-01", "15"], [date(2021, 1, 2), 16])


@pytest.mark.parametrize(
    ("path", "columns", "rows", "refused"),
    [
        ("programme_openseeds/projects_cohorts_1-6.csv", 9, 176, 0),
        ("programme_openseeds/sessions_cohorts_1-6.csv", 9, 193, 0),
        ("programme_openseeds/people_roles_long.csv", 5, 963, 0),
        ("programme_openseeds/microgrants.csv", 5, 85, 0),
        ("training_carpentries/attendance.csv", 7, 297, 1),
        ("training_carpentries/all_workshops.csv", 9, 1869, 0),
        ("training_carpentries/instructor_training_events.csv", 6, 191, 0),
        ("training_carpentries/trainee_applications_2018.csv", 7, 2231, 0),
    ],
)
def test_real_programmes(shared_data, path, columns, rows, refused):
    sheet = read(shared_data / path)
    assert (len(sheet.header), len(sheet.rows), len(sheet.refused)) == (columns, rows, refused)


def test_the_row_of_the_attendance_that_is_too_long(shared_data):
    sheet = read(shared_data / "training_carpentries" / "attendance.csv")
    assert [(one.column, one.rule) for one in sheet.refused] == [
        ("H", "The row has more cells than there are headings.")
    ]
    known = [int(row.cells[1]) for row in sheet.rows if (row.cells[1] or "").strip().isdigit()]
    assert (len(known), sum(known)) == (235 - 1, 7654 - 30)  # as published, less the row with eight numbers


# --- anything --------------------------------------------------------------------------------------


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.ods", "a.txt"]))
def test_any_bytes_are_read_or_refused(data, name):
    try:
        sheet = read(data, filename=name)
    except SheetError:
        return
    assert all(len(row.cells) == len(sheet.header) for row in sheet.rows)


cells = st.text(
    alphabet=st.characters(exclude_characters="\x00\x1e\r", exclude_categories=["Cs"]), max_size=12
)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8), st.sampled_from(",;\t"))
def test_what_csv_writes_is_read_again(rows, separator):
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([["one", "two", "three"], *rows])
    sheet = read(out.getvalue().encode(), filename="a.csv")
    assert sheet.header == ["one", "two", "three"]
    wanted = [[cell if cell.strip() else None for cell in row] for row in rows]
    assert [row.cells for row in sheet.rows] == [row for row in wanted if any(row)]


# --- what spreadsheet programs leave behind ----------------------------------------------------------


def changed(book, act):
    """XLSX bytes of (name, rows) after `act` on the first sheet."""
    page = load_workbook(io.BytesIO(workbook(*book)))
    act(page.worksheets[0])
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


NO_RESULT = (
    "This cell holds a formula whose result the file does not know: open it in a spreadsheet program, "
    "save it, and bring it again."
)


def test_a_formula_without_a_result_is_refused_by_its_cell():
    def act(page):
        page["B3"] = '=A2&" & co"'

    data = changed([("S", [["a", "b"], ["x", "1"], ["y", "2"]])], act)
    sheet = read(data, filename="a.xlsx")
    assert sheet.rows == [Row(2, ["x", "1"])]
    assert sheet.refused == [Refusal("S", 3, "b", '=A2&" & co"', NO_RESULT)]


def test_a_formula_in_the_heading_refuses_the_whole():
    def act(page):
        page["B1"] = "=A2"

    found = refusal(changed([("S", [["a", "b"], ["x", "1"]])], act), "a.xlsx")
    assert (found.row, found.value, found.rule) == (1, "=A2", NO_RESULT)


def test_of_a_formula_with_a_result_the_result_is_read():
    data = changed([("S", [["a", "b"], ["x", "1"]])], lambda page: page.__setitem__("B2", "=1+1"))
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in source.namelist():
            packed.writestr(name, source.read(name).replace(b"</f><v />", b"</f><v>2</v>"))
    assert out.getvalue() != data
    assert read(out.getvalue(), filename="a.xlsx").rows == [Row(2, ["x", 2])]


def test_cells_merged_over_rows_speak_for_each_of_them():
    rows = [["firma", "ime"], ["Hleb", "Ana"], [None, "Mila"], [None, "Vera"], ["So", "Eva"]]
    data = changed([("S", rows)], lambda page: page.merge_cells("A2:A4"))
    assert [row.cells for row in read(data, filename="a.xlsx").rows] == [
        ["Hleb", "Ana"],
        ["Hleb", "Mila"],
        ["Hleb", "Vera"],
        ["So", "Eva"],
    ]


def test_the_headings_may_stand_lower():
    words = "Spisak,,\n\nime,mesto\nAna,Niš\n"
    assert len(text(words).refused) == 2
    sheet = text(words, header_row=3)
    assert (sheet.header, sheet.rows) == (["ime", "mesto"], [Row(4, ["Ana", "Niš"])])


def test_all_lines_as_they_stand():
    assert lines(b"Spisak,\n\na,b\n1,\n", filename="a.csv") == (
        "a.csv",
        [["Spisak", None], [], ["a", "b"], ["1", None]],
    )
    data = workbook(("S", [["a", 1], [], [date(2020, 1, 2)]]))
    assert lines(data, filename="a.xlsx") == ("S", [["a", 1], [None, None], [date(2020, 1, 2), None]])


def test_the_sheets_there_are_to_choose_from():
    book = Workbook()
    book.active.title, book.active.sheet_state = "Tajni", "hidden"
    book.active.append(["a"])
    page = book.create_sheet("Vidljiv")
    for row in (["b"], ["1"], ["2"]):
        page.append(row)
    book.create_sheet("Prazan")
    out = io.BytesIO()
    book.save(out)
    assert sheets_of(out.getvalue(), filename="a.xlsx") == [
        SheetInfo("Tajni", 1, True),
        SheetInfo("Vidljiv", 3, False),
        SheetInfo("Prazan", 0, False),
    ]
    assert sheets_of(b"a,b\n1,2\n", filename="a.csv") == [SheetInfo("a.csv", 2, False)]
    with pytest.raises(SheetError, match="not what its name says"):
        sheets_of(b"a,b\n", filename="a.xlsx")


def test_rows_are_read_anew_each_time():
    rows = text("a\n1\n2\n3\n").rows
    assert [list(rows), list(rows)] == [[Row(2, ["1"]), Row(3, ["2"]), Row(4, ["3"])]] * 2
    assert (len(rows), rows[0], rows[-1], rows[1:]) == (3, Row(2, ["1"]), Row(4, ["3"]), rows[1:3])
    with pytest.raises(IndexError):
        rows[3]


def test_many_rows_take_no_memory():
    rows = (b"%d,Person Number %d,p%d@example.org\n" % (n, n, n) for n in range(40_000))
    data = b"id,name,email\n" + b"".join(rows)
    tracemalloc.start()
    assert sum(1 for _row in read(data, filename="a.csv").rows) == 40_000
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000 < len(data) * 3
