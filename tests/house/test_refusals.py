"""No start with a known, short or patterned secret: the words, and every real command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.refusals import Refused, refuse_weak_secrets, why_weak_key, why_weak_password
from tests.house.rooms import ROOT

BIN = Path(sys.executable).parent
GOOD = "k3Vb9-Xq7_LmT2rYw8ZsN4cHd6JfPgA5eUxRoQiKtBvMzWnC1yDhF0"
DATABASE = "postgres://rasadnik:{}@127.0.0.1:1/rasadnik"
GOOD_DATABASE = DATABASE.format("b7d1c4e90a2f4c88")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (GOOD, ""),
        ("a1b2c3d4e5f6g7h8" + GOOD, ""),
        (GOOD[:49], "has 49 letters, and at least 50 are needed"),
        ("", "has 0 letters, and at least 50 are needed"),
        ("django-insecure-" + GOOD, "is one that Django made for trying things out"),
        ("changeme" * 8, "is a well-known one"),
        ("Change-Me Please! " * 4, "is a well-known one"),
        ("supersecret_rasadnik_production_secret_key_1234567890", "is a well-known one"),
        ("a" * 60, "repeats itself: at least 12 different letters are needed, in no pattern"),
        ("ab3" * 30, "repeats itself: at least 12 different letters are needed, in no pattern"),
        ("q8w7e6r5t4y3u2i1" * 5, "repeats itself: at least 12 different letters are needed, in no pattern"),
    ],
)
def test_a_key(key, reason):
    assert why_weak_key(key) == reason


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", ""),  # a server that asks for none
        ("b7d1c4e90a2f4c88", ""),
        ("postgres", "is a well-known one"),
        ("Password123", "is a well-known one"),
        ("rasadnik", "is a well-known one"),
        ("b7d1c4e90a2", "has 11 letters, and at least 12 are needed"),
        ("abababababab", "repeats itself"),
    ],
)
def test_a_password(password, reason):
    assert why_weak_password(password) == reason


def asked(key="", fallbacks=(), database="", secure=False, given=True):
    refuse_weak_secrets(
        key=key, key_is_given=given, fallbacks=list(fallbacks), database_url=database, secure=secure
    )


def test_one_process_on_this_machine_is_left_alone():
    asked(key="changeme")


def test_a_key_made_by_the_installation_will_do_beside_a_database_without_tls_only():
    asked(key=GOOD, given=False, database=GOOD_DATABASE)
    with pytest.raises(Refused, match="SECRET_KEY is not set"):
        asked(key=GOOD, given=False, database=GOOD_DATABASE, secure=True)


def test_an_old_key_that_is_known_is_refused_too():
    with pytest.raises(Refused, match="One of SECRET_KEY_FALLBACKS is a well-known one"):
        asked(key=GOOD, fallbacks=[GOOD, "changeme" * 8], secure=True)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(Refused) as refused:
        asked(key="x", database=DATABASE.format("p%6Fstgres"), secure=True)
    assert str(refused.value).splitlines() == [
        "Rasadnik does not start with a secret that can be guessed.",
        "SECRET_KEY has 1 letters, and at least 50 are needed. Make a good one with: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(60))'",
        "The password in DATABASE_URL (DB_PASSWORD of docker compose) is a well-known one. "
        "Make a good one with: python3 -c 'import secrets; print(secrets.token_hex(24))'",
    ]


COMMANDS = {
    "web": [BIN / "gunicorn", "config.wsgi:application", "--bind", "127.0.0.1:0"],
    "worker": [BIN / "celery", "-A", "config", "worker"],
    "beat": [BIN / "celery", "-A", "config", "beat", "--pidfile="],
    "migrate": [sys.executable, "manage.py", "migrate", "--no-input"],
    "setup": [sys.executable, "manage.py", "setup"],
    "serve": [sys.executable, "manage.py", "serve"],
    "check": [sys.executable, "manage.py", "check"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY has 8 letters, and at least 50 are needed."),
        ({"DATABASE_URL": DATABASE.format("secret")}, "(DB_PASSWORD of docker compose) is a well-known one."),
    ],
)
def test_every_command_refuses_in_words(command, changed, words, tmp_path):
    done = started(command, changed, tmp_path)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "changeme" not in done.stderr


def test_with_good_secrets_the_same_command_goes_on(tmp_path):
    done = started(COMMANDS["check"], {}, tmp_path)
    assert done.returncode == 0, done.stderr


def started(command, changed: dict, folder: Path) -> subprocess.CompletedProcess:
    environment = {name: os.environ[name] for name in ("PATH", "TMPDIR", "HOME") if name in os.environ}
    environment |= {
        "DATA_DIR": str(folder),
        "ASSETS_DIR": f"{os.environ['DATA_DIR']}/assets",  # made already
        "SECURE": "1",
        "SECRET_KEY": GOOD,
        "DATABASE_URL": GOOD_DATABASE,
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    return subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=environment | changed,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
