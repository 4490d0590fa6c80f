"""A stranger's generator makes a client from the running schema; the client walks through a day's work."""

import subprocess
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from django.utils import timezone

from ideas.models import Idea
from people.models import Person
from people.tokens import make_token
from tests.factories import make_coordinator, make_programme, today_there
from training.models import Attendance, Session

pytestmark = pytest.mark.postgres  # one server is enough: it says nothing about a database
GENERATOR = Path(sys.executable).with_name("openapi-python-client")
FOLDERS = {
    "programmes": "address_book_and_frame",
    "persons": "address_book_and_frame",
    "enrolments": "sessions_and_attendance",
    "sessions": "sessions_and_attendance",
    "marks": "sessions_and_attendance",
    "attendance": "sessions_and_attendance",
    "ideas": "ideas_and_reviews",
}


@pytest.fixture
def coordinator(transactional_db):
    today = today_there()
    programme = make_programme(
        code="start-up", start=today - timedelta(days=9), end=today + timedelta(days=9)
    )
    return make_coordinator(programme)


@pytest.fixture
def secret(coordinator) -> str:
    now = timezone.now()
    said = {"name": "journey", "verbs": ["*"], "programmes": [coordinator.person.memberships.get().programme]}
    return make_token(by=coordinator, now=now, expires_at=now + timedelta(days=1), **said)[1]


@pytest.fixture
def generated(live_server, secret, tmp_path, monkeypatch):
    """The client's package, made from what the server says of itself."""
    asked = httpx.get(
        f"{live_server.url}/api/v1/schema/", headers={"Authorization": f"Bearer {secret}"}, timeout=60
    )
    (tmp_path / "schema.json").write_bytes(asked.raise_for_status().content)
    command = [
        GENERATOR,
        "generate",
        "--path",
        "schema.json",
        "--meta",
        "none",
        "--output-path",
        "the_client",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Skipping" not in done.stdout.replace("Skipping Integration", ""), done.stdout  # nothing left out
    monkeypatch.syspath_prepend(tmp_path)
    yield import_module("the_client")
    for name in [name for name in sys.modules if name.split(".")[0] == "the_client"]:
        del sys.modules[name]


def test_a_day_by_a_generated_client(live_server, generated, secret, coordinator):
    client = generated.AuthenticatedClient(base_url=live_server.url, token=secret, timeout=30)
    models = import_module("the_client.models")

    def ask(resource: str, act: str, **said):
        module = import_module(f"the_client.api.{FOLDERS[resource]}.{resource}_{act}")
        answer = module.sync_detailed(client=client, **said)
        assert answer.status_code < 300, answer.content
        return answer

    [programme] = ask("programmes", "list").parsed.results
    assert programme.code == "start-up"

    her = models.PersonSaid(name="Đurđa Đorđević", born=1984)
    body = models.EnrolmentSaid(programme=programme.code, new_person=her)
    key = str(uuid4())
    first = ask("enrolments", "create", body=body, idempotency_key=key)
    again = ask("enrolments", "create", body=body, idempotency_key=key)
    assert (again.status_code, again.parsed.id, Person.objects.filter(born=1984).count()) == (
        201, first.parsed.id, 1,
    )  # fmt: skip
    enrolment = first.parsed
    [found] = ask("persons", "list", q="djurdja").parsed.results
    assert (found.id, found.name, enrolment.name) == (enrolment.person, "Đurđa Đorđević", "Đurđa Đorđević")

    body = models.SessionSaid(programme=programme.code, title="Prices", day=today_there())
    session = ask("sessions", "create", body=body).parsed

    operation = models.Operation(
        operation=uuid4(), enrolment=enrolment.id, status=models.MarkStatus("present")
    )
    marks = models.Marks(session=session.id, operations=[operation])
    [result] = ask("marks", "create", body=marks).parsed.results
    assert result.outcome == "saved"
    [seen] = ask("attendance", "list", session=session.id).parsed.results
    assert (seen.enrolment, seen.status, Attendance.objects.get().entry.session_id) == (
        enrolment.id, "present", session.id,
    )  # fmt: skip

    body = models.IdeaSaid(enrolment=enrolment.id, session=session.id, title="Jams without sugar")
    idea = ask("ideas", "create", body=body).parsed
    assert (idea.number, Idea.objects.get().text.title) == (1, "Jams without sugar")

    read = ask("sessions", "retrieve", id=session.id)
    body = models.PatchedSessionSaid(title="What prices are made of")
    ask("sessions", "partial_update", id=session.id, body=body, if_match=read.headers["ETag"])
    late = import_module("the_client.api.sessions_and_attendance.sessions_partial_update").sync_detailed(
        client=client, id=session.id, body=body, if_match=read.headers["ETag"]
    )
    assert (late.status_code, late.parsed.detail) == (
        412, "It was changed in the meantime. Read it again, then decide.",
    )  # fmt: skip
    gone = ask("sessions", "cancellation_create", id=session.id).parsed
    row = Session.objects.get()
    assert (gone.cancelled_at, gone.title, row.revision) == (row.cancelled_at, "What prices are made of", 2)
