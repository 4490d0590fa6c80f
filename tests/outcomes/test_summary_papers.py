"""The files of a summary as other programs read them: a PDF that can be read aloud (PDF/UA-1), and a workbook
that another office program opens and reads as we wrote it."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import StoredFile
from outcomes.document import reading
from outcomes.models import Issue
from outcomes.paper import _data, summary
from outcomes.sheets import workbook
from tests.outcomes.canaries import aviary, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    """One with figures told and withheld, lines of a logframe, a plan, and a disclaimer."""
    world = aviary()
    world.funding.wording, world.funding.disclaimer = "With the support of Bridge Fund.", "Not its view."
    world.funding.save()
    return issued(world)


# --- the PDF


def pdfinfo(content: bytes, *more: str) -> str:
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo of poppler is not installed")
    command = ["pdfinfo", *more, "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def test_the_paper_says_that_it_is_accessible_in_which_language_and_what_it_is(issue):
    content = summary(issue, None)
    about, meta = pdfinfo(content), pdfinfo(content, "-meta")
    assert re.search(r"Tagged: +yes", about)
    assert f"{issue.heading}\n" in about and issue.heading in meta
    assert "<pdfuaid:part>1</pdfuaid:part>" in meta
    assert "<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li>" in meta
    assert b"/Lang(en-GB)" in content


@pytest.mark.parametrize(("language", "tag"), [("sr-latn", b"sr-"), ("sr", b"sr-")])
def test_a_paper_in_serbian_says_so(issue, language, tag):
    payload = issue.payload | {"document": issue.document | {"language": language}}
    Issue.objects.filter(pk=issue.pk).update(payload=payload)
    issue.refresh_from_db()
    assert b"/Lang(" + tag in summary(issue, None)


def test_its_headings_and_tables_can_be_read_aloud(issue):
    """One heading of all, one a part; every table has its head, and each cell says under which it stands.
    Bars are drawings beside their numbers: they are read to nobody."""
    content, data = summary(issue, None), _data(issue, False)
    lines = [line.strip() for line in pdfinfo(content, "-struct-text").splitlines()]
    kinds = [line.split(" ")[0].rstrip(":") for line in lines]
    assert kinds.count("H1") == 1
    parts = [one for rows in data.values() if isinstance(rows, list) for one in rows if "heads" in one]
    tables = [one for one in parts if one["rows"]]
    assert (kinds.count("Table"), kinds.count("THead")) == (len(tables), len(tables))
    assert kinds.count("H2") >= len(parts) + 4  # withheld, definitions, support, fingerprint
    assert kinds.count("Figure") == 0
    heads = {line.partition("<")[2].partition(">")[0] for line in lines if line.startswith("TH <")}
    assert len(heads) == sum(len(one["heads"]) for one in tables)
    assert sum("/Scope /Column" in line for line in lines) == len(heads)
    said = [re.findall(r"\(([^()]+)\)", line) for line in lines if line.startswith("/Headers")]
    cells = [one for one in said if one]
    assert len(cells) == kinds.count("TD") and {head for one in cells for head in one} <= heads
    text = " ".join(lines)
    assert all(one["label"] in text for one in data["breakdowns"][0]["rows"])


def test_a_logo_is_named_for_who_does_not_see_it(issue, tmp_path):
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(picture, "PNG")
    logo = StoredFile(name="logo.png")
    logo.content.save("logo.png", ContentFile(picture.getvalue()), save=False)
    content = summary(issue, logo)
    assert len(re.findall(r"^ *Figure", pdfinfo(content, "-struct"), re.MULTILINE)) == 1
    assert f"/Alt({issue.document['funder']})".encode() in content


# --- the workbook


def test_no_part_of_the_workbook_runs_links_or_hides_anything(issue):
    with zipfile.ZipFile(io.BytesIO(workbook(issue))) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if not name.endswith(".bin")}
    assert not [name for name in parts if re.search("comment|external|vba|hyperlink|drawing", name, re.I)]
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(re.findall("<sheet ", parts["xl/workbook.xml"])) >= 5
    for text in sheets:
        assert "<f>" not in text and "<f " not in text and "<hyperlink" not in text
        assert 'hidden="1"' not in text and "mergeCell" not in text
        assert 'state="frozen"' in text  # the heading stays in sight
    names = re.findall(r"<definedName ([^>]*)>", parts["xl/workbook.xml"])
    assert names and all("_xlnm." in name for name in names)  # of the filter and the printed heading


def test_numbers_are_numbers_as_they_are_told(issue):
    book = openpyxl.load_workbook(io.BytesIO(workbook(issue)))
    head, *rows = book["Figures"].iter_rows(values_only=True)
    values = {row[0]: row[head.index("Value")] for row in rows}
    units = {row[0]: row[head.index("Unit")] for row in rows}
    for figure in issue.document["figures"]:
        value = values[figure["code"]]
        if figure["state"] == "measured":
            assert isinstance(value, int | float), figure["code"]
            assert value == (round(figure["value"]) if figure["unit"] == "percent" else figure["value"])
    assert (values["KAN-2"], units["KAN-2"]) == (430_000, "amount of money, RSD")
    lines = {row[3]: row for row in book["Logframe"].iter_rows(values_only=True)}
    assert (lines["KAN-2"][6], lines["KAN-2"][8]) == (430_000, "amount of money, RSD")


def office(folder: Path, content: bytes, to: str) -> list[Path]:
    """The workbook as LibreOffice writes it in another format."""
    if shutil.which("soffice") is None:
        pytest.skip("soffice is not installed: apt-get install libreoffice-calc")
    source = folder / "summary.xlsx"
    source.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return sorted(path for path in folder.iterdir() if path.suffix == f".{to.partition(':')[0]}")


# comma, quotation marks, UTF-8, from row 1, no formulas, as shown, all sheets
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


def test_libreoffice_reads_every_cell_as_we_wrote_it(issue, tmp_path):
    content = workbook(issue)
    book = openpyxl.load_workbook(io.BytesIO(content))
    files = office(tmp_path, content, CSV)
    assert len(files) == len(book.sheetnames)
    for sheet in book:
        (file,) = [path for path in files if path.stem == f"summary-{sheet.title}"]
        read = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
        ours = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert read == [["" if cell is None else str(cell) for cell in row] for row in ours], sheet.title


def test_the_sheets_say_what_the_page_says(issue):
    book = openpyxl.load_workbook(io.BytesIO(workbook(issue)))
    read = reading(issue.document)
    text = "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    for one in read["withheld"]:
        assert f"{one['name']}: {one['why']}" in text
    for one in read["definitions"]:
        assert one["figure"]["counts"] in text
