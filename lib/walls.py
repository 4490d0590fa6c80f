"""The wall around a limited token: whatever its owner may see, it sees of some programmes only."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.db import models
from django.db.models import Q


def within(rows: models.QuerySet, paths: str | tuple[str, ...], programmes: Iterable[int]) -> models.QuerySet:
    """Those that hang on one of the programmes by one of the paths; none where no path leads to one."""
    if not paths:
        return rows.none()
    inside = Q()
    for path in (paths,) if isinstance(paths, str) else paths:
        if _is_straight(rows.model, path):
            inside |= Q(**{f"{path}__in": programmes})
        else:  # a join to many would show a row twice
            hanging = rows.model._base_manager.filter(**{f"{path}__in": programmes})
            inside |= Q(pk__in=hanging.values("pk"))
    return rows.filter(inside)


def _is_straight(model: type[models.Model], path: str) -> bool:
    """Does the path lead to one row at most, by foreign keys only?"""
    for name in path.split("__"):
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        if not field.concrete or field.many_to_many:
            return False
        model = field.related_model or model
    return True


def _limited(visible_to: Callable) -> Callable:
    @wraps(visible_to)
    def narrowed(self, user):
        rows, limit = visible_to(self, user), getattr(user, "limited_to", None)
        return rows if limit is None else within(rows, self.programme, limit)

    return narrowed


class Walled(models.QuerySet):
    """The base of every query with a `visible_to`. Each of them, however a room writes it, is narrowed here:
    no owner's own row elsewhere, nothing that belongs to the organisation as a whole."""

    programme: str | tuple[str, ...] = ""  # the path(s) to it; "" for what belongs to the organisation

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "visible_to" in cls.__dict__:
            cls.visible_to = _limited(cls.visible_to)
