"""The address book and the frame over the API: what is shown, what may be said, who may say it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from people.models import (
    Affiliation,
    Beneficiary,
    ClusterMembership,
    Consent,
    Funding,
    Membership,
    Organisation,
    Ownership,
    Partner,
    Person,
    Programme,
    Project,
)
from tests.factories import (
    NOW,
    make_administrator,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_funding,
    make_member,
    make_organisation,
    make_person,
    make_programme,
    make_trainer,
)

pytestmark = pytest.mark.django_db
API, JSON = "/api/v1/", "application/json"


@pytest.fixture
def programme():
    return make_programme(code="start-up")


@pytest.fixture
def administrator(client, programme):
    user = make_administrator(programme.tenant)
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def coordinator(client, programme):
    user = make_coordinator(programme)
    client.force_login(user)
    client.user = user
    return client


def send(client, path: str, said: dict, method: str = "post"):
    answer = getattr(client, method)(f"{API}{path}", said, JSON)
    return answer.status_code, answer.json() if answer.content else None


def keys(client, path: str) -> list[int]:
    return [row["id"] for row in client.get(f"{API}{path}").json()["results"]]


# --- persons


def test_a_person_is_added_folded_and_in_the_trail(administrator):
    status, made = send(administrator, "persons/", {"name": " Ђурђа Ђорђевић ", "born": 1984})
    her = Person.objects.get(pk=made["id"])
    assert (status, made["name"], her.name_key, her.tenant) == (
        201, "Ђурђа Ђорђевић", "djurdja djordjevic", administrator.user.tenant,
    )  # fmt: skip
    entry = AuditEntry.objects.get(object_type="people.person")
    assert (entry.verb, entry.object_id, entry.fields, entry.by) == (
        "add", her.pk, ["born", "name"], administrator.user,
    )  # fmt: skip
    assert keys(administrator, "persons/?q=djordjevic") == [her.pk]


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"municipality": "Niš"}, {"name": ["A person needs an id or a name."]}),
        ({"name": "Ana", "zone": "Mars"}, {"zone": ["“Mars” is no time zone."]}),
        ({"name": "Ana", "born": 1850}, {"born": ["Ensure this value is greater than or equal to 1900."]}),
        ({"name": "Ana", "email": "ana@"}, {"email": ["Enter a valid email address."]}),
        ({"name": "Ana", "sex": "x"}, {"sex": ['"x" is not a valid choice.']}),
        (
            {"source": "moodle", "source_id": "7"},
            {"non_field_errors": ["This person of this source is known already."]},
        ),
    ],
)
def test_what_a_person_cannot_be(administrator, said, refused):
    make_person(administrator.user.tenant, source="moodle", source_id="7")
    before = Person.objects.count()
    assert send(administrator, "persons/", said) == (400, refused)
    assert (Person.objects.count(), AuditEntry.objects.count()) == (before, 0)


def test_a_change_names_only_what_changed(coordinator, programme):
    her = make_enrolment(programme).person
    said = {"name": her.name, "phone": "+381 64 1"}
    assert send(coordinator, f"persons/{her.pk}/", said, "patch")[0] == 200
    assert AuditEntry.objects.get().fields == ["phone"]
    assert send(coordinator, f"persons/{her.pk}/", said, "patch")[0] == 200
    assert AuditEntry.objects.count() == 1  # nothing changed, nothing was done


def test_a_coordinator_changes_whom_she_works_with_and_adds_nobody_without_a_place(coordinator, programme):
    elsewhere = make_enrolment(make_programme(programme.tenant)).person
    assert send(coordinator, "persons/", {"name": "Ana"})[0] == 403
    assert send(coordinator, f"persons/{elsewhere.pk}/", {"name": "Ana"}, "patch")[0] == 404


# --- organisations, enterprises, facts


def test_no_cluster_stands_above_itself(administrator, programme):
    union = make_organisation(programme.tenant, kind="cluster")
    below = make_organisation(programme.tenant, kind="cluster", umbrella=union)
    plain = make_organisation(programme.tenant)
    above = send(administrator, f"organisations/{union.pk}/", {"umbrella": below.pk}, "patch")
    assert above == (400, {"umbrella": ["No cluster stands above itself."]})
    said = {"name": "Savez", "umbrella": plain.pk}
    assert send(administrator, "organisations/", said) == (
        400, {"umbrella": ["This organisation is no cluster."]},
    )  # fmt: skip


def test_facts_have_dates_and_stay_in_the_tenant(administrator, programme):
    her, shop = make_person(programme.tenant), make_enterprise(programme.tenant)
    said = {"person": her.pk, "enterprise": shop.pk, "share": "60.00", "start": "2024-01-01"}
    status, made = send(administrator, "ownerships/", said)
    assert (status, made["share"], Ownership.objects.get().share) == (201, "60.00", 60)
    wrong = send(administrator, f"ownerships/{made['id']}/", {"end": "2023-01-01"}, "patch")
    assert wrong == (400, {"end": ["It ends after it begins."]})
    strange = make_enterprise()
    status, words = send(administrator, "ownerships/", said | {"enterprise": strange.pk})
    assert (status, list(words)) == (400, ["enterprise"])


def test_an_enterprise_joins_a_cluster_only(administrator, programme):
    shop, plain = make_enterprise(programme.tenant), make_organisation(programme.tenant)
    said = {"enterprise": shop.pk, "cluster": plain.pk}
    assert send(administrator, "clusterings/", said) == (
        400, {"cluster": ["This organisation is no cluster."]},
    )  # fmt: skip


# --- the frame


def test_projects_programmes_and_fundings(administrator, programme):
    assert send(administrator, "projects/", {"code": "rural", "name": "Rural"})[0] == 201
    status, made = send(administrator, "programmes/", {"code": "p2", "name": "Two", "project": "rural"})
    assert (status, made["project"], made["zone"]) == (201, "rural", "Europe/Belgrade")
    again = send(administrator, "programmes/", {"code": "p2", "name": "Two"})
    assert again == (400, {"non_field_errors": ["A programme with this code exists already."]})
    funder = make_organisation(programme.tenant, kind="funder")
    pays = {"project": "rural", "funder": funder.pk, "code": "b", "start": "2025-01-01", "end": "2026-01-01"}
    stranger = send(administrator, "fundings/", pays | {"programmes": ["start-up"]})
    assert stranger == (400, {"programmes": ["Not of this project: start-up."]})
    low = send(administrator, "fundings/", pays | {"threshold": 4})
    assert (low[0], list(low[1])) == (400, ["threshold"])
    status, made = send(administrator, "fundings/", pays | {"programmes": ["p2"]})
    assert (status, made["programmes"], Funding.objects.get().threshold) == (201, ["p2"], 5)
    status, made = send(administrator, f"fundings/{made['id']}/", {"programmes": []}, "patch")
    assert (status, made["programmes"]) == (200, [])
    moved = send(administrator, f"fundings/{made['id']}/", {"project": programme.project.code}, "patch")
    assert moved == (400, {"project": ["This stays as it was made."]})


def test_a_coordinator_changes_her_programme_and_not_the_frame(coordinator):
    assert send(coordinator, "programmes/start-up/", {"short_name": "S"}, "patch")[0] == 200
    assert send(coordinator, "programmes/", {"code": "p2", "name": "Two"})[0] == 403
    assert send(coordinator, "projects/", {"code": "p2", "name": "Two"})[0] == 403


def test_a_partner_proposes_for_her_own_organisation(client, programme):
    hers, other = make_organisation(programme.tenant), make_organisation(programme.tenant)
    client.force_login(make_member(programme, "partner", partner=hers))
    said = {"project": programme.project.code, "new_enterprise": {"name": "Džem"}, "proposed_by": hers.pk}
    status, made = send(client, "beneficiaries/", said)
    assert (status, made["enterprise_name"], keys(client, "beneficiaries/")) == (201, "Džem", [made["id"]])
    status, words = send(client, "beneficiaries/", said | {"proposed_by": other.pk})
    assert (status, list(words)) == (400, ["proposed_by"])
    status, words = send(
        client, "beneficiaries/", said | {"enterprise": Beneficiary.objects.get().enterprise_id}
    )
    assert (status, list(words)) == (400, ["enterprise"])


# --- what opens a programme


@pytest.mark.parametrize(("role", "status"), [("trainer", 201), ("mentor", 201), ("coordinator", 403)])
def test_which_roles_a_coordinator_gives(coordinator, role, status):
    said = {"programme": "start-up", "new_person": {"name": "Vesna"}, "role": role}
    assert send(coordinator, "memberships/", said)[0] == status
    assert Person.objects.filter(name="Vesna").count() == (status == 201)


def test_a_funders_role_names_a_funding_of_the_programme(administrator, programme):
    her = make_person(programme.tenant)
    said = {"programme": "start-up", "person": her.pk, "role": "funder"}
    words = ["A funder's membership names her funding, and only hers does."]
    assert send(administrator, "memberships/", said) == (400, {"non_field_errors": words})
    other = make_funding(make_programme(programme.tenant))
    said |= {"funding": other.pk}
    words = ["This funding does not pay for this programme."]
    assert send(administrator, "memberships/", said) == (400, {"funding": words})


def test_a_role_is_taken_away(coordinator, programme):
    row = make_trainer(programme).person.memberships.get()
    assert coordinator.delete(f"{API}memberships/{row.pk}/").status_code == 204
    assert not Membership.objects.filter(pk=row.pk).exists()
    own = coordinator.user.person.memberships.get()
    assert coordinator.delete(f"{API}memberships/{own.pk}/").status_code == 403


def test_a_consent_is_given_once_and_withdrawn_by_date(coordinator, programme):
    her = make_enrolment(programme).person
    said = {"programme": "start-up", "person": her.pk, "purpose": "photo", "text_version": "1"}
    later = (timezone.now() + timedelta(days=1)).isoformat()
    early = send(coordinator, "consents/", said | {"given_at": later})
    assert early == (400, {"given_at": ["This moment has not come yet."]})
    status, made = send(coordinator, "consents/", said | {"given_at": NOW.isoformat()})
    twice = send(coordinator, "consents/", said | {"given_at": NOW.isoformat()})
    assert (status, twice) == (201, (400, {"purpose": ["She agreed to this already."]}))
    status, gone = send(coordinator, f"consents/{made['id']}/withdrawal/", {})
    again = send(coordinator, f"consents/{made['id']}/withdrawal/", {})
    assert (status, gone["withdrawn_at"] is None, again) == (200, False, (200, gone))
    assert keys(coordinator, "consents/?held=true") == []


# --- who sees what


def test_the_trail_is_the_administrators(client, programme):
    her = make_administrator(programme.tenant)
    client.force_login(her)
    send(client, "projects/", {"code": "rural", "name": "Rural"})
    [entry] = client.get(f"{API}audit/").json()["results"]
    assert (entry["verb"], entry["object_type"], entry["fields"]) == (
        "add", "people.project", ["code", "name"],
    )  # fmt: skip
    client.force_login(make_coordinator(programme))
    assert client.get(f"{API}audit/").status_code == 403


WALLED = (Affiliation, Ownership, ClusterMembership, Partner, Consent, Organisation, Project, Programme)


@pytest.mark.parametrize("model", [*WALLED, AuditEntry])
def test_a_stranger_sees_none_of_it(model, programme):
    """The same for each kind of row that hangs on no programme, or on persons."""
    tenant, her = programme.tenant, make_enrolment(programme).person
    club = make_organisation(tenant, kind="cluster")
    shop = make_enterprise(tenant)
    Affiliation.objects.create(person=her, organisation=club, role="member")
    Ownership.objects.create(person=her, enterprise=shop)
    ClusterMembership.objects.create(enterprise=shop, cluster=club)
    Partner.objects.create(project=programme.project, organisation=club)
    Consent.objects.create(person=her, programme=programme, purpose="photo", text_version="1", given_at=NOW)
    AuditEntry.objects.create(tenant=tenant, verb="add", object_type="people.person")
    stranger = make_coordinator(make_programme())
    hers = set(model.objects.visible_to(make_administrator(tenant)))
    assert len(hers) > 0
    assert hers & set(model.objects.visible_to(stranger)) == set()
    assert list(model.objects.visible_to(make_administrator())) == []
