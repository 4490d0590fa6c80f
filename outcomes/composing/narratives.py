"""What is told of a period. A text may name figures, `{OP-01}`: it gets what the document says of them,
behind the gate, and the mark where that is withheld."""

import re
from collections.abc import Callable

from outcomes.models import Narrative, Report

NAMED = re.compile(r"\{([A-Z]{1,3}-?\d+(?:\.\d+)?)\}")
TEXTS = ("happened", "went_wrong", "changes_next")


def narratives(report: Report, said: Callable[[str], str | None]) -> list[dict]:
    """Those that touch the period, by their first day: of the whole first, then of figures. `said` gives the
    words of a figure by its code, or nothing."""
    rows = Narrative.objects.filter(funding=report.funding, start__lt=report.end, end__gt=report.start)
    return [_narrative(row, said) for row in rows.order_by("indicator", "start", "pk")]


def _narrative(row: Narrative, said: Callable[[str], str | None]) -> dict:
    texts = {name: filled(getattr(row, name), said) for name in TEXTS}
    return {"figure": row.indicator} | {name: text for name, text in texts.items() if text}


def filled(text: str, said: Callable[[str], str | None]) -> str:
    """A name that no figure has stays as it was typed."""
    return NAMED.sub(lambda found: said(found[1]) or found[0], text)


def named(text: str) -> set[str]:
    """Codes of figures that a text names."""
    return set(NAMED.findall(text))
