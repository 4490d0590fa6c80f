"""By what the demo's mentors judge: three criteria with described numbers, and two questions beside."""

from collections.abc import Collection
from random import Random

GUIDANCE = (
    "Judge the idea, not how well it is written. Three or four minutes an idea are enough.\n"
    "If you know who nominated it, say that you have a conflict."
)
CRITERIA = (
    {
        "name": "Customer need",
        "name_sr": "Potreba kupca",
        "weight": 40,
        "described": {
            "1": {"en": "nobody asked for it", "sr": "niko nije tražio"},
            "3": {"en": "some asked", "sr": "neki su tražili"},
            "5": {"en": "somebody pays already", "sr": "neko već plaća"},
        },
    },
    {
        "name": "Feasible in 12 months",
        "name_sr": "Izvodljivo za 12 meseci",
        "weight": 35,
        "described": {
            "1": {"en": "not with what is there", "sr": "ne sa onim što postoji"},
            "3": {"en": "with help", "sr": "uz pomoć"},
            "5": {"en": "could begin tomorrow", "sr": "može da počne sutra"},
        },
    },
    {
        "name": "Women's economic strength",
        "name_sr": "Ekonomsko osnaživanje žena",
        "weight": 25,
        "described": {
            "1": {"en": "no change for women", "sr": "ništa se ne menja za žene"},
            "3": {"en": "work for one", "sr": "posao za jednu"},
            "5": {"en": "work and say for several", "sr": "posao i odlučivanje za više njih"},
        },
    },
)


def would(values: Collection[int]) -> str:
    """Her recommendation follows from her own numbers."""
    mean = sum(values) / len(values)
    return "yes" if mean >= 3.75 else "maybe" if mean >= 2.5 else "no"


def sure(draw: Random) -> int:
    return draw.choices((1, 2, 3), weights=(1, 4, 3))[0]
