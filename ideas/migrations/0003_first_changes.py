"""The history of every idea begins: it was nominated, and it has the state that it has."""

from django.db import migrations

A_PART = 2000


def begin_histories(apps, schema_editor):
    idea = apps.get_model("ideas", "Idea")
    change = apps.get_model("ideas", "IdeaChange")
    without = idea.objects.filter(changes=None).order_by("pk")
    fields = ("pk", "created_at", "state", "state_at", "state_by", "reason")
    part = []
    for pk, created_at, state, at, by, reason in without.values_list(*fields).iterator(A_PART):
        if state != "nominated":
            part.append(change(idea_id=pk, state="nominated", at=created_at))
        part.append(change(idea_id=pk, state=state, at=at, by_id=by, reason=reason))
        if len(part) >= A_PART:
            change.objects.bulk_create(part)
            part = []
    change.objects.bulk_create(part)


class Migration(migrations.Migration):
    dependencies = [("ideas", "0002_judging_and_joining")]

    operations = [migrations.RunPython(begin_histories, migrations.RunPython.noop)]
