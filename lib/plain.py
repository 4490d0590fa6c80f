"""Typed text that goes into a message: it stays text. Mail programs make links of what looks like one."""

import re

JOINER = "\u2060"  # WORD JOINER: seen by nobody, and no address goes on behind it

_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # make text read backwards
_DOT = re.compile(r"(?<=\S)[.\uff0e\u3002\uff61](?=[^\W\d_])")  # evil.example; not 12.3. nor the end of one
_SCHEME = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*):(?=[^\s\u2060])|:(?=//)")
_AT = re.compile(r"@(?=\S)")


def unturned(text: str) -> str:
    """Without the signs, seen by nobody, that make what stands behind them read backwards."""
    return _TURNING.sub("", text)


def unlinked(text: object) -> str:
    """The same words on one line, in which no mail program finds an address: a domain, a scheme and an @ are
    broken by a WORD JOINER. It may be applied twice."""
    text = unturned(_NOT_SHOWN.sub(" ", str(text).replace(JOINER, "")))
    text = _DOT.sub(lambda dot: dot.group() + JOINER, " ".join(text.split()))
    text = _SCHEME.sub(lambda scheme: scheme.group() + JOINER, text)
    return _AT.sub("@" + JOINER, text)
