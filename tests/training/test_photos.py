"""Photographs: kept once, shown by consent, gone when it is withdrawn."""

import io
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import StoredFile
from people.models import Consent
from tests.factories import (
    NOW,
    make_coordinator,
    make_funding,
    make_mentor,
    make_person,
    make_programme,
    make_trainer,
    make_user,
)
from tests.house.test_races import at_once
from tests.training.pictures import PLACE, drawn
from training import services
from training.evidence import photographs
from training.models import Photo, PhotoSubject, SessionLog

QUERIES = 9  # of the gallery
PHOTO, FUNDER = Consent.Purpose.PHOTO, Consent.Purpose.FUNDER


@pytest.fixture
def session(plan):
    return plan()


@pytest.fixture
def keep(world, session):
    def one(file=None, *, operation=None, **fields):
        photo, _is_new = services.keep_photo(
            by=world.trainer, session=session, operation=operation or uuid4(), file=file or drawn(), now=NOW,
            **fields,
        )  # fmt: skip
        return photo

    return one


@pytest.fixture
def agree(world):
    def one(enrolment, purpose=PHOTO, funding=None):
        return Consent.objects.create(
            person=enrolment.person, programme=world.programme, purpose=purpose, funding=funding,
            text_version="1", given_at=NOW,
        )  # fmt: skip

    return one


def name(world, photo, *enrolments, nobody=False):
    people = [enrolment.person for enrolment in enrolments]
    return services.name_people(by=world.trainer, photo=photo, people=people, nobody=nobody)


def is_free(*fundings):
    return Photo.objects.filter(photographs.is_free(NOW, fundings)).exists()


# --- kept ------------------------------------------------------------------------------------------


def test_it_is_made_anew_without_what_the_camera_wrote(keep):
    before = drawn()
    assert PLACE.encode() in before
    photo = keep(before, caption="  Flip-chart ")
    with photo.file.content.open() as file:
        after = file.read()
    assert (PLACE.encode() in after, dict(Image.open(io.BytesIO(after)).getexif())) == (False, {})
    assert (photo.caption, photo.file.purpose, photo.file.name[-4:]) == ("Flip-chart", "photo", ".jpg")


def test_the_same_operation_is_the_same_photograph(world, session, keep):
    operation, file = uuid4(), drawn()
    first = keep(file, operation=operation)
    again, is_new = services.keep_photo(
        by=world.trainer, session=session, operation=operation, file=file, now=NOW
    )
    assert (again.pk, is_new, Photo.objects.count(), StoredFile.objects.count()) == (first.pk, False, 1, 1)


