"""The package: its syntax, imports, types, page and wheel."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import pathlib
import re
import subprocess
import sys
import tracemalloc
import typing
import zipfile

import pytest

import asinqd
from conftest import PACKAGE, Bench, asins, binary

SOURCES = sorted((PACKAGE / "src").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_source_has_the_syntax_of_python_3_9_and_at_most_300_lines(path: pathlib.Path) -> None:
    text = path.read_text()
    ast.parse(text, feature_version=(3, 9))
    assert len(text.splitlines()) <= 300


@pytest.mark.skipif(sys.version_info < (3, 10), reason="3.9 does not list its modules")
def test_the_package_imports_only_the_standard_library_and_pandas() -> None:
    names = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.split(".")[0])
    assert names - set(sys.stdlib_module_names) == {"pandas"}


def test_the_types_are_strict() -> None:
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "src"]
    ending = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True)
    assert ending.returncode == 0, ending.stdout + ending.stderr


def test_the_wheel_has_all_modules_and_the_mark_of_types(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("setuptools", "70.1")
    # A copy, because a build writes next to its sources.
    copy = tmp_path / "package"
    for path in [*SOURCES, *PACKAGE.rglob("py.typed"), PACKAGE / "pyproject.toml", PACKAGE / "README.md"]:
        target = copy / path.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(copy)],
        check=True, capture_output=True, text=True,
    )
    (wheel,) = tmp_path.glob("asinqd-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if name.startswith("asinqd/")}
    assert names == {f"asinqd/{path.name}" for path in SOURCES} | {"asinqd/py.typed"}


def test_the_examples_of_the_page_run(
    bench: Bench, sandbox: typing.Dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pandas")
    bench.serve()
    bench.start("run", **sandbox)
    monkeypatch.chdir(bench.folder)
    page = (PACKAGE / "README.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 7
    script = "\n".join(blocks).replace("http://127.0.0.1:8317", bench.address)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(script, "README.md", "exec"), {"__name__": "page"})
    lines = output.getvalue().splitlines()
    assert lines[0] == "2 0 0" and lines[1].startswith("2 b00-oops queue.product must be an ASIN")
    assert lines[2].startswith("True ")
    assert lines[-1].startswith("B0")
    assert (bench.folder / "cursor").read_text().isdigit()


def test_every_error_is_in_the_page_and_a_kind_of_one() -> None:
    page = (PACKAGE / "README.md").read_text()
    errors = [
        value
        for value in vars(asinqd).values()
        if isinstance(value, type) and issubclass(value, Exception)
    ]
    assert len(errors) > 10
    for error in errors:
        assert issubclass(error, asinqd.AsinqdError) and f"`{error.__name__}`" in page.replace(
            "`asinqd.", "`"
        )


def test_without_pandas_the_error_says_what_to_install(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with asinqd.open(bench.path) as client:
        with pytest.raises(asinqd.PandasMissing, match="Try: run pip install pandas") as caught:
            client.results().to_pandas()
    assert isinstance(caught.value, ImportError)


def test_results_take_constant_memory(place: typing.Dict[str, str], bench: Bench) -> None:
    bench.store(asins(6_000), "images", {"text": "x" * 5_000})
    with asinqd.open(**place) as client:
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            assert sum(1 for _ in client.results("images")) == 6_000
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    # All of them have 30 MB.
    assert peak - before < 15e6


def test_the_version_is_that_of_the_program() -> None:
    program = subprocess.run([binary(), "--version"], check=True, capture_output=True, text=True)
    match = re.search(r'^version = "(.*)"$', (PACKAGE / "pyproject.toml").read_text(), re.MULTILINE)
    assert match is not None and match[1] == program.stdout.strip()
