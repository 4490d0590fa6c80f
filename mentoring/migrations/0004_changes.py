"""The history of every assignment begins with the state that it has."""

from django.db import migrations

A_PART = 2000


def begin_histories(apps, schema_editor):
    assignment = apps.get_model("mentoring", "Assignment")
    change = apps.get_model("mentoring", "AssignmentChange")
    without = assignment.objects.filter(changes=None).order_by("pk")
    part = []
    for pk, state, at, by, reason in without.values_list(
        "pk", "state", "state_at", "state_by", "reason"
    ).iterator(A_PART):
        part.append(change(assignment_id=pk, state=state, at=at, by_id=by, reason=reason))
        if len(part) == A_PART:
            change.objects.bulk_create(part)
            part = []
    change.objects.bulk_create(part)


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0003_slots_apart")]

    operations = [migrations.RunPython(begin_histories, migrations.RunPython.noop)]
