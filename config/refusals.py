"""What no installation in production starts with: secrets that everybody knows, or that can be guessed.

Read by settings.py before anything else, so that web, worker, beat and every command refuse alike; known to
nothing else, so that it needs no settings itself.
"""

import re
import sys
from urllib.parse import unquote, urlsplit

LEAST_LETTERS, LEAST_DIFFERENT = 50, 12
LEAST_PASSWORD = 12
# words of examples, of manuals and of impatience; compared without case and signs
KNOWN = (
    *("changeme", "changethis", "change", "secret", "secretkey", "password", "passw0rd", "admin", "example"),
    *("rasadnik", "django", "djangoinsecure", "postgres", "postgresql", "root", "test", "testing", "default"),
    *("insecure", "yoursecretkey", "supersecret", "letmein", "qwerty", "0123456789", "1234567890", "123456"),
    *("abcdefghijklmnopqrstuvwxyz", "lozinka", "tajna", "promenime", "setme", "replaceme", "todo", "dev"),
    *("the", "key", "my", "your", "please", "me", "in", "production", "value", "this", "it"),
)
MAKE_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"
MAKE_PASSWORD = "python3 -c 'import secrets; print(secrets.token_hex(24))'"  # noqa: S105 - a command that makes one


class Refused(SystemExit):
    """The words on standard error and exit code 1, without a traceback: it is the operator who reads them."""


def refuse_weak_secrets(
    *, key: str, key_is_given: bool, fallbacks: list[str], database_url: str, secure: bool
) -> None:
    """Raise Refused when this is production (TLS, or a database server) and a secret of it is no secret."""
    if not secure and not database_url:
        return
    problems = []
    if secure and database_url and not key_is_given:
        problems.append(f"SECRET_KEY is not set. Make one with: {MAKE_KEY}")
    elif reason := why_weak_key(key):
        problems.append(f"SECRET_KEY {reason}. Make a good one with: {MAKE_KEY}")
    problems += [
        f"One of SECRET_KEY_FALLBACKS {reason}. What it signed has to go: leave it out"
        for reason in map(why_weak_key, fallbacks)
        if reason
    ]
    if reason := why_weak_password(unquote(urlsplit(database_url).password or "")):
        problems.append(
            f"The password in DATABASE_URL (DB_PASSWORD of docker compose) {reason}. "
            f"Make a good one with: {MAKE_PASSWORD}"
        )
    if problems:
        sys.stdout.flush()
        raise Refused("\n".join(["Rasadnik does not start with a secret that can be guessed.", *problems]))


def why_weak_key(key: str) -> str:
    """A reason in words, or nothing."""
    if key.startswith("django-insecure-"):
        return "is one that Django made for trying things out"
    if len(key) < LEAST_LETTERS:
        return f"has {len(key)} letters, and at least {LEAST_LETTERS} are needed"
    if _is_known(key):
        return "is a well-known one"
    if len(set(key)) < LEAST_DIFFERENT or _repeats(key):
        return f"repeats itself: at least {LEAST_DIFFERENT} different letters are needed, in no pattern"
    return ""


def why_weak_password(password: str) -> str:
    """A reason in words, or nothing; also for no password, where the server asks for none."""
    if not password:
        return ""
    if _is_known(password):
        return "is a well-known one"
    if len(password) < LEAST_PASSWORD:
        return f"has {len(password)} letters, and at least {LEAST_PASSWORD} are needed"
    return "repeats itself" if len(set(password)) < 6 or _repeats(password) else ""


def _is_known(text: str) -> bool:
    """Made of nothing but known words, however often and with whatever between them."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    words = "|".join(sorted(map(re.escape, KNOWN), key=len, reverse=True))
    return re.fullmatch(rf"(?:{words})*[0-9]{{0,4}}", plain) is not None


def _repeats(text: str) -> bool:
    """The same piece over and over, such as 0123456789abcdef0123…"""
    return re.fullmatch(r"(.{1,20}?)\1{2,}.{0,20}", text, re.DOTALL) is not None
