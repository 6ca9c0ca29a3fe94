"""What stands above the columns, and what is said of rows that were not taken."""

from collections.abc import Mapping

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "openid": "OpenID",
        "unionid": "UnionID",
        "account": "公众号",
        "remark": "备注名",
        "level": "等级",
        "tags": "标签",
        "following": "关注",
        "blacklisted": "黑名单",
        "first_seen": "首次来访",
        "last_seen": "最近来访",
        "line": "行",
        "column": "列",
        "why": "原因",
        "yes": "是",
        "no": "否",
    },
    "en": {
        "openid": "OpenID",
        "unionid": "UnionID",
        "account": "Account",
        "remark": "Remark",
        "level": "Level",
        "tags": "Tags",
        "following": "Following",
        "blacklisted": "Blacklisted",
        "first_seen": "First seen",
        "last_seen": "Last seen",
        "line": "Line",
        "column": "Column",
        "why": "Why",
        "yes": "yes",
        "no": "no",
    },
}

REASONS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "nobody_named": "没有 OpenID，也没有 UnionID",
        "unknown_customer": "没有这位客户：导入不会新建粉丝",
        "remark_too_long": "备注名太长",
        "field_invalid": "字段不收这样的值",
        "unknown_tag": "公众号没有这个标签",
        "tags_not_synced": "公众号没有打开标签同步",
        "too_many_tags": "标签太多",
        "unknown_level": "没有这个等级",
    },
    "en": {
        "nobody_named": "neither OpenID nor UnionID",
        "unknown_customer": "no such customer: an import adds no followers",
        "remark_too_long": "the remark is too long",
        "field_invalid": "the field takes no such value",
        "unknown_tag": "the account has no such tag",
        "tags_not_synced": "the account does not sync tags",
        "too_many_tags": "too many tags",
        "unknown_level": "no such level",
    },
}
