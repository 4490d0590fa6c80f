"""`manage.py load`: the door itself, and each kind through it."""

import io
import json
from datetime import date, time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from desk.loading.door import KINDS
from desk.loading.engine import load as take
from desk.loading.kinds import Entry, Target
from ideas.models import Idea, Mentored
from lib.sheets import Row, Sheet, write_xlsx
from mentoring.models import Assignment, Mentor, Offer
from people.models import Membership, Person, Programme
from tests.factories import (
    make_eligibility,
    make_mentor,
    make_organisation,
    make_person,
    make_programme,
)
from training.models import Enrolment, RosterEntry, Session, Venue


@pytest.fixture
def programme(db):
    return make_programme(code="p1")


@pytest.fixture
def load(programme, tmp_path):
    """`load("persons", "id,name\\n1,Ana\\n")` gives (exit code, report); `columns=` is the map."""

    def loaded(kind, content, *words, columns=None, name="file.csv", code="p1"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        words = [*words, "--programme", code, "--json"]
        if columns is not None:
            (tmp_path / "map.json").write_text(json.dumps(columns))
            words += ["--columns", str(tmp_path / "map.json")]
        said = io.StringIO()
        try:
            call_command("load", kind, str(file), *words, stdout=said)
        except SystemExit as end:
            return end.code, json.loads(said.getvalue())
        return 0, json.loads(said.getvalue())

    return loaded


PEOPLE = "id,name,e-mail,born\nA1,Ђорђевић Ана,ana@example.org,1986\nA2,Đorđević Mila,,\n"


def test_the_report_has_these_keys_in_this_order(load):
    code, report = load("persons", PEOPLE)
    assert (code, list(report.items())) == (
        0,
        [("read", 2), ("created", 2), ("updated", 0), ("unchanged", 0), ("refused", []), ("warnings", [])],
    )


def test_the_same_file_twice_changes_nothing(load):
    load("persons", PEOPLE)
    before = list(Person.objects.values())
    entries = AuditEntry.objects.count()
    assert load("persons", PEOPLE)[1]["unchanged"] == 2
    assert list(Person.objects.values()) == before
    assert AuditEntry.objects.count() == entries


def test_a_changed_value_is_an_update_and_a_blank_takes_nothing_away(load):
    load("persons", PEOPLE)
    _code, report = load("persons", "id,name,e-mail,born\nA1,,ana.nova@example.org,\nA2,Đorđević Mila,,\n")
    assert (report["updated"], report["unchanged"]) == (1, 1)
    ana = Person.objects.get(source_id="A1")
    assert (ana.name, ana.email, ana.born) == ("Ђорђевић Ана", "ana.nova@example.org", 1986)


def test_one_refused_row_means_nothing_is_written(load):
    code, report = load("persons", PEOPLE + "A3,Vera,no-address,\n")
    assert code == 1
    assert report["refused"] == [
        {
            "sheet": "file.csv",
            "row": 4,
            "column": "e-mail",
            "value": "no-address",
            "rule": "This is no e-mail address.",
        }
    ]
    assert list(Person.objects.all()) == []


def test_skip_refused_writes_the_rest_and_lists_the_refusals(load):
    code, report = load("persons", PEOPLE + "A3,Vera,no-address,\n", "--skip-refused")
    assert (code, report["created"], len(report["refused"])) == (0, 2, 1)
    assert list(Person.objects.values_list("source_id", flat=True).order_by("source_id")) == ["A1", "A2"]


def test_a_dry_run_says_the_same_and_writes_nothing(load):
    code, report = load("persons", PEOPLE, "--dry-run")
    assert (code, report["created"]) == (0, 2)
    assert list(Person.objects.all()) == []
    assert list(AuditEntry.objects.all()) == []


def test_a_short_row_has_unknowns_and_a_long_one_is_refused(load):
    _code, report = load("persons", "id,name,born\nA1\nA2,Mila,1990,what\n", "--skip-refused")
    assert [(one["row"], one["value"]) for one in report["refused"]] == [(3, "what")]
    [person] = Person.objects.all()
    assert (person.source_id, person.name, person.born) == ("A1", "", None)


def test_headers_are_guessed_in_both_scripts(load):
    load("persons", "Шифра;Име и презиме;Година рођења;Општина\n7;Вера Томић;1970;Ниш\n")
    [vera] = Person.objects.all()
    assert (vera.source_id, vera.name, vera.born, vera.municipality) == ("7", "Вера Томић", 1970, "Ниш")


def test_the_guess_is_printed(programme, tmp_path):
    (tmp_path / "people.csv").write_text("sifra,ime\n1,Ana\n")
    said = io.StringIO()
    call_command("load", "persons", str(tmp_path / "people.csv"), "--programme", "p1", stdout=said)
    assert said.getvalue().splitlines() == [
        "id <- sifra (guessed)",
        "name <- ime (guessed)",
        "1 read, 1 created, 0 updated, 0 unchanged, 0 refused",
    ]


def test_a_map_splits_replaces_joins_and_gives_constants(load):
    make_person(_tenant(), source="load", source_id="A1")
    make_person(_tenant(), source="load", source_id="A2")
    load("enrolments", "person\nA1\nA2\n")
    columns = {
        "id": {"from": ["edition", "no"], "join": "-"},
        "title": "what",
        "nominators": {"from": "who", "split": "|"},
        "state": {"from": "end", "values": {"yes": "launched", "": "unknown"}},
        "language": {"value": "en"},
    }
    load("ideas", "edition,no,what,who,end\ne1,1,Bread,A1 | A2,yes\ne1,2,Salt,A2,\n", columns=columns)
    found = Idea.objects.order_by("number").values_list("source_id", "state", "text__title", "text__language")
    assert list(found) == [("e1-1", "launched", "Bread", "en"), ("e1-2", "unknown", "Salt", "en")]
    assert sorted(n.enrolment.person.source_id for n in Idea.objects.first().nominations.all()) == [
        "A1",
        "A2",
    ]


def _tenant():
    return Programme.objects.get(code="p1").tenant


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"nome": "name"}, "The map names nome, which is no field of ours."),
        ({"name": "ime"}, "The map takes name from ime, a column that the file does not have."),
        ({"name": 5}, "The entry of name must be a header or an object with from, split and values."),
    ],
)
def test_a_wrong_map_is_refused_in_words(load, columns, rule):
    code, report = load("persons", PEOPLE, columns=columns)
    assert (code, [one["rule"] for one in report["refused"]]) == (1, [rule])


