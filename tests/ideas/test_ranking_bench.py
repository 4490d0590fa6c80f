"""A short form of `make bench ONLY=ranking`: it measures, and what it checks holds."""

from bench import bench_ranking


def test_the_bench_measures_and_both_find_the_same_order():
    small = {"ideas": 60, "judges": 12, "each": 3}
    figures = {figure.name: figure.ratio for figure in bench_ranking.run(count=6, large=small, rounds=1)}
    assert figures.keys() == {
        "ranking.panels.adjusted-to-mean",
        "ranking.panels.nearer",
        "ranking.panels.intervals-hold",
        "ranking.60000.equations-to-bare",
        "ranking.60000.seconds",
        "ranking.60000.memory",
    }
    assert figures["ranking.panels.adjusted-to-mean"] > 1
    assert min(figures.values()) > 0
