"""Whatever points to one person made to point to another, and back again.

What was done is a list of steps, plain JSON: `moved` rows of a model, rows that `stays` because the other has
the like already, `filled` fields that were blank, and `emptied` ones of hers that only one can have.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import IntegrityError, models, transaction

from people.models import Person, Twin

FILLED = ("name", "sex", "born", "municipality", "region", "country", "email", "phone", "zone")
NOT_MOVED = (Twin,)


def move(kept: Person, other: Person) -> list[dict]:
    """Inside a transaction: what points to `other` points to `kept`; what `kept` does not know is filled."""
    steps = _fill(kept, other)
    for model, name in _links():
        ids = list(model._base_manager.filter(**{name: other.pk}).order_by("pk").values_list("pk", flat=True))
        moved = _point(model, name, ids, kept.pk)
        stays = [pk for pk in ids if pk not in moved]
        for what, rows in (("moved", sorted(moved)), ("stays", stays)):
            if rows:
                steps.append({"what": what, "model": model._meta.label_lower, "field": name, "ids": rows})
    other.joined_to = kept
    other.save(update_fields=["joined_to"])
    return steps


def put_back(kept: Person, other: Person, step: dict) -> None:
    """One step of `move` taken back. What was changed by hand since stays as it is."""
    if step["what"] == "moved":
        model, name = apps.get_model(step["model"]), step["field"]
        rows = model._base_manager.filter(pk__in=step["ids"], **{name: kept.pk})
        rows.update(**{name: other.pk})
    elif step["what"] == "filled":
        for name, (before, after) in step["fields"].items():
            Person.objects.filter(pk=kept.pk, **{name: after}).update(**{name: before})
    elif step["what"] == "emptied":
        Person.objects.filter(pk=other.pk).update(**step["fields"])


def _fill(kept: Person, other: Person) -> list[dict]:
    blank = [
        name
        for name in FILLED
        if getattr(kept, name) in (None, "") and getattr(other, name) not in (None, "")
    ]
    fields = {name: [getattr(kept, name), getattr(other, name)] for name in blank}
    if "name" in fields:
        fields["name_key"] = [kept.name_key, other.name_key]
    steps = []
    if other.user_id and not kept.user_id:  # one sign-in is one person's
        steps.append({"what": "emptied", "fields": {"user_id": other.user_id}})
        fields["user_id"] = [None, other.user_id]
        Person.objects.filter(pk=other.pk).update(user=None)
        other.user = None
    if fields:
        steps.append({"what": "filled", "fields": fields})
        Person.objects.filter(pk=kept.pk).update(**{name: after for name, (_before, after) in fields.items()})
        kept.refresh_from_db()
    return steps


def _links() -> Iterator[tuple[type[models.Model], str]]:
    """Every column of the database that points to persons. Lists of persons are rows of a table between."""
    for link in Person._meta.get_fields(include_hidden=True):
        is_column = link.auto_created and not link.concrete and not link.many_to_many
        if is_column and link.related_model not in NOT_MOVED:
            yield link.related_model, link.field.attname


def _point(model: type[models.Model], name: str, ids: Iterable[int], to: int) -> set[int]:
    """Those that could be moved: all at once, or where the database refuses that one by one."""
    ids = list(ids)
    if not ids:
        return set()
    try:
        with transaction.atomic():
            model._base_manager.filter(pk__in=ids).update(**{name: to})
            return set(ids)
    except IntegrityError:
        if len(ids) == 1:
            return set()
    return _point(model, name, ids[: len(ids) // 2], to) | _point(model, name, ids[len(ids) // 2 :], to)
