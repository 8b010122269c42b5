"""A load generator for gRPC: HTTP/2 frames by hand over plain sockets, about 15 us a call.

A Python gRPC client costs as much as the server, so it would measure itself. This one writes
ready-made frames and counts answers. It checks success by the answer's DATA frame, because errors
come without one.
"""

import asyncio
import struct
import time
from collections.abc import Callable

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 0x1, 0x4, 0x1
INITIAL_WINDOW_SIZE, MAX_CONCURRENT_STREAMS = 4, 3
BIG_WINDOW = 1 << 24


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """One HTTP/2 frame."""
    length = struct.pack(">I", len(payload))[1:]
    return length + struct.pack(">BBI", kind, flags, stream) + payload


def message(body: bytes) -> bytes:
    """One gRPC message: no compression flag, length, body."""
    return b"\x00" + struct.pack(">I", len(body)) + body


def _literal(name: str, value: str) -> bytes:
    """An HPACK field without indexing; names and values are shorter than 127 bytes here."""
    return b"\x00" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


def headers(path: str) -> bytes:
    """The header block of a gRPC call."""
    fields = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "bench")]
    fields += [("content-type", "application/grpc"), ("te", "trailers")]
    return b"".join(_literal(name, value) for name, value in fields)


class Connection(asyncio.Protocol):
    """One HTTP/2 connection; tells `on_message(stream)` and `on_end(stream, ok)`."""

    def __init__(
        self, on_message: Callable[[int], None], on_end: Callable[[int, bool], None]
    ) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.max_streams = 100
        self.closed = False
        self._on_message = on_message
        self._on_end = on_end
        self._buffer = b""
        self._received = 0
        self._partial: dict[int, bytes] = {}
        self._answered: set[int] = set()
        self._next_stream = 1
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        settings = struct.pack(">HI", INITIAL_WINDOW_SIZE, BIG_WINDOW)
        more = struct.pack(">I", BIG_WINDOW)
        transport.write(
            PREFACE + frame(SETTINGS, 0, 0, settings) + frame(WINDOW_UPDATE, 0, 0, more)
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True

    def write(self, frames: bytes) -> None:
        """Send ready-made frames."""
        assert self._transport is not None
        self._transport.write(frames)

    def call(self, block: bytes, body: bytes) -> tuple[int, bytes]:
        """(stream, frames) of a unary call."""
        stream = self._next_stream
        self._next_stream += 2
        opened = frame(HEADERS, END_HEADERS, stream, block)
        return stream, opened + frame(DATA, END_STREAM, stream, message(body))

    def open(self, block: bytes) -> tuple[int, bytes]:
        """(stream, frames) that open a stream for messages to come."""
        stream = self._next_stream
        self._next_stream += 2
        return stream, frame(HEADERS, END_HEADERS, stream, block)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        at, end = 0, len(buffer)
        while end - at >= 9:
            length = int.from_bytes(buffer[at : at + 3], "big")
            if end - at < 9 + length:
                break
            kind, flags = buffer[at + 3], buffer[at + 4]
            stream = int.from_bytes(buffer[at + 5 : at + 9], "big")
            self._frame(kind, flags, stream, buffer[at + 9 : at + 9 + length])
            at += 9 + length
        self._buffer = buffer[at:]

    def _frame(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        if kind == DATA:
            self._data(stream, payload)
        if kind in (DATA, HEADERS) and flags & END_STREAM:
            self._partial.pop(stream, None)
            answered = stream in self._answered
            self._answered.discard(stream)
            self._on_end(stream, answered)
        elif kind == RST_STREAM:
            self._answered.discard(stream)
            self._on_end(stream, False)
        elif kind == SETTINGS and not flags & ACK:
            self._settings(payload)
        elif kind == PING and not flags & ACK:
            self.write(frame(PING, ACK, 0, payload))
        elif kind == GOAWAY:
            self.closed = True

    def _settings(self, payload: bytes) -> None:
        for name, value in struct.iter_unpack(">HI", payload):
            if name == MAX_CONCURRENT_STREAMS:
                self.max_streams = value
        self.write(frame(SETTINGS, ACK, 0))
        if not self.ready.done():
            self.ready.set_result(None)

    def _data(self, stream: int, payload: bytes) -> None:
        self._received += len(payload)
        if self._received > BIG_WINDOW // 4:
            self.write(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", self._received)))
            self._received = 0
        rest = self._partial.pop(stream, b"") + payload
        while len(rest) >= 5 and len(rest) >= 5 + (size := int.from_bytes(rest[1:5], "big")):
            rest = rest[5 + size :]
            self._answered.add(stream)
            self._on_message(stream)
        if rest:
            self._partial[stream] = rest


async def connect(
    port: int, on_message: Callable[[int], None], on_end: Callable[[int, bool], None]
) -> Connection:
    """A connection whose settings have arrived."""
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(
        lambda: Connection(on_message, on_end), "127.0.0.1", port
    )
    await asyncio.wait_for(connection.ready, 10)
    return connection


def now() -> float:
    """Seconds, monotonic."""
    return time.perf_counter()
