"""One invitation as a sheet: what is asked, what stands there, what is shown because of it."""

from collections import defaultdict
from collections.abc import Mapping

from outcomes.asking.said import Value
from outcomes.models import Answer, Invitation, Item

Answers = Mapping[str, Mapping[str, Answer]]  # by question code, by choice ("" where there is none)


class Sheet:
    """Two queries, however much is asked."""

    def __init__(self, invitation: Invitation):
        self.invitation = invitation
        items = Item.objects.filter(edition=invitation.wave.edition_id)
        self.items = list(items.select_related("wording__question").order_by("position", "id"))
        self.by_code = {item.wording.question.code: item for item in self.items}
        self.answers: dict[str, dict[str, Answer]] = defaultdict(dict)
        for row in invitation.answers.select_related("question"):
            self.answers[row.question.code][row.choice] = row

    def is_shown(self, item: Item) -> bool:
        """Does what stands there fulfil its condition? What a question says that is not shown, does not."""
        if not (when := item.shown_when):
            return True
        above = self.by_code.get(when.get("question", ""))
        if above is None or above.pk == item.pk or not self.is_shown(above):
            return False
        return bool(self.answers.get(when["question"], {}).keys() & set(when.get("is", ())))

    def shown(self) -> list[Item]:
        return [item for item in self.items if self.is_shown(item)]

    def said(self, code: str) -> dict[str, Value]:
        """What stands there, as it is read from a form; what could not be read of a file is no answer."""
        rows = self.answers.get(code, {}).values()
        return {
            row.choice: Value(row.number, row.currency, row.day, row.text)
            for row in rows
            if not row.is_unread
        }

    def open(self) -> list[Item]:
        """Shown, and nothing stands there."""
        return [item for item in self.shown() if not self.said(item.wording.question.code)]

    def parents(self) -> set[str]:
        """Questions whose answer shows or hides another."""
        return {item.shown_when["question"] for item in self.items if item.shown_when}
