"""The command line: it runs, says where, and tells wrong use from failure."""

import asyncio
import re
import signal
import socket
import sys

import pytest

NEEDED = ["--app-id", "wx1", "--app-secret", "s", "--token", "t"]


async def wxsim(*arguments):
    code = "from wxsim.cli import main; main()"
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *arguments, stdout=-1, stderr=-1
    )


async def test_it_serves_until_it_is_told_to_stop():
    process = await wxsim("serve", *NEEDED, "--port", "0")
    line = (await process.stdout.readline()).decode()
    host, port = re.search(r"http://([\d.]+):(\d+)/sim/", line).groups()

    with socket.create_connection((host, int(port))):
        process.send_signal(signal.SIGTERM)
        _, errors = await process.communicate()

    assert host == "127.0.0.1"
    assert process.returncode == 0
    assert errors == b""


@pytest.mark.parametrize(
    "arguments",
    [
        ["serve"],
        ["serve", *NEEDED, "--mode", "secure"],
        ["serve", *NEEDED, "--mode", "secure", "--aes-key", "short"],
        ["serve", *NEEDED, "--policy", "1999"],
        ["serve", *NEEDED, "--port", "70000"],
    ],
)
async def test_wrong_use_is_2(arguments):
    process = await wxsim(*arguments)
    await process.communicate()

    assert process.returncode == 2


async def test_a_port_that_is_taken_is_1_and_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = await wxsim("serve", *NEEDED, "--port", port)
        _, errors = await process.communicate()

    assert process.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in errors.decode()
