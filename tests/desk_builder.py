"""Rows with sensible defaults: ``desk.conversation(…)``, ``desk.agent(…)``."""

import itertools
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select

from wxdesk.desk import accounts, agents, answers, contacts, conversations, intake, replies, routing
from wxdesk.desk.accounts import Account, Credentials
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.answers import AnswerRule, Cause, Rule
from wxdesk.desk.conversations import Conversation, Message
from wxdesk.desk.intake import KeptPush
from wxdesk.desk.replies import Manner, Reply
from wxdesk.runtime import Runtime
from wxdesk.store import Unit
from wxdesk.wechat import Mode, parse, parse_pay_feedback
from wxdesk.worker.intake import understand_kept

PASSWORD = "correct horse"
AT_ONCE = Manner()
_PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""As little work as there is, which it says itself: a sign-in takes no sixth of a second."""
TOKEN = "Sh0pCareTok3n"
AES_KEY = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"
APP_ID = "wx4f1d7e0b92c6a835"
APP_SECRET = "app secret"


class DeskBuilder:
    """Builds what a test needs, in units of its own."""

    def __init__(self, runtime: Runtime, api_base: str):
        self._rt, self._api_base = runtime, api_base
        self._numbers = itertools.count(1)
        self._accounts: dict[str, Account] = {}

    @property
    def runtime(self) -> Runtime:
        return self._rt

    async def account(
        self,
        slug: str = "shop",
        *,
        mode: Mode = Mode.PLAIN,
        app_id: str = APP_ID,
        policy: str = "2013",
    ) -> Account:
        """An account; unless it matters, one that may send without a count."""
        if slug not in self._accounts:
            async with self._rt.db.unit() as unit:
                self._accounts[slug] = await accounts.add(
                    unit,
                    self._rt.vault,
                    slug=slug,
                    name="微光生活馆",
                    app_id=app_id,
                    credentials=Credentials(APP_SECRET, TOKEN, AES_KEY),
                    mode=mode,
                    now=self._rt.clock.now(),
                    api_base=self._api_base,
                    policy=policy,
                )
        return self._accounts[slug]

    async def agent(self, username: str | None = None, *, role: Role = Role.AGENT) -> Agent:
        """Somebody who works here; what they send leaves at once."""
        number = next(self._numbers)
        async with self._rt.db.unit() as unit:
            agent = await agents.add(
                unit,
                username=username or f"agent{number}",
                name=f"客服{number}",
                role=role,
                password_hash=_PASSWORD_HASH,
                now=self._rt.clock.now(),
            )
            agent.undo_seconds = 0
        return agent

    async def token(self, agent: Agent) -> str:
        """An API token of the agent's."""
        async with self._rt.db.unit() as unit:
            now = self._rt.clock.now()
            return (await agents.create_token(unit, agent, name="test", now=now))[1]

    async def revoke_tokens(self) -> None:
        """All of them: a desk takes so many and no more."""
        async with self._rt.db.unit() as unit:
            for token, _ in await agents.list_tokens(unit):
                await agents.revoke_token(unit, token.id)

    async def rule(self, cause: Cause, *says: str | Reply, **facts: Any) -> AnswerRule:
        """A rule of the account that says these texts."""
        account = await self.account()
        replies_ = tuple(Reply("text", each) if isinstance(each, str) else each for each in says)
        name = facts.pop("name", f"rule {next(self._numbers)}")
        rule = Rule(id=0, name=name, cause=cause, answers=replies_, **facts)
        async with self._rt.db.unit() as unit:
            return await answers.add(unit, account.id, rule)

    async def push(self, xml: str) -> KeptPush:
        """Keep a push as the front door would have; the intake has not seen it yet."""
        account, body, now = await self.account(), xml.encode(), self._rt.clock.now()
        return await self._keep(intake.kept_row(account.id, parse(body), body, now=now))

    async def complaint(self, xml: str) -> KeptPush:
        """Keep what WeChat Pay posted."""
        account, body, now = await self.account(), xml.encode(), self._rt.clock.now()
        feedback = parse_pay_feedback(body)
        return await self._keep(intake.kept_feedback_row(account.id, feedback, body, now=now))

    async def _keep(self, row: tuple[Any, ...]) -> KeptPush:
        async with self._rt.db.unit() as unit:
            kept = KeptPush(**dict(zip(intake.COLUMNS, row, strict=True)))
            unit.session.add(kept)
        return kept

    async def conversation(
        self, *, openid: str | None = None, text: str = "你好", assignee: Agent | None = None
    ) -> Conversation:
        """An open conversation that a follower has begun."""
        openid = openid or f"oFollower{next(self._numbers):019}"
        kept = await self.push(self.text_xml(openid, text))
        while await understand_kept(self._rt):
            pass
        async with self._rt.db.unit() as unit:
            found = await self._of_push(unit, kept.id)
            if assignee:
                now = self._rt.clock.now()
                await routing.take(unit, found.id, agent_id=assignee.id, now=now)
        return found

    async def write(self, talk: Conversation, text: str) -> None:
        """The follower of a conversation writes once more."""
        async with self._rt.db.reading() as unit:
            contact = (await contacts.by_ids(unit, {talk.contact_id}))[talk.contact_id]
        await self.push(self.text_xml(contact.openid, text))
        while await understand_kept(self._rt):
            pass

    async def reply(
        self,
        conversation: Conversation,
        agent: Agent,
        text: str = "您好",
        *,
        client_id: str = "",
        manner: Manner = AT_ONCE,
    ) -> Message:
        """What the agent answers, queued unless its manner says otherwise."""
        async with self._rt.db.unit() as unit:
            return await replies.send_text(
                unit,
                conversation_id=conversation.id,
                agent_id=agent.id,
                text=text,
                client_id=client_id or f"draft-{next(self._numbers)}",
                now=self._rt.clock.now(),
                manner=manner,
            )

    async def _of_push(self, unit: Unit, push_id: int) -> Conversation:
        talk = select(Message.conversation_id).where(Message.push_id == push_id)
        return await conversations.get(unit, await unit.session.scalar(talk))

    def text_xml(
        self,
        openid: str,
        text: str,
        *,
        msg_id: int | None = None,
        sent_at: datetime | None = None,
    ) -> str:
        sent_at = sent_at or self._rt.clock.now()
        msg_id = msg_id or 24811057300000000 + next(self._numbers)
        return (
            "<xml><ToUserName><![CDATA[gh_9a3c51e7b2d4]]></ToUserName>"
            f"<FromUserName><![CDATA[{openid}]]></FromUserName>"
            f"<CreateTime>{sent_at.timestamp():.0f}</CreateTime>"
            "<MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{text}]]></Content><MsgId>{msg_id}</MsgId></xml>"
        )

    def event_xml(self, openid: str, event: str, *, key: str = "", more: str = "") -> str:
        return (
            "<xml><ToUserName><![CDATA[gh_9a3c51e7b2d4]]></ToUserName>"
            f"<FromUserName><![CDATA[{openid}]]></FromUserName>"
            f"<CreateTime>{self._rt.clock.now().timestamp():.0f}</CreateTime>"
            "<MsgType><![CDATA[event]]></MsgType>"
            f"<Event><![CDATA[{event}]]></Event><EventKey><![CDATA[{key}]]></EventKey>{more}</xml>"
        )

    def complaint_xml(self, openid: str, stage: str = "request", *, reason: str = "坏了") -> str:
        return (
            f"<xml><OpenId><![CDATA[{openid}]]></OpenId><AppId><![CDATA[{APP_ID}]]></AppId>"
            f"<TimeStamp>{self._rt.clock.now().timestamp():.0f}</TimeStamp>"
            f"<MsgType><![CDATA[{stage}]]></MsgType><FeedBackId>9038172645501928374</FeedBackId>"
            f"<Reason><![CDATA[{reason}]]></Reason></xml>"
        )
