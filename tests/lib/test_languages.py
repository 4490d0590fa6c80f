"""What was told in Serbian is read in the reader's own letters; dates stand in the genitive."""

from datetime import date

import pytest
from django.utils import translation
from django.utils.formats import date_format

from lib.languages import told


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Day 2"), ("sr-latn", "Drugi dan"), ("sr", "Други дан")]
)
def test_a_text_in_two_languages(language, said):
    with translation.override(language):
        assert told("Day 2", "Drugi dan") == said


@pytest.mark.parametrize("language", ["en", "sr-latn", "sr"])
def test_a_missing_text_falls_back(language):
    with translation.override(language):
        assert told("Day 2", "") == "Day 2"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "6 March 2017"), ("sr-latn", "6. marta 2017."), ("sr", "6. марта 2017.")],
)
def test_a_date(language, said):
    with translation.override(language):
        assert date_format(date(2017, 3, 6), "DATE_FORMAT") == said
