"""A resource through DRF's own request cycle: pages, ETags, If-Match, bulk, strict bodies. On Venue rows."""

import threading
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections
from django.urls import path
from rest_framework import serializers
from rest_framework.test import APIRequestFactory, force_authenticate

from lib import quotas
from lib.api import Resource, noun
from lib.api.bodies import tag_of
from tests.factories import make_administrator, make_programme, make_tenant, make_venue
from training.models import Venue

pytestmark = pytest.mark.django_db
ASK = APIRequestFactory()


class VenueSerializer(serializers.ModelSerializer):
    class Meta:
        model = Venue
        fields = ["id", "name", "municipality"]


class VenueViewSet(Resource):
    serializer_class = VenueSerializer
    filterset_fields = ["municipality"]

    def get_queryset(self):
        return Venue.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        if said["name"] == "forbidden":
            raise PermissionDenied
        return Venue.objects.create(tenant=by.tenant, **said)

    def change(self, row, said, *, by, now):
        if said.get("name") == "impossible":
            raise ValidationError({"name": "No."})
        Venue.objects.filter(pk=row.pk).update(**said)

    def remove(self, row, *, by, now):
        row.delete()

    @noun(VenueSerializer)
    def renaming(self, row, said, *, by, now):
        Venue.objects.filter(pk=row.pk).update(name=said["name"])


LIST = {"get": "list", "post": "create"}
ONE = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
urlpatterns = [path("", VenueViewSet.as_view(LIST))]


@pytest.fixture
def world():
    user = make_administrator(make_tenant())
    return SimpleNamespace(user=user, venues=[make_venue(user.tenant, name=f"V{n}") for n in range(7)])


def ask(user, actions, method="get", data=None, pk=None, query="", **headers):
    kwargs = {"format": "json"} if data is not None else {}
    request = getattr(ASK, method)(f"/{query}", data, headers=headers, **kwargs)
    force_authenticate(request, user)
    return VenueViewSet.as_view(actions)(request, **({"pk": str(pk)} if pk else {})).render_if_needed()


def said(answer) -> tuple:
    return answer.status_code, answer.json() if hasattr(answer, "json") else answer.data


@pytest.fixture(autouse=True)
def rendered(monkeypatch):
    """Answers of DRF and of Django alike, ready to be read."""
    import json

    from django.http import HttpResponse
    from rest_framework.response import Response

    HttpResponse.render_if_needed = lambda self: self
    Response.render_if_needed = Response.render
    HttpResponse.json = lambda self: json.loads(self.content)
    yield
    del HttpResponse.render_if_needed, Response.render_if_needed, HttpResponse.json


def walk(user, query):
    """Forwards to the end, then back by the links: both must show the same pages."""
    there, back, url = [], [], f"/{query}"
    while url:
        answer = ask(user, LIST, query=url.partition("/?")[2] and "?" + url.partition("/?")[2])
        data = answer.json()
        there.append([row["id"] for row in data["results"]])
        url, last = data["next"], data
    url = last["previous"]
    while url:
        data = ask(user, LIST, query="?" + url.partition("/?")[2]).json()
        back.append([row["id"] for row in data["results"]])
        url = data["previous"]
    return there, back


