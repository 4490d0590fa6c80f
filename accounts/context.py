"""What the sign-in page offers while this is a demo."""

from django.http import HttpRequest

from accounts.models import User


def demo_people(request: HttpRequest) -> dict:
    """The demo's people, one for each role, to step into with one tap."""
    if getattr(request, "user", None) is None or request.user.is_authenticated:
        return {}
    return {"demo_people": User.objects.filter(tenant__is_demo=True, is_active=True).order_by("pk")}
