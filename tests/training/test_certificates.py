"""Certificates: refused while the rule is not met, numbered without gaps, frozen, issued again, revoked."""

import subprocess
from datetime import time, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from accounts.files import keep
from accounts.models import AuditEntry
from jobs.models import Job
from jobs.services import run
from tests.factories import (
    NOW,
    TODAY,
    make_enrolment,
    make_funding,
    make_programme,
    make_signatory,
)
from training import services
from training.certificates import content
from training.models import Certificate, CertificateEdition, Enrolment
from training.papers import diploma

LATER = NOW + timedelta(days=1)


@pytest.fixture
def five(plan):
    """Five sessions of 210 minutes: 80 per cent are 14 h."""
    return [plan(f"Day {n}", day=TODAY - timedelta(days=n)) for n in range(1, 6)]


@pytest.fixture
def person(enrol, mark, five):
    """Somebody who was there on so many of the five days."""

    def one(name="Ana Anić", days=4):
        enrolment = enrol(name, now=NOW - timedelta(days=9))
        for place, session in enumerate(five):
            mark(session, enrolment, "present" if place < days else "absent")
        return enrolment

    return one


def issue(world, enrolment, now=NOW):
    return services.issue_certificate(by=world.coordinator, enrolment=enrolment, now=now)


def test_refused_with_the_numbers_while_the_rule_is_not_met(world, person):
    under = person(days=3)
    with pytest.raises(ValidationError) as refused:
        issue(world, under)
    assert refused.value.messages == ["Ana Anić: 10 h 30 min of 17 h 30 min; 80 % are 14 h."]
    assert Certificate.objects.count() == 0


def test_issued_at_exactly_the_share_and_frozen(world, person):
    enrolment = person(days=4)
    make_signatory(world.programme, name="Jelena Jelić")
    row = issue(world, enrolment)
    said = row.editions.get().said
    assert (row.number, said["name"]) == ("START-UP-0001", "Ana Anić")
    assert said["hours"] == {"attended": 840, "planned": 1050, "needed": 840, "share": 80}
    assert said["languages"] == ["sr-latn", "en"]
    assert said["signatories"] == [
        {"name": "Jelena Jelić", "roles": {"sr-latn": "direktorka", "en": "Director"}}
    ]
    enrolment.person.name = "Ana Horvat"
    enrolment.person.save()
    assert row.editions.get().said["name"] == "Ana Anić"
    with pytest.raises(ValidationError, match="Ana Horvat has certificate START-UP-0001 already."):
        issue(world, enrolment)


def test_one_minute_short_of_the_share_is_refused(world, person, five, mark):
    enrolment = person(days=4)
    mark(five[0], enrolment, "late", arrival=time(10, 1))
    with pytest.raises(ValidationError, match="13 h 59 min of 17 h 30 min; 80 % are 14 h"):
        issue(world, enrolment)


def test_withdrawn_whatever_the_hours(world, person):
    enrolment = person(days=5)
    services.set_enrolment_state(
        by=world.coordinator, enrolment=enrolment, state="withdrawn", reason="moved", now=NOW
    )
    with pytest.raises(ValidationError):
        issue(world, enrolment)


def test_reissued_under_the_same_number_as_the_next_edition(world, person):
    enrolment = person()
    row = issue(world, enrolment)
    with pytest.raises(ValidationError, match="nothing has changed"):
        services.reissue_certificate(by=world.coordinator, certificate=row, now=LATER)
    enrolment.person.name = "Ana Horvat"
    enrolment.person.save()
    services.reissue_certificate(by=world.coordinator, certificate=row, now=LATER)
    assert [(e.edition, e.said["name"]) for e in row.editions.all()] == [(1, "Ana Anić"), (2, "Ana Horvat")]
    assert Certificate.objects.get().number == "START-UP-0001"