def test_where_chooses_rows_alternatives_for_one_header_and_all_headers_together(load):
    content = "id,cohort,role\n1,a,x\n2,a,y\n3,b,x\n4,a,z\n"
    _code, report = load("persons", content, "--where", "cohort=a", "--where", "role=x", "--where", "role=z")
    assert (report["read"], report["created"]) == (2, 2)
    assert sorted(Person.objects.values_list("source_id", flat=True)) == ["1", "4"]


def test_where_by_a_column_that_is_not_there_is_refused(load):
    code, report = load("persons", PEOPLE, "--where", "cohort=a")
    assert (code, report["refused"][0]["rule"]) == (1, "There is no column cohort to choose rows by.")


def test_a_sheet_of_a_workbook_by_name(load, tmp_path):
    write_xlsx(tmp_path / "b.xlsx", [("notes", ["x"], [["y"]]), ("people", ["id", "born"], [["A1", 1986]])])
    load("persons", (tmp_path / "b.xlsx").read_bytes(), "--sheet", "people", name="book.xlsx")
    assert list(Person.objects.values_list("source_id", "born")) == [("A1", 1986)]


def test_fields_are_listed_as_json(programme):
    for kind in KINDS:
        said = io.StringIO()
        call_command("load", kind, "--fields", stdout=said)
        fields = json.loads(said.getvalue())
        assert [list(field) for field in fields] == [["name", "meaning", "type", "required"]] * len(fields)
        assert [field["name"] for field in fields] == [field.name for field in KINDS[kind].fields]


