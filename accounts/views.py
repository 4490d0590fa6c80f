"""Who I am, in which language; and, while it is a demo, stepping into a role."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as cookie_language

from accounts.models import User


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language: kept with the user who is signed in, in a cookie for everybody else."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in User.Language.values:
        User.objects.filter(pk=request.user.pk).update(language=language)
    return cookie_language(request)


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Step into one of the demo's people. Outside a demo this address does not exist."""
    user = User.objects.filter(
        tenant__is_demo=True, is_active=True, email=request.POST.get("email", "")
    ).first()
    if user is None:
        raise Http404
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("desk:today")
