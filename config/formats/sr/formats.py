"""Dates as they stand in a sentence: `E` is the genitive (lib/languages.py)."""

DATE_FORMAT = "j. E Y."
SHORT_DATE_FORMAT = "j. n. Y."
MONTH_DAY_FORMAT = "j. E"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j. E Y. H:i"
SHORT_DATETIME_FORMAT = "j. n. Y. H:i"
