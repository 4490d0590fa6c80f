"""The pages of an import and its door for scripts: who may open them, what they say, how many queries."""

from base64 import b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from desk.importing import services
from desk.models import Import
from jobs import services as jobs
from people.models import Person
from tests.desk.sheets import messy
from tests.factories import make_administrator, make_coordinator, make_programme, make_trainer

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TEXT = b"Ime i prezime;E-mail\nAna;ana@primer.example\nVera;vera@\n"
PAGES = (
    "import_detail",
    "import_sheet",
    "import_columns",
    "import_values",
    "import_preview",
    "import_marked",
)
ACTS = ("import_confirm", "import_stop", "import_undo", "import_discard")


@pytest.fixture
def by():
    return make_coordinator(make_programme())


@pytest.fixture
def programme(by):
    return by.person.memberships.get().programme


@pytest.fixture
def record(by, programme):
    return bring(by, programme)


@pytest.fixture
def page(client, by):
    """The client of the coordinator."""
    client.force_login(by)
    return client


def bring(by, programme, name="lista.csv", content=TEXT) -> Import:
    record = services.bring(by=by, programme=programme, name=name, content=content, now=NOW)
    services.put_map(by=by, record=record, mapping=services.guessed_map(record))
    return services.preview(by=by, record=record, now=NOW)


def upload(client, programme, content=TEXT, name="lista.csv", **more):
    url = reverse("desk:import_create", args=[programme.code])
    return client.post(url, {"file": SimpleUploadedFile(name, content), **more})


def url(name: str, record: Import) -> str:
    return reverse(f"desk:{name}", args=[record.pk])


def test_strangers_find_nothing_and_others_of_the_programme_may_not(client, record, programme):
    client.force_login(make_coordinator(make_programme()))
    assert {client.get(url(name, record)).status_code for name in PAGES} == {404}
    assert {client.post(url(name, record)).status_code for name in ACTS} == {404}
    assert client.get(reverse("desk:import_list", args=[programme.code])).status_code == 404
    client.force_login(make_trainer(programme))
    assert {client.get(url(name, record)).status_code for name in PAGES} == {403}
    assert client.get(reverse("desk:import_create", args=[programme.code])).status_code == 403
    client.force_login(make_administrator(programme.tenant))
    assert client.get(url("import_preview", record)).status_code == 200
    assert Import.objects.get().state == "ready"


def test_from_the_upload_to_the_result_and_back(page, programme):
    answer = upload(page, programme)
    record = Import.objects.get()
    assert answer.url == url("import_sheet", record)
    said = {"sheet": record.sheet, "kind": "participants", "header_row": "", "source": ""}
    assert page.post(answer.url, said).url == url("import_columns", record)
    said = {
        "column_0": "name",
        "column_1": "email",
        "leave_out": "",
        "same_0": "country",
        "same_value_0": "RS",
    }
    assert page.post(url("import_columns", record), said).url == url("import_preview", record)
    shown = page.get(url("import_preview", record)).content.decode()
    assert "1 row will be new, 1 is refused" in shown
    assert "Bring in 1 row without the refused ones" in shown
    assert page.post(url("import_confirm", record)).status_code == 422
    answer = page.post(url("import_confirm", record), {"without_refused": "yes"})
    assert answer.url == url("import_detail", record)
    assert "is being brought in" in page.get(answer.url).content.decode()
    record.refresh_from_db()
    jobs.run(record.job_id)
    assert "1 row is new, 1 was refused" in page.get(answer.url).content.decode()
    assert Person.objects.get(name="Ana").country == "RS"
    assert "This very file was brought in on" in page.get(upload(page, programme).url).content.decode()
    page.post(url("import_undo", record))
    assert "Taken back" in page.get(answer.url).content.decode()


