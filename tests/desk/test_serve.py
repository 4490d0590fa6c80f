"""The one-process server as a person meets it: a real process, its signals, its second start."""

import mailbox
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from desk.demo.people import PASSWORD, SIGN_INS
from tests.desk.serving import PATIENCE, Serving, Visitor
from tests.faults.fault_jobs import killed_and_started
from tests.services import wait_until


@pytest.fixture
def serving(tmp_path):
    with Serving(tmp_path / "data", migrated=True) as installation:
        yield installation


@pytest.fixture
def nothing(tmp_path):
    with Serving(tmp_path / "data") as installation:
        yield installation


def test_first_start_from_nothing_then_again_with_the_same_data(nothing):
    serving = nothing
    serving.start()
    said = serving.log.read_text()
    assert f"Rasadnik is at {serving.url}/" in said
    assert [person.email for person in SIGN_INS if person.email not in said] == []
    assert said.isascii()
    coordinator = Visitor(serving)
    coordinator.sign_in(SIGN_INS[0].email, PASSWORD)
    assert "Start-up 2017" in coordinator.get("/programmes/startup-2017/")
    assert serving.stop(signal.SIGINT) == 0
    programmes = serving.script(
        "from people.models import Programme; print(*Programme.objects.values_list('pk'))"
    )

    begun = time.monotonic()
    serving.start()
    assert time.monotonic() - begun < 20  # 5 s on an idle machine
    assert Visitor(serving).status("/static/app.css") == 200
    assert serving.stop(signal.SIGTERM) == 0
    assert (
        serving.script("from people.models import Programme; print(*Programme.objects.values_list('pk'))")
        == programmes
    )


def test_a_code_by_mail_goes_through_smtp_into_the_post_box(serving):
    serving.script("from tests.factories import make_user; make_user(email='ana@example.org')")
    serving.start("--no-demo")
    visitor = Visitor(serving)
    visitor.get("/accounts/login/code/")
    visitor.post("/accounts/login/code/", email="ana@example.org")
    box = mailbox.Maildir(serving.folder / "postbox")
    wait_until(lambda: len(box), seconds=PATIENCE, what="a letter")
    [letter] = box
    assert letter["To"] == "ana@example.org"


def test_without_the_demo_it_prints_the_address_to_set_it_up_once_and_where_letters_lie(serving):
    serving.environment["DEMO"] = "0"
    serving.start()
    wait_until(lambda: "/setup/#" in serving.log.read_text(), seconds=PATIENCE, what="the address")
    secret = re.search(rf"{serving.url}/setup/#(\S+)", serving.log.read_text())[1]
    visitor = Visitor(serving)
    visitor.get("/setup/")
    assert 'name="organisation"' in visitor.post("/setup/", do="secret", secret=secret)
    assert "kept on this machine, in" in visitor.post("/setup/", do="mail", email="ana@example.org")
    told = r"A letter to ana@example\.org lies in (\S+)\n"
    wait_until(lambda: re.search(told, serving.log.read_text()), seconds=PATIENCE, what="its place")
    assert "The mail works" in Path(re.search(told, serving.log.read_text())[1]).read_text()
    assert serving.stop() == 0
    before = serving.log.read_text()
    serving.start()
    wait_until(
        lambda: "is not printed twice" in serving.log.read_text(), seconds=PATIENCE, what="the second start"
    )
    assert "/setup/#" not in serving.log.read_text().removeprefix(before)


def test_a_second_interrupt_ends_at_once(serving):
    serving.start("--no-demo")
    serving.process.send_signal(signal.SIGINT)
    time.sleep(0.3)  # ending in order takes about two seconds
    assert serving.stop(signal.SIGINT) == 130


def test_a_second_server_of_the_same_folder_is_refused(serving):
    serving.start("--no-demo")
    second = serving.run("serve", "--port", "0")
    assert second.returncode == 1
    assert f"Process {serving.process.pid} is serving {serving.folder} already." in second.stderr


def test_a_taken_port_is_refused_before_anything_is_made(nothing):
    serving = nothing
    with socket.socket() as other:
        other.bind(("127.0.0.1", serving.port))
        other.listen()
        refused = serving.run("serve")
    assert refused.returncode == 1
    assert f"127.0.0.1:{serving.port} cannot be served" in refused.stderr
    assert list(serving.folder.glob("*.sqlite3")) == []


@pytest.mark.parametrize("port", ["eighty", "70000"])
def test_a_port_that_is_none_is_refused_in_words(serving, port):
    refused = serving.run("serve", "--port", port)
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)


def test_accepted_work_survives_kill_9(tmp_path):
    found = killed_and_started(tmp_path / "data", 8)
    assert found["after"]["jobs"] == {"done": 8}
    assert found["after"]["issues"] == found["reports"]
