"""Whether reviewers met on enough ideas to tell a strict one from weak ideas."""

from ideas.ranking.panel import Panel

SPARE = 5  # so many comparisons beyond the fewest possible; fewer tell nothing

NONE, WITHIN, FULL = "none", "within", "full"


def overlap(of: Panel) -> dict:
    """{"verdict", "why", "groups", "comparisons", "needed", "reviewers"}.

    "none": no adjusting, and why ("no_reviews", "one_reviewer", "no_shared", "too_few"); "within": groups of
    reviewers share no idea, so that between them it rests on the assumption that none is stricter or has
    better ideas; "full". `comparisons`: meetings of a further reviewer on an idea; `needed`: the fewest that
    would do; `groups`: reviewers in each group, the largest first.
    """
    sizes: dict[int, int] = {}
    for number in of.groups:
        sizes[number] = sizes.get(number, 0) + 1
    comparisons = len(of.value) - len(of.ideas)
    return {
        "verdict": NONE if (why := _why(of, comparisons)) else WITHIN if len(sizes) > 1 else FULL,
        "why": why,
        "groups": sorted(sizes.values(), reverse=True),
        "comparisons": comparisons,
        "needed": len(of.judges) - len(sizes) + SPARE,
        "reviewers": len(of.judges),
    }


def _why(of: Panel, comparisons: int) -> str:
    if len(of.judges) < 2:
        return "one_reviewer"
    if comparisons < 1:
        return "no_shared"
    return "too_few" if of.spare < SPARE else ""
