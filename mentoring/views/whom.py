"""Who the two of a pair are: what she asked for, what her mentor knows, and how each reaches the other."""

from accounts.models import User
from lib.languages import told_or
from mentoring.models import Assignment, Function, Need
from mentoring.views.mentors import named
from mentoring.views.needs import in_words
from people.models import Person


def whom(user: User, row: Assignment) -> dict:
    """To the entrepreneur her mentor; to everybody else what the entrepreneur asked for. `reached`: the other
    of the two, while they work together; nobody else finds contacts here."""
    is_hers = row.enrolment.person.user_id == user.pk
    return {
        "is_hers": is_hers,
        "helps": named(row.mentor.functions, Function.choices) if is_hers else [],
        "told": told_or(row.mentor.bio, row.mentor.bio_sr) if is_hers else None,
        "need": None if is_hers else need_of(row),
        "reached": _other(user, row) if row.state in Assignment.ALIVE else None,
    }


def need_of(row: Assignment) -> Need | None:
    """The need that the assignment is for, else what she said last; with its codes as words."""
    need = row.need or row.enrolment.needs.first()
    return in_words(need) if need else None


def _other(user: User, row: Assignment) -> Person | None:
    both = {row.mentor.person.user_id: row.enrolment.person, row.enrolment.person.user_id: row.mentor.person}
    return both.get(user.pk)
