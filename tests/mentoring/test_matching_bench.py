"""A short form of `make bench ONLY=matching`: it measures, and what it checks holds."""

from bench import bench_matching


def test_the_bench_measures_and_the_optimum_is_reached():
    figures = {f.name: f.ratio for f in bench_matching.run(sizes=((31, 10, 5), (60, 12, 4)), rounds=1)}
    assert figures.keys() == {
        f"matching.{size}.{name}"
        for size in ("31x10", "60x12")
        for name in ("time-to-bare", "share-of-optimum")
    }
    assert figures["matching.31x10.share-of-optimum"] == figures["matching.60x12.share-of-optimum"] == 1
    assert min(figures.values()) > 0
