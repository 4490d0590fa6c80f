"""Requests per second, four at a time: by `wrk` where it is, else by threads of our own."""

import http.client
import re
import shutil
import subprocess
import threading
import time

CONNECTIONS = 4


def rate(port: int, path: str, headers: dict[str, str], seconds: float) -> float:
    """Only answers with 200 count; any other raises AssertionError."""
    return (_wrk if shutil.which("wrk") else _threads)(port, path, headers, seconds)


def _wrk(port: int, path: str, headers: dict[str, str], seconds: float) -> float:
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", f"http://127.0.0.1:{port}{path}"]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    out = subprocess.run(words, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    assert "Non-2xx" not in out, out
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def _threads(port: int, path: str, headers: dict[str, str], seconds: float) -> float:
    counts, wrong, until = [], [], time.monotonic() + seconds

    def ask():
        count, link = 0, http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < until:
            link.request("GET", path, headers=headers)
            answer = link.getresponse()
            answer.read()
            wrong.extend([answer.status] if answer.status != 200 else [])
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=ask) for _n in range(CONNECTIONS)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [], wrong[:5]
    return sum(counts) / (time.monotonic() - begun)
