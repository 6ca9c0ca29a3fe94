"""``api.weixin.qq.com``: which paths there are, and what answers on each."""

from wxsim.api import custom, token
from wxsim.api.call import Endpoint

ENDPOINTS: dict[str, Endpoint] = {
    "/cgi-bin/token": Endpoint(token.give),
    "/cgi-bin/stable_token": Endpoint(token.give_stable, post_only=True),
    "/cgi-bin/message/custom/send": Endpoint(
        custom.send, post_only=True, needs_token=True, sends=True
    ),
}
