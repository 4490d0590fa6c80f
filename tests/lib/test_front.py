"""What stands before the API: bodies have a limit, and every refusal is JSON."""

import pytest

from lib.api.front import LARGEST_BODY
from tests.factories import make_coordinator, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(client):
    client.force_login(make_coordinator(make_programme()))
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, "9" * 30, "-1", "x"])
def test_a_large_body_is_not_read(inside, size):
    answer = inside.post("/api/v1/sessions/", b"{}", "application/json", CONTENT_LENGTH=str(size))
    assert (answer.status_code, list(answer.json())) == (413, ["detail"])


def test_a_body_of_the_limit_is_read(inside):
    body = b'{"title": "' + b"x" * (LARGEST_BODY - 13) + b'"}'
    assert len(body) == LARGEST_BODY
    assert inside.post("/api/v1/sessions/", body, "application/json").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nowhere/", 404), ("get", "/api/nowhere/", 404), ("get", "/api/v1/sessions/0/", 404),
        ("put", "/api/v1/sessions/", 405), ("get", "/api/v1/audit/", 403), ("get", "/api/v1/%00/", 404),
        ("get", "/api/v1/programmes/%00/", 404), ("get", "/api/v1/sessions/?x=%00", 400),
        ("get", "/api/v1/sessions/?programme=%00", 400), ("get", f"/api/v1/sessions/{'9' * 40}/", 404),
    ],
)  # fmt: skip
def test_every_refusal_is_json(inside, method, path, status):
    answer = getattr(inside, method)(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json")


def test_a_fault_of_ours_is_json_without_a_word_of_it(inside, monkeypatch):
    monkeypatch.setattr("lib.api.resource.Resource.list", lambda *args, **kwargs: 1 / 0)
    answer = inside.get("/api/v1/sessions/")
    assert (answer.status_code, list(answer.json())) == (500, ["detail"])
    assert "division" not in answer.content.decode()


def test_pages_stay_pages(inside):
    assert inside.get("/nowhere/").headers["Content-Type"].startswith("text/html")
