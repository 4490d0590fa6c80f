"""How a definition is counted, by choosing; what no choice says is written as data."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Tenant
from outcomes.asking.known import Known, known_questions, known_waves
from outcomes.counting import chosen
from outcomes.counting import spec as specs
from outcomes.definitions import Definition
from outcomes.indicators import INDICATORS
from outcomes.library.indicators import LIBRARY
from outcomes.models import Question, Result
from outcomes.registry import definitions

CHOOSE = [("", gettext_lazy("choose"))]
DATA = "data"
WAYS = [
    ("answers", gettext_lazy("What people answered")),
    ("results", gettext_lazy("Results, by their kind")),
    ("cost", gettext_lazy("What each one of another figure cost")),
    ("records", gettext_lazy("What the records count already")),
    (DATA, gettext_lazy("Anything else, written as data")),
]
AGGREGATIONS = [
    ("share", gettext_lazy("a share of people")),
    ("distinct", gettext_lazy("a number of people: each, as soon as it holds")),
    ("sum", gettext_lazy("a sum of answers")),
    ("mean", gettext_lazy("a mean of answers")),
    ("median", gettext_lazy("a median of answers")),
]
HOLDS = [
    ("chosen", gettext_lazy("she chose one of these answers")),
    ("at_least", gettext_lazy("her answer is at least this number")),
    ("at_most", gettext_lazy("her answer is at most this number")),
    ("more", gettext_lazy("her answer is more than before")),
    ("less", gettext_lazy("her answer is less than before")),
    ("new", gettext_lazy("she chose at least this many that she did not before")),
    ("known", gettext_lazy("she answered at all")),
]
CHANGES = [
    ("", gettext_lazy("the answer itself")),
    ("change", gettext_lazy("the answer less that of before")),
    ("relative_change", gettext_lazy("the change since before, in per cent")),
    ("new", gettext_lazy("how many she chose that she did not before")),
]
BASES = [
    ("known", gettext_lazy("who answered, both times if compared")),
    ("before", gettext_lazy("who before chose one of these")),
    ("", gettext_lazy("everybody of whom it is known")),
]
PARTS = [
    ("numerator", gettext_lazy("each that is counted in it")),
    ("denominator", gettext_lazy("each that it is counted of")),
    ("value", gettext_lazy("each one of its value")),
]
START = {"way": "answers", "aggregation": "share", "holds": "chosen", "base": "known", "part": "numerator"}
MOST = 10_000  # letters of a spec
# of which one is chosen or written where they show: the way decides whether they are asked for
ASKED = (
    "aggregation", "question", "plus", "at", "then_question", "holds", "choices", "number", "change", "base",
    "base_choices", "zero", "kinds", "of", "part", "measure", "spec",
)  # fmt: skip


class Offered(NamedTuple):
    """What an organisation can choose from."""

    questions: dict[str, Known]
    waves: list[str]
    figures: dict[str, Definition]

    @classmethod
    def by(cls, tenant: Tenant, how: dict) -> "Offered":
        """Waves that a spec names are offered too."""
        named = (value["at"] for value in how.get("values", {}).values())
        return cls(known_questions(tenant), known_waves(tenant, *named), definitions(tenant))

    @property
    def kinds(self) -> dict[str, str]:
        return {code: one.kind for code, one in self.questions.items()}

    def grouped(self, wanted: Iterable[str]) -> list:
        """Questions of these kinds for a select: the organisation's, then those of the library."""
        found: dict[bool, list] = {True: [], False: []}
        for one in self.questions.values():
            if one.kind in wanted:
                found[one.is_own].append((one.code, one.label))
        heads = {True: _("Asked here"), False: _("In the library, not asked here yet")}
        return CHOOSE + [(heads[is_own], rows) for is_own, rows in found.items() if rows]

    def answers_to(self, question: str) -> list[tuple[str, str]]:
        return list(self.questions[question].choices) if question in self.questions else []

    def zeros(self) -> list:
        """Answers that say there is nothing, each as question=choice."""
        one_of = (Question.Kind.YES_NO, Question.Kind.ONE)
        return [("", _("nobody"))] + [
            (one.label, [(f"{one.code}={code}", f"{words} ({one.code})") for code, words in one.choices])
            for one in self.questions.values()
            if one.kind in one_of and one.choices
        ]

    def counted(self) -> list[tuple[str, str]]:
        """Figures of which each one may have cost something."""
        rows = ((code, one) for code, one in self.figures.items() if one.how["count"] != "cost_per")
        return [(code, f"{code} {one.name}") for code, one in rows]

    def has(self, said: dict) -> bool:
        """Is everything that is chosen here among what can be chosen?"""
        question = said.get("question", "")
        before = said.get("then_question") or question
        zeros = {code for _label, rows in self.zeros()[1:] for code, _words in rows}
        return (
            set(said.get("choices", ())) <= dict(self.answers_to(question)).keys()
            and set(said.get("base_choices", ())) <= dict(self.answers_to(before)).keys()
            and said.get("zero", "") in {"", *zeros}
            and said.get("of", "") in {"", *dict(self.counted())}
        )


