"""Every figure counted a second time, slowly, in plain Python from the rows: a path that shares nothing with
the first but the definitions. `compared(definition, scope)` gives what both say; they must agree."""

from outcomes.recounting.both import Both, compared, definitions_of, every, scopes_of

__all__ = ["Both", "compared", "definitions_of", "every", "scopes_of"]
