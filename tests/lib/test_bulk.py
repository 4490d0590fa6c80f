"""Many rows at once hold the same as rows one by one."""

from datetime import date

import pytest
from django.db import DataError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib import bulk
from people.models import Person
from tests.factories import NOW, make_enrolment, make_person, make_tenant
from training.models import Enrolment

HARD = [
    "plain",
    "",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "back\\slash",
    "\\N",
    "\\.",
    "'quote\"",
    "Ђурђа Đ",
    "💥",
    " x ",
    "{a,b}",
]


def test_hard_texts_are_kept_as_they_are(db):
    tenant = make_tenant()
    ids = bulk.insert(Person, ["name", "born"], [(text, None) for text in HARD], tenant_id=tenant.pk)
    rows = Person.objects.filter(pk__in=ids).order_by("pk")
    assert list(rows.values_list("pk", "name", "born")) == [
        (pk, t, None) for pk, t in zip(ids, HARD, strict=True)
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30), max_size=20
    )
)
def test_any_text_is_kept_and_changed(db, texts):
    tenant = make_tenant()
    ids = bulk.insert(Person, ["name"], [(text,) for text in texts], tenant_id=tenant.pk)
    bulk.update(Person, ["phone", "born"], [(pk, text, 1980) for pk, text in zip(ids, texts, strict=True)])
    rows = Person.objects.in_bulk(ids)
    assert [(rows[pk].name, rows[pk].phone, rows[pk].born) for pk in ids] == [(t, t, 1980) for t in texts]


def test_what_nobody_gives_is_the_models_default(db):
    tenant = make_tenant()
    [pk] = bulk.insert(Person, ["name"], [("Ana",)], tenant_id=tenant.pk, created_at=NOW)
    person = Person.objects.get(pk=pk)
    assert (person.language, person.sex, person.user, person.created_at) == ("sr-latn", None, None, NOW)
    assert make_person(tenant).pk > pk  # the sequence goes on


def test_days_and_keys_are_written(db):
    enrolment = make_enrolment()
    bulk.update(Enrolment, ["applied_on", "enterprise_id"], [(enrolment.pk, date(2025, 1, 2), None)])
    enrolment.refresh_from_db()
    assert (enrolment.applied_on, enrolment.enterprise) == (date(2025, 1, 2), None)


def test_nothing_is_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert bulk.insert(Person, ["name"], []) == []
        bulk.update(Person, ["name"], [])


@pytest.mark.postgres
def test_a_text_that_is_too_long_is_refused_not_cut(db):
    person = make_person()
    with pytest.raises(DataError), transaction.atomic():
        bulk.update(Person, ["phone"], [(person.pk, "0" * 41)])
    with pytest.raises(DataError), transaction.atomic():
        bulk.insert(Person, ["phone"], [("0" * 41,)], tenant_id=person.tenant_id)


def test_a_constraint_holds(db):
    person = make_person(source="load", source_id="A1")
    rows = [("load", "A2"), ("load", "A1")]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Person, ["source", "source_id"], rows, tenant_id=person.tenant_id)
    assert Person.objects.filter(source_id="A2").count() == 0


def test_one_of_thousands(db, django_assert_num_queries):
    names = [make_person(name=name).name_key for name in ("Ana", "Mila", 'a"b,c{}')]
    many = [*(f"x{n}" for n in range(70_000)), *names]  # more than a database takes as parameters
    with django_assert_num_queries(1):
        found = list(Person.objects.filter(bulk.among(Person, "name_key", many)).order_by("pk"))
    assert [person.name_key for person in found] == names
    make_person(email="Ana@Example.org")
    found = Person.objects.filter(bulk.among(Person, "email", ["ana@example.org"], in_lower=True))
    assert [person.email for person in found] == ["Ana@Example.org"]
