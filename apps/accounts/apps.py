"""Tell Django about the app."""

from django.apps import AppConfig
from django.contrib.admin import apps as administration
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and units."""

    default = True
    name = "apps.accounts"
    label = "accounts"
    verbose_name = _("账户与单位")


class AdministrationConfig(administration.AdminConfig):
    """Django's administration, behind our own door."""

    default = False
    default_site = "apps.accounts.adapters.Administration"
