"""Step 10: the register in a hall without a network, in a browser that cuts it: everything arrives once."""

import json
from contextlib import suppress
from uuid import UUID

from django.urls import reverse
from PIL import Image
from playwright.sync_api import Error

from accounts import files
from accounts.models import User
from tests.fixtures.browser import LAPTOP, PHONE, WAYS, axe, overflow
from tests.services import wait_until
from training.models import Attendance, Enrolment, Mark

NAME = "Живковић Рада"


def kept(session) -> dict[str, int]:
    found = list(Attendance.objects.filter(entry__session=session).values_list("status", flat=True))
    return {status: found.count(status) for status in sorted(set(found))}


def roster(session) -> list[Enrolment]:
    entries = session.roster.select_related("enrolment__person").order_by("enrolment__row_code")
    return [entry.enrolment for entry in entries]


def open_register(page, session):
    page.goto(reverse("training:register", args=[session.pk]))
    page.locator("#register.is-started").wait_for()
    return page


def ready(page) -> None:
    """The page itself says that it would work without a network."""
    page.locator("[data-says=ready]:not([hidden])").wait_for(state="attached")


def present(page, *people) -> None:
    for one in people:
        page.locator(f"#mark-{one.pk}").click()
        page.locator(f"#mark-{one.pk}[aria-pressed=true]").wait_for()


def another(page, one, status: str) -> None:
    page.locator(f"#more-{one.pk}").click()
    page.locator(f"#row-{one.pk} .roster-choices button[value='{status}']").click()


def unsent(page) -> int:
    return page.evaluate("rasadnik.unsent()")


def chip(page, count: int) -> None:
    """So many acts wait on this phone, and the page says so at the top."""
    wait_until(lambda: unsent(page) == count, seconds=20, what=f"{count} unsent")
    page.locator(f"#unsent[data-count='{count}']").wait_for(state="visible" if count else "hidden")


def again(page):
    """The tab is closed, and the same register opened in a new one."""
    address, context = page.url, page.context
    page.close()
    fresh = context.new_page()
    fresh.goto(address)
    fresh.locator("#register.is-started").wait_for()
    return fresh


def test_a_morning_without_a_network_arrives_once(demo, visit):
    page = open_register(visit("trainer", size=PHONE), demo.session)
    people, context = roster(demo.session), page.context
    ready(page)
    context.set_offline(True)
    present(page, *people[:8])
    another(page, people[8], "absent")
    another(page, people[9], "late:15")
    chip(page, 10)
    assert page.locator(".roster-row.is-unsent").count() == 10
    page.locator("#door_name").fill(NAME)
    page.locator("#door_phone").fill("+381 60 555 0123")
    page.get_by_role("button", name="Add, present").click()
    page.locator("#roster > li", has_text=NAME).wait_for()
    page.locator("section[aria-labelledby=note] textarea").fill("Price on half a page went well.")
    page.get_by_role("button", name="Keep the note").click()
    chip(page, 12)
    assert Mark.objects.filter(session=demo.session).count() == 0

    page.complaints.clear()  # the browser writes down each request that found no network
    page = again(page)  # without a network: the phone alone answers
    assert page.locator("h1").inner_text() == demo.session.heading
    chip(page, 12)
    assert page.locator("#roster > li").count() == len(people) + 1
    present(page, *people[10:12])
    came = page.locator("#roster > li", has_text=NAME)
    came.locator("summary").click()
    came.locator("button[value=half_day]").click()
    chip(page, 15)
    page = again(page)
    chip(page, 15)

    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    chip(page, 0)
    assert unsent(page) == 0
    assert kept(demo.session) == {"absent": 1, "half_day": 1, "late": 1, "present": 10}
    assert Mark.objects.filter(session=demo.session).count() == 14  # 13 taps, and that she came
    [entry] = demo.session.log.all()
    assert entry.text == "Price on half a page went well."
    assert Enrolment.objects.get(person__name=NAME).person.phone == "+381 60 555 0123"
    assert page.locator(".is-unsent").count() == 0
    page.reload()
    page.locator("#register.is-started").wait_for()
    assert page.locator("#tally").inner_text().split("\n")[0].startswith("10 present")


