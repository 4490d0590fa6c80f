"""The message catalogues: `python -m lib.catalogues [update|derive|compile|all|check]`; all: the three first.

update   extracts the English sources into the Serbian Latin catalogue, which is translated by hand
derive   writes the Serbian Cyrillic catalogue from the Latin one
check    exit code 1, naming each, when a source is missing, untranslated, fuzzy, or a placeholder differs
compile  writes the .mo files (no gettext needed); `compile_if_stale` does it at start
"""

import os
import re
import sys
import tempfile
from pathlib import Path

import polib

from lib.scripts import to_cyrillic

ROOT = Path(__file__).resolve().parent.parent
LATIN = ROOT / "locale" / "sr_Latn" / "LC_MESSAGES" / "django.po"
CYRILLIC = ROOT / "locale" / "sr" / "LC_MESSAGES" / "django.po"
IGNORED = ("locale", ".venv", "var", "tests", "bench", "docs", "node_modules")
PLACEHOLDER = re.compile(r"%\(\w+\)[-+#0-9.]*[a-zA-Z]|%[sdr]\b|%%|\{\{?\s*\w*\s*\}?\}|</?[a-z][^<>]*>")


def extract(target: Path) -> None:
    """Write all sources of the project into `target`, merged with what it holds already."""
    with tempfile.TemporaryDirectory() as folder:
        sources = _sources(Path(folder))
        if target.exists():
            known = polib.pofile(str(target), wrapwidth=110)
            known.merge(sources)
            for entry in known.obsolete_entries():
                known.remove(entry)
            sources = known
        sources.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        for entry in sources:
            entry.occurrences = sorted({(path, "") for path, _line in entry.occurrences})
            entry.previous_msgid = entry.previous_msgid_plural = None
        sources.metadata = _metadata("sr_Latn" if target == LATIN else "en")
        sources.header = ""
        target.parent.mkdir(parents=True, exist_ok=True)
        sources.save(str(target))


def _sources(folder: Path) -> polib.POFile:
    """What `makemessages` finds, as a catalogue without translations."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    (folder / "locale").mkdir()
    for place in ROOT.iterdir():  # a tree beside ours, so that nothing is written into our own catalogues
        if place.is_dir() and place.name not in IGNORED and not place.name.startswith("."):
            (folder / place.name).symlink_to(place)
    here = Path.cwd()
    os.chdir(folder)
    try:
        call_command("makemessages", locale=["sr_Latn"], verbosity=0, symlinks=True, no_obsolete=True)
    finally:
        os.chdir(here)
    found = polib.pofile(str(folder / "locale" / "sr_Latn" / "LC_MESSAGES" / "django.po"))
    for entry in found:
        entry.msgstr, entry.flags = "", [flag for flag in entry.flags if flag != "fuzzy"]
        entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
    return found


def _metadata(language: str) -> dict[str, str]:
    few = "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14)"
    return {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : {few} ? 1 : 2);",
    }


def derived() -> polib.POFile:
    """The Cyrillic catalogue as the Latin one gives it."""
    latin, out = polib.pofile(str(LATIN)), polib.POFile(wrapwidth=110)
    out.metadata, out.header = _metadata("sr"), "Derived from sr_Latn: do not edit, run `make catalogues`."
    for entry in latin:
        out.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgctxt=entry.msgctxt,
                msgstr=_in_cyrillic(entry, entry.msgstr),
                msgstr_plural={n: _in_cyrillic(entry, text) for n, text in entry.msgstr_plural.items()},
                flags=[flag for flag in entry.flags if flag != "fuzzy"],
            )
        )
    return out


def _in_cyrillic(entry: polib.POEntry, text: str) -> str:
    """The letters of a date format are no words: they stay as they are."""
    return text if (entry.msgctxt or "").startswith("date format") else to_cyrillic(text)


def derive() -> None:
    CYRILLIC.parent.mkdir(parents=True, exist_ok=True)
    derived().save(str(CYRILLIC))


def problems() -> list[str]:
    """Everything that keeps a page from being wholly in its reader's language."""
    if not LATIN.exists():
        return ["there is no catalogue yet: run `make catalogues`"]
    with tempfile.TemporaryDirectory() as folder:
        sources = {(e.msgid, e.msgctxt): e for e in _sources(Path(folder))}
    latin = polib.pofile(str(LATIN))
    known = {(e.msgid, e.msgctxt): e for e in latin if not e.obsolete}
    found = [f"not in the catalogue: {msgid!r}" for msgid, _context in sources.keys() - known.keys()]
    found += [
        f"in the catalogue, but in no source: {msgid!r}" for msgid, _context in known.keys() - sources.keys()
    ]
    for entry in known.values():
        found += _entry_problems(entry)
    if not CYRILLIC.exists() or str(polib.pofile(str(CYRILLIC), wrapwidth=110)) != str(derived()):
        found.append("the Cyrillic catalogue is not what the Latin one gives: run `make catalogues`")
    return sorted(found)


def _entry_problems(entry: polib.POEntry) -> list[str]:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if "fuzzy" in entry.flags:
        return [f"fuzzy: {entry.msgid!r}"]
    if not all(texts) or (entry.msgid_plural and len(texts) != 3):
        return [f"untranslated: {entry.msgid!r}"]
    # each Serbian form stands for many numbers (the first one also for 21 and 31): none may drop the number
    wanted = _held(entry.msgid_plural or entry.msgid)
    return [f"placeholders differ: {entry.msgid!r}"] if any(_held(text) != wanted for text in texts) else []


def _held(text: str) -> list[str]:
    """The placeholders and tags in a text: a translation may change their places, no more."""
    return sorted(PLACEHOLDER.findall(text))


def compile_if_stale() -> None:
    """Write the .mo beside each .po that is newer. Quiet where the folder cannot be written."""
    for source in (LATIN, CYRILLIC):
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            try:
                part = target.with_suffix(f".{os.getpid()}")
                polib.pofile(str(source)).save_as_mofile(str(part))
                part.replace(target)
            except OSError:
                pass


def main(verb: str) -> int:
    if verb == "update":
        extract(LATIN)
    elif verb == "derive":
        derive()
    elif verb == "compile":
        compile_if_stale()
    elif verb == "check":
        found = problems()
        print("\n".join(found) or "every string is translated")
        return 1 if found else 0
    elif verb == "all":
        extract(LATIN)
        derive()
        compile_if_stale()
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or ["all"]))
