"""Taking an import back: nothing of it stays; or it is refused, in words, and nothing changes."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.audit import audit
from accounts.models import AuditEntry
from desk.loading.door import KINDS
from desk.loading.engine import load
from desk.loading.kinds import Target
from desk.loading.trail import Trail, undo
from ideas.models import Idea
from lib.sheets import read
from people.models import Person
from reminders.models import Reminder
from tests import factories as make
from tests.records import records
from training.models import Enrolment, RosterEntry, Session

NOW = timezone.now()


@pytest.fixture
def programme(db):
    programme = make.make_programme(code="p1")
    make.make_session(programme, title="To come", day=NOW.date() + timedelta(days=30))
    return programme


@pytest.fixture
def bring(programme):
    """`bring("persons", "id,name\\n1,Ana\\n")` gives the trail's parts, as they come back from JSON."""

    def brought(kind, content, **options):
        trail = Trail()
        table = read(content.encode(), filename="f.csv")
        report = load(KINDS[kind], table, Target(programme, timezone.now()), trail=trail, **options)
        assert (report.refused, report.written) == ([], True)
        return json.loads(json.dumps(trail.parts()))

    return brought


def content():
    """All that is recorded, but who did what when."""
    return {table: rows for table, rows in records().items() if table != "accounts_auditentry"}


def taken_back(parts):
    undo(parts, by=None, now=timezone.now())


def refusal(parts):
    before = records()
    with pytest.raises(ValidationError) as refused:
        undo(parts, by=None, now=timezone.now())
    assert records() == before
    [words] = refused.value.messages
    return words


PEOPLE = "id,name,email\nA1,Ana Anić,ana@example.org\nA2,Mila Ilić,\nM1,Vera Tomić,\n"
BEFORE = {  # what each kind stands on
    "persons": [],
    "enrolments": [("persons", PEOPLE)],
    "participants": [],
    "sessions": [("persons", PEOPLE)],
    "mentors": [("persons", PEOPLE)],
    "assignments": [("persons", PEOPLE), ("enrolments", "person\nA1\nA2\n"), ("mentors", "person\nM1\n")],
}
FIRST = {
    "persons": PEOPLE,
    "enrolments": "person,state,enterprise\nA1,enrolled,Hleb\nA2,applied,\n",
    "participants": "id,name,enterprise\nB1,Iva Ilić,Hleb\nB2,Eva Ević,\n",
    "sessions": "id,title,day,start,end,venue,trainers\nS1,One,2035-03-01,09:00,12:00,Dom,M1\nS2,Two,,,,,\n",
    "mentors": "person,functions,capacity\nM1,finance,3\nA1,export,\n",
    "assignments": "mentor,person,hours\nM1,A1,10\nM1,A2,\n",
}
SECOND = {
    "persons": "id,name,email,born\nA1,Ана Анић,nova@example.org,1980\nA2,Mila Ilić,,\nA9,Iva,,\n",
    "enrolments": "person,state,reason,enterprise\nA1,withdrawn,moved,So\nA2,enrolled,,\nM1,enrolled,,\n",
    "participants": "id,name,state,reason\nB1,Iva Ilić Perić,withdrawn,moved\nB3,Eva,,\n",
    "mentors": "person,functions,capacity,online\nM1,finance;export,5,da\nA2,,,\n",
}


@pytest.mark.parametrize("kind", FIRST)
def test_what_was_made_is_gone(bring, kind):
    for one, said in BEFORE[kind]:
        bring(one, said)
    before = content()
    parts = bring(kind, FIRST[kind])
    assert content() != before
    taken_back(parts)
    assert content() == before


@pytest.mark.parametrize("kind", SECOND)
def test_what_was_changed_is_as_it_was(bring, kind):
    for one, said in BEFORE[kind]:
        bring(one, said)
    bring(kind, FIRST[kind])
    before = content()
    parts = bring(kind, SECOND[kind])
    assert content() != before
    taken_back(parts)
    assert content() == before


