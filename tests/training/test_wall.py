"""The code on the wall changes: what is refused, that it is counted, and what the trainer sees of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from tests.factories import make_enrolment, make_programme
from training import services
from training.models import Attendance, Mark, Session, TurnedAway
from training.register import checkin, codes
from training.register.arrivals import turned_away

pytestmark = pytest.mark.django_db


def address(code: str) -> str:
    return reverse("training:check_in", args=[code])


def say(browser: Client, code: str, **said):
    return browser.post(address(code), {"operation": uuid4(), **said})


def counted(session) -> dict[str, int]:
    found = list(TurnedAway.objects.filter(session=session).values_list("why", flat=True))
    return {why: found.count(why) for why in sorted(set(found))}


def a_while_ago(session, minutes=10) -> str:
    return codes.token_of(session, timezone.now() - timedelta(minutes=minutes))


def test_what_is_refused_and_counted(world, enrol, running, mark, capsys):
    """The table: each row is tried, refused, and counted for the session it concerns."""
    hers, theirs = enrol("Ana"), enrol("Mira")
    session, other = running(), running("Day 2")
    session.roster.filter(enrolment=theirs).delete()  # Mira is expected in the other one
    programme = make_programme(world.programme.tenant)
    stranger = make_enrolment(programme)

    def forwarded():
        return say(Client(), a_while_ago(session), row_code=hers.row_code)

    def expired():
        code = codes.short_code_of(session, timezone.now() - timedelta(minutes=10))
        return say(Client(), code, row_code=hers.row_code)

    def of_another_session():
        return say(Client(), codes.token_of(session), row_code=theirs.row_code)

    def not_on_the_roster():
        return say(Client(), codes.token_of(session), row_code=stranger.row_code)

    def same_phone():
        browser = Client()
        say(browser, codes.token_of(other), row_code=hers.row_code)
        return say(browser, codes.token_of(other), row_code=theirs.row_code)

    def of_another_programme():
        now = timezone.now()
        what = {"operation": uuid4(), "enrolment": stranger.pk, "status": "present"}
        [result] = services.record_marks(by=world.trainer, session=session, marks=[what], now=now)
        return result

    with capsys.disabled():
        print("\nrefused                     turned away so far")
        for what, where, away, marks in (
            (forwarded, session, {"late": 1}, 0),
            (expired, session, {"late": 2}, 0),
            (of_another_session, session, {"late": 2, "other": 1}, 0),
            (not_on_the_roster, session, {"late": 2, "other": 1, "unknown": 1}, 0),
            (same_phone, other, {"twice": 1}, 1),  # the first person of that phone is in
            (of_another_programme, session, {"late": 2, "other": 1, "unknown": 1}, 1),
        ):
            answer = what()
            refused = getattr(answer, "outcome", None) == "refused" or answer.status_code in (200, 404)
            assert (refused, counted(where), Mark.objects.count()) == (True, away, marks)
            print(f"{what.__name__:<27} {counted(where)}")
    assert turned_away(session) == (
        "4 tries were turned away: 2 with an old code, 1 with the code of another session, "
        "1 not on the roster."
    )
    assert AuditEntry.objects.filter(verb="turn away").count() == 5


def test_a_code_of_a_cancelled_a_closed_and_a_past_session(world, enrol, running, plan, client):
    one = enrol("Ana")
    closed, cancelled, past = running(), running("Day 2"), plan("Day 0")
    tokens = {session: codes.token_of(session) for session in (closed, cancelled, past)}
    services.close_session(by=world.trainer, session=closed, now=timezone.now())
    services.cancel_session(by=world.coordinator, session=cancelled, now=timezone.now())
    for session, token in tokens.items():
        page = say(client, token, row_code=one.row_code)
        assert (page.status_code, counted(session)) == (404, {"late": 1})
        assert "This code is no longer on the wall" in page.content.decode()


def test_who_opened_the_code_in_time_may_finish(enrol, running, client):
    one, session = enrol("Ana"), running()
    one_too = running("Day 2")
    checkin_code = codes.token_of(session)
    assert client.get(address(checkin_code)).status_code == 200
    old = a_while_ago(session)
    assert say(client, old, row_code="Z9").status_code == 200  # her ticket, not the code
    assert (
        say(client, a_while_ago(one_too), row_code=one.row_code).status_code == 404
    )  # a ticket of one session
    assert say(client, old, row_code=one.row_code).status_code == 302
    assert client.get(address(old)).status_code == 200  # she is in: her page stays hers
    assert counted(one_too) == {"late": 1}


def test_a_ticket_ends_after_five_minutes_and_is_not_made_longer_by_use(enrol, running, client):
    enrol("Ana")
    session = running()
    client.get(address(codes.token_of(session)))
    pk, until, is_shared = client.session["ticket"]
    assert (pk, is_shared) == (session.pk, False)
    assert 290 < until - timezone.now().timestamp() <= 300
    client.get(address(a_while_ago(session)))
    assert client.session["ticket"] == [pk, until, is_shared]
    kept = client.session
    kept["ticket"] = [pk, timezone.now().timestamp() - 1, False]
    kept.save()
    assert say(client, a_while_ago(session), row_code="A1").status_code == 404


def test_another_browser_has_no_ticket(enrol, running, client):
    one, session = enrol("Ana"), running()
    client.get(address(codes.token_of(session)))
    assert say(Client(), a_while_ago(session), row_code=one.row_code).status_code == 404
    assert Mark.objects.count() == 0


def test_the_trainer_may_let_one_phone_bring_several(enrol, running, client):
    one, two = enrol("Ana"), enrol("Mira")
    session = running()
    shared = codes.token_of(session, purpose=codes.SHARED)
    assert say(client, shared, row_code=one.row_code).status_code == 302
    page = client.get(address(shared)).content.decode()
    assert "Somebody else takes this phone" in page
    assert client.post(address(shared), {"forget": 1}).status_code == 302
    assert say(client, shared, row_code=two.row_code).status_code == 302
    assert Attendance.objects.count() == 2
    phones = {mark.device.partition(":")[2] for mark in Mark.objects.all()}
    assert len(phones) == 1


def test_forwarded_headers_give_no_more_tries(enrol, running, client):
    enrol("Ana")
    code = codes.token_of(running())
    for n in range(checkin.TRIES):
        client.post(
            address(code),
            {"operation": uuid4(), "row_code": "Z9"},
            headers={"x-forwarded-for": f"10.0.0.{n}"},
        )
    last = {"headers": {"x-forwarded-for": "10.9.9.9", "forwarded": "for=10.9.9.9"}}
    assert client.post(address(code), {"operation": uuid4(), "row_code": "A1"}, **last).status_code == 429
    for n in range(checkin.TRIES):
        assert Client(headers={"x-forwarded-for": f"10.1.0.{n}"}).get("/in/ABCDE/").status_code == 404
    assert Client(headers={"x-forwarded-for": "10.1.1.1"}).get("/in/ABCDE/").status_code == 429


def test_old_codes_lock_nobody_out(enrol, running):
    """A room behind one address, all too slow for the code: the next one opens."""
    enrol("Ana")
    session = running()
    old = codes.short_code_of(session, timezone.now() - timedelta(minutes=10))
    for _n in range(checkin.TRIES + 1):
        assert Client().get(address(old)).status_code == 404
    assert Client().get(address(codes.short_code_of(session))).status_code == 200


def test_a_script_fills_no_table(running, client, monkeypatch):
    monkeypatch.setattr(checkin, "COUNTED", 3)
    session = running()
    for _n in range(5):
        client.get(address(a_while_ago(session)))
        client.head(address(a_while_ago(session)))
    assert counted(session) == {"late": 3}
    cache.clear()
    client.get(address(a_while_ago(session)))
    assert counted(session) == {"late": 4}


def test_nothing_is_kept_of_who_was_turned_away():
    assert {field.name for field in TurnedAway._meta.fields} == {"id", "session", "why", "at"}


# --- what stands on the wall


def test_the_wall_shows_codes_that_open_and_asks_for_itself(world, running, client):
    session = running()
    client.force_login(world.trainer)
    page = client.get(reverse("training:session_code", args=[session.pk]))
    text = page.content.decode()
    assert codes.short_code_of(session) in text
    now = reverse("training:session_code_now", args=[session.pk])
    slot = codes.slot_of(timezone.now())
    assert f'data-hx-get="{now}?slot={slot}" data-hx-trigger="every 10s"' in text
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in text
    assert "no-store" in page.headers["Cache-Control"]
    assert client.get(now, {"slot": slot}).status_code == 204
    assert codes.short_code_of(session) in client.get(now, {"slot": slot - 1}).content.decode()


def test_the_wall_for_shared_phones(world, running, client):
    session = running()
    client.force_login(world.trainer)
    page = client.get(reverse("training:session_code", args=[session.pk]), {"shared": "1"}).content.decode()
    code = codes.short_code_of(session, purpose=codes.SHARED)
    assert (code in page, codes.short_code_of(session) in page) == (True, False)
    assert "&amp;shared=1" in page


def test_a_closed_register_takes_the_code_from_the_wall(world, running, client):
    session = running()
    services.close_session(by=world.trainer, session=session, now=timezone.now())
    client.force_login(world.trainer)
    page = client.get(reverse("training:session_code", args=[session.pk])).content.decode()
    assert ("nobody checks in any more" in page, "wall-letters" in page) == (True, False)
    now = reverse("training:session_code_now", args=[session.pk])
    assert "wall-letters" not in client.get(now, {"slot": codes.slot_of(timezone.now())}).content.decode()


# --- what the trainer sees


def test_who_checked_in_how_and_is_struck_out(world, enrol, running, client):
    one, two = enrol("Ana Anić", born=1984), enrol("Mira Mirić")
    session = running()
    browser = Client()
    shared = codes.token_of(session, purpose=codes.SHARED)
    say(browser, shared, first_name="Ana", born=1984)
    say(browser, shared, row_code=two.row_code)
    browser.get(address(a_while_ago(session, 30)))  # hers still: not turned away
    Client().get(address(a_while_ago(session)))
    client.force_login(world.trainer)
    where = reverse("training:check_in_list", args=[session.pk])
    page = client.get(where).content.decode()
    phone = browser.session["phone"]
    for words in (
        "2 check-ins by the code on the wall",
        "1 try was turned away: 1 with an old code.",
        f"first name and year, phone {phone}",
        f"row code, phone {phone}",
        "same phone as Ana Anić",
        "same phone as Mira Mirić",
    ):
        assert words in page
    mark = Mark.objects.get(enrolment=one)
    strike = reverse("training:mark_strike", args=[mark.pk])
    assert client.post(strike, {"operation": uuid4(), "reason": " "}).status_code == 422
    assert client.post(strike, {"operation": uuid4(), "reason": "in Niš"}).headers["Location"] == where
    assert not Attendance.objects.filter(entry__enrolment=one).exists()
    assert "no longer stands" in client.get(where).content.decode()
    page = say(Client(), codes.token_of(session), row_code=one.row_code).content.decode()
    assert "took your check-in back" in page


def test_the_list_costs_the_same_for_one_and_for_thirty(
    world, enrol, running, client, django_assert_num_queries
):
    people = [enrol(f"Ana {n}") for n in range(30)]
    session, now = running(), timezone.now()
    client.force_login(world.trainer)
    where = reverse("training:check_in_list", args=[session.pk])
    client.get(where)
    for some in (people[:1], people[1:]):
        for who in some:
            services.check_in(
                session=session, enrolment=who, operation=uuid4(), device=f"row:{who.pk}", now=now
            )
        with django_assert_num_queries(8):
            client.get(where)


def test_a_code_with_a_raised_revision_is_old(running, client):
    session = running()
    token = codes.token_of(session)
    Session.objects.filter(pk=session.pk).update(code_revision=2)
    assert client.get(address(token)).status_code == 404
    assert counted(session) == {"late": 1}
