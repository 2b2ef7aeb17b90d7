"""The metrics, read by Prometheus' own parsers."""

import json
import os
import shutil
import subprocess

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

from conftest import asins, eventually

OPEN = "application/openmetrics-text; version=1.0.0"

CONTRACT = {
    "asinqd_build_info": {"version", "engine"},
    "asinqd_daemon_running": set(),
    "asinqd_jobs": {"endpoint", "state"},
    "asinqd_oldest_ready_job_age_seconds": {"endpoint"},
    "asinqd_jobs_finished_total": {"endpoint", "state"},
    "asinqd_calls_total": {"account", "endpoint", "outcome"},
    "asinqd_products_asked_total": {"account", "endpoint"},
    "asinqd_tokens_charged_total": {"account", "endpoint"},
    "asinqd_call_duration_seconds_bucket": {"endpoint", "le"},
    "asinqd_call_duration_seconds_count": {"endpoint"},
    "asinqd_call_duration_seconds_sum": {"endpoint"},
    "asinqd_limit_available_tokens": {"account", "endpoint", "limit"},
    "asinqd_limit_capacity_tokens": {"account", "endpoint", "limit"},
    "asinqd_pool_remaining_tokens": {"account", "pool"},
    "asinqd_pool_allowance_tokens": {"account", "pool"},
    "asinqd_pool_reset_timestamp_seconds": {"account", "pool"},
    "asinqd_drift_tokens_total": {"account", "direction"},
    "asinqd_lane_hold": {"account", "endpoint", "reason"},
    "asinqd_forecast_finish_timestamp_seconds": {"endpoint"},
    "asinqd_database_bytes": set(),
    "asinqd_wal_bytes": set(),
    "asinqd_disk_free_bytes": set(),
    "asinqd_audit_problems": set(),
    "asinqd_audit_timestamp_seconds": set(),
    "process_cpu_seconds_total": set(),
    "process_resident_memory_bytes": set(),
    "process_open_fds": set(),
    "process_start_time_seconds": set(),
}


def samples(text, parse):
    found = {}
    for family in parse(text):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, f"{key} occurs twice"
            found[key] = sample.value
    return found


def counters(text):
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in prometheus(text) if family.type in ("counter", "histogram")
        for sample in family.samples if sample.name.startswith("asinqd_")
    }


def promtool():
    own = os.path.join(os.environ.get("ROOT", "."), ".build/promtool")
    found = shutil.which("promtool") or (own if os.access(own, os.X_OK) else None)
    assert found, "promtool is missing. Try: run make test-needs"
    return found


def test_both_formats_have_the_metrics_of_the_contract(populated):
    service = populated.serve()
    service.json("/api/v1/audit")
    eventually(
        "the audit's metrics", lambda: "asinqd_audit_problems" in service.get("/metrics")[0])
    plain, plain_type = service.get("/metrics")
    open_, open_type = service.get("/metrics", Accept=OPEN)
    assert plain_type.startswith("text/plain; version=0.0.4")
    assert open_type.startswith("application/openmetrics-text; version=1.0.0")
    for text, parse in [(plain, prometheus), (open_, openmetrics)]:
        found = samples(text, parse)
        labels = {}
        for name, pairs in found:
            names = {label for label, _ in pairs}
            assert labels.setdefault(name, names) == names, name
        for name, names in CONTRACT.items():
            assert labels.get(name) == names, name
        jobs = {dict(pairs)["state"]: value for (name, pairs), value in found.items()
                if name == "asinqd_jobs" and ("endpoint", "images") in pairs}
        assert jobs["completed"] == 31 and jobs["discarded"] == 1 and jobs["paused"] == 30
        assert jobs["cancelled"] == 5 and jobs["later"] == 20
        assert found["asinqd_daemon_running", ()] == 1
        outcomes = {dict(pairs)["outcome"] for name, pairs in found if name == "asinqd_calls_total"}
        assert {"succeeded", "rate_limited", "rejected"} <= outcomes
    checked = subprocess.run(
        [promtool(), "check", "metrics"], input=plain, capture_output=True, text=True)
    assert checked.returncode == 0 and checked.stderr == "", checked
    for label in ["spring", "next week", "paused list"]:
        assert label not in plain, "a user's label is no metric label"


def test_counters_do_not_fall_with_a_prune_a_restart_or_a_second_service(bench):
    bench.sandbox("--images-burst", "1000000", "--images-per-minute", "1000000")
    bench.environment["ASINQD_ASINSCOPE_IMAGES_BURST"] = "1000000"
    bench.environment["ASINQD_ASINSCOPE_IMAGES_PER_MINUTE"] = "1000000"
    bench.environment["ASINQD_ASINSCOPE_BATCH_LIMIT"] = "10"
    bench.enqueue("images", asins(range(1_300)))
    bench.run("run", "--until-empty")
    service = bench.serve()
    before = counters(service.get("/metrics")[0])
    completed = (
        "asinqd_jobs_finished_total", (("endpoint", "images"), ("state", "completed")))
    assert before[completed] == 1_300
    # Calls must be a second old, and the last hundred stay.
    pruned = {"calls": 0}

    def prune():
        counts = json.loads(bench.run("prune", "--jobs", "1s", "--ledger", "1s", "--json"))
        pruned["calls"] += counts["ledgerEntries"]
        return pruned["calls"] >= 20 and bench.jobs("completed") == 0

    eventually("the end of old calls", prune)
    second = bench.serve()
    assert counters(second.get("/metrics")[0]) == before
    assert service.stop() == 0
    bench.enqueue("images", asins(range(3_000, 3_010)))
    bench.run("run", "--until-empty")
    again = counters(bench.serve(port=service.port).get("/metrics")[0])
    assert all(again[key] >= value for key, value in before.items())
    assert again[completed] == 1_310
