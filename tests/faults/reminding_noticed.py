"""Does the bench notice when a guard is gone? A small storm without it, on SQLite; and the race of schedulers
without the constraint."""

from pathlib import Path

from tests.faults.reminding import Storm
from tests.faults.reminding_judged import faults_of
from tests.faults.reminding_races import raced
from tests.faults.servers import folder
from tests.fleet import Fleet

ROWS, SPEED = 150, 300
GUARDED = (  # as reminding_guards calls them, which only a sender imports
    "the claim is a compare-and-set",
    "a mark before the text leaves",
    "a lease before others take over",
    "one Message-ID over all tries",
    "what the dead left is taken up",
    "asked again at hand-over: true?",
    "asked again at hand-over: ours?",
)
ONCE = "a reminder is unique"
FREEZES = {"asked again at hand-over: ours?": 8}  # only who sleeps over a lease with letters in hand shows it


def names() -> list[str]:
    return [*GUARDED, ONCE]


def noticed(name: str, seed: int) -> list[str]:
    """What broke without it."""
    with folder() as place:
        if name == ONCE:
            return _raced(place)
        storm = Storm(
            place, f"sqlite:///{place / 'storm.sqlite3'}", rows=ROWS, seed=seed, speed=SPEED, without=name
        )
        with storm:
            storm.fill()
            return stormed(storm, freezes=FREEZES.get(name, 1))


def stormed(storm: Storm, *, kills: int = 8, freezes: int = 1, seconds: float = 45) -> list[str]:
    """A small storm with everything that a guard is for."""
    storm.post.shares = {"rcpt": 0.02, "body": 0.02, "dot": 0.08}
    storm.withdraw_some(0.1)
    storm.begin(3)
    events = [storm.kill_child] * kills
    events[1:1] = [storm.freeze_sender] * freezes
    storm.through(events, patience=2)
    storm.settle(seconds)
    return faults_of(storm, storm.found())


def _raced(place: Path) -> list[str]:
    with Fleet(place, database=f"sqlite:///{place / 'races.sqlite3'}", broker="") as fleet:
        fleet.run("migrate", "-v0")
        found = raced(fleet, guarded=False)
    return [f"{found['more']} reminders stand more than once"] if found["more"] else []
