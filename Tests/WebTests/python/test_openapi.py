"""The API against its own description."""

import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import jsonschema

from conftest import eventually

# A count instead of a time, so that the same requests are sent on a slow machine.
EXAMPLES = 25


def strict(schema):
    """The same schema, in which an object has no other fields than those that are described."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    whole = {name: strict(part) for name, part in schema.items()}
    if whole.get("properties") and "additionalProperties" not in whole:
        whole["additionalProperties"] = False
    return whole


def test_the_description_is_valid(populated):
    document = populated.serve().json("/openapi.json")
    from openapi_spec_validator import validate

    validate(document)


def test_every_get_answers_as_described(populated):
    service = populated.serve("--read-only")
    document = service.json("/openapi.json")
    calls = service.json("/api/v1/ledger")["items"]
    refused = next(call["id"] for call in calls if call["outcome"] == "rate_limited")
    jobs = service.json("/api/v1/jobs?limit=1000")["items"]
    of = {job["state"]: job["id"] for job in jobs}
    assert {"ready", "later", "paused", "completed", "discarded", "cancelled"} <= of.keys()
    examples = {
        "/api/v1/jobs/{id}": [f"/api/v1/jobs/{id}" for id in of.values()],
        "/api/v1/ledger/{id}": [f"/api/v1/ledger/{call['id']}" for call in calls],
        "/api/v1/results/{endpoint}/{product}": [
            "/api/v1/results/images/B0TE000001", "/api/v1/results/images/B0UNKNOWN1",
            "/api/v1/results/images/B0TE000100", "/api/v1/results/images/B0BADBAD01"],
        "/api/v1/results": [
            "/api/v1/results", "/api/v1/results?after=999999",
            "/api/v1/results?label=" + urllib.parse.quote("rejected <b>&amp;</b>")],
        "/api/v1/jobs": [
            "/api/v1/jobs?limit=1000", "/api/v1/jobs?state=discarded", "/api/v1/jobs?product=B0TE000001"],
        "/api/v1/plan": ["/api/v1/plan", "/api/v1/plan?add=images:50000,search:5&priority=0"],
        "/api/v1/limits": [
            "/api/v1/limits", "/api/v1/limits?since=2020-01-01T00:00:00Z&until=2020-01-31T00:00:00Z"],
    }
    own = {"/api/v1/jobs/{id}", "/api/v1/ledger/{id}", "/api/v1/results"}
    checked = 0
    for path, operations in document["paths"].items():
        if "get" not in operations or path.endswith("/events"):
            continue
        content = operations["get"]["responses"]["200"]["content"]
        for example in examples.get(path, [path]):
            text, kind = service.get(example)
            assert kind.split(";")[0] in content, example
            if "application/json" in content:
                schema = content["application/json"]["schema"]
                # A job and a call have the fields of lists too, and a result those of its endpoint.
                if path not in own and "result" not in path:
                    schema = strict(schema)
                jsonschema.validate(
                    service.json(example), schema,
                    format_checker=jsonschema.FormatChecker(), cls=jsonschema.Draft202012Validator)
                checked += 1
    assert checked > 20 and refused


def test_events_send_the_status(populated):
    service = populated.serve()
    document = service.json("/openapi.json")
    assert "text/event-stream" in (
        document["paths"]["/api/v1/events"]["get"]["responses"]["200"]["content"])
    request = urllib.request.Request(service.root + "/api/v1/events", headers=service.headers)
    with urllib.request.urlopen(request, timeout=30) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        assert stream.readline() == b"event: status\n"
        import json

        status = json.loads(stream.readline().decode().removeprefix("data: "))
        schema = document["paths"]["/api/v1/status"]["get"]["responses"]["200"]["content"]
        jsonschema.validate(status, strict(schema["application/json"]["schema"]))
        assert stream.readline() == b"\n"


def test_schemathesis_finds_nothing(populated):
    """Properties: no 5xx, the described statuses, types and fields, and refusals of what is not described."""
    service = populated.serve()
    # Waiting is tested elsewhere.
    config = pathlib.Path(populated.folder, "schemathesis.toml")
    config.write_text('[parameters]\n"query.wait" = 0\n')
    tested = subprocess.run(
        [
            os.path.join(os.path.dirname(sys.executable), "schemathesis"),
            "--config-file", str(config), "run",
            service.root + "/openapi.json", "--header", f"Authorization: Bearer {service.token}",
            # The events have no end. The types of fields do not say all rules, such as which cursors exist.
            "--exclude-path", "/api/v1/events", "--exclude-checks", "positive_data_acceptance",
            "--phases", "examples,coverage,fuzzing",
            "--max-examples", str(EXAMPLES), "--request-timeout", "20",
            "--seed", "1", "--no-color", "--workers", "2", "--generation-database", "none",
        ], capture_output=True, text=True, cwd=populated.folder, timeout=600)
    output = tested.stdout + tested.stderr
    print(output[-4_000:])
    assert tested.returncode == 0, output[-20_000:]
    log = open(f"{populated.folder}/serve.log").read()
    assert "Fatal" not in log and service.process.poll() is None, log[-4_000:]
    eventually("an answer", lambda: service.get("/readyz")[0] == "ok\n")
