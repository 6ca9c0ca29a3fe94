"""Kept access tokens: found, renewed by one at a time, replaced only by later ones."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update

from wxdesk.desk.accounts.model import KeptToken
from wxdesk.store import Unit, Vault
from wxdesk.wechat import AccessToken


async def find_token(unit: Unit, vault: Vault, account_id: int) -> AccessToken | None:
    """The access token kept for an account, stale or not."""
    kept = await unit.session.get(KeptToken, account_id)
    if kept is None or not (kept.sealed and kept.expires_at and kept.asked_at):
        return None
    return AccessToken(vault.open(kept.sealed), kept.expires_at, kept.asked_at)


async def claim_renewal(unit: Unit, account_id: int, *, now: datetime, lease: timedelta) -> bool:
    """Become the one who fetches this account's token until the lease ends."""
    claimed = await unit.session.execute(
        update(KeptToken)
        .where(KeptToken.account_id == account_id)
        .where(or_(KeptToken.renewing_until.is_(None), KeptToken.renewing_until <= now))
        .values(renewing_until=now + lease)
        .returning(KeptToken.account_id)
    )
    return claimed.first() is not None


async def release_renewal(unit: Unit, account_id: int) -> None:
    await unit.session.execute(
        update(KeptToken).where(KeptToken.account_id == account_id).values(renewing_until=None)
    )


async def keep_token(unit: Unit, vault: Vault, account_id: int, token: AccessToken) -> None:
    """Keep a fetched token, unless one that was asked for later is kept already."""
    await unit.session.execute(
        update(KeptToken)
        .where(KeptToken.account_id == account_id)
        .where(or_(KeptToken.asked_at.is_(None), KeptToken.asked_at <= token.asked_at))
        .values(
            sealed=vault.seal(token.value), expires_at=token.expires_at, asked_at=token.asked_at
        )
    )
