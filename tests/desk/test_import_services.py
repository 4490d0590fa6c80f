"""From a sheet to rows and back: each verb, what it refuses, and what is left when something goes wrong."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import AuditEntry, StoredFile
from desk.importing import columns, marked, running, services, words
from desk.loading.door import KINDS
from desk.models import ColumnMemory, Import, ImportPart
from jobs import services as jobs
from jobs.models import Job
from lib import sheets
from people.models import Person
from tests.desk.sheets import messy, workbook
from tests.factories import make_coordinator, make_person, make_programme, make_trainer
from training.models import Enrolment

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SEX = {"sex": {"gospođa": "female"}}


@pytest.fixture
def by():
    return make_coordinator(make_programme())


@pytest.fixture
def programme(by):
    return by.person.memberships.get().programme


@pytest.fixture
def bring(by, programme):
    def bringing(content=None, name="Prijave.xlsx", kind=""):
        content = messy() if content is None else content
        return services.bring(by=by, programme=programme, name=name, content=content, kind=kind, now=NOW)

    return bringing


def people(*names: str) -> bytes:
    return "\n".join(["Ime i prezime;E-mail", *(f"{n};{n.lower()}@primer.example" for n in names)]).encode()


def previewed(by, record, **mapping) -> Import:
    record = services.put_map(by=by, record=record, mapping=services.guessed_map(record) | mapping)
    return services.preview(by=by, record=record, now=NOW)


def confirmed(by, record, *, without_refused=False) -> Import:
    record = services.confirm(by=by, record=record, without_refused=without_refused, now=NOW)
    jobs.run(record.job_id)
    return Import.objects.select_related("job", "programme", "tenant", "file").get(pk=record.pk)


def names() -> list[str]:
    return list(Person.objects.filter(user=None).order_by("pk").values_list("name", flat=True))


# --- what is seen in a sheet


def test_a_messy_workbook_is_understood(bring):
    record = bring()
    assert (record.sheet, record.header_row, record.rows) == ("Prijave 2026", 3, 10)
    assert record.sheets == [["Uputstvo", False], ["Prijave 2026", False]]
    assert record.kind == "participants"
    assert (record.sums, record.leave_out) == ([[14, "Ukupno"]], [14])
    known = {one["header"]: one["field"] for one in record.columns if one["field"]}
    expected = {"Ime i prezime": "name", "Пол": "sex", "Godište": "born", "E-pošta": "email"}
    assert {header: known.get(header) for header in expected} == expected
    assert record.columns[5]["examples"] == ["+381 64 111 2233", "063/222-333", "064 333 444"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_csv_in_any_common_dress(bring, encoding, sign):
    text = (
        sign.join(["Ime i prezime", "E-pošta"]) + "\n" + sign.join(["Šćepanović Žana", "zana@primer.example"])
    )
    record = bring(text.encode(encoding), "lista.csv")
    assert [one["header"] for one in record.columns] == ["Ime i prezime", "E-pošta"]
    assert record.columns[0]["examples"] == ["Šćepanović Žana"]


def test_a_bad_file_is_refused_and_nothing_of_it_is_kept(bring):
    for content, name in ((b"", "a.csv"), (b"\x89PNG\r\n\x1a\n", "a.xlsx"), (b"%PDF-1.4", "a.pdf")):
        with pytest.raises(ValidationError):
            bring(content, name)
    assert (Import.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_only_who_runs_the_programme_brings_a_sheet(programme):
    for other in (make_trainer(programme), make_coordinator(make_programme())):
        with pytest.raises(PermissionDenied):
            services.bring(by=other, programme=programme, name="a.csv", content=people("Ana"), now=NOW)


def test_a_column_without_a_heading_is_called_by_its_letter(bring):
    record = bring(workbook(["Ime", None, "E-mail"], ["Ana", "Niš", "ana@primer.example"]))
    assert [one["header"] for one in record.columns] == ["Ime", "(B)", "E-mail"]


# --- what is said of it


def test_two_columns_of_one_field_are_put_together(by, bring):
    record = bring(workbook(["Ime", "Prezime", "E-mail"], ["Ana", "Đorđević", "ana@primer.example"]))
    fields = {"Ime": "name", "Prezime": "name", "E-mail": "email"}
    services.settle(by=by, record=record, fields=fields, constants={}, now=NOW)
    services.preview(by=by, record=record, now=NOW)
    confirmed(by, record)
    assert names() == ["Ana Đorđević"]


@pytest.mark.parametrize(
    ("fields", "constants", "rule"),
    [
        ({"E-mail": "email", "Drugi": "email"}, {}, "Two columns are called E-mail: E-mail and Drugi."),
        ({"E-mail": "email"}, {"email": "x"}, "E-mail comes from a column already"),
        ({}, {}, "Say at least of one column what it is."),
        ({"E-mail": "nonsense"}, {}, "This is no field of ours: nonsense."),
    ],
)
def test_what_cannot_be_said_of_columns(by, bring, fields, constants, rule):
    record = bring(
        workbook(["E-mail", "Drugi"], ["a@primer.example", "b@primer.example"]), kind="participants"
    )
    with pytest.raises(ValidationError, match=rule):
        services.settle(by=by, record=record, fields=fields, constants=constants, now=NOW)


def test_a_required_field_without_a_column_is_named(by, bring):
    record = bring(b"Naslov;Opis\nPekara;hleb\n", "ideje.csv", kind="ideas")
    with pytest.raises(ValidationError, match="No column says this, and it is needed: Nominated by"):
        services.settle(by=by, record=record, fields={"Naslov": "title"}, constants={}, now=NOW)


def test_choices_are_remembered_for_the_next_sheet(by, bring):
    first = bring(workbook(["Učesnik/ca", "Beleška"], ["Ana", "x"]), kind="participants")
    services.settle(by=by, record=first, fields={"Učesnik/ca": "name", "Beleška": ""}, constants={}, now=NOW)
    second = bring(workbook(["УЧЕСНИК/ЦА", "Beleška"], ["Vera", "y"]), kind="participants")
    said = [(one["header"], one["field"], one["how"]) for one in second.columns]
    assert said == [("УЧЕСНИК/ЦА", "name", "remembered"), ("Beleška", "", "remembered")]
    services.settle(by=by, record=second, fields={"УЧЕСНИК/ЦА": "name"}, constants={}, now=NOW)
    assert ColumnMemory.objects.count() == 2


def test_words_of_the_sheet_are_asked_for_with_a_suggestion(by, bring):
    states = ["enrol.", "enrol.", "enrolled", "???"]
    lines = [["Ime i prezime", "Status"], *([f"Osoba {n}", said] for n, said in enumerate(states))]
    record = bring(workbook(*lines), kind="participants")
    services.put_map(by=by, record=record, mapping={"name": "Ime i prezime", "state": "Status"})
    (asked,) = columns.unknown_values(record)
    assert asked["values"] == [("enrol.", 2, None), ("???", 1, None)]
    assert asked["suggested"] == {"enrol.": "enrolled", "???": None}
    assert not columns.is_settled(record)
    said = {"state": {"enrol.": "enrolled", "???": ""}}
    services.translate(by=by, record=record, values=said, formats={})
    assert columns.is_settled(record)


def test_days_with_slashes_are_asked_for_only_where_the_column_leaves_a_doubt(by, bring):
    def sheet(*days):
        lines = [["Naslov", "Datum"], *([f"Sesija {n}", day] for n, day in enumerate(days))]
        record = bring(workbook(*lines), kind="sessions")
        fields = {"Naslov": "title", "Datum": "day"}
        return services.settle(by=by, record=record, fields=fields, constants={}, now=NOW)

    open_one = sheet("03/04/2025", "05/04/2025")
    assert [one["example"] for one in columns.unclear_days(open_one)] == ["03/04/2025"]
    proven = sheet("03/04/2025", "25/04/2025")
    assert columns.unclear_days(proven) == []
    assert proven.mapping["day"] == {"from": "Datum", "format": "%d/%m/%Y"}
    services.translate(by=by, record=open_one, values={}, formats={"day": "%m/%d/%Y"})
    assert columns.is_settled(open_one)


# --- preview and confirmation


def test_the_preview_writes_nothing_and_the_load_does_what_it_said(by, bring, programme):
    record = previewed(
        by, bring(), sex={"from": "Пол", "values": SEX["sex"]}, phone={"from": "Kontakt telefon"}
    )
    assert record.state == "ready"
    expected = {"created": 6, "updated": 0, "unchanged": 0, "refused": 3, "left_out": 1}
    assert (record.counts, names()) == (expected, [])
    assert [(one.row, one.column) for one in running.refusals_of(record)] == [
        (7, "E-pošta"),
        (10, "Kontakt telefon"),
        (12, "Ime i prezime"),
    ]
    done = confirmed(by, record, without_refused=True)
    assert (done.state, done.counts, done.differences) == ("done", expected, [])
    assert len(names()) == Enrolment.objects.filter(programme=programme).count() == 6


def test_refused_rows_stop_an_import_that_wants_all(by, bring):
    record = previewed(by, bring(people("Ana") + b"\nVera;vera@\n", "a.csv"))
    with pytest.raises(ValidationError, match="1 row is refused: mend it in the sheet"):
        services.confirm(by=by, record=record, without_refused=False, now=NOW)
    assert Job.objects.count() == 0


def test_nothing_is_confirmed_before_its_preview_or_without_an_effect(by, bring):
    record = bring(people("Ana"), "a.csv")
    services.put_map(by=by, record=record, mapping=services.guessed_map(record))
    with pytest.raises(ValidationError, match="Look at the preview first"):
        services.confirm(by=by, record=record, without_refused=False, now=NOW)
    confirmed(by, services.preview(by=by, record=record, now=NOW))
    again = previewed(by, bring(people("Ana"), "a.csv"))
    assert again.counts["unchanged"] == 1
    with pytest.raises(ValidationError, match="There is nothing to bring in"):
        services.confirm(by=by, record=again, without_refused=False, now=NOW)


def test_the_same_wish_twice_is_one_import(by, bring):
    record = previewed(by, bring(people("Ana", "Vera"), "a.csv"))
    first, second = (Import.objects.get(pk=record.pk) for _n in range(2))
    services.confirm(by=by, record=first, without_refused=False, now=NOW)
    services.confirm(by=by, record=second, without_refused=False, now=NOW)
    assert first.job == second.job
    for _nudge in range(2):
        jobs.run(first.job_id)
    assert names() == ["Ana", "Vera"]


def test_what_changed_since_the_preview_is_told(by, bring, programme):
    """Two previews of one sheet; the second to be confirmed finds what the first has written."""
    one, other = (previewed(by, bring(people("Ana", "Vera"), "a.csv")) for _n in range(2))
    confirmed(by, one)
    late = confirmed(by, other)
    assert (late.state, late.counts["unchanged"], names()) == ("done", 2, ["Ana", "Vera"])
    assert late.differences == [[2, "created", "unchanged"], [3, "created", "unchanged"]]


def test_a_row_that_is_refused_after_all_leaves_nothing(by, bring, programme):
    text = "person\nana@primer.example\nvera@primer.example\n"
    for name in ("ana", "vera"):
        make_person(programme.tenant, name=name, email=f"{name}@primer.example")
    record = previewed(by, bring(text.encode(), "a.csv", kind="enrolments"))
    assert record.counts["created"] == 2
    Person.objects.filter(email="vera@primer.example").update(email="")
    Person.objects.filter(name="vera").update(name="druga", name_key="druga")
    failed = confirmed(by, record)
    assert (failed.state, failed.job.state) == ("failed", "done")
    assert failed.differences == [[3, "created", "refused"]]
    assert Enrolment.objects.filter(programme=programme).count() == 0
    again = services.preview(by=by, record=failed, now=NOW)
    assert again.counts["refused"] == 1


def test_a_failure_of_ours_leaves_nothing_and_the_choices_open(by, bring, monkeypatch):
    record = previewed(by, bring(people("Ana"), "a.csv"))

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(running, "_put", broken)
    failed = confirmed(by, record)
    assert (failed.job.state, failed.standing, failed.is_open, names()) == ("failed", "stopped", True, [])
    monkeypatch.undo()
    assert confirmed(by, failed).state == "done"


def test_a_stop_before_it_began_writes_nothing(by, bring):
    record = previewed(by, bring(people("Ana"), "a.csv"))
    services.confirm(by=by, record=record, without_refused=False, now=NOW)
    services.stop(by=by, record=record, now=NOW)
    jobs.run(record.job_id)
    record.refresh_from_db()
    assert (record.job.state, record.standing, names()) == ("cancelled", "stopped", [])


def test_while_it_runs_nothing_can_be_changed(by, bring):
    record = previewed(by, bring(people("Ana"), "a.csv"))
    stale = Import.objects.select_related("job").get(pk=record.pk)
    services.confirm(by=by, record=record, without_refused=False, now=NOW)
    with pytest.raises(ValidationError, match="being worked on"):
        services.put_map(by=by, record=record, mapping={"name": "Ime i prezime"})
    with pytest.raises(ValidationError, match="Somebody else is working"):
        services.put_map(by=by, record=stale, mapping={"name": "Ime i prezime"})


def test_a_large_sheet_is_counted_in_the_background(by, bring, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    record = previewed(by, bring(people("Ana", "Vera"), "a.csv"))
    assert (record.standing, record.job.kind) == ("working", "desk.preview_import")
    jobs.run(record.job_id)
    record = Import.objects.get(pk=record.pk)
    assert (record.standing, record.counts["created"], names()) == ("ready", 2, [])
    done = confirmed(by, record)
    back = services.take_back(by=by, record=done, now=NOW)
    assert back.job.kind == "desk.undo_import"
    jobs.run(back.job_id)
    assert (Import.objects.get(pk=record.pk).state, names()) == ("undone", [])


# --- the way back


def test_taken_back_all_is_as_before(by, bring, programme):
    there = make_person(programme.tenant, name="Ana", email="ana@primer.example", born=None)
    make_person(programme.tenant, name="Druga")
    text = "Ime i prezime;E-mail;Opština\nAna;ana@primer.example;Pirot\nVera;vera@primer.example;Niš\n"
    before = list(Person.objects.order_by("pk").values())
    record = previewed(by, bring(text.encode(), "a.csv"))
    assert record.examples["changed"][0][0] == "Ana"
    done = confirmed(by, record)
    there.refresh_from_db()
    assert there.municipality == "Pirot"
    services.take_back(by=by, record=done, now=NOW)
    assert list(Person.objects.order_by("pk").values()) == before
    assert (done.state, done.undone_by) == ("undone", by)
    with pytest.raises(ValidationError, match="Only what was brought in"):
        services.take_back(by=by, record=done, now=NOW)


def test_what_was_built_upon_stays_and_the_reason_is_told(by, bring):
    done = confirmed(by, previewed(by, bring(people("Ana", "Vera"), "a.csv")))
    Person.objects.filter(name="Vera").update(municipality="Niš")
    with pytest.raises(ValidationError, match="Vera"):
        services.take_back(by=by, record=done, now=NOW)
    done.refresh_from_db()
    assert (done.state, names()) == ("done", ["Ana", "Vera"])


def test_an_import_over_a_later_one_is_taken_back_last(by, bring):
    first = confirmed(by, previewed(by, bring(people("Ana"), "a.csv")))
    changed = "Ime i prezime;E-mail;Opština\nAna;ana@primer.example;Niš\n"
    second = confirmed(by, previewed(by, bring(changed.encode(), "b.csv")))
    with pytest.raises(ValidationError):
        services.take_back(by=by, record=first, now=NOW)
    services.take_back(by=by, record=second, now=NOW)
    services.take_back(by=by, record=Import.objects.get(pk=first.pk), now=NOW)
    assert names() == []


def test_after_30_days_file_and_trail_go_and_drafts_with_them(by, bring, settings):
    draft = bring(people("Nacrt"), "nacrt.csv")
    done = confirmed(by, previewed(by, bring(people("Ana"), "a.csv")))
    Import.objects.filter(pk=done.pk).update(ended_at=NOW)
    assert services.sweep(now=NOW + timedelta(days=29)) == 0
    assert services.sweep(now=NOW + timedelta(days=31)) == 2
    assert services.sweep(now=NOW + timedelta(days=31)) == 0
    assert not Import.objects.filter(pk=draft.pk).exists()
    old = Import.objects.get(pk=done.pk)
    assert (old.file, old.columns, old.mapping, old.counts["created"]) == (None, [], {}, 1)
    assert (StoredFile.objects.count(), ImportPart.objects.count()) == (0, 0)
    with pytest.raises(ValidationError, match="more than 30 days ago"):
        services.take_back(by=by, record=old, now=NOW)


def test_a_dropped_sheet_leaves_nothing(by, bring):
    record = bring(people("Ana"), "a.csv")
    services.discard(by=by, record=record)
    assert (Import.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_an_import_is_one_entry_of_the_trail_without_a_value(by, bring):
    before = AuditEntry.objects.count()
    confirmed(by, previewed(by, bring(people("Ana", "Vera"), "a.csv")))
    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [one.verb for one in entries] == ["kept file", "bring sheet", "load participants"]
    assert "Ana" not in str(list(entries.values()))


# --- the sheet that goes back


def test_the_same_sheet_comes_back_with_what_becomes_of_each_row(by, bring):
    record = previewed(by, bring(), sex={"from": "Пол", "values": SEX["sex"]})
    file = marked.marked(record)
    assert file.name == "Prijave-checked.xlsx"
    _title, lines = sheets.lines(file.content, filename=file.name)
    assert [line[-2:] for line in lines[2:5]] == [["What becomes of it", "Why"], ["new", None], ["new", None]]
    assert lines[6][-2:] == ["refused", "E-pošta: This is no e-mail address."]
    assert (lines[0][0], lines[7]) == ("Spisak prijavljenih – jesen 2026", lines[1])
    assert lines[13][-2:] == ["left out", None]


def test_a_csv_comes_back_with_its_encoding_and_separator_and_does_not_run(by, bring):
    text = "Ime i prezime;E-pošta;Napomena\r\nŽana Šćepanović;zana@;=1+1\r\n"
    record = previewed(by, bring(text.encode("cp1250"), "lista.csv"))
    file = marked.marked(record)
    assert (file.name, file.content_type) == ("lista-checked.csv", "text/csv")
    lines = file.content.decode("cp1250").splitlines()
    assert lines[0] == "Ime i prezime;E-pošta;Napomena;What becomes of it;Why"
    assert lines[1] == "Žana Šćepanović;zana@;'=1+1;refused;E-pošta: This is no e-mail address."


# --- people who take part: into the address book and into the programme at once


def test_a_known_person_is_enrolled_and_not_made_twice(by, bring, programme):
    make_person(programme.tenant, name="Ana", email="ana@primer.example", born=None)
    done = confirmed(by, previewed(by, bring(people("Ana", "Vera"), "a.csv")))
    assert (done.counts["created"], names()) == (2, ["Ana", "Vera"])
    assert list(programme.enrolments.order_by("pk").values_list("person__name", "state")) == [
        ("Ana", "enrolled"),
        ("Vera", "enrolled"),
    ]
    again = previewed(by, bring(people("Ana", "Vera"), "a.csv"))
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 2, "refused": 0, "left_out": 0}


def test_who_cannot_be_enrolled_is_not_made_either(by, bring, programme):
    lines = [
        "Ime i prezime;E-mail;Razlog",
        f"Ana;ana@primer.example;{'x' * 400}",
        "Vera;vera@primer.example;",
    ]
    record = previewed(by, bring("\n".join(lines).encode(), "a.csv"), reason={"from": "Razlog"})
    assert [(one.row, one.column) for one in running.refusals_of(record)] == [(2, "Razlog")]
    confirmed(by, record, without_refused=True)
    assert names() == ["Vera"]
    assert list(programme.enrolments.values_list("person__name", flat=True)) == ["Vera"]


def test_every_kind_and_field_has_its_words():
    assert set(KINDS) == set(words.KINDS) == set(words.MEANT)
    fields = {field.name for kind in KINDS.values() for field in kind.fields}
    assert fields == set(words.FIELDS)


def test_what_a_heading_says_of_the_currency_is_told_before_anything_is_written(by, programme):
    content = b"Broj granta,Iznos (RSD),Namena\n1,1.000,Oprema\n2,oko 500,Ne zna se\n"
    record = services.bring(by=by, programme=programme, name="grantovi.csv", content=content, now=NOW)
    assert record.kind == "grants"
    services.put_map(by=by, record=record, mapping=services.guessed_map(record))
    services.preview(by=by, record=record, now=NOW)
    record.refresh_from_db()
    assert record.warnings == [
        "Amounts without a currency are in RSD, as the heading says, guessed.",
        "“oko 500” is kept as it is written: it counts for nothing.",
    ]
