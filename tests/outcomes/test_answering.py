"""What somebody says is read as its question asks, kept once, and noted when it changes afterwards."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from outcomes import services
from outcomes.asking.said import read
from outcomes.models import Answer, AnswerChange, Invitation, Item
from tests.factories import make_coordinator
from tests.outcomes.answered import sheet_of_all

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 12, 9, tzinfo=UTC)
LATE = datetime(2025, 4, 1, 9, tzinfo=UTC)
LAST_MOMENT = datetime(2025, 3, 31, 21, 59, tzinfo=UTC)  # 23:59 in Belgrade on the last day


@pytest.fixture
def asked():
    return sheet_of_all()


def say(asked, code, said, *, by=None, now=NOW, **more) -> Invitation:
    return services.save_answer(
        by=by, invitation=asked.invitation, question=asked.questions[code], said=said, now=now, **more
    )


def answers(asked) -> list[tuple]:
    rows = Answer.objects.filter(invitation=asked.invitation).order_by("question__code", "choice")
    return list(rows.values_list("question__code", "choice", "number", "currency", "day", "text"))


def changes(asked) -> list[tuple]:
    return list(AnswerChange.objects.order_by("pk").values_list("question__code", "after", "by", "reason"))


@pytest.mark.parametrize(
    ("code", "said", "kept"),
    [
        ("operating", "yes", [("yes", None, "", None, "")]),
        ("registered", "registered", [("registered", None, "", None, "")]),
        ("practices", ["books", "prices"], [("books", None, "", None, ""), ("prices", None, "", None, "")]),
        ("practices", {"codes": [], "other": "I pickle"}, [("other", None, "", None, "I pickle")]),
        ("turnover", "1.200,50", [("", Decimal("1200.5"), "RSD", None, "")]),
        ("turnover", {"amount": "300", "currency": "EUR"}, [("", Decimal(300), "EUR", None, "")]),
        ("turnover", "300 EUR", [("", Decimal(300), "EUR", None, "")]),
        ("turnover", 0, [("", Decimal(0), "RSD", None, "")]),
        ("jobs", "2,5", [("", Decimal("2.5"), "", None, "")]),
        ("jobs", "2.5", [("", Decimal("2.5"), "", None, "")]),
        ("confidence", "7", [("", Decimal(7), "", None, "")]),
        ("remark", " Thank you ", [("", None, "", None, "Thank you")]),
        ("jobs", "", []),
        ("practices", [], []),
    ],
)
def test_each_kind_is_read(asked, code, said, kept):
    say(asked, code, said)
    assert [row[1:] for row in answers(asked)] == kept


@pytest.mark.parametrize(
    "said", ["24.3.2025", "24/3/2025", "2025-03-24", {"day": "24", "month": "3", "year": "2025"}]
)
def test_a_day_is_read_in_the_ways_in_which_people_write_it(asked, said):
    item = Item.objects.get(wording__question__code="registered_on")
    assert read(item.wording, said)[""].day == date(2025, 3, 24)


@pytest.mark.parametrize(
    ("code", "said", "words"),
    [
        ("operating", "maybe", "This is none of the answers."),
        ("registered", ["no", "registered"], "Only one answer can stand here."),
        ("practices", ["none", "books"], "“None of these” cannot stand beside another answer."),
        ("jobs", "a few", "Write a number, with digits only: 12 or 3,5."),
        ("jobs", "1,200", "The sign may part thousands or decimals here: write it without."),
        ("jobs", "-1", "It is at least 0."),
        ("jobs", "501", "It is at most 500."),
        ("jobs", "9" * 60, "This number is too large."),
        ("jobs", "NaN", "Write a number, with digits only: 12 or 3,5."),
        ("confidence", "7.5", "Choose one of the steps."),
        ("turnover", "100 EUR + 3000 RSD", "Two currencies stand here: write one amount in one of them."),
        ("turnover", "enough", "Write one amount, with digits only: 1200 or 1.200,50."),
        ("registered_on", "24.3.2025", "This is asked only of who answered otherwise above."),
    ],
)
def test_what_cannot_be_read_is_refused_with_words(asked, code, said, words):
    with pytest.raises(ValidationError) as refused:
        say(asked, code, said)
    assert refused.value.message_dict == {"said": [words]}
    assert answers(asked) == []
    asked.invitation.refresh_from_db()
    assert asked.invitation.state == "waiting"


@pytest.mark.parametrize("said", ["31.2.2025", "24.3.1800", "soon", {"day": "3", "month": "", "year": ""}])
def test_a_day_that_does_not_exist_is_refused(asked, said):
    say(asked, "registered", "registered")
    with pytest.raises(ValidationError):
        say(asked, "registered_on", said)


def test_the_same_twice_is_once_and_writes_nothing(asked):
    row = say(asked, "operating", "yes")
    assert (row.state, row.mode, row.begun_at, row.state_by) == ("partial", "link", NOW, None)
    before = AuditEntry.objects.count(), Answer.objects.get().pk
    say(asked, "operating", "yes", now=NOW + timedelta(minutes=1))
    assert (AuditEntry.objects.count(), Answer.objects.get().pk) == before


def test_an_answer_taken_back_leaves_nothing(asked):
    say(asked, "operating", "no")
    row = say(asked, "operating", "")
    assert answers(asked) == [] and row.state == "waiting" and changes(asked) == []


def test_several_at_once_keep_what_can_be_read(asked):
    said = {"operating": "yes", "jobs": "many", "registered": "registered", "registered_on": "1.2.2025"}
    _row, refused = services.save_answers(by=None, invitation=asked.invitation, said=said, now=NOW)
    assert refused == {"jobs": ["Write a number, with digits only: 12 or 3,5."]}
    assert [row[0] for row in answers(asked)] == ["operating", "registered", "registered_on"]


def test_what_is_hidden_counts_for_nothing_once_it_is_handed_in(asked):
    said = {"registered": "registered", "registered_on": "1.2.2025"}
    services.save_answers(by=None, invitation=asked.invitation, said=said, now=NOW)
    say(asked, "registered", "no")
    assert "registered_on" in [row[0] for row in answers(asked)]  # she may change her mind
    services.hand_in(by=None, invitation=asked.invitation, now=NOW)
    assert [row[0] for row in answers(asked)] == ["registered"]


def test_an_unread_cell_of_a_file_waits_and_a_blank_does_not_settle_it(asked):
    question = asked.questions["jobs"]
    Answer.objects.create(invitation=asked.invitation, question=question, text="a few", is_unread=True)
    say(asked, "jobs", "")
    assert Answer.objects.get().is_unread
    say(asked, "jobs", "3")
    assert answers(asked) == [("jobs", "", Decimal(3), "", None, "")]


def test_handing_in_and_what_is_changed_afterwards(asked):
    say(asked, "operating", "yes")
    row = services.hand_in(by=None, invitation=asked.invitation, now=NOW)
    assert (row.state, row.answered_at, row.is_late) == ("answered", NOW, False)
    services.hand_in(by=None, invitation=asked.invitation, now=LATE)
    say(asked, "jobs", "3")  # another answer is no change of one
    assert changes(asked) == []
    say(asked, "operating", "no")
    row = say(asked, "operating", "", now=LATE)
    assert changes(asked) == [("operating", "answered", None, ""), ("operating", "closed", None, "")]
    assert (row.answered_at, row.is_late) == (NOW, False)


def test_handing_in_nothing_is_refused(asked):
    with pytest.raises(ValidationError):
        services.hand_in(by=None, invitation=asked.invitation, now=NOW)


@pytest.mark.parametrize(("now", "is_late"), [(LAST_MOMENT, False), (LATE, True)])
def test_an_answer_after_the_wave_closed_is_kept_and_marked(asked, now, is_late):
    say(asked, "operating", "yes", now=now)
    row = services.hand_in(by=None, invitation=asked.invitation, now=now)
    assert (row.state, row.is_late) == ("answered", is_late)


def test_nothing_is_said_before_the_wave_opens(asked):
    with pytest.raises(ValidationError) as refused:
        say(asked, "operating", "yes", now=datetime(2025, 2, 28, 22, tzinfo=UTC))
    assert refused.value.code == "early"


def test_staff_may_not_touch_a_locked_period_and_she_may(asked):
    by = make_coordinator(asked.programme)
    say(asked, "operating", "yes", by=by, mode="phone")
    services.hand_in(by=by, invitation=asked.invitation, now=NOW)
    lock = {"start": date(2025, 3, 1), "end": date(2025, 4, 1)}
    services.lock_period(by=by, programme=asked.programme, now=LATE, **lock)
    with pytest.raises(ValidationError) as refused:
        say(asked, "operating", "no", by=by, now=LATE)
    assert refused.value.code == "locked"
    say(asked, "operating", "no", now=LATE)
    assert changes(asked) == [("operating", "locked", None, "")]
    asked.invitation.refresh_from_db()
    assert asked.invitation.mode == "phone"


def test_staff_say_why_they_change_what_was_handed_in(asked):
    by = make_coordinator(asked.programme)
    say(asked, "operating", "yes")
    services.hand_in(by=None, invitation=asked.invitation, now=NOW)
    say(asked, "operating", "no", by=by, reason="She rang", evidence="document")
    assert changes(asked) == [("operating", "answered", by.pk, "She rang")]
    row = Answer.objects.get()
    assert (row.choice, row.evidence, row.by) == ("no", "document", by)
    say(asked, "operating", "no")  # her page sends all that stands on it: what was seen stays seen
    assert (Answer.objects.get().evidence, len(changes(asked))) == ("document", 1)


def test_a_refusal_takes_away_what_was_begun_and_she_may_come_back(asked):
    say(asked, "operating", "yes")
    row = services.refuse(by=None, invitation=asked.invitation, now=NOW, reason="No time")
    assert (row.state, row.reason, row.begun_at, answers(asked)) == ("refused", "No time", None, [])
    assert say(asked, "operating", "no").state == "partial"


def test_what_was_handed_in_is_not_refused(asked):
    say(asked, "operating", "yes")
    services.hand_in(by=None, invitation=asked.invitation, now=NOW)
    with pytest.raises(ValidationError):
        services.refuse(by=None, invitation=asked.invitation, now=NOW)


def test_consent_taken_back_kills_the_link_and_nothing_is_taken_in(asked):
    by = make_coordinator(asked.programme)
    row = services.take_consent_back(by=by, invitation=asked.invitation, now=NOW)
    assert (row.state, row.revision) == ("withdrawn", 2)
    for who in (by, None):
        with pytest.raises(ValidationError):
            say(asked, "operating", "yes", by=who)
    row = services.restore(by=by, invitation=asked.invitation, now=NOW)
    assert (row.state, row.revision) == ("waiting", 2)


def test_unreachable_is_only_who_said_nothing(asked):
    by = make_coordinator(asked.programme)
    assert services.unreachable(by=by, invitation=asked.invitation, now=NOW).state == "unreachable"
    assert say(asked, "operating", "yes").state == "partial"
    with pytest.raises(ValidationError):
        services.unreachable(by=by, invitation=asked.invitation, now=NOW)


def test_an_attempt_to_reach_her_is_noted(asked):
    by = make_coordinator(asked.programme)
    said = {"way": "phone", "outcome": "no_answer", "note": " rang thrice "}
    contact = services.log_contact(by=by, invitation=asked.invitation, now=NOW, **said)
    assert (contact.way, contact.outcome, contact.note, contact.at) == (
        "phone", "no_answer", "rang thrice", NOW
    )  # fmt: skip
    assert AuditEntry.objects.filter(object_type="outcomes.contact", verb="add").count() == 1
