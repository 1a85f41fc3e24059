"""A person's own pages, and the steps of signing in beyond the password.

The names that begin with account_ and mfa_ are those that allauth looks up; only what has a page
of ours is mounted.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from bookingapp.web.views import openid, preferences, second_factor, security, sessions

security_urls: list[URLPattern | URLResolver] = [
    path("", security.page, name="security"),
    # Where allauth goes when it is done.
    path("", security.page, name="mfa_index"),
    path("password/", security.password, name="account_change_password"),
    path("confirm/", second_factor.confirm, name="account_reauthenticate"),
    path("confirm/code/", second_factor.confirm_by_code, name="mfa_reauthenticate"),
    path("confirm/passkey/", second_factor.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("app/", second_factor.add_app, name="mfa_activate_totp"),
    path("app/remove/", second_factor.remove_app, name="mfa_deactivate_totp"),
    path("codes/", second_factor.codes, name="mfa_view_recovery_codes"),
    path("codes/new/", second_factor.new_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/new/", second_factor.add_passkey, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", second_factor.name_passkey, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", second_factor.remove_passkey, name="mfa_remove_webauthn"),
]

me_urls: list[URLPattern | URLResolver] = [
    path("", preferences.preferences, name="preferences"),
    path("security/", include(security_urls)),
    path("sessions/", sessions.listing, name="session-list"),
    path("sessions/others/end/", sessions.end_others, name="session-end-others"),
    path("sessions/<int:pk>/end/", sessions.end, name="session-end"),
]

second_step_urls: list[URLPattern | URLResolver] = [
    path("2fa/", second_factor.second_step, name="mfa_authenticate"),
    path("sign-in/passkey/", second_factor.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("oidc/start/", openid.start, name="openid-start"),
    path("oidc/callback/", openid.callback, name="openid-callback"),
    path("oidc/unlink/", openid.unlink, name="openid-unlink"),
]
