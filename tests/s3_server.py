"""An S3 on a real socket, for tests whose conftest names it: importing it takes a second."""

from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from moto.server import ThreadedMotoServer


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 with a bucket called ``desk``."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    with urlopen(Request(f"{url}/desk", method="PUT", data=b"")):
        yield url
    server.stop()
