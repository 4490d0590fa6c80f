"""What comes from a phone without a network: once, in order, a bad item alone refused; what a phone gets."""

import json
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, make_coordinator, make_enrolment, make_programme, today_there
from training.models import Attendance, Enrolment, Mark
from training.register import offline, operations
from training.register.operations import Batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def take(world):
    """Hand in operations as a phone does; gives the outcomes, in their order."""

    def one(session, *items, by=None, device="Android 0a1b2c", now=NOW):
        batch = Batch(list(items), device, None)
        answers = operations.take(by=by or world.trainer, session=session, batch=batch, now=now)
        assert [answer.operation for answer in answers] == [item.get("operation", "") for item in items]
        one.answers = answers
        return [answer.outcome for answer in answers]

    return one


def mark(enrolment, status="present", **said) -> dict:
    return {"kind": "mark", "operation": str(uuid4()), "enrolment": enrolment.pk, "status": status, **said}


def door(name="Vesna Kostić", phone="060 1", **said) -> dict:
    return {"kind": "walk_in", "operation": str(uuid4()), "name": name, "phone": phone, **said}


def note(text="It went well.") -> dict:
    return {"kind": "note", "operation": str(uuid4()), "text": text}


def state(session) -> dict[str, str]:
    rows = Attendance.objects.filter(entry__session=session).values_list(
        "entry__enrolment__person__name", "status"
    )
    return dict(rows)


def test_a_morning_in_one_batch(take, enrol, plan):
    ana, mila, rada = enrol("Ana"), enrol("Mila"), enrol("Rada")
    session = plan()
    came = door()
    outcomes = take(
        session,
        mark(ana),
        mark(mila, "late", arrival="10:15"),
        came,
        {"kind": "mark", "operation": str(uuid4()), "walk_in": came["operation"], "status": "half_day"},
        note(),
        mark(rada, "left_early", leaving="13:00", arrival="10:10"),
    )
    assert outcomes == ["saved"] * 6
    assert state(session) == {
        "Ana": "present", "Mila": "late", "Vesna Kostić": "half_day", "Rada": "left_early",
    }  # fmt: skip
    assert Attendance.objects.get(status="left_early").arrival == time(10, 10)
    assert [entry.text for entry in session.log.all()] == ["It went well."]
    assert Mark.objects.filter(device="Android 0a1b2c").count() >= 4


def test_the_same_batch_again_changes_nothing(take, enrol, plan):
    ana, session = enrol("Ana"), plan()
    came = door()
    batch = [mark(ana), came, mark(ana, "absent"), note()]
    assert take(session, *batch) == ["saved"] * 4
    before = (Mark.objects.count(), Enrolment.objects.count(), session.log.count(), state(session))
    assert take(session, *batch) == ["known", "saved", "known", "saved"]
    assert (Mark.objects.count(), Enrolment.objects.count(), session.log.count(), state(session)) == before


def test_an_id_that_said_something_else_is_a_conflict_and_told_alone(take, enrol, plan):
    ana, mila, session = enrol("Ana"), enrol("Mila"), plan()
    first, came, said = mark(ana), door(), note()
    take(session, first, came, said)
    assert take(
        session, first | {"status": "absent"}, mark(mila), came | {"name": "Rada"}, said | {"text": "Other."}
    ) == ["conflict", "saved", "conflict", "conflict"]
    assert state(session) == {"Ana": "present", "Mila": "present", "Vesna Kostić": "present"}


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "mark", "operation": "x"}, {"kind": None}, {}, {"kind": "mark", "enrolment": None},
        {"kind": "mark", "status": "asleep"}, {"kind": "mark", "status": "late", "arrival": "25:99"},
        {"kind": "mark", "status": "late", "arrival": "09:00"}, {"kind": "mark", "enrolment": "x"},
        {"kind": "mark", "enrolment": [1]}, {"kind": "mark", "enrolment": 2**70},
        {"kind": "mark", "walk_in": 7},
        {"kind": "mark", "walk_in": str(uuid4())}, {"kind": "mark", "status": {"a": 1}},
        {"kind": "mark", "status": "absent", "reason": "x" * 301},
        {"kind": "walk_in", "name": ""}, {"kind": "walk_in", "name": "x" * 201},
        {"kind": "walk_in", "name": "a\0b"},
        {"kind": "note", "text": " "}, {"kind": "note", "text": "x" * 5001},
        {"kind": "erase"},
    ],
)  # fmt: skip
def test_a_bad_item_is_refused_in_words_and_keeps_nothing_else_back(take, enrol, plan, bad):
    ana, mila, session = enrol("Ana"), enrol("Mila"), plan()
    whole = {"operation": str(uuid4()), "enrolment": ana.pk, "status": "present"} if bad else {}
    assert take(session, mark(ana), whole | bad, mark(mila)) == ["saved", "refused", "saved"]
    assert take.answers[1].words != ""
    assert state(session) == {"Ana": "present", "Mila": "present"}


