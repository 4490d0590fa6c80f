"""Taking a demo away: all its rows but the organisation's line and the audit trail, whose chain must hold.

Nothing else in the product deletes like this: what people did is kept (docs/concepts).
"""

from django.apps import apps
from django.db import connection, models, transaction

from accounts.models import AuditEntry, Tenant

KEPT = (Tenant, AuditEntry)
APPS = (
    "mfa", "account", "reminders", "outcomes", "ideas", "mentoring", "training", "people", "jobs", "accounts"
)  # fmt: skip
Model = type[models.Model]


@transaction.atomic
def remove(tenant: Tenant) -> None:
    """Delete every row that hangs on this organisation, what points at others before what is pointed at."""
    if not tenant.is_demo:
        raise ValueError(f"{tenant} is no demo")
    AuditEntry.objects.filter(tenant=tenant).update(by=None)
    paths = {model: path for model in _models() if model not in KEPT and (path := _path_to_tenant(model))}
    for model, field in _circles(list(paths)):
        rows = model._base_manager.filter(**{paths[model]: tenant.pk})
        rows.exclude(**{field: None}).update(**{field: None})
    for model in _in_order(list(paths)):
        hers = model._base_manager.filter(**{paths[model]: tenant.pk}).values_list("pk", flat=True)
        rows = model._base_manager.filter(pk__in=list(hers)).order_by()
        rows._raw_delete(rows.db)
    connection.check_constraints()


def _models() -> list[Model]:
    return [m for app in APPS for m in apps.get_app_config(app).get_models(include_auto_created=True)]


def _path_to_tenant(model: Model, seen: tuple = ()) -> str:
    """The shortest way from a row to its organisation, over references that are always there."""
    if model is Tenant:
        return "pk"
    ways = [
        f"{field.name}__{rest}"
        for field, target in _references(model)
        if not field.null
        and target not in (*seen, model)
        and (rest := _path_to_tenant(target, (*seen, model)))
    ]
    return min(ways, key=lambda way: (way.count("__"), way), default="")


def _references(model: Model) -> list[tuple]:
    found = [(field, field.related_model) for field in model._meta.concrete_fields if field.related_model]
    return [(field, target) for field, target in found if target._meta.app_label in APPS]


def _circles(pending: list[Model]) -> list[tuple[Model, str]]:
    """References that may be empty and lead back to where they start: an idea's newest text, a union."""
    return [
        (model, field.name)
        for model in pending
        for field, target in _references(model)
        if field.null and model in _reached(target)
    ]


def _reached(model: Model, seen: set | None = None) -> set[Model]:
    seen = {model} if seen is None else seen
    for _field, target in _references(model):
        if target not in seen:
            seen.add(target)
            _reached(target, seen)
    return seen


def _in_order(pending: list[Model]) -> list[Model]:
    """Who points before who is pointed at."""
    circles = set(_circles(pending))
    points = {
        model: {t for f, t in _references(model) if (model, f.name) not in circles} for model in pending
    }
    order: list[Model] = []
    while points:
        free = [model for model in points if not any(model in targets for targets in points.values())]
        if not free:
            raise RuntimeError(f"rows point at each other in a circle: {list(points)}")
        order += free
        for model in free:
            del points[model]
    return order
