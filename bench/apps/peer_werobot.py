"""WeRoBot on its own server."""

import os
import sys

from peer_store import keep
from werobot import WeRoBot
from werobot.messages.messages import TextMessage
from werobot.replies import SuccessReply

robot = WeRoBot(
    token=os.environ["BENCH_TOKEN"],
    app_id=os.environ["BENCH_APP_ID"],
    encoding_aes_key=os.environ["BENCH_AES_KEY"],
    enable_session=False,
)


@robot.text
def push(message: TextMessage) -> SuccessReply:
    row = str(message.message_id), message.source, message.type, message.time
    keep((*row, message.content.encode()))
    return SuccessReply()


robot.config["HOST"], robot.config["PORT"] = "127.0.0.1", int(sys.argv[1])
robot.run(enable_pretty_logging=False)
