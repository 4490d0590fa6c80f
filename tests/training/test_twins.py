"""The same person is found again: proposed, joined with one click, parted again, and nothing is lost."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEntry
from people.access import access
from people.models import Consent, Membership, Person, Twin
from tests.factories import (
    NOW,
    make_administrator,
    make_attendance,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_entry,
    make_mark,
    make_member,
    make_mentor,
    make_person,
    make_programme,
    make_session,
    make_trainer,
)
from training import services, twins
from training.models import Enrolment, RosterEntry, StateChange

pytestmark = pytest.mark.django_db
ROWS = {"people.twin", "accounts.auditentry", "training.statechange"}  # what is only ever added


def dump() -> dict:
    """All rows of all tables, as they stand."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if model._meta.managed and label not in ROWS:
            names = [field.attname for field in model._meta.concrete_fields]
            found[label] = list(model._base_manager.order_by("pk").values_list(*names))
    return found


@pytest.fixture
def programme():
    return make_programme(code="p1")


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


@pytest.fixture
def latin(programme):
    facts = {"name": "Ana Đorđević", "born": 1984, "email": "ana@primer.example"}
    return make_enrolment(programme, person=make_person(programme.tenant, **facts))


@pytest.fixture
def cyrillic(programme):
    facts = {"name": "Ана Ђорђевић", "born": 1984, "phone": "064 111 2233", "municipality": "Niš"}
    return make_enrolment(programme, person=make_person(programme.tenant, **facts))


def decide(client, by, programme, kept, other, decision="join"):
    client.force_login(by)
    said = {"kept": kept.pk, "other": other.pk, "decision": decision}
    return client.post(reverse("training:twin_decide", args=[programme.code]), said)


def test_proposed_to_whoever_sees_both_and_to_nobody_else(programme, by, latin, cyrillic):
    [pair] = twins.proposals(by, programme)
    assert (pair.one, pair.other) == (latin.person, cyrillic.person)
    assert pair.likeness.reasons == ("name written in another script", "born 1984 both")
    elsewhere = make_enrolment(
        make_programme(tenant=programme.tenant),
        person=make_person(programme.tenant, name="Djordjevic Ana", born=1984),
    )
    assert len(twins.proposals(by, programme)) == 1
    admin = make_administrator(programme.tenant)
    assert {one.other.pk for one in twins.proposals(admin, programme)} == {
        cyrillic.person_id,
        elsewhere.person_id,
    }
    assert twins.proposals(make_coordinator(make_programme()), programme) == []


def test_queries_do_not_grow_with_people(programme, by, latin, cyrillic, django_assert_num_queries):
    access(by).programmes("coordinator")
    with django_assert_num_queries(6):
        assert len(twins.proposals(by, programme)) == 1
    for n in range(20):
        make_enrolment(programme, person=make_person(programme.tenant, name=f"Ana Đorđević {n}", born=1984))
    with django_assert_num_queries(6):
        assert len(twins.proposals(by, programme)) > 40


def everything(programme, other):
    """Of the other one whatever a person may have."""
    person = other.person
    make_member(programme, "mentor", person=person)
    make_mentor(make_programme(tenant=programme.tenant), person=person)
    make_session(programme, trainers=[person], title="Led by her")
    person.ownerships.create(enterprise=make_enterprise(programme.tenant))
    for purpose in ("photo", "contact_list"):
        person.consents.create(programme=programme, purpose=purpose, text_version="1", given_at=NOW)
    make_enrolment(make_programme(tenant=programme.tenant), person=person)


