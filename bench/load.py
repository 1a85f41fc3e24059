"""A small HTTP/1.1 client that costs little, so that what is measured is the server."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float = 0.0


@dataclass
class Target:
    """Where to send, and the headers to send every time."""

    host: str
    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, body: bytes = b"", **more: str) -> bytes:
        headers = {"Host": f"{self.host}:{self.port}", **self.headers}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        if method == "POST":
            headers["Content-Length"] = str(len(body))
        lines = [
            f"{method} {path} HTTP/1.1",
            *(f"{key}: {value}" for key, value in headers.items()),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def once(target: Target, raw: bytes) -> Answer:
    return asyncio.run(_all(target, [raw], 1))[0]


def many(target: Target, raws: list[bytes], *, at_once: int) -> list[Answer]:
    """Each request once, over ``at_once`` connections that are kept open."""
    return asyncio.run(_all(target, raws, at_once))


async def _all(target: Target, raws: list[bytes], at_once: int) -> list[Answer]:
    waiting = list(reversed(raws))
    answers: list[Answer] = []
    # Connect first: opening a connection is not what we time.
    lines = [await asyncio.open_connection(target.host, target.port) for _ in range(at_once)]

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while waiting:
            raw = waiting.pop()
            started = time.perf_counter()
            writer.write(raw)
            answer = await _read(reader)
            answer.seconds = time.perf_counter() - started
            answers.append(answer)
        writer.close()

    await asyncio.wait_for(asyncio.gather(*(work(*line) for line in lines)), timeout=120)
    return answers


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ")[1])
    headers = {}
    for line in head[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("transfer-encoding") == "chunked":
        return Answer(status, headers, await _chunks(reader))
    length = int(headers.get("content-length", "0"))
    return Answer(status, headers, await reader.readexactly(length))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readline()
    return b"".join(parts)
