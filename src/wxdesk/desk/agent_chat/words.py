"""What agents are told in their chat, in Chinese as its commands are. Pure.

WeChat makes links of what looks like one in a text, so nothing that a customer wrote, or is called,
may hold a ``<``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wxdesk.desk.agent_chat.aim import Card, Doubt, Question, Standing
from wxdesk.desk.bindings import Redeemed
from wxdesk.desk.routing import Presence

MOST_BYTES = 1900
"""Of one text: less than WeChat takes in the answer to a push, with room for a last line."""

QUOTE_CHARS = 60
NAME_CHARS = 16

HOW = """直接打字、发图片或语音：回复当前客户
3 您好：回复 #3，并切换过去
列：手上的客户 · 切 3：切换
接 3：接下分配给您的 · 拒 3
转 组名 原因 · 结 3：结束会话
备 内容：内部备注 · 撤：撤回上一条
上线 / 忙碌 / 下线
客户模式：以客户身份咨询 · 解绑
？：再看一遍"""

BOUND = f"已绑定。您现在可以在这里接待客户，发“上线”开始。\n{HOW}"
REDEEMED = {
    Redeemed.BOUND: BOUND,
    Redeemed.AGAIN: f"已经绑定好了。\n{HOW}",
    Redeemed.EXPIRED: "这个二维码已过期，请在工作台重新生成。",
    Redeemed.USED: "这个二维码已被使用，请在工作台重新生成。",
    Redeemed.TAKEN: "这个微信已绑定另一位客服，请先解绑再扫。",
    Redeemed.UNKNOWN: "这个二维码无效，请在工作台重新生成。",
}
PRESENCES = {
    Presence.ONLINE: "已上线，新客户会发到这里。下班请发“下线”。",
    Presence.BUSY: "已设为忙碌，暂不分配新客户。",
    Presence.AWAY: "已设为小休，暂不分配新客户。回来请发“上线”。",
    Presence.OFFLINE: "已下线，辛苦了。这里不再提醒。",
}
UNBOUND = "已解绑。您现在是普通粉丝，再次接待请在工作台扫码绑定。"
AS_CUSTOMER = "现在您以客户身份说话，会话结束后自动恢复。要提前恢复请发“客服模式”。"
AS_AGENT = "已恢复客服身份。"
NOTHING_TO_TAKE_BACK = "没有可以撤回的：上一条已发出，或还没有发过。"
NO_OFFER = "现在没有等待您接的客户。"
MENU = "您已绑定为客服，菜单不会打开会话。发“？”看用法，“客户模式”以客户身份咨询。"
NOT_UNDERSTOOD = "这种消息不能转给客户，请发文字、图片或语音。"
OTHER_ACCOUNT = "{name} 在另一个公众号，图片和语音带不过去。请用文字，或在工作台发送。"
LAST_NOTICE = "（随便回一个字，继续接收提醒）"
MORE = "…还有 {count} 位，见工作台"
REFUSALS = {
    "window_closed": "对方太久没说话，微信现在不让发。",
    "replies_spent": "微信允许的条数已用完，等对方再说话。",
    "not_assigned": "这个会话不在您手上了。",
    "conversation_closed": "会话已经结束了。",
    "already_taken": "已被别人接了。",
    "not_offered": "已经不等您接了。",
    "nothing_waits": NO_OFFER,
    "pull_forbidden": "现在由系统分配，不能自己选。",
    "own_conversation": "这是您自己的咨询，请让同事来接。",
    "already_left": NOTHING_TO_TAKE_BACK,
    "summary_required": "没有结束：您欠的小结太多了，请先在工作台补上。",
}
"""By the code of what the desk said."""

LOST = {
    "failed": "没有发出",
    "parked": "没有发出，已存为待发",
    "uncertain": "可能没有发到",
}
KINDS = {
    "image": "[图片]",
    "voice": "[语音]",
    "video": "[视频]",
    "shortvideo": "[视频]",
    "location": "[位置]",
    "link": "[链接]",
    "file": "[文件]",
    "miniprogrampage": "[小程序]",
}


def plain(text: str) -> str:
    """Somebody else's words on one line, of which WeChat makes nothing."""
    return " ".join(text.replace("<", "\u2039").split())


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def quoted(kind: str, text: str) -> str:
    """A customer's message in a card."""
    shown = KINDS.get(kind, "")
    words = shortened(plain(text), QUOTE_CHARS)
    if kind == "text" or not shown:
        return f"“{words}”" if words else "[消息]"
    return f"{shown}“{words}”" if words else shown


