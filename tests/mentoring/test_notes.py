"""Writing a note: one says who will read it first; whoever wrote it takes it back."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import AuditEntry
from mentoring import services
from mentoring.meetings import layers
from mentoring.models import Note
from tests.factories import (
    NOW,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_meeting,
    make_mentor,
    make_note,
    make_person,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def pair(programme):
    her = make_person(user=make_user(programme.tenant), name="Đurđa Đorđević")
    mentor = make_mentor(programme, person=make_person(user=make_user(programme.tenant), name="Vesna Vesić"))
    return make_assignment(mentor, make_enrolment(programme, person=her))


def enter(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def write(pair, by, **fields) -> Note:
    plain = {"operation": uuid4(), "layer": "ours", "text": " Bez bar koda ", "now": NOW}
    return services.write_note(by=by, assignment=pair, **plain | fields)


def test_a_note_is_kept_once_and_the_trail_has_no_word_of_it(pair):
    by, operation = pair.mentor.person.user, uuid4()
    row = write(pair, by, operation=operation)
    assert (row.text, write(pair, by, operation=operation)) == ("Bez bar koda", row)
    entry = AuditEntry.objects.get(object_type="mentoring.note")
    assert (entry.verb, entry.fields) == ("write", ["layer", "text"])
    with pytest.raises(ValidationError):  # the same operation of somebody else is not hers
        write(pair, pair.enrolment.person.user, operation=operation)


def test_who_runs_the_programme_does_not_speak_between_the_two(programme, pair):
    by = make_coordinator(programme)
    assert layers.layers_for(by, pair) == ["mine", "programme"]
    with pytest.raises(ValidationError) as caught:
        write(pair, by, layer="ours")
    assert caught.value.message_dict == {"layer": ["Only the two of them write notes for the two of them."]}


def test_a_note_hangs_on_a_meeting_of_the_pair(pair):
    by = pair.mentor.person.user
    assert write(pair, by, meeting=make_meeting(pair)).meeting
    with pytest.raises(ValidationError):
        write(pair, by, meeting=make_meeting())


def test_only_its_writer_takes_it_back(pair):
    row = write(pair, pair.mentor.person.user)
    with pytest.raises(PermissionDenied):
        services.remove_note(by=pair.enrolment.person.user, note=row)
    services.remove_note(by=pair.mentor.person.user, note=row)
    assert Note.objects.count() == 0


def test_the_form_names_the_readers_before_one_writes(client, programme, pair):
    coordinator = make_coordinator(programme)
    name = str(coordinator.person)
    page = enter(client, pair.mentor.person.user).get(reverse("mentoring:note_create", args=[pair.pk]))
    text = page.content.decode()
    assert [one.layer for one in page.context["readers"]] == ["mine", "ours", "programme"]
    assert f"Vesna Vesić, Đurđa Đorđević, the coordinators ({name}) and the administrators." in text
    assert text.index("Who will read it") < text.index('name="text"')
    assert 'value="mine" id="id_layer_0" required checked' in text  # the fewest readers
    assert "Funders and partners read no note" in text


def test_a_note_is_written_read_and_taken_back_on_the_page(client, pair):
    enter(client, pair.enrolment.person.user)
    address = reverse("mentoring:note_create", args=[pair.pk])
    data = {"operation": str(uuid4()), "layer": "ours", "text": "Treća prodavnica"}
    assert client.post(address, data | {"text": ""}).status_code == 400
    assert client.post(address, data).url == reverse("mentoring:assignment_detail", args=[pair.pk])
    page = client.get(reverse("mentoring:assignment_detail", args=[pair.pk])).content.decode()
    assert "Treća prodavnica" in page
    assert "the two of them read it" in page
    client.post(reverse("mentoring:note_remove", args=[Note.objects.get().pk]))
    assert Note.objects.count() == 0


def test_somebody_elses_note_is_not_hers_to_take_back(client, programme, pair):
    shared = make_note(pair, by=pair.mentor.person.user, layer="programme")
    hidden = make_note(pair, by=pair.mentor.person.user, layer="mine")
    enter(client, make_coordinator(programme))
    answers = [client.post(reverse("mentoring:note_remove", args=[row.pk])) for row in (shared, hidden)]
    assert [answer.status_code for answer in answers] == [403, 404]


def test_a_stranger_finds_no_pair_to_write_about(client, pair):
    enter(client, make_coordinator(make_programme()))
    assert client.get(reverse("mentoring:note_create", args=[pair.pk])).status_code == 404
    assert client.post(reverse("mentoring:note_create", args=[pair.pk])).status_code == 404


def test_the_api_writes_reads_and_takes_back(client, pair):
    enter(client, pair.mentor.person.user)
    data = {"assignment": pair.pk, "layer": "mine", "text": "Pazi na rok"}
    made = client.post("/api/v1/pair-notes/", data, content_type=JSON)
    assert (made.status_code, made.json()["layer"]) == (201, "mine")
    assert [row["text"] for row in client.get("/api/v1/pair-notes/").json()["results"]] == ["Pazi na rok"]
    address = f"/api/v1/pair-notes/{made.json()['id']}/"
    assert enter(client, pair.enrolment.person.user).get(address).status_code == 404
    assert enter(client, pair.mentor.person.user).delete(address).status_code == 204


def test_the_api_takes_the_other_sides_word(client, pair):
    row = make_meeting(pair, by=pair.mentor.person.user)
    address = f"/api/v1/meetings/{row.pk}/"
    enter(client, pair.mentor.person.user)
    assert client.post(f"{address}confirmation/", content_type=JSON).status_code == 403
    enter(client, pair.enrolment.person.user)
    said = client.post(f"{address}objection/", {"objection": "Sat"}, content_type=JSON).json()
    assert (said["objection"], said["confirmed_at"]) == ("Sat", None)
    said = client.post(f"{address}confirmation/", content_type=JSON).json()
    assert (said["objection"], said["confirmed_at"] is not None) == ("", True)
    assert client.post(f"{address}cancellation/", {"reason": "x"}, content_type=JSON).status_code == 403
    enter(client, pair.mentor.person.user)
    said = client.post(f"{address}cancellation/", {"reason": "twice"}, content_type=JSON).json()
    assert said["cancelled_reason"] == "twice"
    assert client.get("/api/v1/meetings/?counts=true").json()["results"] == []
    assert len(client.get("/api/v1/meetings/").json()["results"]) == 1
