"""What stands between figures and every reader who is not staff.

    gate.py      one table, one figure: how large a cell must be, what is merged, what is withheld
    crossed.py   two properties at once: what is hidden beside the small cells, proved by an integer programme
    ledger.py    several issues: what a reader holds already, and what one more would tell her beside it

Values in, values out: nothing here asks the database. The size of a cell is the number of distinct persons
behind it (or of distinct enterprises, when those are fewer), whatever it counts: six ideas may be one woman.
"""

from outcomes.disclosure.gate import FLOOR, Cell, Shown, Table, collapse, guard, limit

__all__ = ["FLOOR", "Cell", "Shown", "Table", "collapse", "guard", "limit"]
