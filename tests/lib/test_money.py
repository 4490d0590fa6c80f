"""Amounts as people write them: read for sure or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.money import is_currency, read_money

EUR, GBP, RSD = "EUR", "GBP", "RSD"


def read(said, default="", **options):
    found = read_money(said, default, **options)
    return None if found is None else [(str(amount), code) for amount, code in found]


@pytest.mark.parametrize(
    ("said", "amounts"),
    [
        ("75 GBP", [("75", GBP)]),
        ("87.42GBP", [("87.42", GBP)]),
        ("118.7 GBP + 4.66 EUR", [("118.7", GBP), ("4.66", EUR)]),
        ("122 gbp + 83.41 EUR", [("122", GBP), ("83.41", EUR)]),
        ("67.40 + 349.94 GBP", [("417.34", GBP)]),
        ("7.28GBP + 7.98 GBP + 4.02 GBP + 12.97 EUR", [("19.28", GBP), ("12.97", EUR)]),
        ("100 EUR i 2.000 din", [("100", EUR), ("2000", RSD)]),
        ("CHF500.41", [("500.41", "CHF")]),
        ("1.234,56 din", [("1234.56", RSD)]),
        ("1.234,56 din.", [("1234.56", RSD)]),
        ("1.234,56 динара", [("1234.56", RSD)]),
        ("RSD 12.000", [("12000", RSD)]),
        ("1,234 EUR", [("1234", EUR)]),
        ("1,234,567.89 EUR", [("1234567.89", EUR)]),
        ("€ 1 200", [("1200", EUR)]),
        ("1\u00a0200,5 evra", [("1200.5", EUR)]),
        ("CHF 1'200.00", [("1200.00", "CHF")]),
        ("50,- EUR", [("50", EUR)]),
        ("12,5 евра", [("12.5", EUR)]),
        ("£20", [("20", GBP)]),
        ("US$ 33", [("33", "USD")]),
        ("$33 USD", [("33", "USD")]),
        ("EUR 5 EUR", [("5", EUR)]),
        ("50 KM", [("50", "BAM")]),
        ("0 EUR", [("0", EUR)]),
    ],
)
def test_read_for_sure(said, amounts):
    assert read(said) == amounts


@pytest.mark.parametrize(
    "said",
    [
        "", " ", "EUR", "0", "45", "$45", "¥ 100", "$33 EUR", "5 EUR RSD", "EUR 5 GBP",
        "~16eur", "about 50 EUR", "50 EUR per month", "10k EUR", "5-10 EUR", "= 100 EUR", "100 EUR?",
        "-5 EUR", "EUR -5", "−5 EUR", "(5 EUR)", "5 EUR-", "--5 EUR",
        "5 GBP + 10", "10 + 5 GBP + 3 EUR", "+ 5 EUR", "5 EUR +", "12 EUR\n13 EUR", "1\n200 EUR",
        "12 EUR, 13 EUR", "12 EUR / 13 EUR",
        "1234.567 EUR", "0.125 EUR", "1.234,567 EUR", "1.234.56 EUR", "12,34,567 INR", "12 50 EUR",
        "12.000 KWD", "5² EUR", "½ EUR", "٥ EUR", "1e3 EUR", "50 km", "5 all", "100 fcfa", "100 XYZ",
        "9" * 17 + " EUR", "9" * 5000 + " EUR",
        "1. Internet bundles - $33\n\n2. Headset - $45 (a shop's address)",
        "Stickers 250 pcs, CHF100.79\nPens CHF131.52\nTotal CHF500.41",
    ],
)  # fmt: skip
def test_not_guessed(said):
    assert read_money(said) is None


def test_a_default_settles_what_says_no_currency():
    assert read("45", EUR) == [("45", EUR)]
    assert read("0", EUR) == [("0", EUR)]
    assert read("10 + 5,50", RSD) == [("15.50", RSD)]
    assert read("$45", "USD") == [("45", "USD")]
    assert read("$45", "CAD") == [("45", "CAD")]
    assert read("$45", EUR) is None  # dollars are no euros
    assert read("5 GBP", EUR) == [("5", GBP)]
    assert read("5 GBP + 10", EUR) is None  # of which?
    assert read("45", "no currency") is None


def test_numbers_of_a_workbook():
    assert read(12.5, EUR) == [("12.5", EUR)]
    assert read(12, RSD) == [("12", RSD)]
    assert read(12.345, EUR) is None  # never twelve thousand
    assert read(12.5) is None
    assert (read(-1, EUR), read(True, EUR), read(float("nan"), EUR), read(1e300, EUR)) == (None,) * 4


def test_below_zero_only_where_it_is_wanted():
    assert read("-5", EUR, signed=True) == [("-5", EUR)]
    assert read("EUR -1.200", signed=True) == [("-1200", EUR)]
    assert read("−5 EUR + 8 EUR", signed=True) == [("3", EUR)]
    assert read(-2.5, EUR, signed=True) == [("-2.5", EUR)]


def test_currencies_that_are_or_lately_were_money():
    assert all(map(is_currency, ["EUR", "RSD", "BAM", "HRK", "KES"]))
    assert not any(map(is_currency, ["", "eur", "XXX", "XTS", "YUD", "AAA"]))


amounts = st.decimals(0, 10**9, places=2, allow_nan=False, allow_infinity=False)
SIGNS = [("", "."), ("", ","), (",", "."), (".", ","), (" ", ","), (" ", "."), ("'", "."), ("\u202f", ",")]


def written(value, signs):
    whole, rest = f"{value:,.2f}".split(".")
    return whole.replace(",", signs[0]) + signs[1] + rest


@given(amounts, st.sampled_from(SIGNS), st.sampled_from(["EUR", "GBP", "RSD", "KES"]), st.booleans())
def test_an_amount_is_read_as_it_is_written(value, signs, code, in_front):
    said = f"{code} {written(value, signs)}" if in_front else f"{written(value, signs)} {code}"
    assert read_money(said) == [(value, code)]


@given(st.lists(st.tuples(amounts, st.sampled_from([EUR, GBP, RSD])), min_size=1, max_size=6))
def test_a_sum_has_one_amount_a_currency_and_loses_nothing(parts):
    found = read_money(" + ".join(f"{value} {code}" for value, code in parts))
    wanted = {}
    for value, code in parts:
        wanted[code] = wanted.get(code, Decimal(0)) + value
    assert found == [(value, code) for code, value in wanted.items()]


@given(amounts, st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9))
def test_other_words_make_it_unread(value, word):
    """Beside an amount that is whole, any further word is more than we know."""
    assert read_money(f"{value} EUR {word}") is None
    assert read_money(f"{word}: {value} EUR") is None


@given(st.text(max_size=30))
def test_whatever_stands_there_is_read_or_is_not(said):
    found = read_money(said, "EUR")
    assert found is None or (
        found
        and all(amount >= 0 and is_currency(code) and amount == round(amount, 2) for amount, code in found)
    )
