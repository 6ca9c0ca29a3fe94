"""Leads WeChat's names to the simulator, as a line in /etc/hosts would; wechatpy stays as it is."""

from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter

_WECHAT = {"api.weixin.qq.com", "mp.weixin.qq.com", "open.weixin.qq.com"}


def lead_to(base):
    """``base``: where the simulator is."""
    send = HTTPAdapter.send

    def send_there(self, request, **options):
        parts = urlsplit(request.url)
        if parts.hostname in _WECHAT:
            request.url = f"{base}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return send(self, request, **options)

    HTTPAdapter.send = send_there
