"""The rooms, from the top of the stair down, as pyproject.toml states them."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
STAIR = next(c for c in PROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
ROOMS: list[str] = STAIR["layers"]
