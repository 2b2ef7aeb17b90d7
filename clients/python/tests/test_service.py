"""What only the HTTP API has: tokens, addresses, a service that is down, restarts or answers nonsense."""

from __future__ import annotations

import contextlib
import http.server
import json
import pathlib
import pickle
import signal
import socket
import subprocess
import threading
import time
import traceback
import typing

import pytest

import asinqd
from asinqd._address import Token, is_loopback, parse
from conftest import Bench, asins, soon

SECRET = "a-secret-that-nothing-shows"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_printed_address_and_the_token_file_give_access(bench: Bench) -> None:
    bench.serve()
    (bench.folder / "token").write_text(f"{bench.token}\n")
    assert "?token=" in bench.url
    for url, token in [
        (bench.url, None),
        (bench.address, (bench.folder / "token").read_text()),
        (bench.address.replace("127.0.0.1", "localhost") + "/", bench.token),
    ]:
        with asinqd.open(url, token) as client:
            assert client.enqueue("images", []).added == 0
            assert bench.token not in repr(client)


def test_a_prefix_is_part_of_the_address(bench: Bench) -> None:
    bench.serve(0, "--prefix", "/asinqd")
    with asinqd.open(f"http://127.0.0.1:{bench.port}/asinqd", bench.token) as client:
        assert client.enqueue("images", asins(1)).added == 1


def test_an_encrypted_service_needs_a_certificate_that_is_trusted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = bench.folder / "certificate.pem", bench.folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=asinqd", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )
    settings = bench.folder / "asinqd.yaml"
    settings.write_text(f"serve:\n  certificate: {certificate}\n  privateKey: {key}\n")
    bench.serve(0, "--config", str(settings))
    assert bench.address.startswith("https://")
    with pytest.raises(asinqd.ServiceUnreachable, match="Try: set SSL_CERT_FILE"):
        asinqd.open(bench.url)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with asinqd.open(bench.url) as client:
        assert client.enqueue("images", asins(1)).added == 1
    with pytest.raises(asinqd.ServiceUnreachable, match="certificate"):
        asinqd.open(bench.url.replace("127.0.0.1", "localhost"))


def test_a_token_of_a_reader_reads_and_does_not_enqueue(bench: Bench) -> None:
    settings = bench.folder / "asinqd.yaml"
    token = "reader-0123456789abcdef0123456789abcdef"
    settings.write_text(
        f"serve:\n  openMetrics: true\n  tokens:\n    - name: shop\n      role: reader\n      token: {token}\n"
    )
    bench.serve(0, "--config", str(settings))
    with asinqd.open(bench.address, token) as client:
        assert list(client.results()) == []
        with pytest.raises(asinqd.AccessRefused, match="producer") as caught:
            client.enqueue("images", asins(1))
        assert caught.value.status == 403


@pytest.mark.parametrize("token", [None, SECRET])
def test_a_missing_or_wrong_token_is_an_error_at_once(
    bench: Bench, token: typing.Optional[str]
) -> None:
    bench.serve()
    with pytest.raises(asinqd.AccessRefused, match="Try: ") as caught:
        asinqd.open(bench.address, token)
    assert caught.value.status == 401


def test_a_read_only_service_refuses_jobs(bench: Bench) -> None:
    bench.serve(0, "--read-only")
    with asinqd.open(bench.url) as client:
        with pytest.raises(asinqd.AccessRefused, match="read-only"):
            client.enqueue("images", asins(1))
        assert list(client.results()) == []


def test_a_service_that_is_down_is_an_error_at_once() -> None:
    started = time.monotonic()
    with pytest.raises(asinqd.ServiceUnreachable, match="Try: start `asinqd serve`"):
        asinqd.open(f"http://127.0.0.1:{free_port()}", SECRET)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_in_the_middle_loses_and_repeats_nothing(bench: Bench, number: int) -> None:
    service = bench.serve()
    bench.store(asins(1_200), "images", {})
    with asinqd.open(bench.url) as client:
        results = client.results()
        seen = [next(results).product for _ in range(500)]
        service.stop(number)
        restart = soon(lambda: bench.serve(bench.port))
        seen += [result.product for result in results]
        restart.join()
        assert seen == asins(1_200)
        assert client.enqueue("images", asins(1)).added == 1


def test_follow_survives_a_restart(bench: Bench) -> None:
    service = bench.serve()
    with asinqd.open(bench.url) as client:
        results = client.results(follow=True)

        def restart() -> None:
            service.stop(signal.SIGKILL)
            bench.serve(bench.port)
            bench.store(asins(1))

        thread = soon(restart)
        assert next(results).product == "B000000000"
        thread.join()


def test_a_service_that_stays_down_is_an_error_after_the_timeout(bench: Bench) -> None:
    service = bench.serve()
    with asinqd.open(bench.url, timeout=0.5) as client:
        service.stop(signal.SIGKILL)
        with pytest.raises(asinqd.ServiceUnreachable):
            client.enqueue("images", asins(1))


@pytest.mark.parametrize(
    "url, what",
    [
        ("http://example.com", "not encrypted"),
        ("http://10.0.0.1:8317", "not encrypted"),
        ("http://127.0.0.1.example.com", "not encrypted"),
        (f"http://user:{SECRET}@127.0.0.1:8317", "user or a password"),
        ("http://", "no host"),
        ("http://127.0.0.1:99999", "not valid"),
        ("http://[::1", "not valid"),
        ("http://127.0.0.1:8317/a b", "not encoded"),
    ],
)
def test_an_unsafe_or_wrong_address_is_an_error_before_anything_is_sent(
    url: str, what: str
) -> None:
    with pytest.raises(asinqd.UsageError, match=what) as caught:
        asinqd.open(url, SECRET)
    assert SECRET not in str(caught.value)


