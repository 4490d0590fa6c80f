"""People counted without names: unknown stays unknown, and no figure over persons moves."""

import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry, StoredFile
from tests.factories import (
    NOW,
    make_coordinator,
    make_member,
    make_programme,
    make_session,
    make_trainer,
)
from training import services
from training.headcounts import said
from training.models import Headcount

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GUESTS = {"number": 150, "of_what": "guests", "country": "", "how": "counted", "evidence": "at the door"}


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


def page(client, user, programme, **query):
    client.force_login(user, backend=BACKEND)
    return client.get(reverse("training:headcount_list", args=[programme.code]), query)


def test_the_same_rows_twice_are_the_same_headcounts(by, programme):
    session = make_session(programme)
    rows = [
        GUESTS | {"session": session, "source": "fair", "source_id": "1"},
        {"number": None, "of_what": "visitors", "country": "fr", "source": "fair", "source_id": "2"},
        GUESTS,
    ]
    kept = services.keep_headcounts(by=by, programme=programme, rows=rows, now=NOW)
    rows[0]["number"] = 151
    again = services.keep_headcounts(by=by, programme=programme, rows=rows[:2], now=NOW)
    assert [row.pk for row in kept][:2] == [row.pk for row in again]
    found = programme.headcounts.order_by("pk").values_list("number", "country", "session", "how")
    assert list(found) == [
        (151, "", session.pk, "counted"), (None, "FR", None, "counted"), (150, "", None, "counted"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"of_what": "  "}, "of_what"),
        ({"country": "XX"}, "country"),
        ({"country": "XK"}, "country"),
        ({"number": -1}, "number"),
        ({"how": "guessed"}, "how"),
    ],
)
def test_what_is_not_right_is_refused_by_its_field(by, programme, wrong, field):
    for refused in (
        lambda: services.add_headcount(by=by, programme=programme, now=NOW, **GUESTS | wrong),
        lambda: services.keep_headcounts(by=by, programme=programme, rows=[GUESTS, GUESTS | wrong], now=NOW),
    ):
        with pytest.raises(ValidationError) as caught:
            refused()
        assert list(caught.value.error_dict) == [field]
    assert programme.headcounts.count() == 0


def test_a_session_of_another_programme_is_refused(by, programme):
    with pytest.raises(ValidationError, match="another programme"):
        services.add_headcount(
            by=by, programme=programme, now=NOW, session=make_session(make_programme()), **GUESTS
        )


@pytest.mark.parametrize(
    ("language", "country"), [("en", "(France)"), ("sr-latn", "(Francuska)"), ("sr", "(Француска)")]
)
def test_countries_are_named_in_the_readers_language(language, country):
    with translation.override(language):
        words = said(Headcount(number=1250, of_what="guests", country="FR"))
    assert (words[:5], words.endswith(country)) == ("1\xa0250", True)


def test_an_unknown_number_is_said_to_be_unknown():
    assert said(Headcount(number=None, of_what="guests")) == "guests: number not known"


def test_on_its_page_it_is_added_changed_and_taken_off_with_its_evidence(client, by, programme):
    page(client, by, programme)
    url = reverse("training:headcount_list", args=[programme.code])
    file = SimpleUploadedFile("hall.txt", b"150, two of us counted")
    assert client.post(url, GUESTS | {"upload": file}).status_code == 302
    row = programme.headcounts.get()
    assert (row.number, row.by, row.file.purpose) == (150, by, StoredFile.Purpose.EVIDENCE)
    evidence = client.get(reverse("training:headcount_file", args=[row.pk]))
    assert b"".join(evidence.streaming_content) == b"150, two of us counted"
    assert evidence["Content-Disposition"].startswith("attachment")
    client.post(reverse("training:headcount_edit", args=[row.pk]), GUESTS | {"number": ""})
    row.refresh_from_db()
    assert (row.number, row.file is None) == (None, False)
    text = client.get(url).content.decode()
    assert ("guests: number not known" in text, "hall.txt" in text) == (True, True)
    client.post(reverse("training:headcount_remove", args=[row.pk]))
    assert (programme.headcounts.count(), StoredFile.objects.count()) == (0, 0)
    verbs = AuditEntry.objects.filter(object_type="training.headcount").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["add", "change", "remove"]


def test_a_refusal_keeps_what_was_written_and_no_file(client, by, programme):
    page(client, by, programme)
    said = GUESTS | {"of_what": " x" * 40, "upload": SimpleUploadedFile("a.txt", b"x")}
    answer = client.post(reverse("training:headcount_list", args=[programme.code]), said)
    assert (answer.status_code, StoredFile.objects.count()) == (422, 0)
    assert "at the door" in answer.content.decode()


def test_who_may(client, by, programme):
    """Trainers keep them, mentors read, strangers find nothing."""
    row = services.add_headcount(by=by, programme=programme, now=NOW, **GUESTS)
    stranger, mentor = make_coordinator(make_programme()), make_member(programme, "mentor")
    addresses = [
        (reverse("training:headcount_list", args=[programme.code]), GUESTS),
        (reverse("training:headcount_edit", args=[row.pk]), GUESTS),
        (reverse("training:headcount_remove", args=[row.pk]), {}),
    ]
    seen = {}
    for name, user in {"trainer": make_trainer(programme), "mentor": mentor, "stranger": stranger}.items():
        client.force_login(user, backend=BACKEND)
        seen[name] = [client.get(addresses[0][0]).status_code]
        seen[name] += [client.post(url, data).status_code for url, data in addresses]
    assert seen == {
        "trainer": [200, 302, 302, 302], "mentor": [200, 403, 403, 403], "stranger": [404, 404, 404, 404],
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(client, by, programme, count, django_assert_num_queries):
    for _ in range(count):
        services.add_headcount(by=by, programme=programme, now=NOW, session=make_session(programme), **GUESTS)
    page(client, by, programme)
    with django_assert_num_queries(7):
        page_again = client.get(reverse("training:headcount_list", args=[programme.code]))
    assert page_again.content.decode().count("150 guests</th>") == count


def test_taken_along_as_a_sheet(client, by, programme):
    services.add_headcount(by=by, programme=programme, now=NOW, **GUESTS | {"country": "AT"})
    client.force_login(by, backend=BACKEND)
    answer = client.get(reverse("training:headcount_export", args=[programme.code, "xlsx"]))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    head, row = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert head[:4] == ["Number", "Of what", "How it is known", "Country"]
    assert row[:4] == [150, "guests", "counted", "AT"]


def test_headcounts_move_no_figure_over_persons(by, programme):
    from training import hours
    from training.models import Enrolment

    before = Enrolment.objects.filter(programme=programme).count(), hours.progress(programme)
    services.add_headcount(by=by, programme=programme, now=NOW, session=make_session(programme), **GUESTS)
    assert (Enrolment.objects.filter(programme=programme).count(), hours.progress(programme)) == before