def test_a_programme_that_is_not_there_is_an_error_in_words(load):
    with pytest.raises(CommandError, match=r"There is no programme p9\."):
        load("persons", PEOPLE, code="p9")


def test_one_code_in_two_organisations_needs_the_tenant(load, programme):
    other = make_programme(code="p1")
    with pytest.raises(CommandError, match="give --tenant"):
        load("persons", PEOPLE)
    load("persons", PEOPLE, "--tenant", other.tenant.slug)
    assert {person.tenant for person in Person.objects.all()} == {other.tenant}


def test_an_import_is_one_entry_with_a_digest_of_its_rows(load):
    load("persons", PEOPLE)
    [entry] = AuditEntry.objects.all()
    assert (entry.verb, entry.object_type) == ("load persons", "people.programme")
    assert entry.fields[0].startswith("rows:")
    assert "Ана" not in str(list(AuditEntry.objects.values()))


def test_enrolments_by_id_mail_or_name_with_state_and_rosters(load, programme):
    load("persons", PEOPLE)
    load("sessions", "title,day,start,end\nFirst,2035-03-01,09:00,12:00\n")
    content = "person,state,reason,enterprise\nA1,enrolled,,Hleb\nDjordjevic Mila,declined,too late,\n"
    assert load("enrolments", content)[1]["created"] == 2
    assert load("enrolments", content)[1]["unchanged"] == 2
    found = Enrolment.objects.order_by("person__source_id")
    assert [(e.person.source_id, e.state, e.reason, str(e.enterprise or "")) for e in found] == [
        ("A1", "enrolled", "", "Hleb"),
        ("A2", "declined", "too late", ""),
    ]
    assert [entry.enrolment.person.source_id for entry in RosterEntry.objects.all()] == ["A1"]
    assert load("enrolments", "person,state,reason\nA1,withdrawn,moved away\n")[1]["updated"] == 1
    assert list(RosterEntry.objects.all()) == []


def test_sessions_in_three_ways_of_writing_a_date_and_without_one(load):
    content = (
        'title,date,time,duration\nOne,2020-01-29,13:00,90 min\nTwo,"January 17, 2020",16:00,60 min\n'
        'Three,"March 5, 2020",19:30,1 h\nFour,,,30 min\nFive,,15:00,60 min\nSix,28.2.2020.,,\n'
    )
    assert load("sessions", content)[1]["created"] == 6
    assert load("sessions", content)[1]["unchanged"] == 6
    found = Session.objects.order_by("pk").values_list("title", "day", "start", "end", "minutes")
    assert list(found) == [
        ("One", date(2020, 1, 29), time(13), time(14, 30), 90),
        ("Two", date(2020, 1, 17), time(16), time(17), 60),
        ("Three", date(2020, 3, 5), time(19, 30), time(20, 30), 60),
        ("Four", None, None, None, 30),
        ("Five", None, None, None, 60),
        ("Six", date(2020, 2, 28), None, None, None),
    ]


def test_a_session_with_an_id_is_moved_and_raises_its_revision(load):
    load("sessions", "id,title,day,start,end\nS1,First,2035-03-01,09:00,12:00\n")
    assert load("sessions", "id,title,day,start,end\nS1,First,2035-03-02,09:00,12:00\n")[1]["updated"] == 1
    [session] = Session.objects.all()
    assert (session.day, session.revision) == (date(2035, 3, 2), 2)


def test_places_that_are_calls_hold_several_sessions_at_once(load):
    several = ["Zoom", "https://zoom.us/j/1", "Онлајн", "On-line (MS Teams)", "Google Meet", "-", "—"]
    one = ["Biblioteka", "Meeting room 2", "Zoomers' hall", "Sala 1"]
    rows = [f"{n} {place},2035-03-01,09:00,12:00,{place}" for place in several for n in "ab"]
    rows += [f"{place},2035-03-01,09:00,12:00,{place}" for place in one]
    report = load("sessions", "title,day,start,end,venue\n" + "\n".join(rows) + "\n")[1]
    assert (report["created"], report["refused"]) == (18, [])
    known = dict(Venue.objects.values_list("name", "is_shared"))
    assert known == dict.fromkeys(several, True) | dict.fromkeys(one, False)
    again = load("sessions", "title,day,start,end,venue\nLate,2035-03-01,10:00,11:00,Sala 1\n")[1]
    assert len(again["refused"]) == 1


