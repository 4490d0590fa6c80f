"""Packs of evidence: what is in one, who is named in it, that its hashes hold and its bytes repeat."""

import csv
import io
import subprocess
import zipfile
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEntry, StoredFile
from jobs.models import Job
from jobs.services import run
from people.models import Consent
from tests.factories import (
    NOW,
    TODAY,
    make_coordinator,
    make_funding,
    make_module,
    make_programme,
    make_trainer,
)
from tests.training.pictures import drawn
from training import services
from training.evidence import archive
from training.evidence.proofs import Asked
from training.models import EvidencePack, Headcount

PERIOD = {"start": TODAY - timedelta(days=30), "end": TODAY + timedelta(days=30)}


@pytest.fixture
def module(world):
    return make_module(world.programme, name="Modul")


@pytest.fixture
def funding(world):
    return make_funding(world.programme, **PERIOD)


@pytest.fixture
def people(enrol):
    return [enrol(name, municipality="Boljevac") for name in ("Ana Anić", "=SUM(1+1)", "Mila Milić")]


@pytest.fixture
def session(world, people, module, plan, mark):
    """Held and closed: one late, one corrected after closing, a note, an agenda."""
    one = plan(module=module, trainers=[world.trainer.person], agenda="10:00 Jars")
    mark(one, people[0])
    mark(one, people[1], "late", arrival=time(10, 20))
    mark(one, people[2], "absent")
    services.write_log(by=world.trainer, session=one, operation=uuid4(), text="Eleven jars.", now=NOW)
    services.close_session(by=world.trainer, session=one, now=NOW + timedelta(minutes=5))
    mark(one, people[2], now=NOW + timedelta(hours=1), reason="She signed the sheet")
    one.refresh_from_db()
    return one


@pytest.fixture
def photo(world, session):
    kept, _is_new = services.keep_photo(
        by=world.trainer, session=session, operation=uuid4(), file=drawn(), now=NOW
    )
    return kept


@pytest.fixture
def agree(world, funding):
    def all_of(*enrolments, purpose="funder", funding=funding):
        for one in enrolments:
            Consent.objects.create(
                person=one.person, programme=world.programme, purpose=purpose, funding=funding,
                text_version="1", given_at=NOW,
            )  # fmt: skip

    return all_of


@pytest.fixture
def packed(world):
    """Write a pack: {path: content}; `packed.bytes` is the archive."""

    def one(*, module=None, funding=None, now=NOW, **period):
        period = {name: period.get(name) or getattr(funding, name, None) for name in ("start", "end")}
        asked, file, heard = Asked(world.programme, module, funding, **period), io.BytesIO(), []
        archive.write(asked, file, now=now, progress=lambda *far: heard.append(far))
        one.bytes, one.heard = file.getvalue(), heard
        with zipfile.ZipFile(file) as zipped:
            assert zipped.testzip() is None
            return {name: zipped.read(name) for name in zipped.namelist()}

    return one


