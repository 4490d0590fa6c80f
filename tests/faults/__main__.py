"""`make faults [ONLY=name]`: what must hold when things are killed, cut and full."""

import sys

from bench.doors import main
from tests import faults

raise SystemExit(main(faults, "fault", sys.argv[1:]))
