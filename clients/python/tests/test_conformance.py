"""The database and the HTTP API behave the same."""

from __future__ import annotations

import datetime
import typing

import pytest

import asinqd
from conftest import Bench, asins, soon

UTC = datetime.timezone.utc


def test_enqueue_counts_products_and_gives_a_reason_for_each_refused_one(
    client: asinqd.Client, bench: Bench
) -> None:
    given: typing.List[typing.Any] = [
        "B0086FFHLS", " b00nnumi86\t", "B0086FFHLS", "b00-oops", "B0086\0FHLS", None, 885909456017,
        "\ud800", "ä" * 10, "B" * 5_000, "",
    ]
    outcome = client.enqueue("images", given, label="spring")
    assert (outcome.added, outcome.already_open, outcome.fresh) == (2, 1, 0)
    assert [refusal.index for refusal in outcome.refused] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert [refusal.product for refusal in outcome.refused[:5]] == [
        "b00-oops", "B0086\0FHLS", "None", "885909456017", "\ud800",
    ]
    assert all(len(refusal.reason) > 10 for refusal in outcome.refused)
    assert bench.rows("SELECT product, label FROM queue ORDER BY id") == [
        ("B0086FFHLS", "spring"), ("B00NNUMI86", "spring"),
    ]
    again = client.enqueue("images", ["B0086FFHLS"])
    assert again == asinqd.Enqueued(added=0, already_open=1, fresh=0, refused=[])


def test_products_are_spelled_as_in_the_queue(client: asinqd.Client, bench: Bench) -> None:
    client.enqueue("lookup", ["885909456017", "00885909456017", "0885909456017", "96385074"])
    client.enqueue("search", ["  lego\u3000 star  wars "])
    assert bench.rows("SELECT product FROM queue ORDER BY id") == [
        ("0885909456017",), ("96385074",), ("lego star wars",),
    ]


def test_each_option_reaches_its_column(client: asinqd.Client, bench: Bench) -> None:
    later = datetime.datetime(2030, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
    zone = datetime.timezone(datetime.timedelta(hours=2))
    client.enqueue("images", ["B000000001"], priority=0, not_before=later.astimezone(zone))
    client.enqueue("barcodes", ["B000000002"], then_lookup=True, max_age="30d", account="asinscope")
    client.enqueue("barcodes", ["B000000003"], then_lookup=True)
    client.enqueue("search", ["lego"], pages=7, label="ä" * 100)
    columns = "product, priority, not_before, then_lookup, account, pages, label"
    assert bench.rows(f"SELECT {columns} FROM queue ORDER BY id") == [
        ("B000000001", 0, int(later.timestamp() * 1_000), None, None, 2, None),
        ("B000000002", 5, 0, 30 * 86_400_000, "asinscope", 2, None),
        ("B000000003", 5, 0, 0, None, 2, None),
        ("lego", 5, 0, None, None, 7, "ä" * 100),
    ]


def test_an_open_job_is_raised_and_widened_but_keeps_its_label(
    client: asinqd.Client, bench: Bench
) -> None:
    later = datetime.datetime(2030, 1, 1, tzinfo=UTC)
    client.enqueue("search", ["lego"], priority=9, not_before=later, label="first", pages=2)
    client.enqueue("barcodes", ["B000000001"], then_lookup=True, max_age="2d")
    for _ in range(2):
        client.enqueue("search", ["lego"], priority=1, label="second", pages=5)
        client.enqueue("barcodes", ["B000000001"], then_lookup=True, max_age="1d", priority=7)
    assert bench.rows(
        "SELECT priority, not_before, label, pages, then_lookup FROM queue ORDER BY id"
    ) == [(1, 0, "first", 5, None), (5, 0, None, 2, 86_400_000)]
    client.enqueue("search", ["lego"], priority=8, not_before=later, pages=3)
    assert bench.rows("SELECT priority, not_before, pages FROM queue ORDER BY id")[0] == (1, 0, 5)


@pytest.mark.parametrize(
    "endpoint, options",
    [
        ("imagse", {}),
        ("images", {"account": "nobodys"}),
        ("images", {"account": "upcitemdb"}),
        ("images", {"priority": 10}),
        ("images", {"priority": True}),
        ("images", {"priority": "5"}),
        ("images", {"not_before": "2027-01-01T00:00Z"}),
        ("images", {"pages": 3}),
        ("search", {"pages": 101}),
        ("images", {"label": ""}),
        ("images", {"label": "a" * 101}),
        ("images", {"label": "a\0b"}),
        ("images", {"label": "\udc80"}),
        ("images", {"then_lookup": True}),
        ("images", {"max_age": "3m"}),
        ("images", {"max_age": datetime.timedelta(seconds=-1)}),
        ("images", {"not_before": datetime.datetime(2030, 1, 1)}),
        ("images", {"not_before": datetime.datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC)}),
    ],
)
def test_a_wrong_argument_is_an_error_that_adds_nothing(
    client: asinqd.Client, bench: Bench, endpoint: str, options: typing.Dict[str, typing.Any]
) -> None:
    with pytest.raises(asinqd.UsageError) as caught:
        client.enqueue(endpoint, ["B0086FFHLS"], **options)
    assert caught.value.hint and "\nTry: " in str(caught.value)
    assert bench.rows("SELECT count(*) FROM queue") == [(0,)]


