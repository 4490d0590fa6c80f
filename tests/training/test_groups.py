"""The groups that are compared, and in which of them somebody is."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.factories import make_coordinator, make_enrolment, make_programme
from training.models import Group
from training.services import remove_group, save_group, set_group

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