def test_what_cannot_be_taken_back_says_why_on_its_page(page, by, programme):
    record = bring(by, programme, content=TEXT[:-12])
    services.confirm(by=by, record=record, without_refused=False, now=NOW)
    jobs.run(record.job_id)
    Person.objects.filter(name="Ana").update(municipality="Niš")
    answer = page.post(url("import_undo", record))
    assert answer.status_code == 422
    assert "It was not taken back; nothing has changed." in answer.content.decode()
    assert "“Ana” was changed after this import" in answer.content.decode()


def test_a_bad_file_keeps_what_was_chosen_beside_it(page, programme):
    answer = upload(page, programme, b"%PDF-1.4 nothing", "lista.xlsx", kind="ideas")
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "The file is not what its name says" in shown
    assert '<option value="ideas" selected>' in shown
    assert Import.objects.count() == 0


def test_words_of_the_sheet_are_asked_for_on_a_page_of_their_own(page, programme):
    upload(page, programme, messy(), "Prijave.xlsx")
    record = Import.objects.get()
    fields = {f"column_{n}": one["field"] for n, one in enumerate(record.columns)}
    answer = page.post(url("import_columns", record), fields | {"leave_out": "14"})
    assert answer.url == url("import_values", record)
    shown = page.get(answer.url).content.decode()
    assert ">gospođa</label>" in shown
    assert page.post(answer.url, {}).status_code == 422
    assert page.post(answer.url, {"value_sex_0": "female"}).url == url("import_preview", record)
    record.refresh_from_db()
    assert record.mapping["sex"]["values"] == {"gospođa": "female"}
    page.post(answer.url, {"value_sex_0": "-"})
    record.refresh_from_db()
    assert record.mapping["sex"]["values"] == {"gospođa": ""}


def test_steps_that_are_over_lead_to_where_it_is(page, by, record):
    services.confirm(by=by, record=record, without_refused=True, now=NOW)
    jobs.run(record.job_id)
    for name in ("import_sheet", "import_columns", "import_values", "import_preview"):
        assert page.get(url(name, record)).url == url("import_detail", record)
    assert page.post(url("import_columns", record), {"column_0": "email"}).url == url("import_detail", record)
    assert page.post(url("import_discard", record)).url == url("import_detail", record)
    assert Import.objects.get().state == "done"


def test_the_work_asks_for_itself_until_it_is_over(page, by, record):
    services.confirm(by=by, record=record, without_refused=True, now=NOW)
    fragment = page.get(url("import_detail", record), headers={"HX-Request": "true"})
    assert "data-hx-get" in fragment.content.decode()
    jobs.run(record.job_id)
    assert page.get(url("import_detail", record), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_it_is_stopped_from_its_page(page, by, record):
    services.confirm(by=by, record=record, without_refused=True, now=NOW)
    page.post(url("import_stop", record))
    jobs.run(record.job_id)
    assert "Stopped: nothing was written" in page.get(url("import_detail", record)).content.decode()


def test_a_dropped_sheet_is_gone(page, record, programme):
    answer = page.post(url("import_discard", record))
    assert answer.url == reverse("desk:import_list", args=[programme.code])
    assert Import.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    page, by, programme, rows, django_assert_num_queries
):
    for n in range(rows):
        bring(by, programme, name=f"{n}.csv")
    with django_assert_num_queries(7):
        answer = page.get(reverse("desk:import_list", args=[programme.code]))
    assert answer.content.decode().count(".csv</a>") == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_preview_takes_as_many_queries_for_three_as_for_one(
    page, by, programme, rows, django_assert_num_queries
):
    text = "Ime i prezime\n" + "".join(f"Osoba {n}\n" for n in range(rows))
    record = bring(by, programme, content=text.encode())
    with django_assert_num_queries(7):
        assert page.get(url("import_preview", record)).status_code == 200


