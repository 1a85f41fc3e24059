"""One case from its beginning to its end: the fault comes, the worker dies, the desk recovers, a
person settles what is left.
"""

import mmap
import os
import signal
import threading
from contextlib import suppress

import httpx
from django.db import connections
from django.utils import timezone

from bookingapp.domain import gateway, runner, sweeping
from bookingapp.domain.kinds import plan
from bookingapp.domain.kinds.finishing import ended_of
from bookingapp.domain.models import Write
from tests.domain import saga_judge, saga_settle
from tests.domain.saga_cases import FAULTS, WAYS
from tests.support import die
from tests.support.waiting import wait_for

# Seconds.
LONGEST_READ, LONGEST_LIFE = 5, 60
MOST_STEPS = 60
LASTING_STEPS = 25
MOST_ROUNDS = 6
METHODS = {
    plan.BOOK: ("POST", "/connect/calendar_bookings/"),
    plan.PUT_BACK: ("POST", "/connect/calendar_bookings/"),
    plan.DELETE: ("DELETE", "/connect/calendar_bookings/"),
}
PATCH = ("PATCH", "/connect/table_entries/")
READ = ("GET", "/connect/availability/")
# What the worker that dies and the one that recovers both know of the world outside.
FAULT_CAME, THIEF_CAME, BACK_TAKEN = 0, 1, 2


def carry_out(place, case):
    """What the case brought: problems (none if all is well), how it rested and ended."""
    way = WAYS[case.way]
    place.begin(case, way)
    one = _Case(place, case, way)
    try:
        one.begin()
        return one.verdict()
    finally:
        strangers = bool(way.thief) or case.fault == "stolen"
        tokens = case.fault.endswith("revoked")
        place.clean(faults=bool(case.fault or case.point), tokens=tokens, strangers=strangers)


class NeverAtRest(Exception):
    pass


