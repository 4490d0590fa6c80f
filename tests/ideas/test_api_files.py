"""Files of ideas for scripts: sent both ways, listed, handed over, taken away; by whom the page lets."""

from base64 import b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import StoredFile
from ideas import attachments, rules, services
from ideas.models import IdeaFile, Nomination, Round
from tests.factories import (
    make_administrator,
    make_coordinator,
    make_join,
    make_programme,
    make_seat,
    make_task,
    make_user,
)

FILES = "/api/v1/idea-files/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF"


@pytest.fixture
def hung(world, now):
    """Three files on the first idea, of which the second was taken away; one on the second idea."""
    first, second = world.ideas
    for n, name in enumerate(("first.txt", "gone.txt", "Nevenka Zlatiborac.PDF")):
        content = PDF if n == 2 else b"%d" % n
        row, _ = services.attach(by=world.trainer, idea=first, file=content, name=name, now=now)
        if n == 1:
            services.detach(by=world.trainer, attachment=row, now=now)
    services.attach(by=world.trainer, idea=second, file=b"x", name="Nevenka.csv", now=now)
    return row


def sent(client, name, content, **said):
    said |= {"name": name, "content": b64encode(content).decode()}
    return client.post(FILES, said, content_type="application/json")


def names(client, query="") -> list[str]:
    return [one["name"] for one in client.get(f"{FILES}?order=id{query}").json()["results"]]


def handed(client, pk):
    return client.get(f"{FILES}{pk}/content/")


def test_a_script_sends_lists_fetches_and_takes_away(
    client, world, monkeypatch, django_capture_on_commit_callbacks
):
    depths, safe = [], attachments.made_safe
    monkeypatch.setattr(
        attachments, "made_safe", lambda *said: depths.append(len(connection.savepoint_ids)) or safe(*said)
    )
    client.force_login(world.trainer)
    idea, other = world.ideas
    depth = len(connection.savepoint_ids)
    made = sent(client, "Ponuda.pdf", PDF, idea=idea.pk)
    assert (made.status_code, made.json()["name"], made.json()["size"]) == (201, "Ponuda.pdf", len(PDF))
    assert sent(client, "again.pdf", PDF, idea=idea.pk).json() == made.json()
    form = {"idea": other.pk, "file": SimpleUploadedFile("cene.csv", b"ime;cena")}
    assert client.post(FILES, form).json()["name"] == "cene.csv"
    assert set(depths) == {depth}  # a content is looked at outside of transactions
    assert (names(client), names(client, f"&idea={idea.pk}")) == (["Ponuda.pdf", "cene.csv"], ["Ponuda.pdf"])
    assert names(client, f"&programme={world.programme.code}") == ["Ponuda.pdf", "cene.csv"]
    pk = made.json()["id"]
    assert client.get(f"{FILES}{pk}/").json() == made.json()
    answer = handed(client, pk)
    assert b"".join(answer.streaming_content) == PDF
    said = (answer["Content-Disposition"], answer["Content-Type"], answer["X-Content-Type-Options"])
    assert said == ('attachment; filename="Ponuda.pdf"', "application/pdf", "nosniff")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(f"{FILES}{pk}/").status_code == 204
    assert [client.get(f"{FILES}{pk}/").status_code, handed(client, pk).status_code] == [404, 404]
    assert names(client) == ["cene.csv"]
    assert (IdeaFile.objects.get(pk=pk).removed_by, StoredFile.objects.count()) == (world.trainer, 1)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "is of no kind that is taken"),
        ("a.pdf", b"<html>", "is not what its ending says"),
        ("a.txt", b"x" * (10 * 1024 * 1024 + 1), "The file is larger than 10 MB."),
        ("a.txt", b"x" * 10_700_000, "Ensure this field has no more than 14000000 characters."),
    ],
)
def test_what_the_page_refuses_a_script_is_refused_in_the_same_words(client, world, name, content, words):
    client.force_login(world.trainer)
    answer = sent(client, name, content, idea=world.ideas[0].pk)
    assert (answer.status_code, list(answer.json())) == (400, ["content"])
    assert words in answer.json()["content"][0]
    assert StoredFile.objects.count() == 0


