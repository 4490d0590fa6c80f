"""When it is asked, of whom, and how many of them answered."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from outcomes import services
from outcomes.models import Invitation, Wave
from outcomes.response import Response, response
from tests import factories as f
from tests.outcomes.answered import sheet_of_all
from training.models import Enrolment, Group

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def world():
    made = sheet_of_all()
    made.by = f.make_coordinator(made.programme)
    return made


def save(world, **said) -> Wave:
    base = {"edition": world.wave.edition, "kind": "exit"}
    return services.save_wave(by=world.by, programme=world.programme, **base | said)


def test_a_wave_is_called_by_when_it_is_asked(world):
    module = f.make_module(world.programme, number=2)
    made = [
        save(world),
        save(world, kind="follow_up", months=17),
        save(world, kind="reaction", module=module),
    ]
    assert [wave.code for wave in made] == ["exit", "f17", "reaction-2"]


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "follow_up", "months": 6},  # is there
        {"kind": "follow_up"},
        {"kind": "exit", "months": 3},
        {"kind": "reaction"},
        {"opens": date(2025, 3, 2), "closes": date(2025, 3, 1)},
    ],
    ids=["twice", "no months", "months of an exit", "no module", "closes before it opens"],
)
def test_what_makes_no_wave_is_refused_in_words(world, said):
    with pytest.raises(ValidationError):
        save(world, **said)
    assert Wave.objects.count() == 1


def test_only_a_published_edition_of_the_programme_is_asked(world):
    other = sheet_of_all().wave.edition
    draft = services.begin_edition(by=world.by, questionnaire=world.wave.edition.questionnaire)
    for edition in (other, draft):
        with pytest.raises(ValidationError):
            save(world, edition=edition)


def test_after_an_answer_only_the_days_of_a_wave_move(world):
    services.save_answer(
        by=None, invitation=world.invitation, question=world.questions["operating"], said="yes", now=NOW
    )
    with pytest.raises(ValidationError):
        services.save_wave(by=world.by, wave=world.wave, months=7)
    world.wave.refresh_from_db()
    moved = services.save_wave(by=world.by, wave=world.wave, months=6, closes=date(2025, 5, 1))
    assert (moved.code, moved.closes) == ("f6", date(2025, 5, 1))


def test_asked_is_who_takes_part_who_left_and_the_control_group_once(world):
    control = Group.objects.create(programme=world.programme, code="control", name="C", is_control=True)
    f.make_enrolment(world.programme)  # takes part
    f.make_enrolment(world.programme, state=Enrolment.State.APPLIED)
    f.make_enrolment(world.programme, state=Enrolment.State.APPLIED, group=control)
    left = f.make_enrolment(world.programme, state=Enrolment.State.WITHDRAWN)
    f.make_attendance(f.make_entry(f.make_session(world.programme), left))
    assert [services.invite(by=world.by, wave=world.wave, now=NOW) for _n in range(2)] == [3, 0]
    assert world.wave.invitations.count() == 4  # one was asked before


def test_a_reaction_is_asked_of_who_was_there(world):
    module = f.make_module(world.programme, number=1)
    there, absent = f.make_enrolment(world.programme), f.make_enrolment(world.programme)
    f.make_attendance(f.make_entry(f.make_session(world.programme, module=module), there))
    wave = save(world, kind="reaction", module=module)
    services.invite(by=world.by, wave=wave, now=NOW)
    assert list(wave.invitations.values_list("enrolment", flat=True)) == [there.pk]
    assert absent.pk != there.pk


def test_who_withdrew_is_listed_and_in_no_rate(world):
    for state in ("answered", "answered", "partial", "refused", "unreachable", "withdrawn"):
        Invitation.objects.create(wave=world.wave, enrolment=f.make_enrolment(world.programme), state=state)
    nobody = save(world)
    found = response([world.wave, nobody])
    assert found[world.wave.pk] == Response(1, 1, 2, 1, 1, 1)
    assert (found[world.wave.pk].asked, found[world.wave.pk].said, found[world.wave.pk].rate) == (6, 3, 50)
    assert (found[nobody.pk].asked, found[nobody.pk].rate) == (0, None)


@pytest.mark.parametrize("waves", [1, 3])
def test_the_response_of_any_number_of_waves_is_one_query(world, waves, django_assert_num_queries):
    made = [save(world, kind="follow_up", months=months) for months in range(20, 20 + waves)]
    with django_assert_num_queries(1):
        assert len(response(made)) == waves
