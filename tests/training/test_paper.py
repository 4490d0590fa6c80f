"""Paper: the sheet that is printed, the signed one, keying it in by row code."""

import subprocess
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import StoredFile
from tests.factories import NOW, TODAY, make_coordinator, make_programme, make_trainer
from tests.training.pictures import PLACE, drawn
from training import services
from training.models import Attendance, Mark, PaperSheet
from training.papers import keying, sheets

QUERIES = 8  # of the preview
LANGUAGES = ("en", "sr-latn", "sr")


def text_of(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def pages_of(content: bytes) -> int:
    return text_of(content).count("\f")


def url(view, *args):
    return reverse(f"training:{view}", args=args)


@pytest.fixture
def people(enrol):
    return [enrol(name) for name in ("Ana Anić", "Đurđa Đorđević", "Mila Milić", "Zora Zorić")]


@pytest.fixture
def session(people, running, world):
    """Today, from midnight to midnight: the screens look at the real clock."""
    return running(trainers=[world.trainer.person])


@pytest.fixture
def sheet(world, session):
    kept, _is_new = services.keep_sheet(by=world.trainer, session=session, file=drawn(), now=NOW)
    return kept


@pytest.fixture
def trainer(client, world):
    client.force_login(world.trainer)
    return client


# --- printed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_names_everybody_with_the_row_code(session, people, language):
    words = text_of(sheets.printed(session, language, now=NOW))
    for one in people:
        assert one.row_code in words and str(one.person) in words


def test_a_whole_day_has_two_boxes_and_half_a_day_one(plan, people):
    whole, half = (
        text_of(sheets.printed(plan(end=end, day=day), "en", now=NOW))
        for end, day in ((time(17), TODAY), (time(14), TODAY + timedelta(days=1)))
    )
    assert ("morning" in whole, "morning" in half) == (True, False)


def test_sixty_people_take_several_pages_with_the_heading_on_each(world, enrol, plan):
    for n in range(60):
        enrol(f"Ana Anić {n:02}")
    content = sheets.printed(plan(), "en", now=NOW)
    words = text_of(content)
    assert pages_of(content) >= 3
    for page in words.split("\f")[: pages_of(content) - 1]:
        assert "Code" in page and "Signature" in page


def test_the_page_gives_the_pdf_in_the_language_asked_for(trainer, session):
    answer = trainer.get(url("session_sheet", session.pk) + "?language=sr")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert answer.content.startswith(b"%PDF")
    assert trainer.get(url("session_sheet", session.pk) + "?language=xx").status_code == 200


def test_the_same_sheet_is_the_same_bytes(session):
    assert sheets.printed(session, "en", now=NOW) == sheets.printed(session, "en", now=NOW)


# --- the signed one --------------------------------------------------------------------------------


def test_the_photograph_of_a_sheet_is_kept_once_and_made_anew(world, session, sheet):
    again, is_new = services.keep_sheet(by=world.trainer, session=session, file=drawn(), now=NOW)
    with sheet.file.content.open() as file:
        content = file.read()
    assert (again.pk, is_new, PLACE.encode() in content) == (sheet.pk, False, False)
    assert (sheet.file.purpose, StoredFile.objects.count()) == ("sheet", 1)


def test_a_bad_file_is_no_sheet(world, session):
    with pytest.raises(ValidationError):
        services.keep_sheet(by=world.trainer, session=session, file=b"no picture", now=NOW)
    assert PaperSheet.objects.count() == 0


# --- read ------------------------------------------------------------------------------------------


def lines(session, **said):
    rest = said.pop("rest", "")
    return [(line.code, line.status, line.at, line.wrong) for line in keying.read(session, said, rest=rest)]


def test_codes_are_read_as_they_are_typed(session, people):
    codes = [one.row_code for one in people]
    text = f" {codes[0].lower()},{codes[1]};\n{codes[2]} "
    assert lines(session, present=text) == [(code, "present", None, "") for code in codes[:3]]


def test_times_follow_their_codes(session, people):
    a, b, c = (one.row_code for one in people[:3])
    assert lines(session, late=f"{a} 10:20 {b} 10.45", left_early=f"{c} 9:05") == [
        (a, "late", time(10, 20), ""), (b, "late", time(10, 45), ""), (c, "left_early", time(9, 5), "")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "text", "wrong"),
    [
        ("present", "Q99", "Nobody on this roster has this code."),
        ("present", "{0} {0}", "This code stands twice."),
        ("late", "{0}", "The time is missing."),
        ("late", "{0} 25:10", "There is no such time: 25:10."),
        ("late", "10:20", "A time without a code before it."),
        ("present", "{0} 10:20", "A time without a code before it."),
    ],
)
def test_what_cannot_be_is_said(session, people, field, text, wrong):
    found = lines(session, **{field: text.format(people[0].row_code)})
    assert [words for *_, words in found if words] == [wrong]


def test_the_rest_is_whoever_is_neither_named_nor_marked(session, people, mark):
    mark(session, people[1], now=timezone.now())
    found = lines(session, present=people[0].row_code, rest="absent")
    assert [(code, status) for code, status, *_ in found] == [
        (people[0].row_code, "present"), (people[2].row_code, "absent"), (people[3].row_code, "absent")
    ]  # fmt: skip


# --- keyed -----------------------------------------------------------------------------------------


def said(sheet, **fields):
    return {"operation": str(uuid4()), "paper": sheet.pk, "keep": "1"} | fields


