"""A reader that is killed continues where it was."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import typing

import asinqd
from conftest import PACKAGE, Bench, asins, soon

READER = """
import json, os, sys
import asinqd
place, path = json.loads(sys.argv[1]), sys.argv[2]
cursor = open(path).read() if os.path.exists(path) else None
with asinqd.open(**place) as client:
    for result in client.results("images", after=cursor, follow=True):
        with open(path + ".new", "w") as file:
            file.write(result.cursor)
        os.replace(path + ".new", path)
        print(result.product, flush=True)
"""


def reader(place: typing.Dict[str, str], cursor: pathlib.Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", READER, json.dumps(place), str(cursor)],
        env={"PYTHONPATH": str(PACKAGE / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_killed_reader_resumes_after_the_last_handled_result(
    place: typing.Dict[str, str], bench: Bench, tmp_path: pathlib.Path
) -> None:
    bench.store(asins(700))
    cursor = tmp_path / "cursor"
    seen: typing.List[str] = []
    for count in (3, 650, 40):
        process = reader(place, cursor)
        assert process.stdout is not None
        seen += [process.stdout.readline().strip() for _ in range(count)]
        process.kill()
        # What it printed between the last line that was read and its end.
        seen += process.stdout.read().split()
        process.stdout.close()
        process.wait()
    with asinqd.open(**place) as client:
        rest = client.results("images", after=cursor.read_text())
        seen += [result.product for result in rest]
    # A cursor is stored before its line is printed: each kill may lose the one line in between.
    assert seen == sorted(set(seen)) and 700 - 3 <= len(seen) <= 700
    assert seen[-1] == "B000000699"


def test_another_process_sees_each_result_as_it_comes(
    place: typing.Dict[str, str], bench: Bench, tmp_path: pathlib.Path
) -> None:
    process = reader(place, tmp_path / "cursor")
    assert process.stdout is not None
    for product in asins(3):
        thread = soon(lambda: bench.store([product]))
        assert process.stdout.readline().strip() == product
        thread.join()
    process.kill()
    process.stdout.close()
    process.wait()
