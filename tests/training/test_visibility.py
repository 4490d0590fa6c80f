"""Whose logo, wording and disclaimer stand where."""

import io
import shutil
import subprocess

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from outcomes import services as outcomes
from outcomes.models import Issue
from outcomes.payload import build
from people.models import Consent, Funding
from reminders.models import Rule
from reminders.services import message_of
from tests.factories import (
    NOW,
    approved,
    make_administrator,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_entry,
    make_funder,
    make_funding,
    make_module,
    make_organisation,
    make_person,
    make_programme,
    make_report,
    make_rule,
    make_session,
    make_trainer,
)
from training import services
from training.papers.badges import badges
from training.visibility import for_paper, funders_of, funders_of_session

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def drawn(colour="red", name="logo.png"):
    out = io.BytesIO()
    Image.new("RGB", (1200, 400), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def admin(programme):
    return make_administrator(programme.tenant)


@pytest.fixture
def paid(programme, admin):
    """RAS pays for all, GIZ for the second module: ((RAS, GIZ), (module 1, module 2))."""
    fundings = []
    for name in ("RAS", "GIZ"):
        organisation = make_organisation(programme.tenant, name=name)
        logo = services.keep_logo(by=admin, tenant=programme.tenant, file=drawn())
        words = {"wording": f"Supported by {name}.", "disclaimer": f"Not the view of {name}."}
        fundings.append(make_funding(programme, funder=organisation, logo=logo, **words))
    modules = [make_module(programme, number=n) for n in (1, 2)]
    modules[1].fundings.add(fundings[1])
    return fundings, modules


def names(visibles):
    return [one.name for one in visibles]


def test_who_pays_for_what(programme, paid):
    _fundings, (first, second) = paid
    make_funding(make_programme(programme.tenant))
    assert names(funders_of(programme)) == ["RAS", "GIZ"]
    assert names(funders_of(programme, first)) == ["RAS"]
    assert names(funders_of(programme, second)) == ["RAS", "GIZ"]
    assert names(funders_of_session(make_session(programme, module=second))) == ["RAS", "GIZ"]
    assert names(funders_of_session(make_session(programme))) == ["RAS"]


@pytest.mark.parametrize("count", [1, 3])
def test_one_query_however_many_pay(programme, count, django_assert_num_queries):
    for _ in range(count):
        make_funding(programme)
    with django_assert_num_queries(1):
        assert len(funders_of(programme)) == count


def test_a_logo_is_made_smaller_and_what_is_no_picture_refused(programme, admin, paid):
    funders, pictures = for_paper(funders_of(programme))
    assert [(one["name"], one["wording"]) for one in funders] == [
        ("RAS", "Supported by RAS."), ("GIZ", "Supported by GIZ."),
    ]  # fmt: skip
    assert [Image.open(io.BytesIO(pictures[one["logo"]])).width for one in funders] == [800, 800]
    with pytest.raises(ValidationError, match="no picture"):
        services.keep_logo(by=admin, tenant=programme.tenant, file=SimpleUploadedFile("x.png", b"%PDF-1.4"))


def test_logos_go_to_who_sees_the_programme_and_to_the_funder(client, programme, paid):
    (ras, giz), _modules = paid
    url = reverse("people:funding_logo", args=[giz.pk])
    users = {
        "trainer": make_trainer(programme),
        "its funder": make_funder(programme, funding=giz),
        "another funder": make_funder(programme, funding=ras),
        "stranger": make_coordinator(make_programme()),
    }
    answers = {}
    for name, user in users.items():
        client.force_login(user, backend=BACKEND)
        answers[name] = client.get(url).status_code
    assert answers == {"trainer": 200, "its funder": 200, "another funder": 404, "stranger": 404}


def test_a_mail_about_a_session_carries_those_who_pay_for_it(programme, paid):
    _fundings, (first, second) = paid
    rule = make_rule(programme, kind=Rule.Kind.SESSION_TOMORROW)
    found = {}
    for module in (first, second):
        entry = make_entry(make_session(programme, module=module))
        reminder = rule.reminders.create(
            person=entry.enrolment.person, subject_type="training.session", subject_id=entry.session_id,
            subject_revision=1, due_at=NOW,
        )  # fmt: skip
        message = message_of(reminder)
        text = message.get_body(("plain",)).get_content()
        html = message.get_body(("html",)).get_content()
        shown = [part["Content-ID"] for part in message.walk() if part.get_content_maintype() == "image"]
        found[module.number] = (
            text.count("Supported by"),
            html.count("Not the view of"),
            html.count("cid:"),
            len(shown),
        )
    assert found == {1: (1, 1, 1, 1), 2: (2, 2, 2, 2)}


def test_the_session_page_and_the_programme_page_show_them(client, programme, paid):
    _fundings, (_first, second) = paid
    client.force_login(make_coordinator(programme), backend=BACKEND)
    for url in (
        reverse("desk:programme", args=[programme.code]),
        reverse("training:session_detail", args=[make_session(programme, module=second).pk]),
    ):
        text = client.get(url).content.decode()
        assert [text.count(word) for word in ("Supported by", "Not the view of", "/logo/?")] == [2, 2, 2]


def test_a_summary_freezes_them_and_an_old_one_stays_as_it_was(client, programme, paid, admin):
    (_ras, giz), _modules = paid
    report = make_report(giz)
    issue = outcomes.add_issue(by=admin, report=report, job=None, built=build(report, now=NOW))
    outcomes.release_issue(by=admin, issue=approved(issue), now=NOW)
    giz.disclaimer, giz.logo = (
        "Another view",
        services.keep_logo(by=admin, tenant=programme.tenant, file=drawn("blue")),
    )
    giz.save()
    client.force_login(make_funder(programme, funding=giz), backend=BACKEND)
    text = client.get(reverse("outcomes:issue_detail", args=[issue.pk])).content.decode()
    assert ("Not the view of GIZ." in text, "Another view" in text, 'role="alert"' in text) == (
        True,
        False,
        False,
    )
    logo = client.get(reverse("outcomes:issue_logo", args=[issue.pk]))
    picture = Image.open(io.BytesIO(b"".join(logo.streaming_content))).convert("RGB")
    assert picture.getpixel((5, 5))[0] > 200  # still red
    old = {k: v for k, v in issue.payload["document"].items() if k not in ("disclaimer", "logo")}
    Issue.objects.filter(pk=issue.pk).update(payload=issue.payload | {"document": old})
    assert client.get(reverse("outcomes:issue_detail", args=[issue.pk])).status_code == 200
    assert client.get(reverse("outcomes:issue_logo", args=[issue.pk])).status_code == 404


# --- badges and the contact list ----------------------------------------------------------------------


def test_badges_are_for_all_who_take_part_in_their_own_script(client, programme, paid):
    for n, name in enumerate(["Љиљана Његош", "Mira Đorđević", *(f"Osoba {n}" for n in range(8))]):
        make_enrolment(
            programme, person=make_person(programme.tenant, name=name),
            enterprise=make_enterprise(programme.tenant, name="Radionica") if n == 1 else None,
        )  # fmt: skip
    make_enrolment(programme, person=make_person(programme.tenant, name="Otišla"), state="withdrawn")
    client.force_login(make_trainer(programme), backend=BACKEND)
    text = client.get(reverse("training:enrolment_list", args=[programme.code])).content.decode()
    url = reverse("training:badges", args=[programme.code])
    assert url in text
    content = client.get(url).content
    said = read(content, "pdftotext", "-", "-")
    assert [said.count(word) for word in ("Љиљана Његош", "Mira Đorđević", "Radionica", "Otišla")] == [
        1,
        1,
        1,
        0,
    ]
    assert said.count("\f") == 2  # pages
    assert "800" in read(content, "pdfimages", "-list", "-")


def read(content: bytes, *command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} of poppler is not installed")
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def test_without_people_and_logos_there_is_a_sheet_all_the_same(programme):
    assert badges(programme, now=NOW).startswith(b"%PDF")


def test_the_contact_list_holds_who_agreed_and_nobody_else(client, programme):
    people = {}
    for name in ("Ana", "Mila", "Vera"):
        person = make_person(
            programme.tenant, name=name, email=f"{name.lower()}@primer.example", phone="060 1"
        )
        people[name] = make_enrolment(programme, person=person).person
    given = {
        "programme": programme,
        "purpose": Consent.Purpose.CONTACT_LIST,
        "text_version": "1",
        "given_at": NOW,
    }
    people["Ana"].consents.create(**given)
    people["Mila"].consents.create(**given, withdrawn_at=NOW)
    client.force_login(make_trainer(programme), backend=BACKEND)
    url = reverse("training:contact_export", args=[programme.code, "xlsx"])
    assert url in client.get(reverse("training:enrolment_list", args=[programme.code])).content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(url).streaming_content))).active
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert rows == [
        ["Person", "Enterprise", "Municipality", "E-mail", "Phone"],
        ["Ana", None, people["Ana"].municipality or None, "ana@primer.example", "060 1"],
    ]


