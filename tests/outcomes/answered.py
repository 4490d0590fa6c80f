"""A small questionnaire with a question of each kind, asked six months after, and somebody who is asked."""

from datetime import date
from types import SimpleNamespace

from django.utils import timezone

from outcomes.models import Edition, Invitation, Item, Question, Questionnaire, Wave, Wording
from tests.factories import make_enrolment, make_person, make_programme

ASKED = [  # code, kind, what its wording has, its condition
    ("operating", "yes_no", {"text": "Is it still open?", "text_sr": "Da li još radi?"}, {}),
    ("registered", "one", {"text": "Is it registered?", "choices": [
        {"code": "no", "en": "Not yet", "sr": "Još ne"},
        {"code": "registered", "en": "Yes", "sr": "Da"}]}, {}),
    ("registered_on", "day", {"text": "On which day?"}, {"question": "registered", "is": ["registered"]}),
    ("turnover", "money", {"text": "Turnover of the last month", "currency": "RSD", "lowest": 0}, {}),
    ("jobs", "number", {"text": "Employees", "lowest": 0, "highest": 500}, {}),
    ("confidence", "scale", {"text": "How sure are you?", "lowest": 1, "highest": 10,
                             "low_label": "not at all", "high_label": "very"}, {}),
    ("practices", "many", {"text": "What do you do?", "text_sr": "Šta radite?", "choices": [
        {"code": "books", "en": "I keep books", "sr": "Vodim knjige"},
        {"code": "prices", "en": "I count prices", "sr": "Računam cene"},
        {"code": "other", "en": "Something else", "sr": "Nešto drugo"},
        {"code": "none", "en": "None of these", "sr": "Ništa od toga"}]}, {}),
    ("remark", "text", {"text": "Anything else?"}, {}),
]  # fmt: skip


def sheet_of_all(**fields) -> SimpleNamespace:
    """`fields` are the wave's: opens, closes. Everything in it is of one programme."""
    programme = make_programme()
    asked = Questionnaire.objects.create(
        programme=programme, code="f6", name="Six months after", name_sr="Šest meseci posle"
    )
    edition = Edition.objects.create(questionnaire=asked, number=1)
    questions = {}
    for place, (code, kind, said, condition) in enumerate(ASKED):
        questions[code] = Question.objects.create(tenant=programme.tenant, code=code, kind=kind)
        wording = Wording.objects.create(question=questions[code], number=1, **said)
        Item.objects.create(
            edition=edition, wording=wording, position=place, shown_when=condition, is_required=place == 0
        )
    Edition.objects.filter(pk=edition.pk).update(published_at=timezone.now())
    edition.refresh_from_db()
    opens = {"opens": date(2025, 3, 1), "closes": date(2025, 4, 1)} | fields
    wave = Wave.objects.create(
        programme=programme, edition=edition, kind=Wave.Kind.FOLLOW_UP, months=6, **opens
    )
    her = make_person(programme.tenant, name="Mila Nova", email="mila@primer.example", language="en")
    enrolment = make_enrolment(programme, person=her)
    return SimpleNamespace(
        programme=programme,
        wave=wave,
        her=her,
        enrolment=enrolment,
        questions=questions,
        invitation=Invitation.objects.create(wave=wave, enrolment=enrolment),
    )
