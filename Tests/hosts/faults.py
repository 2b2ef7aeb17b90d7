"""One function for each fault of a round. It returns when the fault is over; the round heals what is left.

Each gets the test and the round's own random numbers, which it draws before it waits for anything, so that the
processes' timing does not change the faults that follow.
"""

import signal, time

PROVIDER_FAULTS = ("latency=200-900", "cut=0.3", "errors=0.3", "truncate=0.3", "hang=0.2",
                   "latency=50-300,cut=0.1,errors=0.1", "html=0.3", "busy=0.3")
LEASE_SECONDS = 15
# A machine that builds next to the test is slow.
SLACK_SECONDS = 4
TAKEOVER_SECONDS_MAX = LEASE_SECONDS + SLACK_SECONDS
# The lease of a call: its timeout and half a minute.
CALL_LEASE_SECONDS = 32


def kill_leader(test, random):
    when, pause = random.choice(("now", "call", "transaction")), random.uniform(0, 3)
    host = test.leading_host(when)
    test.expect_takeover("kill", host)
    host.kill()
    test.await_takeover()
    time.sleep(pause)
    host.start()


def kill_standby(test, random):
    pause, number = random.uniform(0, 3), random.random()
    host = test.standby_host(number)
    host.kill()
    time.sleep(pause)
    host.start()


def kill_all(test, random):
    pause = random.uniform(0, 2)
    test.leading_host("call")
    for host in test.hosts:
        host.kill()
    time.sleep(pause)
    for host in test.hosts:
        host.start()


def freeze_leader(test, random):
    """For longer than the lease, and sometimes for longer than that of a call."""
    when, is_long = random.choice(("now", "call")), random.random() < 0.3
    seconds = random.uniform(18, 24)
    freeze(test, when, CALL_LEASE_SECONDS + 3 if is_long else seconds)


def freeze_leader_in_transaction(test, random):
    freeze(test, "transaction", random.uniform(18, 24))


def freeze_leader_during_calls(test, random):
    """Replies come while it is frozen, and its calls expire: late results."""
    pause = random.uniform(1, 2)
    test.provider.set_faults("latency=1000-1500")
    time.sleep(pause)
    freeze(test, "call", CALL_LEASE_SECONDS + 5)


def freeze(test, when, seconds):
    began = time.time()
    host = test.leading_host(when)
    test.expect_takeover("freeze", host)
    host.signal(signal.SIGSTOP)
    test.await_takeover()
    time.sleep(max(0, began + seconds - time.time()))
    host.signal(signal.SIGCONT)


def cut_leader_from_server(test, random):
    when, seconds = random.choice(("now", "call", "transaction")), random.uniform(16, 22)
    direction = random.choice(("both", "in", "out"))
    host = test.leading_host(when)
    test.expect_takeover(f"cut {direction}", host)
    test.network.cut(host.number, "server", direction)
    began = time.time()
    test.await_takeover()
    time.sleep(max(0, began + seconds - time.time()))
    test.network.heal(host.number)


def cut_leader_from_server_briefly(test, random):
    """For less than the lease: it may keep the lead."""
    when, seconds = random.choice(("now", "call")), random.uniform(1, 6)
    direction = random.choice(("both", "in", "out"))
    host = test.leading_host(when)
    test.network.cut(host.number, "server", direction)
    time.sleep(seconds)
    test.network.heal(host.number)


def cut_leader_from_provider(test, random):
    when, seconds = random.choice(("now", "call")), random.uniform(2, 8)
    direction = random.choice(("both", "in", "out"))
    host = test.leading_host(when)
    test.network.cut(host.number, "provider", direction)
    time.sleep(seconds)
    test.network.heal(host.number)


def cut_leader_from_both(test, random):
    when, seconds = random.choice(("now", "call")), random.uniform(16, 22)
    host = test.leading_host(when)
    test.expect_takeover("cut off", host)
    test.network.cut(host.number, "server")
    test.network.cut(host.number, "provider")
    began = time.time()
    test.await_takeover()
    time.sleep(max(0, began + seconds - time.time()))
    test.network.heal(host.number)


def terminate_sessions(test, random):
    when, times = random.choice(("now", "call", "transaction")), random.randint(1, 4)
    pauses = [random.uniform(0, 0.5) for _ in range(times)]
    host = test.leading_host(when)
    for pause in pauses:
        test.server.terminate_sessions(test.network.address("server", host.number))
        time.sleep(pause)


def restart_server(test, random):
    when, seconds = random.choice(("now", "call", "transaction")), random.choice((0, 0, 2, 5))
    test.leading_host(when)
    test.server.restart(seconds)


def promote_replica(test, random):
    """The primary's machine is gone for good."""
    test.leading_host(random.choice(("now", "call", "transaction")))
    test.server.promote_replica()


def disturb_provider(test, random):
    faults, seconds = random.choice(PROVIDER_FAULTS), random.uniform(3, 8)
    test.provider.set_faults(faults)
    time.sleep(seconds)


def disturb_provider_and_kill_leader(test, random):
    """Many calls are open when the leader dies."""
    faults, pause = random.choice(PROVIDER_FAULTS[:4]), random.uniform(0, 2)
    test.provider.set_faults(faults)
    time.sleep(1 + pause)
    kill_leader(test, random)


def stop_leader(test, random):
    when, pause = random.choice(("now", "call", "transaction")), random.uniform(0, 3)
    host = test.leading_host(when)
    test.expect_takeover("stop", host)
    test.terminate(host)
    test.await_takeover()
    time.sleep(pause)
    host.start()


def stop_standby(test, random):
    number, pause = random.random(), random.uniform(0, 3)
    host = test.standby_host(number)
    test.terminate(host)
    time.sleep(pause)
    host.start()


ALL = [kill_leader, kill_standby, kill_all, freeze_leader, freeze_leader_in_transaction,
       freeze_leader_during_calls, cut_leader_from_server,
       cut_leader_from_server_briefly, cut_leader_from_provider, cut_leader_from_both, terminate_sessions,
       restart_server, promote_replica, disturb_provider, disturb_provider_and_kill_leader, stop_leader, stop_standby]
BY_NAME = {fault.__name__: fault for fault in ALL}
