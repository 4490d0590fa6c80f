"""Short hands to write specs with (their language: outcomes/counting/spec.py)."""

BASELINE = ("baseline", "application")
PAIRED = ["and", ["known", "now"], ["known", "then"]]
CLOSED = {"question": "operating", "is": ["no"]}  # a closed business is known: it has 0


def asked(question: str | list[str], *at: str, **more) -> dict:
    return {"question": question, "at": list(at), **more}


def then_and_now(question: str | list[str], now: str, **more) -> dict:
    """The same question at one later wave, and before."""
    return {"now": asked(question, now, **more), "then": asked(question, *BASELINE, **more)}


def share(values: dict, numerator: list, denominator: list | None = None) -> dict:
    found = {"count": "answers", "aggregation": "share", "values": values, "numerator": numerator}
    return found | ({"denominator": denominator} if denominator else {})


def over(aggregation: str, values: dict, value: list, denominator: list | None = None, **more) -> dict:
    """A sum, mean, median or ratio."""
    found = {"count": "answers", "aggregation": aggregation, "values": values, "value": value, **more}
    return found | ({"denominator": denominator} if denominator else {})


def cost_per(code: str, part: str = "numerator") -> dict:
    return {"count": "cost_per", "of": code, "part": part}
