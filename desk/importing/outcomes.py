"""What becomes of each row, a letter a line of the sheet, so that 50,000 of them are one short text."""

from collections import Counter

LETTERS = {"created": "c", "updated": "u", "unchanged": "s", "refused": "r", "left_out": "o"}
WORDS = {letter: word for word, letter in LETTERS.items()}
NONE = "."  # a line that is no row: blank, a heading, a title above it


def packed(outcomes: dict[int, str]) -> str:
    """{2: "created", 4: "refused"} is "..c.r" without the first dot: line 1 is the first letter."""
    line = [NONE] * max(outcomes, default=0)
    for number, word in outcomes.items():
        line[number - 1] = LETTERS[word]
    return "".join(line)


def unpacked(line: str) -> dict[int, str]:
    return {number: WORDS[letter] for number, letter in enumerate(line, 1) if letter != NONE}


def counts(outcomes: dict[int, str]) -> dict[str, int]:
    found = Counter(outcomes.values())
    return {word: found[word] for word in LETTERS}


def differences(before: str, after: str) -> list[list]:
    """Rows that came otherwise than they were announced: [row, announced, came]."""
    said, came = unpacked(before), unpacked(after)
    return [[n, said[n], came[n]] for n in sorted(said.keys() & came.keys()) if said[n] != came[n]]
