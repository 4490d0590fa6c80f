"""The things a page loads, made from sources when the process starts: app.css, app.js, fonts; and a script of
its own for the page that needs more (static/js/register/ is register.js).

They land in ASSETS_DIR, a STATICFILES_DIRS entry: no font file and no bundle is committed, nothing else
is needed to build them. Sources that did not change are not built again (a few dozen stat calls).
"""

import hashlib
import logging
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

import brotli
from django.conf import settings
from rcssmin import cssmin
from rjsmin import jsmin
from zopfli import gzip as zopfli

from lib.faces import FACES, face_css, face_source, write_face

log = logging.getLogger(__name__)

LAYERS = ("reset", "tokens", "base", "components", "pages", "utilities")
HTMX = Path(find_spec("django_htmx").origin).parent / "static/django_htmx/htmx-2.min.js"


def build():
    """Bring ASSETS_DIR up to date and return its path. Safe in several processes at once.

    A folder that cannot be written is no error as long as the assets are there (an image with them baked in).
    """
    static, target = Path(settings.BASE_DIR) / "static", Path(settings.ASSETS_DIR)
    if (target / "app.js").exists() and not os.access(target, os.W_OK):
        return target
    try:
        (target / "fonts").mkdir(parents=True, exist_ok=True)
        _build_faces(target)
        _build_text(target, "app.css", sorted((static / "css").rglob("*.css")), _style)
        _build_text(target, "app.js", [HTMX, *sorted((static / "js").glob("*.js"))], _script)
        for folder in sorted(path for path in (static / "js").iterdir() if path.is_dir()):
            _build_text(target, f"{folder.name}.js", sorted(folder.glob("*.js")), _script)
    except OSError as error:
        if not (target / "app.css").exists() or not (target / "app.js").exists():
            log.warning("The style and script of the pages could not be written to %s: %s", target, error)
    return target


def _build_faces(target):
    """A face is made once for a version of its package; a new definition in lib/faces.py makes it again."""
    stamp = _stamp([face_source(face) for face in FACES] + [Path(__file__).with_name("faces.py")])
    if _is_fresh(target, "fonts", stamp) and all((target / "fonts" / face.file).exists() for face in FACES):
        return
    for face in FACES:
        _write(target / "fonts" / face.file, write_face(face))
    _write(target / ".fonts.stamp", stamp.encode())


def _build_text(target, name, sources, join):
    stamp = _stamp([*sources, Path(__file__), Path(__file__).with_name("faces.py")])
    if _is_fresh(target, name, stamp):
        return
    content = join(sources).encode()
    _write(target / f"{name}.gz", zopfli.compress(content))
    _write(target / f"{name}.br", brotli.compress(content))
    _write(target / name, content)
    _write(target / f".{name}.stamp", stamp.encode())


def _style(sources):
    """All style files in the order of the layers; a file's layer is its folder, else its own name."""
    by_layer = {layer: [] for layer in LAYERS}
    for path in sources:
        layer = path.parent.name if path.parent.name in by_layer else path.stem
        by_layer[layer].append(path.read_text("utf-8"))
    parts = [f"@layer {', '.join(LAYERS)};", face_css()]
    parts += [f"@layer {layer} {{\n{''.join(texts)}}}" for layer, texts in by_layer.items()]
    return cssmin("\n".join(parts)) + "\n"


def _script(sources):
    """htmx and our own files, each of which keeps its names to itself."""
    return jsmin("\n;\n".join(path.read_text("utf-8") for path in sources)) + "\n"


def _stamp(sources):
    """What the sources are now: name, size and time of change of each."""
    facts = [(path.name, (stat := path.stat()).st_size, stat.st_mtime_ns) for path in sources]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _is_fresh(target, name, stamp):
    path = target / f".{name}.stamp"
    return path.exists() and path.read_text() == stamp and (target / name).exists()


def _write(path, content):
    """Whole or not at all, so that a reader or a second builder never meets half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
