"""A search that finds a number or a word in whatever is handed out, however it is written there.

`Canary.numbers` are looked for as 1234, 1,234, 1.234, 1 234 and with a decimal point or comma, `percents`
as 86 % or 86%, `words` in any case.
"""

import csv
import io
import json
import re
import subprocess
import unicodedata
import zipfile
from html.parser import HTMLParser
from typing import NamedTuple
from xml.etree import ElementTree


class Canary(NamedTuple):
    name: str
    words: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    percents: tuple[int, ...] = ()

    def sings(self, text: str) -> bool:
        plain = folded(text)
        if any(folded(word) in plain for word in self.words):
            return True
        return bool(numbers(plain).intersection(self.numbers) or percents(plain).intersection(self.percents))


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def numbers(text: str) -> set[float]:
    """Every number that a text may be read to hold, thousands parted or not."""
    joined = re.sub(r"(?<=\d)[ .,'](?=\d{3}(?!\d))", "", text)
    found = set()
    for one in (text, joined):
        found |= set(re.findall(r"(?<![\w.,])\d+(?:[.,]\d+)?(?!\w)", one))
    return {float(number.replace(",", ".")) for number in found}


def percents(text: str) -> set[int]:
    return {int(one) for one in re.findall(r"(?<![\w.,])(\d+)\s?%", text)}


class _Read(HTMLParser):
    """All text of a page and all attributes but addresses."""

    LEFT = {"href", "src", "action", "nonce", "content", "integrity", "id", "for", "aria-labelledby"}

    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        is_token = ("name", "csrfmiddlewaretoken") in attrs
        kept = [] if is_token else [value for name, value in attrs if name not in self.LEFT]
        self.found += [value for value in kept if value]

    def handle_data(self, data):
        self.found.append(data)

    handle_comment = handle_data


def of_html(content: bytes) -> str:
    page = _Read()
    page.feed(content.decode())
    return "\n".join(page.found)


NAMES = {"id", "report", "funding", "funder", "line", "project", "issue"}  # they name records, by numbers


def of_json(content: bytes | dict) -> str:
    """The leaves and the keys, a line each."""
    found: list[str] = []

    def walk(one) -> None:
        if isinstance(one, dict):
            found.extend(map(str, one))
            one = [value for key, value in one.items() if key not in NAMES or not isinstance(value, int)]
        if isinstance(one, list | tuple):
            for part in one:
                walk(part)
        elif one is not None:
            found.append(str(one))

    walk(content if isinstance(content, dict) else json.loads(content))
    return "\n".join(found)


WHERE = {"r", "s", "t", "ref", "sqref", "spans", "min", "max", "width", "topLeftCell", "activeCell", "count"}


def of_xlsx(content: bytes) -> str:
    """Every part of a workbook: sheets, names, properties, styles; without the places of cells."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for part in book.namelist():
            if not part.endswith((".xml", ".rels")):
                found.append(book.read(part).decode("latin-1"))
                continue
            if part.startswith("xl/theme"):
                continue  # colours
            for one in ElementTree.fromstring(book.read(part)).iter():  # our own file
                found += [one.text or "", one.tail or ""]
                found += [value for name, value in one.attrib.items() if name not in WHERE]
    return "\n".join(found)


def of_pdf(content: bytes) -> str:
    """Its words as laid out, its properties, and its structure with what stands in place of a drawing."""
    said = [["pdftotext", "-layout", "-", "-"]]
    said += [
        ["pdfinfo", "-enc", "UTF-8", *more, "-"]
        for more in (["-meta"], ["-custom"], ["-struct-text"], ["-struct"])
    ]
    done = [subprocess.run(one, input=content, capture_output=True, check=True) for one in said]
    return "\n".join(one.stdout.decode(errors="replace") for one in done)


def of_answer(answer) -> str:
    """Any answer of ours as text."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    if "html" in kind:
        return of_html(content)
    if "json" in kind:
        return of_json(content)
    if "spreadsheet" in kind:
        return of_xlsx(content)
    if "pdf" in kind:
        return of_pdf(content)
    if "csv" in kind:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        return "\n".join(cell for row in rows for cell in row)
    return content.decode("latin-1") if kind.startswith("image/") else content.decode()


def heard(canaries, outputs: dict[str, str]) -> list[str]:
    """Which canary is found where, in words."""
    return [f"{one.name}: {where}" for where, text in outputs.items() for one in canaries if one.sings(text)]