def test_a_session_marked_cancelled_takes_no_place_and_clashes_with_none(load):
    content = (
        "title,day,start,end,venue,status\nHeld,2035-03-01,09:00,12:00,Sala 1,planned\n"
        "Called off,2035-03-01,10:00,11:00,Sala 1,otkazano\n"
    )
    assert load("sessions", content)[1]["created"] == 2
    assert load("sessions", content)[1]["unchanged"] == 2
    found = [(s.title, s.cancelled_at is None, s.revision) for s in Session.objects.order_by("pk")]
    assert found == [("Held", True, 1), ("Called off", False, 1)]


def test_two_equal_sessions_without_ids_are_two(load):
    content = "title,date\nRehearsal,\nRehearsal,\n"
    assert load("sessions", content)[1]["created"] == 2
    assert load("sessions", content)[1]["unchanged"] == 2


def test_mentors_get_their_offer_and_the_role_that_opens_the_programme(load):
    load("persons", PEOPLE)
    content = "person,functions,languages,capacity,online\nA1,finance; export,en;sr,3,da\n"
    assert load("mentors", content)[1]["created"] == 1
    assert load("mentors", content)[1]["unchanged"] == 1
    [mentor] = Mentor.objects.all()
    assert (mentor.functions, mentor.languages, mentor.online) == (["finance", "export"], ["en", "sr"], True)
    assert [offer.capacity for offer in Offer.objects.all()] == [3]
    assert [member.role for member in Membership.objects.all()] == ["mentor"]


def test_ideas_with_cluster_language_and_note_twice_is_once(load, programme):
    load("persons", "id\nA1\n")
    load("enrolments", "person\nA1\n")
    cluster = make_organisation(programme.tenant, kind="cluster", name="Vojvodina Food")
    heads = "id,title,person,cluster,private note,language,stage,sector"
    text = f"{heads}\n1,Bread,A1,vojvodina food,Shy,sr-latn,selling,C\n"
    assert load("ideas", text)[1]["created"] == 1
    assert load("ideas", text)[1]["unchanged"] == 1
    assert load("ideas", text.replace("Shy", "Not shy").replace("sr-latn", "en"))[1]["updated"] == 1
    idea = Idea.objects.get()
    assert (idea.cluster, idea.note, idea.text.language, idea.stage) == (cluster, "Not shy", "en", "selling")
    assert list(idea.changes.values_list("state", flat=True)) == ["nominated"]


def test_assignments_of_every_pair_and_ideas_that_point_to_them(load):
    load("persons", "id\nA1\nA2\nM1\n")
    load("enrolments", "person\nA1\nA2\n")
    load("mentors", "person\nM1\n")
    assert load("assignments", "mentors,participants\nM1,A1;A2\n")[1]["created"] == 1
    assert load("assignments", "mentors,participants\nM1,A1;A2\n")[1]["unchanged"] == 1
    ideas = "title,participants,mentors,status,reason\nBread,A1;A2,M1,stopped,moved away\n"
    assert load("ideas", ideas)[1]["created"] == 1
    assert load("ideas", ideas)[1]["unchanged"] == 1
    assert Assignment.objects.count() == 2
    [idea] = Idea.objects.all()
    assert (idea.state, idea.reason) == ("stopped", "moved away")
    assert {link.assignment for link in Mentored.objects.all()} == set(Assignment.objects.all())


def test_a_mentor_with_a_conflict_on_record_is_refused_unless_words_are_given(load, programme):
    make_mentor(programme, person=make_person(programme.tenant, source="load", source_id="M1"))
    load("enrolments", "person\nM1\n")
    code, report = load("assignments", "mentor,person\nM1,M1\n")
    assert (code, report["refused"][0]["rule"]) == (1, "It is herself.")
    code, report = load("assignments", "mentor,person,conflict\nM1,M1,on record so\n")
    assert (code, report["created"]) == (0, 1)


