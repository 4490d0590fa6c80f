"""The frame of a programme on pages: texts, partners, clusters; and a partner's own beneficiaries."""

import pytest
from django.urls import reverse

from people import services
from people.models import Beneficiary, Membership, Organisation, Partner
from tests.factories import (
    make_administrator,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_member,
    make_organisation,
    make_programme,
    make_trainer,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def coordinator(programme):
    return make_coordinator(programme)


@pytest.fixture
def admin(programme):
    return make_administrator(programme.tenant)


@pytest.fixture
def house(programme):
    return make_organisation(programme.tenant, name="Cluster House")


@pytest.fixture
def partner(programme, house):
    return make_member(programme, Membership.Role.PARTNER, partner=house)


def enter(client, user):
    client.force_login(user, backend=BACKEND)
    return client


# --- texts and days -----------------------------------------------------------------------------------


def said(programme, **more):
    return {
        "name": programme.name, "name_sr": "Obuka", "short_name": "", "description": "Two modules",
        "description_sr": "Dva modula", "participants": "women", "start": "2025-02-01",
        "last_day": "2025-06-30",
        "zone": "Europe/Belgrade", "country": "RS", "language": "sr-latn", "second_language": "en",
        "capacity": 30, "completion_share": 80, "applies_from": "2025-01-01", "applies_last": "2025-01-31",
    } | more  # fmt: skip


def test_a_coordinator_changes_texts_and_days(client, programme, coordinator):
    url = reverse("people:programme_edit", args=[programme.code])
    assert enter(client, coordinator).get(url).status_code == 200
    assert client.post(url, said(programme)).status_code == 302
    programme.refresh_from_db()
    assert [str(day) for day in (programme.end, programme.applies_until)] == ["2025-07-01", "2025-02-01"]
    assert (programme.description_sr, programme.capacity) == ("Dva modula", 30)


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"zone": "Europe/Nowhere"}, "id_zone_error"),
        ({"name": ""}, "id_name_error"),
        ({"country": "XX"}, "id_country_error"),
        ({"completion_share": 0}, "id_completion_share_error"),
        ({"last_day": "yesterday"}, "id_last_day_error"),
    ],
)
def test_what_is_not_right_is_said_at_its_field(client, programme, coordinator, wrong, at):
    url = reverse("people:programme_edit", args=[programme.code])
    answer = enter(client, coordinator).post(url, said(programme, **wrong))
    assert f'id="{at}"' in answer.content.decode()
    before = programme.description
    programme.refresh_from_db()
    assert programme.description == before


# --- partners and clusters ----------------------------------------------------------------------------


def test_an_administrator_adds_and_takes_off_partners(client, programme, admin, house):
    url = reverse("people:partner_create", args=[programme.code])
    enter(client, admin)
    assert client.get(url).status_code == 200
    both = client.post(url, {"name": "X", "organisation": house.pk, "role": "partner"})
    client.post(url, {"organisation": house.pk, "role": "partner"})
    client.post(url, {"name": "Weavers' Guild", "name_sr": "Esnaf", "role": "initiator"})
    neither = client.post(url, {"role": "partner"})
    assert ["Choose" in page.content.decode() for page in (both, neither)] == [True, True]
    rows = Partner.objects.filter(project=programme.project).order_by("role")
    assert [(str(row), row.role) for row in rows] == [
        ("Weavers' Guild", "initiator"), ("Cluster House", "partner"),
    ]  # fmt: skip
    client.post(reverse("people:partner_remove", args=[rows[1].pk]))
    assert rows.all().count() == 1
    assert Organisation.objects.filter(pk=house.pk).exists()


def test_an_enterprise_joins_a_cluster_and_the_cluster_a_union(client, programme, coordinator):
    firm = make_enrolment(programme, enterprise=make_enterprise(programme.tenant, name="Tkanica")).enterprise
    other = make_enterprise(programme.tenant)
    union = make_organisation(programme.tenant, name="Union", kind="cluster")
    url = reverse("people:clustering_create", args=[programme.code])
    enter(client, coordinator)
    assert (
        client.post(url, {"enterprise": other.pk, "cluster": "Any"}).status_code == 200
    )  # not of this programme
    for name in ("Текстилни кластер", "Tekstilni klaster"):
        assert client.post(url, {"enterprise": firm.pk, "cluster": name, "start": ""}).status_code == 302
    row = firm.cluster_memberships.get()
    edit = reverse("people:organisation_edit", args=[row.cluster_id])
    assert client.get(edit).status_code == 200
    client.post(edit, {"name": row.cluster.name, "name_sr": "", "municipality": "", "umbrella": union.pk})
    text = client.get(reverse("people:frame", args=[programme.code])).content.decode()
    assert ("member of Union" in text, "Tkanica" in text) == (True, True)
    circle = client.post(
        reverse("people:organisation_edit", args=[union.pk]), {"name": "Union", "umbrella": row.cluster_id}
    )
    assert "No cluster stands above itself." in circle.content.decode()
    client.post(reverse("people:clustering_end", args=[row.pk]))
    row.refresh_from_db()
    assert row.end is not None


