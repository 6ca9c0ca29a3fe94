"""What the desk calls the things that pushes name by a key: codes, menu buttons, articles."""

from collections import defaultdict
from collections.abc import Iterable

from wxdesk.desk import account_log, menus, qrcodes
from wxdesk.desk.intake.understand import Line
from wxdesk.store import Unit


async def name_things(unit: Unit, lines: Iterable[tuple[int, Line]]) -> None:
    """Put the names beside the keys; a key that the desk has no name for stays as it is.

    Cost: nothing where nothing has a key, else one statement an account and kind of key.
    """
    of_account: dict[int, list[Line]] = defaultdict(list)
    for account_id, line in lines:
        if line.content and line.content.keys() & _KEYS:
            of_account[account_id].append(line)
    for account_id, keyed in of_account.items():
        await _name_scenes(unit, account_id, keyed)
        await _name_buttons(unit, account_id, keyed)
        await _find_articles(unit, account_id, keyed)


_KEYS = {"scene", "key", "article"}


async def _name_scenes(unit: Unit, account_id: int, lines: Iterable[Line]) -> None:
    scenes = {line.content["scene"]: line for line in lines if "scene" in line.content}
    if not scenes:
        return
    names = await qrcodes.names(unit, account_id, scenes.keys())
    for line in lines:
        if name := names.get(line.content.get("scene", "")):
            line.content["scene_name"] = name


async def _name_buttons(unit: Unit, account_id: int, lines: Iterable[Line]) -> None:
    keys = {line.content["key"] for line in lines if line.kind == "menu_click"}
    if not keys:
        return
    names = await menus.names(unit, account_id, keys)
    for line in lines:
        if line.kind == "menu_click" and (name := names.get(line.content["key"])):
            line.content["name"] = name


async def _find_articles(unit: Unit, account_id: int, lines: Iterable[Line]) -> None:
    told = [line.content["article"] for line in lines if "article" in line.content]
    if not told:
        return
    keys = {(account_id, article["data_id"], article["index"] or 1) for article in told}
    urls = await account_log.article_urls(unit, keys)
    for article in told:
        if url := urls.get((account_id, article["data_id"], article["index"] or 1)):
            article["url"] = url