def test_joined_and_parted_again_every_table_is_as_it_was(programme, by, latin, cyrillic):
    everything(programme, cyrillic)
    latin.person.consents.create(programme=programme, purpose="photo", text_version="2", given_at=NOW)
    to_come = make_session(programme, day=(NOW + timedelta(days=9)).date())
    services.fill_roster(by=by, session=to_come, enrolments=[latin, cyrillic])
    before = dump()
    twin = services.join_persons(by=by, kept=latin.person, other=cyrillic.person, now=NOW)
    kept = Person.objects.get(pk=latin.person_id)
    assert (kept.name, kept.phone, kept.municipality) == ("Ana Đorđević", "064 111 2233", "Niš")
    assert kept.enrolments.count() == 2
    assert {one.purpose for one in kept.consents.all()} == {"photo", "contact_list"}
    assert Consent.objects.get(person=cyrillic.person).purpose == "photo"  # she had one already: it stays
    assert {step["what"] for step in twin.moved} == {"moved", "stays", "filled", "declined", "off roster"}
    cyrillic.refresh_from_db()
    assert (cyrillic.state, cyrillic.reason) == ("declined", f"the same person as {latin.row_code}")
    assert not RosterEntry.objects.filter(enrolment=cyrillic).exists()
    assert dump() != before
    services.part_persons(by=by, twin=twin, now=NOW)
    after = dump()
    assert {label: rows for label, rows in after.items() if rows != before[label]} == {}
    verbs = AuditEntry.objects.filter(object_type="people.person", object_id=latin.person_id)
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == ["join", "part"]
    assert StateChange.objects.filter(enrolment=cyrillic).last().reason == "not the same person after all"
    twin.refresh_from_db()
    assert (twin.state, twin.parted_by) == (Twin.State.PARTED, by)
    assert twins.proposals(by, programme) == []  # it was decided


def test_the_enrolment_with_marks_stays(programme, by, latin, cyrillic):
    session = make_session(programme)
    make_attendance(make_entry(session, cyrillic))
    before = dump()
    twin = services.join_persons(by=by, kept=latin.person, other=cyrillic.person, now=NOW)
    latin.refresh_from_db()
    cyrillic.refresh_from_db()
    assert (cyrillic.person_id, cyrillic.state) == (twin.kept_id, "enrolled")
    assert (latin.person_id, latin.state, latin.reason) == (
        twin.other_id,
        "declined",
        f"the same person as {cyrillic.row_code}",
    )
    services.part_persons(by=by, twin=twin, now=NOW)
    assert {label for label, rows in dump().items() if rows != before[label]} == set()


def test_both_with_marks_are_refused_by_the_programmes_name(programme, by, latin, cyrillic):
    session = make_session(programme)
    for one in (latin, cyrillic):
        make_mark(make_entry(session, one))
    before = dump()
    with pytest.raises(ValidationError) as error:
        services.join_persons(by=by, kept=latin.person, other=cyrillic.person, now=NOW)
    assert error.value.messages == [
        f"Both were marked in “{programme}”, as {latin.row_code} and as {cyrillic.row_code}: "
        "clear the marks of one first."
    ]
    assert dump() == before


@pytest.mark.parametrize("who", ["itself", "stranger", "joined", "users"])
def test_what_cannot_be_joined_is_refused_in_words(programme, by, latin, cyrillic, who):
    other = cyrillic.person
    if who == "itself":
        other = latin.person
    elif who == "stranger":
        other = make_person(make_programme().tenant)
    elif who == "joined":
        services.join_persons(by=by, kept=make_person(programme.tenant), other=other, now=NOW)
        other.refresh_from_db()
    else:
        for one in (latin.person, other):
            one.user = make_trainer(programme).person.user
            Membership.objects.filter(person__user=one.user).delete()
            Person.objects.filter(user=one.user).update(user=None)
            one.save()
    with pytest.raises(ValidationError):
        services.join_persons(by=by, kept=latin.person, other=other, now=NOW)


def test_what_was_changed_since_stays_changed(programme, by, latin, cyrillic):
    twin = services.join_persons(by=by, kept=latin.person, other=cyrillic.person, now=NOW)
    Person.objects.filter(pk=latin.person_id).update(phone="065 000 111")
    services.part_persons(by=by, twin=twin, now=NOW)
    assert Person.objects.get(pk=latin.person_id).phone == "065 000 111"


