"""Lists of training taken along: the same rows as on the page, contacts only of who agreed."""

from datetime import time, timedelta

import pytest
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from people.models import Consent
from tests.factories import (
    NOW,
    make_attendance,
    make_coordinator,
    make_enterprise,
    make_entry,
    make_member,
    make_module,
    make_programme,
    make_trainer,
    today_there,
)
from tests.taken import KINDS, everywhere, raw, rows, sheet, table, take
from training.hours import NONE, progress
from training.models import Enrolment

PEOPLE, SESSIONS = "training:enrolment_export", "training:session_export"
ATTENDANCE, REGISTER = "training:attendance_export", "training:register_export"


@pytest.fixture
def coordinator(client, world):
    client.force_login(world.coordinator)
    return client


@pytest.fixture
def people(enrol, plan, mark, world):
    """Ana was there all the time, Mila late, Žana is not marked; Iva withdrew."""
    ana, mila, zana, iva = enrol("Ana"), enrol("Mila", municipality="Niš"), enrol("Žana"), enrol("Iva")
    session = plan()
    mark(session, ana)
    mark(session, mila, "late", arrival=time(12), reason="the bus")
    Enrolment.objects.filter(pk=iva.pk).update(state="withdrawn", reason="a new job")
    return ana, mila, zana, iva


def agree(enrolment, **fields):
    plain = {"purpose": Consent.Purpose.CONTACT_LIST, "given_at": NOW, "text_version": "1"}
    person, programme = enrolment.person, enrolment.programme
    return Consent.objects.create(**{"person": person, "programme": programme} | plain | fields)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Ana", "Iva", "Mila", "Žana"]),
        ({"q": "zana"}, ["Žana"]),
        ({"q": "niš"}, ["Mila"]),
        ({"state": "withdrawn"}, ["Iva"]),
        ({"part": "attending"}, ["Ana", "Mila"]),
        ({"hours": "under"}, ["Mila"]),
        ({"page": "7"}, ["Ana", "Iva", "Mila", "Žana"]),
        ({"q": "nobody"}, []),
    ],
)
def test_people_are_those_of_the_page(coordinator, world, people, asked, names):
    page = coordinator.get(reverse("training:enrolment_list", args=[world.programme.code]), asked)
    assert sorted(str(row.person) for row in page.context["rows"]) == sorted(names)
    assert everywhere(coordinator, PEOPLE, world.programme.code, column="person", **asked) == names


def test_what_is_said_of_a_person(coordinator, world, people):
    _ana, mila, _zana, iva = people
    mila.enterprise = make_enterprise(world.programme.tenant, name="Radnja Mila")
    mila.save()
    found = {row["person"]: row for row in rows(coordinator, PEOPLE, world.programme.code)}
    state_at = found["Mila"].pop("state_at")
    assert state_at.endswith("+00:00")
    assert found["Mila"] == {
        "row_code": mila.row_code,
        "person": "Mila",
        "enterprise": "Radnja Mila",
        "municipality": "Niš",
        "state": "enrolled",
        "reason": "",
        "applied_on": mila.applied_on,
        "walk_in": False,
        "planned_minutes": 210,
        "attended_minutes": 90,
        "share": 42,
        "under_so_far": True,
        "can_complete": False,
        "email": "",
        "phone": "",
        "on_contact_list": False,
    }
    assert (found["Iva"]["state"], found["Iva"]["reason"]) == ("withdrawn", "a new job")
    head, *lines = table(coordinator, PEOPLE, world.programme.code)
    assert [line[head.index("State")] for line in lines] == ["enrolled", "withdrawn", "enrolled", "enrolled"]
    assert lines[2][head.index("Can still complete")] == "no"


def test_the_hours_are_those_of_the_register(coordinator, world, people, plan, mark):
    second = plan("Second", start=None, end=None)  # without a length: counts for nothing
    mark(second, people[0])
    world.programme.sessions.filter(pk=plan("Cancelled").pk).update(cancelled_at=NOW)
    plan("Third")
    known = progress(world.programme)
    for row in rows(coordinator, PEOPLE, world.programme.code):
        hours = known.get(Enrolment.objects.get(row_code=row["row_code"]).pk, NONE)
        assert (row["planned_minutes"], row["attended_minutes"]) == (hours.planned, hours.attended)
        assert (row["share"], row["can_complete"], row["under_so_far"]) == (
            hours.share, hours.can_reach, hours.is_under,
        )  # fmt: skip