def test_a_session_is_as_it_was_but_for_its_revision(bring):
    bring("persons", PEOPLE)
    bring("sessions", FIRST["sessions"])
    before = list(Session.objects.order_by("pk").values())
    rosters = list(RosterEntry.objects.values())
    changed = "id,title,day,start,end,venue,trainers\nS1,Won,2035-03-02,10:00,12:00,Sala,A1;A2\n"
    taken_back(bring("sessions", changed))
    after = list(Session.objects.order_by("pk").values())
    assert [row["revision"] for row in after if row["source_id"] == "S1"] == [3]  # who was told is told again
    assert [row | {"revision": 1} for row in after] == before
    assert list(RosterEntry.objects.values()) == rosters
    assert [one.source_id for one in Session.objects.get(source_id="S1").trainers.all()] == ["M1"]


def test_an_assignment_is_as_it_was_but_for_its_revision(bring):
    for one, said in BEFORE["assignments"]:
        bring(one, said)
    bring("assignments", FIRST["assignments"])
    before = content()
    parts = bring("assignments", "mentor,person,hours,state\nM1,A1,20,paused\n")
    taken_back(parts)
    after = content()
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"mentoring_assignment"}
    pairs = zip(before["mentoring_assignment"], after["mentoring_assignment"], strict=True)
    assert [(a[:-1] == b[:-1], b[-1] - a[-1]) for a, b in pairs] == [(True, 2), (True, 0)]


def test_ideas_are_withdrawn_and_come_back_with_the_same_file(bring):
    for one, said in BEFORE["assignments"]:
        bring(one, said)
    bring("assignments", FIRST["assignments"])
    said = "id,title,nominators,mentors\n1,Bread,A1;A2,M1\n2,Salt,A2,\n"
    parts = bring("ideas", said)
    brought = list(Idea.objects.values_list("number", "state", "reason"))
    assert brought == [(1, "in_mentoring", ""), (2, "nominated", "")]
    taken_back(parts)
    why = "The import that brought it was taken back."
    assert list(Idea.objects.values_list("number", "state", "reason")) == [
        (1, "declined", why),
        (2, "declined", why),
    ]
    parts = bring("ideas", said)
    assert list(Idea.objects.values_list("number", "state", "reason")) == brought
    taken_back(parts)
    assert {idea.state for idea in Idea.objects.all()} == {"declined"}


def test_earlier_words_of_an_idea_come_back_as_a_new_version(bring):
    bring("persons", PEOPLE)
    bring("enrolments", "person\nA1\nA2\n")
    bring("ideas", "id,title,nominators,sector\n1,Bread,A1,C\n")
    parts = bring("ideas", "id,title,nominators,sector,state,reason\n1,Good bread,A1;A2,G,stopped,moved\n")
    taken_back(parts)
    [idea] = Idea.objects.all()
    assert (idea.title, idea.sector, idea.state, idea.reason) == ("Bread", "C", "nominated", "")
    assert [text.title for text in idea.texts.all()] == ["Bread", "Good bread", "Bread"]
    assert [one.enrolment.person.source_id for one in idea.nominations.all()] == ["A1"]


def test_one_import_is_one_entry_of_audit_whatever_it_goes_through(bring):
    for kind, said in (
        *BEFORE["assignments"],
        ("sessions", FIRST["sessions"]),
        ("participants", SECOND["participants"]),
    ):
        before = AuditEntry.objects.count()
        bring(kind, said)
        assert AuditEntry.objects.count() == before + 1
        assert AuditEntry.objects.last().verb == f"load {kind}"


# --- refused ----------------------------------------------------------------------------------------


def test_a_person_who_takes_part_by_now(bring):
    parts = bring("persons", PEOPLE)
    bring("enrolments", "person\nA1\n")
    words = "“Ana Anić” is in use by now: somebody who takes part (Ana Anić). Take that back first."
    assert refusal(parts) == words


def test_a_person_who_leads_a_session_by_now(bring):
    parts = bring("persons", PEOPLE)
    bring("sessions", FIRST["sessions"])
    assert refusal(parts).startswith("“Vera Tomić” is in use by now: a session")


def test_an_enrolment_with_a_mark(bring, programme):
    bring("persons", PEOPLE)
    parts = bring("enrolments", "person\nA1\n")
    make.make_attendance(RosterEntry.objects.get(enrolment__person__source_id="A1"))
    assert refusal(parts).startswith("“Ana Anić” is in use by now: a mark")


