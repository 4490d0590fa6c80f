"""A funding with the modules that it pays for, and its logo."""

from collections.abc import Iterable

from django.core.files import File
from django.db import transaction

from accounts import files
from accounts.audit import audit
from accounts.models import StoredFile, Tenant, User
from lib import pictures
from people import services as people
from people.models import Funding, Organisation, Project
from training.models import Module

LOGO = 800  # points of its longer side: enough for paper


def keep_logo(*, by: User, tenant: Tenant, file: File) -> StoredFile:
    """Made anew and stored; outside of any transaction. Raises ValidationError for what is no picture."""
    content = pictures.smaller(file.read(), longest=LOGO)
    name = files.shown_name(file.name).rpartition(".")[0] or "logo"
    return files.keep(
        by=by,
        tenant=tenant,
        purpose=StoredFile.Purpose.LOGO,
        name=name + pictures.ending(content),
        content=content,
    )


@transaction.atomic
def set_funding(
    *,
    by: User,
    project: Project,
    funding: Funding | None = None,
    funder: Organisation | None = None,
    name: str = "",
    name_sr: str = "",
    modules: Iterable[Module] = (),
    **said,
) -> Funding:
    """A new one names its funder, or one that nobody wrote down yet. A logo that another takes the
    place of stays stored: a summary that was issued shows it."""
    if funding is None:
        said |= {"project": project, "funder": funder or _new(by, project.tenant, name, name_sr)}
    row = people.save_funding(by=by, funding=funding, **said)
    if set(row.modules.all()) != (wanted := set(modules)):
        row.modules.set(wanted)
        audit(by, "change", row, ["modules"], tenant=project.tenant)
    return row


def _new(by: User, tenant: Tenant, name: str, name_sr: str) -> Organisation:
    kind = Organisation.Kind.FUNDER
    return people.save_organisation(by=by, tenant=tenant, name=name, name_sr=name_sr, kind=kind)
