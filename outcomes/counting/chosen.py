"""The common specs as a few choices, for whoever writes no data: `spec_of` makes a spec of choices, `chosen`
says which choices make a spec, and nothing where they would not make all of it.

    way         answers | results | cost | records
    answers     aggregation, question (and `plus`, added to it) at waves `at`; `zero` "question=choice": who
                answered so in the same wave has 0; compared with `then_question` (empty: the same) at
                `then_at`
      share, distinct      `holds`: chosen (of `choices`) | at_least | at_most (of `number`) | more | less
                           (than then) | new (`number` of them not chosen then) | known
      sum, mean, median    of the answer, or of its `change`: change | relative_change | new
      among `base`         known | before (who then chose one of `base_choices`); empty: everybody
    results     how many of `kinds`, or the sum of what each says (`is_sum`)
    cost        of each `part` of the figure `of`
    records     as the records count it: `measure`
"""

from outcomes.models import Question

WAYS = ("answers", "results", "cost", "records")
HELD = ("share", "distinct")  # of whom something holds
OVER = ("sum", "mean", "median")
WITH_THEN = ("more", "less", "new", "change", "relative_change")
LIMITS = ("at_least", "at_most")
PAIRED = ["and", ["known", "now"], ["known", "then"]]


def spec_of(said: dict, kinds: dict[str, str]) -> dict:
    """`kinds`: of which kind each question is. What is lacking is not said here: the form has asked."""
    way = said["way"]
    if way == "records":
        return {"count": "built_in", "measure": said["measure"]}
    if way == "cost":
        return {"count": "cost_per", "of": said["of"], "part": said["part"]}
    if way == "results":
        return {"count": "results", "kinds": said["kinds"]} | ({"sum": "number"} if said["is_sum"] else {})
    found = {"count": "answers", "aggregation": said["aggregation"], "values": _values(said)}
    if said["aggregation"] in HELD:
        found["numerator"] = _holds(said, kinds)
    else:
        found["value"] = [said["change"], "now", "then"] if said["change"] else ["now"]
    return found | _base(said, kinds)


def _values(said: dict) -> dict:
    question = [said["question"], said["plus"]] if said["plus"] else said["question"]
    values = {"now": {"question": question, "at": said["at"]}}
    if said["then_at"]:
        values["then"] = {"question": said["then_question"] or question, "at": said["then_at"]}
    if said["zero"]:
        asked, choice = said["zero"].split("=", 1)
        for value in values.values():
            value["zero_when"] = {"question": asked, "is": [choice]}
    return values


def _holds(said: dict, kinds: dict[str, str]) -> list:
    verb = said["holds"]
    if verb == "chosen":
        return [_is(said["question"], kinds), "now", *said["choices"]]
    if verb in LIMITS:
        return [verb, "now", said["number"]]
    return {
        "known": ["known", "now"],
        "new": ["new", "now", "then", said["number"]],
        "more": ["more", "now", "then"],
        "less": ["less", "now", "then"],
    }[verb]


def _base(said: dict, kinds: dict[str, str]) -> dict:
    if said["base"] == "before":
        before = [_is(said["then_question"] or said["question"], kinds), "then", *said["base_choices"]]
        return {"denominator": ["and", ["known", "now"], before]}
    if said["base"] == "known":
        return {"denominator": PAIRED if said["then_at"] else ["known", "now"]}
    return {}


def _is(question: str, kinds: dict[str, str]) -> str:
    return "has" if kinds.get(question) == Question.Kind.MANY else "is"


# --- back


def chosen(spec: dict, kinds: dict[str, str]) -> dict | None:
    """The choices that make exactly this spec, but for the names and the order of what it lists."""
    read = {"built_in": _of_records, "cost_per": _of_cost, "results": _of_results, "answers": _of_answers}
    try:
        said = read[spec["count"]](spec)
        asked = [said[name] for name in ("question", "plus", "then_question") if said.get(name)]
        same = _plain(spec_of(said, kinds)) == _plain(spec)
        return said if same and all(code in kinds for code in asked) else None
    except (KeyError, IndexError, TypeError, ValueError):  # something that no choice says
        return None


def _of_records(spec: dict) -> dict:
    return {"way": "records", "measure": spec["measure"]}


def _of_cost(spec: dict) -> dict:
    return {"way": "cost", "of": spec["of"], "part": spec.get("part", "numerator")}


def _of_results(spec: dict) -> dict:
    return {"way": "results", "kinds": spec["kinds"], "is_sum": bool(spec.get("sum"))}


def _of_answers(spec: dict) -> dict:
    """Read without care: what comes out is compared with what went in."""
    spec = _named(spec)
    now, then = spec["values"]["now"], spec["values"].get("then", {})
    question, plus = now["question"], ""
    if isinstance(question, list):
        question, plus = [*question, ""][:2]
    zero = now.get("zero_when")
    said = {
        "way": "answers", "aggregation": spec["aggregation"], "question": question, "plus": plus,
        "at": now["at"], "zero": f"{zero['question']}={zero['is'][0]}" if zero else "",
        "then_at": then.get("at", []),
        "then_question": "" if not then or then["question"] == now["question"] else then["question"],
        "holds": "", "choices": [], "number": None, "change": "", "base": "", "base_choices": [],
    }  # fmt: skip
    if "numerator" in spec:
        verb, *rest = spec["numerator"]
        said |= {"holds": "chosen", "choices": rest[1:]} if verb in ("is", "has") else {"holds": verb}
        said["number"] = rest[-1] if verb in (*LIMITS, "new") else None
    elif len(spec["value"]) == 3:
        said["change"] = spec["value"][0]
    if "denominator" in spec:
        before = spec["denominator"][-1]
        is_before = before[0] in ("is", "has")
        said |= {"base": "before", "base_choices": before[2:]} if is_before else {"base": "known"}
    return said


def _named(spec: dict) -> dict:
    """What is compared with goes by the name `then`, whatever it was called."""
    others = [name for name in spec["values"] if name != "now"]
    if len(others) != 1 or others == ["then"]:
        return spec
    values = {"then" if name == others[0] else name: one for name, one in spec["values"].items()}
    parts = {part: found for part, found in spec.items() if isinstance(found, list)}
    return spec | {"values": values} | {part: _renamed(one, others[0]) for part, one in parts.items()}


def _renamed(found: list, name: str) -> list:
    """A condition, or a value: alone, a name stands first; else a verb does, and choices are no names."""
    verb, *rest = found
    if not rest:
        return ["then" if verb == name else verb]
    names = 1 if verb in ("is", "has") else len(rest)
    turned = [
        _renamed(one, name) if isinstance(one, list) else "then" if one == name else one
        for one in rest[:names]
    ]
    return [verb, *turned, *rest[names:]]


def _plain(spec: dict) -> dict:
    """For comparing: names, order and defaults do not matter."""
    if spec["count"] == "answers":
        spec = _named(spec)
        return spec | {"values": {name: _looked_at(one) for name, one in spec["values"].items()}}
    if spec["count"] == "results":
        return {"sum": None} | spec | {"kinds": sorted(spec["kinds"])}
    return {"part": "numerator"} | spec if spec["count"] == "cost_per" else spec


def _looked_at(value: dict) -> dict:
    question = value["question"]
    asked = sorted([question] if isinstance(question, str) else question)
    return value | {"question": asked, "at": sorted(value["at"])}
