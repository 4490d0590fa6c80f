"""85 requests for small grants, most with an amount in pounds, euros, dollars or several of them.

What is beside ours was counted by hand in the file: 64 cells say an amount with its currency, 4 say `0` in
no currency (unread, and listed), 17 say nothing. Open Seeds, MIT."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from desk.real import FOLDER, Figure, load, run
from outcomes import money
from outcomes.models import Grant, GrantAmount

FILE, CODE = Path(FOLDER) / "microgrants.csv", "microgrants"
ROWS, READ, UNREAD, UNSAID = 85, 64, ("286", "287", "288", "297"), 17
TOTALS = {"EUR": Decimal("1455.90"), "GBP": Decimal("8718.42"), "USD": Decimal("1260.14")}
GRANTS = {"EUR": 11, "GBP": 51, "USD": 8}
SEVERAL = {
    "11": {"GBP": "122", "EUR": "83.41"},  # 122 gbp + 83.41 EUR
    "124": {"GBP": "417.34"},  # 67.40 + 349.94 GBP
    "127": {"GBP": "19.28", "EUR": "12.97"},  # 7.28GBP + 7.98 GBP + 4.02 GBP + 12.97 EUR
    "152": {"GBP": "118.70", "EUR": "4.66"},  # 118.7 GBP + 4.66 EUR
    "181": {"EUR": "103.98", "GBP": "49.67"},  # 103.98 EUR + 49.67 GBP
    "182": {"GBP": "5.97", "EUR": "155.28"},  # 5.97 GBP + 101.17EUR + 54.11 EUR
    "183": {"GBP": "69.55", "EUR": "101.17"},  # 69.55 GBP + 101.17 EUR
    "277": {"GBP": "86.20"},  # 55.83 GBP + 30.37 GBP
    "289": {"GBP": "99.16"},  # 10.56 GBP + 88.60 GBP
}


def load_all(data: Path) -> dict:
    run("programme", CODE, "--organisation", "Open Seeds", "--name", "Microgrants", "--zone", "UTC")
    return load("grants", data / FILE, CODE, columns="grants_microgrants")


def compare() -> Iterator[Figure]:
    grants = Grant.objects.filter(programme__code=CODE)
    yield Figure("grants.rows", ROWS, grants.count())
    yield Figure("grants.read", READ, grants.exclude(amounts=None).distinct().count())
    listed = sorted(money.unread_grants(grants).values_list("source_id", flat=True))
    yield Figure("grants.unread", len(UNREAD), len(listed))
    yield Figure("grants.unread_listed", len(UNREAD), len(set(listed) & set(UNREAD)))
    yield Figure("grants.unsaid", UNSAID, money.unsaid_grants(grants).count())
    given = money.given(grants)
    for currency, total in money.by_currency(given).items():
        yield Figure(f"grants.{currency}_cents", int(100 * TOTALS.get(currency, 0)), int(100 * total))
        yield Figure(f"grants.{currency}", GRANTS.get(currency, 0), _grants(given, currency))
    yield Figure("grants.currencies", len(TOTALS), len(money.by_currency(given)))
    wanted = {case: {code: Decimal(said) for code, said in one.items()} for case, one in SEVERAL.items()}
    right = sum(_amounts(grants, case) == one for case, one in wanted.items())
    yield Figure("grants.of_several_amounts", len(SEVERAL), right)


def _grants(given: list[money.Given], currency: str) -> int:
    return sum(one.grants for one in given if one.currency == currency)


def _amounts(grants, case: str) -> dict[str, Decimal]:
    rows = GrantAmount.objects.filter(grant__in=grants, grant__source_id=case)
    return {row.currency: row.amount for row in rows}