# --- the page of a funding ----------------------------------------------------------------------------


def test_an_administrator_writes_down_who_pays_with_a_logo(client, programme, admin):
    module = make_module(programme, number=1)
    client.force_login(admin, backend=BACKEND)
    said = {
        "name": "Bridge Fund", "name_sr": "Fond Most", "code": "bridge", "language": "en",
        "start": "2025-01-01",
        "last_day": "2025-12-31", "threshold": 5, "woman_owned": "half", "wording": "With the Bridge Fund.",
        "disclaimer": "Not its view.", "programmes": [programme.pk], "modules": [module.pk],
    }  # fmt: skip
    url = reverse("training:funding_create", args=[programme.code])
    assert client.get(url).status_code == 200
    assert client.post(url, said | {"upload": drawn()}).status_code == 302
    row = Funding.objects.get(code="bridge")
    assert (str(row.funder), str(row.end), list(row.modules.all())) == ("Bridge Fund", "2026-01-01", [module])
    first = row.logo
    edit = reverse("training:funding_edit", args=[row.pk])
    assert client.get(edit).status_code == 200
    changed = {k: v for k, v in said.items() if k not in ("name", "name_sr")} | {"modules": []}
    assert client.post(edit, changed).status_code == 302
    row.refresh_from_db()
    assert (row.logo, row.modules.count()) == (first, 0)
    answer = client.post(edit, changed | {"upload": SimpleUploadedFile("x.png", b"no picture")})
    assert "This is no picture" in answer.content.decode()
    client.post(edit, changed | {"no_logo": "on", "last_day": "2024-12-31"})
    row.refresh_from_db()
    assert row.logo == first  # a period that ends before it begins: nothing of it is written
    client.post(edit, changed | {"no_logo": "on"})
    row.refresh_from_db()
    assert row.logo is None


def test_a_coordinator_keeps_no_funding_and_a_stranger_finds_none(client, programme, paid):
    (ras, _giz), _modules = paid
    seen = []
    for user in (make_coordinator(programme), make_administrator(make_programme().tenant)):
        client.force_login(user, backend=BACKEND)
        seen.append(client.post(reverse("training:funding_edit", args=[ras.pk]), {}).status_code)
    assert seen == [403, 404]
