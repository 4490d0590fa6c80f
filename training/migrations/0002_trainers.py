"""Who leads a session becomes a model of its own; the table stays."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_doors"), ("training", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="SessionTrainer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="leads",
                                to="people.person",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="leads",
                                to="training.session",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "training_session_trainers",
                        "unique_together": {("session", "person")},
                    },
                ),
                migrations.AlterField(
                    model_name="session",
                    name="trainers",
                    field=models.ManyToManyField(
                        blank=True,
                        related_name="led_sessions",
                        through="training.SessionTrainer",
                        to="people.person",
                        verbose_name="trainers",
                    ),
                ),
            ]
        ),
        migrations.AlterUniqueTogether(name="sessiontrainer", unique_together=set()),
    ]
