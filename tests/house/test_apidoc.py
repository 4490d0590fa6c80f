"""The description of the API is whole, without warnings, and can be read."""

import json
import os
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from config.api import RESOURCES
from config.apidoc import page, words
from config.apidoc.schema import built
from config.policy import table
from tests.factories import make_coordinator, make_programme
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.house.rooms import ROOT

DOCUMENT = (ROOT / "docs/api.md").read_text(encoding="utf-8") if (ROOT / "docs/api.md").exists() else ""
SHOTS = os.environ.get("SHOTS")


def operations():
    for path, methods in built()["paths"].items():
        for method, said in methods.items():
            yield f"{method.upper()} {path}", said


def test_the_schema_is_valid_and_warns_of_nothing(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_every_route_and_method_is_described():
    named = {(route, method) for route, method in table() if route.startswith("api:")}
    apart = {("api:page", "GET"), ("api:schema", "GET")}
    assert len(list(operations())) == len(named - apart)


def test_every_resource_has_words():
    assert words.ONE.keys() == RESOURCES.keys()
    assert words.MANY.keys() - RESOURCES.keys() == set()
    assert [name for name, _act in words.ACTS if name not in RESOURCES] == []


def test_every_operation_says_what_it_does_and_what_it_may_refuse():
    refusals = {"400", "401", "403", "404", "405", "406", "429"}
    writes = refusals | {"409", "412", "413", "415", "422"}
    wrong = []
    for name, said in operations():
        wanted = refusals if name.startswith("GET") else writes
        if not said["summary"] or not said["tags"] or wanted - said["responses"].keys():
            wrong.append(name)
    assert wrong == []


def test_every_body_and_every_answer_has_an_example():
    bare = []
    for name, said in operations():
        bodies = [said.get("requestBody", {})] + [
            answer for code, answer in said["responses"].items() if code in ("200", "201", "202")
        ]
        for body in bodies:
            content = body.get("content", {}).get("application/json", {})
            if "schema" in content and "examples" not in content and "/bulk/" not in name:
                bare.append(name)
    assert bare == []


def test_examples_are_of_their_schema():
    """Each example's fields are those of the object that it is an example of."""
    wrong = []
    for name, said in operations():
        content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
        known = {field.name for field in page.fields(content.get("schema"), built()["components"]["schemas"])}
        for one in content.get("examples", {}).values():
            if "/bulk/" not in name:
                wrong += [f"{name}: {key}" for key in one["value"] if key not in known]
    assert wrong == []


@pytest.mark.django_db
def test_the_schema_over_http(client):
    client.force_login(make_coordinator(make_programme()))
    answer = client.get("/api/v1/schema/")
    assert json.loads(answer.content)["openapi"].startswith("3.")
    again = client.get("/api/v1/schema/", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db
def test_the_page_names_every_operation(client):
    client.force_login(make_coordinator(make_programme()))
    text = client.get("/api/v1/").content.decode()
    assert re.findall(r"<script[^>]+src=\"(?!/static/)", text) == []
    shown = set(re.findall(r'<details class="operation" id="([a-z_0-9]+)"', text))
    assert shown == {said["operationId"] for _name, said in operations()}
    links = set(re.findall(r'href="#([^"]+)"', text))
    assert links - set(re.findall(r'id="([^"]+)"', text)) == set()


@pytest.mark.postgres
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_page_can_be_read(size, transactional_db, open_page):
    reader = open_page(size=size, user=make_coordinator(make_programme()))
    reader.goto("/api/v1/")
    assert overflow(reader) == 0
    one = reader.locator("#sessions_cancellation_create")
    one.locator("summary").first.click()
    expect(one.locator("pre").first).to_be_visible()
    assert (axe(reader), overflow(reader)) == ([], 0)
    if SHOTS:
        name = "phone" if size == PHONE else "laptop"
        reader.screenshot(path=f"{SHOTS}/{name}-top.png")
        reader.goto("/api/v1/#sessions_create")
        reader.locator("#sessions_create > summary").click()
        reader.locator("#sessions_create").scroll_into_view_if_needed()
        reader.screenshot(path=f"{SHOTS}/{name}-operation.png")
        Path(SHOTS).joinpath(f"{name}.size").write_text(str(len(reader.content())))
