"""What people need goes on while the broker, the mail server or the worker is away, and the backlog clears by
itself when it is back."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from urllib.error import URLError

from tests.desk.serving import Visitor
from tests.faults.reminding_smtp import Post
from tests.fleet import Fleet
from tests.services import wait_until

PASSWORD = "jedna-dobra-lozinka"
PAGES = ("/", "/programmes/start/", "/programmes/start/reminders/")
RED = 60  # seconds until the health page says so
CLEAR = 300  # seconds until the backlog is gone

ROWS = """
from datetime import timedelta
from django.utils import timezone
from people.models import Membership
from reminders.models import Rule, QuietHours
from tests import factories as make
programme = make.make_programme(code="start", start=timezone.now().date() - timedelta(days=40), end=None)
make.make_coordinator(programme, email="coordinator@example.org")
for n in range(3):
    make.make_trainer(programme, email=f"trainer{n}@example.org")
for kind in Rule.Kind.values:
    Rule.objects.create(programme=programme, kind=kind, is_on=kind == "session_tomorrow", at_hour=0)
QuietHours.objects.create(programme=programme, starts="08:00", ends="08:00")
"""
KNOWN = """
import json
from datetime import timedelta
from django.utils import timezone
from people.models import Membership
print(json.dumps({
    "day": (timezone.now().date() + timedelta(days=1)).isoformat(),
    "trainers": list(Membership.objects.filter(role="trainer").values_list("person", flat=True)),
}))
"""
STATE = """
import json
from collections import Counter
from reminders.models import Reminder
from training.models import Session
print(json.dumps({
    "sessions": Session.objects.count(), "states": Counter(Reminder.objects.values_list("state", flat=True)),
}))
"""


class Away:
    """One installation with a coordinator at work in it."""

    def __init__(self, fleet: Fleet, post: Post):
        self.fleet, self.post = fleet, post
        self.answers: Counter = Counter()
        self.times: list[float] = []
        self.planned = 0
        fleet.run("migrate", "-v0")
        fleet.script(ROWS)
        self.known = fleet.read(KNOWN)
        self.web = fleet.web()
        self.worker, self.beat = fleet.worker(), fleet.beat()
        self.visitor = Visitor(self.web)
        self.visitor.sign_in("coordinator@example.org", PASSWORD)
        self.clears()

    def works(self) -> None:
        """One round: pages are read, a session is planned."""
        for path in PAGES:
            self._count(partial(self.visitor.get, path))
        begins, ends = (divmod(15 * 60 + self.planned + n, 60) for n in (0, 1))  # no trainer is wanted twice
        fields = {"title": f"Radionica {self.planned}"}
        fields |= {"start": "{:02}:{:02}".format(*begins), "end": "{:02}:{:02}".format(*ends)}
        self.visitor.get("/programmes/start/sessions/new/")
        page = self._count(
            lambda: self.visitor.post(
                "/programmes/start/sessions/new/",
                day=self.known["day"],
                trainers=self.known["trainers"],
                **fields,
            )
        )
        assert fields["title"] in page, page[-1500:]
        self.planned += 1

    def _count(self, ask: Callable[[], str]) -> str:
        begun = time.monotonic()
        try:
            answer = ask()
            self.answers["ok"] += 1
            return answer
        except URLError as error:
            self.answers[str(getattr(error, "code", error))] += 1
            raise
        finally:
            self.times.append(time.monotonic() - begun)

    def is_red(self) -> bool:
        with suppress(URLError):
            return Visitor(self.web).status("/healthz/sweeps") == 503
        return True

    def without(self, name: str, go: Callable[[], None], back: Callable[[], None], seconds: float) -> dict:
        """So long without it: people work on; the health page turns red; then it is back."""
        before = self.planned
        go()
        begun, red = time.monotonic(), None
        while time.monotonic() - begun < seconds or (red is None and time.monotonic() - begun < RED):
            self.works()
            if red is None and self.is_red():
                red = time.monotonic() - begun
        back()
        clear = self.clears()
        return {"without": name, "planned": self.planned - before, "red": red, "clear": clear}

    def mail_is_back(self) -> None:
        self.post.is_black = False

    def clears(self) -> float:
        """Seconds until all that is due was sent, with nobody's hand in it."""
        begun = time.monotonic()
        wanted = {"sent": self.planned * len(self.known["trainers"])} if self.planned else {}

        def is_clear() -> bool:
            state = self.fleet.read(STATE)
            return state["states"] == wanted and state["sessions"] == self.planned and not self.is_red()

        try:
            wait_until(is_clear, seconds=CLEAR, what="an empty backlog")
        except TimeoutError as error:
            found = f"{self.fleet.read(STATE)}, wanted {wanted}; red: {self.is_red()}"
            raise TimeoutError(f"{error}: {found}\n{self.worker.log.read_text()[-2500:]}") from None
        return time.monotonic() - begun
