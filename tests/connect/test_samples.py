"""Every stored answer means what its file says."""

import pytest

from bookingapp import connect
from tests.connect.samples import CALLS, SAMPLES, at

GOOD = [one for one in SAMPLES if "error" not in one.expect]
BAD = [one for one in SAMPLES if "error" in one.expect]


def test_samples_exist_for_every_operation():
    assert {one.operation for one in GOOD} == set(CALLS)
    assert len(CALLS) == 17
    assert {call.name for call in CALLS.values()} == set(CALLS)


def test_samples_exist_for_every_error_an_answer_can_mean():
    never_by_an_answer = {"ConnectError", "NotSent", "CircuitOpen", "Throttled", "Unreachable"}
    never_by_an_answer |= {"AddressRefused"}
    tree = {
        name
        for name, kind in vars(connect).items()
        if isinstance(kind, type) and issubclass(kind, connect.ConnectError)
    }
    assert {one.expect["error"] for one in BAD} == tree - never_by_an_answer


@pytest.mark.parametrize("sample", GOOD, ids=repr)
def test_sample_is_read(sample):
    value = sample.call.read(sample.reply)
    assert {path: at(value, path) for path in sample.expect["value"]} == sample.expect["value"]
    if "length" in sample.expect:
        assert len(value) == sample.expect["length"]
    assert (value is None) == sample.expect.get("none", False)


@pytest.mark.parametrize("sample", BAD, ids=repr)
def test_sample_is_refused(sample):
    with pytest.raises(connect.ConnectError) as caught:
        sample.call.read(sample.reply)
    error = caught.value
    assert type(error).__name__ == sample.expect["error"]
    facts = sample.expect["facts"]
    assert {name: at(error, name) for name in facts} == facts
    assert error.call_name == sample.operation
    assert error.status == sample.status
