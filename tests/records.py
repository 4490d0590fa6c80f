"""Everything that the database holds, to be compared before and after."""

from django.apps import apps

NOT_RECORDS = {"sessions.session"}  # who is signed in: every page may touch it


def records() -> dict[str, list[tuple]]:
    """All rows of all tables, by table, in the order of their keys."""
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    kept = [model for model in models if model._meta.label_lower not in NOT_RECORDS]
    return {m._meta.db_table: list(m._base_manager.order_by("pk").values_list()) for m in kept}
