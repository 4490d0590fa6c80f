"""Every service that changes something writes to the trail: read from the code itself."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("people", "training", "mentoring", "ideas", "outcomes", "reminders", "jobs")


def functions() -> dict[str, ast.FunctionDef]:
    """All module-level functions of the rooms' services, by "room.name"."""
    found = {}
    for room in ROOMS:
        files = [ROOT / room / "services.py", *(ROOT / room / "services").glob("*.py")]
        for file in files:
            if file.exists():
                tree = ast.parse(file.read_text())
                found |= {
                    f"{room}.{node.name}": node for node in tree.body if isinstance(node, ast.FunctionDef)
                }
    return found


def calls(node: ast.FunctionDef) -> set[str]:
    names = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            target = inner.func
            names.add(target.id if isinstance(target, ast.Name) else getattr(target, "attr", ""))
    return names


def audited(name: str, known: dict[str, ast.FunctionDef], seen: frozenset = frozenset()) -> bool:
    """It calls audit itself, or what does (`accounts.keeping`), or a function of its room or of the address
    book that does."""
    if name in seen or name not in known:
        return False
    room = name.split(".")[0]
    names = calls(known[name])
    return bool(names & {"audit", "keep", "take_away"}) or any(
        audited(f"{where}.{other}", known, seen | {name}) for other in names for where in (room, "people")
    )


def test_every_service_with_an_author_is_audited():
    known = functions()
    verbs = {
        name
        for name, node in known.items()
        if not node.name.startswith("_") and "by" in {arg.arg for arg in node.args.kwonlyargs}
    }
    # asking for work is a row of its own (Job: who, when, what); a draft of a review is saved at every key
    rows_of_their_own = {"jobs.enqueue", "outcomes.request_issue", "ideas.save_review"}
    rows_of_their_own |= {"ideas.request_comparing"}
    rows_of_their_own |= {"ideas.look_at"}  # a preview: it writes nothing
    # steps of services that say it themselves
    rows_of_their_own |= {"training.put_states", "training.tell", "training.note_change"}
    assert sorted(name for name in verbs - rows_of_their_own if not audited(name, known)) == []
    assert len(verbs) > 20