# --- consent


def contacts(client, programme):
    return {row["person"]: (row["email"], row["phone"]) for row in rows(client, PEOPLE, programme.code)}


def test_contacts_only_of_who_agreed_and_no_longer_when_she_withdrew(coordinator, world, enrol):
    asked = enrol("Ana", email="ana@example.org", phone="+381 64 1")
    enrol("Mila", email="mila@example.org", phone="+381 64 2")
    consent = agree(asked)
    assert contacts(coordinator, world.programme) == {
        "Ana": ("ana@example.org", "+381 64 1"),
        "Mila": ("", ""),
    }
    head, ana, mila = table(coordinator, PEOPLE, world.programme.code)
    place = head.index("E-mail (only with consent)")
    assert ana[place:] == ["ana@example.org", "+381 64 1", "yes"]
    assert mila[place:] == ["", "", "no"]
    consent.withdrawn_at = timezone.now()
    consent.save()
    assert contacts(coordinator, world.programme) == {"Ana": ("", ""), "Mila": ("", "")}
    for kind in ("csv", "xlsx"):
        answered = b"".join(take(coordinator, PEOPLE, world.programme.code, kind=kind).streaming_content)
        assert b"example.org" not in answered


@pytest.mark.parametrize(
    "fields",
    [
        {"purpose": Consent.Purpose.FUNDER},
        {"purpose": Consent.Purpose.TAKING_PART},
        {"given_at": NOW + timedelta(days=90_000)},
        {"withdrawn_at": NOW},
    ],
)
def test_another_consent_opens_no_contact(coordinator, world, enrol, fields):
    agree(enrol("Ana"), **fields)
    assert contacts(coordinator, world.programme) == {"Ana": ("", "")}


def test_a_consent_holds_in_its_programme_only(coordinator, world, enrol):
    agree(enrol("Ana"), programme=make_programme(world.programme.tenant))
    assert contacts(coordinator, world.programme) == {"Ana": ("", "")}


# --- sessions, attendance


def test_sessions_are_those_of_the_page_in_its_order(coordinator, world, plan):
    second = make_module(world.programme, number=2, name="Second")
    plan("Without a module")
    plan("No day", day=None, start=None, end=None, module=second)
    plan("With a module", module=second, trainers=[world.trainer.person, world.coordinator.person])
    page = coordinator.get(reverse("training:session_list", args=[world.programme.code]))
    shown = [session.heading for _module, found in page.context["groups"] for session in found]
    assert shown == ["With a module", "No day", "Without a module"]
    assert everywhere(coordinator, SESSIONS, world.programme.code, column="session") == shown
    first = rows(coordinator, SESSIONS, world.programme.code)[0]
    assert first["trainers"] == sorted([world.trainer.person.name, world.coordinator.person.name])
    assert (first["module"], first["day"], first["start"], first["minutes"]) == (
        "Second", "2025-03-12", "10:00:00", 210,
    )  # fmt: skip


def test_attendance_is_session_by_person_and_unknown_stays_unknown(coordinator, world, people):
    seen = ("person", "status", "arrival", "minutes", "planned_minutes", "reason", "source", "marked_by")
    assert [tuple(row[k] for k in seen) for row in rows(coordinator, ATTENDANCE, world.programme.code)] == [
        ("Ana", "present", None, 210, 210, "", "tap", world.trainer.name),
        ("Iva", None, None, None, 210, None, None, None),
        ("Mila", "late", "12:00:00", 90, 210, "the bus", "tap", world.trainer.name),
        ("Žana", None, None, None, 210, None, None, None),
    ]
    head, first, *_rest = sheet(coordinator, ATTENDANCE, world.programme.code)
    assert dict(zip(head, first, strict=True))["Minutes attended"] == 210
    assert (
        everywhere(coordinator, ATTENDANCE, world.programme.code, column="session") == ["Business model"] * 4
    )


