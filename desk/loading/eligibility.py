"""What the rules of who may take part need to know, brought in beside an enrolment: facts of a person and of
her enterprise that nobody knew yet, and answers to questions."""

from functools import cached_property

from django.utils.translation import gettext as _

from desk.loading.fields import Refused
from lib import bulk
from lib.folding import fold
from people.models import Enterprise, Person
from people.sectors import SECTORS
from training.eligibility.words import rule_words
from training.models import EligibilityRule, Enrolment
from training.services.findings import check

HEADED = ("question", "pitanje")
OF_PERSON, OF_ENTERPRISE = ("sex", "municipality"), ("established", "sector")


class Answered:
    """A kind of sheet with a column for each question of the programme."""

    @classmethod
    def of_their_own(cls, columns, sure):
        return [heading for heading in columns if _asked(heading)]

    @classmethod
    def choices_of_columns(cls, programme):
        return [(row.question, rule_words(row)) for row in _questions(programme)]

    def said(self, row):
        """The facts of a row. Raises Refused."""
        sector = row.get("sector")
        if sector and sector.upper() not in SECTORS:
            raise Refused(_("This is no letter of a NACE section (A to U)."), "sector", sector)
        facts = {name: row.get(name) for name in (*OF_PERSON, "established")}
        return facts | {
            "sector": sector and sector.upper(),
            "answers": self._answers(row.get("answers") or ()),
        }

    def _answers(self, said):
        if not said:
            return {}
        found = {}
        for heading, answer in said:
            pk = self._questions.get(fold(_asked(heading) or heading))
            if pk is None:
                raise Refused(_("The programme asks no such question."), "answers", heading)
            found[pk] = answer
        return found

    @cached_property
    def _questions(self):
        """By their words, in both languages."""
        rows = _questions(self.target.programme)
        return {fold(words): row.pk for row in rows for words in (row.question, row.question_sr) if words}


def _asked(heading: str) -> str:
    """Of “question: Will you come?” the question."""
    word, colon, question = heading.partition(":")
    return question.strip() if colon and fold(word) in HEADED else ""


def _questions(programme) -> list[EligibilityRule]:
    return list(programme.eligibility.filter(kind=EligibilityRule.Kind.QUESTION))


class Known:
    """Facts on their way: what was unknown is filled in, what was known stays."""

    def __init__(self, target, trail):
        self.target, self.trail = target, trail
        self.said = {Person: {}, Enterprise: {}}
        self.changed = {}

    def note(self, plan) -> None:
        for model, pk, names in (
            (Person, plan["person"], OF_PERSON),
            (Enterprise, plan["enterprise"], OF_ENTERPRISE),
        ):
            facts = {name: plan[name] for name in names if plan.get(name)}
            if pk and facts:
                self.said[model].setdefault(pk, {}).update(facts)

    def adds(self, plan) -> bool:
        """Does this row say something that was not known? Asked before `write`."""
        if isinstance(plan, Refused):
            return False
        return any(self._missing(model).get(plan[name]) for model, name in NAMED)

    def _missing(self, model) -> dict:
        """By key, by name, what stood there (nothing) and what is said. Read once."""
        if model not in self.changed:
            self.changed[model] = found = {}
            names = {name for facts in self.said[model].values() for name in facts}
            rows = model.objects.filter(pk__in=self.said[model]).values("pk", *names) if names else ()
            for row in rows:
                facts = self.said[model][row["pk"]]
                if new := {name: [row[name], value] for name, value in facts.items() if not row[name]}:
                    found[row["pk"]] = new
        return self.changed[model]

    def write(self) -> None:
        for model in self.said:
            groups = {}
            for pk, facts in self._missing(model).items():
                groups.setdefault(tuple(facts), []).append(
                    (pk, *(after for _before, after in facts.values()))
                )
            for names, rows in groups.items():
                bulk.update(model, names, rows)
            self.trail.changed(model, self.changed[model])


NAMED = ((Person, "person"), (Enterprise, "enterprise"))


def look_at_facts(target, plans) -> None:
    """Findings of all whom these rows speak of, with their answers."""
    if not target.programme.eligibility.exists():
        return
    rows = Enrolment.objects.filter(programme=target.programme, person__in=[p["person"] for p in plans])
    whose = dict(rows.order_by().values_list("person_id", "pk"))
    answers = {
        (rule, whose[plan["person"]]): answer
        for plan in plans
        for rule, answer in plan["answers"].items()
        if plan["person"] in whose
    }
    check(programme=target.programme, enrolments=list(whose.values()), answers=answers, now=target.now)
