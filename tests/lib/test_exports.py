import csv
import io
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from lib.exports import Column, Export, answer, parted
from lib.sheets import read

LIST = Export(
    "things",
    _("Ideas"),
    (
        Column("number", _("Number")),
        Column("title", _("Title"), "name"),
        Column("state", _("State"), words={"in": _("Ideas")}),
        Column("aims", "Aims", "joined", parted, words={"b": "second"}),
        Column("sum", "Sum", ("number", "half"), lambda a, b: None if b is None else a + b),
        Column("half", "Half"),
        Column("good", "Good"),
        Column("day", "Day"),
        Column("at", "At"),
        Column("moment", "Moment"),
    ),
)
ROW = {
    "number": 7,
    "name": "Žana; pekara, „Čvor“",
    "state": "in",
    "joined": "b\x1fa",
    "half": Decimal("0.5"),
    "good": True,
    "day": date(2017, 3, 8),
    "at": time(9, 30),
    "moment": datetime(2017, 3, 8, 9, 30, tzinfo=UTC),
}
BLANK = dict.fromkeys(ROW) | {"number": 8, "name": ""}


def taken(rf, kind, rows=(ROW, BLANK), *, method="get", **asked):
    request = getattr(rf, method)("/", asked)
    return answer(request, LIST, list(rows), kind, stem="ideje-2017", zone=ZoneInfo("Europe/Belgrade"))


def lines(answered, separator=","):
    text = b"".join(answered.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def test_csv_is_for_people(rf):
    head, row, blank = lines(taken(rf, "csv"))
    assert head == ["Number", "Title", "State", "Aims", "Sum", "Half", "Good", "Day", "At", "Moment"]
    assert row == [
        "7", "Žana; pekara, „Čvor“", "Ideas", "a; second", "7.5", "0.5", "yes", "2017-03-08", "09:30",
        "2017-03-08 10:30",
    ]  # fmt: skip
    assert blank == ["8", "", "", "", "", "", "", "", "", ""]


def test_json_is_plain(rf):
    answered = taken(rf, "json")
    assert json.loads(b"".join(answered.streaming_content)) == [
        {
            "number": 7,
            "title": "Žana; pekara, „Čvor“",
            "state": "in",
            "aims": ["a", "b"],
            "sum": 7.5,
            "half": 0.5,
            "good": True,
            "day": "2017-03-08",
            "at": "09:30:00",
            "moment": "2017-03-08T09:30:00+00:00",
        },
        {"number": 8, "title": "", "aims": []}
        | dict.fromkeys(["state", "sum", "half", "good", "day", "at", "moment"]),
    ]


def test_a_workbook_has_types(rf):
    answered = taken(rf, "xlsx")
    content = b"".join(answered.streaming_content)
    assert int(answered["Content-Length"]) == len(content)
    page = load_workbook(io.BytesIO(content)).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert page.title == "Ideas"
    moment, day = datetime(2017, 3, 8, 10, 30), datetime(2017, 3, 8)  # noqa: DTZ001 - as a workbook has it
    assert rows[1] == [7, ROW["name"], "Ideas", "a; second", 7.5, 0.5, True, day, time(9, 30), moment]
    assert rows[2] == [8] + [None] * 9


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_the_answer_is_a_file_that_nobody_keeps_or_guesses(rf, kind):
    answered = taken(rf, kind)
    assert answered.streaming
    assert answered["Content-Disposition"] == f'attachment; filename="ideje-2017.{kind}"'
    assert answered["Cache-Control"] == "no-store"
    assert answered["X-Content-Type-Options"] == "nosniff"


def test_a_list_without_rows(rf):
    assert len(lines(taken(rf, "csv", []))) == 1
    assert json.loads(b"".join(taken(rf, "json", []).streaming_content)) == []


def test_many_rows_are_one_array_and_come_in_pieces(rf):
    rows = ({**ROW, "number": n} for n in range(1001))
    pieces = list(taken(rf, "json", rows).streaming_content)
    assert len(pieces) == 11
    assert [row["number"] for row in json.loads(b"".join(pieces))] == list(range(1001))


def test_rows_are_read_as_they_are_sent(rf):
    read_so_far = []

    def rows():
        for n in range(10_000):
            read_so_far.append(n)
            yield {**ROW, "number": n}

    request = rf.get("/")
    answered = answer(request, LIST, rows(), "csv", stem="x", zone=ZoneInfo("UTC"))
    assert 0 < len(read_so_far) < 1_000
    assert len(list(answered.streaming_content)) > 20
    assert len(read_so_far) == 10_000


def test_a_query_that_fails_is_an_error_and_not_half_a_file(rf):
    def rows():
        raise RuntimeError("the database is away")
        yield

    with pytest.raises(RuntimeError):
        answer(rf.get("/"), LIST, rows(), "csv", stem="x", zone=ZoneInfo("UTC"))


@pytest.mark.parametrize("language", ["sr-latn", "sr"])
def test_excel_in_serbia_opens_it_right(rf, language):
    with translation.override(language):
        answered = taken(rf, "csv")
    content = b"".join(answered.streaming_content)  # after the request, in another language
    assert content.startswith(b"\xef\xbb\xbf")
    sheet = read(content, filename="ideje.csv")
    assert sheet.header[4:6] == ["Sum", "Half"]
    row = sheet.rows[0].cells
    assert (row[0], row[1], row[4], row[5]) == ("7", "Žana; pekara, „Čvor“", "7,5", "0,5")
    with translation.override(language):
        assert row[2] == str(_("Ideas")) != "Ideas"
        assert sheet.header[2] == str(_("State")) != "State"


@pytest.mark.parametrize(
    ("asked", "sign"),
    [(",", ","), ("comma", ","), ("semicolon", ";"), (";", ";"), ("tab", "\t"), ("\t", "\t")],
)
def test_the_separator_is_a_choice(rf, asked, sign):
    assert lines(taken(rf, "csv", separator=asked), sign)[1][:3] == ["7", ROW["name"], "Ideas"]


def test_with_a_comma_between_cells_decimals_keep_their_point(rf):
    with translation.override("sr-latn"):
        assert lines(taken(rf, "csv", separator="comma"))[1][5] == "0.5"


def test_no_other_separator(rf):
    answered = taken(rf, "csv", separator="#")
    assert (answered.status_code, answered.content) == (400, b"A separator is comma, semicolon or tab.")


def test_raw_is_for_programs(rf):
    hostile = {**ROW, "name": "=1+1"}
    with translation.override("sr-latn"):
        head, row = lines(taken(rf, "csv", [hostile], raw="1"))
    assert head == LIST.keys
    assert row == ["7", "=1+1", "in", "a; b", "7.5", "0.5", "true", "2017-03-08", "09:30:00",
                   "2017-03-08T09:30:00+00:00"]  # fmt: skip


HOSTILE = [
    start + rest
    for start in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "﹦", "−", " =", "\n=")
    for rest in ("1+1", 'HYPERLINK("http://example.org";"x")', "cmd|' /C calc'!A0", "SUM(1,1)")
]


