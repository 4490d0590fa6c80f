"""An empty installation in a browser: the printed address, one form, a test letter, a code, and in."""

import os
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts import setup
from accounts.models import Tenant
from tests.fixtures.browser import PHONE, WAYS, axe, overflow

PICTURES = os.environ.get("PICTURES")  # a folder: the pages are drawn there, to be looked at


@pytest.fixture
def secret(transactional_db):
    cache.clear()
    return setup.new_secret(now=timezone.now())


def look(page, name: str) -> None:
    """Fit to be shown: no finding of axe, nothing wider than the window."""
    assert axe(page) == []
    assert overflow(page) == 0
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@WAYS
def test_from_the_printed_address_to_the_first_programme(open_page, secret, smtp_sink, size, language):
    page = open_page(size=size, language=language)
    name = f"{language}-{size[0]}"
    page.goto("/setup/")
    look(page, f"{name}-1-secret")
    page.goto("about:blank")
    page.goto(f"/setup/#{secret}")  # the address as printed: the secret is typed and sent by itself
    page.wait_for_selector("#id_organisation")
    assert page.url.endswith("/setup/")
    look(page, f"{name}-2-form")

    page.fill("#id_organisation", "Udruženje žena Prijepolja")
    page.fill("#id_name", "Ana Anić")
    page.fill("#id_email", "ana@example.org")
    page.click("#mail button")
    page.wait_for_selector(".tried.well")
    assert "250 kept" in page.inner_text(".tried")
    assert page.input_value("#id_organisation") == "Udruženje žena Prijepolja"
    look(page, f"{name}-3-mail")

    page.fill("#id_programme", "Start-up 2026")
    page.evaluate("document.querySelectorAll('[required]').forEach(field => field.required = false)")
    page.fill("#id_name", "")
    page.fill("#id_trainers", "vera")
    page.press("#id_programme", "Enter")  # presses the button at the end, not that of the letter
    page.wait_for_selector(".error-summary")
    assert page.locator(".error-summary a").count() == 2
    look(page, f"{name}-4-refused")
    page.complaints.clear()  # Chromium tells of the 400

    page.fill("#id_name", "Ana Anić")
    page.fill("#id_trainers", "Vera Verić <vera@example.org>")
    page.click("button.primary")
    page.wait_for_selector("#id_code")
    code = re.search(r"\b\d{6}\b", smtp_sink.to("ana@example.org")[-1].text)[0]
    page.fill("#id_code", code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    page.wait_for_selector("body.shell")
    look(page, f"{name}-5-in")
    assert Tenant.objects.count() == 1
    assert len(smtp_sink.to("vera@example.org")) == 1
    page.goto("/programmes/start-up-2026/")
    look(page, f"{name}-6-programme")


def test_a_wrong_secret_and_a_server_that_refuses(open_page, secret, smtp_sink):
    page = open_page(size=PHONE)
    page.goto("/setup/")
    page.fill("#id_secret", "aaaaa-bbbbb")
    page.click("button.primary")
    page.wait_for_selector("[id=id_secret_error]")
    look(page, "wrong-secret")
    page.complaints.clear()  # Chromium tells of the 400
    page.fill("#id_secret", secret)
    page.click("button.primary")
    page.fill("#id_email", "ana@example.org")
    smtp_sink.refuse = "550 5.7.1 Sender not allowed here"
    page.click("#mail button")
    page.wait_for_selector(".tried:not(.well)")
    look(page, "mail-refused")
