"""Whatever happens to sessions and people in whichever order, and whoever dies in between: what a letter says
is what the records said when it was handed over, and who has to hear of a change does.

`Walk` holds one programme, a clock of its own and what may happen; chance, or Hypothesis, says in which
order."""

import contextlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from django.core.exceptions import ValidationError

from reminders import services as reminding
from reminders.models import Preference, Rule
from reminders.services import claiming, sending
from tests import factories as make
from tests.faults.reminding_smtp import Post
from tests.faults.reminding_true import Judged
from training import services
from training.models import Enrolment, Session

START = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)  # the clocks change on the 28th
HOURS = (9, 11, 15, 18)
PAST_LEASE = claiming.LEASE + timedelta(minutes=1)
ON = ("session_tomorrow", "session_today", "session_changed")


class Killed(BaseException):
    """The sender is dead: nothing that it would have done any more is done."""


class Walk(Judged):
    """`steps` are what may happen. `wrong` is what must not have."""

    def __init__(self, post: Post, chance: Random):
        self.post, self.chance, self.now = post, chance, START
        self.wrong: list[str] = []
        self.counts: Counter = Counter()
        self.dies: Callable[[str], bool] = lambda where: False
        self.change: Callable[[], None] | None = None  # happens while a letter is announced
        self.seen = len(post.letters)
        self.programme = make.make_programme(start=START.date(), end=START.date() + timedelta(days=60))
        self.user = make.make_coordinator(self.programme)
        for kind in Rule.Kind.values:
            Rule.objects.create(programme=self.programme, kind=kind, is_on=kind in ON, at_hour=7)
        Rule.objects.filter(programme=self.programme, kind="session_tomorrow").update(at_hour=18)
        self.people: list = []
        self.sessions: list[Session] = []

    steps = ("plan", "move", "cancel", "restore", "add", "remove", "back", "address", "opt", "tick", "sweep")

    def step(self) -> None:
        name = self.chance.choice(self.steps + ("sweep", "tick", "die", "between"))
        self.counts[name] += 1
        with contextlib.suppress(ValidationError):
            getattr(self, name)()

    # --- what people do

    def plan(self) -> None:
        if len(self.sessions) < 3:
            fields = {"title": f"Radionica {len(self.sessions)}", **self._when()}
            self.sessions.append(services.plan_session(by=self.user, programme=self.programme, **fields))

    def _when(self) -> dict:
        hour = self.chance.choice(HOURS)
        day = self.now.date() + timedelta(days=self.chance.choice((0, 1, 1, 2, 4, 7)))
        start = datetime(2027, 1, 1, hour, tzinfo=UTC)
        return {"day": day, "start": start.time(), "end": (start + timedelta(hours=2)).time()}

    def _session(self) -> Session | None:
        if not self.sessions:
            return None
        return Session.objects.get(pk=self.chance.choice(self.sessions).pk)

    def move(self) -> None:
        if session := self._session():
            services.move_session(by=self.user, session=session, now=self.now, **self._when())

    def cancel(self) -> None:
        if session := self._session():
            services.cancel_session(by=self.user, session=session, now=self.now)

    def restore(self) -> None:
        if session := self._session():
            services.restore_session(by=self.user, session=session, now=self.now)

    def add(self) -> None:
        if len(self.people) < 4:
            person = make.make_person(self.programme.tenant, language="en")
            services.enrol(by=self.user, programme=self.programme, person=person, now=self.now)
            self.people.append(person)

    def _enrolment(self) -> Enrolment | None:
        return Enrolment.objects.get(person=self.chance.choice(self.people)) if self.people else None

    def _state(self, state: str) -> None:
        if enrolment := self._enrolment():
            services.set_enrolment_state(
                by=self.user, enrolment=enrolment, state=state, reason="She said so.", now=self.now
            )

    def remove(self) -> None:
        self._state(Enrolment.State.WITHDRAWN)

    def back(self) -> None:
        self._state(Enrolment.State.ENROLLED)

    def address(self) -> None:
        if self.people:
            person = self.chance.choice(self.people)
            person.email = f"nova{self.chance.randrange(10**9)}@example.org"
            person.save(update_fields=["email"])

    def opt(self) -> None:
        if self.people:
            channel = self.chance.choice((Preference.NOTHING, ""))
            person = self.chance.choice(self.people)
            reminding.choose(person=person, kind="", channel=channel, rhythm="at_once", now=self.now)

    # --- time and senders

    def tick(self) -> None:
        self.now += timedelta(minutes=self.chance.choice((1, 7, 31, 150, 400, 900)))

    def die(self) -> None:
        """The next sweep ends dead at a place by chance; then its lease passes."""
        where = self.chance.choice(("claimed", "marked", "accepted"))
        self.dies = lambda here: here == where
        self.sweep()
        self.dies = lambda here: False

    def between(self) -> None:
        """The records change between the claim and the hand-over of the next letter."""
        name = self.chance.choice(("move", "cancel", "remove", "address", "opt"))
        self.change = getattr(self, name)
        self.sweep()
        self.change = None

    def sweep(self) -> None:
        reminding.plan(self.now)
        try:
            with _mortal(self):
                reminding.send_due(self.now)
        except Killed:
            self.counts["killed"] += 1
            self.read()
            self.now += PAST_LEASE
        self.read()


@contextlib.contextmanager
def _mortal(walk: Walk):
    """The real sending, which may end dead after each of its steps, and be met by a change in its middle."""
    real = {name: getattr(sending, name) for name in ("claim", "hand_over", "settle", "give_back")}
    is_dead = []

    def end_here(where: str) -> None:
        if walk.dies(where):
            is_dead.append(where)
            raise Killed

    def claim(*what):
        rows = real["claim"](*what)
        if rows:
            end_here("claimed")
        return rows

    def hand_over(parcel, now):
        if change := walk.change:
            walk.change = None
            with contextlib.suppress(ValidationError):
                change()
        if not real["hand_over"](parcel, now):
            return False
        walk.handed_over(parcel.rows)
        end_here("marked")
        return True

    def settle(rows, **fields):
        if fields.get("state") == "sent":
            end_here("accepted")
        return real["settle"](rows, **fields)

    def give_back(*what, **fields):
        return None if is_dead else real["give_back"](*what, **fields)

    ours = {"claim": claim, "hand_over": hand_over, "settle": settle, "give_back": give_back}
    try:
        for name, function in ours.items():
            setattr(sending, name, function)
        yield
    finally:
        for name, function in real.items():
            setattr(sending, name, function)
