"""Two phones on one session: both marks are kept, what differs is shown and settled; the history."""

import json
from datetime import time, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.factories import NOW, make_coordinator, make_enrolment, make_mentor, make_programme
from training import services
from training.models import Attendance, Mark
from training.register.differences import open_differences, words
from training.register.history import history, of_enrolment

ANA, MIRA = "Ana's phone", "Mira's phone"


@pytest.fixture
def two(world, enrol, plan, mark):
    """Ana says late, Mira says present, who had not seen it: `two.person` in `two.session`."""
    session = plan()
    world.session, world.person = session, enrol("Zora Zorić")
    services.fill_roster(by=world.trainer, session=session)
    mark(session, world.person, "late", arrival=time(10, 25), device=ANA, seen="")
    mark(session, world.person, device=MIRA, seen="")
    return world


def op(place: int) -> str:
    return str(Mark.objects.order_by("pk")[place].operation)


def now_open(session) -> list[tuple[str, str]]:
    return [(words(one.mark), words(one.other)) for one in open_differences(session)]


def state(session) -> str:
    row = Attendance.objects.filter(entry__session=session).first()
    return row.status if row else ""


def test_both_are_kept_and_the_difference_is_listed(two):
    [one] = open_differences(two.session)
    assert (one.enrolment, one.mark.device, one.other.device) == (two.person, MIRA, ANA)
    assert [(side.said, side.whose, side.stands) for side in one.sides] == [
        ("present", f"by {two.trainer}, {MIRA}", True),
        ("late 25 min, 10:25", f"by {two.trainer}, {ANA}", False),
    ]
    assert (Mark.objects.count(), state(two.session)) == (2, "present")


@pytest.mark.parametrize(
    ("second", "is_open"),
    [
        ({"device": MIRA, "seen": ""}, True),
        ({"device": MIRA}, False),  # she did not say what she saw
        ({"device": MIRA, "seen": "first"}, False),  # she had seen it
        ({"device": ANA, "seen": ""}, False),  # her own phone
        ({"device": MIRA, "seen": "", "status": "late", "arrival": time(10, 25)}, False),  # it says the same
        ({"device": MIRA, "seen": "", "status": "late", "arrival": time(10, 26)}, True),
        ({"device": MIRA, "seen": str(uuid4()), "status": "cleared"}, True),
    ],
)
def test_what_is_a_difference(world, enrol, plan, mark, second, is_open):
    one = enrol("Ana")
    session = plan()
    mark(session, one, "late", arrival=time(10, 25), device=ANA, seen="")
    if second.get("seen") == "first":
        second = second | {"seen": op(0)}
    mark(session, one, **{"status": "present"} | second)
    assert bool(now_open(session)) is is_open


def test_what_was_taken_back_and_not_seen_differs_from_nothing(enrol, plan, mark):
    one = enrol("Ana")
    session = plan()
    mark(session, one, device=ANA, seen="")
    mark(session, one, "cleared", device=ANA, seen=op(0))
    mark(session, one, "absent", device=MIRA, seen="")  # she saw: not marked; and so it was
    assert now_open(session) == []
    mark(session, one, device=ANA, seen=op(0))  # she saw present, and has not seen absent
    assert now_open(session) == [("present", "absent")]


def test_a_mark_that_has_seen_it_settles_it(two, mark):
    mark(two.session, two.person, "absent", device=ANA, seen=op(1))
    assert now_open(two.session) == []


def test_a_phone_settles_nothing_that_it_could_not_have_seen_yet(two, mark):
    """Mira's phone had no network: what it sent after the second mark was tapped before the answer came."""
    tapped = NOW - timedelta(minutes=5)
    mark(two.session, two.person, "absent", device=MIRA, seen=op(1), at_device=tapped)
    assert now_open(two.session) == [("absent", "late 25 min, 10:25")]
    mark(two.session, two.person, device="", source="code")  # who says nothing of what she saw
    assert now_open(two.session) == [("present", "late 25 min, 10:25")]
    mark(two.session, two.person, "late", arrival=time(10, 25))  # until somebody says the same
    assert now_open(two.session) == []


def test_nor_in_one_sending(world, enrol, plan, mark):
    one = enrol("Ana")
    session = plan()
    mark(session, one, "absent", device=ANA, seen="")
    first = {"operation": uuid4(), "enrolment": one, "status": "present", "device": MIRA, "seen": ""}
    second = {"operation": uuid4(), "enrolment": one, "status": "excused", "device": MIRA}
    second["seen"] = str(first["operation"])
    services.record_marks(by=world.trainer, session=session, marks=[first, second], now=NOW)
    assert now_open(session) == [("excused", "absent")]


def settle(two, keep: int, operation=None, **more):
    marks = list(Mark.objects.order_by("pk"))
    said = {"mark": marks[1], "keep": marks[keep], "operation": operation or uuid4()} | more
    return services.settle_difference(by=two.coordinator, session=two.session, now=NOW, **said)


@pytest.mark.parametrize(("keep", "status"), [(0, "late"), (1, "present")])
def test_it_is_settled_by_one_more_mark(two, keep, status):
    operation = uuid4()
    assert settle(two, keep, operation).outcome == "saved"
    assert (now_open(two.session), state(two.session), Mark.objects.count()) == ([], status, 3)
    assert settle(two, keep, operation).outcome == "known"
    with pytest.raises(ValidationError, match="has marked her since"):
        settle(two, keep)


