"""Every factory makes a row that the database and the model's own rules accept."""

import inspect

import pytest
from django.db.models import Model

from tests import factories

ALONE = [
    function
    for name, function in inspect.getmembers(factories, inspect.isfunction)
    if name.startswith("make_")
    and all(
        p.default is not p.empty or p.kind is p.VAR_KEYWORD
        for p in inspect.signature(function).parameters.values()
    )
]


@pytest.mark.parametrize("make", ALONE, ids=lambda function: function.__name__)
def test_alone(db, make):
    row = make()
    assert isinstance(row, Model)
    unknown = [field.name for field in row._meta.fields if field.null and getattr(row, field.attname) is None]
    row.full_clean(exclude=["password", *unknown])


@pytest.mark.parametrize("make", [factories.make_coordinator, factories.make_trainer, factories.make_funder])
def test_members(db, make):
    programme = factories.make_programme()
    assert make(programme).person.memberships.get().programme == programme
