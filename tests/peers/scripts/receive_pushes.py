"""A server that takes pushes with wechatpy alone; tells its port, then each push, a line each."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException
from wechatpy.utils import check_signature

SEEN = ("content", "media_id", "thumb_media_id", "recognition", "format", "url", "title", "key")
SEEN += ("scene_id", "ticket", "latitude", "longitude", "precision", "location", "label", "status")


class Receiver(BaseHTTPRequestHandler):
    """Answers texts with the same text."""

    def do_GET(self):
        query = self.query()
        check_signature(wish["token"], query["signature"], query["timestamp"], query["nonce"])
        self.answer(query["echostr"])

    def do_POST(self):
        query = self.query()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            message = self.opened(body, query)
        except WeChatException as error:
            tell({"error": repr(error)})
            self.answer("success")
            return
        tell(described(message))
        self.answer(self.reply(message, query))

    def query(self):
        return dict(parse_qsl(urlsplit(self.path).query))

    def opened(self, body, query):
        signed = (query["timestamp"], query["nonce"])
        check_signature(wish["token"], query["signature"], *signed)
        if query.get("encrypt_type") == "aes":
            body = crypto().decrypt_message(body, query["msg_signature"], *signed)
        return parse_message(body)

    def reply(self, message, query):
        if message.type != "text":
            return "success"
        xml = create_reply(f"收到：{message.content}", message).render()
        if query.get("encrypt_type") != "aes":
            return xml
        return crypto().encrypt_message(xml, query["nonce"], query["timestamp"])

    def answer(self, text):
        body = text.encode() if isinstance(text, str) else text
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


def described(message):
    seen = {name: getattr(message, name, None) for name in SEEN}
    return {
        "type": message.type,
        "name": message._data.get("Event", message._data["MsgType"]).lower(),
        "known": type(message).__name__ != "UnknownMessage",
        "source": message.source,
        "target": message.target,
        "id": message.id,
        "seen": {name: str(value) for name, value in seen.items() if value is not None},
    }


def crypto():
    return WeChatCrypto(wish["token"], wish["aes_key"], wish["app_id"])


def tell(facts):
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


wish = json.load(sys.stdin)
server = HTTPServer(("127.0.0.1", 0), Receiver)
tell({"port": server.server_port})
server.serve_forever()
