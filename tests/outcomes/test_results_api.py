"""Results, evidence, costs, grants, locks and narratives for scripts: the same rules as on the pages."""

from base64 import b64encode
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import StoredFile
from outcomes import services
from outcomes.models import Cost, Grant, Narrative, PeriodLock, Result
from tests.factories import (
    NOW,
    TODAY,
    make_coordinator,
    make_enrolment,
    make_funder,
    make_funding,
    make_organisation,
    make_programme,
    make_trainer,
)

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF"
JSON = "application/json"


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


@pytest.fixture
def result(by, programme) -> Result:
    said = {"kind": "agreement", "title": "Joint purchase", "day": TODAY}
    return services.save_result(by=by, programme=programme, now=NOW, **said)


@pytest.fixture
def signed(client, by):
    client.force_login(by)
    return client


def post(client, path, said):
    return client.post(f"{V1}/{path}/", said, content_type=JSON)


def patch(client, path, said):
    return client.patch(f"{V1}/{path}/", said, content_type=JSON)


def test_a_script_writes_a_result_with_its_parties(signed, programme):
    known, funding = make_organisation(programme.tenant), make_funding(programme)
    said = {"programme": programme.code, "kind": "job", "title": "A baker", "number": "0.5"}
    said |= {"parties": [{"organisation": known.pk, "role": "employer"}, {"name": "A grocer"}]}
    made = post(signed, "results", said | {"countries": ["rs"], "reported_to": [funding.pk]})
    assert made.status_code == 201, made.json()
    shown = made.json()
    assert shown["parties"] == [
        {"organisation": known.pk, "name": "", "role": "employer"},
        {"organisation": None, "name": "A grocer", "role": ""},
    ]
    found = {name: shown[name] for name in ("countries", "reported_to", "number", "day", "evidence")}
    assert found == {
        "countries": ["RS"], "reported_to": [funding.pk], "number": "0.50", "day": None, "evidence": [],
    }  # fmt: skip
    one = f"results/{shown['id']}"
    assert patch(signed, one, {"place": "Niš"}).json()["parties"] == shown["parties"]
    assert patch(signed, one, {"parties": []}).json()["parties"] == []
    assert patch(signed, one, {"programme": make_programme().code}).status_code == 400
    assert signed.delete(f"{V1}/{one}/").status_code == 405


def test_what_is_wrong_is_said_by_its_name(signed, programme):
    plain = {"programme": programme.code, "kind": "agreement", "title": "A"}
    for wrong, field in (
        ({"countries": ["XK"]}, "countries"),
        ({"parties": [{"role": "buyer"}]}, "parties"),
        ({"day": "2999-01-01"}, "day"),
        ({"kind": "wish"}, "kind"),
        ({"number": "-1"}, "number"),
        ({"enrolment": make_enrolment().pk}, "enrolment"),
        ({"parties": [{"organisation": make_organisation().pk}]}, "parties"),
        ({"reported_to": [make_funding(make_programme()).pk]}, "reported_to"),
    ):
        answer = post(signed, "results", plain | wrong)
        assert (answer.status_code, list(answer.json())) == (400, [field]), answer.json()
    assert Result.objects.count() == 0


def test_it_is_taken_back_and_counts_again(signed, result):
    one = f"results/{result.pk}"
    assert post(signed, f"{one}/withdrawal", {}).status_code == 400
    answer = post(signed, f"{one}/withdrawal", {"reason": "One side only."})
    assert (answer.status_code, answer.json()["reason"]) == (200, "One side only.")
    assert post(signed, f"{one}/withdrawal", {"reason": "Again"}).status_code == 400
    assert patch(signed, one, {"title": "B"}).status_code == 400
    found = [
        signed.get(f"{V1}/results/?standing={way}").json()["results"] for way in ("counting", "withdrawn")
    ]
    assert [len(rows) for rows in found] == [0, 1]
    assert post(signed, f"{one}/restoration", {}).json()["withdrawn_at"] is None


