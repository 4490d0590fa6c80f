"""The public form for mentors, the letter that confirms it, and what a coordinator makes of it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from desk.tasks import sweep_applications
from lib import doors
from mentoring import services
from mentoring.models import Mentor, MentorApplication
from mentoring.profiles import applying
from people.models import Affiliation, Membership, Organisation, Person
from reminders import services as reminders
from reminders.models import Reminder
from tests.factories import (
    make_candidate,
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_organisation,
    make_person,
    make_programme,
    today_there,
)
from training.models import Application

pytestmark = pytest.mark.django_db
State = MentorApplication.State


@pytest.fixture
def programme():
    today = today_there()
    ends = {"start": today, "end": today + timedelta(days=30)}
    return make_programme(name="Start-up", name_sr="Start-up obuka", applies_from=today, **ends)


@pytest.fixture
def coordinator(client, programme):
    client.force_login(
        make_coordinator(programme), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def address(programme, name="mentor_apply") -> str:
    return reverse(f"mentoring:{name}", args=[programme.tenant.slug, programme.code])


def page(name, *args) -> str:
    return reverse(f"mentoring:{name}", args=args)


def filled(programme, **more) -> dict:
    """What a person sends who took half a minute."""
    began = applying.DOOR.opened(programme.pk, timezone.now() - timedelta(seconds=30))
    plain = {"operation": uuid4(), "began": began, "name": "Vesna Vesić", "email": "vesna@example.org"}
    plain |= {"language": "sr-latn", "bio": "Dvadeset godina u izvozu.", "agrees": "on"}
    return plain | more


WHOLE = {
    "phone": "064 1", "municipality": "Niš", "functions": ["export", "pricing"], "sectors": ["C"],
    "languages": ["en"], "reach": "region", "on_premises": "yes", "online": "", "capacity": "3", "hours": "8",
    "per": "month",
    "day_0": "17-20", "organisation": "Кућа кластера", "role": "director", "wishes": "Food",
}  # fmt: skip


def confirm(row, now=None):
    return services.confirm_mentor_application(pk=row.pk, revision=row.revision, now=now or timezone.now())


def test_what_she_writes_is_kept_and_nothing_else_happens(client, programme):
    answer = client.post(
        address(programme), filled(programme, **WHOLE), headers={"Accept-Language": "sr-Latn"}
    )
    assert (answer.status_code, answer.url) == (302, address(programme, "mentor_apply_sent"))
    row = MentorApplication.objects.get()
    assert (row.name, row.email, row.phone, row.language, row.confirmed_at, row.state) == (
        "Vesna Vesić", "vesna@example.org", "064 1", "sr-latn", None, "waiting",
    )  # fmt: skip
    assert row.said == {
        "bio_sr": "Dvadeset godina u izvozu.", "municipality": "Niš", "functions": ["export", "pricing"],
        "sectors": ["C"], "languages": ["en"], "reach": "region", "on_premises": True, "capacity": 3,
        "hours": 8, "per": "month", "windows": [{"weekday": 0, "start": "17:00", "end": "20:00"}],
        "organisation": "Кућа кластера", "role": "director", "wishes": "Food",
    }  # fmt: skip
    assert (Person.objects.filter(email=row.email).count(), Mentor.objects.count()) == (0, 0)
    assert client.get(answer.url).status_code == 200


def test_the_form_is_open_until_the_programme_is_over_and_says_when(client, programme):
    today = today_there()
    for first, end, said in (
        (today, today + timedelta(days=1), "Become a mentor of Start-up"),
        (today + timedelta(days=1), None, "Applications open on"),
        (today - timedelta(days=5), today, "takes no more mentors"),
        (today, None, "Become a mentor of Start-up"),
    ):
        programme.start, programme.applies_from, programme.end = None, first, end
        programme.save()
        answer = client.get(address(programme))
        assert (answer.status_code, said in answer.text) == (200, True), said
    programme.applies_from = today + timedelta(days=1)
    programme.save()
    assert client.post(address(programme), filled(programme)).status_code == 409
    programme.applies_from = None
    programme.save()
    assert client.get(address(programme)).status_code == 404
    assert MentorApplication.objects.count() == 0


def test_a_trap_a_hurry_and_a_stale_page_are_refused_in_words(client, programme):
    began = applying.DOOR.opened(programme.pk, timezone.now())
    answer = client.post(address(programme), filled(programme, began=began))
    assert (answer.status_code, "quicker than anybody reads" in answer.text) == (422, True)
    answer = client.post(address(programme), filled(programme, website="http://spam"))
    assert (answer.status_code, "trap for machines" in answer.text) == (422, True)
    for stale in ("1-2-3.forged", "", applying.DOOR.opened(programme.pk + 1, timezone.now())):
        answer = client.post(address(programme), filled(programme, began=stale))
        assert (answer.status_code, "Vesna Vesić" in answer.text) == (422, True)
    assert MentorApplication.objects.count() == 0


def test_too_many_from_one_address_and_to_one_mailbox_wait(client, programme, monkeypatch):
    monkeypatch.setattr(doors, "TO_ONE_MAILBOX", 2)
    answers = [client.post(address(programme), filled(programme, name=f"Ana {n}")) for n in range(3)]
    assert [one.status_code for one in answers] == [302, 302, 429]
    assert answers[2]["Retry-After"] == str(doors.MAIL_PERIOD)
    monkeypatch.setattr(doors, "FROM_ONE_ADDRESS", 3)
    answer = client.post(address(programme), filled(programme, email="other@example.org"))
    assert (answer.status_code, answer["Retry-After"]) == (429, str(doors.PERIOD))
    large = client.post(address(programme), filled(programme, bio="x" * doors.LARGEST))
    assert large.status_code == 413


def test_the_answer_is_the_same_whether_or_not_she_is_known(client, programme):
    make_person(programme.tenant, email="known@example.org", name="Vesna Vesić")
    texts = [
        client.post(address(programme), filled(programme, email=email), follow=True).text
        for email in ("known@example.org", "unknown@example.org")
    ]
    assert len({re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text) for text in texts}) == 1


def test_other_words_kill_the_old_link(client, programme):
    sent = filled(programme)
    client.post(address(programme), sent)
    client.post(address(programme), sent)
    row = MentorApplication.objects.get()
    old = applying.token_of(row)
    client.post(address(programme), sent | {"email": "mistyped@example.org"})
    row.refresh_from_db()
    assert (MentorApplication.objects.count(), row.email, row.revision) == (1, "mistyped@example.org", 2)
    answer = client.post(page("mentor_confirm", old))
    assert (answer.status_code, "A newer letter was sent" in answer.text) == (410, True)


def test_looking_confirms_nothing_the_button_does_once(client, programme):
    row = make_candidate(programme, confirmed_at=None, created_at=timezone.now())
    link = page("mentor_confirm", applying.token_of(row))
    for _n in range(2):  # mail scanners look
        assert "Yes, I would be a mentor" in client.get(link).text
    row.refresh_from_db()
    assert row.confirmed_at is None
    assert "Your application is in" in client.post(link).text
    assert "You confirmed this already" in client.post(link).text
    assert client.get(page("mentor_confirm", "1-1-1.x")).status_code == 404
    applicants = "training.application"
    foreign = doors.Door(applicants, "x").token_of(row.pk, row.revision)  # signed for another form
    assert client.get(page("mentor_confirm", foreign)).status_code == 404


def test_after_a_week_it_is_gone_with_its_letters(client, programme):
    now = timezone.now()
    row = make_candidate(programme, confirmed_at=None, created_at=now - doors.KEPT)
    link = page("mentor_confirm", applying.token_of(row))
    assert client.post(link).status_code == 410
    Reminder.objects.create(
        rule=programme.rules.create(kind="mentor_unconfirmed"), subject_type="mentoring.mentorapplication",
        subject_id=row.pk, subject_revision=1, due_at=now,
    )  # fmt: skip
    kept = make_candidate(programme)
    sweep_applications()
    assert list(MentorApplication.objects.all()) == [kept]
    assert Reminder.objects.count() == 0
    assert client.get(link).status_code == 404


def test_the_letter_leaves_in_her_language_with_a_link_that_works(client, programme, smtp_sink):
    now = timezone.now()
    row = make_candidate(programme, email="vesna@example.org", confirmed_at=None, created_at=now)
    for _n in range(2):
        reminders.plan(now)
        reminders.send_due(now)
    (letter,) = smtp_sink.to("vesna@example.org")
    assert (row.language, "Start-up obuka" in letter.subject) == ("sr-latn", True)
    link = re.search(r"/mentor-applications/\S+", letter.text)[0]
    assert client.post(link).status_code == 200
    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert Application.objects.count() == 0


def test_she_becomes_a_mentor_with_all_she_said(coordinator, programme):
    row = make_candidate(
        programme,
        name="Vesna Vesić",
        email="vesna@example.org",
        phone="064 1",
        said={
            "bio": "Export.", "functions": ["export"], "languages": ["en"], "reach": "region",
            "on_premises": False, "capacity": 3, "hours": 8, "per": "month",
            "windows": [{"weekday": 0, "start": "17:00", "end": "20:00"}],
            "municipality": "Niš", "organisation": "Kuća klastera", "role": "director", "wishes": "Food",
        },
    )  # fmt: skip
    known = make_organisation(programme.tenant, name="Кућа кластера")
    assert "offers herself as a mentor" in coordinator.get(page("candidate_detail", row.pk)).text
    answer = coordinator.post(page("candidate_decide", row.pk), {"decision": "take"})
    mentor = Mentor.objects.get()
    assert answer.url == page("mentor_detail", mentor.pk)
    person, offer = mentor.person, mentor.offers.get()
    assert (person.name, person.email, person.phone, person.municipality, person.language) == (
        "Vesna Vesić", "vesna@example.org", "064 1", "Niš", "sr-latn",
    )  # fmt: skip
    assert (mentor.state, mentor.functions, mentor.reach, mentor.on_premises, mentor.online, mentor.bio) == (
        "active", ["export"], "region", False, None, "Export.",
    )  # fmt: skip
    assert (offer.programme, offer.capacity, offer.hours, offer.per, offer.wishes) == (
        programme,
        3,
        8,
        "month",
        "Food",
    )
    assert Membership.objects.filter(person=person, programme=programme, role="mentor").count() == 1
    works = Affiliation.objects.get()
    assert (works.person, works.organisation, works.role, Organisation.objects.count()) == (
        person,
        known,
        "director",
        1,
    )
    row.refresh_from_db()
    assert (row.state, row.mentor, row.state_by) == ("taken", mentor, answer.wsgi_request.user)
    assert list(Mentor.objects.active_in(programme)) == [mentor]


def test_an_entrepreneur_of_the_address_book_is_found_again(coordinator, programme):
    there = make_enrolment(make_programme(programme.tenant))
    person = there.person
    person.name, person.email, person.municipality = "Весна Весић", "Vesna@Example.org", "Vranje"
    person.save()
    row = make_candidate(
        programme, name="Vesna Vesić", email="vesna@example.org", said={"municipality": "Niš"}
    )
    assert "The address book knows her" in coordinator.get(page("candidate_detail", row.pk)).text
    coordinator.post(page("candidate_decide", row.pk), {"decision": "take"})
    mentor = Mentor.objects.get()
    assert (mentor.person, mentor.person.name, mentor.person.municipality) == (
        person,
        "Весна Весић",
        "Vranje",
    )


def test_one_who_left_comes_back(programme):
    by, mentor = make_coordinator(programme), make_mentor(programme)
    now = timezone.now()
    services.change_mentor_state(by=by, mentor=mentor, state="left", reason="moved", now=now)
    row = make_candidate(programme, name=mentor.person.name, email=mentor.person.email, said={"capacity": 9})
    taken = services.take_mentor(by=by, application=row, now=now)
    assert (taken, taken.state, taken.offers.get().capacity) == (mentor, "active", 9)


def test_declining_needs_a_reason_and_of_two_decisions_one_counts(coordinator, programme):
    row = make_candidate(programme)
    refused = coordinator.post(page("candidate_decide", row.pk), {"decision": "decline", "reason": " "})
    assert (refused.status_code, "Declining needs a reason" in refused.text) == (422, True)
    coordinator.post(page("candidate_decide", row.pk), {"decision": "decline", "reason": "No export now."})
    row.refresh_from_db()
    assert (row.state, row.reason) == ("declined", "No export now.")
    late = coordinator.post(page("candidate_decide", row.pk), {"decision": "take"})
    assert (late.status_code, Mentor.objects.count()) == (422, 0)
    unsure = make_candidate(programme, confirmed_at=None)
    with pytest.raises(ValidationError, match="does not wait"):
        services.take_mentor(by=make_coordinator(programme), application=unsure, now=timezone.now())


def test_the_list_shows_what_was_confirmed_and_is_taken_along(coordinator, programme):
    row, _unsure = make_candidate(programme), make_candidate(programme, confirmed_at=None)
    address = page("candidate_list", programme.code)
    answer = coordinator.get(address)
    assert list(answer.context["page"]) == [row]
    assert [one in answer.text for one in ("1 person offers herself", "1 more was not confirmed")] == [
        True,
        True,
    ]
    assert list(coordinator.get(address, {"state": "taken"}).context["page"]) == []
    taken = coordinator.get(page("candidate_export", programme.code, "json"))
    assert row.name in b"".join(taken.streaming_content).decode()


def test_the_list_costs_the_same_for_one_and_for_three(coordinator, programme, django_assert_num_queries):
    address = page("candidate_list", programme.code)
    make_candidate(programme)
    coordinator.get(address)
    with django_assert_num_queries(10):
        coordinator.get(address)
    for _n in range(2):
        make_candidate(programme)
    with django_assert_num_queries(10):
        coordinator.get(address)


def test_strangers_find_no_application(client, programme):
    row = make_candidate(programme)
    for user in (make_coordinator(make_programme()), make_coordinator(make_programme(programme.tenant))):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(page("candidate_detail", row.pk)).status_code == 404
        assert client.post(page("candidate_decide", row.pk), {"decision": "take"}).status_code == 404
    client.force_login(
        make_mentor(programme).person.user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get(page("candidate_detail", row.pk)).status_code == 403


def test_over_the_api_it_is_taken_and_declined(coordinator, programme):
    first, second = make_candidate(programme), make_candidate(programme)
    taken = coordinator.post(f"/api/v1/candidates/{first.pk}/taking/", content_type="application/json")
    assert (taken.status_code, taken.json()["state"], taken.json()["mentor"]) == (
        200,
        "taken",
        Mentor.objects.get().pk,
    )
    said = {"reason": "No export now."}
    declined = coordinator.post(f"/api/v1/candidates/{second.pk}/declining/", said, "application/json")
    assert (declined.status_code, declined.json()["state"]) == (200, "declined")
    again = coordinator.post(f"/api/v1/candidates/{second.pk}/declining/", said, "application/json")
    assert again.status_code == 400
