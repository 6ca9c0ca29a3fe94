"""Calls all that wechatpy's client has in the simulator's scope, and tells what came back."""

import base64
import io
import json
import sys
import time

import requests
import wechatpy
from to_simulator import lead_to
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException
from wechatpy.oauth import WeChatOAuth

KF = "agent01@shopcare"


def main():
    wish = json.load(sys.stdin)
    lead_to(wish["base"])
    client = WeChatClient(wish["app_id"], wish["app_secret"])
    files = {name: base64.b64decode(body) for name, body in wish["files"].items()}
    told = {"version": wechatpy.__version__}
    for part in (account, media, kf, messages, users, tags, codes, menus, templates, errors):
        told[part.__name__] = part(client, wish, files)
    told["oauth"] = oauth(wish)
    json.dump(told, sys.stdout)


def account(client, wish, files):
    token = client.fetch_access_token()
    ticket = client.jsapi.get_ticket()
    checks = hasattr(client.misc, "check_network")
    return {
        "network": refused(client.misc.check_network) if checks else None,
        "token": sorted(token),
        "ips": client.misc.get_wechat_ips(),
        "ticket": sorted(ticket),
        "signature": client.jsapi.get_jsapi_signature("n", ticket["ticket"], 1, "https://a.cn/"),
    }


def media(client, wish, files):
    """Temporary and permanent; ids go on to the messages."""
    wish["image"] = client.media.upload("image", named("图 片.jpg", files["image"]))["media_id"]
    wish["voice"] = client.media.upload("voice", named("a.amr", files["voice"]))["media_id"]
    wish["video"] = client.media.upload("video", named("a.mp4", files["video"]))["media_id"]
    wish["thumb"] = client.media.upload("thumb", named("a.jpg", files["image"]))["thumb_media_id"]
    picture = client.media.download(wish["image"])
    url = client.media.upload_image(named("a.png", files["png"]))
    lasting = client.material.add("image", named("a.jpg", files["image"]))
    film = client.material.add("video", named("a.mp4", files["video"]), "标题", "说明")
    listed = client.material.batchget("image")
    gotten = client.material.get(lasting["media_id"])
    shown = client.material.get(film["media_id"])
    counted = client.material.get_count()
    client.material.delete(lasting["media_id"])
    return {
        "same": picture.content == files["image"] and gotten.content == files["image"],
        "headers": dict(picture.headers),
        "video": client.media.download(wish["video"]),
        "picture_url": url,
        "listed": [item["media_id"] == lasting["media_id"] for item in listed["item"]],
        "film": [
            shown["title"],
            shown["description"],
            requests.get(shown["down_url"]).content[4:8].decode(),
        ],
        "counted": counted["image_count"],
        "left": client.material.get_count(),
    }


def kf(client, wish, files):
    service = client.customservice
    service.add_account(KF, "客服小周", "secret")
    service.update_account(KF, "客服小李", "secret")
    service.upload_headimg(KF, named("a.jpg", files["image"]))
    unbound = refused(service.create_session, wish["openid"], KF)
    service.create_session(wish["openid"], wish["bound"])
    session = service.get_session(wish["openid"])
    sessions = service.get_session_list(wish["bound"])
    service.close_session(wish["openid"], wish["bound"])
    now = int(time.time())
    found = {
        "accounts": service.get_accounts(),
        "online": service.get_online_accounts(),
        "unbound": unbound,
        "session": session,
        "sessions": sessions,
        "waiting": service.get_wait_case(),
        "records": service.get_records(now - 600, now + 600),
    }
    service.add_account("gone@shopcare", "走了", "secret")
    service.delete_account("gone@shopcare")
    return found


def messages(client, wish, files):
    to, message = wish["openid"], client.message
    article = {
        "title": "标题",
        "description": "摘要",
        "url": "https://a.cn",
        "image": "https://a.cn/p",
    }
    program = {
        "title": "订单",
        "appid": "wx0c8e5b7a1f3d2946",
        "pagepath": "pages/order",
        "thumb_media_id": wish["image"],
    }
    menu = {
        "head_content": "请评价",
        "list": [{"id": "1", "content": "好"}],
        "tail_content": "谢谢",
    }
    answers = [
        message.send_text(to, "您好\n😀", account=KF),
        message.send_image(to, wish["image"]),
        message.send_voice(to, wish["voice"]),
        message.send_video(to, wish["video"], "标题", "说明"),
        message.send_music(
            to, "https://a.cn/a.mp3", "https://a.cn/b.mp3", wish["thumb"], "歌", "说"
        ),
        message.send_articles(to, [article]),
        message.send_articles(to, "NEWS_MEDIA_ID"),
        message.send_card(to, "pK7xT5kQm2VbN9dLr3WcYpE8sUiA"),
        message.send_mini_program_page(to, program),
    ]
    if hasattr(message, "send_msg_menu"):
        answers.append(message.send_msg_menu(to, menu))
    return [answer["errcode"] for answer in answers]


