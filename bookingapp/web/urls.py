"""Every address of the desk, nested by noun. A test walks all of them with every role."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from bookingapp.web.me_urls import me_urls, second_step_urls
from bookingapp.web.settings_urls import settings_urls
from bookingapp.web.views import (
    again,
    availability,
    booking_day,
    booking_exports,
    bookings,
    bulk,
    bulk_strip,
    bulk_trouble,
    cancelling,
    follow_up_outcomes,
    follow_ups,
    gaps,
    health,
    home,
    hook_deliveries,
    hook_inbox,
    hooks,
    import_mapping,
    import_page,
    import_running,
    imports,
    invitation,
    lead_editing,
    lead_new,
    lead_page,
    lead_slots,
    lead_state,
    leads,
    moving,
    needs_you,
    organisation_new,
    pool_board,
    pool_export,
    pool_table,
    rescue_cancel,
    rescue_rows,
    rescue_running,
    rescues,
    session,
    settlement,
    undoing,
    waiting,
)
from bookingapp.web.welcome_urls import welcome_urls

session_urls = [
    path("sign-in/", session.sign_in, name="account_login"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    # allauth names it on its pages; the adapter keeps it closed.
    path("sign-up/", account.signup, name="account_signup"),
    path("language/", session.language, name="language"),
]

health_urls = [
    path("live/", health.live, name="health-live"),
    path("ready/", health.ready, name="health-ready"),
]

availability_urls = [
    path("", availability.page, name="availability"),
    path("changes/", availability.changes, name="availability-changes"),
    path("first/", availability.first, name="availability-first"),
]

lead_urls: list[URLPattern | URLResolver] = [
    path("", pool_board.listing, name="pool-list"),
    path("search/", leads.search, name="lead-search"),
    path("<uuid:pk>/", lead_page.detail, name="lead-detail"),
    path("<uuid:pk>/edit/", lead_editing.edit, name="lead-edit"),
    path("<uuid:pk>/seen/", lead_editing.seen, name="lead-seen"),
    path("<uuid:pk>/opened/", lead_page.opened, name="lead-opened"),
    path("<uuid:pk>/notes/", lead_page.note, name="lead-note"),
    path("new/", lead_new.new, name="lead-new"),
    path("new/<uuid:pk>/", lead_new.created, name="lead-creation"),
    path("same/", lead_new.same, name="lead-same"),
    path("<uuid:pk>/slots/", lead_slots.slots, name="lead-slots"),
    path("<uuid:pk>/state/", lead_state.state, name="lead-state"),
    path("<uuid:pk>/waiting/", waiting.mark, name="waiting-mark"),
    path("<uuid:pk>/outcome/", follow_up_outcomes.outcome, name="follow-up-outcome"),
    path("<uuid:pk>/follow-up/", follow_up_outcomes.date, name="lead-follow-up"),
]

pool_urls: list[URLPattern | URLResolver] = [
    path("", pool_board.board, name="pool-board"),
    path("column/", pool_board.column, name="pool-column"),
    path("changes/", pool_board.changes, name="pool-changes"),
    path("view/", pool_board.view, name="pool-view"),
]

booking_urls: list[URLPattern | URLResolver] = [
    path("", bookings.listing, name="booking-list"),
    path("day/", booking_day.page, name="booking-day"),
    path("export.csv", booking_exports.csv_file, name="booking-csv"),
    path("export.ics", booking_exports.calendar_of_all, name="booking-ics"),
    path("<uuid:pk>/booking.ics", booking_exports.calendar_of_one, name="booking-ics-one"),
    path("<uuid:pk>/", bookings.detail, name="booking-detail"),
    path("<uuid:pk>/status/", bookings.status, name="booking-status"),
    path("<uuid:pk>/choice/", bookings.choice, name="booking-choice"),
    path("<uuid:pk>/cancel/", cancelling.cancel, name="booking-cancel"),
    path("<uuid:pk>/again/", again.again, name="booking-again"),
    path("<uuid:pk>/gap/", gaps.gap, name="gap-filler"),
    path("<uuid:pk>/move/", moving.move, name="booking-move"),
]

waiting_urls: list[URLPattern | URLResolver] = [
    path("", waiting.listing, name="waiting-list"),
    path("<uuid:pk>/end/", waiting.end, name="waiting-end"),
]

write_urls: list[URLPattern | URLResolver] = [
    path("<uuid:pk>/settlement/", settlement.settlement, name="settlement"),
    path("<uuid:pk>/undo/", undoing.undo, name="write-undo"),
    path("<uuid:pk>/hold/", undoing.hold, name="write-hold"),
]

pool_table_urls: list[URLPattern | URLResolver] = [
    path("table/", pool_table.table, name="pool-table"),
    path("export.csv", pool_export.csv_file, name="pool-csv"),
    path("bulk/", bulk.ask, name="bulk-ask"),
    path("bulk/strip/", bulk_strip.strip, name="bulk-strip"),
]

bulk_urls: list[URLPattern | URLResolver] = [
    path("", bulk.detail, name="bulk-detail"),
    path("undo/", bulk.undo, name="bulk-undo"),
    path("stop/", bulk.stop, name="bulk-stop"),
    path("resume/", bulk.resume, name="bulk-resume"),
    path("settle/", bulk_trouble.settle, name="bulk-settle"),
]

rescue_urls: list[URLPattern | URLResolver] = [
    path("", rescues.listing, name="rescue-list"),
    path("new/", rescues.new, name="rescue-new"),
    path("<uuid:pk>/", rescues.detail, name="rescue-detail"),
    path("<uuid:pk>/rows/", rescue_rows.rows, name="rescue-rows"),
    path("<uuid:pk>/rows/<int:row>/", rescue_rows.row, name="rescue-row"),
    path("<uuid:pk>/run/", rescue_running.run, name="rescue-run"),
    path("<uuid:pk>/stop/", rescue_running.stop, name="rescue-stop"),
    path("<uuid:pk>/calls/", rescues.calls, name="call-sheet"),
    path("<uuid:pk>/cancel/", rescue_cancel.cancel, name="rescue-cancel"),
]

hook_urls: list[URLPattern | URLResolver] = [
    path("", hooks.page, name="hook-settings"),
    path("rotate/", hooks.rotate, name="hook-rotate"),
    path("test/", hook_deliveries.test, name="hook-test"),
    path("deliveries/<uuid:pk>/", hook_deliveries.delivery, name="hook-delivery"),
]

# Outside: whoever knows the secret may send, and nobody is signed in.
inbox_urls: list[URLPattern | URLResolver] = [
    path("events", hook_inbox.events, name="hook-events"),
    path("forms", hook_inbox.forms, name="hook-forms"),
]

import_urls: list[URLPattern | URLResolver] = [
    path("", imports.listing, name="import-list"),
    path("new/", imports.new, name="import-new"),
    path("<uuid:pk>/", import_page.detail, name="import-detail"),
    path("<uuid:pk>/mapping/", import_mapping.mapping, name="import-mapping"),
    path("<uuid:pk>/rows.csv", import_page.rows, name="import-rows"),
    path("<uuid:pk>/run/", import_running.run, name="import-run"),
    path("<uuid:pk>/stop/", import_running.stop, name="import-stop"),
    path("<uuid:pk>/resume/", import_running.resume, name="import-resume"),
    path("<uuid:pk>/delete/", import_running.delete, name="import-delete"),
]

organisation_urls: list[URLPattern | URLResolver] = [
    path("availability/", include(availability_urls)),
    path("leads/", include(lead_urls)),
    path("pools/<int:pk>/", include(pool_urls)),
    path("bookings/", include(booking_urls)),
    path("rescues/", include(rescue_urls)),
    path("follow-ups/", follow_ups.page, name="follow-ups"),
    path("follow-ups/<int:pk>/undo/", follow_up_outcomes.take_back, name="follow-up-undo"),
    path("waiting/", include(waiting_urls)),
    path("writes/", include(write_urls)),
    path("pools/<int:pk>/", include(pool_table_urls)),
    path("bulk/<uuid:pk>/", include(bulk_urls)),
    path("held/", undoing.held, name="held"),
    path("imports/", include(import_urls)),
    path("hooks/", include(hook_urls)),
    path("settings/", include(settings_urls)),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("", include(session_urls)),
    path("needs-you/", needs_you.page, name="needs-you"),
    path("me/", include(me_urls)),
    path("", include(second_step_urls)),
    path("welcome/", include(welcome_urls)),
    path("organisations/new/", organisation_new.new, name="organisation-new"),
    path("health/", include(health_urls)),
    path("hooks/<slug:slug>/<str:secret>/", include(inbox_urls)),
    # For whoever has the link.
    path("invitations/<str:secret>/", invitation.page, name="invitation"),
    path("o/<slug:slug>/", include(organisation_urls)),
]
