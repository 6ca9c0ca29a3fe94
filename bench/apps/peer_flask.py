"""wechatpy on Flask, for gunicorn: `gunicorn peer_flask:app`."""

from flask import Flask, request
from peer_store import keep
from peer_wechatpy import read

app = Flask(__name__)


@app.post("/push")
def push() -> str:
    keep(read(request.args, request.data))
    return "success"