def test_revoked_with_a_reason_once_and_valid_again_when_reissued(world, person):
    row = issue(world, person())
    for reason in ("", "  "):
        with pytest.raises(ValidationError) as refused:
            services.revoke_certificate(by=world.coordinator, certificate=row, reason=reason, now=NOW)
        assert refused.value.message_dict == {"reason": ["Say why: revoking needs a reason."]}
    services.revoke_certificate(by=world.coordinator, certificate=row, reason="name misspelt", now=NOW)
    with pytest.raises(ValidationError, match="revoked already"):
        services.revoke_certificate(by=world.coordinator, certificate=row, reason="again", now=NOW)
    services.reissue_certificate(by=world.coordinator, certificate=row, now=LATER)
    row.refresh_from_db()
    assert (row.revoked_at, row.reason) == (None, "")
    assert row.editions.last().said["after"]["reason"] == "name misspelt"


def test_numbers_have_no_gaps_and_are_of_their_programme(world, person):
    rows = [issue(world, person(f"Ana {letter}")) for letter in "ABC"]
    assert [row.number for row in rows] == ["START-UP-0001", "START-UP-0002", "START-UP-0003"]
    longer = make_programme(world.programme.tenant, code="start-up-0001")  # its numbers begin alike
    assert services.certificates._next_numbers(longer.tenant, longer, 1) == ["START-UP-0001-0001"]
    assert services.certificates._next_numbers(longer.tenant, world.programme, 1) == ["START-UP-0004"]


def test_all_at_once_as_background_work_names_whom_it_leaves_out(world, person):
    issued = [person(f"Ana {n}", days=4 + n % 2) for n in range(3)]
    person("Mira Mirić", days=2)
    job = services.request_certificates(by=world.coordinator, programme=world.programme)
    assert services.request_certificates(by=world.coordinator, programme=world.programme) == job
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["issued"], job.done, job.total) == ("done", 3, 3, 3)
    assert set(Certificate.objects.values_list("enrolment", flat=True)) == {row.pk for row in issued}
    job = services.request_certificates(by=world.coordinator, programme=world.programme)
    run(job.pk)
    job.refresh_from_db()
    assert (job.result["issued"], Certificate.objects.count()) == (0, 3)


def test_stopped_in_the_middle_it_issues_nothing(world, person, monkeypatch):
    for n in range(3):
        person(f"Ana {n}")
    job = services.request_certificates(by=world.coordinator, programme=world.programme)
    real = diploma.drawn

    def stop_after_one(editions):
        Job.objects.filter(pk=job.pk).update(cancel_wanted_at=NOW)
        return real(editions)

    monkeypatch.setattr(diploma, "drawn", stop_after_one)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, Certificate.objects.count()) == ("cancelled", 0)


def test_complete_all_moves_who_met_the_rule_and_says_of_the_others_why(world, person):
    there, under, done = person("Ana Anić"), person("Mira Mirić", days=3), person("Vida Vidić")
    services.set_enrolment_state(by=world.coordinator, enrolment=done, state="completed", now=NOW)
    found = services.complete_all(
        by=world.coordinator, programme=world.programme, enrolments=[there.pk, under.pk, done.pk], now=NOW
    )
    assert found.moved == [there]
    assert [words for _row, words in found.refused] == [
        "Mira Mirić: 10 h 30 min of 17 h 30 min; 80 % are 14 h.",
        "Vida Vidić is not enrolled but completed.",
    ]
    there.refresh_from_db()
    assert (there.state, there.state_by) == (Enrolment.State.COMPLETED, world.coordinator)


def test_the_holder_chooses_what_is_shown_and_nothing_else(world, person):
    row = issue(world, person())
    services.choose_what_shows(by=world.coordinator, certificate=row, shows=["hours", "name"])
    row.refresh_from_db()
    assert row.shows == ["name", "hours"]
    assert AuditEntry.objects.filter(verb="choose", object_id=row.pk).count() == 1
    with pytest.raises(ValidationError, match="cannot show this: phone"):
        services.choose_what_shows(by=world.coordinator, certificate=row, shows=["phone"])


def text_of(content: bytes, tmp_path) -> str:
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout


def pages_of(content: bytes, tmp_path) -> int:
    return text_of(content, tmp_path).count("\f")


