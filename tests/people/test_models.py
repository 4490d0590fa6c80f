"""The address book and its walls."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from people.access import access
from people.models import (
    Affiliation,
    Beneficiary,
    Consent,
    Funding,
    Membership,
    Organisation,
    Person,
    Programme,
)
from tests.factories import (
    NOW,
    TODAY,
    make_administrator,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_funder,
    make_funding,
    make_member,
    make_organisation,
    make_person,
    make_programme,
    make_project,
    make_tenant,
    make_user,
)
from training.persons import met_by

pytestmark = pytest.mark.django_db


def refused(constraint: str):
    """The database itself refuses, by its constraint's name (SQLite names the columns of a unique one)."""
    return pytest.raises(IntegrityError, match=f"{constraint}|UNIQUE constraint failed")


@pytest.mark.parametrize("typed", ["Djordjevic", "Đorđević", "ђорђевић", "DJORDJEVIĆ"])
def test_a_person_is_found_in_any_script(typed):
    tenant = make_tenant()
    found = [make_person(tenant, name=name) for name in ("Ђорђевић Ана", "Đorđević Ana", "Djordjevic Ana")]
    make_person(tenant, name="Petrović Mila")
    assert sorted(p.pk for p in Person.objects.named_like(typed)) == sorted(p.pk for p in found)


def test_a_name_stays_as_it_was_typed_and_may_be_unknown():
    assert make_person(name="Ђорђевић Ана").name == "Ђорђевић Ана"
    assert str(make_person(name="", source="x", source_id="P0007")) == "P0007"


def test_a_person_of_a_source_is_known_once():
    tenant = make_tenant()
    make_person(tenant, source="form", source_id="7")
    with refused("person_once_per_source"), transaction.atomic():
        make_person(tenant, source="form", source_id="7")
    make_person(make_tenant(), source="form", source_id="7")


def test_a_changed_name_changes_its_key():
    person = make_person(name="Ана")
    person.name = "Ђурђа"
    person.save(update_fields=["name"])
    person.refresh_from_db()
    assert person.name_key == "djurdja"


def test_an_administrator_sees_her_tenant_and_no_other():
    user = make_administrator()
    hers, _other = make_programme(user.tenant), make_programme()
    assert list(Programme.objects.visible_to(user)) == [hers]


def test_a_coordinator_sees_the_people_of_her_programmes_only():
    tenant = make_tenant()
    mine, other = make_programme(tenant), make_programme(tenant)
    user = make_coordinator(mine)
    met, unmet = make_enrolment(mine).person, make_enrolment(other).person
    make_coordinator(other)
    assert set(met_by(user)) == {user.person, met}
    assert unmet not in met_by(user)
    assert list(Programme.objects.visible_to(user)) == [mine]


def test_a_funder_sees_her_own_funding_and_no_programme():
    programme = make_programme()
    hers, other = make_funding(programme), make_funding(programme)
    user = make_funder(programme, funding=hers)
    assert list(Funding.objects.visible_to(user)) == [hers]
    assert other not in Funding.objects.visible_to(user)
    assert list(Programme.objects.visible_to(user)) == []


def test_a_partner_sees_what_it_proposed():
    programme = make_programme()
    partner = make_organisation(programme.tenant)
    user = make_member(programme, "partner", partner=partner)
    proposed = Beneficiary.objects.create(
        project=programme.project, enterprise=make_enterprise(programme.tenant), proposed_by=partner
    )
    Beneficiary.objects.create(project=programme.project, enterprise=make_enterprise(programme.tenant))
    assert list(Beneficiary.objects.visible_to(user)) == [proposed]


def test_somebody_without_a_role_sees_herself():
    user = make_user()
    person = make_person(user=user)
    make_person(user.tenant)
    assert list(Person.objects.visible_to(user)) == [person]
    assert access(user).roles == {"entrepreneur"}


def test_a_right_that_is_lost_is_lost_at_once():
    programme = make_programme()
    user = make_coordinator(programme)
    Membership.objects.all().delete()
    assert list(Programme.objects.visible_to(type(user).objects.get(pk=user.pk))) == []


def test_roles_are_read_once(django_assert_num_queries):
    programme = make_programme()
    user = make_coordinator(programme)
    with django_assert_num_queries(1):
        may = access(user)
        assert may.runs(programme.pk, programme.tenant_id)
        assert may.is_inside
        assert may.roles == {"coordinator", "entrepreneur"}


@pytest.mark.parametrize(("start", "end"), [(TODAY, TODAY), (TODAY, TODAY - timedelta(days=1))])
def test_a_programme_ends_after_it_starts(start, end):
    with refused("programme_ends_after_start"), transaction.atomic():
        make_programme(start=start, end=end)


def test_no_threshold_below_the_floor():
    programme = make_programme()
    with refused("funding_threshold_floor"), transaction.atomic():
        make_funding(programme, threshold=4)
    row = make_funding(programme)
    row.threshold = 4
    with pytest.raises(ValidationError, match="5"):
        row.full_clean()


def test_a_funders_membership_names_her_funding():
    programme = make_programme()
    with refused("membership_funding"), transaction.atomic():
        Membership.objects.create(person=make_person(programme.tenant), programme=programme, role="funder")


def test_one_role_once():
    programme = make_programme()
    user = make_coordinator(programme)
    with refused("membership_once"), transaction.atomic():
        Membership.objects.create(person=user.person, programme=programme, role="coordinator")
    Membership.objects.create(person=user.person, programme=programme, role="trainer")


def test_an_organisation_is_known_once_in_any_script():
    tenant = make_tenant()
    make_organisation(tenant, name="Klaster Niš")
    with refused("organisation_once_by_name"), transaction.atomic():
        make_organisation(tenant, name="Кластер Ниш")


def test_a_union_is_a_cluster_of_clusters():
    tenant = make_tenant()
    union = make_organisation(tenant, kind=Organisation.Kind.CLUSTER)
    cluster = make_organisation(tenant, kind=Organisation.Kind.CLUSTER, umbrella=union)
    assert list(union.clusters.all()) == [cluster]


@pytest.mark.parametrize(
    ("start", "end", "day", "held"),
    [
        (None, None, TODAY, True),
        (TODAY, None, TODAY, True),
        (TODAY, None, TODAY - timedelta(days=1), False),
        (None, TODAY, TODAY, False),
        (None, TODAY, TODAY - timedelta(days=1), True),
    ],
)
def test_a_dated_fact_is_half_open(start: date | None, end: date | None, day: date, held: bool):
    assert Affiliation(start=start, end=end).held_on(day) is held


def test_consent_is_held_once_and_may_be_given_again_after_it_was_withdrawn():
    programme = make_programme()
    person = make_person(programme.tenant)
    fields = {
        "person": person,
        "programme": programme,
        "purpose": "photo",
        "text_version": "1",
        "given_at": NOW,
    }
    first = Consent.objects.create(**fields)
    with refused("consent_once_while_held"), transaction.atomic():
        Consent.objects.create(**fields)
    first.withdrawn_at = NOW
    first.save()
    Consent.objects.create(**fields)


def test_a_project_belongs_to_one_tenant():
    project = make_project()
    assert list(type(project).objects.visible_to(make_administrator())) == []
