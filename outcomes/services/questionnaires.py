"""Verbs of questionnaires: what is asked, in which words and order; published, it stays."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import User
from outcomes.library.questionnaires import QUESTIONNAIRES
from outcomes.library.questions import bring_all, words_of
from outcomes.models import Edition, Item, Questionnaire, Wording
from people.models import Programme


@transaction.atomic
def save_questionnaire(
    *, by: User, questionnaire: Questionnaire | None = None, programme: Programme | None = None, **said
) -> Questionnaire:
    """A new one has an empty first edition, a draft."""
    row = questionnaire or Questionnaire(programme=programme)
    keep(by=by, row=row, said=said, tenant=row.programme.tenant)
    if questionnaire is None:
        Edition.objects.create(questionnaire=row, number=1)
    return row


@transaction.atomic
def bring_questionnaire(*, by: User, programme: Programme, key: str) -> Questionnaire:
    """One of those that ship with the product, as this programme's own draft."""
    if key not in QUESTIONNAIRES:
        raise ValidationError({"key": _("There is no such questionnaire.")})
    sheet = QUESTIONNAIRES[key]
    row = save_questionnaire(
        by=by, programme=programme, code=key, **words_of(name=sheet.name, intro=sheet.intro)
    )
    lines = list(sheet.lines())
    wordings = bring_all(programme.tenant, [line.code for line in lines], by=by)
    Item.objects.bulk_create(
        Item(
            edition=row.editions.get(),
            wording=wordings[line.code],
            position=place,
            is_required=line.is_required,
            shown_when=line.shown_when,
            **words_of(section=line.section),
        )
        for place, line in enumerate(lines, 1)
    )
    return row


def draft_of(questionnaire: Questionnaire) -> Edition:
    """The edition that may still be changed; none where the newest is published. Raises ValidationError."""
    found = questionnaire.editions.filter(published_at=None).first()
    if found is None:
        raise ValidationError(_("The newest edition is published: begin the next one."))
    return found


@transaction.atomic
def add_item(*, by: User, edition: Edition, wording: Wording, **said) -> Item:
    """A question at the end of a draft. Each stands there once."""
    insist_draft(edition)
    if edition.items.filter(wording__question=wording.question_id).exists():
        raise ValidationError(_("This question stands in it already."))
    if wording.question.tenant_id != edition.questionnaire.programme.tenant_id:
        raise ValidationError(_("This question belongs to somebody else."))
    last = edition.items.aggregate(last=Max("position"))["last"] or 0
    row = Item(edition=edition, wording=wording, position=last + 1)
    return save_item(by=by, item=row, **{"is_required": False, **said})


@transaction.atomic
def save_item(*, by: User, item: Item, **said) -> Item:
    """Its heading, whether it is asked for until it is answered, of whom it is asked only."""
    insist_draft(item.edition)
    check_condition(item, said.get("shown_when", item.shown_when))
    keep(by=by, row=item, said=said, tenant=item.edition.questionnaire.programme.tenant)
    return item


def check_condition(item: Item, when: dict) -> None:
    """A condition names a question above it and codes that may be chosen there. Raises ValidationError."""
    if not when:
        return
    above = item.edition.items.filter(
        position__lt=item.position, wording__question__code=when.get("question", "")
    ).select_related("wording__question")
    found = above.first()
    if found is None:
        raise ValidationError({"shown_when": _("A condition is about a question that stands above.")})
    unknown = set(when.get("is") or ()) - set(found.wording.codes)
    if unknown or not when.get("is"):
        raise ValidationError({"shown_when": _("Choose answers of that question.")})


@transaction.atomic
def move_item(*, by: User, item: Item, up: bool) -> None:
    """Change places with the one above or below; not past the question that its condition is about."""
    rows, place = _in_order(item)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        _put(by, item, rows, place, other)


@transaction.atomic
def place_item(*, by: User, item: Item, position: int) -> None:
    """Put it at this place, counted from 1: the others make room. Twice is once."""
    rows, place = _in_order(item)
    if not 1 <= position <= len(rows):
        raise ValidationError({"position": _("There is no such place in this draft.")})
    _put(by, item, rows, place, position - 1)


def _in_order(item: Item) -> tuple[list[Item], int]:
    """All that is asked in its draft, locked, and where it stands itself."""
    insist_draft(item.edition)
    rows = item.edition.items.select_for_update(of=("self",), no_key=True).order_by("position", "id")
    found = list(rows.select_related("wording__question"))
    return found, next(n for n, row in enumerate(found) if row.pk == item.pk)


def _put(by: User, item: Item, rows: list[Item], place: int, other: int) -> None:
    """Raises ValidationError where a condition would stand above the question that it is about."""
    rows.insert(other, rows.pop(place))
    seen: set[str] = set()
    for row in rows:
        if row.shown_when and row.shown_when["question"] not in seen:
            raise ValidationError(_("A condition is about a question that stands above."))
        seen.add(row.wording.question.code)
    if [row.position for row in rows] == [*range(1, len(rows) + 1)]:
        return
    for number, row in enumerate(rows, 1):
        row.position = number
    Item.objects.bulk_update(rows, ["position"])
    audit(by, "move", item, ["position"], tenant=item.edition.questionnaire.programme.tenant)


@transaction.atomic
def remove_item(*, by: User, item: Item) -> None:
    """Out of the draft. The question stays, and so does what was ever answered to it."""
    insist_draft(item.edition)
    code = item.wording.question.code
    if any(row.shown_when.get("question") == code for row in item.edition.items.all()):
        raise ValidationError(_("Another question is asked only because of this one: change that first."))
    audit(by, "remove", item, [], tenant=item.edition.questionnaire.programme.tenant)
    item.delete()


@transaction.atomic
def publish_edition(*, by: User, edition: Edition, now: datetime) -> Edition:
    """From now on it stays as it is, and may be asked. Once."""
    if not edition.items.exists():
        raise ValidationError(_("Nothing is asked in it yet."))
    draft = Edition.objects.filter(pk=edition.pk, published_at=None)
    if not draft.update(published_at=now, published_by=by):
        raise ValidationError(_("This edition is published already."))
    edition.refresh_from_db()
    audit(by, "publish", edition, ["published_at"], tenant=edition.questionnaire.programme.tenant)
    return edition


@transaction.atomic
def begin_edition(*, by: User, questionnaire: Questionnaire) -> Edition:
    """The next one, a draft that asks what the newest asks, in today's words."""
    last = questionnaire.editions.order_by("-number").first()
    if last is None or not last.is_published:
        raise ValidationError(_("There is a draft already."))
    made = Edition.objects.create(questionnaire=questionnaire, number=last.number + 1)
    fields = ("position", "is_required", "section", "section_sr", "shown_when")
    Item.objects.bulk_create(
        Item(edition=made, wording_id=row.wording_id, **{name: getattr(row, name) for name in fields})
        for row in last.items.all()
    )
    audit(by, "begin", made, ["number"], tenant=questionnaire.programme.tenant)
    return made


def insist_draft(edition: Edition) -> None:
    if edition.is_published:
        raise ValidationError(_("A published edition stays as it is: make a new one."))
