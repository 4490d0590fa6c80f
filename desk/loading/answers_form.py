"""What a file asks, as it is kept: questions, wordings, the questionnaire of what was loaded, waves. What is
missing is made; what was published stays, and more questions are the next edition."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from desk.loading.answers_plan import Planned
from desk.loading.fields import Refused
from desk.loading.kinds import Target
from desk.loading.trail import Trail
from outcomes.models import Edition, Item, Question, Questionnaire, Wave, Wording
from training.models import Module

CODE, NAME = "loaded", gettext_noop("Answers from files")
SAME = ("text", "text_sr", "help", "help_sr", "lowest", "highest", "low_label", "low_label_sr", "high_label",
        "high_label_sr", "unit", "unit_sr", "currency")  # fmt: skip


class Form:
    def __init__(self, target: Target, trail: Trail, planned: Mapping[str, Planned]):
        self.target, self.trail, self.planned = target, trail, planned
        self.questions: dict[str, Question] = {}
        self.newest: dict[str, Wording] = {}
        self._fresh: set[str] = set()  # questions whose newest wording this load made
        self._wordings: dict[int, dict[int, int]] = {}  # by edition, by question
        waves = Wave.objects.filter(programme=target.programme).select_related("edition__questionnaire")
        self.waves = {wave.code: wave for wave in waves}
        modules = Module.objects.filter(programme=target.programme)
        self.modules = {f"reaction-{module.number}": module for module in modules}

    def check(self, code: str) -> None:
        """Can there be such a wave? Raises Refused."""
        if code.startswith("reaction-") and code not in self.waves and code not in self.modules:
            raise Refused(_("The programme has no module with this number."), "wave", code)

    def prepare(self, codes: Iterable[str]) -> None:
        """Make what is missing for these waves."""
        if not self.questions:
            self._make_questions()
        wanted = sorted(set(codes) - self.waves.keys())
        ours = [wave for wave in self.waves.values() if wave.edition.questionnaire.code == CODE]
        behind = [wave for wave in ours if wave.code in codes and self._lacks(wave.edition)]
        if not wanted and not behind:
            return
        edition = self._edition()
        for wave in behind:
            before, wave.edition = wave.edition_id, edition
            Wave.objects.filter(pk=wave.pk).update(edition=edition)
            self.trail.changed(Wave, {wave.pk: {"edition_id": [before, edition.pk]}})
        for code in wanted:
            self._make_wave(code, edition)

    def wording(self, wave: Wave, code: str) -> int:
        """The wording in which this wave asks it; the newest where it does not, or offered less."""
        question = self.questions[code]
        there = self._of(wave.edition_id).get(question.pk)
        return there if there and code not in self._fresh else self.newest[code].pk

    def _make_questions(self) -> None:
        tenant = self.target.tenant
        known = {row.code: row for row in Question.objects.filter(tenant=tenant, code__in=self.planned)}
        fresh = [
            Question(tenant=tenant, code=one.code, kind=one.kind, made_at=self.target.now)
            for one in self.planned.values() if one.code not in known
        ]  # fmt: skip
        self.trail.made(Question, [row.pk for row in Question.objects.bulk_create(fresh)])
        self.questions = known | {row.code: row for row in fresh}
        rows = Wording.objects.filter(question__in=known.values()).order_by("question", "number")
        newest = {row.question_id: row for row in rows}
        made = []
        for code, one in self.planned.items():
            question = self.questions[code]
            before = newest.get(question.pk)
            if before is None or _adds(one, before):
                made.append(self._worded(question, one, before))
                self._fresh.add(code)
                newest[question.pk] = made[-1]
            self.newest[code] = newest[question.pk]
        self.trail.made(Wording, [row.pk for row in Wording.objects.bulk_create(made)])

    def _worded(self, question: Question, one: Planned, before: Wording | None) -> Wording:
        if before is None:
            said = {
                "text": one.text[:400] or one.code,
                "text_sr": one.text_sr[:400],
                "currency": one.currency,
            }
            said |= {"lowest": one.lowest, "highest": one.highest}
        else:
            said = {name: getattr(before, name) for name in SAME}
        there = before.choices if before else []
        codes = {choice["code"] for choice in there}
        choices = [*there, *(choice for choice in one.labels if choice["code"] not in codes)]
        same = {"made_at": self.target.now, "made_by": self.target.by}
        number = before.number + 1 if before else 1
        return Wording(question=question, number=number, choices=choices, **said, **same)

    def _of(self, edition: int) -> dict[int, int]:
        if edition not in self._wordings:
            rows = Item.objects.filter(edition=edition).order_by("position", "pk")
            self._wordings[edition] = dict(rows.values_list("wording__question", "wording"))
        return self._wordings[edition]

    def _lacks(self, edition: Edition) -> bool:
        there = self._of(edition.pk)
        return any(there.get(self.questions[code].pk) != row.pk for code, row in self.newest.items())

    def _edition(self) -> Edition:
        """The newest published edition of what was loaded; the next one where it lacks something."""
        programme, now = self.target.programme, self.target.now
        form = Questionnaire.objects.filter(programme=programme, code=CODE).first()
        if form is None:
            form = Questionnaire.objects.create(programme=programme, code=CODE, name=_(NAME))
            self.trail.made(Questionnaire, [form.pk])
        editions = list(Edition.objects.filter(questionnaire=form).order_by("number"))
        last = next((one for one in reversed(editions) if one.is_published), None)
        if last and not self._lacks(last):
            return last
        wordings = dict(self._of(last.pk)) if last else {}
        wordings |= {self.questions[code].pk: row.pk for code, row in self.newest.items()}
        number = editions[-1].number + 1 if editions else 1
        said = {"number": number, "published_at": now, "published_by": self.target.by}
        edition = Edition.objects.create(questionnaire=form, **said)
        items = [
            Item(edition=edition, wording_id=pk, position=n) for n, pk in enumerate(wordings.values(), 1)
        ]
        self.trail.made(Edition, [edition.pk])
        self.trail.made(Item, [row.pk for row in Item.objects.bulk_create(items)])
        self._wordings[edition.pk] = wordings
        return edition

    def _make_wave(self, code: str, edition: Edition) -> None:
        wave = Wave(programme=self.target.programme, edition=edition)
        if code in self.modules:
            wave.kind, wave.module = Wave.Kind.REACTION, self.modules[code]
        elif code.startswith("f"):
            wave.kind, wave.months = Wave.Kind.FOLLOW_UP, int(code[1:])
        else:
            wave.kind = code
        wave.save()
        self.trail.made(Wave, [wave.pk])
        self.waves[code] = wave


def _adds(one: Planned, before: Wording) -> bool:
    """Does the file offer an answer that this wording does not have?"""
    return not {choice["code"] for choice in one.labels} <= {choice["code"] for choice in before.choices}