def test_every_mark_has_an_id_of_its_time_a_device_and_what_was_seen(demo, visit):
    page = open_register(visit("trainer", size=PHONE), demo.session)
    one = roster(demo.session)[0]
    present(page, one)
    page.wait_for_timeout(450)
    another(page, one, "absent")
    chip(page, 0)
    first, second = Mark.objects.filter(session=demo.session).order_by("pk")
    assert UUID(str(first.operation)).version == 7
    assert (first.seen, second.seen) == ("", str(first.operation))
    assert first.device == second.device != ""
    assert first.at_device is not None


def test_the_last_act_is_taken_back(demo, visit):
    page = open_register(visit("trainer", size=PHONE), demo.session)
    one, two = roster(demo.session)[:2]
    assert page.locator("#undo").is_hidden()
    page.get_by_role("button", name="All present").click()
    page.locator("#tally", has_text="31 present").wait_for()
    another(page, one, "absent")
    page.locator("#tally", has_text="1 absent").wait_for()
    page.locator("#undo").click()
    page.locator("#tally", has_text="31 present").wait_for()
    page.locator("#undo").click()
    page.locator("#tally", has_text="31 to mark").wait_for()
    chip(page, 0)
    assert kept(demo.session) == {}
    assert [m.status for m in Mark.objects.filter(enrolment=one, session=demo.session).order_by("pk")] == [
        "present", "absent", "present", "cleared",
    ]  # fmt: skip
    assert [m.status for m in Mark.objects.filter(enrolment=two, session=demo.session).order_by("pk")] == [
        "present", "cleared",
    ]  # fmt: skip


def test_signed_out_meanwhile_the_acts_wait_for_her(demo, visit):
    page = open_register(visit("trainer", size=PHONE), demo.session)
    one, two = roster(demo.session)[:2]
    cookie = [c for c in page.context.cookies() if c["name"] == "sessionid"]
    page.context.clear_cookies(name="sessionid")
    present(page, one)
    page.locator("[data-says=signed-out]").wait_for()
    chip(page, 1)
    assert reverse("account_login") + "?next=" in page.locator("[data-next]").get_attribute("href")
    assert Mark.objects.filter(session=demo.session).count() == 0
    page.context.add_cookies(cookie)
    present(page, two)
    chip(page, 0)
    assert page.locator("[data-says=signed-out]").is_hidden()
    assert kept(demo.session) == {"present": 2}


def test_a_stale_token_is_replaced_before_anything_is_given_up(demo, visit):
    page = open_register(visit("trainer", size=PHONE), demo.session)
    one, two = roster(demo.session)[:2]
    present(page, one)
    chip(page, 0)
    page.context.clear_cookies(name="csrftoken")
    present(page, two)
    chip(page, 0)
    assert kept(demo.session) == {"present": 2}
    page.complaints.clear()  # the 403 that told of it


