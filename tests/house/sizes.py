"""Prints how many lines each room has, and what is longer than house.md finds comfortable. Never fails."""

import ast
from pathlib import Path

from tests.house.rooms import ROOMS, ROOT

COMFORTABLE = {".py": 200, ".html": 100, ".css": 120, ".js": 80}
FUNCTION = 25


def main() -> None:
    files = {room: sources(room) for room in [*ROOMS, "templates", "static", "tests", "bench"]}
    totals = {room: sum(map(lines, paths)) for room, paths in files.items()}
    whole = sum(totals[room] for room in ROOMS) or 1
    print(
        "\nlines of each room: "
        + ", ".join(f"{r} {n} ({n / whole:.0%})" for r, n in totals.items() if r in ROOMS)
    )
    print("beside the rooms:   " + ", ".join(f"{r} {n}" for r, n in totals.items() if r not in ROOMS))
    paths = [path for found in files.values() for path in found]
    show(
        "files",
        [(lines(p), p.relative_to(ROOT)) for p in paths if lines(p) > COMFORTABLE.get(p.suffix, 10**6)],
    )
    show("functions", [long for p in paths if p.suffix == ".py" for long in long_functions(p)])


def sources(room: str) -> list[Path]:
    found = (path for path in (ROOT / room).rglob("*") if path.suffix in COMFORTABLE)
    return sorted(path for path in found if "migrations" not in path.parts)


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def long_functions(path: Path) -> list[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    sizes = [(node.end_lineno - node.lineno + 1, node.name) for node in functions]
    return [(size, f"{path.relative_to(ROOT)}:{name}") for size, name in sizes if size > FUNCTION]


def show(what: str, found: list, most: int = 8) -> None:
    found = sorted(found, key=lambda entry: -entry[0])
    named = ", ".join(f"{name} {size}" for size, name in found[:most])
    print(f"long {what}: {len(found)}" + (f" ({named})" if named else ""))


if __name__ == "__main__":
    main()
