"""Which host leads: a row with a lease and an epoch."""

import concurrent.futures

import pytest

from contract import Contract

LEADER = "SELECT host_id, epoch FROM leader"


@pytest.fixture
def hosts(connect):
    contract = Contract(connect())
    contract.run("INSERT INTO host (name) VALUES ('one'), ('two'), ('three')")
    return contract


def attend(contract, host, lease=60_000):
    """The leader's host and epoch, as this host sees it."""
    return contract.rows("SELECT host_id, epoch FROM attend(%s, %s)", host, lease)[0]


def test_the_first_host_leads_and_the_others_stand_by(hosts):
    assert attend(hosts, 2) == "2|1" and attend(hosts, 1) == "2|1" and attend(hosts, 3) == "2|1"
    assert hosts.rows("SELECT (lease_until - now_ms() BETWEEN 50000 AND 60000)::integer FROM leader") == ["1"]


def test_a_leader_extends_its_lease_within_its_epoch(hosts):
    attend(hosts, 1, 1_000)
    assert attend(hosts, 1, 90_000) == "1|1"
    assert hosts.rows("SELECT (lease_until - now_ms() > 60000)::integer FROM leader") == ["1"]


def test_another_host_takes_over_when_the_lease_is_over_and_the_former_leader_notices(hosts):
    attend(hosts, 1, 0)
    assert attend(hosts, 2) == "2|2"
    assert attend(hosts, 1) == "2|2"


def test_a_lease_from_before_the_clock_was_set_back_is_over(hosts):
    attend(hosts, 1)
    hosts.run("UPDATE leader SET lease_until = lease_until + 3600000")
    assert attend(hosts, 2) == "2|2"
    assert attend(hosts, 1) == "2|2"


def test_a_host_that_resigns_is_followed_at_once_and_does_not_attend_again(hosts):
    attend(hosts, 1)
    hosts.run("SELECT resign(1)")
    assert hosts.rows(LEADER) == ["|1"]
    assert attend(hosts, 3) == "3|2"
    assert hosts.refusal("SELECT attend(1, 1000)") == "There is no running host 1. Try: insert a row into asinqd.host"
    assert hosts.rows("SELECT id, stopped_at IS NOT NULL FROM host ORDER BY id") == ["1|True", "2|False", "3|False"]


def test_a_host_that_stands_by_resigns_without_changing_the_leader(hosts):
    attend(hosts, 1)
    hosts.run("SELECT resign(2)")
    assert hosts.rows(LEADER) == ["1|1"]


def test_attending_shows_that_a_host_is_alive(hosts):
    hosts.run("UPDATE host SET seen_at = 0")
    attend(hosts, 1)
    attend(hosts, 2)
    assert hosts.rows("SELECT id FROM host WHERE seen_at > 0 ORDER BY id") == ["1", "2"]


def test_of_eight_hosts_that_start_at_once_one_leads(connect):
    contract = Contract(connect())
    contract.run("INSERT INTO host (name) SELECT 'host ' || n FROM generate_series(1, 8) AS n")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(lambda host: attend(Contract(connect()), host), range(1, 9)))
    assert len(seen) == 1 and seen.pop().endswith("|1")


def test_an_epoch_never_falls_and_rises_with_the_host(hosts):
    attend(hosts, 1)
    message = "leader.epoch rises with each change of the host"
    for change in ["epoch = 0", "host_id = 2", "host_id = 2, epoch = epoch"]:
        assert hosts.refusal(f"UPDATE leader SET {change}") == message
    assert hosts.refusal("INSERT INTO leader DEFAULT VALUES") is not None
