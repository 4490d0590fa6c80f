"""What was answered in one wave, question by question. Five queries, however much was asked and answered.

Who left a question open is in none of its numbers; what could not be read counts for nothing, and is said.
Somebody who was found to be two rows counts once.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Avg, Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from lib.languages import told
from outcomes.asking.labels import labels
from outcomes.models import Answer, Invitation, Item, Question, Wave

MOST_WORDS = 50  # texts of a question on the page
Kind = Question.Kind


class Chosen(NamedTuple):
    label: str
    count: int
    share: float | None


class Numbers(NamedTuple):
    """Of one currency ("" for plain numbers): never added or averaged across currencies."""

    currency: str
    n: int
    median: Decimal
    mean: Decimal


@dataclass
class Answered:
    """A question with what came back to it."""

    item: Item
    n: int = 0  # who answered it
    unread: int = 0
    chosen: list[Chosen] = field(default_factory=list)
    numbers: list[Numbers] = field(default_factory=list)
    words: list[Answer] = field(default_factory=list)
    all_words: int = 0  # of which only the first are here

    @property
    def has_more_words(self) -> bool:
        return self.all_words > len(self.words)

    @property
    def kind(self) -> str:
        return self.item.wording.question.kind

    @property
    def section(self) -> str:
        return told(self.item.section, self.item.section_sr)


def of(wave: Wave, *, with_words: bool) -> list[Answered]:
    """In the order in which it was asked."""
    asked = Invitation.objects.filter(wave=wave).once_a_person().order_by()
    answers = Answer.objects.filter(invitation__in=asked.values("pk")).order_by()
    items = Item.objects.filter(edition=wave.edition_id).select_related("wording__question")
    found = {item.wording.question_id: Answered(item) for item in items.order_by("position", "pk")}
    _count_persons(answers, found)
    answers = answers.filter(is_unread=False)
    _count_choices(answers, found)
    _measure(answers.filter(number__isnull=False), found)
    if with_words:
        _quote(answers, found)
    return list(found.values())


def _count_persons(answers: QuerySet[Answer], found: dict[int, Answered]) -> None:
    read, unread = Q(is_unread=False), Q(is_unread=True)
    rows = answers.values("question").annotate(
        n=Count("invitation", filter=read, distinct=True),
        unread=Count("invitation", filter=unread, distinct=True),
    )
    for row in rows:
        if one := found.get(row["question"]):
            one.n, one.unread = row["n"], row["unread"]


def _count_choices(answers: QuerySet[Answer], found: dict[int, Answered]) -> None:
    """Each choice that was offered, and each that somebody gave (a wording of before may have offered it)."""
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    rows = answers.filter(question__kind__in=Question.CHOSEN).exclude(choice="")
    for question, choice, n in rows.values_list("question", "choice").annotate(n=Count("invitation")):
        counted[question][choice] = n
    for key, one in found.items():
        if one.kind not in Question.CHOSEN:
            continue
        offered = dict(labels(one.item.wording))
        for code, label in (offered | {code: code for code in sorted(counted[key].keys() - offered)}).items():
            n = counted[key].get(code, 0)
            one.chosen.append(Chosen(label, n, 100 * n / one.n if one.n else None))


def _measure(answers: QuerySet[Answer], found: dict[int, Answered]) -> None:
    """n, mean and median in the database: of the median only the one or two rows in the middle come here."""
    by = ("question", "currency")
    middle: dict[tuple, list[Decimal]] = defaultdict(list)
    ordered = answers.annotate(
        place=Window(RowNumber(), partition_by=by, order_by=["number", "pk"]),
        all=Window(Count("pk"), partition_by=by),
    )
    ordered = ordered.annotate(twice=F("place") * 2).filter(twice__gte=F("all"), twice__lte=F("all") + 2)
    for *key, number in ordered.values_list(*by, "number"):
        middle[tuple(key)].append(number)
    rows = answers.values_list(*by).annotate(n=Count("pk"), mean=Avg("number")).order_by(*by)
    for question, currency, n, mean in rows:
        if (one := found.get(question)) and one.kind in Question.NUMBERS:
            values = middle[question, currency]
            one.numbers.append(Numbers(currency, n, sum(values) / len(values), mean))


def _quote(answers: QuerySet[Answer], found: dict[int, Answered]) -> None:
    """The words of the first of them; also those that stand beside "other"."""
    rows = answers.exclude(text="").annotate(
        place=Window(RowNumber(), partition_by=["question"], order_by=["pk"]),
        all=Window(Count("pk"), partition_by=["question"]),
    )
    rows = rows.filter(place__lte=MOST_WORDS).select_related("invitation__enrolment__person")
    for row in rows.order_by("pk"):
        if one := found.get(row.question_id):
            one.words.append(row)
            one.all_words = row.all
