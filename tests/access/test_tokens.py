"""No token reaches further than its owner, its verbs and its programmes. All: `make faults ONLY=access`."""

import os

import pytest
from django.apps import apps

from lib.walls import Walled
from tests.access import tokens
from tests.access.world import World

pytestmark = pytest.mark.django_db
WHOLE = bool(os.environ.get("WHOLE_MATRIX"))


def test_every_query_that_asks_who_sees_is_walled():
    """One place narrows a limited token; nothing with a `visible_to` may stand outside of it."""
    found = [model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")]
    assert [m.__name__ for m in found if not isinstance(m._default_manager.all(), Walled)] == []
    assert len(found) > 20


def test_a_path_to_the_programme_leads_there():
    from people.models import Programme

    for model in apps.get_models():
        rows = model._default_manager.all()
        if isinstance(rows, Walled) and rows.programme:
            paths = (rows.programme,) if isinstance(rows.programme, str) else rows.programme
            for path in paths:
                assert str(rows.filter(**{f"{path}__in": Programme.objects.values("pk")}).query)


@pytest.mark.postgres  # once is enough
def test_tokens_of_each_scope():
    relations = ("own", "same", "other", "tenant", "gone") if WHOLE else ("own", "other", "tenant")
    tried, wrong, leaked = tokens.differences(World(), relations=relations)
    print(f"{tried} cells with tokens, {len(wrong)} differences, {len(leaked)} canaries")
    assert "\n".join([*wrong, *leaked]) == ""
    assert tried >= len(tokens.KINDS) * len(list(tokens.lines()))


def test_the_token_matrix_notices_a_wall_that_is_down(monkeypatch):
    """A guard that cannot fail guards nothing: without the verbs, without the wall, it must show."""
    world = World()
    read_only = next(kind for kind in tokens.KINDS if kind.name == "read only")
    with monkeypatch.context() as open_:
        open_.setattr("config.policy.allows", lambda *args: True)
        assert tokens.differences(world, [read_only], ("own",))[1] != []
    limited = next(k for k in tokens.KINDS if k.owner == "administrator" and k.where == "same")
    with monkeypatch.context() as open_:
        open_.setattr("accounts.authentication.frozenset", lambda rows: None, raising=False)
        assert tokens.differences(world, [limited], ("other",))[2] != []