def test_evidence_is_sent_both_ways_handed_over_and_taken_away(signed, result):
    said = {"result": result.pk, "name": "Potpisi.pdf", "content": b64encode(PDF).decode(), "caption": "Both"}
    made = post(signed, "evidence", said)
    assert (made.status_code, made.json()["name"], made.json()["size"]) == (201, "Potpisi.pdf", len(PDF))
    assert post(signed, "evidence", said).json() == made.json()
    form = {"result": result.pk, "file": SimpleUploadedFile("cene.csv", b"ime;cena")}
    assert signed.post(f"{V1}/evidence/", form).json()["name"] == "cene.csv"
    address = post(signed, "evidence", {"result": result.pk, "address": "https://example.org/a"}).json()
    assert (address["name"], address["address"]) == (None, "https://example.org/a")
    one = f"{V1}/evidence/{made.json()['id']}/"
    handed = signed.get(f"{one}content/")
    assert b"".join(handed.streaming_content) == PDF
    assert handed["Content-Disposition"] == 'attachment; filename="Potpisi.pdf"'
    assert signed.get(f"{V1}/evidence/{address['id']}/content/").status_code == 404
    assert (signed.delete(one).status_code, signed.get(one).status_code) == (204, 404)
    assert (StoredFile.objects.count(), len(signed.get(f"{V1}/results/{result.pk}/").json()["evidence"])) == (
        1,
        2,
    )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "a.exe", "content": b64encode(b"MZ").decode()}, "content"),
        ({"name": "a.pdf", "content": b64encode(b"<html>").decode()}, "content"),
        ({"name": "a.pdf", "content": "%%"}, "content"),
        ({"name": "a.pdf"}, "content"),
        ({}, "content"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "ftp://example.org/a"}, "address"),
    ],
)
def test_hostile_evidence_is_refused_and_nothing_stays(signed, result, said, field):
    answer = post(signed, "evidence", said | {"result": result.pk})
    assert (answer.status_code, list(answer.json())) == (400, [field]), answer.json()
    assert (result.evidence.count(), StoredFile.objects.count()) == (0, 0)


def test_costs_are_corrected_with_a_reason(signed, programme):
    funding = make_funding(programme)
    said = {"funding": funding.pk, "kind": "spent", "name": "Hall", "amount": "120.50", "currency": "EUR"}
    made = post(signed, "costs", said | {"programme": programme.code, "day": "2025-03-01"})
    assert made.status_code == 201, made.json()
    shown = made.json()
    told = (shown["amount"], shown["programme"], shown["is_eligible"])
    assert told == ("120.50", programme.code, True)
    one = f"costs/{shown['id']}"
    assert list(patch(signed, one, {"amount": "130"}).json()) == ["reason"]
    right = patch(signed, one, {"amount": "130", "reason": "A digit"})
    assert (right.json()["amount"], right.json()["note"]) == ("130.00", "A digit")
    assert list(post(signed, "costs", said | {"currency": "XYZ"}).json()) == ["currency"]
    assert signed.delete(f"{V1}/{one}/").status_code == 405
    assert len(signed.get(f"{V1}/costs/?currency=EUR&kind=spent").json()["results"]) == 1


def test_grants_have_an_amount_a_currency(signed, programme):
    amounts = [{"amount": "122.00", "currency": "GBP"}, {"amount": "83.41", "currency": "EUR"}]
    said = {"programme": programme.code, "state": "granted", "amounts": amounts}
    made = post(signed, "grants", said)
    assert made.status_code == 201, made.json()
    assert made.json()["amounts"] == amounts[::-1]
    one = f"grants/{made.json()['id']}"
    assert patch(signed, one, {"state": "paid"}).json()["amounts"] == amounts[::-1]
    assert patch(signed, one, {"amounts": amounts[:1]}).json()["amounts"] == amounts[:1]
    assert list(post(signed, "grants", said | {"amounts": amounts[:1] * 2}).json()) == ["amounts"]
    assert list(post(signed, "grants", said | {"amounts": []}).json()) == ["amounts"]
    assert Grant.objects.count() == 1


