"""`manage.py load KIND FILE --programme CODE`: the one door for files. What it does stands in docs/."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from desk.loading.door import KINDS
from desk.loading.engine import Report, load, words_of
from desk.loading.kinds import Target
from lib.sheets import WIDE, SheetError, read
from people.models import Programme

SHOWN = 20  # warnings


class Command(BaseCommand):
    help = (
        "Load people, sessions, mentoring, ideas, answers, results, targets or money from a CSV, XLSX or "
        "ODS file."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("file", nargs="?")
        parser.add_argument(
            "--fields", action="store_true", help="list our fields of this kind as JSON, and stop"
        )
        parser.add_argument("--programme", metavar="CODE")
        parser.add_argument(
            "--tenant", metavar="SLUG", help="only needed where two organisations use one code"
        )
        parser.add_argument(
            "--columns", metavar="MAP.json", help="our fields and their headers; else guessed"
        )
        parser.add_argument(
            "--where", metavar="HEADER=VALUE", action="append", default=[], help="only these rows"
        )
        parser.add_argument("--sheet", metavar="NAME", help="of a workbook; else the first with content")
        parser.add_argument("--source", default="load", help="name under which the file's own ids are kept")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--skip-refused", action="store_true", help="write the other rows")
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--language", choices=dict(settings.LANGUAGES), help="of what is said; else LANGUAGE_CODE's"
        )

    def handle(self, *, language=None, **options):
        with translation.override(language or translation.get_language()):
            self._handle(**options)

    def _handle(self, *, kind, file, fields, **options):
        if fields:
            self.stdout.write(
                json.dumps([f.describe() for f in KINDS[kind].fields], ensure_ascii=False, indent=2)
            )
            return
        if not file or not options["programme"]:
            raise CommandError("Give a file, and --programme CODE to load it into.")
        report = self._load(kind, file, **options)
        for ours, theirs in report.guessed.items():
            said = self.stderr if options["json"] else self.stdout
            said.write(f"{ours} <- {theirs} (guessed)")
        for words in report.meant:
            (self.stderr if options["json"] else self.stdout).write(words)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self._tell(report, dry_run=options["dry_run"])
        if report.refused and not (options["skip_refused"] and report.can_skip):
            raise SystemExit(1)

    def _load(
        self,
        kind,
        file,
        *,
        programme,
        tenant,
        columns,
        where,
        sheet,
        source,
        dry_run,
        skip_refused,
        **options,
    ):
        target = Target(find_programme(programme, tenant), timezone.now(), source=source)
        mapping = read_map(columns) if columns else None
        try:
            table = read(Path(file), sheet=sheet, limits=WIDE)
        except OSError as error:
            raise CommandError(f"{file} cannot be opened: {error.strerror}.") from None
        except SheetError as error:
            return Report(refused=[error.refusal], can_skip=False)
        pairs = [_pair(one) for one in where]
        return load(
            KINDS[kind],
            table,
            target,
            mapping=mapping,
            where=pairs,
            dry_run=dry_run,
            skip_refused=skip_refused,
        )

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        for warning in report.warnings[:SHOWN]:
            self.stdout.write(f"warning: {warning}")
        if len(report.warnings) > SHOWN:
            self.stdout.write(f"and {len(report.warnings) - SHOWN} warnings more; --json lists them all")
        for refusal in report.refused:
            self.stdout.write(f"refused: {words_of(refusal)}")
        said = report.as_json()
        counts = ", ".join(f"{said[name]} {name}" for name in ("read", "created", "updated", "unchanged"))
        self.stdout.write(f"{counts}, {len(report.refused)} refused")
        if not report.written and (report.refused or dry_run):
            self.stdout.write("Nothing was written.")


def find_programme(code: str, tenant: str | None = None) -> Programme:
    found = Programme.objects.filter(code=code).select_related("tenant")
    found = list(found.filter(tenant__slug=tenant) if tenant else found)
    if len(found) == 1:
        return found[0]
    if found:
        slugs = ", ".join(sorted(programme.tenant.slug for programme in found))
        raise CommandError(f"Several organisations have a programme {code}: give --tenant, one of {slugs}.")
    raise CommandError(f"There is no programme {code}. `manage.py programme {code} --name ...` makes it.")


def read_map(path: str) -> dict:
    try:
        mapping = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be opened: {error.strerror}.") from None
    except ValueError as error:
        raise CommandError(f"{path} is no JSON: {error}.") from None
    if not isinstance(mapping, dict):
        raise CommandError(f'{path} must be an object like {{"our field": "their header"}}.')
    return mapping


def _pair(said: str) -> tuple[str, str]:
    header, sign, value = said.partition("=")
    if not sign:
        raise CommandError(f"--where {said}: write HEADER=VALUE.")
    return header, value