def test_one_text_instead_of_a_list_is_an_error(client: asinqd.Client) -> None:
    with pytest.raises(asinqd.UsageError, match="use a list"):
        client.enqueue("images", "B0086FFHLS")


def test_any_number_of_products_comes_from_an_iterator(
    client: asinqd.Client, bench: Bench
) -> None:
    assert client.enqueue("images", []) == asinqd.Enqueued()
    products = (product if number % 1_000 else "bad" for number, product in enumerate(asins(25_000)))
    outcome = client.enqueue("images", products)
    assert (outcome.added, len(outcome.refused)) == (24_975, 25)
    assert [refusal.index for refusal in outcome.refused] == list(range(0, 25_000, 1_000))
    assert bench.rows("SELECT product FROM queue ORDER BY id")[-1] == ("B000024999",)


def test_fresh_results_are_skipped_and_their_code_is_looked_up(
    client: asinqd.Client, bench: Bench
) -> None:
    bench.store(["B000000001"], "barcodes", {"ean": "0885909456017"}, age_s=3_600)
    bench.store(["B000000002"], "barcodes", {"title": "no code"}, age_s=3_600)
    bench.store(["B000000003"], "barcodes", {"ean": "0885909456017"}, age_s=3 * 86_400)
    given = asins(4)[1:]
    outcome = client.enqueue("barcodes", given, max_age="1d", then_lookup=True, label="spring")
    assert (outcome.added, outcome.fresh) == (1, 2)
    assert bench.rows("SELECT endpoint, product, label FROM queue ORDER BY endpoint") == [
        ("barcodes", "B000000003", "spring"), ("lookup", "0885909456017", "spring"),
    ]
    age = datetime.timedelta(days=9)
    assert client.enqueue("barcodes", ["B000000003"], max_age=age).fresh == 1


def test_a_search_in_progress_is_not_fresh(client: asinqd.Client, bench: Bench) -> None:
    client.enqueue("search", ["lego"])
    bench.store(["lego", "duplo"], "search", [])
    outcome = client.enqueue("search", ["lego", "duplo"], max_age="1d", pages=4)
    assert (outcome.already_open, outcome.fresh) == (1, 1)


def test_results_have_the_providers_item_and_a_cursor_that_resumes(
    client: asinqd.Client, bench: Bench
) -> None:
    item = {"title": "Ä 🧱", "images": ["https://example.com/1.jpg"], "price": 1.5, "n": None}
    bench.store(["B000000001"], "images", item)
    bench.store(["B000000002"], "images")
    bench.store(["lego"], "search", [item, item])
    images, unknown, search = client.results()
    assert (images.endpoint, images.product, images.found) == ("images", "B000000001", True)
    assert images.item == item
    assert abs(datetime.datetime.now(UTC) - images.fetched_at) < datetime.timedelta(minutes=1)
    assert (unknown.found, unknown.item) == (False, None)
    assert (search.endpoint, search.item) == ("search", [item, item])
    assert list(client.results(after=images.cursor)) == [unknown, search]
    assert list(client.results(after=search.revision)) == []
    bench.rows("UPDATE result SET fetched_at = fetched_at + 1 WHERE product = 'B000000001'")
    assert [result.product for result in client.results(after=search.cursor)] == ["B000000001"]


