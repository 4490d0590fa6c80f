"""A coordinator brings in a really messy sheet, sees what would happen, says yes, finds the people, takes it
back."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from desk.models import Import
from jobs.models import Job
from people.models import Person
from tests.desk.sheets import messy, workbook
from tests.fixtures.browser import PHONE, axe, overflow
from tests.services import wait_until
from training.models import Enrolment

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _folder_of_the_worker(settings):
    """The worker is another process: it finds files where the installation keeps them."""
    settings.MEDIA_ROOT = settings.DATA_DIR / "files"


def bring(page, demo, name: str, content: bytes) -> None:
    page.goto(reverse("training:enrolment_list", args=[demo.running.code]))
    page.get_by_role("link", name="Bring in a sheet").click()
    page.set_input_files("#id_file", {"name": name, "mimeType": XLSX, "buffer": content})
    page.get_by_role("button", name="Go on").click()


def heading(page, words: str | re.Pattern) -> None:
    """The page whose heading this is comes up."""
    expect(page.locator("h1")).to_have_text(words)


def refused(page) -> list[tuple[str, ...]]:
    rows = page.locator("table.refused tbody tr").all()
    return [tuple(cell.inner_text().strip() for cell in row.locator("th, td").all()) for row in rows]


@pytest.mark.parametrize("size", [PHONE, (1280, 800)], ids=["phone", "laptop"])
def test_a_messy_sheet_to_the_list_of_people_and_back(demo, visit, celery_worker, size):
    before = Person.objects.count(), Enrolment.objects.count()
    page = visit("coordinator", size=size)
    bring(page, demo, "Prijave.xlsx", messy())

    heading(page, "These look like 9 people who take part")
    assert re.search(r"\d of 9 headings are known for that\.", page.inner_text("main"))
    assert page.input_value("#id_header_row") == "3"
    looks_right(page)
    page.get_by_role("button", name="Go on to the columns").click()

    heading(page, re.compile(r"^\d of 9 columns are known: are they right\?$"))
    page.get_by_label("Kontakt telefon").select_option("phone")
    assert page.get_by_label("Пол").input_value() == "sex"
    assert "Row 14 looks like a sum (“Ukupno”): it is left out." in page.inner_text("main")
    page.get_by_text("Something is the same for all rows").click()
    page.locator("#id_same_0").select_option("country")
    page.locator("#id_same_value_0").fill("RS")
    looks_right(page)
    page.get_by_role("button", name="See what would happen").click()

    heading(page, "The sheet has words of its own: what do they mean?")
    page.get_by_label("gospođa", exact=True).select_option("female")
    looks_right(page)
    page.get_by_role("button", name="See what would happen").click()

    heading(page, "6 rows will be new, 3 are refused")
    said = refused(page)
    assert [row[0] for row in said] == (["Row 7", "Row 10", "Row 12"] if size == PHONE else ["7", "10", "12"])
    assert [row[1] for row in said] == ["E-pošta", "Kontakt telefon", "Ime i prezime"]
    assert said[0][2:] == ("“mila@”", "This is no e-mail address.")
    assert (Person.objects.count(), Enrolment.objects.count()) == before
    looks_right(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the sheet with the reasons").click()
    assert download.value.suggested_filename == "Prijave-checked.xlsx"
    page.get_by_role("button", name="Bring in 6 rows without the refused ones").click()

    page.get_by_role("link", name="See the list").wait_for()
    heading(page, "6 rows are new, 3 were refused")
    looks_right(page)
    assert (Person.objects.count(), Enrolment.objects.count()) == (before[0] + 6, before[1] + 6)
    page.get_by_role("link", name="See the list").click()
    page.get_by_label("Find a person").fill("scepanovic")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Ljubica Šćepanović").wait_for()

    page.goto(reverse("desk:import_list", args=[demo.running.code]))
    looks_right(page)
    page.get_by_role("link", name="Prijave.xlsx").click()
    page.get_by_role("button", name="Take it back").click()
    heading(page, "Taken back: nothing of this sheet is left")
    looks_right(page)
    assert (Person.objects.count(), Enrolment.objects.count()) == before


def test_a_long_one_shows_its_progress_and_can_be_found_again(demo, visit, celery_worker):
    lines = [["Ime i prezime", "E-mail"], *([f"Osoba {n}", f"o{n}@primer.example"] for n in range(6000))]
    page = visit("coordinator")
    bring(page, demo, "Mnogo.xlsx", workbook(*lines))
    page.get_by_role("button", name="Go on to the columns").click()
    page.get_by_role("button", name="See what would happen").click()
    page.get_by_role("progressbar", name="Preview of a sheet").wait_for()
    address = page.url
    page.goto("/")
    page.goto(address)
    page.get_by_role("button", name="Bring in 6000 rows").click()
    page.get_by_role("link", name="See the list").wait_for()
    heading(page, "6000 rows are new")
    assert Person.objects.filter(name__startswith="Osoba ").count() == 6000
    assert Job.objects.filter(kind="desk.load_import").values_list("state", "attempt").get() == ("done", 1)


def test_without_a_script_every_step_is_a_page(demo, visit, celery_worker):
    page = visit("coordinator", java_script_enabled=False)
    bring(
        page, demo, "Mali.xlsx", workbook(["Ime i prezime", "Email"], ["Nova Osoba", "nova@primer.example"])
    )
    page.get_by_role("button", name="Go on to the columns").click()
    page.get_by_role("button", name="See what would happen").click()
    page.get_by_role("button", name="Bring in 1 row").click()
    record = Import.objects.get(name="Mali.xlsx")
    wait_until(lambda: not Import.objects.get(pk=record.pk).works, seconds=30, what="the import")
    page.goto(reverse("desk:import_detail", args=[record.pk]))
    heading(page, "1 row is new")


def test_a_bad_file_is_refused_on_its_page_and_the_form_keeps_the_rest(demo, visit):
    page = visit("coordinator")
    page.goto(reverse("desk:import_create", args=[demo.running.code]) + "?kind=ideas")
    page.set_input_files("#id_file", {"name": "slika.xlsx", "mimeType": XLSX, "buffer": b"\x89PNG\r\n\x1a\n"})
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".error-summary")).to_contain_text("is not what its name says")
    assert page.input_value("#id_kind") == "ideas"
    assert Import.objects.count() == 0
    page.complaints.clear()  # the console tells of the 422


def looks_right(page) -> None:
    assert axe(page) == []
    assert overflow(page) == 0
