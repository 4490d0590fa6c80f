"""All indicators that ship with the product, by code, in the order in which they are listed."""

from outcomes.definitions import Definition
from outcomes.library.effects import EFFECTS
from outcomes.library.impacts import COSTS, IMPACTS, QUALITY
from outcomes.library.outputs import OUTPUTS
from outcomes.library.reactions import REACTIONS

LIBRARY: dict[str, Definition] = {
    one.code: one for one in (*OUTPUTS, *REACTIONS, *EFFECTS, *IMPACTS, *COSTS, *QUALITY)
}

# what every report counts, in this order: its page stands on these
CORE = (
    "F-01", "F-02", "OP-01", "OP-02", "OP-05", "OP-06", "OP-07", "OP-08", "OP-08.2", "OP-08.3",
    "OP-09", "OP-09.2", "OP-09.3", "OP-09.4",
)  # fmt: skip
