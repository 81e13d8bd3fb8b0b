from django.apps import AppConfig


class RiskmapConfig(AppConfig):
    name = "riskmap"
    verbose_name = "Bản đồ nguy cơ"
