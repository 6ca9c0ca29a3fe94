"""WeChat holds the files that rules may show at any moment: in its answer there is no time to."""

from collections.abc import AsyncIterator
from datetime import timedelta

from wxdesk import logs
from wxdesk.desk import accounts, answers, media, outbox
from wxdesk.desk.accounts import Account
from wxdesk.desk.media import File
from wxdesk.desk.outbox import Needed
from wxdesk.desk.replies import needed_by
from wxdesk.errors import DeskError
from wxdesk.runtime import Runtime
from wxdesk.wechat import CallFailed
from wxdesk.worker.uploads import SomebodyElseUploads, Uploader

HOLD_EVERY = timedelta(minutes=10)

log = logs.get(__name__)


async def hold_answer_files(rt: Runtime, uploader: Uploader) -> None:
    """One round: upload what WeChat does not hold, or will forget soon."""
    async for account, file, needed in _wanted(rt):
        try:
            await uploader.hold(account, file, needed)
        except SomebodyElseUploads:
            continue
        except (CallFailed, DeskError) as error:
            log.warning("answer_file_not_held", file_id=file.id, error=str(error))


async def _wanted(rt: Runtime) -> AsyncIterator[tuple[Account, File, Needed]]:
    async with rt.db.reading() as unit:
        served = {each.id: each for each in await accounts.list_all(unit) if each.answers}
        rules = await answers.enabled_of(unit, served.keys())
        files = await media.files_by_ids(unit, await answers.files_in_use(unit))
    for account_id, of_account in rules.items():
        for rule in of_account:
            first = rule.answers[0]
            if first.kind in outbox.PASSIVE_KINDS:
                for needed in needed_by(first):
                    if file := files.get(needed.file_id):
                        yield served[account_id], file, needed
