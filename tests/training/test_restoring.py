"""A session that was cancelled by mistake takes place after all; what it was before is kept each time."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from desk.loading.built_on import Told, _not_used
from desk.loading.undoing import _restore_session
from tests.factories import NOW, TODAY, make_coordinator, make_person, make_programme, make_venue
from training import services
from training.models import Session, SessionChange, Venue

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(hours=1)


def cancelled(plan, world, **fields):
    return services.cancel_session(by=world.coordinator, session=plan(**fields), now=BEFORE)


def steps(session) -> list[tuple]:
    rows = session.changes.values_list("revision", "step", "was_starts_at", "was_venue")
    return [(*row[:2], row[2] and row[2].astimezone(UTC), row[3]) for row in rows]


def test_what_was_is_kept_in_the_transaction_that_raises_the_revision(world, plan):
    session = plan(venue=world.venue)
    session = services.change_session(by=world.coordinator, session=session, now=NOW, start=time(11))
    session = services.change_session(by=world.coordinator, session=session, now=NOW, venue=None)
    services.cancel_session(by=world.coordinator, session=session, now=NOW)
    services.cancel_session(by=world.coordinator, session=session, now=NOW)
    services.restore_session(by=world.coordinator, session=session, now=NOW)
    session.refresh_from_db()
    later = NOW + timedelta(hours=1)
    assert steps(session) == [
        (2, "moved", NOW, world.venue.pk),
        (3, "moved", later, world.venue.pk),
        (4, "cancelled", later, None),
        (5, "restored", later, None),
    ]
    assert session.revision == 5
    assert set(SessionChange.objects.values_list("by", flat=True)) == {world.coordinator.pk}


def test_nothing_is_kept_of_what_nobody_was_told_a_time_of(world, plan):
    session = plan(day=None, start=None, end=None, break_minutes=0)
    services.change_session(by=world.coordinator, session=session, now=NOW, day=TODAY)
    services.change_session(by=world.coordinator, session=session, now=NOW, title="Another")
    assert SessionChange.objects.count() == 0
    services.change_session(by=world.coordinator, session=session, now=NOW, start=time(9), end=time(10))
    assert steps(session) == [(3, "moved", None, None)]


def test_it_takes_place_after_all_with_whoever_takes_part_by_now(world, enrol, plan):
    gone, stays = enrol("Ana"), enrol("Vera")
    session = cancelled(plan, world)
    came = enrol("Mila")
    services.set_enrolment_state(
        by=world.coordinator, enrolment=gone, state="withdrawn", reason="moved away", now=BEFORE
    )
    row = services.restore_session(by=world.coordinator, session=session, now=NOW)
    again = services.restore_session(by=world.coordinator, session=session, now=NOW)
    assert (row.cancelled_at, row.revision, again.revision) == (None, 3, 3)
    assert set(row.roster.values_list("enrolment", flat=True)) == {stays.pk, came.pk}


def test_its_time_over_it_stays_cancelled(world, plan):
    session = cancelled(plan, world)
    with pytest.raises(ValidationError, match="Its time is over") as caught:
        services.restore_session(by=world.coordinator, session=session, now=session.ends_at)
    assert caught.value.code == "over"
    assert Session.objects.get().cancelled_at == BEFORE


@pytest.mark.parametrize("taken", ["venue", "trainers"])
def test_what_took_its_place_meanwhile_refuses_it(world, plan, taken):
    person = world.trainer.person
    held = {"venue": world.venue, "trainers": [person]}
    session = cancelled(plan, world, **held)
    plan("In its place", **{taken: held[taken]})
    with pytest.raises(ValidationError) as caught:
        services.restore_session(by=world.coordinator, session=session, now=NOW)
    assert list(caught.value.message_dict) == [taken]
    assert "In its place" in caught.value.messages[0]
    session.refresh_from_db()
    assert (session.cancelled_at, session.revision) == (BEFORE, 2)
    assert list(session.leads.values_list("starts_at", flat=True)) == [None]
    assert [row.step for row in session.changes.all()] == ["cancelled"]


def test_people_expected_elsewhere_are_said_and_may_be_meant(world, enrol, plan):
    enrol("Ana")
    session = cancelled(plan, world)
    plan("Meanwhile")
    with pytest.raises(ValidationError, match="1 person is expected at “Meanwhile” too"):
        services.restore_session(by=world.coordinator, session=session, now=NOW, confirmed=False)
    row = services.restore_session(by=world.coordinator, session=session, now=NOW, confirmed=True)
    assert row.cancelled_at is None


def test_taking_an_import_back_keeps_what_was_too(world, plan):
    session = cancelled(plan, world)
    said = {"cancelled_at": None, "start": time(12)}
    _restore_session(Session.objects.get(), said, world.coordinator, NOW)
    session.refresh_from_db()
    assert [row[:2] for row in steps(session)] == [(2, "cancelled"), (3, "restored"), (4, "moved")]
    assert (session.revision, session.start) == (4, time(12))


def test_what_a_session_was_is_no_reason_to_keep_an_import(world, plan):
    """Its changes go with it; that somebody moved it is said as that, by what it held."""
    session = plan(venue=world.venue)
    services.change_session(by=world.coordinator, session=session, now=NOW, venue=None)
    for model, pk in ((Session, session.pk), (Venue, world.venue.pk)):
        assert _not_used(model, [pk], Told()) is None
    Session.objects.all().delete()
    assert SessionChange.objects.count() == 0


# --- its page, its noun


def ahead(plan, **fields):
    return plan(day=timezone.now().date() + timedelta(days=3), **fields)


def test_the_page_asks_and_says_what_clashes(client, world, plan):
    session = services.cancel_session(
        by=world.coordinator, session=ahead(plan, venue=world.venue), now=timezone.now()
    )
    client.force_login(world.coordinator)
    page = reverse("training:session_restore", args=[session.pk])
    assert page in client.get(reverse("training:session_detail", args=[session.pk])).text
    other = ahead(plan, title="In its place", venue=world.venue)
    assert "In its place" in client.get(page).text
    refused = client.post(page, follow=True)
    assert f"{world.venue.name} is taken" in refused.text
    other.delete()
    done = client.post(page, follow=True)
    assert "The session takes place after all." in done.text
    assert page not in done.text
    assert client.get(page).status_code == 302  # nothing to restore


def test_who_does_not_plan_may_not_and_a_stranger_finds_nothing(client, world, plan):
    session = services.cancel_session(by=world.coordinator, session=ahead(plan), now=timezone.now())
    page = reverse("training:session_restore", args=[session.pk])
    client.force_login(world.trainer)
    assert page not in client.get(reverse("training:session_detail", args=[session.pk])).text
    assert [client.get(page).status_code, client.post(page).status_code] == [403, 403]
    client.force_login(make_coordinator(make_programme()))
    assert [client.get(page).status_code, client.post(page).status_code] == [404, 404]


def test_by_the_api(client, world, plan, enrol):
    enrol("Ana")
    session = services.cancel_session(by=world.coordinator, session=ahead(plan), now=timezone.now())
    ahead(plan, title="Meanwhile")
    client.force_login(world.coordinator)
    url = reverse("api:sessions-restoration", args=[session.pk])
    refused = client.post(url, {}, content_type="application/json")
    assert (refused.status_code, "Meanwhile" in refused.text) == (400, True)
    done = client.post(url, {"confirmed": True}, content_type="application/json")
    assert (done.status_code, done.json()["cancelled_at"], done.json()["revision"]) == (200, None, 3)


def test_a_venue_that_is_shared_holds_nobody_off(world, plan):
    shared = make_venue(world.programme.tenant, is_shared=True)
    session = cancelled(plan, world, venue=shared)
    plan("Beside it", venue=shared)
    assert services.restore_session(by=world.coordinator, session=session, now=NOW).revision == 3


def test_a_trainer_is_free_while_it_is_cancelled_and_taken_again_after(world, plan):
    person = make_person(world.programme.tenant)
    session = cancelled(plan, world, trainers=[person])
    services.restore_session(by=world.coordinator, session=session, now=NOW)
    assert [row.starts_at for row in session.leads.all()] == [datetime(2025, 3, 12, 9, tzinfo=UTC)]
