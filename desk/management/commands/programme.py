"""`manage.py programme CODE --name NAME`: make a programme, or change it, before files are loaded."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify

from accounts.audit import audit
from accounts.models import Tenant
from people.models import Programme

FIELDS = ("name", "name_sr", "short_name", "start", "end", "zone", "participants")


class Command(BaseCommand):
    help = "Make a programme, or change it: the same command twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument(
            "--tenant", metavar="SLUG", help="whose it is; not needed while there is one organisation"
        )
        parser.add_argument("--organisation", metavar="NAME", help="make an organisation of this name for it")
        parser.add_argument("--name")
        parser.add_argument("--name-sr")
        parser.add_argument("--short-name")
        parser.add_argument("--start", type=date.fromisoformat, help="first day")
        parser.add_argument("--end", type=date.fromisoformat, help="day after the last")
        parser.add_argument("--zone", help="like Europe/Belgrade")
        parser.add_argument("--participants", choices=Programme.Participants.values)

    @transaction.atomic
    def handle(self, *, code, tenant, organisation, **options):
        tenant = self._tenant(tenant, organisation)
        row = Programme.objects.filter(tenant=tenant, code=code).first()
        is_new = row is None
        row = row or Programme(tenant=tenant, code=code, zone=tenant.zone)
        said = {name: options[name] for name in FIELDS if options[name] is not None}
        changed = [name for name, value in said.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, said[name])
        try:
            row.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if is_new or changed:
            row.save()
            audit(None, "create" if is_new else "edit", row, changed, tenant=tenant)
        self.stdout.write(f"{row.code}: {'made' if is_new else 'changed' if changed else 'unchanged'}")

    def _tenant(self, slug: str | None, organisation: str | None) -> Tenant:
        if organisation:
            made, _new = Tenant.objects.get_or_create(
                slug=slug or slugify(organisation), defaults={"name": organisation}
            )
            return made
        found = list(Tenant.objects.filter(slug=slug) if slug else Tenant.objects.all()[:2])
        if len(found) == 1:
            return found[0]
        what = "Several organisations are here" if found else "There is no such organisation yet"
        raise CommandError(f"{what}: give --tenant SLUG, or --organisation NAME to make one.")
