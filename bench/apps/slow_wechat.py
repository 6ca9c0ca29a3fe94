"""WeChat as a caller meets it: every send answered 50 ms later; files of any size, up and down.

No framework and no work, so that what is measured is the caller.

    slow_wechat.py PORT
"""

import asyncio
import re
import sys

import uvloop

ANSWER_SECONDS = 0.05
BLOCK = b"\xff" * 65_536
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
OK = b'{"errcode":0,"errmsg":"ok"}'
UPLOADED = b'{"type":"video","media_id":"MEDIA","created_at":1767319200}'


async def main(port: int) -> None:
    server = await asyncio.start_server(talk, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            await answer(head, reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def answer(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    found = LENGTH.search(head)
    await swallow(reader, int(found[1]) if found else 0)
    if head.startswith(b"GET /cgi-bin/media/get"):
        await give(writer, int(re.search(rb"media_id=(\d+)", head)[1]))
    elif head.startswith(b"POST /cgi-bin/media/upload"):
        say(writer, UPLOADED)
    else:
        await asyncio.sleep(ANSWER_SECONDS)
        say(writer, OK)


async def swallow(reader: asyncio.StreamReader, size: int) -> None:
    while size:
        size -= len(await reader.read(min(size, len(BLOCK))))
        if reader.at_eof() and size:
            raise ConnectionError


def say(writer: asyncio.StreamWriter, said: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    writer.write(head % len(said) + said)


async def give(writer: asyncio.StreamWriter, size: int) -> None:
    """A file of as many bytes as its media id says."""
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n"
        b'Content-disposition: attachment; filename="MEDIA.mp4"\r\n'
        b"Content-Length: %d\r\n\r\n" % size
    )
    while size:
        block = BLOCK[:size]
        writer.write(block)
        size -= len(block)
        await writer.drain()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