def rows(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def folder() -> str:
    return f"sessions/01-{TODAY}"


# --- what is in it ---------------------------------------------------------------------------------


def test_a_pack_for_a_funder(world, session, people, funding, photo, agree, packed):
    agree(*people)
    services.name_people(by=world.trainer, photo=photo, nobody=True)
    paper, _new = services.keep_sheet(by=world.trainer, session=session, file=drawn("signed"), now=NOW)
    found = packed(funding=funding)
    at = folder()
    assert list(found) == [
        f"{at}/register.pdf", f"{at}/register.csv", f"{at}/marks.csv", f"{at}/corrections.csv",
        f"{at}/log.txt", f"{at}/agenda.txt", f"{at}/photographs/photo-{photo.pk}.jpg",
        f"{at}/photographs/photographs.csv", f"{at}/sheets/sheet-{paper.pk}.jpg", "README.txt", "hashes.txt",
    ]  # fmt: skip
    assert found[f"{at}/register.pdf"].startswith(b"%PDF")
    assert b"Eleven jars." in found[f"{at}/log.txt"]
    assert found[f"{at}/agenda.txt"] == b"10:00 Jars\n"


def test_the_register_says_who_how_long_and_by_whom(world, session, people, funding, agree, packed):
    agree(*people)
    found = {row["Row code"]: row for row in rows(packed(funding=funding)[f"{folder()}/register.csv"])}
    ana, sums, mila = (found[one.row_code] for one in people)
    assert (ana["Person"], ana["Mark"], ana["Minutes"], ana["Minutes planned"]) == (
        "Ana Anić", "present", "210", "210"
    )  # fmt: skip
    assert (sums["Person"], sums["Mark"], sums["Arrival"]) == ("'=SUM(1+1)", "late", "10:20")
    assert (mila["Mark"], mila["Corrections"], mila["Marked by"]) == ("present", "1", str(world.trainer))


def test_corrections_are_those_that_changed_something(session, people, funding, agree, packed):
    agree(*people)
    found = packed(funding=funding)
    assert len(rows(found[f"{folder()}/marks.csv"])) == 4
    [row] = rows(found[f"{folder()}/corrections.csv"])
    assert (row["Row code"], row["Reason"], row["After closing"]) == (
        people[2].row_code, "She signed the sheet", "yes"
    )  # fmt: skip
    assert row["Chain"] == session.chain_head != ""


def test_the_readme_names_sessions_and_chain_heads_in_the_funders_language(
    world, session, people, module, packed, agree, funding
):
    agree(*people)
    said = packed(funding=funding)["README.txt"].decode()
    assert session.chain_head in said and "Business model" in said and folder() in said
    assert "sha256sum -c hashes.txt" in said
    serbian = make_funding(world.programme, language="sr", **PERIOD)
    assert packed(funding=serbian)["README.txt"].decode() != said


def test_a_cancelled_session_is_named_and_has_no_folder(world, session, plan, funding, packed):
    other = plan("Not held", day=TODAY + timedelta(days=1))
    services.cancel_session(by=world.coordinator, session=other, now=NOW)
    found = packed(funding=funding)
    assert "Not held: cancelled" in found["README.txt"].decode()
    assert {name.split("/")[1] for name in found if name.startswith("sessions/")} == {f"01-{TODAY}"}


def test_only_the_sessions_that_are_paid_for_in_the_period(world, session, plan, funding, module, packed):
    plan("Later", day=PERIOD["end"])
    plan("Without a module", day=TODAY + timedelta(days=1))
    assert sum(name.endswith("register.pdf") for name in packed(funding=funding)) == 2
    funding.modules.add(module)
    assert sum(name.endswith("register.pdf") for name in packed(funding=funding)) == 1
    assert sum(name.endswith("register.pdf") for name in packed(module=module)) == 1
    assert "There is no session in it." in packed(funding=funding, end=TODAY)["README.txt"].decode()


def test_a_funding_that_pays_for_nothing_here_is_refused(world, session, packed):
    foreign = make_funding(make_programme(world.programme.tenant))
    with pytest.raises(ValidationError):
        packed(funding=foreign)


def test_headcounts_are_in_it(world, session, funding, packed):
    Headcount.objects.create(programme=world.programme, session=session, number=150, of_what="guests")
    Headcount.objects.create(programme=world.programme, number=None, of_what="visitors")
    found = rows(packed(funding=funding)["headcounts/headcounts.csv"])
    assert [(row["Number"], row["Of what"]) for row in found] == [("", "visitors"), ("150", "guests")] or [
        (row["Number"], row["Of what"]) for row in found
    ] == [("150", "guests"), ("", "visitors")]


# --- who is named and shown ------------------------------------------------------------------------


def test_who_did_not_agree_is_a_row_without_a_name_and_signed_sheets_stay_out(
    world, session, people, funding, agree, packed
):
    agree(people[0], people[1])
    services.keep_sheet(by=world.trainer, session=session, file=drawn("signed"), now=NOW)
    found = packed(funding=funding)
    texts = b"".join(content for name, content in found.items() if not name.endswith(("pdf", "jpg")))
    register = {row["Row code"]: row for row in rows(found[f"{folder()}/register.csv"])}
    assert register[people[2].row_code]["Person"] == "(name withheld)"
    assert register[people[2].row_code]["Minutes"] == "210"
    assert "Mila" not in texts.decode() and "She signed" not in texts.decode()
    assert "Mila" not in text_of(found[f"{folder()}/register.pdf"])
    assert not any("sheets/" in name for name in found)
    said = found["README.txt"].decode()
    assert "1 person did not agree" in said and "1 signed sheet was left out" in said


def text_of(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def test_a_photograph_goes_in_by_consent_and_leaves_when_it_is_withdrawn(
    world, session, people, funding, photo, agree, packed
):
    name = f"{folder()}/photographs/photo-{photo.pk}.jpg"
    services.name_people(by=world.trainer, photo=photo, people=[people[0].person])
    assert name not in packed(funding=funding)
    agree(people[0])
    agree(people[0], purpose="photo", funding=None)
    assert name in packed(funding=funding)
    assert "1 photograph is in it" in packed(funding=funding)["README.txt"].decode()
    Consent.objects.filter(purpose="funder").update(withdrawn_at=NOW)
    found = packed(funding=funding)
    assert name not in found
    assert "1 photograph was left out" in found["README.txt"].decode()


def test_in_the_pack_of_a_module_every_funder_must_be_agreed_to(
    world, session, module, people, funding, photo, agree, packed
):
    name = f"{folder()}/photographs/photo-{photo.pk}.jpg"
    services.name_people(by=world.trainer, photo=photo, people=[people[0].person])
    agree(people[0], purpose="photo")
    assert name in packed(module=module)
    make_funding(world.programme)
    assert name not in packed(module=module)


# --- hashes, bytes ---------------------------------------------------------------------------------


def test_sha256sum_checks_an_unpacked_pack(tmp_path, session, people, funding, photo, agree, packed):
    agree(*people)
    found = packed(funding=funding)
    with zipfile.ZipFile(io.BytesIO(packed.bytes)) as zipped:
        zipped.extractall(tmp_path)
    check = ["sha256sum", "-c", "--strict", "hashes.txt"]
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout.count(": OK")) == (0, len(found) - 1)
    (tmp_path / folder() / "log.txt").write_text("Twelve jars.")
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout.count("FAILED")) == (1, 1)


