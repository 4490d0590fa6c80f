"""The API's door to certificates: the same rule, the same words."""

import pytest

from tests.factories import (
    make_attendance,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_person,
    make_programme,
    make_session,
    make_trainer,
    make_user,
)
from training.models import Certificate, Signatory

pytestmark = pytest.mark.django_db
URL = "/api/v1/certificates/"


@pytest.fixture
def programme():
    return make_programme(code="start-up")


@pytest.fixture
def coordinator(programme, client):
    user = make_coordinator(programme)
    client.force_login(user)
    return user


def somebody(programme, status="present", **fields):
    row = make_enrolment(programme, person=make_person(programme.tenant, name="Ana Anić", **fields))
    make_attendance(make_entry(make_session(programme), row), status=status)
    return row


def test_issued_issued_again_revoked_and_shown(client, coordinator, programme):
    row = somebody(programme)
    made = client.post(URL, {"enrolment": row.pk}, content_type="application/json")
    assert (made.status_code, made.json()["number"], made.json()["edition"]) == (201, "START-UP-0001", 1)
    here = f"{URL}{made.json()['id']}/"
    again = client.post(URL, {"enrolment": row.pk}, content_type="application/json")
    assert again.status_code == 400 and "has certificate START-UP-0001 already" in again.content.decode()
    same = client.post(f"{here}edition/", content_type="application/json")
    assert same.status_code == 400 and "nothing has changed" in same.content.decode()
    gone = client.post(f"{here}revocation/", {"reason": "lost"}, content_type="application/json").json()
    assert gone["revoked_at"] is not None
    back = client.post(f"{here}edition/", content_type="application/json").json()
    assert (back["edition"], back["revoked_at"]) == (2, None)
    said = client.post(f"{here}choice/", {"shows": ["hours", "name"]}, content_type="application/json").json()
    assert said["shows"] == ["name", "hours"]
    wrong = client.post(f"{here}choice/", {"shows": ["phone"]}, content_type="application/json")
    assert wrong.status_code == 400


def test_refused_with_the_numbers(client, coordinator, programme):
    answer = client.post(
        URL, {"enrolment": somebody(programme, "absent").pk}, content_type="application/json"
    )
    assert answer.status_code == 400
    assert "0 h of 4 h; 80 % are 3 h 12 min." in answer.content.decode()


def test_the_holder_reads_hers_and_chooses_and_issues_nothing(client, coordinator, programme):
    holder = make_user(programme.tenant)
    row, other = somebody(programme, user=holder), somebody(programme)
    for one in (row, other):
        client.post(URL, {"enrolment": one.pk}, content_type="application/json")
    client.force_login(holder)
    [seen] = client.get(URL).json()["results"]
    here = f"{URL}{seen['id']}/"
    assert seen["enrolment"] == row.pk
    said = client.post(f"{here}choice/", {"shows": ["name"]}, content_type="application/json")
    assert (said.status_code, said.json()["shows"]) == (200, ["name"])
    assert (
        client.post(f"{here}revocation/", {"reason": "x"}, content_type="application/json").status_code == 403
    )
    others = Certificate.objects.get(enrolment=other)
    assert client.get(f"{URL}{others.pk}/").status_code == 404


def test_strangers_and_trainers(client, coordinator, programme):
    row = somebody(programme)
    client.post(URL, {"enrolment": row.pk}, content_type="application/json")
    certificate = Certificate.objects.get()
    client.force_login(make_coordinator(make_programme()))
    assert client.get(URL).json()["results"] == []
    assert client.post(URL, {"enrolment": row.pk}, content_type="application/json").status_code == 400
    client.force_login(make_trainer(programme))
    assert client.get(f"{URL}{certificate.pk}/").status_code == 200
    assert client.post(URL, {"enrolment": row.pk}, content_type="application/json").status_code == 403


def test_who_signs(client, coordinator, programme):
    said = {"programme": "start-up", "name": "Jelena Jelić", "role": "Director", "role_sr": "direktorka"}
    made = client.post("/api/v1/signatories/", said, content_type="application/json")
    assert made.status_code == 201
    here = f"/api/v1/signatories/{made.json()['id']}/"
    tag = client.get(here).headers["ETag"]
    changed = client.patch(here, {"name": "J."}, content_type="application/json", headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["name"]) == (200, "J.")
    tag = changed.headers["ETag"]
    assert client.delete(here, headers={"If-Match": tag}).status_code == 204
    assert Signatory.objects.exists() is False
