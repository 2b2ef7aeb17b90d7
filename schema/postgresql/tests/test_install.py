"""Installing the schema, and that it is what the two pages say."""

import re

import psycopg
import pytest

from conftest import FILES, FOLDER, schema
from contract import Contract

PAGE = (FOLDER / "README.md").read_text()
CONTRACT = (FOLDER.parent / "README.md").read_text()

# Messages of SQLite's schema that PostgreSQL says in its own words, or that cannot occur. The page names them.
OTHERWISE = {
    "queue.id is taken: leave the column out", "queue.product must be valid UTF-8",
    "queue.label must be valid UTF-8 without NUL", "queue.error must be valid UTF-8 without NUL",
    "result.revision is assigned by the database: leave the column out",
    "schedule.id is taken: leave the column out", "schedule.label must be valid UTF-8 without NUL",
    "schedule_product.product must be valid UTF-8",
}


def section(page, heading):
    return page.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def cells(text):
    """The cells of a page's tables, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if not line.startswith("|---")]


def test_the_version_is_that_of_the_contract(contract):
    assert contract.rows("SELECT version FROM schema_version") == ["7"]
    assert "`PRAGMA user_version` is 7, the version of this contract" in CONTRACT
    for change in ["DELETE FROM schema_version WHERE false", "UPDATE schema_version SET version = 8"]:
        assert contract.refusal(change) is None
    assert contract.refusal("UPDATE schema_version SET version = 6")
    assert contract.refusal("INSERT INTO schema_version (version) VALUES (7)")


def test_installing_again_fails_and_changes_nothing(connect):
    connection = connect()
    Contract(connection).add_job()
    with pytest.raises(psycopg.errors.DuplicateSchema):
        with connection.transaction():
            connection.execute(schema())
    assert Contract(connection).rows("SELECT product FROM queue") == ["B0086FFHLS"]


def test_a_database_of_another_encoding_is_refused_with_advice(server):
    name = server.create(encoding="'SQL_ASCII'", lc_collate="'C'", lc_ctype="'C'")
    with server.connect(name) as connection:
        with pytest.raises(psycopg.errors.RaiseException) as error:
            connection.execute((FOLDER / "tables.sql").read_text())
    assert "Try: use a database whose encoding is UTF8" in str(error.value)


def test_no_locale_of_the_database_changes_a_rule_or_an_order(server):
    name = server.create(locale_provider="icu", icu_locale="'tr-TR'")
    with server.connect(name) as connection:
        connection.execute(schema())
        contract = Contract(connection)
        contract.run(Contract.FACTS)
        assert contract.enqueue("images", ["b00iiii123", "a00ıııı123", "B0086FFHLS"])[0] == "B00IIII123|added|"
        contract.run("UPDATE queue SET label = CASE product WHEN 'B0086FFHLS' THEN 'Zoo' ELSE 'apple' END")
        assert contract.rows("SELECT label FROM queue ORDER BY label") == ["Zoo", "apple"]


def test_a_name_is_at_most_63_bytes_long_so_that_no_sentence_is_cut(contract):
    names = re.findall(r'CONSTRAINT "([^"]+)"', "".join((FOLDER / name).read_text() for name in FILES))
    assert len(names) > 40 and all(len(name.encode()) <= 63 for name in names)
    found = contract.rows("SELECT conname FROM pg_constraint WHERE connamespace = 'asinqd'::regnamespace AND contype IN ('c', 'f')")
    # The two tables of one row need no sentence.
    assert sorted(names) == sorted(name for name in found if " " in name)


def test_every_message_of_the_contract_is_raised_here_word_for_word_and_no_other(contract):
    told = {re.match(r"`(.+?)`$", row[0]).group(1) for row in cells(section(CONTRACT, "Errors"))[1:]}
    source = "".join((FOLDER / name).read_text() for name in ["rules.sql", "enqueue.sql"]).replace("''", "'")
    for message in told - OTHERWISE:
        # The rules for products are those of queue.
        assert message.replace("schedule_product.product ", "queue.product ") in source, message
    raised = set(re.findall(r"'((?:(?:queue|schedule|schedule_product)\.[a-z_, ]+|a running job|a ledger entry|an open ledger entry)[^\n]*?)'(?=[\s);]*(?:\n|END|\)))", source))
    assert {message for message in raised if "_seq" not in message} <= told
    for message in OTHERWISE:
        assert message not in source
    for named in ["`queue.id is taken ...`", "`schedule.id is taken ...`", "`result.revision is assigned ...`", "`... must be valid UTF-8 ...`"]:
        assert named.replace("...", "\u2026") in PAGE


def test_the_files_are_ascii_whatever_the_encoding_of_the_client():
    for name in FILES:
        assert (FOLDER / name).read_text().isascii(), name


def test_tables_have_the_contracts_columns_in_their_order_and_the_pages_types(contract):
    names = contract.rows("SELECT relname FROM pg_class WHERE relnamespace = 'asinqd'::regnamespace AND relkind = 'r'")
    told = [name for name in names if f"\n## {name}\n" in CONTRACT]
    assert sorted(set(names) - set(told)) == ["host", "job_tally_part", "leader", "schema_version"]
    columns = "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'asinqd' AND table_name = %s ORDER BY ordinal_position"
    for table in told + ["job_tally"]:
        page = [row for row in cells(section(CONTRACT, table).split("\n### ")[0]) if row[0].startswith("`")]
        expected = [(row[0].strip("`"), row[1]) for row in page if row[1] in ["INTEGER", "TEXT"]]
        if table == "ledger":
            expected.append(("host_id", "INTEGER"))
        found = [tuple(row.split("|")) for row in contract.rows(columns, table)]
        assert [name for name, _ in found] == [name for name, _ in expected], table
        for (name, is_type), (_, was) in zip(found, expected):
            assert is_type in {"INTEGER": ["bigint", "integer"], "TEXT": ["text", "json"]}[was], (table, name)


def test_views_have_the_contracts_columns_in_their_order(contract):
    rows = cells(section(CONTRACT, "result").split("\n### Views")[1])[1:]
    told = {row[0].strip("`"): list(dict.fromkeys(re.findall(r"`([a-z_]+)`", row[2]))) for row in rows}
    assert told.pop("inbox_checked")
    for view, columns in told.items():
        found = contract.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'asinqd' AND table_name = %s"
            " ORDER BY ordinal_position", view)
        named = [column for column in columns if column in found]
        assert found == named, view
    views = contract.rows("SELECT relname FROM pg_class WHERE relnamespace = 'asinqd'::regnamespace AND relkind = 'v'")
    # sqlite_sequence is for asinqd's own statements.
    assert sorted(views) == sorted([*told, "job_tally", "sqlite_sequence"])


def test_indexes_are_those_of_sqlites_schema(contract, lite):
    names = contract.rows("SELECT indexname FROM pg_indexes WHERE schemaname = 'asinqd' AND indexname NOT LIKE '%%pkey'")
    # SQLite walks ledger_settled to the last balance; PostgreSQL would expect it to be far.
    names.remove("ledger_balance")
    assert sorted(names) == lite.rows("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")


def test_the_pages_arguments_are_those_of_enqueue_with_their_types_and_defaults(contract):
    told = [
        f"{row[0].strip('`')} {row[1]}" + ("" if row[2] == "none" else f" DEFAULT {row[2].strip('`')}")
        for row in cells(PAGE.split("\n## ")[0]) if len(row) == 4 and row[0].startswith("`")]
    (real,) = contract.rows("SELECT pg_get_function_arguments('asinqd.enqueue'::regproc)")
    # The server writes NULL::text, and full names of types.
    real = re.sub(r"NULL::[a-z ]+", "NULL", real).replace("timestamp with time zone", "timestamptz")
    assert real.split(", ") == told


def test_the_pages_statement_runs_and_its_links_lead_to_files(contract):
    (statement,) = re.findall(r"```sql\n(.+?)```", PAGE, re.S)
    assert [row.split("|")[1] for row in contract.rows(statement)] == ["added", "added", "refused"]
    for link in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (FOLDER / link).exists(), link
    assert "cat " + " ".join(FILES) in PAGE
