"""What was done is written down, and the writing cannot be changed unseen."""

import pytest

from accounts.audit import audit, broken_link, seal
from accounts.models import AuditEntry
from tests.factories import make_programme, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    user, programme = make_user(), make_programme()
    return [audit(user, f"verb {n}", programme, ["name", "code"]) for n in range(5)]


def test_an_entry_names_fields_never_values(entries):
    assert (entries[0].object_type, entries[0].fields) == ("people.programme", ["code", "name"])


def test_sealing_twice_seals_once(entries):
    assert [seal(), seal()] == [5, 0]
    assert list(AuditEntry.objects.values_list("place", flat=True)) == [1, 2, 3, 4, 5]
    assert broken_link() is None


def test_sealing_in_batches_gives_one_chain(entries):
    assert [seal(limit=2), seal(limit=2), seal(limit=2)] == [2, 2, 1]
    assert broken_link() is None


@pytest.mark.parametrize(
    "change", [{"verb": "something else"}, {"object_id": 1_000}, {"fields": []}, {"digest": "0" * 64}]
)
def test_a_changed_entry_is_named(entries, change):
    seal()
    AuditEntry.objects.filter(place=3).update(**change)
    assert broken_link() == 3


def test_a_missing_entry_is_named(entries):
    seal()
    AuditEntry.objects.filter(place=2).delete()
    assert broken_link() == 2
