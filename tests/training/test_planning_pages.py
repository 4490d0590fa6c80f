"""The wizard, the session form's clashes, moving and copying: as they are used."""

from datetime import date, time, timedelta

import pytest
from playwright.sync_api import expect

from tests.factories import (
    TODAY,
    make_administrator,
    make_coordinator,
    make_enrolment,
    make_programme,
    make_venue,
)
from tests.fixtures.browser import PHONE, axe, overflow
from training.models import Session

NEW = "/programmes/new/"


@pytest.fixture
def administrator(world):
    return make_administrator(world.programme.tenant)


def path(world, what):
    return f"/programmes/{world.programme.code}/{what}/"


WISHES = {"day_1": "2027-04-20", "count": "4", "start": "18:00", "end": "20:00", "holidays": "on"}
FRAME = {
    "name": "Money in the evening",
    "name_sr": "Novac uveče",
    "code": "",
    "participants": "women",
    "country": "RS",
    "zone": "Europe/Belgrade",
}


def form_of(page, **changed) -> dict:
    """What the browser would send of the page's one form, without any button."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found, self.name = {}, ""

        def handle_starttag(self, tag, attributes):
            said = dict(attributes)
            if tag == "input" and said.get("name") and said.get("type") not in ("checkbox", "radio"):
                self.found.setdefault(said["name"], []).append(said.get("value", ""))
            if tag == "select":
                self.name = said["name"]
                self.found[self.name] = [""]
            if tag == "option" and "selected" in said:
                self.found[self.name] = [said["value"]]

    reader = Fields()
    reader.feed(page.content.decode().split("<main")[1])
    return reader.found | changed


def test_only_an_administrator_makes_a_programme(client, world, administrator):
    for user, status in ((world.coordinator, 403), (world.trainer, 403), (administrator, 200)):
        client.force_login(user)
        assert client.get(NEW).status_code == status
    assert client.get(NEW + "?template=none").status_code == 404


def test_of_other_programmes_nobody_plans(client, world):
    stranger = make_coordinator(make_programme())
    pages = [path(world, what) for what in ("plan", "sessions/moving", "sessions/copying")]
    for user, status in ((stranger, 404), (world.trainer, 403)):
        client.force_login(user)
        assert [client.get(page).status_code for page in pages] == [status] * 3
        assert [client.post(page).status_code for page in pages] == [status] * 3


def test_a_weekly_course_from_template_to_sessions(client, world, administrator):
    client.force_login(administrator)
    assert b"Weekly evening course" in client.get(NEW).content
    page = client.post(NEW + "?template=weekly", WISHES | FRAME | {"do": "propose"})
    words = page.content.decode()
    assert "4 sessions are proposed" in words
    assert "Labor Day (observed)" in words  # Tuesday 4 May 2027 is left out, another evening comes at the end
    sent = form_of(page, **{"lines-1-title": "Prices", "lines-3-remove": "on", "do": "look"})
    page = client.post(NEW + "?template=weekly", sent)
    assert "3 sessions are proposed" in page.content.decode()
    assert "Labor Day (observed)" in page.content.decode()
    answer = client.post(NEW + "?template=weekly", form_of(page, do="plan"))
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/programmes/money-in-the-evening/sessions/",
    )
    found = Session.objects.filter(programme__code="money-in-the-evening").order_by("day")
    assert [(s.title, s.title_sr, s.day.isoformat(), s.start) for s in found] == [
        ("Evening 1", "1. veče", "2027-04-20", time(18)),
        ("Prices", "2. veče", "2027-04-27", time(18)),
        ("Evening 3", "3. veče", "2027-05-11", time(18)),
    ]
    again = client.post(NEW + "?template=weekly", form_of(page, do="plan"))
    assert "A programme with this code exists already." in again.content.decode()


def test_what_is_wrong_is_said_and_nothing_is_lost(client, world, administrator):
    client.force_login(administrator)
    wrong = (
        WISHES
        | FRAME
        | {"end": "17:00", "breaks": "noon", "country": "XX", "closed": "soon", "do": "propose"}
    )
    words = client.post(NEW + "?template=weekly", wrong).content.decode()
    for said in ("ends after it starts", "“noon” is no break", "known for “XX”", "Line 1, “soon”"):
        assert said in words
    assert 'value="Money in the evening"' in words


def test_a_clash_is_shown_before_anything_is_planned(client, world, plan, enrol):
    enrol("Ana")
    plan("Prices", day=date(2027, 4, 20), start=time(17), end=time(19), venue=world.venue)
    client.force_login(world.coordinator)
    said = WISHES | {"venue_1": world.venue.pk, "trainers": world.trainer.person.pk, "do": "propose"}
    page = client.post(path(world, "plan") + "?template=weekly", said)
    words = page.content.decode()
    assert "1 of 4 proposed sessions clashes" in words
    assert f"{world.venue.name} is taken: “Prices”, 20 April 2027 17:00–19:00." in words
    assert "1 person is expected at “Prices” too" in words
    address = path(world, "plan") + "?template=weekly"
    refused = client.post(address, form_of(page, do="plan"))
    assert refused.status_code == 422
    assert "say below that it is meant" in refused.content.decode()
    refused = client.post(address, form_of(page, do="plan", confirmed="1"))
    assert (refused.status_code, "is taken: “Prices”" in refused.content.decode()) == (422, True)
    assert Session.objects.count() == 1
    done = client.post(address, form_of(page, **{"lines-0-venue": "", "confirmed": "1", "do": "plan"}))
    assert done.status_code == 302
    made = Session.objects.exclude(title="Prices")
    assert made.count() == 4
    assert all(list(s.trainers.all()) == [world.trainer.person] for s in made)


def test_the_wizard_asks_which_where_a_time_happens_twice(client, world):
    client.force_login(world.coordinator)
    said = {"day_1": "2027-10-31", "start": "02:15", "end": "05:00", "do": "propose"}
    page = client.post(path(world, "plan") + "?template=one-day", said)
    assert "happens twice" in page.content.decode()
    assert 'name="lines-0-fold"' in page.content.decode()
    address = path(world, "plan") + "?template=one-day"
    assert client.post(address, form_of(page, do="plan")).status_code == 422
    assert client.post(address, form_of(page, **{"lines-0-fold": "1", "do": "plan"})).status_code == 302
    assert (Session.objects.get().fold, Session.objects.get().starts_at.hour) == (1, 1)


def test_the_form_asks_and_shows_what_else_is_on(client, world, plan, enrol):
    enrol("Ana")
    plan("Prices", venue=world.venue)
    client.force_login(world.coordinator)
    new = path(world, "sessions/new")
    said = {
        "title": "Money",
        "day": TODAY.isoformat(),
        "start": "12:00",
        "end": "15:00",
        "venue": world.venue.pk,
    }
    looked = client.post(new, said | {"do": "look"})
    assert "is taken: “Prices”" in looked.content.decode()
    assert Session.objects.count() == 1
    words = client.post(new, said).content.decode()
    assert "1 person is expected at “Prices” too" in words
    free = said | {
        "venue": "",
        "confirmed": "1",
        "breaks": "13:00-13:30",
        "by_invitation": "on",
        "capacity": "5",
    }
    answer = client.post(new, free)
    session = Session.objects.get(title="Money")
    assert answer.headers["Location"] == f"/sessions/{session.pk}/"
    assert (session.breaks, session.break_minutes, session.minutes) == ([["13:00", "13:30"]], 30, 150)
    page = client.get(answer.headers["Location"]).content.decode()
    assert "(13:00–13:30)" in page and "by invitation only" in page
    edit = f"/sessions/{session.pk}/edit/"
    assert "13:00–13:30" in client.get(edit).content.decode()
    night = free | {"day": "2027-10-31", "start": "02:10", "end": "04:30", "breaks": ""}
    assert 'name="fold"' in client.post(edit, night).content.decode()
    assert 'name="fold"' not in client.get(edit).content.decode()
    assert client.post(edit, night | {"fold": "0", "break_minutes": "0"}).status_code == 302
    session.refresh_from_db()
    assert (session.fold, session.minutes) == (0, 200)


def test_a_module_is_moved_and_copied_from_the_list(client, world, plan, enrol):
    module = world.programme.modules.create(number=1, name="Money")
    rows = [plan(f"Day {n}", module=module, day=TODAY + timedelta(days=n), venue=world.venue) for n in (0, 1)]
    plan("Alone", day=TODAY + timedelta(days=1), venue=make_venue(world.programme.tenant))
    client.force_login(world.coordinator)
    assert f'name="module" value="{module.pk}"' in client.get(path(world, "sessions")).content.decode()
    move = path(world, "sessions/moving") + f"?module={module.pk}"
    shown = client.get(move).content.decode()
    assert ("Where to with 2 sessions?" in shown, "Alone" in shown) == (True, False)
    said = {"to": (TODAY + timedelta(days=1)).isoformat(), "start": "11:00"}
    assert "Thu 13 Mar 2025, 11:00–15:00" in client.post(move, said | {"do": "look"}).content.decode()
    assert client.post(move, said | {"do": "act"}).status_code == 302
    assert [(s.day, s.start, s.end) for s in Session.objects.filter(module=module)] == [
        (TODAY + timedelta(days=n), time(11), time(15)) for n in (1, 2)
    ]
    copy = path(world, "sessions/copying") + f"?session={rows[0].pk}&session={rows[1].pk}"
    said = {"to": "2025-03-13", "into": world.programme.pk, "as_modules": "on"}
    assert "is taken: “Day 0”" in client.post(copy, said | {"do": "look"}).content.decode()
    assert client.post(copy, said | {"do": "act"}).status_code == 422
    assert client.post(copy, said | {"to": "2025-04-07", "do": "act"}).status_code == 302
    assert [s.day.day for s in Session.objects.filter(module__number=2)] == [7, 8]
    assert client.get(path(world, "sessions/moving")).status_code == 302


def test_queries_of_previews_do_not_grow(client, world, plan, enrol, django_assert_num_queries):
    enrol("Ana")
    rows = [plan(f"{n}", day=TODAY + timedelta(days=n), trainers=[world.trainer.person]) for n in range(6)]
    client.force_login(world.coordinator)
    move = path(world, "sessions/moving")
    for some in (rows[:1], rows):
        query = "&".join(f"session={row.pk}" for row in some)
        with django_assert_num_queries(11):
            client.post(f"{move}?{query}", {"to": "2025-03-20", "do": "look"})


@pytest.mark.parametrize("language", ["en", "sr-latn"])
def test_the_wizard_on_a_phone(transactional_db, world, administrator, open_page, language):
    """Three steps with thumbs, without a word lost beside the screen."""
    make_enrolment(world.programme)
    administrator.language = language
    administrator.save()
    page = open_page(size=PHONE, user=administrator, language=language)
    page.goto(NEW)
    assert (axe(page), overflow(page)) == ([], 0)
    page.click("a[href='?template=two-modules']")
    page.fill("#id_name", "Jam for sale")
    page.fill("#id_day_1", "2027-04-28")
    page.fill("#id_day_2", "2027-05-17")
    page.select_option("#id_venue_1", str(world.venue.pk))
    assert (axe(page), overflow(page)) == ([], 0)
    page.click("button[value=propose]")
    expect(page.locator(".plan-lines details")).to_have_count(6)
    page.locator(".plan-lines details summary").first.click()
    page.fill("#id_lines-0-title", "Opening")
    assert (axe(page), overflow(page)) == ([], 0)
    page.click("button[value=plan]")
    page.wait_for_url("**/programmes/jam-for-sale/sessions/")
    assert (axe(page), overflow(page)) == ([], 0)
    assert Session.objects.filter(programme__code="jam-for-sale").count() == 6
    assert Session.objects.order_by("starts_at").first().title == "Opening"