def test_the_same_records_give_the_same_bytes_but_for_the_date(session, people, funding, agree, packed):
    agree(*people)
    packed(funding=funding)
    first = packed.bytes
    packed(funding=funding)
    assert packed.bytes == first
    one = packed(funding=funding)
    other = packed(funding=funding, now=NOW + timedelta(days=1))
    assert {name for name in one if one[name] != other[name]} == {"README.txt", "hashes.txt"}
    difference = set(one["README.txt"].decode().splitlines()) ^ set(other["README.txt"].decode().splitlines())
    assert all(line.startswith("Made on") for line in difference) and len(difference) == 2


# --- the job, the page -----------------------------------------------------------------------------


@pytest.fixture
def coordinator(client, world):
    client.force_login(world.coordinator)
    return client


def url(view, *args):
    return reverse(f"training:{view}", args=args)


def test_asked_for_built_and_taken(coordinator, world, session, funding, people):
    page = url("pack_list", world.programme.code)
    answer = coordinator.post(page, {"what": f"funding-{funding.pk}"})
    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:job_detail", args=[job.pk])
    run(job.pk)
    job.refresh_from_db()
    pack = EvidencePack.objects.get()
    assert (job.state, job.result) == ("done", {"pack": pack.pk, "url": page})
    assert (job.done, job.total) == (1, 1)
    assert pack.file.name in coordinator.get(page).content.decode()
    taken = coordinator.get(url("pack_file", pack.pk))
    content = b"".join(taken.streaming_content)
    assert taken["Content-Type"] == "application/zip" and "attachment" in taken["Content-Disposition"]
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert AuditEntry.objects.filter(verb="take pack", object_id=pack.pk).count() == 1


def test_asking_again_meanwhile_gives_the_same_job(world, module):
    jobs = {
        services.request_pack(by=world.coordinator, programme=world.programme, module=module).pk
        for _n in range(2)
    }
    assert len(jobs) == 1


def test_it_can_be_stopped_and_leaves_nothing(world, session, module, monkeypatch):
    job = services.request_pack(by=world.coordinator, programme=world.programme, module=module)
    write = archive.proof

    def stopped(*args):
        Job.objects.filter(pk=job.pk).update(cancel_wanted_at=NOW)
        return write(*args)

    monkeypatch.setattr(archive, "proof", stopped)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, EvidencePack.objects.count()) == ("cancelled", 0)
    assert StoredFile.objects.filter(purpose="pack").count() == 0


@pytest.mark.parametrize(
    "said",
    [{}, {"what": "module-0"}, {"what": "nonsense"}, {"start": "2025-02-01", "end": "2025-01-01"}],
)
def test_what_cannot_be_asked_for_is_refused(coordinator, world, funding, said):
    said = {"what": f"funding-{funding.pk}"} | said if "start" in said else said
    answer = coordinator.post(url("pack_list", world.programme.code), said)
    assert (answer.status_code, Job.objects.count()) == (422, 0)


def test_a_pack_may_be_larger_than_an_ordinary_file(world, module, tmp_path):
    from django.core.files import File

    path = tmp_path / "large.zip"
    path.write_bytes(b"x" * (11 * 1024 * 1024))
    with path.open("rb") as file:
        pack = services.add_pack(
            by=world.coordinator, programme=world.programme, module=module, funding=None, language="en",
            job=None, name="large.zip", content=File(file), now=NOW,
        )  # fmt: skip
    assert pack.file.size == 11 * 1024 * 1024


def test_a_trainer_and_strangers_have_no_packs(client, world, session, module):
    run(services.request_pack(by=world.coordinator, programme=world.programme, module=module).pk)
    pack = EvidencePack.objects.get()
    other, sister = make_programme(), make_programme(world.programme.tenant)
    for user, status in [
        (make_coordinator(other), 404), (make_coordinator(sister), 404), (make_trainer(other), 403),
        (world.trainer, 403),
    ]:  # fmt: skip
        client.force_login(user)
        assert client.get(url("pack_file", pack.pk)).status_code == status
        assert client.get(url("pack_list", world.programme.code)).status_code == status
        assert client.post(url("pack_list", world.programme.code), {}).status_code == status
