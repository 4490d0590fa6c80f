"""What may be said of how a figure is counted, and how it reads."""

import pytest
from django.core.exceptions import ValidationError

from outcomes.counting.spec import check, compares, in_words, questions, waves
from outcomes.library.indicators import LIBRARY

VALUES = {
    "now": {"question": "operating", "at": ["f6"]},
    "then": {"question": "operating", "at": ["baseline"]},
}
GOOD = {"count": "answers", "aggregation": "share", "values": VALUES, "numerator": ["is", "now", "yes"]}


@pytest.mark.parametrize("code", list(LIBRARY))
def test_every_spec_of_the_library_is_sound_and_can_be_read(code):
    how = LIBRARY[code].how
    check(how)
    assert all(words.endswith(".") and "%(" not in words for words in in_words(how))


@pytest.mark.parametrize(
    "spec",
    [
        None,
        {},
        {"count": "magic"},
        {"count": "built_in", "measure": "XX"},
        {"count": "results", "kinds": []},
        {"count": "results", "kinds": ["jobs"]},
        {"count": "results", "kinds": ["job"], "sum": "day"},
        {"count": "cost_per"},
        {"count": "cost_per", "of": "OC-07", "part": "all"},
        GOOD | {"aggregation": "average"},
        GOOD | {"values": {}},
        GOOD | {"values": {"Now": VALUES["now"]}},
        GOOD | {"values": {"now": {"question": "operating"}}},
        GOOD | {"values": {"now": VALUES["now"] | {"at": []}}},
        GOOD | {"values": {"now": VALUES["now"] | {"zero_when": {"question": "x"}}}},
        GOOD | {"numerator": ["is", "later", "yes"]},
        GOOD | {"numerator": ["is", "now"]},
        GOOD | {"numerator": ["at_least", "now", "4"]},
        GOOD | {"numerator": ["at_least", "now", True]},
        GOOD | {"numerator": ["and"]},
        GOOD | {"numerator": "now"},
        GOOD | {"numerator": ["is", "now", "'; drop table"]},
        GOOD | {"value": ["now"]},
        GOOD | {"surprise": 1},
        {"count": "answers", "aggregation": "mean", "values": VALUES},
        {"count": "answers", "aggregation": "mean", "values": VALUES, "value": ["change", "now"]},
    ],
)
def test_what_cannot_be_counted_is_refused_in_words(spec):
    with pytest.raises(ValidationError) as refused:
        check(spec)
    (words,) = refused.value.message_dict["spec"]
    assert words.endswith((".", "]")) or ":" in words


def test_a_condition_inside_a_hundred_others_is_refused():
    deep = ["known", "now"]
    for _ in range(100):
        deep = ["not", deep]
    with pytest.raises(ValidationError):
        check(GOOD | {"numerator": deep})


def test_what_it_looks_at():
    check(GOOD)
    assert (questions(GOOD), waves(GOOD), compares(GOOD)) == (["operating"], ["f6"], True)
    assert questions(LIBRARY["IM-01"].spec) == ["fte_women", "fte_men", "operating"]
    assert waves(LIBRARY["OC-07"].spec) == ["f6"]
    assert [compares(LIBRARY[code].spec) for code in ("OC-01", "OC-03.2", "OC-08")] == [False, True, True]


def test_in_words():
    paired = GOOD | {"denominator": ["and", ["known", "now"], ["is", "then", "no"]]}
    assert in_words(paired) == [
        "“now” is the answer to “operating” 6 months after the end.",
        "“then” is the answer to “operating” at the beginning.",
        "Counted are those of whom this holds: (“now” was answered) and (“then” is: no).",
        "The figure is the share of those of whom this holds: “now” is: yes.",
    ]