@pytest.mark.parametrize("what", ["picture", "session"])
def test_something_else_under_the_same_operation_is_a_conflict(world, session, keep, plan, what):
    operation, file = uuid4(), drawn()
    keep(file, operation=operation)
    other = {
        "picture": (session, drawn("else")),
        "session": (plan("Another", day=None, start=None, end=None), file),
    }[what]
    with pytest.raises(ValidationError) as error:
        services.keep_photo(by=world.trainer, session=other[0], operation=operation, file=other[1], now=NOW)
    assert (error.value.code, StoredFile.objects.count()) == ("conflict", 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_five_at_the_same_moment_leave_one_photograph_and_one_file(world, session, keep):
    operation, file = uuid4(), drawn()
    found = at_once(*[lambda: keep(file, operation=operation)] * 5)
    assert {photo.pk for photo in found} == {Photo.objects.get().pk}
    stored = StoredFile.objects.get().content
    assert stored.storage.listdir(stored.name.rsplit("/", 1)[0])[1] == [stored.name.rsplit("/", 1)[1]]


# --- consent ---------------------------------------------------------------------------------------


def test_while_nobody_says_who_is_on_it_it_is_not_shown(keep):
    keep()
    assert (is_free(), PhotoSubject.objects.count()) == (False, 0)


def test_shown_when_nobody_can_be_recognised(world, keep):
    name(world, keep(), nobody=True)
    assert is_free() and is_free(make_funding(world.programme))


def test_shown_when_everybody_agreed_and_hidden_when_one_takes_it_back(world, keep, enrol, agree):
    ana, mila = enrol("Ana Anić"), enrol("Mila Milić")
    photo = name(world, keep(), ana, mila)
    agree(ana)
    assert not is_free()
    hers = agree(mila)
    assert is_free()
    hers.withdrawn_at = NOW
    hers.save()
    refused = photographs.refusals([photo], NOW)
    assert (is_free(), refused) == (False, {photo.pk: [mila.person]})
    assert photographs.why_not(photo, refused[photo.pk]) == (
        "Not shown: Mila Milić has not agreed to photographs."
    )


def test_a_consent_of_another_programme_opens_nothing(world, keep, enrol):
    ana = enrol("Ana Anić")
    Consent.objects.create(
        person=ana.person, programme=make_programme(world.programme.tenant), purpose=PHOTO,
        text_version="1", given_at=NOW,
    )  # fmt: skip
    name(world, keep(), ana)
    assert not is_free()


@pytest.mark.parametrize(
    ("held", "goes"),
    [
        ([], False),
        ([(PHOTO, "none")], False),
        ([(FUNDER, "hers")], False),
        ([(PHOTO, "hers")], True),
        ([(PHOTO, "other")], False),
        ([(PHOTO, "none"), (FUNDER, "hers")], True),
        ([(PHOTO, "none"), (FUNDER, "other")], False),
        ([(PHOTO, "other"), (FUNDER, "hers")], False),
    ],
)
def test_what_may_go_to_a_funder(world, keep, enrol, agree, held, goes):
    fundings = {
        "none": None, "hers": make_funding(world.programme), "other": make_funding(world.programme)
    }  # fmt: skip
    ana = enrol("Ana Anić")
    name(world, keep(), ana)
    for purpose, funding in held:
        agree(ana, purpose, fundings[funding])
    assert is_free(fundings["hers"]) == goes


def test_for_two_funders_each_must_be_agreed_to(world, keep, enrol, agree):
    one, other = make_funding(world.programme), make_funding(world.programme)
    ana = enrol("Ana Anić")
    name(world, keep(), ana)
    agree(ana, PHOTO, one)
    assert (is_free(one), is_free(one, other)) == (True, False)


# --- naming, taking down ---------------------------------------------------------------------------


def test_only_people_of_the_programme_are_named(world, keep):
    photo = keep()
    stranger = make_person(world.programme.tenant, name="Neko Drugi")
    with pytest.raises(ValidationError, match="Not in this programme: Neko Drugi."):
        services.name_people(by=world.trainer, photo=photo, people=[stranger])


def test_nobody_and_somebody_exclude_each_other_and_naming_can_be_changed(world, keep, enrol):
    ana, mila = enrol("Ana Anić"), enrol("Mila Milić")
    photo = name(world, keep(), ana)
    with pytest.raises(ValidationError):
        name(world, photo, mila, nobody=True)
    name(world, photo, mila)
    assert [one.person for one in photo.subjects.all()] == [mila.person]
    name(world, photo, nobody=True)
    assert (photo.subjects.count(), Photo.objects.get().nobody) == (0, True)


def test_taking_down_deletes_the_picture_and_keeps_why(
    world, session, keep, django_capture_on_commit_callbacks
):
    photo = keep()
    with pytest.raises(ValidationError):
        services.take_down(by=world.trainer, photo=photo, reason=" ", now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        services.take_down(by=world.trainer, photo=photo, reason="Ana asked", now=NOW)
    assert not photo.file.content.storage.exists(photo.file.content.name)
    assert SessionLog.objects.get().text == f"Photograph #{photo.pk} was taken down: Ana asked"
    assert list(photographs.of_session(session)) == []
    with pytest.raises(ValidationError):
        name(world, photo, nobody=True)


# --- pages -----------------------------------------------------------------------------------------


def url(view, *args):
    return reverse(f"training:{view}", args=args)


def sent(**fields):
    file = SimpleUploadedFile("IMG_1.jpg", drawn(), "image/jpeg")
    return {"operation": str(uuid4()), "file": file, "caption": "Flip-chart"} | fields


def test_sent_from_a_page(client, world, session):
    client.force_login(world.trainer)
    answer = client.post(url("photo_create", session.pk), sent())
    photo = Photo.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("photo_people", photo.pk))
    page = client.get(url("photo_create", session.pk)).content.decode()
    assert "1 photograph; 1 may not be shown" in page
    assert "Not shown: nobody has said yet who is on it." in page


def test_sent_by_a_phone_and_sent_again(client, world, session):
    client.force_login(world.trainer)
    said = {"operation": str(uuid4()), "caption": ""}
    answers = [
        client.post(
            url("photo_create", session.pk),
            sent(**said, file=SimpleUploadedFile("a.jpg", drawn(words))),
            headers={"accept": "application/json"},
        )
        for words in ("one", "one", "two")
    ]
    assert [(a.status_code, a.json()["outcome"]) for a in answers] == [
        (201, "saved"), (200, "known"), (409, "conflict")
    ]  # fmt: skip
    photo = Photo.objects.get()
    assert answers[0].json() == {
        "operation": said["operation"], "outcome": "saved", "words": "", "photo": photo.pk
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no picture", "This is no picture: JPEG, PNG and WebP are taken."),
        (drawn()[:2000], "This picture is damaged: it cannot be read."),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"", "empty"),
    ],
)
def test_a_bad_file_is_refused_in_words(client, world, session, content, words):
    client.force_login(world.trainer)
    file = SimpleUploadedFile("x.jpg", content, "image/jpeg")
    page = client.post(url("photo_create", session.pk), sent(file=file))
    phone = client.post(
        url("photo_create", session.pk),
        sent(file=SimpleUploadedFile("x.jpg", content)),
        headers={"accept": "application/json"},
    )
    assert (page.status_code, phone.status_code, Photo.objects.count()) == (422, 422, 0)
    assert words in page.content.decode() and words in phone.json()["words"]


