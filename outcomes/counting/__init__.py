"""How any definition is counted, within a scope: its value, and exactly the rows behind it.

    measured(definition, scope) -> Value          in one of five states, never a default
    behind(definition, scope) -> Behind           kind, numerator and denominator: primary keys
    rows(definition, scope) -> (kind, list)       the rows of the numerator, as the figure opens

A definition is counted by code from records (outcomes/indicators.py), from answers (`answers.py`: one
statement of SQL over a pivot of the answers by person), from results and from costs (`records.py`). A kind
says what one row is: person, place, attendance, meeting, idea, review, enterprise, goal, invitation, result,
cost; and `respondent`: the primary key of a person or, of an answer that names nobody, minus that of its
invitation.
"""

from outcomes.counting.measures import Behind, behind, measured, rows

__all__ = ["Behind", "behind", "measured", "rows"]