def test_a_session_with_a_mark(bring, programme):
    bring("persons", PEOPLE)
    bring("enrolments", "person\nA1\n")
    parts = bring("sessions", "id,title,day,start,end\nS1,One,2035-03-01,09:00,12:00\n")
    make.make_attendance(RosterEntry.objects.get(session__source_id="S1"))
    assert refusal(parts).startswith("“One” is in use by now: a mark")


def test_an_assignment_with_a_meeting(bring):
    for one, said in BEFORE["assignments"]:
        bring(one, said)
    parts = bring("assignments", "mentor,person\nM1,A1\n")
    from mentoring.models import Assignment

    make.make_meeting(Assignment.objects.get())
    assert "is in use by now: a meeting" in refusal(parts)


def test_an_idea_with_a_review(bring, programme):
    bring("persons", PEOPLE)
    bring("enrolments", "person\nA1\n")
    parts = bring("ideas", "id,title,nominators\n1,Bread,A1\n")
    seat = make.make_seat(make.make_round(programme))
    make.make_task(seat, Idea.objects.get())
    assert refusal(parts).startswith("“Bread” is in use by now: a review")


def test_a_letter_that_was_sent(bring, programme):
    parts = bring("sessions", "id,title,day,start,end\nS1,One,2035-03-01,09:00,12:00\n")
    letter = Reminder.objects.create(
        rule=make.make_rule(programme),
        person=make.make_person(programme.tenant),
        subject_type="training.session",
        subject_id=Session.objects.get(source_id="S1").pk,
        subject_revision=1,
        due_at=NOW,
        state=Reminder.State.SENT,
    )
    assert refusal(parts).startswith("“One” is in use by now: a letter that was sent")
    Reminder.objects.filter(pk=letter.pk).update(state=Reminder.State.PLANNED)
    taken_back(parts)
    assert list(Reminder.objects.all()) == []


def test_what_was_edited_since(bring, programme):
    parts = bring("persons", PEOPLE)
    person = Person.objects.get(source_id="A2")
    person.phone = "064"
    person.save()
    by = make.make_administrator(programme.tenant)
    audit(by, "edit", person, ["phone"])
    assert refusal(parts) == f"“Mila Ilić” was changed after this import, by {by}: it cannot be taken back."


def test_what_a_later_import_changed(bring):
    parts = bring("persons", PEOPLE)
    later = bring("persons", "id,email\nA1,nova@example.org\n")
    words = "“Ana Anić” was changed after this import, by hand or by a later import: take that back first."
    assert refusal(parts) == words
    taken_back(later)
    taken_back(parts)
    assert list(Person.objects.filter(source="load")) == []


def test_a_changed_row_that_changed_again(bring):
    bring("persons", PEOPLE)
    parts = bring("persons", "id,email\nA1,nova@example.org\n")
    bring("persons", "id,email\nA1,najnovija@example.org\n")
    assert refusal(parts).startswith("“Ana Anić” was changed after this import")


def test_another_field_of_a_changed_row_stays(bring):
    bring("persons", PEOPLE)
    parts = bring("persons", "id,email\nA1,nova@example.org\n")
    Person.objects.filter(source_id="A1").update(phone="064")
    taken_back(parts)
    ana = Person.objects.get(source_id="A1")
    assert (ana.email, ana.phone) == ("ana@example.org", "064")


def test_what_is_gone_by_now(bring):
    bring("persons", PEOPLE)
    parts = bring("enrolments", "person\nA1\n")
    RosterEntry.objects.all().delete()
    Enrolment.objects.all().delete()
    assert refusal(parts) == "Something that this import made is gone by now: it cannot be taken back."


def test_the_trail_of_many_rows_is_short(bring):
    rows = "".join(f"P{n},Person {n}\n" for n in range(5000))
    parts = bring("persons", "id,name\n" + rows)
    assert [sum(count for _first, count in part["made"]) for part in parts] == [2000, 2000, 1000]
    assert len(json.dumps(parts)) < 40_000
    taken_back(parts)
    assert list(Person.objects.filter(source="load")) == []


def test_what_is_not_written_leaves_no_words_of_rows_that_were_refused(programme):
    trail = Trail()
    table = read(b"mentor,person\nA1,A1\n", filename="f.csv")
    load(KINDS["assignments"], table, Target(programme, NOW), trail=trail)
    assert trail.parts() == []
