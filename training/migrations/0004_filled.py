"""What the new rows say of what is there already: when trainers lead, how enrolments came to their state."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    Session, Lead = apps.get_model("training", "Session"), apps.get_model("training", "SessionTrainer")
    sessions = Session.objects.filter(pk=OuterRef("session"), cancelled_at=None)
    Lead.objects.update(
        starts_at=Subquery(sessions.values("starts_at")), ends_at=Subquery(sessions.values("ends_at"))
    )
    Change = apps.get_model("training", "StateChange")
    rows = apps.get_model("training", "Enrolment").objects.order_by("pk")
    Change.objects.bulk_create(
        (
            Change(enrolment_id=row.pk, state=row.state, at=row.state_at, by_id=row.state_by_id, reason=row.reason)
            for row in rows.iterator()
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("training", "0003_register")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