def test_a_period_is_locked_and_unlocked(signed, programme):
    said = {"programme": programme.code, "start": "2024-01-01", "end": "2024-07-01"}
    made = post(signed, "period-locks", said)
    assert made.status_code == 201, made.json()
    assert post(signed, "period-locks", said).status_code == 400
    result = {"programme": programme.code, "kind": "agreement", "title": "A", "day": "2024-05-01"}
    refused = post(signed, "results", result)
    assert (refused.status_code, "is locked" in str(refused.json())) == (400, True)
    unlock = f"period-locks/{made.json()['id']}/unlocking"
    assert post(signed, unlock, {"reason": ""}).status_code == 400
    assert post(signed, unlock, {"reason": "Late sheets"}).json()["reason"] == "Late sheets"
    assert post(signed, unlock, {"reason": "Again"}).status_code == 400
    assert post(signed, "results", result).status_code == 201
    assert signed.get(f"{V1}/period-locks/?holds=true").json()["results"] == []


def test_a_period_is_told(signed, programme):
    funding = make_funding(programme)
    said = {"funding": funding.pk, "start": "2025-01-01", "end": "2025-04-01", "went_wrong": "Few came."}
    made = post(signed, "narratives", said)
    assert made.status_code == 201, made.json()
    assert post(signed, "narratives", said).status_code == 400
    assert list(post(signed, "narratives", said | {"indicator": "XX-9"}).json()) == ["indicator"]
    assert list(post(signed, "narratives", said | {"went_wrong": "", "end": "2025-05-01"}).json()) == [
        "happened"
    ]
    one = f"narratives/{made.json()['id']}"
    assert patch(signed, one, {"changes_next": "We ask."}).json()["changes_next"] == "We ask."
    assert Narrative.objects.get().went_wrong == "Few came."


def rows_of(programme, result) -> dict[str, int]:
    funding = make_funding(programme)
    days = {"start": date(2024, 1, 1), "end": date(2024, 2, 1)}
    return {
        "results": result.pk,
        "evidence": result.evidence.create(address="https://example.org").pk,
        "costs": funding.costs.create(kind="spent", name="Hall", amount=5, currency="EUR").pk,
        "grants": programme.grants.create(purpose="Oven", as_written="?").pk,
        "period-locks": programme.locks.create(**days).pk,
        "narratives": funding.narratives.create(happened="x", **days).pk,
    }


def test_who_may_read_what(client, programme, result):
    rows = rows_of(programme, result)
    nothing = dict.fromkeys(rows, 403)
    who = {
        "trainer": (make_trainer(programme), nothing | {"results": 200, "evidence": 200}),
        "funder": (make_funder(programme), nothing),
        "stranger": (make_coordinator(make_programme()), dict.fromkeys(rows, 404)),
        "another": (make_coordinator(make_programme(programme.tenant)), dict.fromkeys(rows, 404)),
        "coordinator": (make_coordinator(programme), dict.fromkeys(rows, 200)),
    }
    for name, (user, expected) in who.items():
        client.force_login(user)
        found = {of: client.get(f"{V1}/{of}/{pk}/").status_code for of, pk in rows.items()}
        assert found == expected, name


def test_who_may_write_what(client, programme, result):
    rows = rows_of(programme, result)
    nouns = [
        f"results/{rows['results']}/withdrawal", f"results/{rows['results']}/restoration",
        f"period-locks/{rows['period-locks']}/unlocking",
    ]  # fmt: skip
    for user, status in ((make_trainer(programme), 403), (make_coordinator(make_programme()), 404)):
        client.force_login(user)
        assert {post(client, noun, {"reason": "x"}).status_code for noun in nouns} == {status}
        changed = [of for of in rows if of not in ("evidence", "period-locks")]
        assert {patch(client, f"{of}/{rows[of]}", {}).status_code for of in changed} == {status}
        assert client.delete(f"{V1}/evidence/{rows['evidence']}/").status_code == status
    stranger = {"programme": programme.code, "kind": "agreement", "title": "A"}
    assert list(post(client, "results", stranger).json()) == ["programme"]
    assert list(post(client, "evidence", {"result": result.pk, "address": "https://a.example"}).json()) == [
        "result"
    ]
    assert (Result.objects.count(), Cost.objects.count(), PeriodLock.objects.holding().count()) == (1, 1, 1)
