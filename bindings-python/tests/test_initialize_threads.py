"""Threads that check requests while another one initialises see the old controller or the new one."""

import json
import subprocess
import sys
import threading
import time
from hashlib import sha512

import pytest
from calls import SEED
from sandgate import Controller, DeniedError, Edge, Head, Route, SandboxState, v1, v2, wake

THREADS, ROUNDS = 4, 400

#: Of both wire formats by turns.
RINGS = v1.Keyring(SEED), v2.Keyring({"a": SEED})
TOKENS = [RINGS[number % 2].access_token(f"sandbox{number}") for number in range(ROUNDS)]
EDGE, ROUTE, STATE = Edge(), Route("abc", 49983), SandboxState(restricted=False)


@pytest.fixture(autouse=True)
def switch_often():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def by_check(controller, token):
    return controller.check("GET", "/metrics", access_token=token)


def by_guard(controller, token):
    return controller.guard(Head("GET", "/metrics", [("X-Access-Token", token)] if token else []))


def by_wake(controller, token):
    return wake.check(EDGE, controller, ROUTE, STATE, "GET", "/metrics", access_token=token)


def allows(ask, controller, token):
    try:
        ask(controller, token)
    except DeniedError as refused:
        assert refused.code in ("missing", "invalid")
        return False
    return True


@pytest.mark.parametrize("ask", [by_check, by_guard, by_wake])
def test_checks_see_one_whole_state_and_never_an_open_one(ask):
    controller = Controller(TOKENS[0])
    #: The last token whose `initialize` has begun, and the last one whose has returned.
    begun, returned = 0, 0
    start, wrong, asked = threading.Barrier(THREADS + 1), [], [0] * THREADS

    def check(number):
        start.wait()
        # Tokens that are required now, just before or just after.
        while returned < ROUNDS - 1:
            for ahead in -1, 0, 1:
                token = min(max(returned + ahead, 0), ROUNDS - 1)
                first = returned
                allowed = allows(ask, controller, TOKENS[token])
                last = begun
                if allowed and not first <= token <= last or not allowed and first == token == last:
                    wrong.append((first, token, last, allowed))
            if controller.is_open or controller.is_waiting or allows(ask, controller, None):
                wrong.append("open")
            asked[number] += 1

    def guarded(number):
        try:
            check(number)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    start.wait()
    for number, token in enumerate(TOKENS[1:], 1):
        # No thread is left behind.
        while min(asked) < number // 8 and not wrong:
            time.sleep(0)
        begun = number
        outcome = controller.initialize(json.dumps({"accessToken": token}), sha512(token.encode()).hexdigest())
        returned = number
        assert outcome == "replaced"
    for thread in threads:
        thread.join()
    assert not wrong and min(asked) >= ROUNDS // 8 - 1


def test_one_of_two_first_requests_sets_the_controller_up():
    for _ in range(100):
        controller, start, outcomes = Controller.waiting(), threading.Barrier(4), {}

        def initialize(token, controller=controller, start=start, outcomes=outcomes):
            start.wait()
            try:
                outcomes[token] = controller.initialize(json.dumps({"accessToken": token}))
            except DeniedError as refused:
                outcomes[token] = refused.code

        threads = [threading.Thread(target=initialize, args=(f"token {number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes.values()) == ["invalid"] * 3 + ["replaced"]
        [winner] = [token for token, outcome in outcomes.items() if outcome == "replaced"]
        assert [token for token in outcomes if allows(by_check, controller, token)] == [winner]


#: Reading an argument may run any code.
ARGUMENT = """
from hashlib import sha512
from sandgate import Controller

controller = Controller("first")

class Header:
    def __iter__(self):
        controller.initialize('{"accessToken":"second"}', sha512(b"second").hexdigest())
        return iter(["second"])

print(controller.check("GET", "/metrics", access_token=Header()).basis)
"""

#: A check makes objects. Before Python 3.12 the collector may run at once, and with it a finaliser.
FINALISER = """
import gc
from sandgate import Controller, DeniedError

controller, ran = Controller("first"), []

class Cycle:
    def __del__(self):
        ran.append(controller.initialize('{"accessToken":"first"}'))

gc.set_threshold(1)
for _ in range(100):
    cycle = Cycle()
    cycle.me = cycle
    del cycle
    try:
        controller.check("GET", "/metrics")
    except DeniedError:
        pass
gc.collect()
print(len(ran), set(ran))
"""


@pytest.mark.parametrize(("script", "shown"), [(ARGUMENT, "token\n"), (FINALISER, "100 {'kept'}\n")], ids=["argument", "finaliser"])
def test_code_that_runs_within_a_check_may_initialise(script, shown):
    """It would wait forever if a lock were held meanwhile."""
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert made.stdout == shown