def test_the_paper_says_what_was_frozen(world, person, tmp_path):
    make_signatory(world.programme, name="Јелена Јелић")
    row = issue(world, person("Милица Ђорђевић"))
    edition = row.editions.get()
    edition.certificate = row
    paper = diploma.drawn([edition])
    text = text_of(paper, tmp_path)
    assert paper.startswith(b"%PDF-")
    said = (
        "Милица Ђорђевић",
        "START-UP-0001",
        "14 h",
        "17 h 30 min",
        "Јелена Јелић",
        "direktorka",
        "Director",
    )
    assert [words for words in said if words not in text.replace("\u00a0", " ")] == []
    address = content.address(edition)
    assert address in "".join(text.replace("\u200b", "").split()) or address[-20:] in "".join(text.split())


@pytest.mark.parametrize("modules", [0, 1, 8])
def test_one_page_for_long_names_many_modules_and_signatures(db, modules, tmp_path):
    long = "Aleksandra-Marija Stojanović Vasiljević Karađorđević od Pinosave i Velike Moštanice kod Beograda"
    titles = {"sr-latn": "Digitalni marketing i prodaja preko interneta za male proizvođače hrane i pića"}
    titles["en"] = "Digital marketing and selling online for small producers of food and drink"
    part = {"titles": titles, "first": "2025-03-10", "last": "2025-03-12", "planned": 180, "attended": 175}
    roles = {"sr-latn": "rukovodilac programa i direktorka", "en": "Head of programme and director"}
    funder = {"funding": 1, "name": "EU", "language": "en", "logo": None, "wording": "Funded by the EU. " * 4}
    said = {
        "languages": ["sr-latn", "en"], "issuer": "Udruženje " * 4, "name": long,
        "programme": {"code": "x", "titles": titles},
        "hours": {"attended": 1400, "planned": 1440, "needed": 1152, "share": 80},
        "modules": [part | {"places": []}] * modules, "first": "2025-03-10", "last": "2025-06-12",
        "places": ["Biblioteka u Arilju", "Dom kulture u Boljevcu"], "issued_on": "2025-06-20",
        "signatories": [{"name": "Wilhelmina von Hohenstein-Müller", "roles": roles}] * 4,
        "funders": [funder | {"disclaimer": "The views are those of the authors only. " * 4}] * 3,
    }  # fmt: skip
    row = Certificate(number="A" * 33 + "-0001", enrolment=make_enrolment())
    editions = [CertificateEdition(pk=n, certificate=row, said=said, at=NOW) for n in (1, 2)]
    assert pages_of(diploma.drawn(editions), tmp_path) == 2


def logo_of(world, content: bytes):
    return keep(by=None, tenant=world.programme.tenant, purpose="logo", name="l.png", content=content)


def test_the_logo_and_wording_of_who_pays_stand_on_it(world, person, tmp_path):
    picture = BytesIO()
    Image.new("RGB", (300, 100), "#1a6b45").save(picture, "PNG")
    logo = keep(
        by=None, tenant=world.programme.tenant, purpose="logo", name="l.png", content=picture.getvalue()
    )
    wording, disclaimer = "Podržava Razvojna agencija.", "Za sadržaj odgovara realizator."
    make_funding(world.programme, logo=logo, wording=wording, disclaimer=disclaimer, language="sr-latn")
    edition = issue(world, person()).editions.select_related("certificate").get()
    assert edition.said["funders"][0]["logo"] == logo.pk
    text = text_of(diploma.drawn([edition]), tmp_path)
    assert wording in text and disclaimer in text
    with_logo = len(diploma.drawn([edition]))
    edition.said["funders"][0]["logo"] = None
    assert with_logo > len(diploma.drawn([edition]))


def test_drawn_twice_it_is_the_same_file(world, person):
    edition = issue(world, person()).editions.select_related("certificate").get()
    assert diploma.drawn([edition]) == diploma.drawn([edition])


def test_a_logo_that_is_no_picture_stops_the_batch_in_words(world, person):
    logo = keep(
        by=None, tenant=world.programme.tenant, purpose="logo", name="l.png", content=b"not a picture"
    )
    make_funding(world.programme, logo=logo)
    person()
    job = services.request_certificates(by=world.coordinator, programme=world.programme)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, Certificate.objects.count()) == ("failed", 0)
    assert "no picture that can be printed" in job.reason
