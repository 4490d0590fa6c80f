"""Planning from the records and sending once. The row is the record; whatever nudges this may do so twice."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import mail
from people.models import Programme
from reminders.kinds import DEFAULTS, KINDS
from reminders.models import Attempt, Reminder, Rule
from training.models import Session
from training.visibility import for_paper, funders_of_session, lines

BATCH = 100  # mails over one connection
LEASE = timedelta(minutes=15)
MOST_TRIES = 6
BREATH = timedelta(minutes=5)  # for a mail server that is down
ONCE_MORE = timedelta(hours=2)  # an uncertain one goes again only if so much time is left before its subject


def plan(now: datetime) -> int:
    """Write down what is due by the records and is not planned yet; drop what no longer is. Returns how many
    were planned. Any number of planners may run: the row is unique by rule, person, subject and revision."""
    _give_rules(now)
    return sum(_plan_rule(rule, now) for rule in Rule.objects.filter(is_on=True).select_related("programme"))


def _give_rules(now: datetime) -> None:
    """A programme that is not over has the usual rules, and a coordinator changes them; one that somebody
    applied for has the rule for that in any case."""
    going_on = Programme.objects.filter(Q(end=None) | Q(end__gt=now.date())).order_by()
    wanted = {(pk, *one) for pk in going_on.values_list("pk", flat=True) for one in DEFAULTS}
    for kind in Rule.ALWAYS_ON:
        unconfirmed = KINDS[kind].model.objects.filter(confirmed_at=None).order_by()
        applied = set(unconfirmed.values_list("programme", flat=True))
        wanted |= {(pk, *one) for pk in applied for one in DEFAULTS if one[0] == kind}
    there = set(Rule.objects.order_by().values_list("programme", "kind"))
    rows = [
        Rule(programme_id=pk, kind=kind, at_hour=hour, after_days=days)
        for pk, kind, hour, days in sorted(wanted)
        if (pk, kind) not in there
    ]
    Rule.objects.bulk_create(rows, ignore_conflicts=True)


def _plan_rule(rule: Rule, now: datetime) -> int:
    kind = KINDS[rule.kind]
    found = {(due.person_id, due.subject_id, due.revision): due for due in kind.due(rule, now)}
    known = set(rule.reminders.values_list("person", "subject_id", "subject_revision"))
    new = [
        Reminder(
            rule=rule,
            person_id=due.person_id,
            subject_type=kind.subject_type,
            subject_id=due.subject_id,
            subject_revision=due.revision,
            due_at=due.due_at,
            send_before=due.send_before,
        )
        for key, due in found.items()
        if key not in known
    ]
    Reminder.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    for reminder in rule.reminders.filter(state=Reminder.State.PLANNED):
        known_as = (reminder.person_id, reminder.subject_id, reminder.subject_revision)
        if known_as not in found and (words := kind.untrue(reminder, now)):
            _move(reminder, Reminder.State.PLANNED, Reminder.State.DROPPED, reason=words)
    return len(new)


def _move(reminder: Reminder, old: str, new: str, **fields) -> bool:
    """One step of a reminder's life: a compare-and-set, so that of two senders one takes it."""
    mine = Reminder.objects.filter(pk=reminder.pk, state=old)
    if old != Reminder.State.PLANNED:
        mine = mine.filter(claim=reminder.claim)
    if changed := mine.update(state=new, **fields):
        reminder.state = new
    return bool(changed)


def send_due(now: datetime) -> dict[str, int]:
    """Send what is due; returns how many came to which state. Safe to run twice, side by side, or killed."""
    recover(now)
    counts: dict[str, int] = {}
    with mail.Transport() as transport:
        while batch := _claim(now):
            for number, reminder in enumerate(batch):
                state = _send(reminder, transport, now)
                counts[state] = counts.get(state, 0) + 1
                if state == "host_down":
                    _give_back(batch[number:], now)
                    return counts
    return counts


def recover(now: datetime) -> None:
    """What a dead sender left: a claimed one is certainly unsent; one that was being handed over is not."""
    late = Reminder.objects.filter(lease_until__lt=now)
    late.filter(state=Reminder.State.CLAIMED).update(state=Reminder.State.PLANNED, claim=None)
    for reminder in late.filter(state=Reminder.State.HANDING_OVER):
        _unsure(reminder, now, _("The sender stopped while it was being handed over."))


