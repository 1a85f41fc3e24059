from django.apps import AppConfig


class DomainConfig(AppConfig):
    name = "bookingapp.domain"
    label = "domain"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bookingapp.domain import standing

        standing.watch()
