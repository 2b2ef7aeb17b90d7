"""The programs in examples, run as they are."""

import os, subprocess, sys

import pytest

import bad_rows
from conftest import FOLDER
from contract import Contract, columns_in

INSERTED = ["B0086FFHLS added", "B00NNUMI86 added", "B0086FFHLS open", f"b00-oops refused {bad_rows.ASIN}"]
READ = [
    "B0086FFHLS available", "B00NNUMI86 available", "0631102001550 available", "monster vent available",
    "B0086FFHLS available", "B0086FFHLS 1 https://example.com/1.jpg", "B0086FFHLS 2 https://example.com/2.jpg",
    "Abt 9.99 EUR", "Bcd 12.5 USD", "B0086FFHLS 0631102001550 Abt 9.99 EUR", "B0086FFHLS 0631102001550 Bcd 12.5 USD",
]
JOBS = "SELECT endpoint, product, state, priority, label, pages, then_lookup FROM queue ORDER BY id"


@pytest.fixture
def contract(connect):
    contract = Contract(connect())
    contract.add_result(body='{"title":"T","images":["https://example.com/1.jpg","https://example.com/2.jpg"]}')
    contract.add_result(endpoint="barcodes", body='{"upc":"631102001550"}')
    contract.add_result(
        "0631102001550", "lookup",
        '{"offers":[{"merchant":"Abt","price":9.99,"currency":"EUR"},{"merchant":"Bcd","price":12.5,"currency":"USD"}]}')
    return contract


@pytest.fixture
def start(server, database):
    def start(name, *arguments):
        path, url = str(FOLDER / "examples" / name), server.url(database)
        command = [sys.executable, "-B", "-W", "error", path, url] if name.endswith(".py") else [
            "psql", "--no-psqlrc", url, "--file", path]
        return subprocess.Popen(
            command + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PGTZ": "UTC"})

    return start


def ending(program):
    output, errors = program.communicate(timeout=60)
    assert errors == "" and program.returncode == 0
    return [line.rstrip() for line in output.splitlines()]


def expect_jobs(contract):
    assert contract.rows(JOBS) == [
        "images|B0086FFHLS|available|5|spring|2|", "images|B00NNUMI86|available|5|spring|2|",
        "lookup|0631102001550|available|5|spring|2|", "search|monster vent|available|5|spring|5|",
        "barcodes|B0086FFHLS|available|5|spring|2|2592000000"]


def test_the_python_example_adds_jobs_reports_the_malformed_one_and_reads(contract, start):
    assert ending(start("enqueue.py")) == INSERTED + READ
    expect_jobs(contract)
    assert ending(start("enqueue.py"))[:2] == ["B0086FFHLS open", "B00NNUMI86 open"]
    expect_jobs(contract)


def test_the_psql_script_does_the_same_and_the_inbox_sets_the_malformed_row_aside(contract, start):
    others = ["0631102001550 added", "monster vent added", "B0086FFHLS added"]
    rejected = [f"b00-oops rejected: {bad_rows.ASIN}"]
    assert ending(start("enqueue.sql")) == INSERTED + others + rejected + READ
    expect_jobs(contract)


def test_jobs_are_added_with_the_callers_own_rows(contract, start):
    for _ in range(2):
        assert ending(start("own_transaction.sql")) == [
            "B0086FFHLS Notebook no problem", "B00NNUMI86 Pen no problem", f"b00-oops Mug {bad_rows.ASIN}"]
    assert contract.rows("SELECT product, label FROM queue ORDER BY id") == [
        "B0086FFHLS|articles", "B00NNUMI86|articles"]


def test_the_waiting_example_sees_jobs_finish_and_prints_the_results(contract, start):
    for product in ["B0086FFHLS", "B00NNUMI86"]:
        contract.add_job(product, state="running")
    contract.run("UPDATE queue SET label = 'spring'")
    program = start("wait.py", "spring")
    assert program.stdout.readline() == "waiting for 2\n"
    contract.run(f"UPDATE queue SET {columns_in('completed')} WHERE product = 'B0086FFHLS'")
    contract.run("UPDATE result SET fetched_at = 6 WHERE product = 'B0086FFHLS'")
    while (line := program.stdout.readline()) == "waiting for 2\n":
        pass
    assert line == "waiting for 1\n"
    contract.run(f"UPDATE queue SET {columns_in('discarded')} WHERE product = 'B00NNUMI86'")
    lines = [line for line in ending(program) if line != "waiting for 1"]
    assert lines[0] == "waiting for 0" and lines[1].startswith('B0086FFHLS completed 1 {"title"')
    assert lines[2:] == ["B00NNUMI86 discarded None None"]


def test_the_page_names_every_example():
    page = (FOLDER / "README.md").read_text()
    for path in (FOLDER / "examples").iterdir():
        assert f"](examples/{path.name})" in page
