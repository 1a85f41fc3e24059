"""The client against the running sandbox: the samples' shapes, every endpoint, every fault."""

from datetime import UTC, datetime, timedelta

import pytest

from bookingapp import connect
from tests.connect.samples import CALLS, SAMPLES

pytestmark = pytest.mark.processes

DATA = {"firstName": "Jörg", "lastName": "Müller", "email": "joerg@example.org"}
QUICK = connect.Timeouts(read=0.5)


class Town:
    """An organisation of the sandbox as our client sees it, with a free slot at hand."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.organisation = sandbox.tokens()[-1]["organisation"]
        self.tokens = {
            scope: sandbox.mint(self.organisation, f"test {scope.value}", scope.value)
            for scope in connect.Scope
        }
        self.known = None
        self.client = connect.Client(
            sandbox.url, timeouts=QUICK, max_body_bytes=1_000_000, sleep=lambda _: None
        )

    def send(self, call, scope=None):
        return self.client.send(call, token=self.tokens[scope or call.scope], request_id="r-1")

    def raw(self, call, scope=None):
        """The sandbox's own answer, unread."""
        import httpx

        with httpx.Client(base_url=self.sandbox.url) as http:
            return http.request(
                call.method,
                call.path,
                params=call.query,
                content=call.body,
                headers={
                    "Authorization": f"Bearer {self.tokens[scope or call.scope]}",
                    "Content-Type": "application/json",
                },
            )

    def fails(self, call, scope=None):
        with pytest.raises(connect.ConnectError) as caught:
            self.send(call, scope)
        return caught.value

    def availability(self, calendar, kind):
        now = datetime.now(UTC)
        return connect.get_availability(
            calendar_id=calendar.id,
            appointment_type_id=kind.id,
            start=now,
            end=now + timedelta(days=7),
        )

    def find(self):
        """A calendar, an appointment type, and a slot that is free right now."""
        pairs = [self.known] if self.known else self.pairs()
        for calendar, kind in pairs:
            slots = self.send(self.availability(calendar, kind)).slots
            free = next((slot for slot in slots if slot.available), None)
            if free:
                self.known = calendar, kind
                return calendar, kind, free
        pytest.fail("the sandbox has no free slot")

    def pairs(self):
        kinds = self.send(connect.list_appointment_types())
        return [(c, k) for c in self.send(connect.list_calendars()) for k in kinds]

    def lead(self):
        pool = next(p for p in self.send(connect.list_lead_pools()) if p.default_state)
        return connect.create_lead(table_id=pool.id, lead_state_id=pool.default_state.id, data=DATA)

    def booking(self, **more):
        calendar, kind, slot = self.find()
        return connect.create_booking(
            calendar_id=calendar.id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            resource_id=slot.resource_id,
            appointment_type_id=kind.id,
            resource_slot_id=slot.resource_slot_id,
            lead_id=self.send(self.lead()).id,
            name="Probetraining",
            **more,
        )

    def call(self, operation):
        """The call of that name with ids that exist here."""
        return getattr(self, f"_{operation}", lambda: CALLS[operation])()

    def _get_lead_pool(self):
        return connect.get_lead_pool(self.send(connect.list_lead_pools())[0].id)

    def _create_lead(self):
        return self.lead()

    def _patch_lead(self):
        later = datetime.now(UTC) + timedelta(days=3)
        return connect.patch_lead(self.send(self.lead()).id, {"follow_up_at": later})

    def _book(self):
        return self.booking()

    def _delete_booking(self):
        return connect.delete_booking(self.send(self.booking()).id)

    def _get_availability(self):
        return self.availability(*self.find()[:2])

    def _get_calendar(self):
        return connect.get_calendar(self.find()[0].id)

    def _get_resource(self):
        return connect.get_resource(self.find()[2].resource_id)

    def _get_appointment_type(self):
        return connect.get_appointment_type(self.find()[1].id)

    def _list_resource_slots(self):
        return connect.list_resource_slots(self.find()[0].id)

    def _list_blockers(self):
        return connect.list_blockers(self.find()[0].id)

    def _list_resource_calendar_mappings(self):
        return connect.list_resource_calendar_mappings(self.find()[0].id)


@pytest.fixture
def town(sandbox):
    town = Town(sandbox)
    yield town
    town.client.close()


def differences(ours, theirs, path="$"):
    """Where two JSON values are of different shapes; null goes with anything."""
    if ours is None or theirs is None:
        return []
    if isinstance(ours, dict) and isinstance(theirs, dict):
        found = [f"{path}.{name}" for name in set(ours) ^ set(theirs)]
        for name in set(ours) & set(theirs):
            found += differences(ours[name], theirs[name], f"{path}.{name}")
        return found
    if isinstance(ours, list) and isinstance(theirs, list):
        return [d for one in theirs for d in differences(ours[0], one, f"{path}[]")] if ours else []
    same = kind_of(ours) == kind_of(theirs)
    return [] if same else [f"{path}: {kind_of(ours)} here, {kind_of(theirs)} there"]


