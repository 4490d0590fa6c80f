"""A sentence that is kept comes back in the language of whoever reads it; what somebody typed does not."""

import pytest
from django.utils.translation import gettext_noop, override

from ideas.models import ReviewTask
from lib.saying import MARK, Sentence, sentence, together
from tests.factories import make_task

MENTOR = gettext_noop("Already her mentor.")
DECLARED = gettext_noop("She declared: %(words)s")


def read() -> str:
    return ReviewTask.objects.values_list("reason", flat=True).get()


def test_a_sentence_is_the_text_in_the_language_that_is_active():
    said = {}
    for language in ("en", "sr-latn"):
        with override(language):
            said[language] = sentence(DECLARED, words="moja snaha")
    assert said["en"] == "She declared: moja snaha"
    assert said["sr-latn"] not in (said["en"], "")
    assert said["sr-latn"].endswith("moja snaha")


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["save", "update", "bulk_update"])
def test_what_is_kept_is_told_again_in_the_reader_s_language(how):
    task = make_task()
    with override("sr-latn"):
        task.reason = together([sentence(MENTOR), "moja snaha"], 300)
        here = str(task.reason)
        if how == "save":
            task.save()
        elif how == "update":
            ReviewTask.objects.update(reason=task.reason)
        else:
            ReviewTask.objects.bulk_update([task], ["reason"])
        assert read() == here
    assert here != "Already her mentor. moja snaha"
    assert (read(), type(read())) == ("Already her mentor. moja snaha", Sentence)
    task.refresh_from_db()
    task.save()  # a row that was read and is written back loses nothing
    with override("sr-latn"):
        assert read() == here


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["%(words)s 100 %", "", f'{MARK}[["Already her mentor.",{{}}]]'])
def test_what_somebody_typed_is_no_sentence_of_ours(typed):
    make_task(reason=typed)
    assert (read(), type(read())) == (typed.replace(MARK, ""), str)


@pytest.mark.django_db
def test_what_is_too_long_is_kept_as_far_as_there_is_room():
    make_task(reason=sentence(DECLARED, words="a" * 400))
    assert read() == "She declared: " + "a" * 286
    many = together([sentence(DECLARED, words="b" * 80) for _n in range(9)], 300)
    ReviewTask.objects.update(reason=many)
    assert read() == " ".join(["She declared: " + "b" * 80] * 2)
