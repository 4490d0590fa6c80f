from django.apps import AppConfig


class LibConfig(AppConfig):
    """Things that know nothing of our business; its app gives the template tags and builds the assets."""

    name = "lib"

    def ready(self):
        from lib import assets, catalogues

        assets.build()
        catalogues.compile_if_stale()
