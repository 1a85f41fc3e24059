"""The guard around calls: turns, slowing down, leaving Connect alone, and stores that break."""

import threading
from datetime import UTC, datetime

import pytest

from bookingapp import connect
from bookingapp.connect import BreakerPolicy, Guard, MemoryStore, ThrottlePolicy

DOWN = connect.Unreachable()


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def make(clock):
    store = MemoryStore(clock)

    def make(name="org", **more):
        return Guard(
            name,
            more.pop("store", store),
            breaker_policy=BreakerPolicy(failures=2, cool_down_seconds=5, probe_seconds=30),
            throttle_policy=ThrottlePolicy(in_flight=2, wait_seconds=0.05, slow_seconds=3),
            clock=clock,
        )

    return make


def passes(guard):
    try:
        with guard.turn(1):
            return True
    except connect.NotSent:
        return False


def held_back(guard):
    with pytest.raises(connect.NotSent) as caught, guard.turn(1):
        pytest.fail("was let through")
    return caught.value


def test_calls_pass_while_all_is_well(make):
    guard = make()
    for _ in range(20):
        assert passes(guard)
        guard.learn(None)


def test_repeated_failure_opens_for_every_process(make, clock):
    one, other = make(), make()
    for _ in range(2):
        one.learn(DOWN)
    error = held_back(other)
    assert type(error) is connect.CircuitOpen
    assert error.retry_at == datetime.fromtimestamp(clock.now + 5, UTC)
    assert passes(make("another organisation"))


def test_one_probe_finds_out_and_its_success_opens_the_way(make, clock):
    one, other = make(), make()
    one.learn(DOWN)
    one.learn(DOWN)
    clock.now += 5
    assert passes(one)
    assert type(held_back(other)) is connect.CircuitOpen
    one.learn(None)
    assert passes(other)


def test_failed_probe_waits_twice_as_long(make, clock):
    guard = make()
    guard.learn(DOWN)
    guard.learn(DOWN)
    clock.now += 5
    assert passes(guard)
    guard.learn(DOWN)
    clock.now += 9
    assert not passes(guard)
    clock.now += 1
    assert passes(guard)


def test_probe_that_was_never_heard_of_is_given_to_another(make, clock):
    guard = make()
    guard.learn(DOWN)
    guard.learn(DOWN)
    clock.now += 5
    assert passes(guard)
    assert not passes(guard)
    clock.now += 30
    assert passes(guard)


def test_success_in_between_starts_the_count_anew(make):
    guard = make()
    for _ in range(3):
        guard.learn(DOWN)
        guard.learn(None)
    assert passes(guard)


@pytest.mark.parametrize(("asked", "wait"), [(40.0, 40), (None, 3)])
def test_rate_limit_slows_the_whole_organisation(make, clock, asked, wait):
    one, other = make(), make()
    one.learn(connect.RateLimited(retry_after=asked))
    error = held_back(other)
    assert type(error) is connect.Throttled
    assert error.retry_at == datetime.fromtimestamp(clock.now + wait, UTC)
    one.learn(None)
    assert not passes(other)
    clock.now += wait
    assert passes(other)


def test_shorter_wait_never_shortens_a_longer_one(make, clock):
    guard = make()
    guard.learn(connect.RateLimited(retry_after=60))
    guard.learn(connect.RateLimited(retry_after=1))
    clock.now += 59
    assert not passes(guard)


def test_call_that_was_held_back_teaches_nothing(make):
    guard = make()
    for _ in range(5):
        guard.learn(connect.Throttled())
    assert passes(guard)


def test_only_so_many_are_in_flight(make):
    guard, inside, leave = make(), threading.Barrier(3), threading.Event()

    def stay():
        with guard.turn(1):
            inside.wait(5)
            leave.wait(5)

    threads = [threading.Thread(target=stay) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(5)
    error = held_back(guard)
    leave.set()
    for thread in threads:
        thread.join(5)
    assert type(error) is connect.Throttled
    assert passes(guard)


def test_place_is_given_back_whatever_happens(make):
    guard = make()
    for _ in range(5):
        with pytest.raises(RuntimeError), guard.turn(1):
            raise RuntimeError
    assert passes(guard)


class BrokenStore:
    def get(self, key):
        raise OSError

    def set(self, key, value, ttl_seconds):
        raise OSError

    def add(self, key, value, ttl_seconds):
        raise OSError


def test_broken_store_never_breaks_a_call(make):
    guard = make(store=BrokenStore())
    for _ in range(5):
        guard.learn(DOWN)
        guard.learn(connect.RateLimited(retry_after=60))
    assert passes(guard)


class HalfBrokenStore(MemoryStore):
    def add(self, key, value, ttl_seconds):
        raise OSError


def test_store_that_cannot_add_lets_probes_pass(make, clock):
    guard = make(store=HalfBrokenStore(clock))
    guard.learn(DOWN)
    guard.learn(DOWN)
    assert not passes(guard)
    clock.now += 5
    assert passes(guard)


@pytest.mark.parametrize(
    "stored", [{"slow_until": "x"}, {"slow_until": 1e300}, {"breaker": {"opened_at": 1}}, [1], "?"]
)
def test_nonsense_in_the_store_is_nothing_known(make, stored):
    class Nonsense(MemoryStore):
        def get(self, key):
            return stored

    assert passes(make(store=Nonsense()))


def test_guard_without_a_store_remembers_by_itself():
    guard = Guard("alone")
    for _ in range(5):
        guard.learn(DOWN)
    assert not passes(guard)


def test_memory_store_forgets_in_time(clock):
    store = MemoryStore(clock)
    store.set("a", {"v": 1}, 10)
    assert store.get("a") == {"v": 1}
    assert store.add("a", {"v": 2}, 10) is False
    clock.now += 10
    assert store.get("a") is None
    assert store.add("a", {"v": 3}, 10) is True
    assert store.get("a") == {"v": 3}