def test_somebody_of_another_programme_is_refused(take, plan):
    stranger, session = make_enrolment(), plan()
    assert take(session, mark(stranger)) == ["refused"]
    assert Mark.objects.count() == 0


def test_somebody_who_left_the_roster_is_kept_and_counts_for_nothing(take, enrol, plan, world):
    session = plan()
    late_comer = make_enrolment(world.programme)
    assert take(session, mark(late_comer)) == ["unsettled"]
    assert (Mark.objects.count(), Attendance.objects.count()) == (1, 0)


def test_a_cancelled_session_refuses_every_mark_in_words_and_keeps_notes(take, enrol, plan, world):
    from training import services

    ana, session = enrol("Ana"), plan()
    services.cancel_session(by=world.coordinator, session=session, now=NOW)
    assert take(session, mark(ana), note()) == ["refused", "saved"]
    assert take.answers[0].words == "This session was cancelled: nobody can be marked."


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        ("2025-03-12T09:00:00.000Z", datetime(2025, 3, 12, 9, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", None), ("9999-12-31T23:59:59-12:00", None), ("2025-03-12T09:00:00", None),
        ("2025-02-31T09:00:00Z", None), ("yesterday", None), (17, None),
    ],
)  # fmt: skip
def test_a_wrong_clock_loses_no_mark(take, enrol, plan, at, kept):
    ana, session = enrol("Ana"), plan()
    assert take(session, mark(ana, at=at)) == ["saved"]
    assert Mark.objects.get().at_device == kept


def test_what_was_seen_and_where_it_was_done_are_kept(take, enrol, plan):
    ana, session = enrol("Ana"), plan()
    first = mark(ana, seen="")
    second = mark(ana, "absent", seen=first["operation"])
    take(session, first, second, mark(ana, seen=None), device="Ana's phone")
    assert [(m.seen, m.device) for m in Mark.objects.order_by("pk")] == [
        ("", "Ana's phone"), (first["operation"], "Ana's phone"), (None, "Ana's phone"),
    ]  # fmt: skip


