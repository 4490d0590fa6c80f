"""Jobs, what the programme had to do with it, what it cost, and how good the data are (IM, EF, DQ)."""

from django.utils.translation import gettext_lazy as _

from outcomes.definitions import Definition, Unit
from outcomes.library.specs import CLOSED, PAIRED, asked, cost_per, over, share, then_and_now

WORKERS = ["fte_women", "fte_men"]
FOLLOWED = _("Persons who answered both times; a closed business employs nobody.")


def _jobs(now: str) -> dict:
    return over("sum", then_and_now(WORKERS, now, zero_when=CLOSED), ["change", "now", "then"], PAIRED)


NET = _("Full-time jobs beside the owner's, less those at the beginning; losses are taken off.")

IMPACTS = (
    Definition(
        "IM-01", _("Jobs gained, after 6 months"), Unit.JOBS, NET, FOLLOWED,
        "IRIS PI3687; EEA ALL-006; JII TA-08; SDG 8.5", "impact", spec=_jobs("f6"),
        disaggregations=("sector",), kirkpatrick=4, is_guarded=True,
    ),
    Definition(
        "IM-01.2", _("Jobs gained, after 12 months"), Unit.JOBS, NET, FOLLOWED, level="impact",
        spec=_jobs("f12"), disaggregations=("sector",), kirkpatrick=4, is_guarded=True,
    ),
    Definition(
        "IM-02", _("Jobs held by women"), Unit.PERCENT, _("Full-time jobs held by women after 6 months."),
        _("Full-time jobs of all, the owner's left out."), "cf. IRIS OI6213", "impact",
        spec=over(
            "ratio",
            {
                "women": asked("fte_women", "f6", zero_when=CLOSED),
                "all": asked(WORKERS, "f6", zero_when=CLOSED),
            },
            ["women"],
            ["and", ["known", "women"], ["known", "all"]],
            of=["all"],
        ),
        kirkpatrick=4, is_guarded=True,
    ),
    Definition(
        "IM-03", _("Would not have happened so without the programme"), Unit.PERCENT,
        _("Persons who say it would have happened later, smaller, or not at all."),
        _("Persons who answered."), level="impact",
        spec=share(
            {"now": asked("anyway", "f6")}, ["is", "now", "later", "smaller", "not_at_all"], ["known", "now"]
        ),
        kirkpatrick=4,
    ),
    Definition(
        "IM-04", _("Gained a say over income"), Unit.PERCENT,
        _("Persons who decide on the income of the business, alone or together, and did not before."),
        _("Persons who answered both times."), "DCED; SDG 5.a", "impact",
        spec=share(
            then_and_now("income_say", "f12"),
            ["and", ["is", "then", "others"], ["is", "now", "together", "alone"]],
            PAIRED,
        ),
        kirkpatrick=4, is_guarded=True,
    ),
)  # fmt: skip

COSTS = (
    Definition(
        "EF-01", _("Cost of each who completed"), Unit.MONEY,
        _("What was spent and the funder pays, per currency."), _("Persons who completed."),
        level="output", spec=cost_per("OP-07"), disaggregations=("currency",),
    ),
    Definition(
        "EF-01.2", _("Cost of each business that operates after 6 months"), Unit.MONEY,
        _("What was spent and the funder pays, per currency."), _("Persons whose business operates."),
        level="outcome", spec=cost_per("OC-07"), disaggregations=("currency",), is_guarded=True,
    ),
    Definition(
        "EF-01.3", _("Cost of each job gained"), Unit.MONEY,
        _("What was spent and the funder pays, per currency."), _("Full-time jobs gained."),
        level="impact", spec=cost_per("IM-01", "value"), disaggregations=("currency",), is_guarded=True,
    ),
)  # fmt: skip

QUALITY = (
    Definition(
        "DQ-01", _("Answered when asked later"), Unit.PERCENT,
        _("Persons asked months after the end who answered, for each time that they were asked."),
        _("Persons asked months after the end; who withdrew her consent is left out."),
        level="activity", disaggregations=("wave",),
    ),
    Definition(
        "DQ-02", _("With a baseline"), Unit.PERCENT,
        _("Enrolled persons who answered at the beginning or with the application."),
        _("Persons who were given a place."), level="activity",
    ),
    Definition(
        "DQ-03", _("Answered late"), Unit.PERCENT, _("Answers that came after the wave had closed."),
        _("Answers that came."), level="activity", disaggregations=("wave",),
    ),
    Definition(
        "DQ-03.2", _("Days late"), Unit.DAYS,
        _("The median of days after the last one on which late answers came."), _("Late answers."),
        level="activity", disaggregations=("wave",),
    ),
)  # fmt: skip
