"""The guards against two sessions in one place and one trainer in two. Nothing that is on record is changed
or lost: what clashes already is named, and stays out of the guard until somebody gives it another time."""

from django.db import migrations
from django.db.models import F

from training.planning import guards


def set_apart(apps, schema_editor):
    """Sweep each venue and each trainer by time; whoever begins before the one before has ended is left out."""
    Session, Lead = apps.get_model("training", "Session"), apps.get_model("training", "SessionTrainer")
    Session.objects.filter(venue__is_shared=True).update(holds_venue=False)
    held = Session.objects.filter(cancelled_at=None, holds_venue=True).exclude(venue=None)
    held = held.exclude(starts_at=None).order_by("venue", "starts_at", "pk").select_related("venue")
    for row, other in _clashing(held, lambda row: row.venue_id):
        Session.objects.filter(pk=row.pk).update(holds_venue=False)
        print(
            f"\n  Two sessions in {row.venue.name}: {_said(row)} while {_said(other)}. Both stay as they are."
        )
    leads = Lead.objects.filter(starts_at__isnull=False).order_by("person", F("starts_at"), "pk")
    for row, other in _clashing(leads.select_related("person", "session"), lambda row: row.person_id):
        Lead.objects.filter(pk=row.pk).update(starts_at=None, ends_at=None)
        print(f"\n  {row.person.name} leads {_said(row.session)} while {_said(other.session)}. Both stay.")


def _clashing(rows, key):
    last = None
    for row in rows.iterator():
        if last and key(last) == key(row) and row.starts_at < last.ends_at:
            yield row, last
        else:
            last = row


def _said(session) -> str:
    return f"“{session.title}” (#{session.pk}), {session.day} {session.start:%H:%M}–{session.end:%H:%M}"


def install(apps, schema_editor):
    guards.install(schema_editor)


def remove(apps, schema_editor):
    guards.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("training", "0004_filled")]

    operations = [
        migrations.RunPython(set_apart, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