def test_new_words_for_an_idea_are_a_new_version(load):
    load("persons", "id\nA1\n")
    load("enrolments", "person\nA1\n")
    load("ideas", "id,title,person\n1,Bread,A1\n")
    assert load("ideas", "id,title,person\n1,Good bread,A1\n")[1]["updated"] == 1
    [idea] = Idea.objects.all()
    assert [text.title for text in idea.texts.all()] == ["Bread", "Good bread"]


def test_a_known_row_costs_no_query(load, django_assert_num_queries, programme):
    load("persons", "id\n1\n2\n3\n")
    for rows in (1, 3):
        sheet = Sheet("s", ["id"], [Row(n + 1, [str(n)]) for n in range(1, rows + 1)])
        is_locked = connection.vendor == "postgresql"
        with django_assert_num_queries(5 + is_locked):  # the ends of transaction and savepoint, the persons
            take(KINDS["persons"], sheet, Target(programme, timezone.now()))


def test_a_sum_in_the_last_row_is_nobody(load):
    code, report = load("persons", "ime,godina rođenja\nAna,1980\nUkupno,1\n", "--skip-refused")
    assert (report["created"], [(one["row"], one["column"], one["value"]) for one in report["refused"]]) == (
        1,
        [(3, "ime", "Ukupno")],
    )
    assert report["refused"][0]["rule"] == "This last row is a sum, not a record: take it out of the sheet."
    assert load("persons", "name,email\nTotal,total@example.org\n")[1]["created"] == 1


@pytest.mark.parametrize(("heading", "column"), [("R.br.", "R.br."), ("", "A")])
def test_a_sum_in_a_column_that_is_none_of_ours_is_named_by_it(load, heading, column):
    report = load("persons", f"{heading},id,ime\n1,a1,Ana\nUkupno,1,\n", "--skip-refused")[1]
    assert [(one["row"], one["column"], one["value"]) for one in report["refused"]] == [(3, column, "Ukupno")]


@pytest.mark.parametrize(
    ("said", "born"),
    [("1986,0", 1986), ("12.5.1986.", 1986), ("1986-05-12", 1986), ("1986.", 1986), ("12. maj 1986.", 1986)],
)
def test_a_year_of_birth_in_many_ways(load, said, born):
    load("persons", f'id,born\n1,"{said}"\n')
    assert Person.objects.get(source_id="1").born == born


def test_two_words_for_one_person_are_one(load):
    load("persons", PEOPLE)
    code, report = load("enrolments", "person,state\nA1,enrolled\nana@example.org,applied\n")
    assert (code, report["refused"][0]["rule"]) == (1, "Row 2 says something else of the same one.")
    load("enrolments", "person,state\nA1,enrolled\nana@example.org,enrolled\nDjordjevic Ana,enrolled\n")
    assert [enrolment.person.source_id for enrolment in Enrolment.objects.all()] == ["A1"]


def test_pairs_that_overlap_may_not_say_different_things(load):
    load("persons", "id\nA1\nA2\nM1\n")
    load("enrolments", "person\nA1\nA2\n")
    load("mentors", "person\nM1\n")
    _code, report = load("assignments", "mentor,person,hours\nM1,A1;A2,10\nM1,A2,20\n")
    assert [(one["row"], one["column"], one["value"], one["rule"]) for one in report["refused"]] == [
        (3, "hours", "20", "Row 2 says something else of the same one.")
    ]


def test_progress_is_told_and_may_stop_it(programme):
    told = []
    sheet = Sheet("s", ["id"], [Row(n, [str(n)]) for n in range(2, 5002)])
    target = Target(programme, timezone.now())
    take(KINDS["persons"], sheet, target, progress=lambda done, total: told.append((done, total)))
    assert told == [(2000, 5000), (4000, 5000), (5000, 5000)]

    def stop(done, total):
        raise KeyboardInterrupt

    more = Sheet("s", ["id"], [Row(n, [f"x{n}"]) for n in range(2, 5)])
    with pytest.raises(KeyboardInterrupt):
        take(KINDS["persons"], more, target, progress=stop)
    assert Person.objects.filter(source_id__startswith="x").count() == 0