@pytest.mark.parametrize(("order", "reverse"), [("-id", True), ("id", False)])
def test_pages_lead_there_and_back(world, order, reverse):
    there, back = walk(world.user, f"?limit=3&order={order}")
    ids = sorted((v.pk for v in world.venues), reverse=reverse)
    assert there == [ids[:3], ids[3:6], ids[6:]]
    assert back == [ids[3:6], ids[:3]]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("?limit=0", "limit"),
        ("?limit=201", "limit"),
        ("?limit=١٢", "limit"),
        ("?cursor=x", "cursor"),
        ("?cursor=", "cursor"),
        ("?cursor=YTE5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "cursor"),
        ("?order=name", "order"),
        ("?colour=red", "colour"),
        ("?municipality=a%00b", "municipality"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_by_name(world, query, named):
    status, words = said(ask(world.user, LIST, query=query))
    assert (status, list(words)) == (400, [named])


def test_filters_work_and_an_object_takes_none(world):
    make_venue(world.user.tenant, name="There", municipality="Niš")
    assert [r["name"] for r in ask(world.user, LIST, query="?municipality=Niš").json()["results"]] == [
        "There"
    ]
    assert ask(world.user, ONE, pk=world.venues[0].pk, query="?municipality=x").status_code == 400


def test_an_object_has_a_tag_of_what_is_sent(world):
    venue = world.venues[0]
    first = ask(world.user, ONE, pk=venue.pk)
    assert first.headers["ETag"] == tag_of(first.content)
    for known in (first.headers["ETag"], f"W/{first.headers['ETag']}", f'"x", {first.headers["ETag"]}', "*"):
        again = ask(world.user, ONE, pk=venue.pk, **{"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    Venue.objects.filter(pk=venue.pk).update(name="Else")
    assert ask(world.user, ONE, pk=venue.pk, **{"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert "ETag" not in ask(world.user, LIST).headers


@pytest.mark.parametrize(("method", "data"), [("patch", {"name": "B"}), ("delete", None)])
def test_a_row_that_has_changed_is_left_as_it_is(world, method, data):
    venue = world.venues[0]
    old = ask(world.user, ONE, pk=venue.pk).headers["ETag"]
    Venue.objects.filter(pk=venue.pk).update(name="Else")
    answer = ask(world.user, ONE, method, data, pk=venue.pk, **{"If-Match": old})
    assert said(answer) == (412, {"detail": "It was changed in the meantime. Read it again, then decide."})
    assert Venue.objects.get(pk=venue.pk).name == "Else"
    new = ask(world.user, ONE, pk=venue.pk).headers["ETag"]
    assert ask(world.user, ONE, method, data, pk=venue.pk, **{"If-Match": new}).status_code in (200, 204)


def test_a_noun_changes_and_shows_the_row(world):
    venue = world.venues[0]
    noun_of = {"post": "renaming"}
    old = ask(world.user, ONE, pk=venue.pk).headers["ETag"]
    answer = ask(world.user, noun_of, "post", {"name": "New"}, pk=venue.pk, **{"If-Match": old})
    assert said(answer) == (200, {"id": venue.pk, "name": "New", "municipality": venue.municipality})
    answer = ask(world.user, noun_of, "post", {"name": "Newer"}, pk=venue.pk, **{"If-Match": old})
    assert (answer.status_code, Venue.objects.get(pk=venue.pk).name) == (412, "New")
    assert ask(world.user, noun_of, "post", {}, pk=venue.pk).status_code == 400


def test_many_rows_each_with_its_own_answer(world):
    rows = [{"name": "A"}, {"name": ""}, {"name": "forbidden"}, "no row", {"name": "B"}]
    answer = ask(world.user, {"post": "bulk"}, "post", {"rows": rows})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [r["status"] for r in results] == [201, 400, 403, 400, 201]
    assert [r["data"]["name"] for r in results if "data" in r] == ["A", "B"]
    assert results[1]["errors"] == {"name": ["This field may not be blank."]}
    assert Venue.objects.filter(tenant=world.user.tenant).count() == 9


@pytest.mark.parametrize("data", [{}, {"rows": []}, {"rows": 7}, [], {"rows": [{}] * 501}])
def test_a_bulk_that_is_none(world, data):
    assert ask(world.user, {"post": "bulk"}, "post", data).status_code == 400


def test_what_one_could_not_see_is_not_made(world, monkeypatch):
    elsewhere = make_tenant()
    monkeypatch.setattr(
        VenueViewSet, "add", lambda self, said, *, by, now: Venue.objects.create(tenant=elsewhere, **said)
    )
    answer = ask(world.user, LIST, "post", {"name": "A"})
    assert (answer.status_code, Venue.objects.filter(tenant=elsewhere).exists()) == (403, False)


DEEP = "[" * 40 + "]" * 40
BAD = [
    b"{", b"", b"\xff", b'{"name": "a\\u0000b"}', b'{"name": "\\ud800"}', b'{"name": 9223372036854775808}',
    b'{"name": -9223372036854775809}', b'{"name": 1e300}', b'{"name": NaN}', f'{{"name": {DEEP}}}'.encode(),
    ("[" * 100_000).encode(), b'{"\\u0000": 1}', b'[1, 2]', b'"x"', b"null", b'{"name": {"a": 1}}',
]  # fmt: skip


@pytest.mark.parametrize("body", BAD)
@pytest.mark.parametrize("actions", [LIST, {"post": "bulk"}])
def test_a_body_that_makes_no_sense_is_a_400(world, body, actions):
    request = ASK.post("/", body, content_type="application/json")
    force_authenticate(request, world.user)
    answer = VenueViewSet.as_view(actions)(request).render_if_needed()
    assert (answer.status_code, Venue.objects.count()) == (400, 7)


def test_other_types_and_methods(world):
    request = ASK.post("/", b"<a/>", content_type="text/xml")
    force_authenticate(request, world.user)
    assert VenueViewSet.as_view(LIST)(request).status_code == 415
    assert ask(world.user, LIST, Accept="text/html").status_code == 406
    assert ask(world.user, LIST, "options").status_code == 405


@pytest.mark.parametrize("pk", ["0", "-1", "x", "9" * 30, "a\0b", "1.5", "٣"])
def test_a_key_that_is_none_is_a_404(world, pk):
    assert ask(world.user, ONE, pk=pk).status_code == 404


def test_who_asks_too_much_is_told_when_to_come_again(world, monkeypatch):
    monkeypatch.setattr(quotas, "WRITES", 3)
    monkeypatch.setattr(quotas, "SEARCHES", 2)
    writes = [ask(world.user, LIST, "post", {"name": f"A{n}"}) for n in range(4)]
    assert [a.status_code for a in writes] == [201, 201, 201, 429]
    assert 0 < int(writes[-1].headers["Retry-After"]) <= 60
    searches = [ask(world.user, LIST, query="?municipality=x").status_code for _n in range(3)]
    assert searches == [200, 200, 429]
    assert [ask(world.user, LIST).status_code for _n in range(9)] == [200] * 9
    assert ask(make_administrator(), LIST, "post", {"name": "A"}).status_code == 201


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_the_same_tag_one_wins():
    programme = make_programme()
    user = make_administrator(programme.tenant)
    venue = make_venue(programme.tenant, name="Old")
    for turn in range(5):
        tag, start, found = ask(user, ONE, pk=venue.pk).headers["ETag"], threading.Barrier(2), []

        def change(name, tag=tag, start=start, found=found):
            start.wait(5)
            answer = ask(user, ONE, "patch", {"name": name}, pk=venue.pk, **{"If-Match": tag})
            found.append((answer.status_code, name))
            connections.close_all()

        threads = [threading.Thread(target=change, args=(f"{turn}-{n}",)) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert sorted(status for status, _name in found) == [200, 412]
        assert Venue.objects.get(pk=venue.pk).name == dict(found)[200]
    assert connection.vendor == "postgresql"