def test_what_is_no_file_and_what_is_too_large_for_any(client, world):
    client.force_login(world.trainer)
    for said in ({"name": "a.txt"}, {"content": "eA=="}, {"name": "a.txt", "content": "%%"}):
        answer = client.post(FILES, said | {"idea": world.ideas[0].pk}, content_type="application/json")
        assert (answer.status_code, list(answer.json())) == (400, ["content"])
    answer = sent(client, "a.txt", b"x" * 12 * 1024 * 1024, idea=world.ideas[0].pk)
    assert (answer.status_code, answer.json()["detail"]) == (413, "The file is larger than 10 MB.")
    largest = sent(client, "a.txt", b"x" * 10 * 1024 * 1024, idea=world.ideas[0].pk)
    assert (largest.status_code, largest.json()["size"]) == (201, 10 * 1024 * 1024)
    assert client.post(f"{FILES}bulk/", {}, content_type="application/json").status_code in (404, 405)


def test_who_judges_blind_reads_names_that_say_nothing(client, world, hung):
    client.force_login(world.mentors[0])
    blind = ["Attachment 1.txt", "Attachment 3.pdf", "Attachment 1.csv"]
    assert names(client) == blind
    assert client.get(f"{FILES}{hung.pk}/").json()["name"] == "Attachment 3.pdf"
    assert handed(client, hung.pk)["Content-Disposition"] == 'attachment; filename="Attachment 3.pdf"'
    Round.objects.update(is_blind=False)
    plain = ["first.txt", "Nevenka Zlatiborac.PDF", "Nevenka.csv"]
    assert names(client) == plain
    assert handed(client, hung.pk)["Content-Disposition"] == 'attachment; filename="Nevenka Zlatiborac.PDF"'


def test_a_name_is_hidden_exactly_where_the_nominators_are(world, hung):
    """`there_for` says for many rows what `rules.may_see_nominators` says for one."""
    make_join(world.ideas[1], world.ideas[0])
    world.tasks[0][1].delete()  # she judges the one that it stands under only
    make_task(make_seat(world.round, world.trainer.person), world.ideas[0])
    nominator = Nomination.objects.get(idea=world.ideas[1]).enrolment.person
    nominator.user = make_user(world.programme.tenant)
    nominator.save()
    readers = [world.coordinator, world.trainer, *world.mentors, nominator.user]
    readers.append(make_administrator(world.programme.tenant))
    seen = set()
    for round in ({"is_blind": True}, {"is_blind": False}):
        Round.objects.update(**round)
        for reader in readers:
            for row in IdeaFile.objects.visible_to(reader).there_for(reader):
                assert row.is_blind is not rules.may_see_nominators(reader, row.idea)
                seen.add((reader, row.is_blind))
    blind = {reader for reader, is_blind in seen if is_blind}
    assert blind == {world.trainer, *world.mentors}


def test_who_may_only_read_sends_and_takes_away_nothing(client, world, hung):
    client.force_login(world.mentors[0])
    assert sent(client, "a.txt", b"x", idea=world.ideas[0].pk).status_code == 403
    assert client.delete(f"{FILES}{hung.pk}/").status_code == 403
    assert IdeaFile.objects.get(pk=hung.pk).removed_at is None


def test_a_stranger_finds_nothing(client, world, hung):
    client.force_login(make_coordinator(make_programme()))
    assert names(client) == []
    answers = [client.get(f"{FILES}{hung.pk}/"), handed(client, hung.pk), client.delete(f"{FILES}{hung.pk}/")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    answer = sent(client, "a.txt", b"x", idea=world.ideas[0].pk)
    assert (answer.status_code, list(answer.json())) == (400, ["idea"])
    assert IdeaFile.objects.count() == 4
