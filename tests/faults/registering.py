"""Registers kept in a real browser while the network is cut, tabs are closed and clocks are wrong; every tap
is counted, and what the page called sent is compared with what the server holds."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Error, Page

from tests.faults.cutting import Line
from tests.services import wait_until

TAPS_BETWEEN_LOOKS = 6
DAY = 24 * 3600 * 1000
# A phone whose clock is a day wrong: set before the page's own script runs.
WRONG_CLOCK = """(() => { const Right = Date, off = %d;
  globalThis.Date = class extends Right {
    constructor(...said) { said.length ? super(...said) : super(Right.now() + off); }
    static now() { return Right.now() + off; } }; })()"""
UNSENT = "async () => { try { return await window.rasadnik.unsent(); } catch { return -1; } }"
HURRY = "() => window.dispatchEvent(new Event('online'))"  # what a phone says when it finds a network again


@dataclass
class Kept:
    """What was done in one register: taps, what each person should amount to, and what went wrong."""

    session: int
    statuses: dict[int, str] = field(default_factory=dict)
    taps: int = 0
    closed_tabs: int = 0
    false_saved: int = 0
    looks: int = 0
    slow_to_empty: int = 0


@dataclass
class Phone:
    """One trainer's browser. `held` counts the marks of a session on the server; `troubles` happen between
    taps."""

    context: BrowserContext
    address: str
    held: Callable[[int], int]
    random: random.Random
    trouble: Callable[[], None] = lambda: None

    def keep(self, session: int, people: list[int], *, offline: bool, two_tabs: bool, clock: int) -> Kept:
        """Mark everybody once, some twice; half-way the tab is closed with what it had not sent."""
        kept = Kept(session)
        pages = [self.open(session, clock)]
        if two_tabs:
            pages.append(self.open(session, clock))
        if offline:
            self.context.set_offline(True)
        half = len(people) // 2
        self._mark(kept, pages, people[:half])
        for page in pages:
            page.close(run_before_unload=False)
            kept.closed_tabs += 1
        pages = [self.open(session, clock)]  # offline: the phone alone answers
        if offline:
            self._mark(kept, pages, people[half : half + half // 2])
            self.context.set_offline(False)
            self._mark(kept, pages, people[half + half // 2 :])
        else:
            self._mark(kept, pages, people[half:])
        self._empty(kept, pages[0])
        pages[0].close(run_before_unload=False)
        return kept

    def open(self, session: int, clock: int = 0) -> Page:
        page = self.context.new_page()
        if clock:
            page.add_init_script(WRONG_CLOCK % (clock * DAY))
        for _try in range(20):
            with suppress(Error):
                page.goto(f"{self.address}/sessions/{session}/register/", wait_until="domcontentloaded")
                page.wait_for_selector("[data-enrolment] .mark", timeout=5000)
                page.wait_for_selector("#register.is-started", state="attached", timeout=5000)
                return page
            page.wait_for_timeout(300)
        raise AssertionError(f"the register of session {session} does not open: {page.content()[:2000]}")

    def _mark(self, kept: Kept, pages: list[Page], people: list[int]) -> None:
        for number, enrolment in enumerate(people):
            page = self.random.choice(pages)
            self._tap(page, enrolment, "present")
            kept.taps += 1
            kept.statuses[enrolment] = "present"
            if self.random.random() < 0.1:
                self._tap(page, enrolment, "absent")
                kept.taps += 1
                kept.statuses[enrolment] = "absent"
            if number % TAPS_BETWEEN_LOOKS == 0:
                self.trouble()
                self._look(kept, page)

    def _tap(self, page: Page, enrolment: int, status: str) -> None:
        """A tap counts once the screen shows it: before that nobody would take it for done."""
        row = page.locator(f'[data-enrolment="{enrolment}"]')
        if status == "present":
            row.locator(".mark").first.click()
        else:
            row.locator("summary").first.click()
            row.locator('button[value="absent"]').first.click()
        row.locator(f".mark.{status}").first.wait_for()

    def _look(self, kept: Kept, page: Page) -> None:
        """What the page does not call unsent, the server must hold."""
        unsent = page.evaluate(UNSENT)
        if unsent < 0:
            return
        kept.looks += 1
        if self.held(kept.session) < kept.taps - unsent:
            kept.false_saved += 1

    def _empty(self, kept: Kept, page: Page) -> None:
        """The network is back: within 30 seconds nothing is left on the phone."""

        def sent() -> bool:
            page.evaluate(HURRY)
            page.wait_for_timeout(150)
            return page.evaluate(UNSENT) == 0

        try:
            wait_until(sent, seconds=30, what="an empty phone")
        except TimeoutError:
            kept.slow_to_empty += 1
            wait_until(sent, seconds=120, what=f"an empty phone (session {kept.session})")
        self._look(kept, page)


def keep_all(
    phone: Phone,
    line: Line,
    sessions: list[int],
    people: list[int],
    *,
    cuts: int,
    odd: Callable[[int], dict],
    before: Callable[[int], None] = lambda number: None,
) -> list[Kept]:
    """Each session once, `cuts` spread evenly over them. `odd(number)` says what is unusual about one:
    `offline`, `two_tabs`, `clock`. `before(number)` hears how far it is."""
    done = []
    for number, session in enumerate(sessions):
        budget = (number + 1) * cuts / len(sessions)
        line.cuts = lambda path, most=budget: 0.7 if _is_act(path) and line.done.total() < most else 0
        before(number)
        done.append(phone.keep(session, people, **odd(number)))
    return done


def _is_act(path: str) -> bool:
    return "/operations/" in path


def judged(kept: list[Kept], operations: dict[int, int], statuses: dict[int, dict[int, str]]) -> Counter:
    """What is on the server beside what was tapped. `operations`: marks by session; `statuses`: what
    attendance says, by session and enrolment."""
    found = Counter(taps=0, lost=0, doubled=0, wrong=0, false_saved=0, slow_to_empty=0)
    for one in kept:
        there = operations.get(one.session, 0)
        found["taps"] += one.taps
        found["lost"] += max(0, one.taps - there)
        found["doubled"] += max(0, there - one.taps)
        said = statuses.get(one.session, {})
        found["wrong"] += sum(said.get(enrolment) != status for enrolment, status in one.statuses.items())
        found["false_saved"] += one.false_saved
        found["slow_to_empty"] += one.slow_to_empty
        found["looks"] += one.looks
        found["closed_tabs"] += one.closed_tabs
    return found
