"""Plumbing of the API: a resource is written in a few lines, and every resource behaves alike."""

from lib.api.pages import Keyset
from lib.api.refusals import refuse
from lib.api.resource import Resource, noun

__all__ = ["Keyset", "Resource", "noun", "refuse"]