@pytest.mark.parametrize("separator", ["comma", "semicolon", "tab"])
def test_nothing_that_runs_in_a_csv(rf, separator):
    rows = [{**ROW, "name": text} for text in HOSTILE]
    sign = {"comma": ",", "semicolon": ";", "tab": "\t"}[separator]
    got = [line[1] for line in lines(taken(rf, "csv", rows, separator=separator), sign)][1:]
    assert got == ["'" + text for text in HOSTILE]


@pytest.mark.parametrize("inner", [";", ",", "\t", "\n", "|", "; ", ';"', '","'])
def test_nor_where_a_wrong_separator_cuts(rf, inner):
    """A program that expects another separator begins a cell in the middle of a text."""
    rows = [{**ROW, "name": f"mleko{inner}{text}"} for text in ("=1+1", "@SUM(1)", "-2+3+cmd|' /C calc'!A0")]
    text = b"".join(taken(rf, "csv", rows).streaming_content).decode()
    for sign in ",;\t|":
        cells = [cell.strip(' "') for line in text.splitlines() for cell in line.split(sign)]
        assert [cell for cell in cells if cell[:1] in ("=", "@") or cell.startswith("-2+3+cmd")] == []


def test_nothing_that_runs_in_a_workbook(rf):
    rows = [{**ROW, "name": text} for text in HOSTILE]
    content = b"".join(taken(rf, "xlsx", rows).streaming_content)
    cells = [row[1] for row in load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2)]
    assert [(cell.data_type, cell.hyperlink) for cell in cells] == [("s", None)] * len(HOSTILE)
    said = [cell.value.replace("_x000D_", "\r") for cell in cells]
    assert [text.strip() for text in said] == [text.strip() for text in HOSTILE]


@pytest.mark.parametrize(
    "text",
    [
        "+381 11 123 456",
        "+381 64 123-45-67",
        "+381(0)11/123-456",
        "(011) 123",
        "-5",
        "-5,25",
        "a - b",
        "Ana, -5 %",
    ],
)
def test_genuine_values_survive_the_way_out_and_back(rf, text):
    content = b"".join(taken(rf, "csv", [{**ROW, "name": text}]).streaming_content)
    assert read(content, filename="a.csv").rows[0].cells[1] == text
    book = b"".join(taken(rf, "xlsx", [{**ROW, "name": text}]).streaming_content)
    assert read(book, filename="a.xlsx").rows[0].cells[1] == text


def test_asking_only_for_the_head_reads_no_row(rf):
    def rows():
        raise AssertionError
        yield

    answered = answer(rf.head("/"), LIST, rows(), "xlsx", stem="x", zone=ZoneInfo("UTC"))
    assert (answered.status_code, list(answered.streaming_content)) == (200, [])
