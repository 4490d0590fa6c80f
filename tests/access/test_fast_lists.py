"""Lists read by columns are, byte for byte, what the serializer gives: each resource, each reader."""

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from rest_framework.request import Request

from config.policy import routes
from lib.api import plain
from lib.api.bodies import written
from tests.access.world import World
from tests.factories import make_note

pytestmark = pytest.mark.django_db
FAST = {  # what is listed most must stay quick; losing one of these is a slower API
    "persons", "programmes", "enrolments", "marks", "attendance", "ideas", "assignments", "meetings",
    "reports", "organisations", "enterprises", "venues", "memberships", "consents", "reminders",
}  # fmt: skip


def lists():
    """(resource, viewset) of every list."""
    for name, pattern in routes():
        if name.startswith("api:") and name.endswith("-list") and "get" in pattern.callback.actions:
            yield pattern.callback.initkwargs["basename"], pattern.callback.cls


def asked(kind, user):
    """A view as it stands when a list is asked for."""
    view = kind(request=Request(RequestFactory().get("/")), action="list", format_kwarg=None, kwargs={})
    view.request.user = user
    return view


@pytest.mark.parametrize(("language", "zone"), [("en", "UTC"), ("sr", "Europe/Belgrade")])
def test_the_quick_way_shows_what_the_serializer_shows(language, zone):
    world, quick = World(), set()
    make_note(world.same.assignment, layer="programme")  # the two others an administrator does not read
    with translation.override(language), timezone.override(zone):
        for role in ("administrator", "coordinator", "mentor", "entrepreneur"):
            for resource, kind in lists():
                view = asked(kind, world.users[role])
                rows, serializer = view.get_queryset().order_by("-pk"), view.get_serializer_class()
                if columns := plain.columns_of(serializer, rows):
                    quick.add(resource)
                    shown = plain.shown(plain.narrowed_to(rows, columns), columns)
                    assert written(shown) == written(view.get_serializer(rows, many=True).data), resource
                    assert role != "administrator" or shown, f"{resource}: nothing to compare"
    assert FAST - quick == set()


def test_every_list_is_answered_in_six_queries(django_assert_max_num_queries):
    world = World()
    client = Client()
    client.force_login(
        world.users["coordinator"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    for resource, _kind in lists():
        client.get(f"/api/v1/{resource}/")
        with django_assert_max_num_queries(7):  # the session and its user are two; a token is one
            client.get(f"/api/v1/{resource}/")
