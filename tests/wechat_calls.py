"""Every call of ``wxdesk.wechat.Client``, beside what the reference says about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from wxdesk.wechat import (
    Button,
    CallbackCheck,
    Client,
    ConditionalMenu,
    CurrentMenu,
    DnsCheck,
    JsTicket,
    KfAccount,
    KfOnline,
    KfSession,
    MatchRule,
    Material,
    MaterialCount,
    MaterialPage,
    MediaKind,
    Menu,
    MiniProgram,
    NewsArticle,
    OpenidPage,
    PastRequest,
    PingCheck,
    QrCode,
    Quota,
    Record,
    RecordPage,
    Tag,
    Template,
    TextMessage,
    Uploaded,
    UserInfo,
    VideoMaterial,
    Waiting,
    WaitingCase,
    clear_quota_by_secret,
    fetch_stable_token,
    fetch_token,
    oauth,
)

OPENID = "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"
OTHER = "oK7xT5mR8pQ1vZ6cJ0hXnB4tWyDg"
KF = "agent01@shopcare"
AT = datetime(2026, 1, 2, 2, 0, tzinfo=UTC)
SECONDS = 1767319200
OK = {"errcode": 0, "errmsg": "ok"}
TEMPLATE = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"
FILE = b"\xff\xd8\xff\xe0 a picture, or so"


@dataclass(frozen=True)
class Known:
    """A call, what must be asked, what WeChat answers, and what comes of it."""

    name: str
    call: Callable[[Client], Awaitable[Any]]
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    answer: Any = field(default_factory=lambda: OK)
    value: Any = None
    reads: bool = False
    uploads: bool = False


async def read(download):
    async with download as found:
        return await found.read()


FOLLOWER = {
    "subscribe": 1,
    "openid": OPENID,
    "language": "zh_CN",
    "subscribe_time": SECONDS,
    "unionid": "oR5GjjgEhCMJFyzaVZdrxZ2zRRF4",
    "remark": "",
    "groupid": 0,
    "tagid_list": [128, 2],
    "subscribe_scene": "ADD_SCENE_QR_CODE",
    "qr_scene": 0,
    "qr_scene_str": "shop_1024",
}
FOLLOWER_READ = UserInfo(
    openid=OPENID,
    subscribed=True,
    subscribed_at=AT,
    scene="ADD_SCENE_QR_CODE",
    qr_scene=0,
    qr_scene_str="shop_1024",
    remark="",
    tag_ids=(128, 2),
    unionid="oR5GjjgEhCMJFyzaVZdrxZ2zRRF4",
    language="zh_CN",
)
OPENIDS = {
    "total": 23000,
    "count": 2,
    "data": {"openid": [OPENID, OTHER]},
    "next_openid": OTHER,
}
MENU = Menu(
    (
        Button("联系客服", "click", key="MENU_CONTACT_AGENT"),
        Button(
            "服务",
            sub=(
                Button("我的订单", "view", url="https://shop.example.com/orders"),
                Button(
                    "商城",
                    "miniprogram",
                    url="https://shop.example.com",
                    app_id="wx0c8e5b7a1f3d2946",
                    page_path="pages/index/index",
                ),
            ),
        ),
    )
)
MENU_JSON = {
    "button": [
        {"type": "click", "name": "联系客服", "key": "MENU_CONTACT_AGENT"},
        {
            "name": "服务",
            "sub_button": [
                {"type": "view", "name": "我的订单", "url": "https://shop.example.com/orders"},
                {
                    "type": "miniprogram",
                    "name": "商城",
                    "url": "https://shop.example.com",
                    "appid": "wx0c8e5b7a1f3d2946",
                    "pagepath": "pages/index/index",
                },
            ],
        },
    ]
}
CLICK = Button("联系客服", "click", key="K")
CLICK_JSON = {"type": "click", "name": "联系客服", "key": "K"}

SENDING = [
    Known(
        "send",
        lambda c: c.send(OPENID, TextMessage("您好"), KF, ai=True),
        "POST",
        "/cgi-bin/message/custom/send",
        body={
            "touser": OPENID,
            "msgtype": "text",
            "text": {"content": "您好"},
            "customservice": {"kf_account": KF},
            "aimsgcontext": {"is_ai_msg": 1},
        },
    ),
    Known(
        "typing",
        lambda c: c.typing(OPENID),
        "POST",
        "/cgi-bin/message/custom/typing",
        body={"touser": OPENID, "command": "Typing"},
    ),
    Known(
        "typing no longer",
        lambda c: c.typing(OPENID, on=False),
        "POST",
        "/cgi-bin/message/custom/typing",
        body={"touser": OPENID, "command": "CancelTyping"},
    ),
    Known(
        "templates.send",
        lambda c: c.templates.send(
            OPENID,
            TEMPLATE,
            {"thing1": "您的问题已有回复", "time2": "2026-01-02 10:00"},
            "https://shop.example.com/o/77",
            MiniProgram("wx0c8e5b7a1f3d2946", "pages/order?id=77"),
            "MSG_000001",
        ),
        "POST",
        "/cgi-bin/message/template/send",
        body={
            "touser": OPENID,
            "template_id": TEMPLATE,
            "url": "https://shop.example.com/o/77",
            "miniprogram": {"appid": "wx0c8e5b7a1f3d2946", "pagepath": "pages/order?id=77"},
            "client_msg_id": "MSG_000001",
            "data": {
                "thing1": {"value": "您的问题已有回复"},
                "time2": {"value": "2026-01-02 10:00"},
            },
        },
        answer={**OK, "msgid": 3921047718265298944},
        value=3921047718265298944,
    ),
    Known(
        "templates.send_once",
        lambda c: c.templates.send_once(
            OPENID, TEMPLATE, scene=1000, title="标题", text="您好", color="#173177"
        ),
        "POST",
        "/cgi-bin/message/template/subscribe",
        body={
            "touser": OPENID,
            "template_id": TEMPLATE,
            "scene": "1000",
            "title": "标题",
            "data": {"content": {"value": "您好", "color": "#173177"}},
        },
    ),
    Known(
        "templates.list",
        lambda c: c.templates.list(),
        "GET",
        "/cgi-bin/template/get_all_private_template",
        answer={
            "template_list": [
                {
                    "template_id": TEMPLATE,
                    "title": "回复通知",
                    "primary_industry": "IT科技",
                    "deputy_industry": "互联网",
                    "content": "内容：{{thing1.DATA}}\n时间：{{time2.DATA}}",
                    "example": "内容：您好",
                }
            ]
        },
        value=[
            Template(
                TEMPLATE,
                "回复通知",
                "内容：{{thing1.DATA}}\n时间：{{time2.DATA}}",
                "内容：您好",
                "IT科技",
                "互联网",
            )
        ],
        reads=True,
    ),
    Known(
        "templates.add",
        lambda c: c.templates.add("TM00015", ["内容", "时间"]),
        "POST",
        "/cgi-bin/template/api_add_template",
        body={"template_id_short": "TM00015", "keyword_name_list": ["内容", "时间"]},
        answer={**OK, "template_id": TEMPLATE},
        value=TEMPLATE,
    ),
    Known(
        "templates.delete",
        lambda c: c.templates.delete(TEMPLATE),
        "POST",
        "/cgi-bin/template/del_private_template",
        body={"template_id": TEMPLATE},
    ),
    Known(
        "notices.send",
        lambda c: c.notices.send(
            OPENID, TEMPLATE, {"thing1": "您好"}, "https://shop.example.com", MiniProgram("wx1")
        ),
        "POST",
        "/cgi-bin/message/subscribe/bizsend",
        body={
            "touser": OPENID,
            "template_id": TEMPLATE,
            "page": "https://shop.example.com",
            "miniprogram": {"appid": "wx1", "pagepath": ""},
            "data": {"thing1": {"value": "您好"}},
        },
    ),
]

KF_CALLS = [
    Known(
        "kf.add",
        lambda c: c.kf.add(KF, "客服小周"),
        "POST",
        "/customservice/kfaccount/add",
        body={"kf_account": KF, "nickname": "客服小周"},
    ),
    Known(
        "kf.update",
        lambda c: c.kf.update(KF, "客服小周"),
        "POST",
        "/customservice/kfaccount/update",
        body={"kf_account": KF, "nickname": "客服小周"},
    ),
    Known(
        "kf.invite",
        lambda c: c.kf.invite(KF, "zhou_2026"),
        "POST",
        "/customservice/kfaccount/inviteworker",
        body={"kf_account": KF, "invite_wx": "zhou_2026"},
    ),
    Known(
        "kf.set_picture",
        lambda c: c.kf.set_picture(KF, FILE),
        "POST",
        "/customservice/kfaccount/uploadheadimg",
        query={"kf_account": KF},
        uploads=True,
    ),
    Known(
        "kf.delete",
        lambda c: c.kf.delete(KF),
        "POST",
        "/customservice/kfaccount/del",
        body={"kf_account": KF},
    ),
    Known(
        "kf.list",
        lambda c: c.kf.list(),
        "GET",
        "/cgi-bin/customservice/getkflist",
        answer={
            "kf_list": [
                {
                    "kf_account": KF,
                    "kf_nick": "客服小周",
                    "kf_id": "1001",
                    "kf_headimgurl": "http://mmbiz.qpic.cn/p",
                    "kf_wx": "zhou_2026",
                },
                {
                    "kf_account": "agent02@shopcare",
                    "kf_nick": "客服小王",
                    "kf_id": 1002,
                    "kf_headimgurl": "",
                    "invite_wx": "wang_2026",
                    "invite_expire_time": SECONDS,
                    "invite_status": "waiting",
                },
            ]
        },
        value=[
            KfAccount(KF, "客服小周", "1001", "http://mmbiz.qpic.cn/p", "zhou_2026", "", None, ""),
            KfAccount("agent02@shopcare", "客服小王", "1002", "", "", "wang_2026", AT, "waiting"),
        ],
        reads=True,
    ),
    Known(
        "kf.list_online",
        lambda c: c.kf.list_online(),
        "GET",
        "/cgi-bin/customservice/getonlinekflist",
        answer={
            "kf_online_list": [{"kf_account": KF, "status": 1, "kf_id": "1001", "accepted_case": 1}]
        },
        value=[KfOnline(KF, 1, "1001", 1)],
        reads=True,
    ),
    Known(
        "sessions.create",
        lambda c: c.sessions.create(KF, OPENID),
        "POST",
        "/customservice/kfsession/create",
        body={"kf_account": KF, "openid": OPENID},
    ),
    Known(
        "sessions.close",
        lambda c: c.sessions.close(KF, OPENID),
        "POST",
        "/customservice/kfsession/close",
        body={"kf_account": KF, "openid": OPENID},
    ),
    Known(
        "sessions.get",
        lambda c: c.sessions.get(OPENID),
        "GET",
        "/customservice/kfsession/getsession",
        query={"openid": OPENID},
        answer={"createtime": SECONDS, "kf_account": KF},
        value=KfSession(OPENID, KF, AT),
        reads=True,
    ),
    Known(
        "sessions.get, served by nobody",
        lambda c: c.sessions.get(OPENID),
        "GET",
        "/customservice/kfsession/getsession",
        query={"openid": OPENID},
        answer={"createtime": 0, "kf_account": ""},
        value=None,
        reads=True,
    ),
    Known(
        "sessions.list",
        lambda c: c.sessions.list(KF),
        "GET",
        "/customservice/kfsession/getsessionlist",
        query={"kf_account": KF},
        answer={"sessionlist": [{"createtime": SECONDS, "openid": OPENID}]},
        value=[KfSession(OPENID, KF, AT)],
        reads=True,
    ),
    Known(
        "sessions.waiting",
        lambda c: c.sessions.waiting(),
        "GET",
        "/customservice/kfsession/getwaitcase",
        answer={"count": 150, "waitcaselist": [{"latest_time": SECONDS, "openid": OPENID}]},
        value=Waiting(150, (WaitingCase(OPENID, AT),)),
        reads=True,
    ),
    Known(
        "records.list",
        lambda c: c.records.list(AT, AT + timedelta(hours=24), limit=1),
        "POST",
        "/customservice/msgrecord/getmsglist",
        body={"starttime": SECONDS, "endtime": SECONDS + 86400, "msgid": 1, "number": 1},
        answer={
            "recordlist": [
                {
                    "openid": OPENID,
                    "opercode": 2002,
                    "text": "您好",
                    "time": SECONDS,
                    "worker": KF,
                }
            ],
            "number": 1,
            "msgid": 20165258,
        },
        value=RecordPage((Record(OPENID, KF, 2002, "您好", AT),), 20165258),
        reads=True,
    ),
    Known(
        "records.list, the last page",
        lambda c: c.records.list(AT, AT, after=20165258),
        "POST",
        "/customservice/msgrecord/getmsglist",
        body={"starttime": SECONDS, "endtime": SECONDS, "msgid": 20165258, "number": 1000},
        answer={"recordlist": [], "number": 0, "msgid": 20165258},
        value=RecordPage((), None),
        reads=True,
    ),
]

FILES = [
    Known(
        "media.upload",
        lambda c: c.media.upload(
            MediaKind.IMAGE, FILE, filename="a.jpg", content_type="image/jpeg"
        ),
        "POST",
        "/cgi-bin/media/upload",
        query={"type": "image"},
        answer={"type": "image", "media_id": "MEDIA", "created_at": SECONDS},
        value=Uploaded(MediaKind.IMAGE, "MEDIA", AT),
        reads=True,
        uploads=True,
    ),
    Known(
        "media.upload, a thumb",
        lambda c: c.media.upload(
            MediaKind.THUMB, FILE, filename="a.jpg", content_type="image/jpeg"
        ),
        "POST",
        "/cgi-bin/media/upload",
        query={"type": "thumb"},
        answer={**OK, "type": "thumb", "thumb_media_id": "THUMB", "created_at": SECONDS},
        value=Uploaded(MediaKind.THUMB, "THUMB", AT),
        reads=True,
        uploads=True,
    ),
    Known(
        "media.upload_picture",
        lambda c: c.media.upload_picture(FILE, filename="a.jpg", content_type="image/jpeg"),
        "POST",
        "/cgi-bin/media/uploadimg",
        answer={"url": "http://mmbiz.qpic.cn/p"},
        value="http://mmbiz.qpic.cn/p",
        reads=True,
        uploads=True,
    ),
    Known(
        "materials.add",
        lambda c: c.materials.add(
            MediaKind.IMAGE, FILE, filename="a.jpg", content_type="image/jpeg"
        ),
        "POST",
        "/cgi-bin/material/add_material",
        query={"type": "image"},
        answer={"media_id": "MEDIA", "url": "http://mmbiz.qpic.cn/p"},
        value=Material("MEDIA", "http://mmbiz.qpic.cn/p", "a.jpg"),
        uploads=True,
    ),
    Known(
        "media.download",
        lambda c: read(c.media.download("MEDIA")),
        "GET",
        "/cgi-bin/media/get",
        query={"media_id": "MEDIA"},
        answer=FILE,
        value=FILE,
        reads=True,
    ),
    Known(
        "media.download, of the JS-SDK",
        lambda c: read(c.media.download("MEDIA", hd_voice=True)),
        "GET",
        "/cgi-bin/media/get/jssdk",
        query={"media_id": "MEDIA"},
        answer=FILE,
        value=FILE,
        reads=True,
    ),
    Known(
        "materials.get",
        lambda c: read(c.materials.get("MEDIA")),
        "POST",
        "/cgi-bin/material/get_material",
        body={"media_id": "MEDIA"},
        answer=FILE,
        value=FILE,
        reads=True,
    ),
    Known(
        "materials.get_video",
        lambda c: c.materials.get_video("MEDIA"),
        "POST",
        "/cgi-bin/material/get_material",
        body={"media_id": "MEDIA"},
        answer={"title": "标题", "description": "说明", "down_url": "http://v.example.com/v"},
        value=VideoMaterial("标题", "说明", "http://v.example.com/v"),
        reads=True,
    ),
    Known(
        "materials.get_news",
        lambda c: c.materials.get_news("MEDIA"),
        "POST",
        "/cgi-bin/material/get_material",
        body={"media_id": "MEDIA"},
        answer={
            "news_item": [
                {
                    "title": "标题",
                    "thumb_media_id": "THUMB",
                    "show_cover_pic": 1,
                    "author": "周岚",
                    "digest": "摘要",
                    "content": "<p>正文</p>",
                    "url": "http://mp.weixin.qq.com/s/1",
                    "content_source_url": "https://shop.example.com",
                }
            ]
        },
        value=(
            NewsArticle(
                title="标题",
                author="周岚",
                digest="摘要",
                content="<p>正文</p>",
                url="http://mp.weixin.qq.com/s/1",
                source_url="https://shop.example.com",
                thumb_media_id="THUMB",
                shows_cover=True,
            ),
        ),
        reads=True,
    ),
    Known(
        "materials.list",
        lambda c: c.materials.list("image", offset=20),
        "POST",
        "/cgi-bin/material/batchget_material",
        body={"type": "image", "offset": 20, "count": 20},
        answer={
            "total_count": 21,
            "item_count": 1,
            "item": [
                {
                    "media_id": "MEDIA",
                    "name": "a.jpg",
                    "update_time": SECONDS,
                    "url": "http://mmbiz.qpic.cn/p",
                }
            ],
        },
        value=MaterialPage((Material("MEDIA", "http://mmbiz.qpic.cn/p", "a.jpg", AT),), 21),
        reads=True,
    ),
    Known(
        "materials.count",
        lambda c: c.materials.count(),
        "GET",
        "/cgi-bin/material/get_materialcount",
        answer={"voice_count": 1, "video_count": 2, "image_count": 3, "news_count": 4},
        value=MaterialCount(images=3, voices=1, videos=2, news=4),
        reads=True,
    ),
    Known(
        "materials.delete",
        lambda c: c.materials.delete("MEDIA"),
        "POST",
        "/cgi-bin/material/del_material",
        body={"media_id": "MEDIA"},
    ),
]

USERS = [
    Known(
        "users.info",
        lambda c: c.users.info(OPENID),
        "GET",
        "/cgi-bin/user/info",
        query={"openid": OPENID, "lang": "zh_CN"},
        answer=FOLLOWER,
        value=FOLLOWER_READ,
        reads=True,
    ),
    Known(
        "users.info, of nobody who follows",
        lambda c: c.users.info(OTHER, "en"),
        "GET",
        "/cgi-bin/user/info",
        query={"openid": OTHER, "lang": "en"},
        answer={"subscribe": 0, "openid": OTHER},
        value=UserInfo(OTHER, subscribed=False),
        reads=True,
    ),
    Known(
        "users.infos",
        lambda c: c.users.infos([OPENID]),
        "POST",
        "/cgi-bin/user/info/batchget",
        body={"user_list": [{"openid": OPENID, "lang": "zh_CN"}]},
        answer={"user_info_list": [FOLLOWER]},
        value=[FOLLOWER_READ],
        reads=True,
    ),
    Known(
        "users.list",
        lambda c: c.users.list(),
        "GET",
        "/cgi-bin/user/get",
        query={"next_openid": ""},
        answer=OPENIDS,
        value=OpenidPage((OPENID, OTHER), 23000, OTHER),
        reads=True,
    ),
    Known(
        "users.list, after the last",
        lambda c: c.users.list(after=OTHER),
        "GET",
        "/cgi-bin/user/get",
        query={"next_openid": OTHER},
        answer={"total": 23000, "count": 0, "next_openid": OTHER},
        value=OpenidPage((), 23000, ""),
        reads=True,
    ),
    Known(
        "users.set_remark",
        lambda c: c.users.set_remark(OPENID, "王女士"),
        "POST",
        "/cgi-bin/user/info/updateremark",
        body={"openid": OPENID, "remark": "王女士"},
    ),
    Known(
        "tags.create",
        lambda c: c.tags.create("VIP"),
        "POST",
        "/cgi-bin/tags/create",
        body={"tag": {"name": "VIP"}},
        answer={"tag": {"id": 134, "name": "VIP"}},
        value=Tag(134, "VIP"),
    ),
    Known(
        "tags.list",
        lambda c: c.tags.list(),
        "GET",
        "/cgi-bin/tags/get",
        answer={"tags": [{"id": 2, "name": "星标组", "count": 7}]},
        value=[Tag(2, "星标组", 7)],
        reads=True,
    ),
    Known(
        "tags.rename",
        lambda c: c.tags.rename(134, "老客户"),
        "POST",
        "/cgi-bin/tags/update",
        body={"tag": {"id": 134, "name": "老客户"}},
    ),
    Known(
        "tags.delete",
        lambda c: c.tags.delete(134),
        "POST",
        "/cgi-bin/tags/delete",
        body={"tag": {"id": 134}},
    ),
    Known(
        "tags.members",
        lambda c: c.tags.members(134, after=OPENID),
        "POST",
        "/cgi-bin/user/tag/get",
        body={"tagid": 134, "next_openid": OPENID},
        answer={"count": 1, "data": {"openid": [OTHER]}, "next_openid": OTHER},
        value=OpenidPage((OTHER,), None, OTHER),
        reads=True,
    ),
    Known(
        "tags.tag",
        lambda c: c.tags.tag([OPENID, OTHER], 134),
        "POST",
        "/cgi-bin/tags/members/batchtagging",
        body={"openid_list": [OPENID, OTHER], "tagid": 134},
    ),
    Known(
        "tags.untag",
        lambda c: c.tags.untag([OPENID], 134),
        "POST",
        "/cgi-bin/tags/members/batchuntagging",
        body={"openid_list": [OPENID], "tagid": 134},
    ),
    Known(
        "tags.of",
        lambda c: c.tags.of(OPENID),
        "POST",
        "/cgi-bin/tags/getidlist",
        body={"openid": OPENID},
        answer={"tagid_list": [134, 2]},
        value=(134, 2),
        reads=True,
    ),
    Known(
        "blacklist.list",
        lambda c: c.blacklist.list(),
        "POST",
        "/cgi-bin/tags/members/getblacklist",
        body={"begin_openid": ""},
        answer=OPENIDS,
        value=OpenidPage((OPENID, OTHER), 23000, OTHER),
        reads=True,
    ),
    Known(
        "blacklist.add",
        lambda c: c.blacklist.add([OPENID]),
        "POST",
        "/cgi-bin/tags/members/batchblacklist",
        body={"openid_list": [OPENID]},
    ),
    Known(
        "blacklist.remove",
        lambda c: c.blacklist.remove([OPENID]),
        "POST",
        "/cgi-bin/tags/members/batchunblacklist",
        body={"openid_list": [OPENID]},
    ),
]

QR_ANSWER = {"ticket": "gQH47joAAAA", "url": "http://weixin.qq.com/q/02fDrO"}
WEEK = timedelta(days=7)
QR_CODES = [
    Known(
        f"qrcodes.create, {scene!r} for {expires}",
        lambda c, scene=scene, expires=expires: c.qrcodes.create(scene, expires),
        "POST",
        "/cgi-bin/qrcode/create",
        body={
            **({"expire_seconds": 604800} if expires else {}),
            "action_name": action,
            "action_info": {"scene": told},
        },
        answer={**({"expire_seconds": 604800} if expires else {}), **QR_ANSWER},
        value=QrCode("gQH47joAAAA", "http://weixin.qq.com/q/02fDrO", expires),
    )
    for scene, expires, action, told in (
        ("shop_1024", WEEK, "QR_STR_SCENE", {"scene_str": "shop_1024"}),
        ("shop_1024", None, "QR_LIMIT_STR_SCENE", {"scene_str": "shop_1024"}),
        (2**32 - 1, WEEK, "QR_SCENE", {"scene_id": 2**32 - 1}),
        (100_000, None, "QR_LIMIT_SCENE", {"scene_id": 100_000}),
    )
]

MENUS = [
    Known(
        "menu.get",
        lambda c: c.menu.get(),
        "GET",
        "/cgi-bin/menu/get",
        answer={
            "menu": {
                "button": [{**CLICK_JSON, "sub_button": []}],
                "menuid": 208396938,
            },
            "conditionalmenu": [
                {"button": [CLICK_JSON], "matchrule": {"group_id": 2}, "menuid": 208396993}
            ],
        },
        value=Menu(
            (CLICK,), "208396938", (ConditionalMenu((CLICK,), MatchRule("2"), "208396993"),)
        ),
        reads=True,
    ),
    Known(
        "menu.get, where there is none",
        lambda c: c.menu.get(),
        "GET",
        "/cgi-bin/menu/get",
        answer={"errcode": 46003, "errmsg": "menu no exist"},
        value=None,
        reads=True,
    ),
    Known(
        "menu.set",
        lambda c: c.menu.set(MENU),
        "POST",
        "/cgi-bin/menu/create",
        body=MENU_JSON,
    ),
    Known("menu.delete", lambda c: c.menu.delete(), "GET", "/cgi-bin/menu/delete"),
    Known(
        "menu.get_current",
        lambda c: c.menu.get_current(),
        "GET",
        "/cgi-bin/get_current_selfmenu_info",
        answer={
            "is_menu_open": 1,
            "selfmenu_info": {
                "button": [
                    {"type": "text", "name": "关于", "value": "您好"},
                    {"name": "服务", "sub_button": {"list": [CLICK_JSON]}},
                ]
            },
        },
        value=CurrentMenu(
            shown=True,
            buttons=(Button("关于", "text", value="您好"), Button("服务", sub=(CLICK,))),
        ),
        reads=True,
    ),
    Known(
        "menu.add_conditional",
        lambda c: c.menu.add_conditional((CLICK,), MatchRule("134", "1")),
        "POST",
        "/cgi-bin/menu/addconditional",
        body={"button": [CLICK_JSON], "matchrule": {"tag_id": "134", "client_platform_type": "1"}},
        answer={"menuid": "208379533"},
        value="208379533",
    ),
    Known(
        "menu.delete_conditional",
        lambda c: c.menu.delete_conditional("208379533"),
        "POST",
        "/cgi-bin/menu/delconditional",
        body={"menuid": "208379533"},
    ),
    Known(
        "menu.try_match",
        lambda c: c.menu.try_match(OPENID),
        "POST",
        "/cgi-bin/menu/trymatch",
        body={"user_id": OPENID},
        answer={"button": [CLICK_JSON]},
        value=(CLICK,),
        reads=True,
    ),
]

ACCOUNT = [
    Known(
        "account.api_ips",
        lambda c: c.account.api_ips(),
        "GET",
        "/cgi-bin/get_api_domain_ip",
        answer={"ip_list": ["101.226.62.77", "101.226.62.0/25"]},
        value=("101.226.62.77", "101.226.62.0/25"),
        reads=True,
    ),
    Known(
        "account.callback_ips",
        lambda c: c.account.callback_ips(),
        "GET",
        "/cgi-bin/getcallbackip",
        answer={"ip_list": ["101.226.62.77"]},
        value=("101.226.62.77",),
        reads=True,
    ),
    Known(
        "account.check_callback",
        lambda c: c.account.check_callback(),
        "POST",
        "/cgi-bin/callback/check",
        body={"action": "all", "check_operator": "DEFAULT"},
        answer={
            "dns": [{"ip": "1.2.3.4", "real_operator": "UNICOM"}],
            "ping": [
                {
                    "ip": "1.2.3.4",
                    "from_operator": "UNICOM",
                    "package_loss": "0%",
                    "time": "23.079ms",
                }
            ],
        },
        value=CallbackCheck(
            (DnsCheck("1.2.3.4", "UNICOM"),), (PingCheck("1.2.3.4", "UNICOM", "0%", "23.079ms"),)
        ),
        reads=True,
    ),
    Known(
        "account.quota",
        lambda c: c.account.quota("/cgi-bin/message/custom/send"),
        "POST",
        "/cgi-bin/openapi/quota/get",
        body={"cgi_path": "/cgi-bin/message/custom/send"},
        answer={
            **OK,
            "quota": {"daily_limit": 500000, "used": 12, "remain": 499988},
            "rate_limit": {"call_count": 5000, "refresh_second": 60},
        },
        value=Quota(500000, 12, 499988, 5000, timedelta(minutes=1)),
        reads=True,
    ),
    Known(
        "account.clear_quota",
        lambda c: c.account.clear_quota("wx4f1d7e0b92c6a835"),
        "POST",
        "/cgi-bin/clear_quota",
        body={"appid": "wx4f1d7e0b92c6a835"},
    ),
    Known(
        "account.clear_api_quota",
        lambda c: c.account.clear_api_quota("/cgi-bin/message/custom/send"),
        "POST",
        "/cgi-bin/openapi/quota/clear",
        body={"cgi_path": "/cgi-bin/message/custom/send"},
    ),
    Known(
        "account.look_up",
        lambda c: c.account.look_up("61725984-6126f6f9-040f19c4"),
        "POST",
        "/cgi-bin/openapi/rid/get",
        body={"rid": "61725984-6126f6f9-040f19c4"},
        answer={
            **OK,
            "request": {
                "invoke_time": SECONDS,
                "cost_in_ms": 30,
                "request_url": "access_token=50_x",
                "request_body": "{}",
                "response_body": '{"errcode":45009}',
                "client_ip": "203.0.113.9",
            },
        },
        value=PastRequest(
            AT,
            timedelta(milliseconds=30),
            "203.0.113.9",
            "access_token=50_x",
            "{}",
            '{"errcode":45009}',
        ),
        reads=True,
    ),
    Known(
        "jssdk.ticket",
        lambda c: c.jssdk.ticket(),
        "GET",
        "/cgi-bin/ticket/getticket",
        query={"type": "jsapi"},
        answer={**OK, "ticket": "sM4AOVdWfPE4DxkXGEs8VMCPG", "expires_in": 7200},
        value=JsTicket("sM4AOVdWfPE4DxkXGEs8VMCPG", timedelta(hours=2)),
        reads=True,
    ),
]

APP = "wx4f1d7e0b92c6a835"
GRANT_ANSWER = {
    "access_token": "99_web",
    "expires_in": 7200,
    "refresh_token": "99_refresh",
    "openid": OPENID,
    "scope": "snsapi_userinfo",
    "is_snapshotuser": 1,
    "unionid": "oR5",
}
GRANT = oauth.OAuthGrant(
    OPENID, "snsapi_userinfo", "99_web", "99_refresh", timedelta(hours=2), "oR5", is_snapshot=True
)
TOKEN_ANSWER = {"access_token": "89_abc", "expires_in": 7200}


def without_token(function, *arguments, **more):
    """A function that calls WeChat by itself, over the connections and times of a client."""

    def call(client):
        caller = client._caller
        return function(caller.http, caller.api_base, *arguments, patience=caller.timeout, **more)

    return call


WITHOUT_TOKEN = [
    Known(
        "fetch_stable_token",
        without_token(fetch_stable_token, APP, "secret", force=False, now=AT),
        "POST",
        "/cgi-bin/stable_token",
        answer=TOKEN_ANSWER,
    ),
    Known(
        "fetch_token",
        without_token(fetch_token, APP, "secret", now=AT),
        "GET",
        "/cgi-bin/token",
        answer=TOKEN_ANSWER,
    ),
    Known(
        "clear_quota_by_secret",
        without_token(clear_quota_by_secret, APP, "secret"),
        "POST",
        "/cgi-bin/clear_quota/v2",
    ),
    Known(
        "oauth.exchange_code",
        without_token(oauth.exchange_code, APP, "secret", "CODE"),
        "GET",
        "/sns/oauth2/access_token",
        answer=GRANT_ANSWER,
    ),
    Known(
        "oauth.refresh",
        without_token(oauth.refresh, APP, "99_refresh"),
        "GET",
        "/sns/oauth2/refresh_token",
        answer=GRANT_ANSWER,
    ),
    Known(
        "oauth.user_info",
        without_token(oauth.user_info, GRANT),
        "GET",
        "/sns/userinfo",
        answer={"openid": OPENID, "nickname": "王女士", "privilege": ["x"], "unionid": "oR5"},
    ),
    Known("oauth.check", without_token(oauth.check, GRANT), "GET", "/sns/auth"),
]
"""What is called without a client; what is asked and read stands in the tests of each."""

CALLS = [*SENDING, *KF_CALLS, *FILES, *USERS, *QR_CODES, *MENUS, *ACCOUNT]
