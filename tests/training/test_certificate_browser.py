"""The pages of certificates in a real browser: at both sizes, in three languages, nothing for axe to say."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_attendance,
    make_certificate,
    make_entry,
    make_module,
    make_signatory,
    make_user,
)
from tests.fixtures.browser import PHONE, WAYS, axe, overflow
from training import services
from training.certificates import content
from training.models import Certificate

pytestmark = pytest.mark.journey


@pytest.fixture
def there(transactional_db, world, enrol, running):
    """Two who completed it, one with a certificate; one session that goes on."""
    module = make_module(world.programme, name="Money", name_sr="Novac")
    session = running(module=module)
    make_signatory(world.programme)
    people = [enrol("Милица Ђорђевић"), enrol("Ana Anić")]
    for enrolment in people:
        make_attendance(
            make_entry(session, enrolment) if not enrolment.roster.exists() else enrolment.roster.get()
        )
    row = make_certificate(people[0], number="START-UP-0001")
    services.choose_what_shows(by=None, certificate=row, shows=content.SHOWS)
    person = people[0].person
    person.user = make_user(world.programme.tenant)
    person.save()
    return row


@WAYS
def test_every_page_at_every_size_in_every_language(there, world, open_page, size, language):
    holder = there.enrolment.person.user
    for user in (holder, world.coordinator):
        user.language = language
        user.save()
    check = content.address(there.editions.get()).split("/c/")[1]
    pages = [
        (None, f"/c/{check}"),
        (None, "/c/wrong/"),
        (holder, reverse("training:enrolment_detail", args=[there.enrolment_id])),
        (holder, reverse("training:certificate_detail", args=[there.pk])),
        (world.coordinator, reverse("training:certificate_list", args=["start-up"])),
        (world.coordinator, reverse("training:certificate_detail", args=[there.pk])),
        (world.coordinator, reverse("training:signatory_list", args=["start-up"])),
    ]
    found = {}
    for user, path in pages:
        page = open_page(size=size, language=language, user=user)
        page.goto(path)
        found[path] = (axe(page), overflow(page))
        page.complaints.clear()  # the browser writes down the 404 of the wrong one
    assert found == {path: ([], 0) for _user, path in pages}


def test_from_issuing_to_what_a_stranger_reads(there, world, open_page):
    page = open_page(user=world.coordinator)
    page.goto(reverse("training:certificate_list", args=["start-up"]))
    page.locator("table").get_by_role("button", name="Ana Anić").click()
    page.get_by_role("heading", name="is valid", level=1).wait_for()
    address = page.get_by_role("link", name="The page that the QR code opens").get_attribute("href")
    stranger = open_page(size=PHONE)
    stranger.goto("/c/" + address.split("/c/")[1])
    assert "is valid" in stranger.locator("h1").inner_text()
    assert "Ana Anić" not in stranger.content()
    page.get_by_label("name", exact=True).check()
    page.get_by_role("button", name="Keep this choice").click()
    page.locator("#messages", has_text="says what was chosen").wait_for()
    stranger.reload()
    assert "Ana Anić" in stranger.content()
    assert Certificate.objects.get(enrolment__person__name="Ana Anić").shows == ["name"]
