import csv
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings

from ideas.duplicates import ALIKE, likeness, likeness_while_typing, pairs, shared_words, similar, trace
from tests.factories import make_idea, make_programme

DRYER = "Zajednička sušara za drvo za pet stolarskih radionica"


@pytest.mark.parametrize(
    "other",
    [
        "Zajednička sušara za drvo, za pet stolarskih radionica",
        "Sušara za drvo, zajednička, za pet stolarskih radionica",  # another order
        "Zajednicka susara za drvo za pet stolarskih radionica",  # no diacritics
        "Заједничка сушара за дрво за пет столарских радионица",  # another script
        "Zajednička sušraa za drvo za pet stolraskih radionica",  # slips of the finger
    ],
)
def test_the_same_in_other_letters(other):
    assert likeness(trace(DRYER), trace(other)) >= 0.8


def test_script_diacritics_and_dj_do_not_count_at_all():
    for other in ("Vezbe za ledja u fabrici", "Вежбе за леђа у фабрици", "VEŽBE ZA LEĐA U FABRICI"):
        assert likeness(trace("Vežbe za leđa u fabrici"), trace(other)) == 1.0


@pytest.mark.parametrize(
    "other", ["Vožnja starih bicikala", "Doručak iz kruga od trideset kilometara", "Linen from Požega"]
)
def test_different_ideas_are_not_alike(other):
    assert likeness(trace(DRYER), trace(other)) < 0.35


def test_likeness_has_no_direction_and_an_empty_text_is_like_nothing():
    one, other = trace(DRYER, "Građa se vozi daleko."), trace("Pokretna sušara", "Domaćinstva nemaju sušaru.")
    assert likeness(one, other) == likeness(other, one)
    assert likeness(trace(""), trace("")) == 0


def test_another_title_over_the_same_text_is_found():
    text = (
        "Small orchards throw away a third of the fruit as it ripens in two weeks. A shared dryer would help."
    )
    one = trace("Community fruit dryer", text)
    assert likeness(one, trace("Apricots without sulphur, in returnable jars", text)) >= 0.7


def test_an_unfinished_title_finds_what_it_becomes():
    assert likeness_while_typing(trace("Zajednička sušara"), trace(DRYER)) >= ALIKE
    assert likeness_while_typing(trace("Za"), trace(DRYER)) < ALIKE


def test_shared_words_are_written_as_the_idea_writes_them():
    assert shared_words("Сушара за дрво у Врању", "Susara za drvo, susara") == ["Сушара", "дрво"]


def test_planted_pairs_of_the_demo_are_found_and_no_others():
    rows = list(csv.DictReader((Path(settings.BASE_DIR) / "desk/demo/ideas.csv").open(encoding="utf-8")))
    planted = {tuple(sorted((int(row["n"]), int(row["twin_of"])))) for row in rows if row["twin_of"]}
    traced = {int(row["n"]): trace(row["title"], row["summary"]) for row in rows}
    found = {
        tuple(sorted(pair)): likeness(traced[pair[0]], traced[pair[1]])
        for pair in combinations(sorted(traced), 2)
    }
    alike = {pair for pair, value in found.items() if value >= 0.7}
    assert alike == planted


@pytest.mark.django_db
def test_similar_names_the_likest_first_and_only_of_this_programme(django_assert_num_queries):
    programme = make_programme()
    twin = make_idea(programme, title="Сушара за дрво, заједничка", summary="За пет радионица.")
    make_idea(programme, title="Pivo od jučerašnjeg hleba")
    make_idea(title=DRYER)  # of another programme
    mine = make_idea(programme, title="Zajednička sušara za drvo", summary="Za pet radionica u Vranju.")
    with django_assert_num_queries(1):
        found = similar(programme, mine.text.title, mine.text.summary, but=mine)
    assert [row.idea for row in found] == [twin]
    assert found[0].words == ["Сушара", "дрво", "заједничка", "радионица"]


@pytest.mark.django_db
def test_pairs_take_one_query(django_assert_num_queries):
    programme = make_programme()
    one = make_idea(programme, title="Pivo od jučerašnjeg hleba")
    make_idea(programme, title="Torbe od starih ćilima")
    other = make_idea(programme, title="Mrvice: pivo od jučerašnjeg hleba")
    with django_assert_num_queries(1):
        found = pairs(programme)
    assert [(a, b) for a, b, _likeness in found] == [(one, other)]


@pytest.mark.django_db
def test_all_pairs_at_once_find_what_one_by_one_finds():
    """The rows' quick comparison leaves nothing out: the demo's texts, each against each."""
    rows = list(csv.DictReader((Path(settings.BASE_DIR) / "desk/demo/ideas.csv").open(encoding="utf-8")))[
        :120
    ]
    programme = make_programme()
    ideas = [make_idea(programme, title=row["title"], summary=row["summary"]) for row in rows]
    traced = [(idea, trace(idea.text.title, idea.text.summary)) for idea in ideas]
    slow = {(a.pk, b.pk): likeness(x, y) for (a, x), (b, y) in combinations(traced, 2)}
    found = pairs(programme, at_least=0.4)
    wanted = {pair: value for pair, value in slow.items() if value >= 0.4}
    assert {(a.pk, b.pk): value for a, b, value in found} == wanted
    assert len(found) == 10
