"""The short code by which somebody is found on paper and at the wall: unique in her programme."""

from people.models import Programme

LETTERS = "ABCDEFGHJKLMNPRSTUVZ"  # none that a hand on paper mistakes for a digit or another letter


def free_row_codes(programme: Programme, count: int) -> list[str]:
    """The next ones after the newest; called while the programme's row is held."""
    newest = programme.enrolments.order_by("-pk").values_list("row_code", flat=True).first()
    number, found = row_number(newest) + 1 if newest else 0, []
    while len(found) < count:
        wanted = [row_code(n) for n in range(number, number + count - len(found))]
        taken = set(programme.enrolments.filter(row_code__in=wanted).values_list("row_code", flat=True))
        found += [code for code in wanted if code not in taken]
        number += len(wanted)
    return found


def row_code(number: int) -> str:
    """0 is A1, 8 A9, 9 B1; after the last letter two: AA1."""
    letter, digit = divmod(number, 9)
    letters = ""
    while True:
        letters = LETTERS[letter % len(LETTERS)] + letters
        letter = letter // len(LETTERS) - 1
        if letter < 0:
            return f"{letters}{digit + 1}"


def row_number(code: str) -> int:
    """The inverse; -1 for a code that was given by hand and is not of this form."""
    letters, digit = code[:-1], code[-1:]
    if not letters or not set(letters) <= set(LETTERS) or digit not in "123456789":
        return -1
    place = 0
    for letter in letters:
        place = place * len(LETTERS) + LETTERS.index(letter) + 1
    return (place - 1) * 9 + int(digit) - 1
