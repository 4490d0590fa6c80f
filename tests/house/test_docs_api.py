"""docs/api.md says what is so: its examples are sent, its resources and nouns are those that exist."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from config.api import RESOURCES
from config.policy import table
from people.tokens import make_token
from tests.factories import make_coordinator, make_programme
from tests.house.rooms import ROOT
from training.models import Enrolment, Session

TEXT = (ROOT / "docs/api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```http\n(.*?)\n\n(\d{3})\n(.*?)\n```", TEXT, re.DOTALL)
ROWS = re.findall(r"^\| ((?:`[\w-]+`(?:, )?)+) \| .* \| (.*) \|$", TEXT, re.MULTILINE)


def test_every_resource_is_in_the_docs_and_no_other():
    named = [name for row, _how in ROWS for name in re.findall(r"`([\w-]+)`", row)]
    assert sorted(named) == sorted(RESOURCES)


def test_how_each_is_changed_is_so():
    """Every method and noun of the table exists, and every one that exists stands there."""
    for row, how in ROWS:
        said = set(re.findall(r"POST|PATCH|DELETE|`[\w-]+/`", how))
        so = set()
        for name in re.findall(r"`([\w-]+)`", row):
            for route, method in table():
                if route in (f"api:{name}-list", f"api:{name}-detail"):
                    so |= {method} - {"GET"}
                elif route.startswith(f"api:{name}-") and method == "POST" and not route.endswith("-bulk"):
                    so.add(f"`{route.removeprefix(f'api:{name}-')}/`")
        assert (row, said) == (row, so)


@pytest.mark.django_db
def test_the_examples_are_answered_as_they_say(client):
    programme = make_programme(code="start-up")
    user, now = make_coordinator(programme), timezone.now()
    said = {"name": "docs", "verbs": ["*"], "programmes": [programme]}
    secret = make_token(by=user, now=now, expires_at=now + timedelta(days=1), **said)[1]
    tag = ""
    for asked, status, body in EXAMPLES:
        known = {"enrolment": Enrolment.objects.first(), "session": Session.objects.first()}
        for name, row in known.items():
            asked = asked.replace(f"{{{name}}}", str(row.pk) if row else "")
        first, *lines = asked.splitlines()
        method, path = first.split(" ")
        sent = next((line for line in lines if line.startswith("{")), "")
        headers = dict(line.split(": ", 1) for line in lines if not line.startswith("{"))
        headers = headers | {"Authorization": f"Bearer {secret}"}
        if "{etag}" in headers.get("If-Match", ""):
            one = client.get(path.removesuffix("state/"), headers={"Authorization": f"Bearer {secret}"})
            headers["If-Match"] = tag = tag or one.headers["ETag"]
        answer = getattr(client, method.lower())(
            path, data=sent or None, content_type="application/json", headers=headers
        )
        assert (first, answer.status_code) == (first, int(status)), answer.content
        assert holds(json.loads(body), answer.json()), f"{first}: {answer.json()}"
    assert len(EXAMPLES) == TEXT.count("```http")


def holds(said, got) -> bool:
    """All that the docs say is so; an object may hold more."""
    if isinstance(said, dict):
        return isinstance(got, dict) and all(name in got and holds(v, got[name]) for name, v in said.items())
    if isinstance(said, list):
        return isinstance(got, list) and len(said) == len(got) and all(map(holds, said, got))
    return said == got