def test_lists_offer_it_to_who_runs_the_programme_only(client, by, programme):
    url = reverse("training:enrolment_list", args=[programme.code])
    for user, offered in ((by, True), (make_trainer(programme), False)):
        client.force_login(user)
        assert ("Bring in a sheet" in client.get(url).content.decode()) is offered


# --- for scripts


@pytest.fixture
def api(client, by):
    client.force_login(by)

    def ask(path: str, data=None, method="post"):
        return getattr(client, method)(f"/api/v1/imports/{path}", data, content_type="application/json")

    return ask


def test_a_script_does_what_the_pages_do(api, programme):
    made = api("", {"programme": programme.code, "name": "a.csv", "content": b64encode(TEXT).decode()})
    assert made.status_code == 201, made.content
    at = f"{made.json()['id']}/"
    assert made.json()["mapping"] == {"name": {"from": "Ime i prezime"}, "email": {"from": "E-mail"}}
    mapped = api(
        f"{at}mapping/", {"mapping": {"name": "Ime i prezime", "email": "E-mail", "country": {"value": "RS"}}}
    )
    assert mapped.json()["standing"] == "uploaded"
    shown = api(f"{at}preview/").json()
    assert (shown["standing"], shown["counts"]["created"]) == ("ready", 1)
    assert shown["refusals"] == [
        {
            "sheet": "a.csv",
            "row": 3,
            "column": "E-mail",
            "value": "vera@",
            "rule": "This is no e-mail address.",
        }
    ]
    assert api(f"{at}confirmation/", {}).status_code == 400
    assert api(f"{at}confirmation/", {"without_refused": True}).json()["standing"] == "working"
    jobs.run(Import.objects.get().job_id)
    assert api(at, method="get").json()["standing"] == "done"
    assert Person.objects.get(name="Ana").country == "RS"
    assert api(f"{at}undoing/").json()["standing"] == "undone"
    assert not Person.objects.filter(name="Ana").exists()


def test_a_script_sends_a_file_as_a_form_does(client, by, programme):
    client.force_login(by)
    file = SimpleUploadedFile("lista.csv", TEXT)
    made = client.post("/api/v1/imports/", {"programme": programme.code, "file": file})
    assert (made.status_code, made.json()["name"]) == (201, "lista.csv")


def test_a_script_hears_what_is_wrong(api, programme):
    for said, field in (
        ({"name": "a.csv"}, "content"),
        ({"name": "a.csv", "content": "%%%"}, "content"),
        ({"name": "a.csv", "content": b64encode(TEXT).decode(), "kind": "x"}, "kind"),
    ):
        answer = api("", {"programme": programme.code, **said})
        assert (answer.status_code, list(answer.json())) == (400, [field])
    answer = api("", {"programme": programme.code, "name": "a.xlsx", "content": b64encode(TEXT).decode()})
    assert answer.json()["non_field_errors"][0].startswith("The file is not what its name says")


def test_a_stranger_s_script_finds_nothing(client, record):
    client.force_login(make_coordinator(make_programme()))
    assert client.get("/api/v1/imports/").json()["results"] == []
    assert client.get(f"/api/v1/imports/{record.pk}/").status_code == 404
    assert client.post(f"/api/v1/imports/{record.pk}/undoing/").status_code == 404


def test_a_script_s_sheet_may_be_larger_than_its_other_bodies(client, by, programme):
    client.force_login(by)
    text = "Ime i prezime\n" + "".join(f"{'Osoba' * 30} {n}\n" for n in range(20_000))
    assert len(text) > 3_000_000
    made = client.post(
        "/api/v1/imports/", {"programme": programme.code, "file": SimpleUploadedFile("a.csv", text.encode())}
    )
    assert made.status_code == 201, made.content
    body = {"programme": programme.code, "name": "b.csv", "content": b64encode(text.encode()).decode()}
    assert client.post("/api/v1/imports/", body, content_type="application/json").status_code == 201
    assert client.post("/api/v1/ideas/", {"x": text}, content_type="application/json").status_code == 413