def test_what_became_of_each_row(programme):
    make_person(programme.tenant, source="load", source_id="1", name="Ana")
    make_person(programme.tenant, source="load", source_id="2", name="Mila")
    rows = [
        ["1", "Ana", None],
        ["2", "Mila Ilić", None],
        ["3", "Vera", None],
        ["4", "Eva", "x"],
        ["3", "Vera", None],
    ]
    sheet = Sheet("s", ["id", "name", "born"], [Row(n, row) for n, row in enumerate(rows, 2)])
    report = take(KINDS["persons"], sheet, Target(programme, timezone.now()), dry_run=True)
    assert report.outcomes == {2: "unchanged", 3: "updated", 4: "created", 5: "refused", 6: "unchanged"}


@pytest.mark.parametrize("kind", ["persons", "enrolments"])
def test_a_thousand_rows_take_as_many_queries_as_one(programme, kind):
    for n in range(1200):
        make_person(programme.tenant, source="load", source_id=f"P{n}", name=f"Person {n}")
    field = {"persons": "id", "enrolments": "person"}[kind]
    counts = []
    for start, count in ((0, 1), (1, 1000)):
        ids = [f"{'N' if kind == 'persons' else 'P'}{n}" for n in range(start, start + count)]
        sheet = Sheet("s", [field], [Row(n, [one]) for n, one in enumerate(ids, 2)])
        with CaptureQueriesContext(connection) as asked:
            report = take(KINDS[kind], sheet, Target(programme, timezone.now()))
        assert (report.created, report.refused) == (count, [])
        counts.append(len(asked))
    inserts_by_hundreds = 1 if connection.vendor == "postgresql" else 20
    assert counts[1] - counts[0] < inserts_by_hundreds


def test_a_row_that_the_database_refuses_is_found_among_the_others(programme, monkeypatch):
    """As when a page makes the same person at the same moment: the chunk is taken apart."""
    make_person(programme.tenant, source="load", source_id="7", name="Ana")
    kind = KINDS["persons"](Target(programme, timezone.now()))
    entries = [Entry(n, {"id": str(n), "name": f"Person {n}"}, str(n)) for n in range(2, 12)]
    monkeypatch.setattr(kind, "_known", lambda entries: {})  # it was not there when one looked
    outcomes = kind.write_all(entries)
    assert [str(one) for one in outcomes[:5] + outcomes[6:]] == ["created"] * 9
    assert outcomes[5].rule.startswith("The database refuses it: ")
    assert Person.objects.filter(tenant=programme.tenant).count() == 10


def test_enrolments_carry_what_the_rules_of_who_may_take_part_need(load, programme):
    for kind, more in (
        ("established_within", {"years": 3, "values": []}),
        ("sex", {"values": ["female"]}),
        ("question", {"question": "Six days?", "values": []}),
    ):
        make_eligibility(programme, kind=kind, **more)
    load("persons", "id,name,sex\nA1,Ana,\nA2,Mila,female\n")
    sheet = (
        "person,enterprise,established,sector,sex,question: Six days?\n"
        "A1,Džem,2024-05-01,c,female,da\n"
        "A2,Vez,2001-01-01,C,male,\n"
    )
    code, report = load("enrolments", sheet)
    assert (code, report["created"], report["refused"]) == (0, 2, [])
    rows = Enrolment.objects.with_eligibility().order_by("person__source_id")
    assert [(row.person.sex, row.eligibility, row.state) for row in rows] == [
        ("female", "met", "enrolled"),
        ("female", "not_met", "enrolled"),  # what was known of her stays; a sheet records, it asks no leave
    ]
    assert [row.enterprise.sector for row in rows] == ["C", "C"]
    assert [row.changes.count() for row in rows] == [1, 1]
    assert load("enrolments", sheet)[1]["unchanged"] == 2
    code, report = load("enrolments", "person,question: Other?\nA1,da\n")
    assert [one["rule"] for one in report["refused"]] == ["The programme asks no such question."]
