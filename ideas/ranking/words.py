"""What a ranking found, in the reader's words."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def agreement_words(found: dict) -> str:
    """How far the judges agree, and what that means."""
    said = found["agreement"]
    if said["icc"] is None:
        return _("No idea has two reviews yet: nobody can tell how far the judges agree.")
    percent = round(said["icc"] * 100)
    words = {"icc": number_format(percent / 100, 2), "percent": max(0, percent)}
    said = _(
        "The judges’ agreement (ICC) is %(icc)s: of the differences between reviews, %(percent)s per cent "
        "come from the ideas, the rest from who judged and from chance."
    )
    return said % words


def overlap_words(found: dict) -> str:
    """Why it is not adjusted, or what adjusting rests on; nothing where all is well."""
    met = found["overlap"]
    if met["verdict"] == "full":
        return ""
    if met["verdict"] == "within":
        sizes = ", ".join(str(size) for size in met["groups"])
        words = _(
            "The reviewers fall into %(n)s groups (of %(sizes)s) that share no idea. Inside a group scores "
            "are adjusted by what reviewers gave to the same ideas; between groups only by the assumption "
            "that none is stricter than the others."
        )
        return words % {"n": len(met["groups"]), "sizes": sizes}
    return _("Not adjusted for how strict reviewers are: %(why)s") % {"why": _why(met)}


def _why(met: dict) -> str:
    if met["why"] == "no_reviews":
        return _("no review is in yet.")
    if met["why"] == "one_reviewer":
        return _("all reviews are by one reviewer.")
    if met["why"] == "no_shared":
        return _("no idea was judged by two reviewers.")
    words = ngettext(
        "the reviewers met on too few ideas (%(n)s time; at least %(needed)s are needed).",
        "the reviewers met on too few ideas (%(n)s times; at least %(needed)s are needed).",
        met["comparisons"],
    )
    return words % {"n": met["comparisons"], "needed": met["needed"]}
