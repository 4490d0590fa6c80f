"""Makes plain `pytest` the one command: servers, both databases, both cores. Loaded by addopts.

Where it runs: the first process ("controller") starts the servers and, before its own pass on PostgreSQL,
a second pytest for the pass on SQLite. pytest-xdist's workers inherit the environment from it.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import programs, services

ROOT = Path(__file__).resolve().parent.parent
ASSETS = "RASADNIK_TEST_ASSETS"  # where faces, style and script were built already: building takes 2 s
# whatever the caller's environment says
FIXED = {"DJANGO_ALLOW_ASYNC_UNSAFE": "1", "PYTHONUNBUFFERED": "1", "DEBUG": "0", "DEMO": "0", "SECURE": "0"}
_given = dict(os.environ)
_stack = ExitStack()
_missing: list[str] = []
NOTHING_RAN, STOPPED, FINE = (
    pytest.ExitCode.NO_TESTS_COLLECTED,
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.OK,
)


def pytest_addoption(parser):
    parser.addoption(
        "--db",
        choices=["both", "postgres", "sqlite"],
        default="both",
        help="the database of the tests; 'both' runs those that use one twice (default)",
    )
    parser.addoption("--database-only", action="store_true", help="only tests that use the database")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Before pytest-django reads the settings: put the environment in place."""
    options = early_config.known_args_namespace
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _own_corner(worker)
    else:
        _prepare(options)
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    if "PYTEST_XDIST_WORKER" in os.environ:
        return (yield)
    _spread(config)
    first = FINE
    if config.option.db == "both" and _runs_tests(config.option):
        first = _on_sqlite(config)
        if first == STOPPED or (first != FINE and config.option.maxfail == 1):
            sys.exit(int(first))
        print("\n=== on PostgreSQL ===", flush=True)
    code = yield
    if first == FINE:
        return code
    print("The pass on SQLite failed: see further up.", flush=True)
    return code or first


def pytest_collection_modifyitems(config, items):
    skip = {}
    if config.option.db == "sqlite":
        wanted = [item for item in items if not _only_on_postgres(item)]
    else:
        wanted = [item for item in items if not item.get_closest_marker("sqlite")]
        skip = {} if programs.chromium() else {"browser": "Chromium is not here: apt-get install chromium"}
    if config.option.database_only:
        wanted = [item for item in wanted if _uses_database(item)]
    for item in wanted:
        for fixture, reason in skip.items():
            if fixture in item.fixturenames:
                item.add_marker(pytest.mark.skip(reason=reason))
    if left := [item for item in items if item not in set(wanted)]:
        config.hook.pytest_deselected(items=left)
        items[:] = wanted


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        _stack.close()


def _prepare(options) -> None:
    folder = Path(tempfile.mkdtemp(prefix="rasadnik-test-"))
    folder.chmod(0o711)  # PostgreSQL, as another user, goes through it
    atexit.register(_stack.close)
    _stack.callback(shutil.rmtree, folder, ignore_errors=True)
    _stack.callback(services.sweep, folder)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)  # as Ctrl-C: everything is put away
    (folder / "tmp").mkdir(mode=0o700)
    os.environ |= FIXED | {
        services.MARK: str(folder),
        "DATA_DIR": f"{folder}/data",
        "TMPDIR": f"{folder}/tmp",
    }
    tempfile.tempdir = None
    _put_assets(folder / "data")
    if options.db == "sqlite" or not _runs_tests(options):
        os.environ |= {"DATABASE_URL": f"sqlite:///{folder}/data/rasadnik.sqlite3", "REDIS_URL": ""}
    elif "DATABASE_URL" not in _given:
        lacking = [name for name in programs.provide(programs.FOR_TESTS, _say) if name in programs.SERVERS]
        if lacking:
            raise pytest.UsageError(f"No {' and no '.join(lacking)} for the tests; --db=sqlite runs without")
        os.environ |= _stack.enter_context(services.servers(folder))


def _own_corner(worker: str) -> None:
    """Each worker has its own data folder and its own numbered Redis database."""
    number = int(worker.removeprefix("gw")) + 1
    shared = Path(os.environ["DATA_DIR"])
    os.environ |= {"DATA_DIR": f"{shared}-{worker}", ASSETS: str(shared / "assets")}
    _put_assets(Path(os.environ["DATA_DIR"]))
    if url := os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = f"{url.rsplit('/', 1)[0]}/{number}"


def _put_assets(data: Path) -> None:
    data.mkdir(parents=True)
    if built := os.environ.get(ASSETS):
        (data / "assets").symlink_to(built)
    elif (ROOT / "var/assets").is_dir():
        shutil.copytree(ROOT / "var/assets", data / "assets")


def _spread(config) -> None:
    """A whole run goes over two processes; one file runs in this one, where it starts sooner."""
    narrow = len(config.args) == 1 and Path(config.args[0].split("::")[0]).suffix == ".py"
    option = config.option
    if (
        getattr(option, "numprocesses", 0) is None
        and not narrow
        and not option.usepdb
        and _runs_tests(option)
    ):
        option.numprocesses = 2
        option.dist = "worksteal" if option.dist == "no" else option.dist


def _on_sqlite(config) -> int:
    """The same selection once more, on SQLite, in a pytest of its own. Returns its exit code."""
    print("=== on SQLite (tests that use the database) ===", flush=True)
    invocation = config.invocation_params
    command = [sys.executable, "-m", "pytest", *invocation.args, "--db=sqlite", "--database-only"]
    ours = {"TMPDIR": os.environ["TMPDIR"], ASSETS: f"{os.environ['DATA_DIR']}/assets"}
    process = subprocess.Popen(command, cwd=invocation.dir, env={**_given, **ours})
    try:
        code = process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        return STOPPED
    return FINE if code == NOTHING_RAN else code


def _only_on_postgres(item) -> bool:
    processes = {"celery_worker", "browser"}.intersection(item.fixturenames)
    return bool(processes or item.get_closest_marker("journey") or item.get_closest_marker("postgres"))


def _uses_database(item) -> bool:
    uses = {"db", "transactional_db", "django_db_reset_sequences"}.intersection(item.fixturenames)
    case = getattr(item, "cls", None)
    return bool(uses or item.get_closest_marker("django_db") or hasattr(case, "databases"))


def _runs_tests(options) -> bool:
    asked = ("collectonly", "help", "version", "markers", "showfixtures", "show_fixtures_per_test")
    return not any(getattr(options, name, False) for name in asked)


def _say(line: str) -> None:
    print(line, flush=True)
