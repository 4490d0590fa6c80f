"""Somebody applies on her phone, opens the link in her mail, and the coordinator enrols her."""

import re

from django.urls import reverse

from reminders.tasks import sweep
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.services import wait_until
from training.models import Application, Enrolment


def looks_right(page) -> None:
    assert axe(page) == []
    assert overflow(page) == 0


def heading(page) -> str:
    return page.locator("h1").inner_text().replace("\xa0", " ")


def apply(demo, page) -> None:
    programme = demo.running
    page.goto(reverse("training:apply", args=[programme.tenant.slug, programme.code]))
    looks_right(page)
    page.get_by_label("First name and surname").fill("Đurđa Đorđević")
    page.get_by_role("textbox", name="E-mail").fill("djurdja@primer.example")
    page.get_by_label("Language in which we write to you").select_option("en")
    page.get_by_label("Year of birth").fill("1984")
    page.get_by_label("female", exact=True).check()
    page.get_by_label("Name of your business").fill("Džem Đurđa")
    page.get_by_label("Established on").fill("2014-05-01")
    page.get_by_label("yes", exact=True).check()
    page.get_by_label(re.compile("I want to take part in")).check()
    page.wait_for_timeout(3000)  # as long as a quick reader takes: the form asks for it
    page.get_by_role("button", name="Send the application").click()


def test_from_the_form_to_the_list_of_who_takes_part(demo, visit, celery_worker, smtp_sink):
    page = visit(size=PHONE)
    apply(demo, page)
    page.get_by_role("heading", name="One step is left").wait_for()
    looks_right(page)
    row = Application.objects.get(email="djurdja@primer.example")

    sweep.delay()
    wait_until(lambda: smtp_sink.to(row.email), seconds=60, what="the letter")
    (letter,) = smtp_sink.to(row.email)
    page.goto(re.search(r"/applications/\S+", letter.text)[0])
    assert heading(page).startswith("Confirm your application for")
    looks_right(page)
    assert not Enrolment.objects.filter(person__email=row.email).exists()
    page.get_by_role("button", name="Yes, I apply").click()
    page.get_by_role("heading", name="Your application is in").wait_for()
    looks_right(page)

    desk = visit("coordinator", size=LAPTOP)
    desk.goto("/")
    assert "applications wait for you" in desk.inner_text("main").replace("\xa0", " ")
    desk.goto(reverse("training:applicant_list", args=[demo.running.code]))
    looks_right(desk)
    desk.get_by_label("Đurđa Đorđević").check()
    desk.get_by_role("button", name="Enrol …").click()
    assert heading(desk) == "1 does not fit; 0 would be decided on"
    looks_right(desk)
    desk.get_by_role("link", name="Đurđa Đorđević").click()
    looks_right(desk)
    desk.get_by_text("Make an exception").click()
    desk.get_by_label("Reason of the exception").fill("took the business over last year")
    desk.get_by_role("button", name="Keep the exception").click()
    demo.running.capacity = 40
    demo.running.save()
    desk.locator("#id_state").select_option("enrolled")
    desk.get_by_role("button", name="Keep this state").click()
    desk.get_by_text("The state is kept").wait_for()
    enrolment = Enrolment.objects.get(person__email=row.email)
    assert (enrolment.state, enrolment.changes.count()) == ("enrolled", 2)
    looks_right(desk)


def test_without_a_script_and_in_both_scripts(demo, visit):
    for language in ("sr-latn", "sr"):
        page = visit(size=PHONE, language=language, java_script_enabled=False)
        programme = demo.running
        page.goto(reverse("training:apply", args=[programme.tenant.slug, programme.code]))
        assert overflow(page) == 0
        assert page.locator("form.apply").count() == 1
