"""Thirty-one phones in one room, ten minutes: 186 ideas through the real pages, with double taps and with
answers that are lost on the way, so that the phone sends again. None is lost, none is doubled."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from random import Random

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ideas.models import IdeaChange, IdeaText, Nomination
from tests.factories import make_enrolment, make_entry, make_person, make_programme, make_session
from training.register.codes import short_code_of

pytestmark = pytest.mark.django_db(transaction=True)
PHONES, EACH, SECONDS, TICK = 31, 6, 600, 10


class Phone:
    """A browser of its own, checked in with her row code."""

    def __init__(self, enrolment, code: str):
        self.browser, self.enrolment = Client(), enrolment
        self.address = reverse("ideas:nominate", args=[code])
        door = reverse("training:check_in", args=[code])
        operation = operation_of(self.browser.get(door))
        answer = self.browser.post(door, {"operation": operation, "row_code": enrolment.row_code})
        assert answer.status_code == 302, answer.content.decode()

    def nominate(self, title: str, luck: str) -> int:
        """Until it has an answer; how many requests reached the server."""
        said = {"operation": operation_of(self.browser.get(self.address)), "title": title}
        said |= {"summary": "Jedna rečenica.", "sector": "C"}
        sent = {"plain": 1, "double": 2, "lost": 2, "unlucky": 4}[luck]
        if luck == "double":  # both at once, before either has an answer
            twin = Client()
            twin.cookies = self.browser.cookies
            with ThreadPoolExecutor(2) as taps:
                answers = list(taps.map(lambda one: _sent(one, self.address, said), (self.browser, twin)))
        else:  # the answers to all but the last never came
            answers = [_sent(self.browser, self.address, said) for _again in range(sent)]
        assert set(answers) == {302}
        return sent


def operation_of(answer) -> str:
    """As it stands on the page (the contexts of a test's client get mixed up between threads)."""
    return re.search(r'name="operation" value="([^"]+)"', answer.content.decode())[1]


def _sent(browser: Client, address: str, said: dict) -> int:
    try:
        answer = browser.post(address, said)
        assert answer.status_code == 302, answer.content.decode()
        return answer.status_code
    finally:
        connections.close_all()


def _room():
    programme = make_programme()
    today = timezone.now().date()
    session = make_session(programme, day=today, zone="UTC", start=time(0, 0), end=time(23, 59))
    for n in range(PHONES):
        person = make_person(programme.tenant, name=f"Učesnica {n}")
        make_entry(session, make_enrolment(programme, person=person, row_code=f"A{n}"))
    return programme, session


def test_186_ideas_of_31_phones_in_ten_minutes(monkeypatch):
    programme, session = _room()
    begin = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
    clock = {"now": begin}
    monkeypatch.setattr(timezone, "now", lambda: clock["now"])
    code = short_code_of(session)
    phones = [Phone(row, code) for row in programme.enrolments.order_by("pk")]
    draw = Random(31)
    plan = sorted(
        (draw.randrange(SECONDS), n, f"Zamisao {k} telefona {n}", _luck(draw))
        for n in range(PHONES)
        for k in range(EACH)
    )
    sent = 0
    with ThreadPoolExecutor(8) as room:
        for tick in range(0, SECONDS, TICK):
            clock["now"] = begin + timedelta(seconds=tick)
            due = [(n, title, luck) for at, n, title, luck in plan if tick <= at < tick + TICK]
            sent += sum(room.map(lambda one: _one(phones, *one), due))
    lucks = Counter(luck for *_rest, luck in plan)
    titles = [title for _at, _n, title, _luck in plan]
    found = IdeaText.objects.filter(idea__programme=programme).values_list("title", flat=True)
    by_phone = Counter(Nomination.objects.values_list("enrolment", flat=True))
    numbers = programme.ideas.order_by("number").values_list("number", flat=True)
    print(f"{len(plan)} ideas by {PHONES} phones in {SECONDS} s: {sent} requests ({dict(lucks)}), "
          f"{len(set(titles) - set(found))} lost, {len(found) - len(set(found))} doubled")  # fmt: skip
    assert sorted(found) == sorted(titles)
    assert by_phone == Counter({phone.enrolment.pk: EACH for phone in phones})
    assert list(numbers) == list(range(1, PHONES * EACH + 1))
    assert IdeaChange.objects.count() == PHONES * EACH
    assert set(Nomination.objects.values_list("session", flat=True)) == {session.pk}


def _luck(draw: Random) -> str:
    return draw.choices(("plain", "double", "lost", "unlucky"), (60, 20, 15, 5))[0]


def _one(phones: list[Phone], n: int, title: str, luck: str) -> int:
    try:
        return phones[n].nominate(title, luck)
    finally:
        connections.close_all()
