"""From which address somebody asks: what limits are counted by."""

from django.conf import settings


def behind_proxies(get_response):
    """Whoever asks may write anything into X-Forwarded-For; only what the proxies in front of us appended, as
    many as TRUSTED_PROXIES says, is believed. With none, the header counts for nothing."""

    def middleware(request):
        sent = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if 0 < settings.TRUSTED_PROXIES <= len(sent):
            request.META["REMOTE_ADDR"] = sent[-settings.TRUSTED_PROXIES].strip()
        return get_response(request)

    return middleware