def _claim(now: datetime) -> list[Reminder]:
    token = uuid4()
    due = list(Reminder.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
    Reminder.objects.filter(pk__in=due, state=Reminder.State.PLANNED).update(
        state=Reminder.State.CLAIMED, claim=token, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    return list(
        Reminder.objects.filter(claim=token)
        .select_related("rule__programme", "person")
        .order_by("due_at", "pk")
    )


def _give_back(rest: list[Reminder], now: datetime) -> None:
    """The mail server is down: nothing is lost, no attempt is spent, all wait a little."""
    for reminder in rest:
        fields = {"claim": None, "try_after": now + BREATH, "attempts": F("attempts") - 1}
        _move(reminder, Reminder.State.CLAIMED, Reminder.State.PLANNED, **fields)


def _send(reminder: Reminder, transport: mail.Transport, now: datetime) -> str:
    """Check once more, hand over, write down what came of it. Returns the state it came to."""
    claimed = Reminder.State.CLAIMED
    if reminder.send_before and reminder.send_before <= now:
        _move(
            reminder,
            claimed,
            Reminder.State.EXPIRED,
            reason=_("Its hour had passed before it could be sent."),
        )
        return reminder.state
    kind = KINDS[reminder.rule.kind]
    to = kind.to(reminder)
    with translation.override(to.language):
        words = kind.untrue(reminder, now)
    if words or not reminder.rule.is_on:
        _move(reminder, claimed, Reminder.State.DROPPED, reason=words or _("The rule was switched off."))
        return reminder.state
    if not to.email:
        _move(reminder, claimed, Reminder.State.FAILED, reason=_("No e-mail address is known."))
        return reminder.state
    try:
        message = message_of(reminder)
    except ValidationError as error:
        _move(reminder, claimed, Reminder.State.FAILED, reason=" ".join(error.messages)[:500])
        return reminder.state
    outcome = transport.deliver(message, before_body=lambda: _hand_over(reminder, now))
    return _conclude(reminder, outcome, now)


def _hand_over(reminder: Reminder, now: datetime) -> bool:
    """Just before the text leaves: still ours, still true? Both in one transaction with the mark."""
    with transaction.atomic():
        if KINDS[reminder.rule.kind].untrue(reminder, now):
            return False
        return _move(reminder, Reminder.State.CLAIMED, Reminder.State.HANDING_OVER, lease_until=now + LEASE)


def _conclude(reminder: Reminder, outcome: mail.Outcome, now: datetime) -> str:
    reached = reminder.state  # claimed, or handing over: how far it came
    said = str(getattr(outcome, "reason", ""))[:500]
    Attempt.objects.create(
        reminder=reminder,
        at=now,
        address=KINDS[reminder.rule.kind].to(reminder).email,
        outcome=type(outcome).__name__.lower(),
        words=said,
    )
    match outcome:
        case mail.Sent():
            _move(reminder, reached, Reminder.State.SENT, sent_at=now, reason="")
        case mail.Uncertain():
            _unsure(reminder, now, said)
        case mail.HostDown():
            _move(reminder, reached, Reminder.State.CLAIMED)
            return "host_down"
        case mail.Later() if reminder.attempts < MOST_TRIES:
            wait = timedelta(minutes=2 ** min(reminder.attempts, 6))
            _move(reminder, reached, Reminder.State.PLANNED, claim=None, try_after=now + wait, reason=said)
        case mail.Abandoned():
            _move(
                reminder,
                reached,
                Reminder.State.DROPPED,
                reason=_("It was no longer true when it was about to leave."),
            )
        case _:
            _move(reminder, reached, Reminder.State.FAILED, reason=said)
    return reminder.state


def _unsure(reminder: Reminder, now: datetime, said: str) -> None:
    """It may have arrived. Once more if there is time before its subject; else a person decides."""
    time_left = reminder.send_before is None or reminder.send_before - now >= ONCE_MORE
    again = reminder.unsure == 0 and time_left
    state = Reminder.State.PLANNED if again else Reminder.State.UNCERTAIN
    fields = {"claim": None, "unsure": F("unsure") + 1, "reason": said, "try_after": now + BREATH}
    _move(reminder, Reminder.State.HANDING_OVER, state, **fields)


def message_of(reminder: Reminder):
    """The message, in the recipient's own language, as it would leave now."""
    kind = KINDS[reminder.rule.kind]
    to = kind.to(reminder)
    with translation.override(to.language):
        subject = kind.subjects([reminder.subject_id])[reminder.subject_id]
        words = kind.words(subject)
        visibles = funders_of_session(subject) if isinstance(subject, Session) else []
        funders, pictures = for_paper(visibles)
        context = {"words": words, "person": reminder.person, "programme": reminder.rule.programme}
        context |= {"funders": list(zip(visibles, funders, strict=True)), "lines": lines(visibles)}
        return mail.build(
            to=to.email,
            subject=words.subject,
            text=render_to_string("reminders/mail.txt", context),
            html=render_to_string("reminders/mail.html", context),
            message_id=reminder.message_id,
            pictures=pictures,
            language=to.language,
        )


@transaction.atomic
def retry(*, by: User, reminder: Reminder, now: datetime) -> Reminder:
    """Send again what did not go: a person decided."""
    changed = (
        Reminder.objects.not_gone()
        .filter(pk=reminder.pk)
        .update(state=Reminder.State.PLANNED, claim=None, attempts=0, try_after=None, due_at=now, reason="")
    )
    if not changed:
        raise ValidationError(_("This reminder is not waiting for a decision."))
    reminder.refresh_from_db()
    audit(by, "retry", reminder, ["state"])
    return reminder


@transaction.atomic
def change_rule(*, by: User, rule: Rule, is_on: bool, at_hour: int, after_days: int) -> Rule:
    """Switch a rule or move its hour. What is planned and not sent yet is planned anew by the next sweep."""
    if not is_on and rule.kind in Rule.ALWAYS_ON:
        words = _("This one stays on: without it nobody could apply. Close the form instead.")
        raise ValidationError({"is_on": words})
    rule.is_on, rule.at_hour, rule.after_days = is_on, at_hour, after_days
    rule.full_clean()
    rule.save()
    rule.reminders.filter(state=Reminder.State.PLANNED, attempts=0).delete()
    audit(by, "change", rule, ["is_on", "at_hour", "after_days"])
    return rule


def forget_letters() -> int:
    """Letters about applications that are gone, with the addresses they went to; return how many."""
    kinds = [KINDS[kind] for kind in Rule.ALWAYS_ON]
    letters = [
        Reminder.objects.filter(subject_type=kind.subject_type).exclude(
            subject_id__in=kind.model.objects.order_by().values("pk")
        )
        for kind in kinds
    ]
    return sum(rows.delete()[0] for rows in letters)
