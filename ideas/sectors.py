"""Sectors of ideas: as those of enterprises, see people.sectors."""

from people.sectors import CHOICES, SECTORS, sector_name

__all__ = ["CHOICES", "SECTORS", "sector_name"]