def lasting(span: timedelta) -> str:
    """A span in one or two words: ``2分``."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:  # noqa: PLR2004  a minute
        return f"{seconds}秒"
    minutes = seconds // 60
    if minutes < 60:  # noqa: PLR2004  an hour
        return f"{minutes}分"
    return f"{minutes // 60}小时{minutes % 60}分" if minutes % 60 else f"{minutes // 60}小时"


def who(card: Card) -> str:
    return f"#{card.number} {card.name}" + (f" {card.level}" if card.level else "")


def sends(card: Card) -> str:
    """What WeChat still takes; nothing where it does not count."""
    if card.closes_at is None:
        return "不能再发"
    return "" if card.left is None else f"还可发 {card.left} 条"


def answered(card: Card, *, undo: bool) -> str:
    """A reply is on its way: ``→ 张女士 ✓ 还可发 3 条 · 撤``."""
    parts = [f"→ {card.name} ✓", sends(card) if card.closes_at else "", "· 撤" if undo else ""]
    return " ".join(part for part in parts if part)


def switched(card: Card) -> str:
    return f"现在回复 {who(card)}" + (f"（{sends(card)}）" if sends(card) else "")


def ended(card: Card, *, owes: bool) -> str:
    return f"已结束 {who(card)}" + ("\n还欠小结，请在工作台补上。" if owes else "")


def announced(card: Card, now: datetime, said: Sequence[str]) -> str:
    """A card that arrives: ``#3 张女士 VIP2 等待2分 “订单还没到”``."""
    waits = f" 等待{lasting(now - card.waits_since)}" if card.waits_since else ""
    offered = f"（回“接 {card.number}”）" if card.standing is Standing.OFFERED else ""
    return " ".join([who(card) + waits, *said, offered]).strip()


def more(card: Card, said: Sequence[str]) -> str:
    """The customer of a known card has written again."""
    return f"#{card.number} {card.name}：{' '.join(said)}"


def lost(card: Card, state: str) -> str:
    """What became of a reply after it was acknowledged."""
    return f"✗ #{card.number} {card.name}：上一条{LOST[state]}"


def touchable(words: str, says: str, number: int) -> str:
    """Words that say something when they are touched; WeChat makes a link of them."""
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={says}&msgmenuid={number}">{words}</a>'


def listed(cards: Sequence[Card], current_id: int | None, now: datetime) -> str:
    """All that an agent has, each to be touched."""
    if not cards:
        return "手上没有客户。"
    return clipped([_line(card, card.conversation_id == current_id, now) for card in cards])


def _line(card: Card, is_current: bool, now: datetime) -> str:
    if card.standing is Standing.OFFERED:
        return f"{touchable(who(card), f'接 {card.number}', card.number)} · 等您接"
    parts = [touchable(who(card), f"切 {card.number}", card.number), _clock(card, now), sends(card)]
    return " · ".join(part for part in parts if part) + (" ← 当前" if is_current else "")


def _clock(card: Card, now: datetime) -> str:
    if card.waits_since is None:
        return "已回复"
    waited = f"等待{lasting(now - card.waits_since)}"
    if card.due_at is None:
        return waited
    late = now - card.due_at
    return (
        f"{waited} 超时{lasting(late)}" if late > timedelta(0) else f"{waited} 限{lasting(-late)}"
    )


def asked(question: Question, *, keeps: bool) -> str:
    """A question back; ``keeps``: the line is kept for the number that answers it."""
    match question.doubt:
        case Doubt.OVER:
            gone = question.about[0]
            return f"#{gone.number} {gone.name} 的会话已结束或已转走，没有发送。"
        case Doubt.NOBODY if not question.about:
            return "现在没有进行中的客户，没有发送。发“列”查看。"
        case Doubt.NOBODY:
            return clipped(["还没有接客户。等您接的：", *_choices(question.about, "接 ")])
        case Doubt.NO_SUCH:
            head = f"没有 #{question.number}。"
        case Doubt.WAS_OVER:
            head = "当前客户的会话已结束。"
        case Doubt.WHICH:
            head = ""
    if not question.about:
        return f"{head}现在没有进行中的客户。"
    tail = "发给谁？回编号就发：" if keeps else "是哪位？回编号："
    return clipped([head + tail, *_choices(question.about, "")])


def _choices(cards: Sequence[Card], verb: str) -> list[str]:
    return [touchable(who(card), f"{verb}{card.number}", card.number) for card in cards]


def clipped(lines: Sequence[str]) -> str:
    """As many lines as fit into one text, and how many do not."""
    kept: list[str] = []
    size = 0
    for at, line in enumerate(lines):
        size += len(line.encode()) + 1
        if size > MOST_BYTES:
            return "\n".join([*kept, MORE.format(count=len(lines) - at)])
        kept.append(line)
    return "\n".join(kept)