def test_two_tabs_send_each_act_once_and_show_each_other(demo, visit):
    page = open_register(visit("trainer", size=PHONE), demo.session)
    ready(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#register.is-started").wait_for()
    people = roster(demo.session)
    page.context.set_offline(True)
    for tab, some in ((page, people[:5]), (other, people[5:9])):
        present(tab, *some)
    chip(other, 9)
    page.context.set_offline(False)
    for tab in (page, other):
        tab.evaluate("dispatchEvent(new Event('online'))")
    chip(page, 0)
    chip(other, 0)
    page.locator("#tally", has_text="9 present").wait_for()
    assert Mark.objects.filter(session=demo.session).count() == 9
    page.complaints.clear()


def test_what_is_refused_is_shown_blocks_nothing_and_can_be_taken_along(demo, visit):
    page = open_register(visit("trainer", size=LAPTOP), demo.session)
    one, two = roster(demo.session)[:2]
    page.locator(f"#more-{one.pk}").click()
    row = page.locator(f"#row-{one.pk}")
    row.locator("input[name=leaving]").fill("00:00")
    row.locator("button[value=left_early]").click()
    present(page, two)
    page.locator("#refused li", has_text="who left by then was absent").wait_for()
    chip(page, 1)
    assert kept(demo.session) == {"present": 1}
    assert (axe(page), unsent(page)) == ([], 1)
    with page.expect_download() as told:
        page.locator("#refused [data-download]").click()
    [operation] = json.loads(told.value.path().read_text())["operations"]
    assert (operation["body"]["status"], operation["body"]["enrolment"]) == ("left_early", one.pk)
    page.locator("#refused [data-again]").click()
    page.locator("#refused li").wait_for()
    page.locator("#refused [data-discard]").click()
    chip(page, 0)
    assert page.locator("#refused").is_hidden()


def test_the_whole_register_by_keyboard(demo, visit):
    page = open_register(visit("trainer", size=LAPTOP), demo.session)
    first = page.locator("#roster > li [data-tap]").first
    page.locator("#find").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == first.get_attribute("id")
    for key in ("p", "ArrowDown", "x", "ArrowDown", "h", "ArrowDown", "e", "ArrowDown", "p", "c"):
        page.keyboard.press(key)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("l")
    page.locator(".roster-more[open] .presets button").first.wait_for()
    page.keyboard.press("Enter")  # the first preset: five minutes
    page.locator("#tally", has_text="1 late").wait_for()
    chip(page, 0)
    assert kept(demo.session) == {"absent": 1, "excused": 1, "half_day": 1, "late": 1, "present": 1}
    page.keyboard.press("z")
    page.locator("#tally", has_text="0 late").wait_for()


def test_a_picture_and_an_idea_wait_like_marks(demo, visit, tmp_path):
    page = open_register(visit("trainer", size=PHONE), demo.session)
    [one] = roster(demo.session)[:1]
    ready(page)
    page.context.set_offline(True)
    page.locator("#idea-title").fill("Ajvar u malim teglama")
    page.locator("#idea-who").select_option(str(one.pk))
    page.get_by_role("button", name="Keep the idea").click()
    chip(page, 1)
    page.locator("#photo-file").set_input_files(_picture(tmp_path))
    page.get_by_role("button", name="Keep the photo").click()
    chip(page, 2)
    page.complaints.clear()
    page = again(page)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    chip(page, 0)
    [nomination] = one.nominations.filter(session=demo.session)
    assert nomination.idea.title == "Ajvar u malim teglama"
    [photo] = demo.session.photos.all()
    with files.open_file(photo.file) as stored, Image.open(stored) as picture:
        assert (picture.format, max(picture.size)) == ("JPEG", 1600)


def _picture(folder):
    path = folder / "hall.png"
    Image.effect_noise((3000, 2000), 40).save(path)
    return path


STORED = """async () => {
  const said = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((yes, no) => {
      const ask = indexedDB.open(name);
      ask.onsuccess = () => yes(ask.result); ask.onerror = no; });
    for (const one of db.objectStoreNames) {
      said.push(await new Promise((yes) => {
        const ask = db.transaction(one).objectStore(one).getAll();
        ask.onsuccess = () => yes(JSON.stringify(ask.result)); }));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const answer of await cache.matchAll()) said.push(`${answer.url} ${await answer.text()}`);
  }
  said.push(JSON.stringify({ ...localStorage, ...sessionStorage }));
  return said.join();
}"""


def canaries(page, session) -> list[str]:
    """Names, places and reasons of people that anything stored in this browser tells."""
    said = page.evaluate(STORED)
    words = set()
    for one in roster(session):
        words |= {one.person.name, one.person.phone, one.person.email, one.row_code}
        words |= {one.enterprise.name} if one.enterprise else set()
    return sorted(word for word in words if word and word in said)


def test_only_the_least_is_kept_and_nothing_after_signing_out(demo, visit):
    page = open_register(visit("trainer", size=PHONE), demo.session)
    ready(page)
    names = {one.person.name for one in roster(demo.session)}
    codes = {one.row_code for one in roster(demo.session)}
    assert set(canaries(page, demo.session)) == names | codes
    address = page.url
    page.context.set_offline(True)
    present(page, roster(demo.session)[0])
    chip(page, 1)
    page.context.set_offline(False)
    page.complaints.clear()

    page.route("**/operations/", lambda route: route.abort())  # the server cannot be reached for this
    page.goto("/")
    page.get_by_role("button", name="Menu").click()
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**" + reverse("account_logout"))
    page.locator("[data-unsent-here]", has_text="1 not yet sent").wait_for()
    assert (axe(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**" + reverse("account_login") + "**")
    assert canaries(page, demo.session) == []

    page.context.set_offline(True)
    for _step in range(4):  # back through the history
        with suppress(Error):
            page.go_back(wait_until="commit")
        assert not names & set(page.locator("body").inner_text().split("\n"))
    with suppress(Error):
        page.goto(address)
    said = page.locator("body").inner_text()
    assert [name for name in names if name in said] == []
    page.complaints.clear()


def test_another_person_on_the_same_phone_sees_and_sends_nothing_of_it(demo, visit):
    page = open_register(visit("trainer", size=PHONE), demo.session)
    ready(page)
    one = roster(demo.session)[0]
    page.context.set_offline(True)
    present(page, one)
    chip(page, 1)
    page.context.set_offline(False)
    sign_in_as(page, demo.user["coordinator"])
    page.complaints.clear()
    page = again(page)
    page.locator("[data-says=other]", has_text="1 act of another person").wait_for()
    chip(page, 0)
    assert page.locator(".is-unsent").count() == 0
    assert Mark.objects.filter(session=demo.session).count() == 0
    sign_in_as(page, demo.user["trainer"])
    page = again(page)
    chip(page, 0)
    [mark] = Mark.objects.filter(session=demo.session)
    assert (mark.enrolment, mark.by) == (one, demo.user["trainer"])


def sign_in_as(page, user) -> None:
    from tests.fixtures.browser import signed_in

    origin = "/".join(page.url.split("/")[:3])
    page.context.add_cookies(signed_in(origin, user))


def test_what_is_older_than_two_weeks_is_gone(demo, visit):
    page = open_register(visit("trainer", size=PHONE), demo.session)
    ready(page)
    address = page.url
    old = page.context.new_page()
    old.add_init_script("{ const now = Date.now; Date.now = () => now() + 15 * 24 * 3600 * 1000 }")
    page.context.set_offline(True)
    old.goto(address)
    old.locator("#kept-sessions .empty").wait_for()
    assert old.locator("#roster > li").count() == 0
    page.context.set_offline(False)


FETCHED = """async () => { await rasadnik.store.start();
  return (await rasadnik.store.all("sessions")).length; }"""


def test_today_fetches_ahead_what_a_hall_will_need(demo, visit):
    page = visit("trainer", size=PHONE)
    page.goto("/")
    wait_until(lambda: page.evaluate(FETCHED) > 0, seconds=20, what="a roster on the phone")
    page.context.set_offline(True)
    page.goto(reverse("training:register", args=[demo.session.pk]))
    page.locator("#register.is-started").wait_for()
    assert page.locator("#roster > li").count() == 31
    page.goto("/")
    page.locator("#kept-sessions a", has_text=demo.session.heading).wait_for()
    page.context.set_offline(False)
    page.complaints.clear()


@WAYS
def test_nothing_that_axe_finds_online_and_offline(demo, visit, language, size):
    page = open_register(visit("trainer", size=size, language=language), demo.session)
    ready(page)
    one, two = roster(demo.session)[:2]
    assert (axe(page), overflow(page)) == ([], 0)
    page.context.set_offline(True)
    present(page, one)
    page.locator(f"#more-{two.pk}").click()
    assert (axe(page), overflow(page)) == ([], 0)
    page.complaints.clear()
    page = again(page)
    assert (
        page.locator("html").get_attribute("lang")
        == {"en": "en", "sr-latn": "sr-Latn", "sr": "sr-Cyrl"}[language]
    )
    assert (axe(page), overflow(page)) == ([], 0)
    small = page.evaluate(
        """[...document.querySelectorAll("#roster button, #roster summary, #register .button, .bottom a")]
        .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
        .filter((box) => box.height < 45.9 || box.width < 45.9).length"""
    )
    assert small == 0 or size == LAPTOP
    User.objects.filter(pk=demo.user["trainer"].pk).update(language="en")
