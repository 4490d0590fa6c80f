"""The questions of a sheet as a page shows them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lib.languages import told
from outcomes.asking.said import CURRENCIES, OTHER, Value, plain
from outcomes.asking.sheet import Sheet
from outcomes.models import Answer, Item, Question

Kind = Question.Kind
MOST_STEPS = 11  # a longer scale is a number


class Asked:
    """One question as it stands on the page."""

    def __init__(self, item: Item, said: Mapping[str, Value], errors: Iterable[str] = (), typed=None):
        self.item, self.said, self.errors, self.typed = item, said, list(errors), typed
        self.wording, self.question = item.wording, item.wording.question
        self.code, self.kind = self.question.code, self.question.kind
        self.name, self.id = f"q-{self.code}", f"q-{self.code}"

    @property
    def title(self) -> str:
        return self.wording.title

    @property
    def help(self) -> str:
        return told(self.wording.help, self.wording.help_sr)

    @property
    def unit(self) -> str:
        return told(self.wording.unit, self.wording.unit_sr)

    @property
    def section(self) -> str:
        return told(self.item.section, self.item.section_sr)

    @property
    def is_one(self) -> bool:
        return self.kind == Kind.ONE

    @property
    def is_scale(self) -> bool:
        return self.kind == Kind.SCALE and bool(self.steps)

    @property
    def is_group(self) -> bool:
        return self.is_scale or self.kind in (*Question.CHOSEN, Kind.MONEY, Kind.DAY)

    @property
    def is_open(self) -> bool:
        return not self.said

    @property
    def is_missing(self) -> bool:
        return self.item.is_required and self.is_open

    @property
    def described_by(self) -> str:
        return f"{self.id}-help {self.id}-error" if self.help else f"{self.id}-error"

    @cached_property
    def ticked(self) -> set[str]:
        if self.errors and isinstance(self.typed, Mapping):
            return set(self.typed.get("codes") or ())
        return set(self.said)

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(code, words, ticked)"""
        if self.kind == Kind.YES_NO:
            return [("yes", _("Yes"), "yes" in self.ticked), ("no", _("No"), "no" in self.ticked)]
        rows = self.wording.choices
        return [(row["code"], told(row.get("en", ""), row.get("sr", "")) or row["code"],
                 row["code"] in self.ticked) for row in rows]  # fmt: skip

    @property
    def takes_other(self) -> bool:
        return any(row["code"] == OTHER for row in self.wording.choices)

    @property
    def other(self) -> str:
        if self.errors and isinstance(self.typed, Mapping):
            return self.typed.get("other", "")
        return self.said[OTHER].text if OTHER in self.said else ""

    @cached_property
    def steps(self) -> list[tuple[str, bool]]:
        """(value, chosen) of a scale that is short enough for buttons."""
        low, high = self.wording.lowest, self.wording.highest
        if low is None or high is None or high - low >= MOST_STEPS or low != int(low):
            return []
        chosen = self.said[""].number if "" in self.said else None
        return [(str(step), chosen is not None and step == chosen) for step in range(int(low), int(high) + 1)]

    @property
    def low_label(self) -> str:
        return told(self.wording.low_label, self.wording.low_label_sr)

    @property
    def high_label(self) -> str:
        return told(self.wording.high_label, self.wording.high_label_sr)

    @property
    def text(self) -> str:
        """What stands in the one line or the box."""
        if self.errors and self.typed is not None:
            return self.typed.get("amount", "") if isinstance(self.typed, Mapping) else str(self.typed)
        value = self.said.get("")
        if value is None:
            return ""
        return value.text if value.number is None else _number(value.number)

    @property
    def currencies(self) -> list[tuple[str, bool]]:
        chosen = self.wording.currency or CURRENCIES[0]
        if self.errors and isinstance(self.typed, Mapping):
            chosen = self.typed.get("currency") or chosen
        elif "" in self.said:
            chosen = self.said[""].currency or chosen
        return [(code, code == chosen) for code in dict.fromkeys((chosen, *CURRENCIES))]

    @property
    def day_parts(self) -> list[tuple[str, str, str, int]]:
        """(name of the part, words, what stands there, digits)"""
        words = [("day", _("Day"), 2), ("month", _("Month"), 2), ("year", _("Year"), 4)]
        if self.errors and isinstance(self.typed, Mapping):
            stands = dict(self.typed)
        else:
            day: date | None = self.said[""].day if "" in self.said else None
            stands = {name: str(getattr(day, name)) if day else "" for name, *_rest in words}
        return [(name, label, stands.get(name, ""), size) for name, label, size in words]


class Interviewed(Asked):
    """With what shows it: in an interview she who asks may have seen a document."""

    def __init__(self, *args, evidence: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        chosen = evidence or Answer.Evidence.SAID
        self.evidence = [(code, words, code == chosen) for code, words in Answer.Evidence.choices]


def _number(number: Decimal) -> str:
    """As she would write it, so that it is read again as the same; no sign parts thousands."""
    return number_format(plain(number), use_l10n=True, force_grouping=False).replace("\u00a0", "")


def page(sheet: Sheet, errors: Mapping = {}, typed: Mapping = {}, *, staff: bool = False) -> list[Asked]:
    """All questions in order, each also where it is not shown: `is_shown` says so."""
    found = []
    for item in sheet.items:
        code = item.wording.question.code
        known = (item, sheet.said(code), errors.get(code, ()), typed.get(code))
        if staff:
            rows = sheet.answers.get(code, {}).values()
            one = Interviewed(*known, evidence=next((row.evidence for row in rows), ""))
        else:
            one = Asked(*known)
        one.is_shown = sheet.is_shown(item)
        found.append(one)
    return found
