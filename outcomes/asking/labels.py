"""What may be chosen, in the reader's words."""

from django.utils.translation import gettext as _

from lib.languages import told
from outcomes.models import Question, Wording


def labels(wording: Wording) -> list[tuple[str, str]]:
    """(code, words) of each choice, in order; nothing where a question has none."""
    if wording.question.kind == Question.Kind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    rows = wording.choices
    return [(row["code"], told(row.get("en", ""), row.get("sr", "")) or row["code"]) for row in rows]
