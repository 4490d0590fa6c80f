import csv
import io
import time
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lib.sheets import inert, read, write_csv, write_xlsx


def xlsx(*sheets, **options):
    out = io.BytesIO()
    write_xlsx(out, list(sheets), **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "  =1",
        "＝1+1",
        "＠SUM(1)",
        "-A1",
        "+x",
        "\n=1",
        "+381-64-123",  # a spreadsheet would add it up
        "-2-3",
        "−1+1",
        "﹦1",
    ],
)
def test_what_a_spreadsheet_would_run_is_made_inert(text):
    assert inert(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    [
        "+381 64 123-45-67",
        "+381(0)11/123-456",
        "-5",
        "-5,25",
        "+3.5 %",
        "(011) 123",
        "Ana",
        "",
        "a=b",
        "5-6",
        "'=1",
        "8.3.2017.",
    ],
)
def test_numbers_telephones_and_words_stay(text):
    assert inert(text) == text


@pytest.mark.parametrize("cell", [None, 5, -5, -5.5, True, date(2017, 3, 8)])
def test_what_is_no_text_stays(cell):
    assert inert(cell) is cell


def test_real_injections_are_inert(nasty):
    lines = (nasty / "csv-payload.txt").read_text().splitlines()
    written = b"".join(write_csv(["a"], [[line] for line in lines])).decode("utf-8-sig")
    got = [row[0] for row in csv.reader(io.StringIO(written))][1:]
    assert len(got) == len(lines) > 5
    assert not [cell for cell in got if cell.lstrip()[:1] in tuple("=+-@")]


def test_naughty_strings_go_through_a_workbook_as_text(nasty):
    lines = [
        line for line in (nasty / "blns.txt").read_text().splitlines() if line.strip() and "\x00" not in line
    ]
    page = load_workbook(io.BytesIO(xlsx(("S", ["a"], [[line] for line in lines])))).active
    assert {cell.data_type for (cell,) in page.iter_rows(min_row=2)} == {"s"}


def test_csv_begins_with_a_mark_and_comes_in_pieces():
    pieces = list(write_csv(["ime", "broj"], ([f"Žana {n}", n] for n in range(5000))))
    assert pieces[0] == b"\xef\xbb\xbf"
    assert len(pieces) > 5
    sheet = read(b"".join(pieces), filename="a.csv")
    assert len(sheet.rows) == 5000
    assert sheet.rows[4999].cells == ["Žana 4999", "4999"]


def test_csv_without_care_is_for_programs():
    assert (
        b"".join(write_csv(["a"], [["=1"], [None]], separator=";", raw=True))
        == b"\xef\xbb\xbfa\r\n=1\r\n\r\n"[:-2] + b'""\r\n'
    )


def test_a_workbook_keeps_each_kind_of_value():
    rows = [
        [
            "007",
            7,
            7.5,
            Decimal("1.25"),
            True,
            None,
            date(2017, 3, 8),
            datetime(2017, 3, 8, 9, 30),  # noqa: DTZ001
            clock(9, 30),
        ]
    ]
    header = list("abcdefghi")
    (row,) = read(xlsx(("Podaci", header, rows)), filename="a.xlsx").rows
    assert row.cells == [
        "007",
        7,
        7.5,
        1.25,
        True,
        None,
        date(2017, 3, 8),
        datetime(2017, 3, 8, 9, 30),  # noqa: DTZ001
        clock(9, 30),
    ]


def test_what_a_spreadsheet_cannot_hold_is_text():
    rows = [[10**17, float("nan"), float("inf"), datetime(2017, 3, 8, 9, 30, tzinfo=UTC), "x" * 40_000]]
    (row,) = read(xlsx(("S", list("abcde"), rows)), filename="a.xlsx").rows
    assert row.cells[:4] == ["1" + "0" * 17, "nan", "inf", "2017-03-08 09:30:00+00:00"]
    assert row.cells[4] == "x" * 32_766 + "…"


@pytest.mark.parametrize(
    "text", ["=1+1", "{=1}", "https://primer.rs", "internal:S!A1", "+1", "@x", "007", "1e5"]
)
def test_text_in_a_workbook_is_never_a_formula_a_link_or_a_number(text):
    cell = load_workbook(io.BytesIO(xlsx(("S", ["a"], [[text]])))).active["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_the_same_rows_give_the_same_bytes():
    sheets = ("S", ["a", "b"], [["x", 1], ["y", 2]])
    first = xlsx(sheets, title="Izveštaj")
    time.sleep(2.1)  # a zip counts in steps of two seconds
    assert xlsx(sheets, title="Izveštaj") == first


def test_the_heading_stays_in_sight_and_filters():
    page = load_workbook(io.BytesIO(xlsx(("S", ["a", "b"], [["x", 1], ["y", 2]])))).active
    assert (page.freeze_panes, page.auto_filter.ref, page["A1"].font.b) == ("A2", "A1:B3", True)


def test_a_long_text_has_room_for_its_lines():
    """A program that takes the heights as they stand would print one line over the next."""
    rows = [["a", "x" * 56], ["b", "y " * 100], ["c", "1\n2\n3"], ["d", "z" * 9_000]]
    page = load_workbook(io.BytesIO(xlsx(("S", ["a", "b"], rows)))).active
    assert [page.row_dimensions[n].height for n in (2, 3, 4, 5)] == [None, 60, 45, 405]
    assert page.column_dimensions["B"].width >= 60


def test_it_is_printed_with_all_columns_on_a_page_and_the_heading_on_each():
    page = load_workbook(io.BytesIO(xlsx(("S", list("abcdefghij"), [list("1234567890")])))).active
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    assert page.print_title_rows == "$1:$1"


def test_names_of_sheets_are_made_fit():
    names = ["Ideje / ocene", "Ideje: ocene?", "x" * 40, "X" * 40, "'tri'", ""]
    book = load_workbook(io.BytesIO(xlsx(*[(name, ["a"], []) for name in names])))
    assert book.sheetnames == ["Ideje   ocene", "Ideje  ocene", "x" * 31, "X" * 27 + " (2)", "tri", "Sheet"]


texts = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=20,
)


@given(st.lists(texts.filter(str.strip), min_size=1, max_size=5))
def test_text_comes_back_from_a_workbook_as_it_was(row):
    page = load_workbook(io.BytesIO(xlsx(("S", ["h"] * len(row), [row])))).active
    assert [cell.value for cell in page[2]] == row