def users(client, wish, files):
    to = wish["openid"]
    client.user.update_remark(to, "老顾客")
    return {
        "user": client.user.get(to),
        "batch": client.user.get_batch([to]),
        "followers": list(client.user.iter_followers()),
    }


def tags(client, wish, files):
    to = wish["openid"]
    made = client.tag.create("VIP")
    client.tag.update(made["id"], "贵宾")
    client.tag.tag_user(made["id"], to)
    found = {
        "tags": client.tag.get(),
        "of": client.tag.get_user_tag(to),
        "members": list(client.tag.iter_tag_users(made["id"])),
    }
    client.tag.untag_user(made["id"], [to])
    client.tag.delete(made["id"])
    client.tag.batch_black_list([to])
    found["blacklist"] = client.tag.get_black_list()
    client.tag.batch_unblack_list([to])
    found["unlisted"] = client.tag.get_black_list()
    return found


def codes(client, wish, files):
    scene = {"scene": {"scene_str": "shop_1024"}}
    made = client.qrcode.create({"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene})
    shown = client.qrcode.show(made)
    return {
        "url": made["url"],
        "type": shown.headers["Content-Type"],
        "picture": base64.b64encode(shown.content).decode(),
        "bad": client.qrcode.show("nonsense").status_code,
    }


def menus(client, wish, files):
    none = client.menu.get()
    wanted = {
        "button": [
            {"type": "click", "name": "联系客服", "key": "HELP"},
            {
                "name": "服务",
                "sub_button": [{"type": "view", "name": "订单", "url": "https://a.cn"}],
            },
        ]
    }
    client.menu.create(wanted)
    made = client.menu.add_conditional({**wanted, "matchrule": {"tag_id": "100"}})
    found = {
        "none": none,
        "menu": client.menu.get(),
        "info": client.menu.get_menu_info(),
        "match": client.menu.try_match(wish["openid"]),
    }
    client.menu.del_conditional(made["menuid"])
    client.menu.delete()
    return {**found, "after": client.menu.get()}


def templates(client, wish, files):
    client.template.set_industry(1, 2)
    added = client.template.get("TM00015")
    listed = client.template.get_all_private_template()["template_list"]
    data = {"thing1": {"value": "已发货"}, "time2": {"value": "2026-01-02 10:00"}}
    sent = client.message.send_template(wish["openid"], listed[0]["template_id"], data)
    once = {"content": {"value": "到货了"}}
    consent = (wish["consented"], "1000", "到货", once)
    first = client.message.send_subscribe_template(wish["openid"], *consent)
    second = refused(client.message.send_subscribe_template, wish["openid"], *consent)
    notice = (wish["openid"], wish["consented"], data, None, "https://a.cn")
    noticed = client.message.send_subscribe_message(*notice)["errcode"]
    unwanted = refused(client.message.send_subscribe_message, *notice)
    client.template.del_private_template(listed[0]["template_id"])
    return {
        "notices": [noticed, unwanted],
        "industry": client.template.get_industry(),
        "added": str(added) and len(listed),
        "sent": sent["errcode"],
        "msgid": sent["msgid"],
        "once": [first["errcode"], second],
        "left": client.template.get_all_private_template()["template_list"],
    }


def errors(client, wish, files):
    """A token that somebody else replaced is fetched again by the client itself."""
    client.session.set(f"{client.appid}_access_token", "89_stale", 7200)
    renewed = client.user.get(wish["openid"])["subscribe"]
    return {
        "renewed": renewed,
        "openid": refused(client.message.send_text, "nobody", "x"),
        "media": refused(client.media.download, "nothing"),
        "type": refused(client.media.upload, "image", named("a.txt", b"text")),
    }


def oauth(wish):
    web = WeChatOAuth(wish["app_id"], wish["app_secret"], wish["landing"], "snsapi_userinfo", "s1")
    back = requests.get(web.authorize_url).json()
    granted = web.fetch_access_token(back["code"])
    person = web.get_user_info()
    web.refresh_access_token(granted["refresh_token"])
    return {
        "state": back["state"],
        "openid": granted["openid"],
        "nickname": person["nickname"],
        "good": web.check_access_token(),
    }


def named(name, body):
    file = io.BytesIO(body)
    file.name = name
    return file


def refused(call, *arguments):
    try:
        call(*arguments)
    except WeChatClientException as error:
        return error.errcode
    return 0


main()
