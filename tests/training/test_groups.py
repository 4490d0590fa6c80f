"""The groups that are compared, and in which of them somebody is."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEntry
from tests.factories import make_coordinator, make_enrolment, make_programme, make_trainer
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from training.models import Group
from training.services import remove_group, save_group, set_group, set_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    programme = make_programme(code="start-up")
    Group.objects.create(programme=programme, code="control", name="Control", is_control=True)
    Group.objects.create(programme=programme, code="mentees", name="Mentees")
    return programme


def test_she_is_put_into_a_group_of_her_programme_and_out_again(programme, client):
    row, coordinator = make_enrolment(programme), make_coordinator(programme)
    client.force_login(coordinator)
    page = client.get(reverse("training:enrolment_detail", args=[row.pk])).content.decode()
    assert page.count('<option value="mentees">') == 1
    address = reverse("training:enrolment_group", args=[row.pk])
    assert client.post(address, {"group": "mentees"}).status_code == 302
    row.refresh_from_db()
    assert row.group.code == "mentees"
    assert client.post(address, {"group": "another"}).status_code == 302
    row.refresh_from_db()
    assert row.group.code == "mentees"
    client.post(address, {"group": ""})
    row.refresh_from_db()
    assert row.group is None


def test_a_stranger_finds_nobody(programme, client):
    row = make_enrolment(programme)
    client.force_login(make_coordinator(make_programme()))
    assert client.post(reverse("training:enrolment_group", args=[row.pk]), {"group": ""}).status_code == 404


def test_over_the_api(programme, client):
    row = make_enrolment(programme)
    client.force_login(make_coordinator(programme))
    path = f"/api/v1/enrolments/{row.pk}/"
    said = client.post(f"{path}group/", {"group": "control"}, content_type="application/json")
    assert (said.status_code, said.json()["group"]) == (200, "control")
    wrong = client.post(f"{path}group/", {"group": "no"}, content_type="application/json")
    assert (wrong.status_code, list(wrong.json())) == (400, ["group"])
    assert client.get(path).json()["group"] == "control"


def test_without_groups_the_page_asks_nothing(client):
    programme = make_programme()
    client.force_login(make_coordinator(programme))
    page = client.get(reverse("training:enrolment_detail", args=[make_enrolment(programme).pk]))
    assert "id_group" not in page.content.decode()
    assert set_group(by=None, enrolment=make_enrolment(programme), group="").group is None


LIST, EDIT, REMOVE = "training:group_list", "training:group_edit", "training:group_remove"


def test_a_coordinator_makes_names_and_takes_away_groups(programme, client):
    client.force_login(make_coordinator(programme))
    there = reverse(LIST, args=["start-up"])
    said = {"name": "Само разред", "name_sr": "samo razred", "is_control": "", "code": ""}
    assert client.post(there, said).status_code == 302
    made = Group.objects.get(code="samo-razred")
    assert (made.name, made.name_sr, made.is_control) == ("Само разред", "samo razred", False)
    control = client.post(there, said | {"code": "second", "is_control": "on"})
    assert control.status_code == 422 and "one group only" in control.content.decode()
    twice = client.post(there, said)
    assert twice.status_code == 422 and "code already" in twice.content.decode()
    assert (
        client.post(reverse(EDIT, args=[made.pk]), said | {"name": "Class", "code": "cl"}).status_code == 302
    )
    made.refresh_from_db()
    assert (made.name, made.code) == ("Class", "cl")
    assert client.post(reverse(REMOVE, args=[made.pk])).status_code == 302
    assert not Group.objects.filter(pk=made.pk).exists()


def test_the_page_says_how_many_are_in_each_and_who(programme, client):
    client.force_login(make_coordinator(programme))
    rows = [make_enrolment(programme) for _ in range(3)]
    for row in rows[:2]:
        set_group(by=None, enrolment=row, group="mentees")
    page = client.get(reverse(LIST, args=["start-up"])).content.decode()
    assert "2 groups are compared" in page and "2 people" in page and "1 person is in no group." in page
    mentees = Group.objects.get(code="mentees")
    inside = client.get(reverse(EDIT, args=[mentees.pk])).content.decode()
    assert "2 people are in “Mentees”" in inside
    assert rows[0].person.name in inside and rows[2].person.name not in inside
    refused = client.post(reverse(REMOVE, args=[mentees.pk]), follow=True).content.decode()
    assert "Somebody is in this group" in refused and Group.objects.filter(pk=mentees.pk).exists()


@pytest.mark.parametrize("verb, name", [("get", EDIT), ("post", EDIT), ("post", REMOVE)])
def test_a_stranger_finds_no_group(programme, client, verb, name):
    client.force_login(make_coordinator(make_programme()))
    for group in programme.groups.all():
        assert getattr(client, verb)(reverse(name, args=[group.pk])).status_code == 404
    for verb in ("get", "post"):
        assert getattr(client, verb)(reverse(LIST, args=["start-up"])).status_code == 404


def test_groups_over_the_api(programme, client):
    client.force_login(make_coordinator(programme))
    said = {"programme": "start-up", "name": "Class only"}
    made = client.post("/api/v1/groups/", said, content_type="application/json")
    assert (made.status_code, made.json()["code"], made.json()["size"]) == (201, "class-only", 0)
    here = f"/api/v1/groups/{made.json()['id']}/"
    changed = client.patch(here, {"name_sr": "samo razred"}, content_type="application/json")
    assert (changed.status_code, changed.json()["name_sr"]) == (200, "samo razred")
    assert (changed.json()["code"], changed.json()["name"]) == ("class-only", "Class only")
    row = set_group(by=None, enrolment=make_enrolment(programme), group="class-only")
    assert client.get(here).json()["size"] == 1 and client.delete(here).status_code == 400
    set_group(by=None, enrolment=row, group="")
    assert client.delete(here).status_code == 204
    client.force_login(make_coordinator(make_programme()))
    assert client.get("/api/v1/groups/").json()["results"] == []


def test_a_name_that_makes_no_code_is_refused_in_words(programme):
    by = make_coordinator(programme)
    with pytest.raises(ValidationError) as refused:
        save_group(by=by, programme=programme, name="!!!")
    assert list(refused.value.message_dict) == ["code"]
    group = save_group(by=by, programme=programme, name="Later")
    remove_group(by=by, group=group)
    assert programme.groups.count() == 2


PEOPLE, MANY = "training:enrolment_list", "training:enrolment_groups"


def test_several_are_put_into_a_group_from_the_list_of_people(programme, client):
    client.force_login(make_coordinator(programme))
    one, two, three = rows = [make_enrolment(programme) for _ in range(3)]
    page = client.get(reverse(PEOPLE, args=["start-up"])).content.decode()
    assert page.count('name="enrolment"') == 3 and '<option value="mentees">' in page
    many = reverse(MANY, args=["start-up"])

    def put(*chosen, group: str) -> tuple[str, list]:
        answer = client.post(many, {"enrolment": [row.pk for row in chosen], "group": group}, follow=True)
        assert answer.redirect_chain == [(reverse(PEOPLE, args=["start-up"]), 302)]
        found = [type(row).objects.get(pk=row.pk).group for row in rows]
        return " ".join(map(str, answer.context["messages"])), [group and group.code for group in found]

    assert put(one, two, group="mentees") == (
        "2 people have another group now.", ["mentees", "mentees", None],
    )  # fmt: skip
    assert put(two, three, group="mentees")[0] == "1 person has another group now."  # one was in it
    assert AuditEntry.objects.filter(verb="set group").count() == 3
    assert put(one, group="") == ("1 person has another group now.", [None, "mentees", "mentees"])
    assert "Choose at least one person." in put(group="control")[0]
    stranger = make_enrolment(make_programme())
    assert put(stranger, group="control")[1] == put(one, group="no such")[1] == [None, "mentees", "mentees"]
    stranger.refresh_from_db()
    assert stranger.group is None
    shown = client.get(reverse(PEOPLE, args=["start-up"])).content.decode()
    assert shown.count('<span class="sub">Mentees</span>') == 2


def test_who_may_not_change_people_chooses_none(programme, client):
    row = make_enrolment(programme)
    said = {"enrolment": [row.pk], "group": "mentees"}
    for user, status in ((make_trainer(programme), 403), (make_coordinator(make_programme()), 404)):
        client.force_login(user)
        assert client.post(reverse(MANY, args=["start-up"]), said).status_code == status
    client.force_login(make_trainer(programme))
    assert 'name="enrolment"' not in client.get(reverse(PEOPLE, args=["start-up"])).content.decode()
    programme.groups.all().delete()
    client.force_login(make_coordinator(programme))
    assert 'name="enrolment"' not in client.get(reverse(PEOPLE, args=["start-up"])).content.decode()


def test_a_service_refuses_a_group_of_another_programme(programme):
    by, row = make_coordinator(programme), make_enrolment(programme)
    make_programme().groups.create(code="theirs", name="Theirs")
    with pytest.raises(ValidationError) as refused:
        set_groups(by=by, programme=programme, enrolments=[row.pk], group="theirs")
    assert list(refused.value.message_dict) == ["group"]


@pytest.mark.parametrize("n", [1, 3])
def test_the_pages_cost_the_same_for_one_and_for_three(programme, client, n, django_assert_num_queries):
    client.force_login(make_coordinator(programme))
    programme.groups.all().delete()
    groups = [Group.objects.create(programme=programme, code=f"g{m}", name=f"Group {m}") for m in range(n)]
    for group in groups:
        for _each in range(n):
            set_group(by=None, enrolment=make_enrolment(programme), group=group.code)
    client.get(reverse(LIST, args=["start-up"]))
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get(reverse(LIST, args=["start-up"])).context["groups"]) == n
    with django_assert_num_queries(EDIT_QUERIES):
        assert len(client.get(reverse(EDIT, args=[groups[0].pk])).context["people"]) == n
    with django_assert_num_queries(PEOPLE_QUERIES):
        assert len(client.get(reverse(PEOPLE, args=["start-up"])).context["rows"]) == n * n


LIST_QUERIES, EDIT_QUERIES, PEOPLE_QUERIES = 7, 6, 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "language"), [(PHONE, "en"), (LAPTOP, "sr-latn"), (PHONE, "sr")])
def test_they_can_be_read_by_everybody(open_page, size, language):
    programme = make_programme()
    for code in ("control", "mentees"):
        programme.groups.create(code=code, name=code.title(), is_control=code == "control")
    for _each in range(3):
        set_group(by=None, enrolment=make_enrolment(programme), group="mentees")
    page = open_page(size=size, language=language, user=make_coordinator(programme, language=language))
    shown = [reverse(LIST, args=[programme.code]), reverse(PEOPLE, args=[programme.code])]
    for address in [*shown, reverse(EDIT, args=[programme.groups.get(code="mentees").pk])]:
        page.goto(address)
        assert axe(page) == []
        assert overflow(page) == 0
