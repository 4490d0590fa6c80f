"""An archive whose bytes follow from what is put into it: no clocks, no names of machines."""

import hashlib
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

HASHES = "hashes.txt"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that an archive can name
_PACKED = (".jpg", ".png", ".pdf")  # packed in themselves already


class Packer:
    """Add files one by one, then `close`: the list of their SHA-256 is the last file, as `sha256sum -c`
    reads it. Nothing is held in memory but what is being added."""

    def __init__(self, file: IO[bytes]):
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self._hashes: list[str] = []

    def add(self, path: str, content: bytes) -> None:
        self._hashes.append(f"{hashlib.sha256(content).hexdigest()}  {path}\n")
        self._write(path, content)

    def close(self) -> None:
        self._write(HASHES, "".join(self._hashes).encode())
        self._zip.close()

    def _write(self, path: str, content: bytes) -> None:
        about = ZipInfo(path, _EPOCH)
        about.external_attr, about.create_system = 0o644 << 16, 3
        about.compress_type = ZIP_STORED if path.endswith(_PACKED) else ZIP_DEFLATED
        self._zip.writestr(about, content)
