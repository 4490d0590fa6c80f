"""What was done: who came, for how long, what was nominated (OP-01 to OP-09). Counted from records."""

from django.utils.translation import gettext_lazy as _

from outcomes.definitions import STANDARD, Definition, Unit

OUTPUTS = (
    Definition(
        "F-01",
        _("Applied"),
        Unit.PERSONS,
        _("Persons known to the programme in any state, from applying on, until the end of the period."),
    ),
    Definition(
        "F-02",
        _("Enrolled"),
        Unit.PERSONS,
        _("Persons who were given a place, also when they left it later."),
    ),
    Definition(
        "OP-01",
        _("Took part"),
        Unit.PERSONS,
        _("Persons who attended at least one session that is paid for, each counted once, on the first day."),
        standard="IRIS PI4060, PI8330; ESF+ EECO05",
        disaggregations=STANDARD,
    ),
    Definition(
        "OP-02",
        _("Training places taken"),
        Unit.PLACES,
        _("Person and module, with at least one session attended. Not a number of persons."),
        standard="IRIS PI7997",
        disaggregations=("module",),
    ),
    Definition(
        "OP-03",
        _("Enterprises supported"),
        Unit.ENTERPRISES,
        _("Enterprises of persons who attended or met a mentor, each counted once, on the first day."),
        standard="IRIS PI9652, PI9713, PI4940, PI6065; ESF+ EECO19",
        disaggregations=("sector", "registered", "business_age"),
    ),
    Definition(
        "OP-04",
        _("Owned by women"),
        Unit.PERCENT,
        _("Supported enterprises that are owned by women, by the rule of the funding."),
        _("Supported enterprises of which that is known."),
        standard="IRIS PI7869, PI5576, OI4221, OI2840",
        disaggregations=("sector",),
    ),
    Definition(
        "OP-05",
        _("Hours of training received"),
        Unit.HOURS,
        _("Hours that participants attended, breaks left out, late arrival and early leaving taken off."),
        standard="IRIS PI1836",
        disaggregations=("module",),
    ),
    Definition(
        "OP-06",
        _("Attendance"),
        Unit.PERCENT,
        _("Person and session, there for all or part of it."),
        _("Person and session, expected and marked. Those not marked are unknown and left out."),
        disaggregations=("module",),
    ),
    Definition(
        "OP-07",
        _("Completed"),
        Unit.PERCENT,
        _(
            "Persons who attended at least the share of the planned hours that completes the programme; "
            "who withdrew completes nothing."
        ),
        _("Persons who attended at least one session; who left later stays in."),
        standard="EEA CIV-007",
        version=2,
        disaggregations=STANDARD,
        kirkpatrick=2,
    ),
    Definition(
        "OP-08",
        _("Hours of mentoring"),
        Unit.HOURS,
        _("Hours of the meetings that mentors logged as held."),
        standard="IRIS PI5352",
    ),
    Definition(
        "OP-08.2",
        _("Met a mentor"),
        Unit.PERSONS,
        _("Persons with at least one meeting held, each counted once, on the day of the first."),
    ),
    Definition(
        "OP-08.3",
        _("Mentoring on the premises"),
        Unit.PERCENT,
        _("Minutes of meetings at the entrepreneur's own place of business."),
        _("Minutes of all meetings held."),
    ),
    Definition(
        "OP-08.4",
        _("Reached the agreed hours"),
        Unit.PERCENT,
        _("Persons whose meetings until the end of the period make the hours agreed with their mentors."),
        _("Persons first met in the period whose hours were agreed."),
    ),
    Definition(
        "OP-09",
        _("Ideas nominated"),
        Unit.IDEAS,
        _("Business ideas, each counted once, on the day of its first nomination."),
        disaggregations=("sector",),
    ),
    Definition(
        "OP-09.2",
        _("Ideas reviewed"),
        Unit.IDEAS,
        _("Ideas nominated in the period that at least one mentor has judged."),
    ),
    Definition(
        "OP-09.3",
        _("Ideas carried on"),
        Unit.IDEAS,
        _("Ideas nominated in the period that went into mentoring, also when they have ended since."),
    ),
    Definition(
        "OP-09.4",
        _("Reviews handed in"),
        Unit.REVIEWS,
        _("Reviews of ideas that mentors handed in during the period; drafts are left out."),
    ),
)
