"""What a person reads at an address that only takes what a form sends."""

import pytest
from django.urls import reverse

from tests.factories import make_coordinator, make_programme

pytestmark = pytest.mark.django_db


def test_an_address_of_a_form_says_so_instead_of_nothing(client):
    programme = make_programme()
    client.force_login(make_coordinator(programme))
    answer = client.get(reverse("reminders:gateway_trial"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "There is no page at this address, only what a form sends" in answer.content.decode()
    assert client.head(reverse("reminders:gateway_trial")).content == b""


def test_a_script_gets_its_own_words(client):
    programme = make_programme()
    client.force_login(make_coordinator(programme))
    answer = client.delete("/api/v1/sessions/")
    assert answer.status_code == 405 and answer["Content-Type"].startswith("application/")
