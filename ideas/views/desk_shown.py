"""What the review desk shows: the idea, the rubric with what she gave, how far she is."""

import re
from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ideas import duplicates, rules, services
from ideas.models import Criterion, Review, ReviewTask, Selection
from ideas.models.judging import plain
from ideas.page import page
from ideas.scoring import minutes_left
from ideas.sectors import sector_name
from lib import clock

WAITING, DONE = ReviewTask.State.WAITING, ReviewTask.State.DONE
NUMBER = re.compile(r"\d{1,4}(?:[.,]\d{1,4})?", re.ASCII)
KEYS = 9  # numbers up to it have a key of their own


def desk(request: HttpRequest, task: ReviewTask, error: ValidationError | None = None) -> HttpResponse:
    round, idea, review = task.seat.round, task.idea, review_of(task)
    context = {"task": task, "round": round, "idea": idea, "sector": sector_name(idea.sector)}
    context |= _bar(task) | _rubric(request, task, review, error)
    context |= {
        "similar": duplicates.similar(round.programme, idea.text.title, idea.text.summary, but=idea),
        "saved": saved(task, review.saved_at) if review and task.state == WAITING else "",
        "nominators": [] if round.is_blind else _names(idea),
        "is_revised": task.state == DONE,
    }
    return page(request, "ideas/review_form.html", context)


def read(request: HttpRequest, task: ReviewTask) -> HttpResponse:
    """A review that is handed in, or was stepped back from: to read. Not before the reader's own is in."""
    hers, round, now = rules.may_judge(request.user, task), task.seat.round, timezone.now()
    review = review_of(task)
    shown = review if task.state == DONE and (hers or rules.may_see_scores(request.user, task.idea)) else None
    scores = list(shown.scores.select_related("criterion").order_by("criterion__position")) if shown else []
    can = hers and task.state == DONE and round.is_open(now)
    context = {
        "task": task, "round": round, "review": shown, "scores": scores, "hers": hers,
        "can_revise": can and not Selection.objects.filter(round=round).exists(),
    }  # fmt: skip
    if hers and task.state == WAITING:
        context["closed"] = services.round_is_not_open(round, now)
    return page(request, "ideas/review_read.html", context)


def posted(request: HttpRequest) -> dict:
    """The review as sent. What is no number stays as it is, for the service to refuse by name."""
    sent = [
        (name.removeprefix("criterion-"), value.strip())
        for name, value in request.POST.items()
        if name.startswith("criterion-")
    ]
    scores = {_number(pk): _number(value) for pk, value in sent if value != ""}
    sure = request.POST.get("confidence", "")
    return {
        "scores": scores,
        "comment": request.POST.get("comment", ""),
        "recommendation": request.POST.get("recommendation", ""),
        "confidence": _number(sure) if sure else None,
    }


def _number(text: str):
    if not NUMBER.fullmatch(text):
        return text
    found = Decimal(text.replace(",", "."))
    return int(found) if found == found.to_integral_value() else found


def saved(task: ReviewTask, moment) -> str:
    at = clock.local(moment, task.seat.round.programme.zone)
    return _("saved %(time)s") % {"time": date_format(at, "TIME_FORMAT")}


def review_of(task: ReviewTask) -> Review | None:
    try:
        return task.review
    except ObjectDoesNotExist:
        return None


def _rubric(request: HttpRequest, task: ReviewTask, review: Review | None, error) -> dict:
    """Each criterion with what she gave it, and what was refused: at its criterion, or above them all."""
    given = {one.criterion_id: plain(one.value) for one in review.scores.all()} if review else {}
    names = ("comment", "recommendation", "confidence")
    beside = {name: getattr(review, name) if review else "" for name in names}
    words = {}
    if error is not None:
        sent = posted(request)
        given |= sent["scores"]
        beside = {name: sent[name] or beside[name] for name in names}
        words = dict(error.message_dict) if hasattr(error, "error_dict") else {"": error.messages}
    criteria = [
        _line(task, one, given.get(one.pk), words.pop(f"criterion-{one.pk}", []))
        for one in task.seat.round.criteria.all()
        if one.retired_at is None
    ]
    at = {f"{name}_refused": words.pop(name, []) for name in names[1:]}
    above = [word for rest in words.values() for word in rest]
    choices = {"recommendations": Review.Recommendation.choices, "confidences": Review.Confidence.choices}
    keys = f"1–{min(task.seat.round.highest, KEYS)}" if task.seat.round.scale else ""
    return (
        {"criteria": criteria, "is_refused": error is not None, "refused": above, "keys": keys}
        | beside | at | choices
    )  # fmt: skip


def _line(task: ReviewTask, one: Criterion, value, refused: list[str]) -> dict:
    options = [(number, one.meaning(number)) for number in task.seat.round.scale]
    said = "" if value is None else str(value)
    return {"row": one, "value": value, "said": said, "options": options, "refused": refused,
            "is_described": any(words for _number, words in options)}  # fmt: skip


def _bar(task: ReviewTask) -> dict:
    """How far she is in this round, and how long the rest takes at her own pace."""
    done = list(task.seat.tasks.filter(state=DONE).values_list("review__handed_in_at", flat=True))
    waiting = task.seat.tasks.on_desk().count()
    place = {"done": len(done), "total": len(done) + waiting, "place": len(done) + (task.state == WAITING)}
    return place | {"minutes": minutes_left([at for at in done if at], waiting)}


def _names(idea) -> list[str]:
    return [
        str(n.enrolment.person) for n in idea.nominations.select_related("enrolment__person").order_by("at")
    ]
