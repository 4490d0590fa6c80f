"""What a certificate says: facts gathered once, frozen, read from then on by the paper and the check page."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from lib import clock, signing
from lib.languages import told
from people.models import Programme
from training.hours import NONE, Hours, progress
from training.models import CertificateEdition, Enrolment, Module, RosterEntry
from training.register.sheet import duration
from training.visibility import funders_of

PURPOSE = "training.certificate"
SHOWS = ("name", "hours", "modules", "dates")  # what the holder may let the check page say


def refusal(enrolment: Enrolment, hours: Hours) -> str:
    """Why there is no certificate for her, in words with the numbers; empty when there may be one."""
    person = {"name": str(enrolment.person)}
    if not hours.takes_part or enrolment.state not in Enrolment.TAKING_PART:
        state = {"state": enrolment.get_state_display()}
        return _("%(name)s does not take part (%(state)s).") % (person | state)
    if not enrolment.person.name.strip():
        return _("The name of %(name)s is not known: a certificate needs it.") % person
    if not hours.planned:
        return _("%(name)s stands on no roster with hours: there is nothing to complete.") % person
    if not hours.completes:
        return _("%(name)s: %(rule)s") % (person | {"rule": so_far(hours)})
    return ""


def so_far(hours: Hours) -> str:
    """ "17 h 30 min of 36 h; 80 % are 28 h 48 min." The share is that of the rule, worked out."""
    what = {"attended": duration(hours.attended), "planned": duration(hours.planned)}
    what |= {"needed": duration(hours.needed), "share": hours.wanted}
    return _("%(attended)s of %(planned)s; %(share)s %% are %(needed)s.") % what


def rule_said(hours: dict) -> str:
    """The rule as an example, from the frozen numbers of an edition."""
    what = {
        "share": hours["share"],
        "planned": length(hours["planned"]),
        "needed": length(hours["needed"]),
        "attended": length(hours["attended"]),
    }
    return (
        _(
            "Complete from %(share)s %% of the planned hours: of %(planned)s that is %(needed)s; "
            "attended were %(attended)s."
        )
        % what
    )


def length(minutes: int) -> str:
    """A duration that is never broken over two lines."""
    return duration(minutes).replace(" ", "\u00a0")


class Standing(NamedTuple):
    """Where one person of a programme stands: her hours, and why she cannot have a certificate, if so."""

    enrolment: Enrolment
    hours: Hours
    refusal: str

    @property
    def said(self) -> str:
        """As the list of people says it."""
        what = {"attended": duration(self.hours.attended), "planned": duration(self.hours.planned)}
        return _("%(attended)s of %(planned)s") % what if self.hours.planned else ""


def standings(programme: Programme) -> list[Standing]:
    """Everybody who takes part, in the order of names. Two queries; the certificate, if any, is at hand."""
    people = programme.enrolments.taking_part().select_related("person", "programme", "certificate")
    known = progress(programme)
    found = []
    for enrolment in people.order_by("person__name_key", "pk"):
        hours = known.get(enrolment.pk, NONE)
        found.append(Standing(enrolment, hours, refusal(enrolment, hours)))
    return found


def drafts(programme: Programme, enrolments: Iterable[Enrolment], now: datetime) -> dict[int, dict]:
    """What the certificates of these people would say now, by key of the enrolment. As many queries for
    one as for all. Whether they may have one is not asked here."""
    enrolments = list(enrolments)
    shared = _of_programme(programme) | {"issued_on": clock.local(now, programme.zone).date().isoformat()}
    titles, parts = _titles_of_modules(programme, shared["languages"]), _parts(enrolments)
    known = progress(programme, [enrolment.pk for enrolment in enrolments])
    return {
        one.pk: shared
        | _of_person(one, known.get(one.pk, NONE), parts[one.pk], titles, programme.completion_share)
        for one in enrolments
    }


def _of_programme(programme: Programme) -> dict:
    languages = list(dict.fromkeys(filter(None, [programme.language, programme.second_language])))
    signatories = []
    for one in programme.signatories.all():
        roles = in_each(languages, lambda one=one: told(one.role, one.role_sr))
        signatories.append({"name": one.name, "roles": {k: v for k, v in roles.items() if v}})
    with translation.override(languages[0]):
        paid = funders_of(programme)
    return {
        "form": 1,
        "languages": languages,
        "issuer": programme.tenant.name,
        "programme": {"code": programme.code, "titles": in_each(languages, lambda: programme.title)},
        "signatories": signatories,
        "funders": [
            {
                "funding": one.funding.pk,
                "name": one.name,
                "language": one.language,
                "wording": one.wording,
                "disclaimer": one.disclaimer,
                "logo": one.logo and one.logo.pk,
            }
            for one in paid
        ],
    }


def in_each(languages: list[str], words) -> dict[str, str]:
    """The same, said in each language."""
    found = {}
    for language in languages:
        with translation.override(language):
            found[language] = str(words())
    return found


def _titles_of_modules(programme: Programme, languages: list[str]) -> dict[int | None, dict[str, str]]:
    """In the order of modules; what belongs to none comes last."""
    modules = Module.objects.filter(programme=programme).order_by("number")
    titles = {module.pk: in_each(languages, lambda module=module: module.title) for module in modules}
    return titles and titles | {None: in_each(languages, lambda: _("Other sessions"))}


def _parts(enrolments: list[Enrolment]) -> dict[int, dict]:
    """Her sittings by module: {enrolment: {module: [(day, planned, attended, place), …]}}."""
    entries = RosterEntry.objects.filter(enrolment__in=enrolments, session__cancelled_at=None).order_by()
    found = defaultdict(lambda: defaultdict(list))
    columns = (
        "enrolment_id", "session__module_id", "session__day", "planned_minutes", "attendance__minutes",
        "session__venue__name", "session__module__venue__name",
    )  # fmt: skip
    for pk, module, day, planned, minutes, venue, usual in entries.values_list(*columns):
        found[pk][module].append((day, planned, minutes, venue or usual or ""))
    return found


def _of_person(enrolment: Enrolment, hours: Hours, parts: dict, titles: dict, share: int) -> dict:
    rows = [{"titles": titles[module], **_summed(parts[module])} for module in titles if parts.get(module)]
    whole = _summed([sitting for sittings in parts.values() for sitting in sittings])
    return {
        "name": str(enrolment.person),
        "hours": {
            "attended": hours.attended,
            "planned": hours.planned,
            "needed": hours.needed,
            "share": share,
        },
        "modules": rows,
        "first": whole["first"],
        "last": whole["last"],
        "places": whole["places"],
    }


def _summed(sittings: list[tuple]) -> dict:
    """As hours are counted: a session without a length counts for nothing."""
    days = sorted(day.isoformat() for day, *_rest in sittings if day)
    return {
        "first": days[0] if days else "",
        "last": days[-1] if days else "",
        "planned": sum(planned or 0 for _day, planned, *_rest in sittings),
        "attended": sum(minutes or 0 for _day, planned, minutes, _place in sittings if planned is not None),
        "places": sorted({place for *_rest, place in sittings if place}),
    }


# --- the address on the paper


def token_of(edition: CertificateEdition) -> str:
    return signing.sign(PURPOSE, edition.pk or 0, edition.certificate.revision)


def address(edition: CertificateEdition) -> str:
    """What the QR code carries, and what can be typed."""
    path = reverse("training:certificate_check", args=[token_of(edition)])
    return settings.SITE_URL.rstrip("/") + path


def edition_of(token: str) -> CertificateEdition | None:
    """The edition that this address was printed on. None: not one of ours, or its address was taken back."""
    try:
        pk, revision = signing.read(token, PURPOSE)
    except (BadSignature, ValueError):
        return None
    editions = CertificateEdition.objects.select_related("certificate__enrolment__programme__tenant")
    return editions.filter(pk=pk, certificate__revision=revision).first()