def test_who_is_on_it_is_said_on_a_page(client, world, session, keep, enrol, agree):
    ana, photo = enrol("Ana Anić"), keep()
    agree(ana)
    client.force_login(world.trainer)
    assert "Ana Anić" in client.get(url("photo_people", photo.pk)).content.decode()
    client.post(url("photo_people", photo.pk), {"people": [ana.person_id]})
    page = client.get(url("photo_create", session.pk)).content.decode()
    assert "1 photograph, and it may be shown" in page and "May be shown." in page


def test_the_picture_is_for_this_reader_and_no_cache(client, world, keep):
    photo = keep(drawn(size=(900, 300)))
    client.force_login(world.trainer)
    whole, small = (client.get(url("photo_file", photo.pk) + end) for end in ("", "?small=1"))
    for answer in (whole, small):
        assert answer["Cache-Control"] == "private, no-store"
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    sizes = [Image.open(io.BytesIO(b)).size for b in (b"".join(whole.streaming_content), small.content)]
    assert sizes == [(900, 300), (480, 160)]


def test_a_mentor_sees_what_may_be_shown_and_nothing_else(client, world, keep):
    photo = keep()
    mentor = make_mentor(world.programme).person.user
    client.force_login(mentor)
    address, shown = url("photo_file", photo.pk), url("photo_shown", world.programme.code)
    before = client.get(address).status_code, address in client.get(shown).content.decode()
    name(world, photo, nobody=True)
    after = client.get(address).status_code, address in client.get(shown).content.decode()
    assert (before, after) == ((404, False), (200, True))
    assert client.get(url("photo_people", photo.pk)).status_code == 403


def test_taken_down_it_is_gone_from_every_address(client, world, keep):
    photo = keep()
    client.force_login(world.trainer)
    client.post(url("photo_removal", photo.pk), {"reason": "Ana asked"})
    for view in ("photo_file", "photo_people"):
        assert client.get(url(view, photo.pk)).status_code == 404


def strangers(world):
    other, sister = make_programme(), make_programme(world.programme.tenant)
    return [
        make_coordinator(other), make_trainer(other), make_coordinator(sister), make_trainer(sister)
    ]  # fmt: skip


def test_strangers_get_404(client, world, session, keep):
    photo = keep()
    name(world, photo, nobody=True)
    for user in strangers(world):
        client.force_login(user)
        for view, pk in (("photo_create", session.pk), ("photo_file", photo.pk), ("photo_people", photo.pk)):
            assert client.get(url(view, pk)).status_code == 404, (view, user)
        assert client.post(url("photo_removal", photo.pk), {"reason": "x"}).status_code == 404
        assert client.post(url("photo_create", session.pk), sent()).status_code == 404
        assert client.get(url("photo_shown", world.programme.code)).status_code == 404
    client.force_login(make_user(world.programme.tenant))
    assert client.get(url("photo_file", photo.pk)).status_code == 403


def test_queries_of_the_gallery_at_one_and_at_three(
    client, world, session, keep, enrol, django_assert_num_queries
):
    client.force_login(world.trainer)
    people = [enrol(f"Ana {n}") for n in range(3)]
    for n in (1, 2):
        while Photo.objects.count() < 2 * n - 1:
            name(world, keep(drawn(str(Photo.objects.count()))), *people)
        client.get(url("photo_create", session.pk))
        with django_assert_num_queries(QUERIES):
            client.get(url("photo_create", session.pk))
