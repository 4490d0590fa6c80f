"""Venues: named while planning, recognised in any script, and kept by whoever keeps the address book."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from people.models import Programme
from tests.factories import (
    TODAY,
    make_administrator,
    make_coordinator,
    make_mentor,
    make_programme,
    make_trainer,
    make_user,
    make_venue,
)
from tests.fixtures.browser import PHONE, axe, overflow
from tests.training.test_planning_pages import FRAME, NEW, WISHES, form_of
from training.models import Module, Session, Venue

pytestmark = pytest.mark.django_db
LIST = "/venues/"
HALL = {"name": "Hala", "address": "Glavna 1", "municipality": "Arilje", "zone": "", "capacity": "40"}


@pytest.fixture
def administrator():
    """Of an organisation that has nothing yet."""
    return make_administrator()


def hall(**said):
    return {f"venue_1_{name}": value for name, value in said.items()}


def places():
    return list(Venue.objects.order_by("name").values_list("name", "address", "is_shared"))


def test_on_the_first_day_the_wizard_makes_programme_and_venue_in_one(client, administrator):
    client.force_login(administrator)
    asked = client.get(NEW + "?template=weekly").content.decode()
    assert 'name="venue_1_new"' in asked and 'name="venue_1"' not in asked  # there is none to choose
    said = hall(new="Biblioteka", address="Trg 2", shared="on")
    page = client.post(NEW + "?template=weekly", WISHES | FRAME | said | {"do": "propose"})
    assert "“Biblioteka” is a new venue: it is added with the plan." in page.content.decode()
    page = client.post(NEW + "?template=weekly", form_of(page, do="look"))
    assert places() == []
    assert client.post(NEW + "?template=weekly", form_of(page, do="plan")).status_code == 302
    assert places() == [("Biblioteka", "Trg 2", True)]
    assert list(Session.objects.values_list("venue__name", "holds_venue")) == [("Biblioteka", False)] * 4
    assert AuditEntry.objects.filter(verb="add", object_type="training.venue").count() == 1


def test_a_name_that_is_known_in_the_other_script_is_that_venue(client, world):
    known = make_venue(world.programme.tenant, name="Ариље, сала")
    client.force_login(world.coordinator)
    address = f"/programmes/{world.programme.code}/plan/?template=weekly"
    said = hall(new="Arilje, sala", address="elsewhere")
    page = client.post(address, WISHES | said | {"do": "propose"})
    assert "is a new venue" not in page.content.decode()
    before = places()
    assert client.post(address, form_of(page, do="plan")).status_code == 302
    assert (places(), set(Session.objects.values_list("venue", flat=True))) == (before, {known.pk})


def test_one_name_for_two_modules_is_one_venue(client, world):
    client.force_login(world.coordinator)
    address = f"/programmes/{world.programme.code}/plan/?template=two-modules"
    asked = client.get(address).content.decode()
    n = asked.count('_new"')
    assert n > 1
    said = {f"day_{one}": f"2027-0{one}-04" for one in range(1, n + 1)} | WISHES
    said |= {f"venue_{one}_new": name for one, name in ((1, "Nova sala"), (2, "НОВА САЛА"))}
    page = client.post(address, said | {"do": "propose"})
    assert client.post(address, form_of(page, do="plan")).status_code == 302
    assert Venue.objects.filter(name__iexact="nova sala").count() == 1
    assert list(Module.objects.order_by("number").values_list("venue__name", flat=True)[:2]) == [
        "Nova sala",
        "Nova sala",
    ]


def test_known_and_new_at_once_is_asked_back(client, world):
    client.force_login(world.coordinator)
    both = hall(new="Hala") | {"venue_1": world.venue.pk, "do": "propose"}
    page = client.post(f"/programmes/{world.programme.code}/plan/?template=weekly", WISHES | both)
    assert "Choose a known one, or name a new one; not both." in page.content.decode()


def test_nothing_is_kept_when_the_plan_is_refused(client, world, plan):
    trainer = world.trainer.person
    plan("Prices", day=date(2027, 4, 20), start=time(17), end=time(19), trainers=[trainer])
    client.force_login(world.coordinator)
    address = f"/programmes/{world.programme.code}/plan/?template=weekly"
    said = WISHES | hall(new="Hala") | {"trainers": trainer.pk, "do": "propose"}
    page = client.post(address, said)
    refused = client.post(address, form_of(page, do="plan", confirmed="1"))
    assert (refused.status_code, places()) == (422, [(world.venue.name, "", False)])
    again = client.post(address, form_of(refused, **{"lines-0-remove": "on", "do": "plan"}))
    assert (again.status_code, Venue.objects.filter(name="Hala").count()) == (302, 1)


def test_the_form_of_one_session_names_a_new_venue_too(client, world):
    client.force_login(world.coordinator)
    said = {"title": "Money", "day": TODAY.isoformat(), "start": "12:00", "end": "15:00"}
    new = f"/programmes/{world.programme.code}/sessions/new/"
    looked = client.post(new, said | {"venue_new": "Hala", "do": "look"})
    assert "Nothing else is on." in looked.content.decode() and Venue.objects.count() == 1
    assert client.post(new, said | {"venue_new": "Hala", "venue_address": "Glavna 1"}).status_code == 302
    session = Session.objects.get()
    assert (session.venue.name, session.venue.address, session.holds_venue) == ("Hala", "Glavna 1", True)
    edit = f"/sessions/{session.pk}/edit/"
    assert client.post(edit, said | {"break_minutes": "0", "venue_new": "ХАЛА"}).status_code == 302
    assert Venue.objects.count() == 2
    assert client.post(edit, said | {"venue_new": "Zoom", "venue_shared": "on"}).status_code == 302
    session.refresh_from_db()
    assert (session.venue.name, session.holds_venue) == ("Zoom", False)


def test_the_book_of_venues_is_listed_added_to_and_changed(client, world):
    client.force_login(world.coordinator)
    assert LIST in client.get(f"/programmes/{world.programme.code}/sessions/").content.decode()
    assert "Sessions take place at 1 venue" in client.get(LIST).content.decode()
    assert client.post(LIST, HALL).url == LIST
    row = Venue.objects.get(name="Hala")
    assert (row.tenant, row.capacity, row.is_shared) == (world.programme.tenant, 40, False)
    twice = client.post(LIST, HALL)
    assert (twice.status_code, Venue.objects.count()) == (422, 2)
    page = f"{LIST}{row.pk}/"
    assert 'value="Glavna 1"' in client.get(page).content.decode()
    wrong = client.post(page, HALL | {"zone": "Europe/Nowhere"})
    assert (wrong.status_code, "is no time zone" in wrong.content.decode()) == (422, True)
    assert client.post(page, HALL | {"is_shared": "on", "capacity": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.is_shared, row.capacity, row.address) == (True, None, "Glavna 1")


def test_a_venue_with_two_sessions_at_once_stays_one_for_several(client, world, plan):
    room = make_venue(world.programme.tenant, name="Zoom", is_shared=True)
    plan("One", venue=room), plan("Two", venue=room)
    client.force_login(world.coordinator)
    refused = client.post(f"{LIST}{room.pk}/", HALL | {"name": "Zoom"})
    assert refused.status_code == 422
    assert "Sessions are planned there at the same time: move them first." in refused.content.decode()
    room.refresh_from_db()
    assert room.is_shared


def test_who_keeps_no_address_book_is_refused_and_others_places_do_not_exist(client, world):
    page = f"{LIST}{world.venue.pk}/"
    programme = world.programme
    for user in (world.trainer, make_trainer(programme), make_mentor(programme).person.user):
        client.force_login(user)
        answers = [client.get(LIST), client.post(LIST, HALL), client.get(page), client.post(page, HALL)]
        assert [answer.status_code for answer in answers] == [403] * 4
    client.force_login(make_coordinator(make_programme()))
    assert [client.get(page).status_code, client.post(page, HALL).status_code] == [404, 404]
    assert world.venue.name not in client.get(LIST).content.decode()
    client.force_login(make_user(programme.tenant))
    assert client.get(LIST).status_code == 403
    client.force_login(make_administrator(programme.tenant))
    assert client.get(page).status_code == 200
    assert places() == [(world.venue.name, "", False)]


def test_the_list_costs_the_same_for_one_venue_and_for_three(client, world):
    client.force_login(world.coordinator)
    client.get(LIST)
    found = []
    for n in (0, 2):
        for _n in range(n):
            make_venue(world.programme.tenant)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        found.append(len(asked))
    assert found[0] == found[1]


@pytest.mark.parametrize("language", ["en", "sr-latn"])
def test_the_pages_stand_on_a_phone(transactional_db, open_page, administrator, language):
    page = open_page(size=PHONE, language=language, user=administrator)
    room = make_venue(administrator.tenant, name="Biblioteka", address="Trg 2")
    for address in (LIST, f"{LIST}{room.pk}/", NEW + "?template=two-modules", reverse("desk:programme_list")):
        page.goto(address)
        assert (axe(page), overflow(page)) == ([], 0), address
    assert Programme.objects.count() == 0