def test_as_many_queries_for_one_mark_as_for_500(take, enrol, plan, world, django_assert_num_queries):
    people = [enrol(f"Ana {n}") for n in range(30)]
    session = plan()
    take(session, mark(people[0]))  # caches of permissions and content types
    many = [mark(people[n % 30], ("present", "absent")[n // 30 % 2]) for n in range(500)]
    for batch in ([mark(people[1])], [mark(one) for one in people], many):
        whole = len(batch) < 500 or connection.vendor == "postgresql"  # SQLite takes so many values apart
        with django_assert_num_queries(QUERIES if whole else 23):
            take(session, *batch)


QUERIES = 13


# --- the doors


@pytest.fixture
def phone(client, world):
    client.force_login(world.trainer)
    return client


def post(client, session, said, **headers):
    return client.post(
        reverse("training:operation_take", args=[session.pk]),
        json.dumps(said),
        "application/json",
        headers=headers,
    )


def test_the_answer_has_an_outcome_an_item_and_the_rows_it_touched(phone, world, enrol, running):
    ana, mila, session = enrol("Ana"), enrol("Mila"), running()
    first, came = mark(ana, "absent"), door("Vesna Kostić")
    answer = post(phone, session, {"device": "x", "user": world.trainer.pk, "operations": [first, came]})
    said = answer.json()
    vesna = Enrolment.objects.get(person__name="Vesna Kostić")
    assert answer.status_code == 200
    assert said["results"] == [
        {"operation": first["operation"], "outcome": "saved", "words": "", "enrolment": ana.pk},
        {"operation": came["operation"], "outcome": "saved", "words": "", "enrolment": vesna.pk},
    ]
    assert {row["name"]: row["status"] for row in said["roster"]["rows"]} == {
        "Ana": "absent", "Vesna Kostić": "present",
    }  # fmt: skip
    assert said["roster"]["whole"] is False
    assert mila.pk not in [row["enrolment"] for row in said["roster"]["rows"]]


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "7", "null", '{"operations": 7}', '{"operations": [], "user": "x"}',
     '{"operations": [], "device": 7}', json.dumps({"operations": [{}] * 501}), "[" * 5000],
)  # fmt: skip
def test_what_is_no_batch_is_400_in_words(phone, running, body):
    session = running()
    answer = phone.post(reverse("training:operation_take", args=[session.pk]), body, "application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])


def test_the_acts_of_somebody_else_are_not_taken_as_hers(phone, world, enrol, running):
    ana, session = enrol("Ana"), running()
    answer = post(phone, session, {"user": world.coordinator.pk, "operations": [mark(ana)]})
    assert (answer.status_code, Mark.objects.count()) == (409, 0)


def test_a_stranger_finds_neither_door(client, running):
    session = running()
    client.force_login(make_coordinator(make_programme()))
    assert post(client, session, {"operations": []}).status_code == 404
    assert client.get(reverse("training:roster_json", args=[session.pk])).status_code == 404


def test_the_state_says_who_is_signed_in_and_which_sessions_to_have_at_hand(client, world, plan):
    url, today = reverse("training:offline_state"), today_there()
    nobody = client.get(url).json()
    assert (nobody["user"], nobody["sessions"], len(nobody["csrf"]) > 30) == (None, [], True)
    hers = {"trainers": [world.trainer.person]}
    wanted = [plan(f"Day {n}", day=today + timedelta(days=n), **hers) for n in (0, 1, 2)]
    plan("Yesterday", day=today - timedelta(days=1), **hers)
    plan("Later", day=today + timedelta(days=3), **hers)
    plan("Somebody else's", day=today)
    client.force_login(world.trainer)
    answer = client.get(url)
    assert answer.json()["user"] == world.trainer.pk
    assert [one["id"] for one in answer.json()["sessions"]] == [session.pk for session in wanted]
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_roster_tells_no_more_than_the_register(phone, world, enrol, running):
    enrol("Ana Anić", phone="060 123", email="ana@primer.example", born=1984, municipality="Boljevac")
    session = running()
    answer = phone.get(reverse("training:roster_json", args=[session.pk]))
    [row] = answer.json()["rows"]
    assert set(row) == {
        "enrolment", "name", "code", "note", "mark", "status", "arrival", "leaving", "reason", "words",
        "consequence", "came", "minutes", "after",
    }  # fmt: skip
    text = answer.content.decode()
    assert [word for word in ("060 123", "ana@primer", "1984") if word in text] == []
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_a_mark_would_mean_is_what_it_then_means(take, enrol, plan, world):
    """The words that a phone shows without a network are those of the one rule."""
    from training.register import sheet

    ana = enrol("Ana")
    plan("Day 1")
    session, last = plan("Day 2"), plan("Day 3")
    for status in ("absent", "half_day", "excused", "present", "absent"):
        [row] = sheet.rows(session)
        foretold = row.after[status]
        take(session, mark(ana, status))
        [row] = sheet.rows(session)
        assert row.consequence == foretold, status
    [row] = sheet.rows(last)
    foretold = row.after["absent"]
    take(last, mark(ana, "absent"))
    assert (sheet.rows(last)[0].consequence, foretold) == ("80 % no longer reachable",) * 2


# --- what is kept on phones for everybody


@pytest.mark.parametrize("language", ["en", "sr-latn", "sr"])
def test_the_shell_is_the_same_for_everybody_and_holds_nobody(client, world, enrol, language):
    enrol("Ana Anić")
    url = reverse("training:offline_register", args=[language])
    strange = client.get(url)
    client.force_login(world.coordinator)
    client.post(reverse("set_language"), {"language": "en"})
    hers = client.get(url)
    assert (hers.status_code, hers.content) == (200, strange.content)
    text = hers.content.decode()
    words = (
        "csrfmiddlewaretoken",
        "Ana",
        world.coordinator.email,
        world.programme.name,
        'id="register-data"',
    )
    assert [word for word in words if word in text] == []
    assert (hers.headers["Cache-Control"], "Set-Cookie" in hers.headers) == ("no-cache", False)
    assert text.count("roster-row") == text.count('<template id="roster-row">') * 2


def test_no_shell_in_a_language_that_nobody_has(client):
    assert client.get(reverse("training:offline_register", args=["xx"])).status_code == 404


def test_the_worker_keeps_only_what_holds_no_person(client):
    answer = client.get(reverse("training:service_worker"))
    assert (answer.status_code, reverse("training:service_worker")) == (200, "/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert (answer.headers["Service-Worker-Allowed"], answer.headers["Cache-Control"]) == ("/", "no-cache")
    [line] = [line for line in answer.content.decode().splitlines() if line.startswith("const URLS")]
    kept = json.loads(line.removeprefix("const URLS = ").removesuffix(";"))
    assert [url for url in kept if not url.startswith(("/static/", "/offline/register/"))] == []
    assert len(kept) == 13


def test_signing_out_clears_the_device(client, world):
    client.force_login(world.trainer)
    assert "Clear-Site-Data" not in client.get("/").headers
    answer = client.post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get(reverse("account_login")).headers


def test_every_sentence_has_its_form_for_one_few_and_many():
    words = offline.words()
    forms = [words[name] for name in ("late", "unsent", "waiting", "refused", "others")]
    forms += words["counts"].values()
    assert [form for form in forms if set(form) != {"one", "few", "other"}] == []
    assert [text for form in forms for text in form.values() if text.count("#") != 1] == []
