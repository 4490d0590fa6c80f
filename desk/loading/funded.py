"""Which funding a row means: it says the code, or the programme has one only."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading.fields import Field, Refused
from people.models import Funding, Programme

FUNDING = Field(
    "funding",
    gettext_lazy("code of the funding; needed only where several pay for the programme"),
    words="funding code,grant code,project code,finansiranje,sifra finansiranja,ugovor",
)


class Fundings:
    """Those that pay for a programme, by code."""

    def __init__(self, programme: Programme):
        rows = Funding.objects.filter(scopes__programme=programme).select_related("funder").order_by("pk")
        self.rows = {row.code: row for row in rows}

    def find(self, said: str | None) -> Funding:
        """Raises Refused where there is none, or more than one."""
        if said:
            if said in self.rows:
                return self.rows[said]
            raise Refused(_("No funding of this programme has this code."), "funding", said)
        if len(self.rows) == 1:
            return next(iter(self.rows.values()))
        if not self.rows:
            raise Refused(_("No funding pays for this programme: set one up first."), "funding")
        words = _("Several fundings pay for this programme: say which, one of %(codes)s.")
        raise Refused(words % {"codes": ", ".join(sorted(self.rows))}, "funding")

    def may_be(self, said: str | None) -> Funding | None:
        """The one that is said; none where nothing is."""
        return self.find(said) if said else None
