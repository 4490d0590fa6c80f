"""The ranking of a round: values in, values out, no database (`facts` reads what it rests on, `kept` keeps
what was computed, `plan` and `again` ask the records).

    data = facts.gather(round)                    # row keys, no names
    found = rank(data, "adjusted", seed=3)        # places, scores, intervals, agreement, overlap
    cut(found, shortlisted=24, waiting=50)        # verdicts, ties, who could stand on either side
"""

from ideas.ranking.cutting import Choice, Cut, cut
from ideas.ranking.order import ADJUSTED, MEAN, METHODS, rank

__all__ = ["ADJUSTED", "MEAN", "METHODS", "Choice", "Cut", "cut", "rank"]
