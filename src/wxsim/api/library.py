"""The account's own list of templates.

Source: "Template messages" (模板消息), 2025.
"""

from wxsim.api.call import OK, Answer, Call
from wxsim.codes import Refused
from wxsim.platform import Platform
from wxsim.templates import Template

LONGEST_SHORT_ID = 32
MOST_WORDS = 20
LONGEST_WORD = 20


def list_(platform: Platform, _call: Call) -> Answer:
    return {"template_list": [_listed(known) for known in platform.templates.known.values()]}


def add(platform: Platform, call: Call) -> Answer:
    """Raises Refused: 40037, 40246, 45026."""
    wanted = call.json()
    short_id, words = wanted.get("template_id_short"), wanted.get("keyword_name_list")
    if not isinstance(short_id, str) or not 0 < len(short_id) <= LONGEST_SHORT_ID:
        raise Refused(40037)
    if words is not None and not _are_words(words):
        raise Refused(40246)
    return {**OK, "template_id": platform.templates.add(short_id, words).template_id}


def delete(platform: Platform, call: Call) -> Answer:
    platform.templates.delete(call.json().get("template_id"))
    return OK


def set_industry(platform: Platform, call: Call) -> Answer:
    wanted = call.json()
    first, second = (str(wanted.get(name, "")) for name in ("industry_id1", "industry_id2"))
    if not (first.isdecimal() and second.isdecimal()):
        raise Refused(40097)
    platform.templates.set_industries(first[:4], second[:4])
    return OK


def get_industry(platform: Platform, _call: Call) -> Answer:
    names = ("primary_industry", "secondary_industry")
    industries = zip(names, platform.templates.industries, strict=True)
    return {name: {"first_class": "其它", "second_class": number} for name, number in industries}


def _listed(template: Template) -> dict[str, str]:
    example = template.filled(dict.fromkeys(template.keys, "示例"))
    return {
        "template_id": template.template_id,
        "title": template.title,
        "primary_industry": "其它",
        "deputy_industry": "其它",
        "content": template.content,
        "example": example,
    }


def _are_words(words: object) -> bool:
    if not isinstance(words, list) or not 0 < len(words) <= MOST_WORDS:
        return False
    return all(isinstance(word, str) and 0 < len(word) <= LONGEST_WORD for word in words)