@pytest.mark.parametrize(
    ("q", "names"), [("", ["Ana", "Iva", "Mila", "Žana"]), ("zan", ["Žana"]), ("nis", ["Mila"])]
)
def test_a_register_is_narrowed_as_its_page(coordinator, world, people, plan, q, names):
    session = world.programme.sessions.get()
    plan("Another")
    page = coordinator.get(reverse("training:register", args=[session.pk]), {"q": q})
    assert [str(row.enrolment.person) for row in page.context["rows"]] == names
    assert everywhere(coordinator, REGISTER, session.pk, column="person", q=q) == names


# --- walls, trail, file, cost


def addresses(programme):
    session = programme.sessions.get()
    return [
        (PEOPLE, programme.code),
        (SESSIONS, programme.code),
        (ATTENDANCE, programme.code),
        (REGISTER, session.pk),
    ]


def test_a_stranger_gets_nothing(client, world, people):
    client.force_login(make_coordinator(make_programme()))
    for route, of in addresses(world.programme):
        assert [take(client, route, of, kind=kind).status_code for kind in KINDS] == [404, 404, 404]


def test_a_mentor_has_the_sessions_and_no_list_of_people(client, world, people):
    client.force_login(make_member(world.programme, "mentor"))
    got = [take(client, route, of).status_code for route, of in addresses(world.programme)]
    assert got == [403, 200, 403, 403]


def test_no_other_kind_of_file(coordinator, world):
    assert take(coordinator, PEOPLE, world.programme.code, kind="pdf").status_code == 404


def test_who_took_what_stands_in_the_trail(coordinator, world, people):
    before = AuditEntry.objects.aggregate(last=Max("pk"))["last"]
    rows(coordinator, PEOPLE, world.programme.code)
    coordinator.head(reverse(PEOPLE, args=[world.programme.code, "csv"]))
    entry = AuditEntry.objects.get(pk__gt=before)
    assert (entry.by, entry.verb) == (world.coordinator, "export")
    assert (entry.object_type, entry.object_id) == ("people.programme", world.programme.pk)
    assert len(entry.fields) == 17
    assert [name for name in entry.fields if "person" in name or "mail" in name] == [
        "people.email",
        "people.person",
    ]


def test_the_file_is_told_by_programme_and_day(coordinator, world, people):
    answered = take(coordinator, PEOPLE, world.programme.code, kind="xlsx")
    today = today_there()
    assert answered["Content-Disposition"] == f'attachment; filename="people-start-up-{today}.xlsx"'


def test_names_that_a_spreadsheet_would_run_are_inert(coordinator, world, enrol):
    enrol('=HYPERLINK("http://example.org")')
    assert table(coordinator, PEOPLE, world.programme.code)[1][1] == '\'=HYPERLINK("http://example.org")'
    assert raw(coordinator, PEOPLE, world.programme.code)[0]["person"] == '=HYPERLINK("http://example.org")'
    assert sheet(coordinator, PEOPLE, world.programme.code)[1][1] == '=HYPERLINK("http://example.org")'


def test_the_page_hands_its_filter_on(coordinator, world, people):
    address = reverse("training:enrolment_list", args=[world.programme.code])
    page = coordinator.get(address, {"state": "enrolled", "q": "Ž", "page": "1"}).content.decode()
    assert f'href="{address}export.csv?state=enrolled&amp;q=%C5%BD"' in page


QUERIES = {PEOPLE: 6, SESSIONS: 6, ATTENDANCE: 6, REGISTER: 6}


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_it_costs_the_same_for_one_and_for_three(
    coordinator, world, enrol, n, kind, plan, django_assert_num_queries
):
    session = plan(trainers=[make_trainer(world.programme).person for _ in range(n)])
    for i in range(n):
        agree(enrolment := enrol(f"Ana {i}"))
        make_attendance(make_entry(session, enrolment))
    for route, of in addresses(world.programme):
        with django_assert_num_queries(QUERIES[route]):
            assert b"".join(take(coordinator, route, of, kind=kind).streaming_content)