def kind_of(value):
    return "number" if type(value) in {int, float} else type(value).__name__


SUCCESSES = [one for one in SAMPLES if one.for_sandbox and "error" not in one.expect]


@pytest.mark.parametrize("sample", SUCCESSES, ids=repr)
def test_sample_is_what_the_sandbox_answers(town, sample):
    call = town.call(sample.operation)
    reply = town.raw(call)
    assert reply.status_code == sample.status
    if sample.json is None:
        assert reply.content == b""
        return
    theirs = reply.json()
    assert theirs, "the sandbox has nothing to compare with"
    assert differences(sample.json, theirs) == []
    call.read(connect.Reply(reply.status_code, {}, reply.content))


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_every_operation_works_with_the_least_power_and_not_with_less(town, operation):
    call = town.call(operation)
    if call.scope is not connect.Scope.READ:
        less = connect.Scope.WRITE if call.scope is connect.Scope.ADMIN else connect.Scope.READ
        assert town.fails(call, less).needed is call.scope
    assert (town.send(call) is None) == (operation == "delete_booking")


def test_refusals_of_the_sandbox_are_those_of_the_samples(town):
    refused = {
        "book/taken": lambda: taken(town),
        "delete_booking/missing": lambda: town.fails(connect.delete_booking("nobody-knows")),
        "delete_booking/scope": lambda: town.fails(
            connect.delete_booking("x"), connect.Scope.WRITE
        ),
        "get_calendar/missing": lambda: town.fails(connect.get_calendar("nobody-knows")),
        "list_calendars/unauthorised": lambda: rejected(town),
    }
    wanted = {repr(one): one for one in SAMPLES if one.for_sandbox and "error" in one.expect}
    assert set(wanted) == set(refused)
    for name, provoke in refused.items():
        error = provoke()
        assert type(error).__name__ == wanted[name].expect["error"], name
        assert error.status == wanted[name].status
        assert error.has_envelope


def taken(town):
    call = town.booking()
    town.sandbox.fault("steal_slot", times=1)
    return town.fails(call)


def rejected(town):
    town.sandbox.revoke("test read", town.organisation)
    return town.fails(connect.list_calendars())


def test_lead_and_booking_are_linked(town):
    booking = town.send(town.booking())
    assert booking.lead_data == DATA
    assert booking.lead_id
    assert town.sandbox.judge() == {"overbooked": [], "duplicates": []}


def test_patch_changes_and_clears(town):
    lead = town.send(town.lead())
    at = datetime(2027, 1, 1, 9, tzinfo=UTC)
    changed = town.send(
        connect.patch_lead(lead.id, {"follow_up_at": at, "data": {"email": None, "x": "1"}})
    )
    assert changed.follow_up_at == at
    assert changed.data == {"firstName": "Jörg", "lastName": "Müller", "x": "1"}
    cleared = town.send(connect.patch_lead(lead.id, {"follow_up_at": None}))
    assert cleared.follow_up_at is None


# What a booking meets, what we make of it, whether it may have happened, and whether it did.
TROUBLE = [
    ("reset_before", {}, connect.Unreachable, True, 0),
    ("reset_after_commit", {}, connect.Unreachable, True, 1),
    ("hang", {"seconds": 2}, connect.Unreachable, True, None),
    ("malformed", {}, connect.Unreadable, True, 1),
    ("truncated", {}, connect.Unreadable, True, 1),
    ("empty", {}, connect.Unreadable, True, 1),
    ("huge", {"megabytes": 2}, connect.Unreadable, True, 1),
    ("redirect", {}, connect.Redirected, False, 0),
    ("html_502", {}, connect.GatewayFailed, True, 0),
    ("html_502", {"when": "after"}, connect.GatewayFailed, True, 1),
    ("status_500", {}, connect.ServerFailed, False, 0),
    ("status_503", {"retry_after": "7"}, connect.ServerFailed, False, 0),
    ("status_409", {}, connect.Conflict, False, 0),
    ("status_429", {"retry_after": "2"}, connect.RateLimited, False, 0),
    ("status_429", {"retry_after": "date:30"}, connect.RateLimited, False, 0),
    ("steal_slot", {}, connect.SlotTaken, False, 0),
]
NAMES = [f"{kind}-{'-'.join(map(str, params.values()))}" for kind, params, *_ in TROUBLE]


