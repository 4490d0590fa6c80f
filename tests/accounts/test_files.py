"""Stored files: what is kept, opened, dropped, and how it reaches a browser; in a folder."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import translation

from accounts import files
from accounts.models import AuditEntry, StoredFile
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PURPOSE = StoredFile.Purpose.IMPORT


def kept(content=b"a;b\n1;2\n", name="prijave.csv"):
    by = make_user()
    return files.keep(by=by, tenant=by.tenant, purpose=PURPOSE, name=name, content=content)


def on_disk() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_kept_file_is_what_it_was():
    row = kept()
    row.refresh_from_db()
    with files.open_file(row) as file:
        assert file.read() == b"a;b\n1;2\n"
    assert (row.size, row.name) == (8, "prijave.csv")
    assert row.digest == hashlib.sha256(b"a;b\n1;2\n").hexdigest()
    assert row.content.name.startswith(f"{row.tenant_id}/import/")
    assert "prijave" not in row.content.name
    [entry] = AuditEntry.objects.all()
    assert (entry.verb, entry.object_id, entry.tenant) == ("kept file", row.pk, row.tenant)


def test_what_a_file_is_kept_for_is_said_in_each_language():
    """Headcounts and results share a purpose: its name says both."""
    assert str(StoredFile.Purpose.EVIDENCE.label) == "evidence of a headcount or of a result"
    said = {}
    for language in ("en", "sr-latn", "sr"):
        with translation.override(language):
            said[language] = [str(one.label) for one in StoredFile.Purpose]
    assert [len({*three}) for three in zip(*said.values(), strict=True)] == [3] * len(StoredFile.Purpose)


def test_an_upload_is_kept_like_bytes():
    assert kept(SimpleUploadedFile("x.csv", b"12")).digest == kept(b"12").digest


@pytest.mark.parametrize(("size", "code"), [(files.MAX_BYTES + 1, "size"), (0, "empty")])
def test_too_large_and_empty_are_refused_and_leave_nothing(size, code):
    with pytest.raises(ValidationError) as refused:
        kept(b"x" * size)
    assert refused.value.code == code
    assert (StoredFile.objects.count(), on_disk()) == (0, [])


def test_the_most_is_kept():
    assert kept(b"x" * files.MAX_BYTES).size == 10 * 1024 * 1024


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ana\\пријаве 2025.xlsx", "пријаве 2025.xlsx"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie: x.csv"),
        ("list\u202excod.exe", "listxcod.exe"),
        ("", "file"),
        ("..", "file"),
        ("ž" * 300 + ".csv", "ž" * 250 + "….csv"),
    ],
)
def test_a_name_is_only_shown(typed, shown):
    assert files.shown_name(typed) == shown
    row = kept(name=typed)
    assert row.name == shown
    [path] = on_disk()
    assert path.is_relative_to(Path(settings.MEDIA_ROOT) / str(row.tenant_id) / "import")


def test_content_goes_with_its_row_and_only_when_that_is_sure(django_capture_on_commit_callbacks):
    row = kept()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        files.drop(row, by=row.by)
        1 / 0  # noqa: B018
    row = StoredFile.objects.get()
    assert len(on_disk()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        files.drop(row, by=row.by)
    assert (StoredFile.objects.count(), on_disk()) == (0, [])


def test_a_row_that_cannot_be_written_leaves_no_content():
    by = make_user()
    with pytest.raises(ValueError, match="unsaved"):
        files.keep(by=by, tenant=type(by.tenant)(name="x"), purpose=PURPOSE, name="a", content=b"1")
    assert on_disk() == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "text/csv"),
        ("a.html", "application/octet-stream"),
        ("a.svg", "application/octet-stream"),
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a", "application/octet-stream"),
    ],
)
def test_it_is_handed_over_to_be_saved(name, kind):
    answer = files.attachment(kept(b"<script>", name))
    assert b"".join(answer.streaming_content) == b"<script>"
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert answer["Content-Length"] == "8"


def test_a_name_in_any_script_survives_the_header():
    answer = files.attachment(kept(b"1", 'пријаве "2".csv'))
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''%D0%BF%D1%80%D0%B8%D1%98%D0%B0%D0%B2%D0%B5%20%222%22.csv"
    )
