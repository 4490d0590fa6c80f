"""The words of an idea and what it is labelled with: each change of its words is a version."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas.cleaning import clean_labels, clean_note, clean_words
from ideas.models import Aim, Idea
from people.models import Programme


@transaction.atomic
def rewrite(
    *,
    by: User | None,
    idea: Idea,
    title: str,
    summary: str = "",
    problem: str = "",
    customer: str = "",
    sector: str = "",
    aims: Iterable[Aim] = (),
    stage: str | None = None,
    now: datetime,
    **others,
) -> Idea:
    """Other words for an idea: a new version; the old ones stay. The same words again change nothing.
    `others`: language, cluster, note; what is not given stays as it is."""
    hold(idea.programme_id)
    idea.refresh_from_db()
    words = clean_words(title=title, summary=summary, problem=problem, customer=customer)
    language = others.get("language", idea.text.language)
    cluster, note = others.get("cluster", idea.cluster), clean_note(others.get("note", idea.note))
    aims = clean_labels(idea.programme, sector, stage, aims, cluster)
    said = words | {"language": language}
    if any(getattr(idea.text, name) != value for name, value in said.items()):
        write(idea, by, words, language, now, version=idea.text.version + 1)
    idea.sector, idea.stage, idea.revision = sector, stage or None, idea.revision + 1
    idea.cluster, idea.note = cluster, note
    idea.save(update_fields=["sector", "stage", "cluster", "note", "revision"])
    idea.aims.set(aims)
    fields = ["text", "sector", "stage", "aims", *(others.keys() & {"cluster", "note"})]
    audit(by, "rewrote", idea, fields, tenant=idea.programme.tenant)
    return idea


def hold(programme_id: int) -> Programme:
    """One nomination at a time in a programme, so that numbers have no gap and a double tap finds the first
    one. (SQLite has one writer at a time anyway.)"""
    rows = Programme.objects.select_for_update(of=("self",), no_key=True).select_related("tenant")
    return rows.get(pk=programme_id)


def write(idea: Idea, by: User | None, words: dict, language: str, now: datetime, version: int = 1) -> None:
    if not language and any("\u0400" <= letter <= "\u04ff" for letter in words["title"]):
        language = User.Language.SERBIAN_CYRILLIC
    if language and language not in User.Language.values:
        raise ValidationError({"language": _("“%(language)s” is no language here.") % {"language": language}})
    idea.text = idea.texts.create(version=version, language=language, by=by, at=now, **words)
    idea.save(update_fields=["text"])
