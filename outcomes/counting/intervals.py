"""How far a share of those who answered may be from that of all."""

from math import sqrt

Z2 = 1.959963984540054**2  # 95 per cent


def bounds(numerator: int, n: int, open_: int) -> tuple[float, float]:
    """The lowest and the highest share in per cent, whatever the `open_` others are: nothing is assumed."""
    whole = n + open_
    return round(100 * numerator / whole, 1), round(100 * (numerator + open_) / whole, 1)


def wilson(numerator: int, n: int, population: int | None = None) -> tuple[float, float]:
    """Wilson's score interval of 95 per cent, in per cent; with a population (of which the n are a sample)
    corrected for how much of it was seen (O'Neill 2021): all seen leaves nothing open."""
    seen = 1.0 if population is None else (population - n) / (population - 1) if population > 1 else 0.0
    share, psi = numerator / n, seen * Z2 / (2 * n)
    middle = (share + psi) / (1 + 2 * psi)
    half = sqrt(2 * share * (1 - share) * psi + psi * psi) / (1 + 2 * psi)
    return round(100 * max(0.0, middle - half), 1), round(100 * min(1.0, middle + half), 1)
