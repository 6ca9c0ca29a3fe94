"""Files in a folder and in a bucket: the same promises. The bucket is on moto's server."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from wxdesk.store.files import Bucket, Folder, Gone, StoreAway, TooLarge, drafting, drafting_copy

LATER = timedelta(minutes=1)


def bucket(url, name="desk"):
    return Bucket(name, endpoint=url, region="us-east-1", access_key="desk", secret_key="proof")


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path):
    if request.param == "folder":
        return Folder(tmp_path / "media")
    return bucket(request.getfixturevalue("s3"))


@pytest.fixture
def put(store, tmp_path):
    async def kept(content: bytes) -> str:
        async with drafting(tmp_path / "media" / "drafts", most_bytes=2**30) as draft:
            await draft.write(content)
            await draft.finish()
            await store.put(draft)
        return draft.sha256

    return kept


async def read(store, name, first, last):
    return b"".join([chunk async for chunk in store.read(name, first, last)])


async def test_a_file_is_read_as_it_was_put(store, put):
    content = bytes(range(256)) * 8_000

    name = await put(content)

    assert name == hashlib.sha256(content).hexdigest()
    assert await store.size(name) == len(content)
    assert await read(store, name, 0, len(content) - 1) == content


@pytest.mark.parametrize(("first", "last"), [(0, 0), (3, 9), (990, 999), (999, 999)])
async def test_a_range_of_a_file_is_read(store, put, first, last):
    content = bytes(number % 251 for number in range(1000))

    name = await put(content)

    assert await read(store, name, first, last) == content[first : last + 1]


async def test_what_is_not_there_is_gone(store):
    name = "ab" * 32

    with pytest.raises(Gone):
        await store.size(name)
    with pytest.raises(Gone):
        await read(store, name, 0, 1)
    assert await store.remove(name, before=datetime.now(UTC) + LATER) is False


async def test_only_what_is_old_is_removed(store, put):
    name = await put(b"one")

    assert await store.remove(name, before=datetime.now(UTC) - LATER) is False
    assert await store.size(name) == 3
    assert await store.remove(name, before=datetime.now(UTC) + LATER) is True

    with pytest.raises(Gone):
        await store.size(name)


async def test_files_are_listed_by_their_first_two_digits(store, put):
    names = {await put(f"file {number}".encode()) for number in range(40)}

    listed = {
        found.name for digits in {name[:2] for name in names} async for found in store.names(digits)
    }

    assert names <= listed
    assert all(len(name) == 64 for name in listed)


async def test_the_same_file_is_put_once_or_often(store, put):
    first = await put(b"the same")
    again = await put(b"the same")

    assert first == again
    assert await read(store, first, 0, 7) == b"the same"


async def test_a_store_in_order_has_nothing_against_it(store):
    await store.check()


async def test_a_bucket_that_is_not_there_is_told(s3):
    with pytest.raises(StoreAway):
        await bucket(s3, "nobodys").check()


async def test_a_large_file_goes_to_a_bucket_in_parts(s3, tmp_path):
    store, content = bucket(s3), bytes(12 * 1024 * 1024) + b"the end"
    async with drafting(tmp_path, most_bytes=2**30) as draft:
        await draft.write(content)
        await draft.finish()
        await store.put(draft)

    assert await store.size(draft.sha256) == len(content)
    assert await read(store, draft.sha256, len(content) - 7, len(content) - 1) == b"the end"


async def test_a_draft_that_grows_too_long_is_refused_and_leaves_nothing(tmp_path):
    async with drafting(tmp_path, most_bytes=10) as draft:
        await draft.write(b"12345")
        with pytest.raises(TooLarge) as refused:
            await draft.write(b"678901")

    assert refused.value.facts == {"max_bytes": 10}
    assert list(tmp_path.iterdir()) == []


async def test_a_draft_that_is_not_kept_leaves_nothing(tmp_path):
    async with drafting(tmp_path, most_bytes=10) as draft:
        await draft.write(b"12345")
        await draft.finish()
        assert draft.path.read_bytes() == b"12345"

    assert list(tmp_path.iterdir()) == []


async def test_a_copy_of_a_draft_is_the_same(tmp_path):
    made = tmp_path / "made"
    made.write_bytes(b"a small picture")

    async with drafting_copy(made, most_bytes=100) as draft:
        assert draft.sha256 == hashlib.sha256(b"a small picture").hexdigest()

    assert list(tmp_path.iterdir()) == [made]


async def test_a_folder_never_shows_half_a_file(tmp_path):
    store = Folder(tmp_path)
    async with drafting(tmp_path / "drafts", most_bytes=2**20) as draft:
        await draft.write(bytes(100_000))  # and then the process is killed

        listed = [found async for found in store.names(draft.sha256[:2])]

    assert listed == []


async def test_a_folder_that_takes_nothing_is_told(tmp_path):
    (tmp_path / "media").write_text("a file where the folder should be")

    with pytest.raises(StoreAway):
        await Folder(tmp_path / "media").check()
    with pytest.raises(StoreAway):
        async with drafting(tmp_path / "media" / "drafts", most_bytes=1):
            pass
