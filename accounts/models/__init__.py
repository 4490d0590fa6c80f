"""Who is allowed in, by which door, and what was done."""

from accounts.models.files import StoredFile
from accounts.models.tokens import KeptAnswer, Token
from accounts.models.trail import AuditEntry
from accounts.models.users import SetUp, Tenant, User, UserManager

__all__ = ["AuditEntry", "KeptAnswer", "SetUp", "StoredFile", "Tenant", "Token", "User", "UserManager"]