def test_after_closing_too(two):
    services.close_session(by=two.trainer, session=two.session, now=NOW)
    settle(two, 0)
    assert (state(two.session), Mark.objects.last().reason) == ("late", "settled between two marks")


def test_one_tap_on_the_page(client, two):
    client.force_login(two.trainer)
    first, second = Mark.objects.order_by("pk")
    address = reverse("training:difference_settle", args=[two.session.pk])
    said = {"mark": second.pk, "keep": first.pk, "operation": uuid4()}
    answer = client.post(address, said)
    assert answer.headers["Location"] == reverse("training:register", args=[two.session.pk]) + "#differences"
    assert state(two.session) == "late"
    for wrong in ({"mark": "x"}, {"keep": ""}, {"operation": "x"}, {"mark": 10**30}):
        page = client.post(address, said | wrong, follow=True).content.decode()
        assert "There is nothing to settle in this" in page
    assert Mark.objects.count() == 3


def test_the_api_lists_them(client, two, mark):
    client.force_login(two.trainer)
    other = make_enrolment(two.programme)
    services.fill_roster(by=two.trainer, session=two.session, enrolments=[other])
    mark(two.session, other)

    def listed(wanted):
        rows = client.get(f"/api/v1/marks/?is_open_difference={wanted}").json()["results"]
        return [(row["device"], row["seen"], row["differs_from"]) for row in rows]

    first = Mark.objects.order_by("pk")[0]
    assert listed("true") == [(MIRA, "", first.pk)]
    assert listed("false") == [("", None, None), (ANA, "", None)]


# --- the history


def test_who_marked_what_when_from_where_and_what_it_was_before(two, mark):
    services.close_session(by=two.trainer, session=two.session, now=NOW + timedelta(minutes=1))
    mark(two.session, two.person, "absent", reason="she told me", now=NOW + timedelta(hours=1))
    told = [
        (act.said, act.before, act.by, act.device, act.reason, act.is_correction, act.differs)
        for act in history(two.session)
    ]
    name = str(two.trainer)
    assert told == [
        ("late 25 min, 10:25", "not marked", name, ANA, "", False, ""),
        ("present", "late 25 min, 10:25", name, MIRA, "", False,
         f"differs from “late 25 min, 10:25”, by {name}, {ANA}"),
        ("absent", "present", name, "", "she told me", True,
         f"differs from “late 25 min, 10:25”, by {name}, {ANA}"),
    ]  # fmt: skip
    assert [act.mark for act in of_enrolment(two.person)] == list(Mark.objects.order_by("pk"))


def test_the_history_is_one_query_and_a_check_in_says_how(two, django_assert_num_queries):
    mark = {"operation": uuid4(), "enrolment": two.person, "status": "present", "source": "code"}
    services.record_marks(by=None, session=two.session, marks=[mark | {"device": "row:3f2a"}], now=NOW)
    with django_assert_num_queries(1):
        acts = history(two.session)
    assert (acts[2].by, acts[2].source, acts[2].device) == ("", "by code", "row code, phone 3f2a")


def test_the_pages_of_the_history(client, two):
    client.force_login(two.trainer)
    page = unescape(client.get(reverse("training:session_history", args=[two.session.pk])).content.decode())
    for words_of_page in (
        "2 marks were made in this session",
        "late 25 min, 10:25",
        ANA,
        MIRA,
        "differs from",
    ):
        assert words_of_page in page
    hers = client.get(reverse("training:enrolment_history", args=[two.person.pk])).content.decode()
    assert "Zora Zorić: 2 marks" in hers
    file = client.get(reverse("training:history_export", args=[two.session.pk, "json"]))
    rows = json.loads(b"".join(file.streaming_content))
    assert [(row["status"], row["device"], row["before"]) for row in rows] == [
        ("late", ANA, "not marked"),
        ("present", MIRA, "late 25 min, 10:25"),
    ]


@pytest.mark.parametrize("name", ["session_history", "check_in_list", "session_code", "session_code_now"])
def test_strangers_and_mentors(client, two, name):
    address = reverse(f"training:{name}", args=[two.session.pk])
    for user, status in (
        (make_coordinator(make_programme()), 404),
        (make_mentor(two.programme).person.user, 403),
        (two.trainer, 200),
    ):
        client.force_login(user)
        assert client.get(address).status_code == status


def test_strangers_settle_and_strike_nothing(client, two):
    client.force_login(make_coordinator(make_programme()))
    first, second = Mark.objects.order_by("pk")
    said = {"mark": second.pk, "keep": first.pk, "operation": uuid4(), "reason": "x"}
    for address in (
        reverse("training:difference_settle", args=[two.session.pk]),
        reverse("training:mark_strike", args=[first.pk]),
        reverse("training:enrolment_history", args=[two.person.pk]),
        reverse("training:history_export", args=[two.session.pk, "csv"]),
    ):
        assert client.post(address, said).status_code in (404, 405)
    assert client.get(reverse("training:enrolment_history", args=[two.person.pk])).status_code == 404
    assert client.get(reverse("training:history_export", args=[two.session.pk, "csv"])).status_code == 404
    assert Mark.objects.count() == 2
