"""Agreeing to notices, and anything at all.

Source: "Subscription notifications" (订阅通知), 2025.
"""

from wxsim.acts.doing import Doing, Done
from wxsim.acts.errors import BadAct
from wxsim.push import Push
from wxsim.xml import Element

MOST_ANSWERS = 20
_NAMES = {"popup": "SubscribeMsgPopupEvent", "change": "SubscribeMsgChangeEvent"}


def consent(doing: Doing) -> Done:
    """``answers`` [{template_id, accepted}], given in a popup or changed in the settings."""
    how = doing.choice("how", tuple(_NAMES))
    scene = doing.text("scene", "2")  # 1: of a web page, 2: of an article
    answers = _answers(doing)
    entries = [("List", _entry(template_id, ok, scene, how)) for template_id, ok in answers]
    templates = doing.platform.templates
    for template_id, accepted in answers:
        (templates.agree if accepted else templates.withdraw)(doing.openid, template_id)
    event = doing.event(f"subscribe_msg_{how}_event", (_NAMES[how], entries), answered=False)
    return Done([event])


def raw(doing: Doing) -> Done:
    """Whatever was given, signed and sealed as any push; changes nothing by itself."""
    body = doing.text("xml").encode(errors="replace")
    return Done([Push(openid=doing.openid, kind="raw", xml=body)])


def _entry(template_id: str, accepted: bool, scene: str, how: str) -> list[Element]:
    status = "accept" if accepted else "reject"
    entry: list[Element] = [("TemplateId", template_id), ("SubscribeStatusString", status)]
    return [*entry, ("PopupScene", scene)] if how == "popup" else entry


def _answers(doing: Doing) -> list[tuple[str, bool]]:
    given = doing.wish.get("answers")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_ANSWERS:
        raise BadAct(f"answers is a list of 1 to {MOST_ANSWERS} {{template_id, accepted}}")
    return [_answer(one) for one in given]


def _answer(one: object) -> tuple[str, bool]:
    if isinstance(one, dict):
        template_id, accepted = one.get("template_id"), one.get("accepted")
        if isinstance(template_id, str) and template_id and isinstance(accepted, bool):
            return template_id, accepted
    raise BadAct("an answer is {template_id: a text, accepted: true or false}")
