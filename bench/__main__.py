"""`make bench [ONLY=name]`: speed, each figure beside its limit or reference."""

import sys

import bench
from bench.doors import main

raise SystemExit(main(bench, "bench", sys.argv[1:]))