class Fitting(forms.MultipleChoiceField):
    """Answers of the question that is chosen now: those of one that was chosen before fall away."""

    def to_python(self, value) -> list[str]:
        return [one for one in super().to_python(value) if self.valid_value(one)]


def _boxes(label, kind=forms.MultipleChoiceField, **more) -> forms.MultipleChoiceField:
    return kind(label=label, required=False, widget=forms.CheckboxSelectMultiple, **more)


def _select(label, choices=(), **more) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, **more)


class ChosenForm(forms.Form):
    use_required_attribute = False  # a browser would ask for what does not show

    way = forms.ChoiceField(label=gettext_lazy("What is counted?"), choices=WAYS, widget=forms.RadioSelect)
    aggregation = _select(gettext_lazy("The figure is"), AGGREGATIONS)
    question = _select(gettext_lazy("Question"))
    plus = _select(gettext_lazy("With the number of another question added"))
    at = _boxes(gettext_lazy("Asked when"), help_text=gettext_lazy("Of several the newest answer counts."))
    then_at = _boxes(gettext_lazy("Compared with"), help_text=gettext_lazy("None: nothing is compared."))
    then_question = _select(gettext_lazy("Another question that it is compared with"))
    holds = _select(gettext_lazy("It holds when"), HOLDS)
    choices = _boxes(gettext_lazy("These answers"), Fitting)
    number = forms.DecimalField(
        label=gettext_lazy("This number"), required=False, min_value=-specs.LARGEST, max_value=specs.LARGEST
    )
    change = _select(gettext_lazy("What is taken"), CHANGES)
    base = _select(gettext_lazy("Counted among"), BASES)
    base_choices = _boxes(gettext_lazy("Chosen before"), Fitting)
    zero = _select(
        gettext_lazy("It is 0 for who answered"),
        help_text=gettext_lazy("A closed business sells nothing: that is known, although nobody asks."),
    )
    kinds = _boxes(gettext_lazy("Kinds of results"), choices=Result.Kind.choices)
    is_sum = forms.BooleanField(
        label=gettext_lazy("Add up how many each result says"), required=False,
        help_text=gettext_lazy("Without it the results themselves are counted."),
    )  # fmt: skip
    of = _select(gettext_lazy("The cost of"))
    part = _select(gettext_lazy("By"), PARTS)
    measure = _select(gettext_lazy("As it is counted for"))
    spec = forms.CharField(
        label=gettext_lazy("As data"), required=False, max_length=MOST,
        widget=forms.Textarea({"rows": 14, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=gettext_lazy("In JSON. The preview says in words what it means."),
    )  # fmt: skip

    def __init__(self, *args, offered: Offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered, fields = offered, self.fields
        asked = offered.grouped(Question.NUMBERS + Question.CHOSEN)
        waves = [(code, specs.wave_words(code)) for code in offered.waves]
        fields["question"].choices, fields["zero"].choices = asked, offered.zeros()
        fields["then_question"].choices = [("", _("the same question")), *asked[1:]]
        fields["plus"].choices = [("", _("none")), *offered.grouped([Question.Kind.NUMBER])[1:]]
        fields["at"].choices = fields["then_at"].choices = waves
        fields["of"].choices = CHOOSE + offered.counted()
        fields["measure"].choices = CHOOSE + [(code, f"{code} {LIBRARY[code].name}") for code in INDICATORS]
        now = self._said("question")
        fields["choices"].choices = offered.answers_to(now)
        fields["base_choices"].choices = offered.answers_to(self._said("then_question") or now)
        if not self.is_bound:
            self._none_is_optional()

    def _none_is_optional(self) -> None:
        """As the page shows it; what the way that is chosen needs is asked for in `clean`."""
        for name in ASKED:
            self.fields[name].required = True

    def _said(self, name: str) -> str:
        return (self.data.get(name) if self.is_bound else self.initial.get(name)) or ""

    # --- what was chosen

    def clean_number(self) -> int | float | None:
        found: Decimal | None = self.cleaned_data["number"]
        return found if found is None else int(found) if found == found.to_integral_value() else float(found)

    def clean(self) -> dict:
        said = super().clean()
        self._none_is_optional()
        if said.get("way") == DATA:
            said["spec"] = self._written(said.get("spec", ""))
        elif "way" in said:
            lacking = list(self._lacking(said))
            for name, words in lacking:
                if name not in self.errors:
                    self.add_error(name, words)
            if not lacking and not self.errors:
                said["spec"] = chosen.spec_of(said, self.offered.kinds)
                self.data = self.data.copy()
                self.data["spec"] = as_data(said["spec"])  # shown as data too
        return said

    def _written(self, text: str) -> dict | None:
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            words = _("Line %(n)s cannot be read as JSON.") % {"n": getattr(error, "lineno", 1)}
            self.add_error("spec", words if text else _("Write down how it is counted."))
            return None

    def _lacking(self, said: dict) -> Iterator[tuple[str, str]]:
        wanted = {"results": "kinds", "cost": "of", "records": "measure"}
        if said["way"] == "answers":
            yield from self._lacking_of_answers(said)
        elif not said.get(name := wanted[said["way"]]):
            yield name, _("Choose what is counted.")

    def _lacking_of_answers(self, said: dict) -> Iterator[tuple[str, str]]:
        name = "holds" if said.get("aggregation") in chosen.HELD else "change"
        verb, is_before = said.get(name) or "", said.get("base") == "before"
        asks_number = name == "holds" and verb in (*chosen.LIMITS, "new")
        needed = [
            ("question", True, _("Choose a question.")),
            ("at", True, _("Choose when it is asked.")),
            ("holds", name == "holds", _("Choose what has to hold.")),
            ("choices", verb == "chosen", _("Choose the answers that count.")),
            ("then_at", is_before or verb in chosen.WITH_THEN, _("Choose what it is compared with.")),
            ("base_choices", is_before, _("Choose the answers that count.")),
        ]
        yield from ((field, words) for field, is_needed, words in needed if is_needed and not said.get(field))
        if asks_number and said.get("number") is None:
            yield "number", _("Write the number.")
        yield from self._verb_fits(name, verb, said)

    def _verb_fits(self, name: str, verb: str, said: dict) -> Iterator[tuple[str, str]]:
        """What is asked of an answer is what its question gives: a number, one choice, several."""
        known = self.offered.questions.get(said.get("question", ""))
        wanted = Question.NUMBERS
        if verb == "new":
            wanted = (Question.Kind.MANY,)
        elif verb in ("chosen", "known"):
            wanted = Question.CHOSEN if verb == "chosen" else (*Question.NUMBERS, *Question.CHOSEN)
        if known and known.kind not in wanted:
            kind = Question.Kind(known.kind).label
            words = _("This question is answered by: %(kind)s. Choose what goes with it.")
            yield name, words % {"kind": kind}
        added = {said.get("question"), said.get("plus")}
        if said.get("plus") and (len(added) < 2 or known and known.kind != Question.Kind.NUMBER):
            yield "plus", _("Only the numbers of two questions are added up.")


def as_data(how: dict, ahead: str = "") -> str:
    """A line a part, and a line each thing that is looked at, so that a person can read it."""
    parts = [
        f"{ahead}  {json.dumps(name)}: "
        + (as_data(part, ahead + "  ") if name == "values" else json.dumps(part, ensure_ascii=False))
        for name, part in how.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n" + ahead + "}"


def initial_of(how: dict, offered: Offered) -> dict:
    """How the form starts for a spec: by its choices, or as data where no choices make it."""
    if not how:
        return START
    said = chosen.chosen(how, offered.kinds)
    return START | (said if said and offered.has(said) else {"way": DATA}) | {"spec": as_data(how)}
