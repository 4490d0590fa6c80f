"""The texts that stand in the columns of a table, each with how often."""

from collections import Counter
from collections.abc import Iterator, Sequence

from desk.loading.values import text
from lib.sheets import Sheet


class Counted:
    """Called with headings: the texts of these columns together."""

    def __init__(self, table: Sheet):
        self.table = table

    def __call__(self, headers: Sequence[str]) -> Counter:
        found: Counter = Counter()
        for _header, said in self._texts(headers):
            found[said] += 1
        return found

    def each(self, headers: Sequence[str]) -> dict[str, Counter]:
        """By heading, in one pass over the rows."""
        found = {name: Counter() for name in headers if name in self.table.header}
        for header, said in self._texts(headers):
            found[header][said] += 1
        return found

    def _texts(self, headers: Sequence[str]) -> Iterator[tuple[str, str]]:
        header = self.table.header
        places = [(name, header.index(name)) for name in headers if name in header]
        for row in self.table.rows:
            for name, place in places:
                cell = row.cells[place] if place < len(row.cells) else None
                if cell is not None and (said := text(cell)):
                    yield name, said
