"""Workbooks, looked at before they are opened, and opened in a process of their own."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO

from django.utils.translation import gettext as _

from lib import filekinds, workbook_reader
from lib.tables import Cell, Limits, SheetError, too_many, whole

log = logging.getLogger(__name__)
_PIECE = 1 << 18


@dataclass
class Table:
    """One sheet as its reader told of it, kept in a file that goes when nobody needs it any more."""

    title: str
    unknown: list[tuple[int, int, str]]  # row from 1, column from 0, formula: cells without a stored result
    _told: BinaryIO

    def lines(self) -> Iterator[list[Cell]]:
        lines = _lines(self._told)
        next(lines)
        for line in lines:
            has_times, rows = json.loads(line)
            yield from [[_typed(cell) for cell in row] for row in rows] if has_times else rows


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Each reader has a place of its own in the file."""
    place, held = 0, []
    while piece := os.pread(file.fileno(), _PIECE, place):
        place += len(piece)
        first, *lines = piece.split(b"\n")
        held.append(first)
        if lines:
            yield b"".join(held)
            yield from lines[:-1]
            held = [lines[-1]]


def table(data: bytes, name: str, sheet: str | None, limits: Limits) -> Table:
    """The named sheet, else the first shown one that holds something. Raises SheetError."""
    _look(data, name, limits)
    options = {"sheet": sheet, "rows": limits.rows, "columns": limits.columns, "cells": limits.cells}
    told, head = _in_own_process(data, name, options, limits)
    return Table(head["title"], [tuple(cell) for cell in head["unknown"]], told)


def sheets(data: bytes, name: str, limits: Limits) -> list[dict]:
    """`name`, `rows` and `is_hidden` of each sheet that is a table. Raises SheetError."""
    _look(data, name, limits)
    return _in_own_process(data, name, {"listed": True}, limits)[1]["sheets"]


def _look(data: bytes, name: str, limits: Limits) -> None:
    """Would it grow too large, does it unpack at all? Asked before anybody opens it."""
    if not data.startswith(b"PK"):
        return
    if filekinds.is_bomb(data, members=limits.members, unpacked=limits.unpacked, ratio=limits.ratio):
        words = _("The workbook unpacks to more than is allowed (%(n)s MB).")
        raise whole(name, words % {"n": limits.unpacked // 1_000_000})
    if not filekinds.is_whole(data):
        raise whole(name, _("The workbook is damaged: it cannot be unpacked."))


def _in_own_process(data: bytes, name: str, options: dict, limits: Limits) -> tuple[BinaryIO, dict]:
    told = TemporaryFile()  # noqa: SIM115 - without a name: it goes with its table, or with this process
    options |= {"memory": limits.memory}
    command = [sys.executable, "-I", workbook_reader.__file__, json.dumps(options)]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=data, stdout=told, stderr=subprocess.PIPE, timeout=workbook_reader.SECONDS
        )
    except subprocess.TimeoutExpired:
        raise _refused({"error": "greedy"}, name, limits) from None
    if done.returncode == 1:  # it failed, it was not killed by its limits
        said = done.stderr.decode(errors="replace")
        log.error("the reader of workbooks failed on %s: %s", name, said[-2000:])
        raise _refused({"error": "damaged", "said": "?"}, name, limits)
    head = {"error": "greedy"} if done.returncode else json.loads(next(_lines(told)))
    if "error" in head:
        raise _refused(head, name, limits)
    return told, head


def _refused(head: dict, name: str, limits: Limits) -> SheetError:
    match head["error"]:
        case "unknown":
            words = _("There is no sheet “%(sheet)s”; there is: %(known)s.")
            said = {"sheet": head["sheet"], "known": ", ".join(head["known"])}
            return whole(name, words % said, head["sheet"])
        case "large":
            return whole(head["title"], too_many(limits))
        case "locked":
            return whole(name, _("The workbook is locked with a password."))
        case "damaged":
            return whole(name, _("The workbook is damaged: %(error)s.") % {"error": head["said"]})
    words = _("The workbook asks for more memory or time than is allowed: save the table as CSV.")
    return whole(name, words)


_TIMES = {"date": date.fromisoformat, "datetime": datetime.fromisoformat, "time": time.fromisoformat}


def _typed(cell) -> Cell:
    if not isinstance(cell, list):
        return cell
    kind, said = cell
    return timedelta(seconds=said) if kind == "timedelta" else _TIMES[kind](said)
