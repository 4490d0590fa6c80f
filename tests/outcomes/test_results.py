"""Results: what happened and can be shown, with its parties and its evidence; taken back, never deleted."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from accounts.models import AuditEntry, StoredFile
from outcomes import services
from outcomes.models import Evidence, Result
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_funding,
    make_introduction,
    make_organisation,
    make_programme,
    make_session,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF"
PLAIN = {"kind": "agreement", "title": "Agreement on joint purchase"}


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


@pytest.fixture
def result(by, programme) -> Result:
    return services.save_result(by=by, programme=programme, now=NOW, day=TODAY, **PLAIN)


def fields(act) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        act()
    return sorted(getattr(caught.value, "error_dict", {"": None}))


def verbs(model: str) -> list[str]:
    return list(
        AuditEntry.objects.filter(object_type=f"outcomes.{model}")
        .order_by("pk")
        .values_list("verb", flat=True)
    )


# --- the result --------------------------------------------------------------------------------------


def test_a_result_with_its_parties_and_who_else_reads_of_it(by, programme):
    known, funding = make_organisation(programme.tenant), make_funding(programme)
    parties = [{"organisation": known, "role": "buyer"}, {"name": " A grocer "}]
    said = PLAIN | {
        "countries": ["rs", "BA", "rs"],
        "session": make_session(programme),
        "reported_to": [funding],
    }
    row = services.save_result(by=by, programme=programme, parties=parties, now=NOW, **said)
    told = list(row.parties.values_list("organisation", "name", "role"))
    assert told == [(known.pk, "", "buyer"), (None, "A grocer", "")]
    assert (row.countries, row.day, row.number, row.by) == (["RS", "BA"], None, None, by)
    assert list(row.reported_to.all()) == [funding]
    services.save_result(by=by, result=row, now=NOW, title="Another")
    assert (row.parties.count(), row.reported_to.count()) == (2, 1)  # not said: they stay
    services.save_result(by=by, result=row, now=NOW, parties=parties[:1], reported_to=[])
    assert (row.parties.count(), row.reported_to.count()) == (1, 0)
    assert verbs("result") == ["add", "change", "change", "change"]
    services.save_result(by=by, result=row, now=NOW, parties=parties[:1], title="Another")
    assert len(verbs("result")) == 4  # nothing became another


def test_a_job_is_a_part_of_one(by, programme):
    said = {"kind": "job", "title": "A baker", "number": Decimal("0.5")}
    row = services.save_result(by=by, programme=programme, now=NOW, **said)
    assert Result.objects.get(pk=row.pk).number == Decimal("0.50")
    assert services.save_result(by=by, result=row, now=NOW, number=None).number is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "  "}, "title"),
        ({"kind": "wish"}, "kind"),
        ({"day": TODAY + timedelta(days=1)}, "day"),
        ({"number": -1}, "number"),
        ({"countries": ["RS", "XK"]}, "countries"),
        ({"attribution": "ours"}, "attribution"),
        ({"parties": [{"role": "buyer"}]}, "parties"),
        ({"parties": [{"name": "x" * 201}]}, "parties"),
    ],
)
def test_what_is_refused(by, programme, said, field):
    act = lambda: services.save_result(by=by, programme=programme, now=NOW, **PLAIN | said)  # noqa: E731
    assert (fields(act), Result.objects.count()) == ([field], 0)


def test_nothing_of_others(by, programme):
    other = make_programme()
    for name, value in (
        ("session", make_session(other)),
        ("enrolment", make_enrolment(other)),
        ("enterprise", make_enterprise(other.tenant)),
        ("introduction", make_introduction(make_assignment(programme=other))),
        ("reported_to", [make_funding(other)]),
        ("parties", [{"organisation": make_organisation(other.tenant)}]),
    ):
        said = PLAIN | {name: value}
        assert fields(
            lambda said=said: services.save_result(by=by, programme=programme, now=NOW, **said)
        ) == [name]
    assert Result.objects.count() == 0


def test_it_is_taken_back_once_with_a_reason_and_counts_again(by, result):
    assert fields(lambda: services.withdraw_result(by=by, result=result, reason=" ", now=NOW)) == ["reason"]
    stale = Result.objects.get(pk=result.pk)
    services.withdraw_result(by=by, result=result, reason="One side only.", now=NOW)
    assert (Result.objects.counting().count(), result.reason, result.withdrawn_by) == (
        0,
        "One side only.",
        by,
    )
    assert fields(lambda: services.withdraw_result(by=by, result=stale, reason="Again", now=NOW)) == [""]
    assert fields(lambda: services.save_result(by=by, result=stale, now=NOW, title="New")) == [""]
    assert fields(lambda: services.add_evidence(by=by, result=stale, file=PDF, name="a.pdf", now=NOW)) == [""]
    services.restore_result(by=by, result=result)
    assert (Result.objects.counting().count(), result.reason, result.withdrawn_at) == (1, "", None)
    assert fields(lambda: services.restore_result(by=by, result=result)) == [""]
    assert verbs("result") == ["add", "withdraw", "restore"]


def test_in_a_locked_period_it_is_neither_taken_back_nor_shown_anew(by, programme, result):
    piece = services.add_evidence(by=by, result=result, address="https://example.org/a", now=NOW)
    later = NOW + timedelta(days=2)
    services.lock_period(by=by, programme=programme, start=TODAY, end=TODAY + timedelta(days=1), now=later)
    for act in (
        lambda: services.withdraw_result(by=by, result=result, reason="x", now=later),
        lambda: services.save_result(by=by, result=result, title="x", now=later),
        lambda: services.save_result(by=by, result=result, day=None, now=later),
        lambda: services.add_evidence(by=by, result=result, file=PDF, name="a.pdf", now=later),
        lambda: services.remove_evidence(by=by, evidence=piece),
    ):
        with pytest.raises(ValidationError) as caught:
            act()
        assert "is locked" in caught.value.messages[0]
    assert (Result.objects.counting().count(), StoredFile.objects.count(), Evidence.objects.count()) == (
        1,
        0,
        1,
    )


# --- from an introduction ----------------------------------------------------------------------------


def test_an_introduction_that_led_somewhere_is_a_result_once(by, programme):
    enrolment = make_enrolment(programme, enterprise=make_enterprise(programme.tenant))
    pair = make_assignment(programme=programme, enrolment=enrolment)
    led = make_introduction(
        pair, name="Zadruga", kind="buyer", came="agreed", came_on=TODAY, remark="40 jars"
    )
    row = services.result_of_introduction(by=by, introduction=led, now=NOW)
    assert services.result_of_introduction(by=by, introduction=led, now=NOW) == row
    assert (row.kind, row.title, row.title_sr, row.day, row.note) == (
        "introduction", "Introduction to Zadruga", row.title_sr, TODAY, "40 jars",
    )  # fmt: skip
    assert (row.enrolment, row.enterprise, row.attribution) == (enrolment, enrolment.enterprise, "")
    assert list(row.parties.values_list("name", "role")) == [("Zadruga", "buyer")]


def test_a_day_that_is_not_known_stays_so_and_talks_are_no_result(by, programme):
    pair = make_assignment(programme=programme)
    known = make_organisation(programme.tenant)
    led = make_introduction(pair, came="agreed", organisation=known)
    row = services.result_of_introduction(by=by, introduction=led, now=NOW)
    assert (row.day, row.parties.get().organisation) == (None, known)
    talks = make_introduction(pair, came="talks")
    assert fields(lambda: services.result_of_introduction(by=by, introduction=talks, now=NOW)) == [""]


# --- evidence ----------------------------------------------------------------------------------------


def test_a_file_and_an_address_show_it_each_once(by, result, django_capture_on_commit_callbacks):
    file = services.add_evidence(
        by=by, result=result, file=PDF, name="../Potpisi.pdf", caption="Both", now=NOW
    )
    again = services.add_evidence(by=by, result=result, file=PDF, name="b.pdf", now=NOW)
    address = services.add_evidence(by=by, result=result, address=" https://example.org/a ", now=NOW)
    assert services.add_evidence(by=by, result=result, address="https://example.org/a", now=NOW) == address
    assert (again, file.file.name, file.file.purpose) == (file, "Potpisi.pdf", "evidence")
    assert (result.evidence.count(), StoredFile.objects.count()) == (2, 1)
    stored = file.file.content
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_evidence(by=by, evidence=file)
        services.remove_evidence(by=by, evidence=file)
    assert (result.evidence.get(), StoredFile.objects.count()) == (address, 0)
    assert stored.storage.exists(stored.name) is False
    assert verbs("evidence") == ["add", "add", "remove"]


def test_a_picture_is_made_anew(by, result):
    sent = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    Image.new("RGB", (40, 30), "white").save(sent, "JPEG", exif=exif)
    row = services.add_evidence(by=by, result=result, file=sent.getvalue(), name="a.jpg", now=NOW)
    with row.file.content.open("rb") as kept:
        assert b"where it was taken" not in kept.read()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "file"),
        ({"file": b"", "name": "a.pdf"}, "file"),
        ({"file": b"MZ", "name": "a.exe"}, "file"),
        ({"file": b"<html><script>1</script>", "name": "a.pdf"}, "file"),
        ({"file": b"<svg onload='1'>", "name": "a.svg"}, "file"),
        ({"file": b"PK\x03\x04 broken", "name": "a.docx"}, "file"),
        ({"file": b"not a picture", "name": "a.png"}, "file"),
        ({"file": b"x" * (10 * 1024 * 1024 + 1), "name": "a.txt"}, "file"),
        ({"file": PDF, "name": "a.pdf", "address": "https://example.org"}, "file"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "ftp://example.org/a"}, "address"),
        ({"address": "https://"}, "address"),
        ({"address": "https://example.org/" + "x" * 300}, "address"),
        ({"address": "https://example.org", "caption": "x" * 201}, "caption"),
    ],
)
def test_what_shows_nothing_or_is_hostile_is_refused_and_nothing_stays(by, result, said, field, settings):
    assert fields(lambda: services.add_evidence(by=by, result=result, now=NOW, **said)) == [field]
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_refusal_after_the_file_was_stored_leaves_no_content(by, result, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    said = {"file": PDF, "name": "a.pdf", "caption": "x" * 201}
    assert fields(lambda: services.add_evidence(by=by, result=result, now=NOW, **said)) == ["caption"]
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_twenty_pieces_are_enough(by, result):
    for n in range(20):
        services.add_evidence(by=by, result=result, address=f"https://example.org/{n}", now=NOW)
    act = lambda: services.add_evidence(by=by, result=result, address="https://example.org/x", now=NOW)  # noqa: E731
    assert fields(act) == [""]
