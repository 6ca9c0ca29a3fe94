"""Files, each under the SHA-256 of what is in it: in a folder, or in a bucket."""

from wxdesk.store.files.bucket import Bucket
from wxdesk.store.files.draft import Draft, StoreAway, TooLarge, drafting, drafting_copy
from wxdesk.store.files.folder import Folder
from wxdesk.store.files.model import FileStore, Found, Gone

__all__ = [
    "Bucket",
    "Draft",
    "FileStore",
    "Folder",
    "Found",
    "Gone",
    "StoreAway",
    "TooLarge",
    "drafting",
    "drafting_copy",
]