def test_only_this_machine_is_loopback() -> None:
    for host in ("localhost", "LOCALHOST", "127.0.0.1", "127.255.0.1", "::1"):
        assert is_loopback(host)
    for host in ("0.0.0.0", "::", "128.0.0.1", "localhost.example.com", "127.1", ""):
        assert not is_loopback(host)
    address, _ = parse("https://example.com/asinqd/", Token(SECRET))
    assert str(address) == "https://example.com/asinqd"
    assert str(parse("http://[::1]:8317", None)[0]) == "http://[::1]:8317"


@pytest.mark.parametrize("text", ["", "  ", "a b", "a\r\nX: y", "ä"])
def test_a_token_with_other_characters_is_an_error_that_does_not_show_it(text: str) -> None:
    with pytest.raises(asinqd.UsageError) as caught:
        Token(text)
    assert not text.strip() or text not in str(caught.value)


def test_no_repr_no_traceback_and_no_copy_shows_the_token() -> None:
    token = Token(SECRET)
    assert SECRET not in repr(token) + str(token) + repr([token])
    with pytest.raises(TypeError):
        pickle.dumps(token)
    with answering(b"{", status=500) as port:
        with pytest.raises(asinqd.ServiceError) as caught:
            asinqd.open(f"http://127.0.0.1:{port}", SECRET)
    summary = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    # The first frame is this test, which wrote it.
    shown = [line for line in summary.format() if "/asinqd/" in line]
    assert len(shown) >= 4 and SECRET not in "".join(shown)


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers every request in the same way, and keeps what was asked."""

    protocol_version = "HTTP/1.1"
    answers: typing.List[typing.Tuple[int, typing.Dict[str, str], bytes]] = []
    requests: typing.List[typing.Tuple[str, str, typing.Optional[str]]] = []

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        assert not body or json.loads(body)
        self.requests.append((self.command, self.path, self.headers.get("Authorization")))
        status, headers, data = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        if "Content-Length" in headers:
            self.close_connection = True

    do_POST = do_GET

    def log_message(self, *arguments: object) -> None:
        pass


@contextlib.contextmanager
def answering(
    data: bytes, status: int = 200, *more: typing.Tuple[int, typing.Dict[str, str], bytes],
    headers: typing.Optional[typing.Dict[str, str]] = None,
) -> typing.Iterator[int]:
    """A server with these answers in their order; the last one for all further requests."""
    _Handler.answers = [*more, (status, headers or {}, data)]
    _Handler.requests = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


EMPTY = b'{"items": [], "cursor": "0"}'


@pytest.mark.parametrize(
    "data", [b"<html>", b"[]", b"", b"{}", b'{"items": 5, "cursor": "0"}', b'{"items": [{}], "cursor": "1"}']
)
def test_an_answer_that_is_not_the_api_is_an_error(data: bytes) -> None:
    with answering(data) as port:
        with pytest.raises(asinqd.ServiceFailed, match="Try: "):
            with asinqd.open(f"http://127.0.0.1:{port}", SECRET) as client:
                list(client.results())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with answering(EMPTY) as elsewhere:
        seen = _Handler.requests
        headers = {"Location": f"http://127.0.0.1:{elsewhere}/"}
        with answering(b"", status, headers=headers) as port:
            with pytest.raises(asinqd.RequestRefused) as caught:
                asinqd.open(f"http://127.0.0.1:{port}", SECRET)
        assert caught.value.status == status and seen == []


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_temporary_status_is_retried(status: int) -> None:
    again = (status, {"Retry-After": "0"}, b"")
    added = b'{"added": 1, "alreadyOpen": 0, "fresh": 0, "refused": []}'
    with answering(added, 200, (200, {}, EMPTY), again, again) as port:
        with asinqd.open(f"http://127.0.0.1:{port}", SECRET) as client:
            assert client.enqueue("images", ["B0086FFHLS"]).added == 1
        assert [method for method, _, _ in _Handler.requests] == ["GET", "POST", "POST", "POST"]
        assert {token for _, _, token in _Handler.requests} == {f"Bearer {SECRET}"}


@pytest.mark.parametrize("status", [400, 401, 404, 413, 422, 500])
def test_a_lasting_status_is_not_retried(status: int) -> None:
    with answering(b"", status, (200, {}, EMPTY)) as port:
        with asinqd.open(f"http://127.0.0.1:{port}", SECRET) as client:
            with pytest.raises(asinqd.AsinqdError):
                client.enqueue("images", ["B0086FFHLS"])
        assert len(_Handler.requests) == 2


def test_a_long_retry_after_ends_at_the_timeout() -> None:
    with answering(b"", 503, (200, {}, EMPTY), headers={"Retry-After": "3600"}) as port:
        with asinqd.open(f"http://127.0.0.1:{port}", SECRET, timeout=5) as client:
            started = time.monotonic()
            with pytest.raises(asinqd.ServiceFailed):
                client.enqueue("images", ["B0086FFHLS"])
            assert time.monotonic() - started < 4


def test_a_body_that_is_cut_is_requested_again() -> None:
    cut = (200, {"Content-Length": "9999"}, b'{"items": [')
    with answering(EMPTY, 200, (200, {}, EMPTY), cut) as port:
        with asinqd.open(f"http://127.0.0.1:{port}", SECRET) as client:
            assert list(client.results()) == []
        assert len(_Handler.requests) == 3


def test_a_server_that_is_silent_is_an_error_after_the_timeout(tmp_path: pathlib.Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(asinqd.ServiceUnreachable, match="timed out"):
            asinqd.open(f"http://127.0.0.1:{silent.getsockname()[1]}", SECRET, timeout=0.2)
