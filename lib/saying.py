"""Sentences of ours that are kept in the records, and told again in the language of whoever reads them."""

import json
from collections.abc import Iterable
from contextlib import suppress

from django.db import models
from django.utils.translation import gettext

MARK = "\u2063"  # INVISIBLE SEPARATOR: what is kept begins with it; what somebody typed never does


class Sentence(str):
    """In the language that was active when it was made; `told` is what it was made from."""

    told: list  # [[sentence in English, {name: value}], …]


def sentence(words: str, /, **values: object) -> Sentence:
    """One sentence out of the catalogue (`gettext_noop`), with its values."""
    return _told([[words, {name: str(value) for name, value in values.items()}]])


def together(words: Iterable[str], most: int) -> Sentence:
    """As many of these sentences as find room, one after the other; what somebody typed stays as it is."""
    rows = []
    for one in words:
        more = one.told if isinstance(one, Sentence) else [["%(words)s", {"words": one}]]
        if rows and len(_kept([*rows, *more])) > most:
            break
        rows += more
    return _told(rows)


class SaidField(models.CharField):
    """Text that somebody typed, or a sentence of ours, which comes back in the language that is active."""

    def from_db_value(self, value, expression, connection):
        if value and value.startswith(MARK):
            with suppress(ValueError, KeyError, TypeError):
                return _told(json.loads(value[len(MARK) :]))
        return value

    def get_prep_value(self, value):
        if isinstance(value, Sentence):
            kept = _kept(value.told)
            return kept if len(kept) <= self.max_length else str(value)[: self.max_length]
        value = super().get_prep_value(value)
        return value.replace(MARK, "") if isinstance(value, str) else value

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs  # the column is one


def _told(rows: list) -> Sentence:
    said = Sentence(" ".join(gettext(words) % values for words, values in rows))
    said.told = rows
    return said


def _kept(rows: list) -> str:
    return MARK + json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
