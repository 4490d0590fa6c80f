"""How likely two rows are one person, by pairs that somebody made up and by real names in both scripts."""

import csv

import pytest

from lib.folding import script_of
from lib.scripts import to_cyrillic
from people.twins import STRONG, Facts, likeness, pairs

ANA = Facts(1, "Ana Đorđević", 1984, "ana@primer.example", "+381 64 111 2233")


@pytest.mark.parametrize(
    ("other", "score", "reasons"),
    [
        (Facts(2, "Ана Ђорђевић"), 50, ("name written in another script",)),
        (Facts(2, "Djordjević Ana"), 50, ("same name without its diacritics, or written by other rules",)),
        (Facts(2, "Đorđević Ana"), 50, ("same name in another order",)),
        (
            Facts(2, "ana dordevic", 1984),
            70,
            ("same name without its diacritics, or written by other rules", "born 1984 both"),
        ),
        (
            Facts(2, "A. Đorđević", None, "ANA@primer.example"),
            75,
            ("the same name with an initial", "same e-mail"),
        ),
        (
            Facts(2, "Ana Đorđević", 1984, "", "064/1112233"),
            100,
            ("same name", "same phone", "born 1984 both"),
        ),
        (Facts(2, "Ana Đorđević", 1991), 10, ("same name", "but born 1984 and 1991")),
        (
            Facts(2, "Ana Đorđević", None, "druga@primer.example", "065 999 888"),
            30,
            ("same name", "but another e-mail and another phone"),
        ),
        (
            Facts(2, "Ana Đorđevič", 1984),
            70,
            ("same name without its diacritics, or written by other rules", "born 1984 both"),
        ),
        (
            Facts(2, "Ana Đorđeviš", 1984, "ana@primer.example"),
            100,
            ("names that differ in a letter", "same e-mail", "born 1984 both"),
        ),
        (Facts(2, "Ana Marija Đorđević", 1984), 60, ("the same name with a part more", "born 1984 both")),
        (Facts(2, "Jovan Đorđević", 1984), 20, ("born 1984 both",)),
        (Facts(2, "Jovan Đorđević", None, "ana@primer.example"), 40, ("same e-mail",)),
    ],
)
def test_likeness_with_its_reasons(other, score, reasons):
    found = likeness(ANA, other)
    assert (found.score, found.reasons) == (score, reasons)
    assert likeness(other, ANA).score == score


def test_the_same_name_alone_is_never_more_than_perhaps():
    assert likeness(Facts(1, "Mila Jović"), Facts(2, "Мила Јовић")).is_strong is False


def test_same_enterprise_counts():
    one, other = (
        Facts(1, "Mila Jović", enterprises=frozenset({5})),
        Facts(2, "Мила Јовић", enterprises=frozenset({5, 6})),
    )
    assert likeness(one, other).reasons == ("name written in another script", "same enterprise")


def test_each_pair_once_the_likeliest_first():
    rows = [ANA, Facts(2, "Ана Ђорђевић", 1984), Facts(3, "Ana Đorđević"), Facts(4, "Petar Perić")]
    found = [(one.pk, other.pk, like.score) for one, other, like in pairs(rows, rows)]
    assert found == [(1, 2, 70), (1, 3, 50), (2, 3, 50)]


def _names(shared_data, name, country):
    with open(shared_data / "names" / name, encoding="utf-8-sig", newline="") as file:
        rows = [
            (row["Localized Name"], row["Romanized Name"])
            for row in csv.DictReader(file)
            if row["Country"] in country
        ]
    return [(local, roman) for local, roman in rows if local and roman]


CYRILLIC = ("RS", "MK", "BG", "RU", "UA", "BY", "BA", "ME", "KZ")


def test_real_names_meet_in_both_scripts_and_strangers_do_not(shared_data, capsys):
    """Everybody of the lists once in the local spelling (Cyrillic where it is Latin, and the other way round)
    and once romanized or stripped, born the same year; nobody else may be taken for her."""
    first, last = (
        _names(shared_data, f"common-{part}-by-country.csv", CYRILLIC) for part in ("forenames", "surnames")
    )
    here, there = [], []
    for n, (local, roman) in enumerate(dict(first).items()):
        surname = last[n % len(last)]
        one = f"{local} {surname[0]}"
        one = one if script_of(one) == "cyrl" else to_cyrillic(one)
        here.append(Facts(n, one, 1950 + n % 50))
        there.append(Facts(100_000 + n, f"{surname[1]} {roman}", 1950 + n % 50))
    found = pairs(here, there)
    right = [three for three in found if three[1].pk - 100_000 == three[0].pk]
    wrong = [three for three in found if three[1].pk - 100_000 != three[0].pk and three[2].score >= STRONG]
    recall = len({one.pk for one, _other, _like in right}) / len(here)
    with capsys.disabled():
        print(
            f"\ntwins of real names: {len(here)} people, recall {100 * recall:.1f} %, "
            f"false likely pairs {len(wrong)}"
        )
        for three in wrong[:8]:
            print("   ", three[0].name, "|", three[1].name, three[2])
        missed = [
            (a.name, b.name) for a, b in zip(here, there, strict=True) if a.pk not in {r[0].pk for r in right}
        ]
        print("   missed:", missed[:12])
    assert recall > 0.9
    assert len(wrong) <= len(here) // 100
