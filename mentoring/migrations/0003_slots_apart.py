"""The guards against two office hours of one mentor, or of one person, at the same time. The table is new:
nothing is on record yet that could be against them."""

from django.db import migrations

from mentoring.slots import apart


def install(apps, schema_editor):
    apart.install(schema_editor)


def remove(apps, schema_editor):
    apart.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0002_mentoring")]

    operations = [migrations.RunPython(install, remove)]