def test_marks_are_kept_from_paper_with_the_sheet(trainer, world, session, people, sheet):
    a, b, c, d = (one.row_code for one in people)
    answer = trainer.post(
        url("keying", session.pk), said(sheet, present=f"{a} {b}", late=f"{c} 10:20", absent=d)
    )
    assert (answer.status_code, answer["Location"]) == (302, url("register", session.pk))
    found = {m.enrolment.row_code: (m.status, m.arrival, m.source, m.paper) for m in Mark.objects.all()}
    assert found == {
        a: ("present", None, "paper", sheet), b: ("present", None, "paper", sheet),
        c: ("late", time(10, 20), "paper", sheet), d: ("absent", None, "paper", sheet),
    }  # fmt: skip
    assert Attendance.objects.count() == 4


def test_sent_twice_it_counts_once_and_what_stands_is_not_written_again(trainer, session, people, sheet):
    what = said(sheet, present=people[0].row_code)
    for _n in range(2):
        trainer.post(url("keying", session.pk), what)
    trainer.post(url("keying", session.pk), said(sheet, present=people[0].row_code))
    assert Mark.objects.count() == 1


def test_nothing_is_kept_before_one_says_so(trainer, session, people, sheet, mark):
    mark(session, people[0], now=timezone.now())
    what = said(sheet, absent=people[0].row_code, present=people[1].row_code)
    del what["keep"]
    page = trainer.post(url("keying", session.pk), what).content.decode()
    assert "1 mark would change" in page and "1 mark is new" in page
    assert "Ana Anić" in page and "Đurđa Đorđević" in page
    assert Mark.objects.count() == 1
    fragment = trainer.post(url("keying", session.pk), what, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in fragment and "1 mark would change" in fragment


def test_one_wrong_code_keeps_everything_back(trainer, session, people, sheet):
    answer = trainer.post(url("keying", session.pk), said(sheet, present=f"{people[0].row_code} Q99"))
    assert (answer.status_code, Mark.objects.count()) == (422, 0)
    assert "Nobody on this roster has this code." in answer.content.decode()


def test_what_stood_at_the_preview_is_what_she_saw(trainer, session, people, sheet, mark):
    one = people[0]
    first = mark(session, one, now=timezone.now())
    trainer.post(
        url("keying", session.pk),
        said(sheet, absent=one.row_code) | {f"seen-{one.row_code}": str(first.operation)},
    )
    assert Mark.objects.latest("pk").seen == str(first.operation)


def test_a_closed_session_wants_a_reason(trainer, world, session, people, sheet, mark):
    one = people[0]
    mark(session, one, now=timezone.now())
    services.close_session(by=world.trainer, session=session, now=timezone.now())
    refused = trainer.post(url("keying", session.pk), said(sheet, absent=one.row_code))
    assert (refused.status_code, Mark.objects.count()) == (422, 1)
    trainer.post(url("keying", session.pk), said(sheet, absent=one.row_code, reason="The sheet says so"))
    newest = Mark.objects.latest("pk")
    assert (newest.status, newest.reason, newest.source) == ("absent", "The sheet says so", "paper")


def test_a_sheet_of_another_session_is_refused(trainer, world, session, people, plan):
    other, _new = services.keep_sheet(
        by=world.trainer, session=plan("Other", day=None, start=None, end=None), file=drawn(), now=NOW
    )
    assert trainer.post(url("keying", session.pk), said(other, present=people[0].row_code)).status_code == 422
    assert Mark.objects.count() == 0


def test_a_sheet_is_brought_on_the_page(trainer, session):
    assert "First, the photograph" in trainer.get(url("keying", session.pk)).content.decode()
    file = SimpleUploadedFile("s.jpg", drawn(), "image/jpeg")
    assert trainer.post(url("paper_create", session.pk), {"file": file}).status_code == 302
    one = PaperSheet.objects.get()
    page = trainer.get(url("keying", session.pk)).content.decode()
    assert "Key in the signed sheet" in page and url("paper_file", one.pk) in page
    bad = SimpleUploadedFile("s.jpg", b"x", "image/jpeg")
    assert trainer.post(url("paper_create", session.pk), {"file": bad}).status_code == 422


def test_the_sheet_is_reached_from_the_history(trainer, session, people, sheet):
    trainer.post(url("keying", session.pk), said(sheet, present=people[0].row_code))
    page = trainer.get(url("session_history", session.pk)).content.decode()
    assert url("paper_file", sheet.pk) in page


def test_strangers_get_404(client, world, session, sheet):
    other, sister = make_programme(), make_programme(world.programme.tenant)
    for user in [make(p) for p in (other, sister) for make in (make_coordinator, make_trainer)]:
        client.force_login(user)
        for view in ("session_sheet", "keying"):
            assert client.get(url(view, session.pk)).status_code == 404, (view, user)
        assert client.get(url("paper_file", sheet.pk)).status_code == 404
        file = SimpleUploadedFile("s.jpg", drawn())
        assert client.post(url("paper_create", session.pk), {"file": file}).status_code == 404
        assert client.post(url("keying", session.pk), said(sheet)).status_code == 404


def test_queries_of_the_preview_do_not_grow(trainer, session, people, sheet, django_assert_num_queries):
    for n in (1, 3):
        what = said(sheet, present=" ".join(one.row_code for one in people[:n]))
        del what["keep"]
        trainer.post(url("keying", session.pk), what)
        with django_assert_num_queries(QUERIES):
            trainer.post(url("keying", session.pk), what)
