"""WeChat's numbers, each once, with its source; and the few bounds we set ourselves.

Sources are pages of developers.weixin.qq.com as read in early 2026:
[push] doc/service/guide/dev/push and its page on encryption;
[reply] doc/service/guide/product/message/Passive_user_reply_message;
[token] doc/service/api/base/api_getstableaccesstoken;
[media] doc/service/api/material/temporary and …/permanent;
[kf] doc/service/api/customer/servicermanage;
[records] doc/service/api/customer/message/api_getmsglist;
[users] doc/service/api/usermanage;
[qr] doc/service/api/qrcode/qrcodes/api_createqrcode;
[menu] doc/service/api/custommenu;
[template] doc/service/api/notify/template and …/notify/message;
[auth] doc/service/guide/h5/auth.
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

# Passive replies
PASSIVE_ARTICLES = 8  # [reply] in a reply of kind ``news``
PASSIVE_ARTICLES_TO_MESSAGE = 1  # [reply] where the follower sent a message

# Customer-service messages
TEXT_BYTES = 2048  # of UTF-8; unpublished: measured by many operators, above it comes 45002

# Media
MEDIA_KEPT = timedelta(days=3)  # [media] by WeChat, in both directions
IMAGE_BYTES = 10 * 1024 * 1024  # [media] its table; a note on the same page says 2 MB
SAFE_IMAGE_BYTES = 2 * 1024 * 1024  # [media] that note: what is made smaller keeps below it
VOICE_BYTES = 2 * 1024 * 1024  # [media]
VOICE_LENGTH = timedelta(seconds=60)  # [media]
VIDEO_BYTES = 10 * 1024 * 1024  # [media]
THUMB_BYTES = 64 * 1024  # [media]
ARTICLE_PICTURE_BYTES = 1024 * 1024  # [media] uploadimg
MATERIALS_PER_PAGE = 20  # [media] batchget_material
FILENAME_CHARS = 255  # ours
MAX_DOWNLOAD_BYTES = 64 * 1024 * 1024  # ours, unless the caller says otherwise
DOWNLOAD_REDIRECTS = 3  # ours: the address of a video is direct as a rule

# Customer-service accounts
KF_PREFIX_CHARS = 10  # [kf] of "prefix@account": letters, digits, underscore
KF_SUFFIX_CHARS = 30  # [kf]
KF_NICKNAME_CHARS = 16  # [kf]
KF_PICTURE_BYTES = 5 * 1024 * 1024  # [kf]
RECORDS_SPAN = timedelta(hours=24)  # [records]
RECORDS_PER_PAGE = 10_000  # [records]

# Followers
INFOS_PER_CALL = 100  # [users] user/info/batchget
REMARK_BYTES = 29  # [users] "shorter than 30 bytes"
TAG_NAME_CHARS = 30  # [users]
TAGGED_PER_CALL = 50  # [users]
TAGS_PER_USER = 20  # [users] 45059 above it
BLACKLISTED_PER_CALL = 20  # [users]

# QR codes
QR_LIFETIME = timedelta(days=30)  # [qr] of temporary ones, at most
QR_SCENE_CHARS = 64  # [qr]
QR_SCENE_MAX = 2**32 - 1  # [qr] of temporary ones: "32-bit non-zero integer"
QR_LASTING_SCENE_MAX = 100_000  # [qr]

# The menu
MENU_BUTTONS = 3  # [menu]
MENU_SUB_BUTTONS = 5  # [menu]
MENU_NAME_BYTES = 16  # [menu]
MENU_SUB_NAME_BYTES = 60  # [menu]
MENU_KEY_BYTES = 128  # [menu]
MENU_URL_BYTES = 1024  # [menu]

# Template messages
CLIENT_MSG_ID_CHARS = 32  # [template]
TEMPLATE_CHARS = {  # [template] by kind of field; other kinds have no published length
    "thing": 20,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "character_string": 32,
    "phone_number": 17,
    "car_number": 8,
    "phrase": 5,
}
TEMPLATE_NAME_WIDTH = 20  # [template] "name": 10 Chinese characters or 20 letters
TEMPLATE_AMOUNT_DIGITS = 10  # [template] "amount": a currency and so many digits
ONCE_TITLE_CHARS = 15  # [template] one-time subscription
ONCE_TEXT_CHARS = 200  # [template] one-time subscription
ONCE_SCENE_MAX = 10_000  # [template] one-time subscription
ONCE_RESERVED_BYTES = 128  # [template] one-time subscription

# Web authorization
STATE_CHARS = 128  # [auth] letters and digits

# Access tokens
TOKEN_CHARS = 512  # [token] to be reserved for one token
TOKEN_LIFETIME = timedelta(days=1)  # ours: the most we believe; [token] today says 2 h or less
TOKEN_OVERLAP = timedelta(minutes=5)  # [token] the old one stays valid beside the new
FORCED_REFRESH_SPACING = timedelta(seconds=30)  # [token] sooner, nothing is refreshed
FORCED_REFRESHES_PER_DAY = 20  # [token]

# Calls
CALL_PATIENCE = timedelta(seconds=5)  # ours: to connect, and as long again for the answer
TRANSFER_PATIENCE = timedelta(minutes=2)  # ours: for a whole file, up or down
MAX_ANSWER_BYTES = 64 * 1024  # ours: most answers are below 2 KB
MAX_LIST_BYTES = 1024 * 1024  # ours: 10 000 OpenIDs are some 320 KB
MAX_TEXTS_BYTES = 16 * 1024 * 1024  # ours: 20 materials with their articles, 1000 chat records
