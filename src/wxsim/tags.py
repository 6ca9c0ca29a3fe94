"""Tags of followers (用户标签): names by id; who carries which is the followers' own.

Source: "Tag management" (标签管理), 2025.
"""

from wxsim.codes import Refused
from wxsim.store import Store

MOST_TAGS = 100
LONGEST_NAME = 30  # characters
FIRST_ID = 100
SYSTEM = {0: "未分组", 1: "黑名单", 2: "星标组"}


class Tags:
    """The account's tags; those of the system cannot be changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last_id: int = store.get("state", "last tag") or FIRST_ID - 1
        self.names: dict[int, str] = {2: SYSTEM[2]} | dict(store.all("tag"))

    def create(self, name: object) -> int:
        """The id of a new tag.

        Raises:
            Refused: 45157, 45158, 45056.
        """
        good = self._checked(name)
        if len(self.names) >= MOST_TAGS + 1:
            raise Refused(45056)
        self._last_id += 1
        self._store.put("state", "last tag", self._last_id)
        self._keep(self._last_id, good)
        return self._last_id

    def rename(self, tag_id: object, name: object) -> None:
        """Raises Refused: 45058, 45159, 45157, 45158."""
        known = self._changeable(tag_id)
        if self.names[known] != name:
            self._keep(known, self._checked(name))

    def delete(self, tag_id: object) -> int:
        """Raises Refused: 45058, 45159."""
        known = self._changeable(tag_id)
        del self.names[known]
        self._store.drop("tag", f"{known:09d}")
        return known

    def require(self, tag_id: object) -> int:
        """The id, known.

        Raises:
            Refused: 45159.
        """
        if isinstance(tag_id, str) and tag_id.isdecimal():
            tag_id = int(tag_id[:9])
        if isinstance(tag_id, bool) or not isinstance(tag_id, int) or tag_id not in self.names:
            raise Refused(45159)
        return tag_id

    def _changeable(self, tag_id: object) -> int:
        if tag_id in list(SYSTEM):
            raise Refused(45058)
        return self.require(tag_id)

    def _checked(self, name: object) -> str:
        if not isinstance(name, str) or not name.strip() or name in self.names.values():
            raise Refused(45157)
        if len(name) > LONGEST_NAME:
            raise Refused(45158)
        return name

    def _keep(self, tag_id: int, name: str) -> None:
        self.names[tag_id] = name
        self._store.put("tag", f"{tag_id:09d}", [tag_id, name])
