"""The asyncio twin does what the client does, without blocking the loop."""

from __future__ import annotations

import asyncio
import typing

import pytest

import asinqd
import asinqd.aio
from conftest import Bench, asins

Place = typing.Dict[str, str]


def test_it_enqueues_and_reads(place: Place, bench: Bench) -> None:
    async def run() -> None:
        async with await asinqd.aio.open(**place) as client:
            outcome = await client.enqueue("images", ["B0086FFHLS", "bad"], label="spring")
            assert (outcome.added, len(outcome.refused)) == (1, 1)
            with pytest.raises(asinqd.UsageError):
                await client.enqueue("imagse", ["B0086FFHLS"])
            bench.store(asins(600))
            results = client.results("images")
            products = [result.product async for result in results]
            assert products == asins(600)
            last = client.results(after=results.cursor)
            assert [result async for result in last] == []
            assert repr(client).startswith("asinqd.aio.open('")
            if "token" in place:
                assert place["token"] not in repr(client)
                assert (await client.forecast("spring")).jobs["ready"] == 1
            else:
                with pytest.raises(asinqd.ForecastUnavailable):
                    await client.forecast("spring")

    asyncio.run(run())


def test_many_waits_and_a_follow_share_the_loop(
    place: Place, bench: Bench, sandbox: typing.Dict[str, str]
) -> None:
    bench.start("run", **sandbox)

    async def run() -> None:
        async with await asinqd.aio.open(**place) as client:
            results = client.results("images", follow=True)
            await client.enqueue("images", asins(12), priority=0)
            waits = [client.wait("images", product, timeout=30) for product in asins(12)]
            found = await asyncio.gather(*waits)
            assert [result.product for result in found] == asins(12)
            assert sorted([(await results.__anext__()).product for _ in range(12)]) == asins(12)

    asyncio.run(run())


def test_hundreds_of_waits_leave_threads_for_the_rest(place: Place, bench: Bench) -> None:
    async def run() -> None:
        async with await asinqd.aio.open(**place) as client:
            await client.enqueue("images", asins(300))
            waits = [
                asyncio.ensure_future(client.wait("images", product, timeout=30))
                for product in asins(300)
            ]
            follow = client.results(follow=True)
            await asyncio.sleep(0)
            assert (await client.enqueue("images", ["B0086FFHLS"])).added == 1
            bench.store(asins(300))
            bench.rows("UPDATE queue SET state = 'running', call_id = 1 WHERE id <= 300")
            bench.rows("UPDATE queue SET state = 'completed', finished_at = 5 WHERE id <= 300")
            assert (await follow.__anext__()).product == "B000000000"
            results = await asyncio.gather(*waits)
            assert [result.product for result in results] == asins(300)

    asyncio.run(run())


def test_a_follow_that_is_cancelled_ends_at_once_and_resumes(place: Place, bench: Bench) -> None:
    async def run() -> None:
        async with await asinqd.aio.open(**place) as client:
            results = client.results(follow=True)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(results.__anext__(), 0.2)
            bench.store(asins(1))
            assert (await client.results(follow=True).__anext__()).product == "B000000000"
            await client.enqueue("images", ["B0086FFHLS"])
            with pytest.raises(asinqd.WaitTimeout):
                await client.wait("images", "B0086FFHLS", timeout=0.2)
            # The loop is free while a thread waits.
            wait = asyncio.ensure_future(client.wait("images", "B0086FFHLS"))
            await asyncio.sleep(0)
            assert not wait.done()
            wait.cancel()
            with pytest.raises(asyncio.CancelledError):
                await wait

    asyncio.run(run())


def test_an_address_that_cannot_be_opened_is_an_error(tmp_path: typing.Any) -> None:
    with pytest.raises(asinqd.DatabaseMissing):
        asyncio.run(asinqd.aio.open(tmp_path / "missing"))
