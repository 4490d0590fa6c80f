"""What is said of an idea, as it is kept: trimmed, checked, refused in words by field."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ideas.models import Aim, Idea, IdeaText
from ideas.sectors import SECTORS
from people.models import Organisation, Programme

LONGEST_NOTE = Idea._meta.get_field("note").max_length


def clean_words(**texts: str) -> dict[str, str]:
    """The words as they are kept. Raises ValidationError by field."""
    words = {name: text.replace("\r\n", "\n").strip() for name, text in texts.items()}
    words["title"] = " ".join(words["title"].split())
    wrong = {}
    if not words["title"]:
        wrong["title"] = _("An idea needs a title.")
    for name, text in words.items():
        if refused := too_long(text, IdeaText._meta.get_field(name).max_length):
            wrong[name] = refused
        if "\x00" in text:
            wrong[name] = _("This text holds a character that is none.")
    if wrong:
        raise ValidationError(wrong)
    return words


def too_long(text: str, most: int) -> str:
    """Why it is too long, in words; "" where it is not."""
    if len(text) <= most:
        return ""
    return _("At most %(most)s characters; these are %(count)s.") % {"most": most, "count": len(text)}


def clean_note(text: str) -> str:
    note = text.replace("\r\n", "\n").strip()
    if refused := too_long(note, LONGEST_NOTE):
        raise ValidationError({"note": refused})
    if "\x00" in note:
        raise ValidationError({"note": _("This text holds a character that is none.")})
    return note


def clean_labels(
    programme: Programme,
    sector: str,
    stage: str | None,
    aims: Iterable[Aim],
    cluster: Organisation | None = None,
) -> list[Aim]:
    aims = list(aims)
    if sector and sector not in SECTORS:
        raise ValidationError({"sector": _("“%(sector)s” is no NACE section.") % {"sector": sector}})
    if stage and stage not in Idea.Stage.values:
        raise ValidationError({"stage": _("“%(stage)s” is no stage of an idea.") % {"stage": stage}})
    if any(aim.programme_id != programme.pk for aim in aims):
        raise ValidationError({"aims": _("This aim belongs to another programme.")})
    if cluster and cluster.tenant_id != programme.tenant_id:
        raise ValidationError({"cluster": _("This cluster belongs to another organisation.")})
    if cluster and cluster.kind != Organisation.Kind.CLUSTER:
        raise ValidationError({"cluster": _("“%(name)s” is no cluster.") % {"name": cluster.title}})
    return aims
