"""What a list that was taken along holds, whichever kind of file it is."""

import csv
import io
import json

from django.urls import reverse
from openpyxl import load_workbook

KINDS = ("csv", "xlsx", "json")


def take(client, route: str, *of, kind: str = "json", **asked):
    return client.get(reverse(route, args=[*of, kind]), asked)


def content(answered) -> bytes:
    assert (answered.status_code, answered.streaming) == (200, True)
    return b"".join(answered.streaming_content)


def rows(client, route: str, *of, **asked) -> list[dict]:
    """As programs get them."""
    return json.loads(content(take(client, route, *of, **asked)))


def raw(client, route: str, *of, **asked) -> list[dict]:
    text = content(take(client, route, *of, kind="csv", raw="1", **asked)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheet(client, route: str, *of, **asked) -> list[list]:
    """As people get them: the heading and the rows of the workbook."""
    page = load_workbook(io.BytesIO(content(take(client, route, *of, kind="xlsx", **asked)))).active
    return [[cell.value for cell in row] for row in page.iter_rows()]


def table(client, route: str, *of, separator: str = ",", **asked) -> list[list[str]]:
    """As people get them: the heading and the rows of the CSV."""
    text = content(take(client, route, *of, kind="csv", **asked)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def everywhere(client, route: str, *of, column: str, **asked) -> list[str]:
    """The texts of one column, the same in all three kinds of files."""
    found = [row[column] for row in rows(client, route, *of, **asked)]
    assert [row[column] for row in raw(client, route, *of, **asked)] == [str(cell) for cell in found]
    keys = list(raw(client, route, *of, **asked)[0]) if found else []
    place = keys.index(column) if keys else 0
    assert [row[place] for row in sheet(client, route, *of, **asked)[1:]] == found
    assert [row[place] for row in table(client, route, *of, **asked)[1:]] == [str(cell) for cell in found]
    return found
