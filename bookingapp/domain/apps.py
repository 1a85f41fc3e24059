from django.apps import AppConfig


class DomainConfig(AppConfig):
    name = "bookingapp.domain"
    label = "domain"
    default_auto_field = "django.db.models.BigAutoField"
