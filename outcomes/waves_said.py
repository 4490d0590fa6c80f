"""Waves as staff read of them: what each is called, how it stands, what is due next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.counting.spec import wave_words
from outcomes.models import Wave
from outcomes.response import Response, response


@dataclass(frozen=True)
class Standing:
    """A wave with its response, on a local day of its programme."""

    wave: Wave
    response: Response
    today: date

    @property
    def title(self) -> str:
        words = wave_words(self.wave.code)
        return words[:1].upper() + words[1:]

    @property
    def waits(self) -> int:
        """Who may still answer."""
        return self.response.waiting + self.response.partial

    @property
    def is_due(self) -> bool:
        """Somebody has to do something about it now."""
        return self.wave.is_open(self.today) and (not self.response.asked or self.waits > 0)

    @property
    def due(self) -> str:
        wave, has_closed = self.wave, self.wave.closes and self.wave.closes <= self.today
        if wave.opens is None:
            return _("No day is set for it.")
        if not self.response.asked:
            return _("It has closed, and nobody was asked.") if has_closed else _("Nobody is asked yet.")
        if wave.opens > self.today:
            return _("It opens on %(day)s.") % {"day": date_format(wave.opens, "SHORT_DATE_FORMAT")}
        if not self.waits:
            return _("Nobody is left to ask.")
        return self._left(has_closed)

    def _left(self, has_closed: bool) -> str:
        if has_closed:
            words = ngettext(
                "Closed: %(n)s has not answered.",
                "Closed: %(n)s have not answered.",
                self.waits,
            )
        else:
            words = ngettext("%(n)s has still to answer.", "%(n)s have still to answer.", self.waits)
        return words % {"n": self.waits}

    @property
    def last_day(self) -> date | None:
        return self.wave.closes and self.wave.closes - timedelta(days=1)


def standings(waves: Iterable[Wave], today: date) -> list[Standing]:
    """One query more than the waves took."""
    waves = list(waves)
    found = response(waves)
    return [Standing(wave, found[wave.pk], today) for wave in waves]
