"""How far the data can be trusted: every fact counted by hand, the page, the workbook, the API."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from outcomes import quality, wave_results
from outcomes.asking_quality import coverage, days_late, lateness
from outcomes.models import Answer, AnswerChange, Cost, Evidence, Grant, Invitation, PeriodLock, Result
from outcomes.response import response
from outcomes.scope import Scope
from tests import factories as f
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.outcomes.counted import NOW, ask, asking, at, say
from training.models import Enrolment, Group

pytestmark = pytest.mark.django_db
PAGE, FILE, API = "outcomes:quality_detail", "outcomes:quality_export", "api:programmes-quality"


@pytest.fixture
def world():
    return asking()


@pytest.fixture
def by(world):
    return f.make_coordinator(world.programme)


@pytest.fixture
def signed(client, by):
    client.force_login(by, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(world, route=PAGE) -> str:
    return reverse(route, args=[world.programme.code])


def facts(world) -> dict:
    return {fact.code: (fact.n, fact.of, fact.share) for fact in all_of(quality.of(world.programme, NOW))}


def all_of(found: quality.Quality) -> list[quality.Fact]:
    """But those of the waves."""
    return [
        fact for standard, _name, facts in found.by_standard for fact in facts if standard != "reliability"
    ]


def joined_to(her, programme) -> Enrolment:
    """Another row of the same person, declined as joining leaves it."""
    person = f.make_person(programme.tenant, joined_to=her.person)
    return f.make_enrolment(programme, person=person, state=Enrolment.State.DECLINED)


def test_of_nothing_there_is_no_percentage(world):
    assert facts(world) == {
        "baseline": (0, 0, None),
        "evidence": (0, 0, None),
        "late": (0, 0, None),
        "answers": (0, 0, None),
        "costs": (0, 0, None),
        "grants": (0, 0, None),
        "answered": (0, None, None),
        "closed": (0, None, None),
        "locked": (0, None, None),
        "joined": (0, None, None),
    }
    found = quality.of(world.programme, NOW)
    assert {fact.said for fact in all_of(found)} == {"there are none", "0"}
    assert (found.days_late, found.days_late_said, found.unlocked) == (None, "", [])
    assert [one.response.rate for one in found.reliability] == [None] * 6


def test_a_baseline_is_of_persons_who_had_a_place_and_a_control_group_stands_apart(world):
    programme = world.programme
    control = Group.objects.create(programme=programme, code="c", name="Control", is_control=True)
    both, applied, silent = (f.make_enrolment(programme) for _ in range(3))
    say(world, both, "baseline", knowledge=3)
    say(world, both, "application", knowledge=2)
    say(world, joined_to(both, programme), "baseline", knowledge=4)
    say(world, applied, "application", knowledge=2)
    say(world, silent, "exit", knowledge=9)  # what was said at the end is no baseline
    say(world, f.make_enrolment(programme, state=Enrolment.State.DECLINED), "application", knowledge=1)
    compared = [f.make_enrolment(programme, group=control) for _ in range(4)]
    say(world, compared[0], "baseline", knowledge=5)
    found = facts(world)
    assert found["baseline"] == (2, 3, 66.7)
    assert found["baseline_control"] == (1, 4, 25.0)
    assert found["joined"] == (1, None, None)
    assert coverage(Scope.whole(programme, NOW)).value == 66.7  # the figure DQ-02 says the same


def test_late_is_counted_as_the_figures_do(world):
    for day in (15, 30, 31):  # the wave closed on the 28th, its last day was the 27th
        row = say(world, f.make_enrolment(world.programme), "baseline", at(1, day), knowledge=1)
        Invitation.objects.filter(pk=row.pk).update(is_late=day > 27)
    found, scope = quality.of(world.programme, NOW), Scope.whole(world.programme, NOW)
    assert facts(world)["late"] == (2, 3, 66.7)
    assert (found.days_late, found.days_late_said) == (3.5, "3.5 days")
    assert (lateness(scope).value, days_late(scope).value) == (66.7, 3.5)


@pytest.mark.parametrize(("late", "words"), [([28], "1 day"), ([28, 29], "1.5 days"), ([30], "3 days")])
def test_days_late_are_said_with_their_number(world, late, words):
    for day in late:
        row = say(world, f.make_enrolment(world.programme), "baseline", at(1, day), knowledge=1)
        Invitation.objects.filter(pk=row.pk).update(is_late=True)
    assert quality.of(world.programme, NOW).days_late_said == words


def test_what_could_not_be_read_is_counted_of_all_there_is(world):
    programme, her = world.programme, f.make_enrolment(world.programme)
    row = say(world, her, "exit", knowledge=7, satisfaction=4)
    Answer.objects.create(invitation=row, question=world.questions["fte_women"], text="a few", is_unread=True)
    later = f.make_funding(programme, start=date(2026, 1, 1), end=date(2027, 1, 1))
    Cost.objects.create(funding=world.funding, kind="spent", name="Hall", amount=10, currency="EUR")
    Cost.objects.create(funding=later, kind="spent", name="Bus", as_written="about 500")
    Cost.objects.create(funding=f.make_funding(f.make_programme()), kind="spent", name="Not ours")
    Grant.objects.create(programme=programme, as_written="some")
    Grant.objects.create(programme=programme)  # nobody said how much: nothing that could not be read
    Grant.objects.create(programme=programme, as_written="9 EUR").amounts.create(amount=9, currency="EUR")
    found = facts(world)
    assert (found["answers"], found["costs"], found["grants"]) == ((1, 3, 33.3), (1, 2, 50.0), (1, 3, 33.3))
    costs = next(one for one in quality.of(programme, NOW).precision if one.code == "costs")
    assert costs.url == reverse("outcomes:cost_list", args=[later.pk])


@pytest.mark.parametrize(
    ("n", "of", "words"),
    [
        (0, 400, "0 of 400, 0 %"),
        (1, 400, "1 of 400, less than 1 %"),
        (2, 400, "2 of 400, less than 1 %"),
        (4, 400, "4 of 400, 1 %"),
        (399, 400, "399 of 400, more than 99 %"),
        (400, 400, "400 of 400, 100 %"),
        (0, 0, "there are none"),
        (7, None, "7"),
    ],
)
def test_few_are_not_none_and_most_are_not_all(n, of, words):
    assert quality.Fact("x", "X", n, of).said == words


def test_results_are_shown_by_evidence_once_each_and_one_taken_back_is_none(world):
    first, *_others = [
        Result.objects.create(programme=world.programme, kind="agreement", title=f"R{n}") for n in range(3)
    ]
    for n in range(2):
        Evidence.objects.create(result=first, address=f"https://primer.example/{n}")
    Result.objects.create(
        programme=world.programme, kind="agreement", title="Gone", withdrawn_at=NOW, reason="Twice"
    )
    assert facts(world)["evidence"] == (1, 3, 33.3)


def test_what_was_changed_after_it_was_handed_in_closed_and_locked(world):
    row = say(world, f.make_enrolment(world.programme), "exit", knowledge=7)
    for after, times in (("answered", 1), ("closed", 2), ("locked", 3)):
        for _ in range(times):
            AnswerChange.objects.create(invitation=row, question=world.questions["knowledge"], after=after)
    found = facts(world)
    assert [found[name][0] for name in ("answered", "closed", "locked")] == [1, 2, 3]


def test_who_was_joined_counts_where_either_row_takes_part(world):
    programme = world.programme
    her = f.make_enrolment(programme)
    joined_to(her, programme)
    f.make_person(programme.tenant, joined_to=her.person)  # her places were moved to the row that stays
    other = f.make_enrolment(f.make_programme(programme.tenant))
    f.make_person(programme.tenant, joined_to=other.person)
    assert facts(world)["joined"][0] == 2


# --- somebody who is two rows is asked once


def test_who_is_two_rows_is_one_in_the_response_and_in_the_results(world):
    her = f.make_enrolment(world.programme)
    twin = joined_to(her, world.programme)
    say(world, her, "exit", knowledge=2, operating="no", practices=["plan"])
    say(world, twin, "exit", at(4, 20), knowledge=8, operating="yes")
    ask(world, "f3", her)
    say(world, twin, "f3", knowledge=5)
    ask(world, "f6", her, state="waiting")
    ask(world, "f6", twin, state="refused")
    ask(world, "f6", f.make_enrolment(world.programme))
    say(world, None, "f12", at(12, 2), knowledge=1)  # rows of a file that name nobody are each somebody
    say(world, None, "f12", at(12, 3), knowledge=2)
    found = {code: response([wave])[wave.pk] for code, wave in world.waves.items()}
    assert {code: (one.asked, one.said) for code, one in found.items() if one.asked} == {
        "exit": (1, 1),
        "f3": (1, 1),
        "f6": (2, 0),
        "f12": (2, 2),
    }
    assert (found["f6"].refused, found["f6"].waiting) == (1, 1)
    asked = [world.questions["knowledge"], world.questions["operating"]]
    edition = f_items(world, asked)
    wave = world.waves["exit"]
    wave.edition = edition
    numbers, chosen = wave_results.of(wave, with_words=True)
    assert [(one.n, one.mean) for one in numbers.numbers] == [(1, 8)]  # the newer one
    assert [(one.label, one.count) for one in chosen.chosen] == [("Yes", 1), ("No", 0)]


def f_items(world, questions):
    """A draft edition that asks them."""
    from outcomes.models import Edition, Item, Wording

    edition = Edition.objects.create(questionnaire=world.waves["exit"].edition.questionnaire, number=2)
    for place, question in enumerate(questions):
        wording = Wording.objects.create(question=question, number=1, text=question.code)
        Item.objects.create(edition=edition, wording=wording, position=place)
    return edition


# --- the page, the workbook, the API


def filled(world) -> None:
    """Something of everything."""
    programme = world.programme
    her = f.make_enrolment(programme)
    row = say(world, her, "baseline", at(1, 30), knowledge=3)
    Invitation.objects.filter(pk=row.pk).update(is_late=True)
    joined_to(her, programme)
    AnswerChange.objects.create(invitation=row, question=world.questions["knowledge"], after="locked")
    days = {"start": date(2025, 1, 1), "end": date(2025, 2, 1)}
    PeriodLock.objects.create(programme=programme, **days, unlocked_at=NOW, reason="An invoice came late.")
    result = Result.objects.create(programme=programme, kind="agreement", title="Joint purchase")
    Evidence.objects.create(result=result, address="https://primer.example/1")
    Cost.objects.create(funding=world.funding, kind="spent", name="Bus", as_written="about 500")
    Grant.objects.create(programme=programme, as_written="some")


def test_each_fact_with_a_page_leads_to_it(world, signed):
    filled(world)
    answer = signed.get(address(world))
    urls = {fact.code: fact.url for fact in all_of(answer.context["quality"]) if fact.url}
    assert set(urls) == {"baseline", "evidence", "late", "costs", "grants", "joined"}
    for url in urls.values():
        assert signed.get(url).status_code == 200
        assert f'href="{url.replace("&", "&amp;")}"' in answer.content.decode()
    for wave in world.waves.values():
        assert f'href="{reverse("outcomes:wave_detail", args=[wave.pk])}"' in answer.content.decode()
    assert "An invoice came late." in answer.content.decode()


def test_page_workbook_and_api_say_the_same(world, signed):
    filled(world)
    shown = signed.get(address(world)).context["quality"]
    page = [
        (standard, fact.code, fact.n, fact.of, fact.share)
        for standard, _name, found in shown.by_standard
        for fact in found
    ]
    names = ("standard", "code", "n", "of", "share")
    api = signed.get(address(world, API)).json()
    assert [tuple(fact[name] for name in names) for fact in api["facts"]] == page
    assert api["days_late"] == shown.days_late == 3.0
    assert [one["reason"] for one in api["unlocked"]] == ["An invoice came late."]
    book = load_workbook(BytesIO(signed.get(address(world, FILE)).content))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[2:] for row in rows] == [fact[2:] for fact in page]
    assert book.worksheets[1]["C2"].value == "An invoice came late."


def test_taking_it_along_stands_in_the_trail(world, by, signed):
    signed.get(address(world, FILE))
    entry = AuditEntry.objects.get(verb="export")
    assert (entry.by, entry.fields) == (by, ["quality"])


@pytest.mark.parametrize("route", [PAGE, FILE, API])
def test_who_may_read_it(world, client, route):
    programme = world.programme
    who = [
        (f.make_coordinator(programme), 200),
        (f.make_administrator(programme.tenant), 200),
        (f.make_trainer(programme), 403),
        (f.make_funder(programme, funding=world.funding), 403),
        (f.make_coordinator(f.make_programme()), 404),
    ]
    for user, status in who:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(address(world, route)).status_code == status


@pytest.mark.parametrize("waves", [1, 3])
@pytest.mark.parametrize(("route", "queries"), [(PAGE, 24), (FILE, 24), (API, 23)])
def test_one_wave_and_three_cost_the_same(world, signed, waves, route, queries, django_assert_num_queries):
    filled(world)
    keep = [world.waves[code].pk for code in ("baseline", "exit", "f6")[:waves]]
    for wave in world.waves.values():
        if wave.pk not in keep:
            wave.delete()
    for _ in range(waves - 1):
        say(world, f.make_enrolment(world.programme), "baseline", at(1, 12), knowledge=1)
    signed.get(address(world))
    with django_assert_num_queries(queries):
        signed.get(address(world, route))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "en"), (LAPTOP, "en"), (PHONE, "sr-latn"), (LAPTOP, "sr")]
)
def test_it_can_be_read_by_everybody(open_page, world, by, size, language):
    filled(world)
    by.language = language
    by.save()
    page = open_page(size=size, language=language, user=by)
    page.goto(address(world))
    assert (axe(page), overflow(page)) == ([], 0)


def test_the_period_has_its_last_day(world, signed):
    filled(world)
    (lock,) = signed.get(address(world)).context["quality"].unlocked
    assert lock.last_day == lock.end - timedelta(days=1)