@pytest.mark.parametrize(("kind", "params", "error", "maybe", "made"), TROUBLE, ids=NAMES)
def test_booking_in_trouble_is_sent_once_and_told_truly(town, kind, params, error, maybe, made):
    call = town.booking()
    town.sandbox.fault(kind, match={"method": "POST"}, **params)
    caught = town.fails(call)
    assert (type(caught), caught.maybe_applied) == (error, maybe)
    assert len(town.sandbox.calls("POST", "calendar_bookings")) == 1
    if made is not None:
        assert len(town.sandbox.bookings("connect")) == made


def test_facts_of_the_trouble_are_kept(town):
    def met(kind, **params):
        town.sandbox.clear_faults()
        town.sandbox.fault(kind, match={"method": "DELETE"}, **params)
        return town.fails(connect.delete_booking("x"))

    assert met("redirect").target_host == "elsewhere.invalid"
    assert met("status_429", retry_after="2").retry_after == 2
    assert 28 < met("status_429", retry_after="date:30").retry_after <= 32
    assert met("status_503", retry_after="7").retry_after == 7
    assert met("html_502").has_envelope is False


@pytest.mark.parametrize(
    "kind", ["reset_before", "malformed", "truncated", "empty", "html_502", "status_500", "hang"]
)
def test_read_in_passing_trouble_is_repeated(town, kind):
    town.sandbox.fault(kind, times=1)
    assert town.send(connect.list_calendars())
    assert len(town.sandbox.calls("GET", "/connect/calendar/")) == 2


@pytest.mark.parametrize("style", ["z", "millis", "offset"])
def test_times_mean_the_same_however_they_are_written(town, style):
    calendar, kind, slot = town.find()
    town.sandbox.switch(**{"datetime.style": style})
    again = town.send(town.availability(calendar, kind)).slots
    assert slot in again
    assert all(one.starts_at.tzinfo is UTC for one in again)


def test_naive_times_are_refused_not_guessed(town):
    calendar, kind, _ = town.find()
    town.sandbox.switch(**{"datetime.style": "naive"})
    error = town.fails(town.availability(calendar, kind))
    assert "$.data[0].startDateTime" in error.message


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("list.envelope", "data"),
        ("lookup.extra_fields", "on"),
        (
            "lookup.missing_fields",
            ["name", "tzdata", "maxParallelBookings", "bookingLength", "color"],
        ),
        ("id.style", "prefixed"),
        ("post.status", "200"),
        ("booking.include_deleted_at", "on"),
        ("booking.wrong_link_field", "ignore"),
        ("strict_body", "400"),
        ("length.unit", "hours"),
        ("states.defaults", "many"),
        ("lead.contact_fields", "custom"),
        ("lead.foreign_state", "answer"),
        ("check_order", "token,scope,body,existence"),
    ],
)
def test_undocumented_choices_of_connect_are_all_understood(town, switch, value):
    town.sandbox.switch(**{switch: value})
    for operation in sorted(CALLS):
        town.send(town.call(operation))


@pytest.mark.parametrize(
    ("accepted", "sent", "linked"),
    [
        ("entryId", connect.LinkField.ENTRY_ID, True),
        ("entryId", connect.LinkField.TABLE_ENTRY_ID, False),
        ("tableEntryId", connect.LinkField.TABLE_ENTRY_ID, True),
        ("tableEntryId", connect.LinkField.ENTRY_ID, False),
        ("tableEntryId", connect.LinkField.BOTH, True),
    ],
)
def test_link_that_did_not_take_is_seen_in_the_reply(town, accepted, sent, linked):
    town.sandbox.switch(**{"booking.link_field": accepted})
    assert bool(town.send(town.booking(link_field=sent)).lead_id) is linked


@pytest.mark.parametrize("shape", ["string", "array", "extra"])
def test_taken_slot_is_known_by_its_text_in_every_form(town, shape):
    town.sandbox.switch(
        **{"error.message_shape": shape, "booking.full_message": "Sorry: NO LONGER available, so"}
    )
    assert isinstance(taken(town), connect.SlotTaken)


def test_taken_slot_with_409_is_a_conflict_that_says_so(town):
    town.sandbox.switch(**{"booking.full_status": "409"})
    error = taken(town)
    assert isinstance(error, connect.Conflict)
    assert error.says_taken


def test_resource_filter_is_sent(town):
    calendar, kind, slot = town.find()
    call = connect.get_availability(
        calendar_id=calendar.id,
        appointment_type_id=kind.id,
        start=slot.starts_at,
        end=slot.starts_at + timedelta(days=1),
        resource_id=slot.resource_id,
        include_unavailable=False,
    )
    slots = town.send(call).slots
    assert {one.resource_id for one in slots} == {slot.resource_id}
    assert all(one.available for one in slots)
