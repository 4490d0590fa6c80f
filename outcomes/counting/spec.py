"""How a definition is counted, as data: its shape, checked, and in words.

    {"count": "built_in", "measure": "OP-01"}            counted by code from records
    {"count": "results", "kinds": ["job"], "sum": "number"}   results that stand; without a sum how many
    {"count": "cost_per", "of": "OC-07", "part": "numerator"}   spent and paid by the funder ÷ that count
    {"count": "answers", "aggregation": …, "values": {…}, …}

An aggregation is share (numerator ÷ denominator, persons), distinct (persons who ever met the numerator),
sum, mean, median (of `value`), ratio (sum of `value` ÷ sum of `of`). `values` names what is looked at:

    {"now": {"question": "fte", "at": ["f12", "f6"], "zero_when": {"question": "operating", "is": ["no"]}}}

`at` are wave codes; of several waves the newest that was answered counts. A list of questions is their sum.
`zero_when`: who answered so in the same wave has 0 (a closed business employs nobody).

    COND   ["known", name] | ["is", name, code, …] | ["has", name, code, …] (any of several)
           | ["more" | "less", name, name] | ["at_least" | "at_most", name, number]
           | ["new", name, name, number] (at least so many chosen now and not then)
           | ["and" | "or", COND, …] | ["not", COND]
    VALUE  [name] | ["change", now, then] | ["relative_change", now, then] (per cent)
           | ["new", now, then] (how many are chosen now and were not then)

What nobody answered is unknown, and so is whatever depends on it: "not unknown" is unknown too.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from outcomes.models import Result

AGGREGATIONS = ("share", "distinct", "sum", "mean", "median", "ratio")
COUNTS = ("built_in", "answers", "results", "cost_per")
PARTS = ("numerator", "denominator", "value")
BEFORE = ("application", "baseline")  # waves of the time before
NAME = re.compile(r"^[a-z][a-z0-9_]{0,29}$")
CODE = re.compile(r"^[\w.-]{1,60}$")
NONE = "none"  # the choice of "any of several" that says: none of these
DEEPEST = 12  # of conditions inside conditions
LONGEST = 12  # questions that are added up
LARGEST = 10**12  # that anything is compared with


def check(spec) -> None:
    """Raises ValidationError in words, naming the part that is wrong."""
    if not isinstance(spec, dict) or spec.get("count") not in COUNTS:
        raise _wrong(_("Say what is counted: one of %(known)s.") % {"known": ", ".join(COUNTS)})
    {"built_in": _built_in, "answers": _answers, "results": _results, "cost_per": _cost_per}[spec["count"]](
        spec
    )


def questions(spec: dict) -> list[str]:
    """Codes of all questions that it looks at, in order, each once."""
    found: dict[str, None] = {}
    for value in spec.get("values", {}).values():
        found |= dict.fromkeys(asked_in(value))
        if zero := value.get("zero_when"):
            found[zero["question"]] = None
    return list(found)


def asked_in(value: dict) -> list[str]:
    """The question, or the questions that are added up."""
    return [value["question"]] if isinstance(value["question"], str) else list(value["question"])


def waves(spec: dict) -> list[str]:
    """Codes of the waves whose answers make the figure: those of the value named `now`, or of all values;
    the time before only if there is no other. Who was asked in them is who was asked."""
    later, before = {}, {}
    values = spec.get("values", {})
    for value in [values["now"]] if "now" in values else values.values():
        for wave in value["at"]:
            (before if wave in BEFORE else later)[wave] = None
    return list(later or before)


def compares(spec: dict) -> bool:
    """Does it look at how it was before, too?"""
    values = list(spec.get("values", {}).values())
    back = [v for v in values if set(v["at"]) <= set(BEFORE) or str(v["question"]).endswith("_then")]
    return 0 < len(back) < len(values)


def in_words(spec: dict) -> list[str]:
    """How it is counted, a sentence a part, in the active language."""
    return _WORDS[spec["count"]](spec)


# --- checking


def _wrong(words: str) -> ValidationError:
    return ValidationError({"spec": words})


def _only(spec: dict, known: Iterable[str]) -> None:
    if strange := sorted(set(spec) - {"count", *known}):
        raise _wrong(_("“%(what)s” is not known here.") % {"what": strange[0]})


def _built_in(spec: dict) -> None:
    from outcomes.indicators import INDICATORS

    _only(spec, ["measure"])
    if not isinstance(spec.get("measure"), str) or spec["measure"] not in INDICATORS:
        raise _wrong(_("There is no indicator “%(code)s”.") % {"code": spec.get("measure")})


def _results(spec: dict) -> None:
    _only(spec, ["kinds", "sum"])
    kinds = spec.get("kinds")
    if not isinstance(kinds, list) or not kinds or not set(map(str, kinds)) <= set(Result.Kind.values):
        raise _wrong(_("Name kinds of results: %(known)s.") % {"known": ", ".join(Result.Kind.values)})
    if spec.get("sum") not in (None, "number"):
        raise _wrong(_("Only the number of a result can be summed."))


def _cost_per(spec: dict) -> None:
    _only(spec, ["of", "part"])
    if not isinstance(spec.get("of"), str) or not CODE.match(spec["of"]):
        raise _wrong(_("Say of which indicator the cost is counted."))
    if spec.get("part", "numerator") not in PARTS:
        raise _wrong(_("The part is one of %(known)s.") % {"known": ", ".join(PARTS)})


def _answers(spec: dict) -> None:
    _only(spec, ["aggregation", "values", "numerator", "denominator", "value", "of"])
    kind = spec.get("aggregation")
    if kind not in AGGREGATIONS:
        raise _wrong(_("The aggregation is one of %(known)s.") % {"known": ", ".join(AGGREGATIONS)})
    names = _values(spec.get("values"))
    counts = kind in ("share", "distinct")
    wanted = ["numerator"] if counts else ["value", "of"] if kind == "ratio" else ["value"]
    for part in wanted:
        if part not in spec:
            raise _wrong(_("“%(part)s” is missing.") % {"part": part})
    for part in {"numerator", "denominator", "value", "of"} & set(spec):
        if part in ("value", "of"):
            _value(spec[part], names)
        elif part == "denominator" or counts:
            _condition(spec[part], names)
    if strange := sorted({"numerator", "value", "of"} & set(spec) - set(wanted)):
        raise _wrong(_("“%(what)s” is not known here.") % {"what": strange[0]})


def _values(values) -> set[str]:
    if not isinstance(values, dict) or not values or len(values) > 8:
        raise _wrong(_("Name one to eight values: what is looked at."))
    for name, value in values.items():
        if not isinstance(name, str) or not NAME.match(name):
            raise _wrong(_("“%(what)s” is no name: use small letters.") % {"what": name})
        if not isinstance(value, dict) or not {"question", "at"} <= set(value) <= {
            "question", "at", "zero_when",
        }:  # fmt: skip
            raise _wrong(_("The value “%(name)s” needs a question and its waves.") % {"name": name})
        asked = [value["question"]] if isinstance(value["question"], str) else value["question"]
        _codes(asked, name)
        if len(asked) > LONGEST:
            raise _wrong(_("At most %(n)s questions are added up.") % {"n": LONGEST})
        _codes(value["at"], name)
        if (zero := value.get("zero_when")) is not None:
            if not isinstance(zero, dict) or set(zero) != {"question", "is"}:
                raise _wrong(_("The value “%(name)s” says badly when it is zero.") % {"name": name})
            _codes([zero["question"]], name)
            _codes(zero["is"], name)
    return set(values)


def _codes(found, name: str) -> None:
    ok = isinstance(found, list) and 0 < len(found) <= 60
    if not ok or not all(isinstance(one, str) and CODE.match(one) for one in found):
        raise _wrong(_("The value “%(name)s” needs a question and its waves.") % {"name": name})
    if len(set(found)) < len(found):  # an answer named twice would be two answers, and so unknown
        raise _wrong(_("The value “%(name)s” names something twice.") % {"name": name})


def _condition(cond, names: set[str], depth: int = 0) -> None:
    if not isinstance(cond, list) or not cond or depth > DEEPEST or not _fits(cond, names, depth):
        raise _wrong(_("This condition cannot be read: %(what)s") % {"what": _short(cond)})


def _fits(cond: list, names: set[str], depth: int) -> bool:
    verb, *rest = cond
    if verb in ("and", "or") and rest or verb == "not" and len(rest) == 1:
        for one in rest:
            _condition(one, names, depth + 1)
        return True
    if verb == "known":
        return len(rest) == 1 and _named(rest, names)
    if verb in ("is", "has"):
        coded = all(isinstance(one, str) and CODE.match(one) for one in rest[1:])
        return len(rest) > 1 and _named(rest[:1], names) and coded
    if verb in ("more", "less"):
        return len(rest) == 2 and _named(rest, names)
    if verb in ("at_least", "at_most"):
        return len(rest) == 2 and _named(rest[:1], names) and _is_number(rest[1])
    return verb == "new" and len(rest) == 3 and _named(rest[:2], names) and _is_number(rest[2])


def _named(found: list, names: set[str]) -> bool:
    return all(isinstance(one, str) and one in names for one in found)


def _is_number(found) -> bool:
    """Also not too large for the databases, and no infinity."""
    is_one = isinstance(found, int | float | Decimal) and not isinstance(found, bool)
    return is_one and -LARGEST <= found <= LARGEST


def _value(value, names: set[str]) -> None:
    ok = isinstance(value, list) and (
        len(value) == 1
        and _named(value, names)
        or len(value) == 3
        and value[0] in ("change", "relative_change", "new")
        and _named(value[1:], names)
    )
    if not ok:
        raise _wrong(_("This value cannot be read: %(what)s") % {"what": _short(value)})


def _short(found) -> str:
    return str(found)[:80]


# --- in words


def wave_words(code: str) -> str:
    """A wave by its code, in words."""
    if months := re.match(r"^f(\d+)$", code):
        return _("%(n)s months after the end") % {"n": months[1]}
    if module := re.match(r"^reaction-(\d+)$", code):
        return _("after module %(n)s") % {"n": module[1]}
    known = {
        "application": _("with the application"),
        "baseline": _("at the beginning"),
        "exit": _("at the end"),
    }
    return known.get(code, code)


def _of_answers(spec: dict) -> list[str]:
    said = [_looked_at(name, value) for name, value in spec["values"].items()]
    if "denominator" in spec:
        said.append(
            _("Counted are those of whom this holds: %(what)s.") % {"what": cond(spec["denominator"])}
        )
    kind, more = spec["aggregation"], {}
    if "numerator" in spec:
        more["what"] = cond(spec["numerator"])
    if "value" in spec:
        more["what"] = value_words(spec["value"])
    if "of" in spec:
        more["of"] = value_words(spec["of"])
    ends = {
        "share": _("The figure is the share of those of whom this holds: %(what)s."),
        "distinct": _("The figure is the number of people of whom this ever held: %(what)s."),
        "sum": _("The figure is the sum of: %(what)s."),
        "mean": _("The figure is the mean of: %(what)s."),
        "median": _("The figure is the median of: %(what)s."),
        "ratio": _("The figure is the sum of: %(what)s; in per cent of the sum of: %(of)s."),
    }
    return [*said, ends[kind] % more]


def _looked_at(name: str, value: dict) -> str:
    what = {
        "name": name,
        "question": " + ".join(asked_in(value)),
        "waves": ", ".join(wave_words(code) for code in value["at"]),
    }
    if len(value["at"]) > 1:
        words = _("“%(name)s” is the newest answer to “%(question)s” of these: %(waves)s.") % what
    else:
        words = _("“%(name)s” is the answer to “%(question)s” %(waves)s.") % what
    if zero := value.get("zero_when"):
        also = {"question": zero["question"], "codes": ", ".join(zero["is"])}
        words += " " + _("It is 0 where “%(question)s” was answered: %(codes)s.") % also
    return words


def cond(found: list) -> str:
    """A condition in words."""
    verb, *rest = found
    if verb in ("and", "or"):
        return (_(" and ") if verb == "and" else _(" or ")).join(f"({cond(one)})" for one in rest)
    if verb == "not":
        return _("not (%(what)s)") % {"what": cond(rest[0])}
    more = {"a": rest[0], "b": rest[1] if len(rest) > 1 else "", "codes": ", ".join(map(str, rest[1:]))}
    words = {
        "known": _("“%(a)s” was answered"),
        "is": _("“%(a)s” is: %(codes)s"),
        "has": _("“%(a)s” holds one of: %(codes)s"),
        "more": _("“%(a)s” is more than “%(b)s”"),
        "less": _("“%(a)s” is less than “%(b)s”"),
        "at_least": _("“%(a)s” is at least %(b)s"),
        "at_most": _("“%(a)s” is at most %(b)s"),
        "new": _("at least %(n)s are chosen in “%(a)s” and not in “%(b)s”"),
    }[verb]
    return words % (more | {"n": rest[-1]})


def value_words(found: list) -> str:
    """A value in words."""
    if len(found) == 1:
        return _("“%(a)s”") % {"a": found[0]}
    words = {
        "change": _("“%(a)s” less “%(b)s”"),
        "relative_change": _("the change from “%(b)s” to “%(a)s” in per cent"),
        "new": _("how many are chosen in “%(a)s” and not in “%(b)s”"),
    }[found[0]]
    return words % {"a": found[1], "b": found[2]}


def _of_results(spec: dict) -> list[str]:
    kinds = ", ".join(str(Result.Kind(kind).label) for kind in spec["kinds"])
    if spec.get("sum"):
        return [_("The sum of how many each result says, of these kinds: %(kinds)s.") % {"kinds": kinds}]
    return [_("How many results there are of these kinds: %(kinds)s.") % {"kinds": kinds}]


def _of_records(spec: dict) -> list[str]:
    return [_("Counted from the records themselves, as “%(code)s”.") % {"code": spec["measure"]}]


def _of_costs(spec: dict) -> list[str]:
    words = _("What was spent and the funder pays, per currency, by the count of “%(code)s”.")
    return [words % {"code": spec["of"]}]


_WORDS = {
    "built_in": _of_records,
    "answers": _of_answers,
    "results": _of_results,
    "cost_per": _of_costs,
}
