"""The layers of what is written about a pair: who must read it does, nobody else, wherever one looks.

One word is planted in each place where somebody writes. Then every role goes through every page, every list
to take along, every list and object of the API, and every mail, and what was found is compared with MUST.
"""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.policy import opens, routes, table
from mentoring import services
from mentoring.models import Assignment, Note
from reminders.services import plan, send_due
from tests.access.matrix import FREE, parts_of
from tests.access.world import ROLES, World
from tests.factories import (
    make_awake,
    make_enrolment,
    make_meeting,
    make_mentor,
    make_note,
    make_person,
    make_slot,
    make_user,
    today_there,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

PAIR = {"mentor of the pair", "entrepreneur of the pair"}
STAFF = {"administrator", "coordinator"}
MUST = {  # the word: who reads it
    "ZRNO-MOJE-MENTORKE": {"mentor of the pair"},
    "ZRNO-MOJE-NJENO": {"entrepreneur of the pair"},
    "ZRNO-MOJE-KOORDINATORKE": {"coordinator"},
    "ZRNO-NASE": PAIR,
    "ZRNO-PROGRAM": PAIR | STAFF,
    "ZRNO-SLEDECE": PAIR | STAFF,  # the next step
    "ZRNO-PRIGOVOR": PAIR | STAFF,  # what the other side objected
    "ZRNO-O-CEMU": PAIR | STAFF,  # what she wrote when she booked an office hour, logged by now
    "ZRNO-TEMA": PAIR | STAFF | {"funder"},  # the topic: the only words that a funder reads
}
READERS = (
    *PAIR,
    *STAFF,
    "trainer",
    "another mentor",
    "partner",
    "funder",
    "another entrepreneur",
    "stranger",
)


@pytest.fixture
def world():
    """The matrix' world, with a pair of `p-same` in it of whom everything is written down."""
    world = World()
    same = world.same
    users = {role: world.users[role] for role in ROLES}
    named = {"another mentor": "mentor", "another entrepreneur": "entrepreneur", "stranger": "nobody"}
    world.readers = {reader: users[named.get(reader, reader)] for reader in READERS if reader not in PAIR}
    mentor = make_mentor(same.programme, person=make_person(world.tenant, user=make_user(world.tenant)))
    her = make_person(world.tenant, user=make_user(world.tenant), email="njena@primer.example")
    enrolment = make_enrolment(same.programme, person=her)
    world.pair = Assignment.objects.create(
        programme=same.programme, mentor=mentor, enrolment=enrolment, start=same.programme.start
    )
    world.readers |= {"mentor of the pair": mentor.person.user, "entrepreneur of the pair": her.user}
    write(world)
    return world


def write(world) -> None:
    pair, now = world.pair, timezone.now()
    mine, ours, programme = Note.Layer.MINE, Note.Layer.OURS, Note.Layer.PROGRAMME
    by_mentor, by_her = world.readers["mentor of the pair"], world.readers["entrepreneur of the pair"]
    make_note(pair, layer=mine, by=by_mentor, text="ZRNO-MOJE-MENTORKE")
    make_note(pair, layer=mine, by=by_her, text="ZRNO-MOJE-NJENO")
    make_note(pair, layer=mine, by=world.readers["coordinator"], text="ZRNO-MOJE-KOORDINATORKE")
    make_note(pair, layer=ours, by=by_her, text="ZRNO-NASE")
    make_note(pair, layer=programme, by=by_mentor, text="ZRNO-PROGRAM")
    day = today_there(now)
    meeting = make_meeting(pair, day=day, by=by_mentor, topic="ZRNO-TEMA", next_step="ZRNO-SLEDECE")
    _office_hour(world, now)
    services.object_to_meeting(by=by_her, meeting=meeting, objection="ZRNO-PRIGOVOR", now=now)
    world.pair_rows = {"assignment": pair.pk, "meeting": meeting.pk, "enrolment": pair.enrolment_id}
    world.pair_rows |= {"mentor": pair.mentor_id, "person": pair.enrolment.person_id}


def _office_hour(world, now) -> None:
    """Booked with words of her own; over by now, and logged by the mentor with a topic of his."""
    pair, day = world.pair, today_there(now) - timedelta(days=2)
    slot = make_slot(pair.mentor, pair.programme, day=day, booked_by=pair.enrolment, about="ZRNO-O-CEMU")
    by = world.readers["mentor of the pair"]
    services.log_slot(by=by, slot=slot, topic="Office hour", now=now)


def addresses(world) -> list[tuple[str, str]]:
    """Every page, list to take along, list and object of the API that can be read, as (route, address): about
    the pair where the address names one of its records, else about its programme."""
    found, patterns = [], dict(routes())
    for line in table().values():
        if line.method != "GET" or "logout" in line.route:
            continue
        parts = parts_of(line.route, patterns[line.route])
        values = {part: _value(world, name) for part, name in parts.items()}
        kinds = ("csv", "json") if "format" in values else ("",)
        for kind in kinds:
            said = values | ({"format": kind} if kind else {})
            found.append((line.route, reverse(line.route, kwargs=said)))
    notes = Note.objects.values_list("pk", flat=True)
    return found + [("api:pair-notes-detail", f"/api/v1/pair-notes/{pk}/") for pk in notes]


UNSWEPT = ("desk:health_of_sweeps",)  # answers 503 where no sweep runs, as here


def _value(world, name: str):
    if name in world.pair_rows:
        return world.pair_rows[name]
    return world.target(name, "administrator", "own" if name in FREE else "same")


def test_every_word_is_read_by_whom_it_is_for_and_by_nobody_else(world):
    pages = addresses(world)
    assert len(pages) > 150
    found = {word: set() for word in MUST}
    for reader, user in world.readers.items():
        client = Client(raise_request_exception=False)
        client.force_login(user, backend=BACKEND)
        for route, page in pages:
            if not opens(user, route, "GET"):
                continue  # refused for her role before a record is looked for: tests/access
            answer = client.get(page)
            assert answer.status_code < 500 or route == "desk:health_of_sweeps", (
                reader,
                page,
            )  # nobody swept
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = body.decode("utf-8", "replace")
            for word in MUST:
                if word in text:
                    found[word].add(reader)
    assert found == MUST


def test_asked_for_the_innermost_layer_the_api_gives_each_her_own(world):
    for reader, user in world.readers.items():
        client = Client()
        client.force_login(user, backend=BACKEND)
        for word in MUST:
            answer = client.get(f"/api/v1/pair-notes/?{urlencode({'layer': 'mine'})}").json()
            texts = {row["text"] for row in answer["results"]}
            assert (word in texts) == (reader in MUST[word] and "MOJE" in word), (reader, word)


def test_no_mail_carries_a_word_of_theirs(world, smtp_sink):
    """Reminders of the programme: they ask, they tell nothing."""
    make_awake(world.same.programme)
    later = timezone.now() + timedelta(days=23)  # two days after the pair became silent
    plan(later)
    send_due(later)
    sent = "".join(mail.text + mail.html + mail.subject for mail in smtp_sink.received)
    assert "Da li ste se sastali?" in sent
    assert [word for word in MUST if word in sent and word != "ZRNO-TEMA"] == []


@pytest.mark.parametrize("layer", ["mine", "ours", "programme"])
def test_what_is_taken_back_is_gone_for_everybody(world, layer):
    for row in Note.objects.filter(layer=layer).exclude(by=None):
        services.remove_note(by=row.by, note=row)
    assert not Note.objects.filter(layer=layer, text__contains="ZRNO").exists()
