"""The questionnaires that ship with the product: what is asked when, so that every indicator of the library
has its answers. What cannot be asked later stands at the beginning."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Line(NamedTuple):
    """A question at its place. `when`: the question above it, and the choices that show this one."""

    code: str
    section: str = ""
    when: tuple[str, ...] = ()
    is_required: bool = False

    @property
    def shown_when(self) -> dict:
        return {"question": self.when[0], "is": [*self.when[1:]]} if self.when else {}


class Sheet(NamedTuple):
    key: str
    name: str
    intro: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]  # a heading, and the codes under it

    def lines(self) -> Iterator[Line]:
        for heading, codes in self.sections:
            for place, code in enumerate(codes):
                yield Line(code, heading if place == 0 else "", self._when(code), code in REQUIRED)

    def _when(self, code: str) -> tuple[str, ...]:
        """Only where the question that it hangs on is asked too."""
        asked = {one for _heading, codes in self.sections for one in codes}
        when = CONDITIONS.get(code, ())
        return when if when and when[0] in asked else ()


RUNS = ("operating", "yes")
CONDITIONS = {
    "registered_on": ("registered", "registered"),
    "fte_women": RUNS,
    "fte_men": RUNS,
    "fte_young": RUNS,
    "turnover_month": RUNS,
    "profit_month": RUNS,
    "finance_obtained": ("finance_applied", "yes"),
    "finance_source": ("finance_obtained", "yes"),
    "finance_amount": ("finance_obtained", "yes"),
}
REQUIRED = {"operating", "registered", "satisfaction"}

YOU, BUSINESS, MONEY = _("You"), _("Your business"), _("Money")
WORK, MARKET, LAST = _("How you work"), _("Buyers and partners"), _("At the end")
PROGRAMME = _("The programme")
FREE = _("You may leave out any question. What you say is seen only by the team of the programme.")
JOBS = ("fte_women", "fte_men", "fte_young")
STATUS = ("operating", "registered", "registered_on")
FINANCE = ("finance_applied", "finance_obtained", "finance_source", "finance_amount")
CLOSING = (PROGRAMME, ("anyway",)), (LAST, ("who_answered", "remark"))

SHEETS = (
    Sheet("application", _("With the application"), FREE, (
        (YOU, ("education", "employment")),
        (BUSINESS, STATUS),
        (LAST, ("remark",)),
    )),
    Sheet("baseline", _("At the beginning"), FREE, (
        (YOU, ("education", "employment", "confidence", "knowledge")),
        (BUSINESS, (*STATUS, *JOBS)),
        (MONEY, ("turnover_month", "profit_month", "income_say", *FINANCE)),
        (WORK, ("practices",)),
        (LAST, ("remark",)),
    )),
    Sheet("reaction", _("After the module"), FREE, (
        (PROGRAMME, ("satisfaction", "recommend", "improve")),
    )),
    Sheet("exit", _("At the end of the programme"), FREE, (
        (PROGRAMME, ("satisfaction", "recommend")),
        (YOU, ("confidence", "confidence_then", "knowledge")),
        (BUSINESS, STATUS),
        (LAST, ("improve", "remark")),
    )),
    Sheet("f3", _("Three months after the programme"), FREE, (
        (BUSINESS, ("operating",)),
        (WORK, ("practices",)),
        (LAST, ("who_answered", "remark")),
    )),
    Sheet("f6", _("Six months after the programme"), FREE, (
        (BUSINESS, (*STATUS, *JOBS)),
        (MONEY, ("turnover_month", *FINANCE)),
        (MARKET, ("new_links",)),
        (WORK, ("practices", "confidence")),
        *CLOSING,
    )),
    Sheet("f12", _("Twelve months after the programme"), FREE, (
        (BUSINESS, (*STATUS, *JOBS)),
        (MONEY, ("turnover_month", "profit_month", "income_say", *FINANCE)),
        (MARKET, ("new_links",)),
        (WORK, ("practices",)),
        *CLOSING,
    )),
)  # fmt: skip

QUESTIONNAIRES: dict[str, Sheet] = {one.key: one for one in SHEETS}
