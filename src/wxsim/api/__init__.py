"""``api.weixin.qq.com`` and its neighbours: which paths there are, and what answers on each."""

from collections.abc import Callable

from wxsim.api import (
    base,
    custom,
    kf,
    library,
    materials,
    media,
    menu,
    oauth,
    qrcodes,
    quotas,
    sessions,
    tags,
    templates,
    token,
    users,
)
from wxsim.api.call import Answer, Call, Endpoint
from wxsim.platform import Platform

Function = Callable[[Platform, Call], Answer]


def _get(answer: Function, *, verified: bool = False, media: bool = False) -> Endpoint:
    return Endpoint(answer, "GET", verified=verified, media=media)


def _post(answer: Function, *, verified: bool = False, media: bool = False) -> Endpoint:
    return Endpoint(answer, "POST", verified=verified, media=media)


def _sending(answer: Function) -> Endpoint:
    return Endpoint(answer, "POST", verified=True, sends=True)


def _open(answer: Function, method: str | None = "GET") -> Endpoint:
    """Without an API token."""
    return Endpoint(answer, method, needs_token=False)


ENDPOINTS: dict[str, Endpoint] = {
    # Tokens and the account
    "/cgi-bin/token": _open(token.give, None),
    "/cgi-bin/stable_token": _open(token.give_stable, "POST"),
    "/cgi-bin/get_api_domain_ip": _get(base.api_ips),
    "/cgi-bin/getcallbackip": _get(base.callback_ips),
    "/cgi-bin/callback/check": _post(base.check_callback),
    "/cgi-bin/clear_quota": _post(quotas.clear),
    "/cgi-bin/clear_quota/v2": _open(quotas.clear_by_secret, "POST"),
    "/cgi-bin/openapi/quota/get": _post(quotas.get),
    "/cgi-bin/openapi/quota/clear": _post(quotas.clear_one),
    "/cgi-bin/openapi/rid/get": _post(base.look_up_request),
    "/cgi-bin/ticket/getticket": _get(base.give_ticket),
    # Customer-service messages, accounts, sessions
    "/cgi-bin/message/custom/send": _sending(custom.send),
    "/cgi-bin/message/custom/typing": _post(custom.type_, verified=True),
    "/customservice/kfaccount/add": _post(kf.add, verified=True),
    "/customservice/kfaccount/update": _post(kf.update, verified=True),
    "/customservice/kfaccount/del": Endpoint(kf.delete, verified=True),
    "/customservice/kfaccount/inviteworker": _post(kf.invite, verified=True),
    "/customservice/kfaccount/uploadheadimg": _post(kf.upload_picture, verified=True),
    "/customservice/kfaccount/setadmin": _get(kf.set_admin, verified=True),
    "/customservice/kfaccount/canceladmin": _get(kf.set_admin, verified=True),
    "/cgi-bin/customservice/getkflist": _get(kf.list_, verified=True),
    "/cgi-bin/customservice/getonlinekflist": _get(kf.list_online, verified=True),
    "/customservice/getkflist": _get(kf.list_, verified=True),  # where some SDKs ask
    "/customservice/getonlinekflist": _get(kf.list_online, verified=True),
    "/customservice/kfsession/create": _post(sessions.create, verified=True),
    "/customservice/kfsession/close": _post(sessions.close, verified=True),
    "/customservice/kfsession/getsession": _get(sessions.get, verified=True),
    "/customservice/kfsession/getsessionlist": _get(sessions.list_, verified=True),
    "/customservice/kfsession/getwaitcase": _get(sessions.list_waiting, verified=True),
    "/customservice/msgrecord/getmsglist": _post(sessions.list_records, verified=True),
    # Media
    "/cgi-bin/media/upload": _post(media.upload, media=True),
    "/cgi-bin/media/get": _get(media.get, media=True),
    "/cgi-bin/media/get/jssdk": _get(media.get_for_js, verified=True, media=True),
    "/cgi-bin/media/uploadimg": _post(media.upload_picture, media=True),
    "/cgi-bin/material/add_material": _post(materials.add, media=True),
    "/cgi-bin/material/get_material": _post(materials.get, media=True),
    "/cgi-bin/material/del_material": _post(materials.delete, media=True),
    "/cgi-bin/material/get_materialcount": _get(materials.count, media=True),
    "/cgi-bin/material/batchget_material": _post(materials.list_, media=True),
    # Users
    "/cgi-bin/user/info": _get(users.info, verified=True),
    "/cgi-bin/user/info/batchget": _post(users.info_batch, verified=True),
    "/cgi-bin/user/get": _get(users.list_, verified=True),
    "/cgi-bin/user/info/updateremark": _post(users.set_remark, verified=True),
    "/cgi-bin/tags/create": _post(tags.create, verified=True),
    "/cgi-bin/tags/get": _get(tags.list_, verified=True),
    "/cgi-bin/tags/update": _post(tags.rename, verified=True),
    "/cgi-bin/tags/delete": _post(tags.delete, verified=True),
    "/cgi-bin/tags/members/batchtagging": _post(tags.tag, verified=True),
    "/cgi-bin/tags/members/batchuntagging": _post(tags.untag, verified=True),
    "/cgi-bin/tags/getidlist": _post(tags.of_follower, verified=True),
    "/cgi-bin/user/tag/get": _post(tags.members, verified=True),
    "/cgi-bin/tags/members/getblacklist": _post(tags.blacklist, verified=True),
    "/cgi-bin/tags/members/batchblacklist": _post(tags.blacklist_add, verified=True),
    "/cgi-bin/tags/members/batchunblacklist": _post(tags.blacklist_remove, verified=True),
    # QR codes and menus
    "/cgi-bin/qrcode/create": _post(qrcodes.create, verified=True),
    "/cgi-bin/showqrcode": _open(qrcodes.show),
    "/cgi-bin/menu/create": _post(menu.create),
    "/cgi-bin/menu/get": _get(menu.get),
    "/cgi-bin/menu/delete": _get(menu.delete),
    "/cgi-bin/get_current_selfmenu_info": _get(menu.get_current),
    "/cgi-bin/menu/addconditional": _post(menu.add_conditional),
    "/cgi-bin/menu/delconditional": _post(menu.delete_conditional),
    "/cgi-bin/menu/trymatch": _post(menu.try_match),
    # Templates and notices
    "/cgi-bin/message/template/send": _sending(templates.send),
    "/cgi-bin/message/template/subscribe": _sending(templates.send_once),
    "/cgi-bin/message/subscribe/bizsend": _sending(templates.send_notice),
    "/cgi-bin/template/api_add_template": _post(library.add, verified=True),
    "/cgi-bin/template/del_private_template": _post(library.delete, verified=True),
    "/cgi-bin/template/get_all_private_template": Endpoint(library.list_, verified=True),
    "/cgi-bin/template/api_set_industry": _post(library.set_industry, verified=True),
    "/cgi-bin/template/get_industry": Endpoint(library.get_industry, verified=True),
    # Pages and web authorisation
    "/connect/oauth2/authorize": _open(oauth.authorize),
    "/mp/subscribemsg": _open(oauth.subscribe_page),
    "/sns/oauth2/access_token": _open(oauth.exchange, None),
    "/sns/oauth2/refresh_token": _open(oauth.refresh, None),
    "/sns/userinfo": _open(oauth.user_info, None),
    "/sns/auth": _open(oauth.check, None),
}