def test_a_name_that_is_no_cluster_is_refused(client, programme, coordinator, house):
    firm = make_enrolment(programme, enterprise=make_enterprise(programme.tenant)).enterprise
    url = reverse("people:clustering_create", args=[programme.code])
    answer = enter(client, coordinator).post(url, {"enterprise": firm.pk, "cluster": "cluster house"})
    assert "This organisation is no cluster." in answer.content.decode()


def test_who_may_change_the_frame(client, programme, coordinator, house):
    partner = Partner.objects.create(project=programme.project, organisation=house)
    code = [programme.code]
    asked = {
        "frame": ("get", reverse("people:frame", args=code)),
        "edit": ("post", reverse("people:programme_edit", args=code)),
        "partner": ("post", reverse("people:partner_create", args=code)),
        "removal": ("post", reverse("people:partner_remove", args=[partner.pk])),
        "cluster": ("post", reverse("people:clustering_create", args=code)),
        "organisation": ("post", reverse("people:organisation_edit", args=[house.pk])),
        "beneficiaries": ("get", reverse("people:beneficiary_list", args=code)),
        "proposal": ("post", reverse("people:beneficiary_list", args=code)),
        "export": ("get", reverse("people:beneficiary_export", args=[programme.code, "csv"])),
    }
    seen = {}
    for name, user in {
        "coordinator": coordinator,
        "trainer": make_trainer(programme),
        "stranger": make_administrator(make_programme().tenant),
    }.items():
        enter(client, user)
        seen[name] = [getattr(client, verb)(url).status_code for verb, url in asked.values()]
    assert seen == {
        "coordinator": [200, 200, 403, 403, 200, 200, 200, 200, 200],
        "trainer": [403, 403, 403, 403, 403, 403, 403, 403, 403],
        "stranger": [404, 404, 404, 404, 404, 404, 404, 404, 404],
    }


# --- beneficiaries ------------------------------------------------------------------------------------


def test_a_partner_finds_her_page_from_today_and_proposes_her_own(client, programme, partner, house):
    theirs = services.propose_beneficiary(
        by=partner, project=programme.project, new_enterprise={"name": "Tuđa radnja"},
        proposed_by=make_organisation(programme.tenant, name="Other partner"),
    )  # fmt: skip
    url = reverse("people:beneficiary_list", args=[programme.code])
    today = enter(client, partner).get("/").content.decode()
    assert today.count(f'href="{url}"') == 2  # in the navigation, and beside what she proposed
    said = {
        "name": "Tkačnica", "municipality": "Pirot", "activity": "ćilimi", "sector": "C", "exports": "yes",
        "cluster": "Textile Cluster", "proposed_by": house.pk, "proposed_on": "2025-01-20",
    }  # fmt: skip
    assert client.get(url).status_code == 200
    assert client.post(url, said).status_code == 302
    row = Beneficiary.objects.get(enterprise__name="Tkačnica")
    assert (row.proposed_by, row.enterprise.exports, row.enterprise.sector) == (house, True, "C")
    assert str(row.enterprise.cluster_memberships.get().cluster) == "Textile Cluster"
    text = client.get(url).content.decode()
    assert ("Tkačnica" in text, "Tuđa radnja" in text, "Other partner" in text) == (True, False, False)
    export = b"".join(
        client.get(reverse("people:beneficiary_export", args=[programme.code, "csv"])).streaming_content
    )
    assert ("Tkačnica" in export.decode(), "Tuđa" in export.decode()) == (True, False)
    for wrong in ({"proposed_by": theirs.proposed_by_id}, {"proposed_by": ""}):
        assert client.post(url, said | {"name": "Nova"} | wrong).status_code == 422
    known = client.post(url, said | {"name": "", "enterprise": theirs.enterprise_id})
    assert (known.status_code, Beneficiary.objects.count()) == (422, 2)


def test_staff_see_all_with_who_proposed_each(client, programme, coordinator, partner, house):
    firm = make_enterprise(programme.tenant, name="Stara radnja")
    url = reverse("people:beneficiary_list", args=[programme.code])
    enter(client, coordinator)
    given = {"exports": "", "sector": "", "proposed_by": house.pk}
    assert client.post(url, given | {"enterprise": firm.pk}).status_code == 302
    again = client.post(url, given | {"enterprise": firm.pk})
    assert again.status_code == 422
    text = client.get(url).content.decode()
    assert ("Stara radnja" in text, "Cluster House" in text) == (True, True)


def test_a_programme_of_no_project_says_so(client, programme, coordinator):
    programme.project = None
    programme.save()
    page = enter(client, coordinator).get(reverse("people:beneficiary_list", args=[programme.code]))
    assert "belongs to no project" in page.content.decode()
    assert client.post(reverse("people:beneficiary_list", args=[programme.code]), {}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same(client, programme, admin, house, count, django_assert_num_queries):
    for n in range(count):
        row = services.propose_beneficiary(
            by=admin, project=programme.project, new_enterprise={"name": f"Radnja {n}"}, proposed_by=house,
            cluster=f"Cluster {n}",
        )  # fmt: skip
        make_enrolment(programme, enterprise=row.enterprise)
        Partner.objects.create(project=programme.project, organisation=make_organisation(programme.tenant))
    enter(client, admin).get("/")
    with django_assert_num_queries(8):
        client.get(reverse("people:frame", args=[programme.code]))
    with django_assert_num_queries(11):
        client.get(reverse("people:beneficiary_list", args=[programme.code]))
