"""The Celery application: it carries nudges; what matters is a row (see jobs/)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rasadnik")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["accounts", "jobs", "mentoring", "ideas", "reminders", "desk"])