def test_results_of_an_endpoint_or_a_label(client: asinqd.Client, bench: Bench) -> None:
    client.enqueue("images", asins(3), label="spring")
    client.enqueue("barcodes", asins(1), label="spring")
    client.enqueue("images", ["B000000007"], label="autumn")
    bench.store(["B000000002", "B000000007", "B000000000"], "images", {})
    bench.store(asins(2), "barcodes", {})

    def read(**filters: typing.Any) -> typing.List[str]:
        return [f"{result.endpoint[0]}{result.product[-1]}" for result in client.results(**filters)]

    assert read(endpoint="barcodes") == ["b0", "b1"]
    assert read(label="spring") == ["i2", "i0", "b0"]
    assert read(label="spring", endpoint="images") == ["i2", "i0"]
    assert read(label="winter") == read(endpoint="lookup") == []
    with pytest.raises(asinqd.UsageError):
        client.results("imagse")


@pytest.mark.parametrize("filters", [{}, {"endpoint": "images"}, {"label": "spring"}])
def test_results_of_several_pages_come_once_each_and_resume_from_any_place(
    client: asinqd.Client, bench: Bench, filters: typing.Dict[str, typing.Any]
) -> None:
    client.enqueue("images", asins(1_300), label="spring")
    bench.store(asins(1_300), "images", {"title": "T"})
    bench.store(asins(10), "barcodes", {})
    everything = [result.product for result in client.results(**filters)]
    assert everything[:1_300] == asins(1_300)
    results = client.results(**filters)
    seen = [next(results).product for _ in range(777)]
    rest = client.results(after=results.cursor, **filters)
    assert seen + [result.product for result in rest] == everything
    assert list(client.results(after=rest.cursor, **filters)) == []


@pytest.mark.parametrize("cursor", ["-1", "1.5", "", "x", "1" * 30])
def test_a_malformed_cursor_is_an_error(client: asinqd.Client, cursor: str) -> None:
    with pytest.raises(asinqd.UsageError, match="no cursor"):
        client.results(after=cursor)


def test_follow_returns_results_as_they_come(client: asinqd.Client, bench: Bench) -> None:
    bench.store(["B000000000"], "images", {})
    results = client.results("images", follow=True)
    assert next(results).product == "B000000000"
    for product in asins(4)[1:]:
        # Only now, while the iterator waits; results of another endpoint do not end the wait.
        thread = soon(lambda: (bench.store([product], "barcodes"), bench.store([product])))
        assert next(results).product == product
        thread.join()
    assert [result.product for result in client.results("images", results.cursor)] == []


def test_a_real_daemon_answers_and_wait_returns_its_results(
    client: asinqd.Client, bench: Bench, sandbox: typing.Dict[str, str]
) -> None:
    bench.start("run", **sandbox)
    results = client.results(follow=True)
    client.enqueue("images", ["B0086FFHLS", "B0UNKNOWN1"], priority=0)
    known = client.wait("images", " b0086ffhls ", timeout=30)
    assert known.found and known.item["title"]
    assert client.wait("images", "B0UNKNOWN1", timeout=30).found is False
    assert {next(results).product, next(results).product} == {"B0086FFHLS", "B0UNKNOWN1"}
    client.enqueue("lookup", ["885909456017"], priority=0)
    assert client.wait("lookup", "885909456017", 30).item["ean"] == "0885909456017"
    assert next(results).product == "0885909456017"
    # A dead letter ends the wait, also where an older answer exists.
    bench.store(["B0REJECTED"], "images", {})
    client.enqueue("images", ["B0REJECTED"], priority=0)
    with pytest.raises(asinqd.JobFailed) as caught:
        client.wait("images", "B0REJECTED", timeout=30)
    assert caught.value.state == "discarded" and caught.value.error