class _Case:
    def __init__(self, place, case, way):
        self.place, self.case, self.way = place, case, way
        self.happened = mmap.mmap(-1, 8)
        self.died = 0
        self.rests = []

    def begin(self):
        self.pk = self.place.ask_for(self.way).pk

    def verdict(self):
        problems = []
        try:
            if self.case.point:
                self._die()
            self.walk()
            self._rest(problems)
            for _ in range(MOST_ROUNDS):
                # What has come only now passes too, once a person looks.
                self._calm()
                if not saga_settle.settle(self.place, self.write(), self.case):
                    break
                self.walk()
                self.rests.append(told(self.write()))
            if len(self.rests) > 1:
                problems += [f"end: {what}" for what in saga_judge.at_end(self.place, self.write())]
            if self.place.turn % 4 == 0 or self.way.thief:
                problems += saga_judge.nobody_else_hurt(self.place)
        except NeverAtRest as error:
            problems.append(f"never at rest: {error}")
        return {
            "problems": problems,
            "died": self.died,
            "met": bool(self.happened[FAULT_CAME]),
            "rests": self.rests,
        }

    def _rest(self, problems):
        self._calm()
        write = self.write()
        self.rests.append(told(write))
        problems += [f"at rest: {what}" for what in saga_judge.at_rest(self.place, write)]

    def _calm(self):
        if self.case.fault:
            self.place.sandbox.clear_faults()

    # -- going on --------------------------------------------------------------------------

    def write(self):
        found = Write.objects.select_related("organisation", "lead", "about", "person")
        return found.get(pk=self.pk)

    def walk(self, *, deadly=False):
        """Step by step until time alone changes nothing any more."""
        for step in range(MOST_STEPS):
            write = self.write()
            if write.lease_until is not None:
                self._recover(write)
                continue
            if write.due_at is None:
                return
            self.until(write.due_at)
            if step == LASTING_STEPS:
                # Even the longest trouble passes.
                self.place.sandbox.clear_faults()
            self._meanwhile(write)
            self._step(write, deadly=deadly)
        raise NeverAtRest(f"{told(self.write())} after {MOST_STEPS} steps")

    def _step(self, write, *, deadly):
        is_there = write.step == self.case.step and write.state != "checking"
        # Who is to die while it recovers lets the first worker die while the call is answered.
        in_sweep = self.case.point.startswith("in the sweep")
        if not (deadly and is_there):
            runner.run(self.pk, now=timezone.now())
            return
        point = "before the outcome is recorded" if in_sweep else self.case.point
        if point == "after the commit":
            runner.run(self.pk, now=timezone.now())
            die.die()
        die.arm(point)
        runner.run(self.pk, now=timezone.now())

    def _recover(self, write):
        self.until(write.lease_until)
        for lost in sweeping.expired(timezone.now()):
            with suppress(Exception):
                if lost.pk == self.pk:
                    sweeping.recover(lost, now=timezone.now())

    def until(self, instant):
        """Time passes; no call can be on its way any longer when much of it has."""
        wait_for(self._all_answered, 60, what="calls on their way")
        self.place.clock.reach(instant)

    def _all_answered(self):
        if not self.case.fault.startswith("hang") and "on its way" not in self.case.point:
            return True
        return all(call["status"] is not None for call in self.place.sandbox.calls())

    # -- what comes in between -------------------------------------------------------------

    def _meanwhile(self, write):
        self._thief(write)
        if write.step == self.case.step and not self.happened[FAULT_CAME] and self.case.fault:
            self.happened[FAULT_CAME] = 1
            self._fault(write)

    def _thief(self, write):
        if not self.way.thief or ended_of(write).get(plan.DELETE) != plan.DONE:
            return
        if not self.happened[THIEF_CAME]:
            self.happened[THIEF_CAME] = 1
            self.place.take_new()
        if self.way.thief == "both" and not self.happened[BACK_TAKEN]:
            self.happened[BACK_TAKEN] = 1
            self.place.take_old()

    def _fault(self, write):
        kind, params = FAULTS[self.case.fault]
        if kind == "revoke":
            self.place.revoke(params["labels"])
            return
        if kind == "gone":
            self.place.stranger_deletes()
            return
        method, path = METHODS.get(write.step, PATCH)
        if self.case.fault.endswith("unreadable"):
            self._rule("malformed", READ, lasting=True)
        elif self.case.fault.endswith("at a read"):
            method, path = READ
        self._rule(kind, (method, path), lasting=self.case.lasting, **params)

    def _rule(self, kind, where, *, lasting, **params):
        match = dict(zip(("method", "path"), where, strict=True))
        self.place.sandbox.fault(kind, times=None if lasting else 1, match=match, **params)

    # -- dying -----------------------------------------------------------------------------

    def _die(self):
        if self.case.point == "while the call is on its way":
            method, path = METHODS.get(self.case.step, PATCH)
            self.place.sandbox.fault("latency", match={"method": method, "path": path}, ms=90)
        self.died += _forked(lambda: self.walk(deadly=True), self.place.sandbox)
        if self.died and self.case.point.startswith("in the sweep"):
            self.died += _forked(self._die_recovering, self.place.sandbox)

    def _die_recovering(self):
        die.arm(self.case.point)
        write = self.write()
        if write.lease_until is not None:
            self.until(write.lease_until)
            sweeping.recover(write, now=timezone.now())


def _forked(act, sandbox):
    """Whether a child that does ``act`` died by SIGKILL. It ends without a word otherwise."""
    connections.close_all()
    for thread in threading.enumerate():
        # Whoever still reads availability may hold a lock that the child would wait for in vain.
        if thread is not threading.current_thread():
            thread.join(LONGEST_READ)
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    try:
        signal.alarm(LONGEST_LIFE)
        _forget_sockets(sandbox)
        act()
    except BaseException as error:
        os.write(2, f"in the child: {error!r}\n".encode())
        os._exit(1)
    os._exit(0)


_kept = []


def _forget_sockets(sandbox):
    """The parent goes on using them."""
    _kept.extend([dict(gateway._clients), sandbox._http])
    sandbox._http = httpx.Client(base_url=sandbox.url, timeout=30)
    gateway._clients.clear()


def told(write):
    return f"{write.state}/{write.reason} at {write.step or '-'}"
