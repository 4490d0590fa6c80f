"""Seal the marks that are there already. The computation is a frozen copy of `training.chain`."""

import hashlib
import hmac
import json
from datetime import UTC
from itertools import groupby
from secrets import token_hex

from django.db import migrations

BATCH = 1000


def _moment(at):
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


def _clock(at):
    return at.strftime("%H:%M:%S.%f") if at else None


def _seal(head, mark):
    mark.salt = token_hex(16)
    reason = hmac.new(mark.salt.encode(), mark.reason.encode(), "sha256").hexdigest()[:32]
    hand = hashlib.sha256(f"{mark.operation}:{mark.by_id or ''}".encode()).hexdigest()[:32]
    mark.reason_digest = reason + hand
    said = [
        str(mark.operation), mark.session_id, mark.enrolment_id, mark.source, mark.status,
        _clock(mark.arrival), _clock(mark.leaving), mark.minutes, mark.reason_digest,
        _moment(mark.at_device), _moment(mark.at_server), mark.device, mark.seen,
        str(mark.differs_from.operation) if mark.differs_from_id else None, mark.paper_id,
    ]
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    mark.chain = hashlib.sha256(f"{head}\n{text}".encode()).hexdigest()
    return mark.chain


def seal(apps, schema_editor):
    Mark, Session = apps.get_model("training", "Mark"), apps.get_model("training", "Session")
    waiting = []

    def write():
        Mark.objects.bulk_update(waiting, ["salt", "reason_digest", "chain"])
        waiting.clear()

    pks = list(Mark.objects.order_by("session_id").values_list("session_id", flat=True).distinct())
    for start in range(0, len(pks), 100):
        some = pks[start : start + 100]
        marks = Mark.objects.filter(session__in=some).select_related("differs_from").order_by("session_id", "pk")
        for session, its in groupby(marks, key=lambda mark: mark.session_id):
            head, length = "", 0
            for mark in its:
                head, length = _seal(head, mark), length + 1
                waiting.append(mark)
            Session.objects.filter(pk=session).update(chain_head=head, chain_length=length)
            if len(waiting) >= BATCH:
                write()
    write()


class Migration(migrations.Migration):
    dependencies = [("training", "0005_clashes")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