def test_wait_ends_at_its_timeout(client: asinqd.Client) -> None:
    client.enqueue("images", ["B0086FFHLS"])
    for timeout in (0, 0.3):
        with pytest.raises(asinqd.WaitTimeout) as caught:
            client.wait("images", "B0086FFHLS", timeout=timeout)
        assert isinstance(caught.value, TimeoutError) and f"{timeout} seconds" in str(caught.value)


def test_wait_ends_for_a_product_that_gets_no_answer(client: asinqd.Client, bench: Bench) -> None:
    with pytest.raises(asinqd.NotEnqueued):
        client.wait("images", "B0086FFHLS", timeout=20)
    client.enqueue("images", ["B0086FFHLS"])
    cancel = "UPDATE queue SET state = 'cancelled', finished_at = 5 WHERE state = 'available'"
    thread = soon(lambda: bench.rows(cancel))
    with pytest.raises(asinqd.JobFailed) as caught:
        client.wait("images", "B0086FFHLS", timeout=20)
    assert caught.value.state == "cancelled"
    thread.join()
    with pytest.raises(asinqd.JobFailed):
        client.wait("images", "B0086FFHLS", timeout=20)


def test_wait_reports_a_dead_letter_only_until_a_later_answer(
    client: asinqd.Client, bench: Bench
) -> None:
    bench.store(["B0086FFHLS"], "images", {"title": "T"}, age_s=100)
    client.enqueue("images", ["B0086FFHLS"])
    bench.rows("UPDATE queue SET state = 'running', call_id = 1")
    bench.rows("UPDATE queue SET state = 'discarded', error = 'why', finished_at = enqueued_at")
    with pytest.raises(asinqd.JobFailed, match="why"):
        client.wait("images", "B0086FFHLS", timeout=20)
    bench.rows("DELETE FROM result")
    with pytest.raises(asinqd.JobFailed, match="why"):
        client.wait("images", "B0086FFHLS", timeout=20)
    bench.store(["B0086FFHLS"], "images", {"title": "T"}, age_s=-1)
    assert client.wait("images", "B0086FFHLS", timeout=20).item == {"title": "T"}


@pytest.mark.parametrize("query", ["a/b", "100%25", "lego ä 🧱", "a?b#c&d=e+f", "..", "%2F", "a;b"])
def test_a_query_with_signs_of_an_address_is_found(
    client: asinqd.Client, bench: Bench, query: str
) -> None:
    assert client.enqueue("search", [query]).added == 1
    bench.store([query], "search", [])
    bench.rows("UPDATE queue SET state = 'cancelled', finished_at = 5")
    assert client.wait("search", query, timeout=5).product == query


def test_wait_returns_the_last_result_where_no_job_is_open(
    client: asinqd.Client, bench: Bench
) -> None:
    bench.store(["B0086FFHLS"], "images", {"title": "T"}, age_s=1e6)
    assert client.wait("images", "B0086FFHLS", timeout=20).item == {"title": "T"}


def test_the_forecast_of_a_label(client: asinqd.Client) -> None:
    client.enqueue("images", asins(3), label="spring")
    if "http" not in repr(client):
        with pytest.raises(asinqd.ForecastUnavailable, match="HTTP API"):
            client.forecast("spring")
        return
    forecast = client.forecast("spring")
    assert forecast.jobs["ready"] == forecast.endpoints["images"]["ready"] == 3
    assert forecast.remaining_tokens == 3
    with pytest.raises(asinqd.NotEnqueued):
        client.forecast("autumn")


def test_to_pandas_keeps_zeros_and_types(client: asinqd.Client, bench: Bench) -> None:
    pandas = pytest.importorskip("pandas")
    bench.store(["0885909456017", "96385074"], "lookup", {"title": "T"})
    frame = client.results("lookup").to_pandas()
    assert list(frame["product"]) == ["0885909456017", "96385074"]
    assert str(frame["fetched_at"].dtype).startswith("datetime64") and frame["found"].dtype == bool
    assert list(pandas.json_normalize(list(frame["item"]))["title"]) == ["T", "T"]
    assert len(client.results("search").to_pandas()) == 0
    with pytest.raises(asinqd.UsageError):
        client.results(follow=True).to_pandas()


def test_a_closed_client_says_so(client: asinqd.Client) -> None:
    client.close()
    with pytest.raises(asinqd.UsageError, match="closed"):
        list(client.results())
