import csv
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings

from ideas.duplicates import (
    ALIKE,
    PROPOSED,
    blocks,
    likeness,
    likeness_while_typing,
    pairs,
    shared_words,
    similar,
    similar_to_each,
    trace,
)
from tests.factories import make_idea, make_join, make_programme

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
    alike = {pair for pair, value in found.items() if value >= PROPOSED}
    assert alike == planted


@pytest.mark.django_db
def test_similar_names_the_likest_first_and_only_of_this_programme(django_assert_num_queries):
    programme = make_programme()
    twin = make_idea(programme, title="Сушара за дрво, заједничка", summary="За пет радионица.")
    make_idea(programme, title="Pivo od jučerašnjeg hleba")
    make_idea(title=DRYER)  # of another programme
    mine = make_idea(programme, title="Zajednička sušara za drvo", summary="Za pet radionica u Vranju.")
    with django_assert_num_queries(2):
        found = similar(programme, mine.text.title, mine.text.summary, but=mine)
    assert [row.idea for row in found] == [twin]
    assert found[0].words == ["Сушара", "дрво", "заједничка", "радионица"]


@pytest.mark.django_db
@pytest.mark.parametrize("more", [1, 60])
def test_similar_takes_two_queries_however_many_ideas_and_texts(more, django_assert_num_queries):
    programme = make_programme()
    for n in range(more):
        make_idea(programme, title=f"Nešto sasvim drugo, broj {n}")
    dryer = make_idea(programme, title=DRYER)
    texts = [("zajednicka susara", ""), ("Заједничка сушара за др", ""), ("Beer from bread", "")]
    with django_assert_num_queries(2):
        found = similar_to_each(programme, texts)
    assert [[row.idea for row in rows] for rows in found] == [[dryer], [dryer], []]


@pytest.mark.django_db
def test_new_ideas_and_new_words_are_known_at_once_and_old_words_are_forgotten():
    programme = make_programme()
    one = make_idea(programme, title="Pivo od jučerašnjeg hleba")
    assert similar(programme, "Pivo od jucerasnjeg hleba")[0].idea == one
    other = make_idea(programme, title="Šampon od kopriva sa Zlatibora")
    assert similar(programme, "sampon od kopriva")[0].idea == other
    one.text = one.texts.create(version=2, title="Torbe od starih ćilima")
    one.save()
    assert similar(programme, "Pivo od jucerasnjeg hleba") == []
    assert similar(programme, "torbe od starih cilima")[0].idea == one


@pytest.mark.django_db
def test_of_joined_ideas_the_one_that_stands_is_named_once():
    programme = make_programme()
    head = make_idea(programme, title="Drvo se suši zajedno", summary="Sušara u Vranju.")
    one, other = (make_idea(programme, title=title) for title in (DRYER, f"{DRYER}!"))
    make_join(one, head)
    make_join(other, head)
    assert [row.idea for row in similar(programme, DRYER)] == [head]
    assert similar(programme, DRYER, but=one) == []


@pytest.mark.django_db
def test_pairs_take_one_query(django_assert_num_queries):
    programme = make_programme()
    one = make_idea(programme, title="Pivo od jučerašnjeg hleba")
    make_idea(programme, title="Torbe od starih ćilima")
    other = make_idea(programme, title="Mrvice: pivo od jučerašnjeg hleba")
    with django_assert_num_queries(1):
        found = pairs(programme)
    assert [(a, b) for a, b, _likeness in found] == [(one.pk, other.pk)]


def texts_of_the_demo() -> list[tuple[str, str]]:
    rows = csv.DictReader((Path(settings.BASE_DIR) / "desk/demo/ideas.csv").open(encoding="utf-8"))
    return [(row["title"], row["summary"]) for row in rows]


@pytest.mark.parametrize("at_least", [0.4, PROPOSED])
def test_all_pairs_at_once_find_what_one_by_one_finds(at_least):
    """The rough comparison leaves nothing out: the demo's texts, each against each; titles alone too."""
    texts = texts_of_the_demo() + [(title, "") for title, _summary in texts_of_the_demo()[::4]]
    slow = {
        (a, b): value
        for a, b in combinations(range(len(texts)), 2)
        if (value := likeness(trace(*texts[a]), trace(*texts[b]))) >= at_least
    }
    assert {(a, b): value for a, b, value in blocks.alike(texts, at_least)} == slow


def test_rare_keys_find_the_pairs_that_comparing_all_finds(monkeypatch):
    """As if there were too many texts to compare each with each: the planted pairs are found all the same."""
    texts = texts_of_the_demo()
    whole = blocks.alike(texts, PROPOSED)
    monkeypatch.setattr(blocks, "AT_LEAST", 1000)
    assert len(whole) == 29 and sorted(blocks.alike(texts, PROPOSED)) == sorted(whole)


def test_nothing_and_little_are_no_pairs():
    assert blocks.alike([], PROPOSED) == []
    assert blocks.alike([("", "")] * 3, PROPOSED) == []
    assert blocks.alike([("Med", ""), ("Мед", ""), ("!", "")], PROPOSED) == [(0, 1, 1.0)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Pylon", "Scale customer operations on Slack"), ("Pylon", "Infrastructure for water companies")),
        (("Apollo", ""), ("Apollo Health", "A clinic that comes to your home in the evening")),
        (("Sušara za drvo", "Za pet radionica."), ("Dryer for wood", "For five workshops.")),  # translated
    ],
)
def test_a_name_of_one_word_and_a_translation_are_not_proposed(one, other):
    assert likeness(trace(*one), trace(*other)) < PROPOSED
