"""WeChat's numbers, each once, with its source; and the few bounds we set ourselves.

Sources are pages of developers.weixin.qq.com as read in early 2026:
[push] doc/service/guide/dev/push and its page on encryption;
[reply] doc/service/guide/product/message/Passive_user_reply_message;
[token] doc/service/api/base/api_getstableaccesstoken.
"""

from datetime import timedelta

# Pushes
PUSH_DEADLINE = timedelta(seconds=5)  # [reply] no answer by then: WeChat hangs up and tries again
PUSH_TRIES = 3  # [reply] "three retries in total"; field logs show three POSTs altogether
MSG_ID_DIGITS = 20  # [reply] "64-bit integer", and no unsigned one is longer
AES_BLOCK = 32  # [push] PKCS#7 padding is to 32 bytes, not to AES's 16
AES_KEY_CHARS = 43  # [push] EncodingAESKey, letters and digits
MAX_PUSH_BYTES = 1_000_000  # ours: real pushes are a few KB
MAX_DEPTH = 32  # ours: real pushes nest five deep
MAX_ELEMENTS = 2_000  # ours: the longest real push has some hundred
MAX_ID_CHARS = 64  # ours: an OpenID has 28 characters, an original id 15

# Customer-service messages
TEXT_BYTES = 2048  # of UTF-8; unpublished: measured by many operators, above it comes 45002

# Access tokens
TOKEN_CHARS = 512  # [token] to be reserved for one token
TOKEN_LIFETIME = timedelta(days=1)  # ours: the most we believe; [token] today says 2 h or less
TOKEN_OVERLAP = timedelta(minutes=5)  # [token] the old one stays valid beside the new
FORCED_REFRESH_SPACING = timedelta(seconds=30)  # [token] sooner, nothing is refreshed
FORCED_REFRESHES_PER_DAY = 20  # [token]

# Calls
CALL_PATIENCE = timedelta(seconds=5)  # ours: to connect, and as long again for the answer
MAX_ANSWER_BYTES = 64 * 1024  # ours: answers to the calls we make are below 2 KB
