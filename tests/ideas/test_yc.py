"""4,128 real companies as ideas: loaded once, then compared, listed, searched and taken along."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from desk.demo.remains import remove
from desk.real import companies
from ideas import duplicates
from ideas.models import Idea
from people.models import Programme
from tests.factories import make_coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # once is enough: it takes a while
N = 4128
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(scope="module")
def reports(django_db_setup, django_db_blocker):
    """Loaded once: it takes seconds. Taken away by the code that takes the demo away."""
    data = Path(settings.SHARED_DATA)
    if not (data / companies.FILE).exists():
        pytest.skip(f"no {companies.FILE} at {data}")
    with django_db_blocker.unblock():
        yield companies.load_all(data)
        tenant = Programme.objects.get(code=companies.CODE).tenant
        tenant.is_demo = True  # it takes nothing else away
        remove(tenant)
        AuditEntry.objects.filter(tenant=tenant).delete()
        tenant.delete()


@pytest.fixture
def programme(reports, db):
    return Programme.objects.get(code=companies.CODE)


@pytest.fixture
def client(programme):
    client = Client()
    client.force_login(make_coordinator(programme), backend=BACKEND)
    return client


def test_every_row_is_an_idea(reports, programme):
    assert (reports[-1]["created"], reports[-1]["refused"]) == (N, [])
    assert Idea.objects.filter(programme=programme).count() == N


def test_different_companies_of_one_name_are_not_proposed_as_one(programme):
    figures = list(companies.compare())
    assert [str(figure) for figure in figures if not figure.is_equal] == []


def test_the_command_tells_the_groups_and_their_words(programme):
    out = io.StringIO()
    call_command("duplicates", companies.CODE, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["ideas"] == N
    titles = [sorted(idea["title"] for idea in group["ideas"]) for group in told["groups"]]
    assert titles == [["Tap to Learn", "TapToLearn"], ["Navattic", "Rivia.AI"]]
    assert "experiments" in told["groups"][0]["words"]


def test_so_many_are_compared_in_the_background_only(programme, client):
    page = client.get(reverse("ideas:duplicate_list", args=[programme.code])).content.decode()
    assert "These ideas were not compared yet" in page
    assert "Compare all ideas" in page


def test_one_is_found_while_it_is_typed(programme, django_assert_num_queries):
    duplicates.similar(programme, "Tap to learn")
    with django_assert_num_queries(2):
        found = duplicates.similar(programme, "Tap to lea")
    assert found[0].idea.text.title == "Tap to Learn"


def test_the_list_and_its_search(programme, client):
    page = client.get(reverse("ideas:idea_list", args=[programme.code]))
    assert page.context["counts"]["found"] == N and len(page.context["page"].object_list) == 25
    found = client.get(reverse("ideas:idea_list", args=[programme.code]), {"q": "mushroom farms"})
    assert [idea.text.title for idea in found.context["page"].object_list] == ["Hedgehog"]


def test_all_of_them_are_taken_along(programme, client):
    answer = client.get(reverse("ideas:idea_export", args=[programme.code, "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text), delimiter=","))) == N + 1
