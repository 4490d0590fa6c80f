"""The door of both kinds of benches: finds the modules, runs one or all, prints one line a figure."""

import importlib
import pkgutil
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True)
class Figure:
    """How a thing compares with its limit or reference, measured in the same run. More is better:
    for a time, `ratio` is limit ÷ measured."""

    name: str
    ratio: float
    target: float

    @property
    def line(self) -> str:
        verdict = "ok" if self.ratio >= self.target else "short"
        return f"{self.name} {self.ratio:.2f} {self.target:.2f} {verdict}"


def main(package: ModuleType, prefix: str, wanted: list[str]) -> int:
    """Exit code: 2 for a name that is none, 1 when a bench could not measure or what it checks does not hold.

    A bench is a module `<prefix>_*.py` with NAME and `run()`, which yields figures.
    """
    benches = {bench.NAME: bench for bench in found(package, prefix)}
    if unknown := [name for name in wanted if name not in benches]:
        print(f"No bench is named {', '.join(unknown)}. There are: {', '.join(benches) or 'none yet'}.")
        return 2
    failed = [name for name in wanted or benches if not holds(benches[name])]
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def found(package: ModuleType, prefix: str) -> Iterator[ModuleType]:
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if info.name.startswith(f"{prefix}_"):
            yield importlib.import_module(f"{package.__name__}.{info.name}")


def holds(bench: ModuleType) -> bool:
    try:
        for figure in bench.run() or ():
            print(figure.line, flush=True)
    except Exception:
        print(f"{bench.NAME}: does not hold, or could not be measured:", flush=True)
        traceback.print_exc(file=sys.stdout)
        return False
    return True