def test_part_in_the_order_that_holds(programme, by, latin, cyrillic):
    third = make_person(programme.tenant, name="Ana Dj.")
    first = services.join_persons(by=by, kept=latin.person, other=cyrillic.person, now=NOW)
    second = services.join_persons(by=by, kept=third, other=latin.person, now=NOW)
    assert Person.objects.get(pk=cyrillic.person_id).joined_to == third
    with pytest.raises(ValidationError):
        services.part_persons(by=by, twin=first, now=NOW)
    services.part_persons(by=by, twin=second, now=NOW)
    services.part_persons(by=by, twin=first, now=NOW)
    services.part_persons(by=by, twin=first, now=NOW)
    assert not Person.objects.exclude(joined_to=None).exists()


def test_the_page_joins_parts_and_hides(client, programme, by, latin, cyrillic):
    client.force_login(by)
    page = client.get(reverse("training:twin_list", args=[programme.code]))
    assert "1 pair may be one person" in page.content.decode()
    assert decide(client, by, programme, latin.person, cyrillic.person).status_code == 302
    twin = Twin.objects.get()
    assert twin.state == "joined"
    names = client.get(reverse("training:enrolment_list", args=[programme.code])).content.decode()
    assert ("Ana Đorđević" in names, "Ана Ђорђевић" in names) == (True, False)
    page = client.get(reverse("training:enrolment_detail", args=[cyrillic.pk]))
    assert page.url == reverse("training:enrolment_detail", args=[latin.pk])
    client.post(reverse("training:twin_part", args=[twin.pk]))
    assert Person.objects.get(pk=cyrillic.person_id).joined_to is None


def test_two_persons_are_not_asked_about_again(client, programme, by, latin, cyrillic):
    decide(client, by, programme, latin.person, cyrillic.person, "apart")
    decide(client, by, programme, cyrillic.person, latin.person, "apart")
    assert (Twin.objects.count(), twins.proposals(by, programme)) == (1, [])


def test_whom_she_does_not_see_cannot_be_joined(client, programme, by, latin):
    other = make_enrolment(make_programme(tenant=programme.tenant))
    assert decide(client, by, programme, latin.person, other.person).status_code == 422
    assert not Twin.objects.exists()


def test_strangers_and_trainers(client, programme, by, latin, cyrillic):
    twin = services.join_persons(by=by, kept=latin.person, other=cyrillic.person, now=NOW)
    for user, status in ((make_coordinator(make_programme()), 404), (make_trainer(programme), 403)):
        client.force_login(user)
        for name in ("twin_list", "twin_count"):
            assert client.get(reverse(f"training:{name}", args=[programme.code])).status_code == status
        assert decide(client, user, programme, latin.person, cyrillic.person).status_code == status
        assert client.post(reverse("training:twin_part", args=[twin.pk])).status_code == status
        assert client.get(f"/api/v1/twins/{twin.pk}/").status_code == status


def test_the_count_is_a_link_or_nothing(client, programme, by, latin, cyrillic):
    client.force_login(by)
    url = reverse("training:twin_count", args=[programme.code])
    assert "1 possible duplicate" in client.get(url).content.decode()
    assert "She may be here twice" in client.get(f"{url}?enrolment={latin.pk}").content.decode()
    decide(client, by, programme, latin.person, cyrillic.person, "apart")
    assert client.get(url).content.decode().strip() == ""


def test_the_api_joins_and_parts(client, programme, by, latin, cyrillic):
    client.force_login(by)
    said = {"kept": latin.person_id, "other": cyrillic.person_id, "state": "joined"}
    answer = client.post("/api/v1/twins/", said, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (201, "joined")
    answer = client.post(f"/api/v1/twins/{answer.json()['id']}/parting/", content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "parted")
    assert Enrolment.objects.filter(state="enrolled").count() == 2
