"""Stored files in a bucket: a real server of S3-compatible storage that checks signatures, and processes that
share nothing but it and the database."""

import os
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.fleet import BIN, Fleet, database
from tests.services import child, free_port, wait_until

pytestmark = pytest.mark.postgres
KEYS = {"S3_ACCESS_KEY": "rasadnik", "S3_SECRET_KEY": "b7d1c4e90a2f4c88b7d1c4e90a2f4c88"}
MAKE = """
from accounts import files
from accounts.models import Tenant
from tests.factories import make_user
tenant = Tenant.objects.first()
by = make_user(email="ana@example.org")
row = files.keep(by=by, tenant=by.tenant, purpose="import", name="a.csv", content=bytes(range(256)) * 12_000)
print(row.pk, row.content.name)
"""
READ = """
from accounts import files
from accounts.models import StoredFile
row = StoredFile.objects.get(pk={pk})
with files.open_file(row) as file:
    content = file.read()
print(len(content) == row.size, __import__("hashlib").sha256(content).hexdigest() == row.digest)
print(b"".join(files.attachment(row).streaming_content) == content)
"""
DROP = """
from accounts import files
from accounts.models import StoredFile
row = StoredFile.objects.get(pk={pk})
files.drop(row, by=row.by)
try:
    files.open_file(row).read()
except FileNotFoundError:
    print("gone")
"""


@pytest.fixture(scope="module")
def storage(tmp_path_factory):
    """The server's address and its folder; the bucket is there."""
    folder, port = tmp_path_factory.mktemp("s3"), free_port()
    keys = ["--access-key-id", KEYS["S3_ACCESS_KEY"], "--secret-access-key", KEYS["S3_SECRET_KEY"]]
    words = ["--path", folder / "data", "--listen", f"127.0.0.1:{port}", "--allow-bucket-creation", *keys]
    with child([BIN / "pys3local", "serve", *words], log=folder / "s3.log") as process:
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: answer(address) or process.poll() is not None, seconds=60, what="the storage")
        make_bucket(address)
        yield address, folder


def answer(address: str) -> int:
    """The status that somebody without keys gets; 0 for none."""
    try:
        with urllib.request.urlopen(address, timeout=5) as found:
            return found.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def make_bucket(address: str) -> None:
    import boto3

    boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEYS["S3_ACCESS_KEY"],
        aws_secret_access_key=KEYS["S3_SECRET_KEY"],
    ).create_bucket(Bucket="files")


@pytest.fixture(scope="module")
def fleet(storage, tmp_path_factory):
    (address, _folder), tmp_path = storage, tmp_path_factory.mktemp("s3-fleet")
    broker = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/62"
    with (
        database(os.environ["DATABASE_URL"], f"s3_{os.getpid()}") as base,
        Fleet(
            tmp_path, database=base, broker=broker, S3_ENDPOINT=address, S3_BUCKET="files", **KEYS
        ) as fleet,
    ):
        fleet.run("migrate", "-v0")
        yield fleet


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_one_process_keeps_another_reads_and_drops(fleet, storage):
    address, folder = storage
    pk, name = fleet.script(MAKE, name="one").split()
    assert re.fullmatch(r"\d+/import/[0-9a-f]{32}", name)
    assert answer(f"{address}/files/{name}") == 403  # nothing of it is public
    assert sum(path.stat().st_size for path in files_below(folder / "data")) >= 256 * 12_000

    assert fleet.script(READ.format(pk=pk), name="two").split() == ["True", "True", "True"]
    assert fleet.script(DROP.format(pk=pk), name="three").split() == ["gone"]
    assert not [path for path in files_below(folder / "data") if path.name in name]
    # no process left a file in its own folder
    kept = [path for one in ("one", "two", "three") for path in files_below(fleet.folder / one)]
    assert kept == []


def test_a_wrong_key_is_refused_and_nothing_is_kept(fleet, monkeypatch):
    before = fleet.read("from accounts.models import StoredFile; print(StoredFile.objects.count())")
    with monkeypatch.context() as patch:
        patch.setitem(fleet.environment, "S3_SECRET_KEY", "another")
        with pytest.raises(AssertionError, match="AccessDenied"):
            fleet.script(
                MAKE.replace("ana@", "vera@").replace("make_user(", "make_user(tenant, "), name="one"
            )
    assert fleet.read("from accounts.models import StoredFile; print(StoredFile.objects.count())") == before
