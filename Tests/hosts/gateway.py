"""TLS in front of the sandbox, on the provider's bridge: the program sends a key over TLS only.

A witness as well: it records each request with the host that sent it, and when its reply was passed on.
"""

import asyncio, dataclasses, json, ssl, threading, time


@dataclasses.dataclass
class Request:
    address: str
    path: str
    body: str
    arrived_at: float
    replied_at: float | None = None
    status: int | None = None


class Gateway:
    """Runs on a thread of its own."""

    def __init__(self, address, certificate, sandbox_port):
        self.address, self.certificate, self.sandbox_port = address, certificate, sandbox_port
        self.requests = []
        self.port = None
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, daemon=True).start()
        if not self._started.wait(10):
            raise RuntimeError("the gateway did not start")

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        # A peer that vanished is no news.
        self._loop.set_exception_handler(lambda loop, context: None)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, self.address, 0, ssl=context))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()

    async def _serve(self, reader, writer):
        address = writer.get_extra_info("peername")[0]
        upstream = None
        try:
            while True:
                head, body = await self._message(reader)
                line = head.split(b"\r\n", 1)[0].decode()
                request = Request(address, line.split(" ")[1], body.decode(errors="replace"), time.time())
                self.requests.append(request)
                if upstream is None:
                    upstream = await asyncio.open_connection("127.0.0.1", self.sandbox_port)
                upstream[1].write(head + body)
                # A reply that was cut short is passed on as far as it came.
                reply = await asyncio.wait_for(self._reply(upstream[0]), 60)
                writer.write(reply)
                await writer.drain()
                request.replied_at, request.status = time.time(), int(reply.split(b" ", 2)[1])
        except (OSError, EOFError, ValueError, IndexError, RuntimeError, asyncio.TimeoutError):
            pass
        finally:
            for stream in (writer, upstream and upstream[1]):
                if stream and not self._loop.is_closed():
                    stream.close()

    async def _message(self, reader):
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.split(b":", 1) for line in head.lower().split(b"\r\n")[1:] if b":" in line)
        return head, await reader.readexactly(int(fields.get(b"content-length", b"0")))

    async def _reply(self, reader):
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.split(b":", 1) for line in head.lower().split(b"\r\n")[1:] if b":" in line)
        return head + await reader.readexactly(int(fields.get(b"content-length", b"0")))


def products(request):
    """The products of a request, in its order."""
    if "?" in request.path:
        return None
    fields = json.loads(request.body)
    for name in ("asins", "upc", "s"):
        if name in fields:
            return fields[name].split(",") if name == "upc" else (
                fields[name] if isinstance(fields[name], list) else [fields[name]])
    return None
