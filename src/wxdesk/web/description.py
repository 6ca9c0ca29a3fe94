"""What the API's description says beside its operations: subjects, and requests to copy."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fastapi import FastAPI

ABOUT = (
    "Everything the agents' page does goes through it. Programs send a token as "
    "`Authorization: Bearer …`; all JSON, all times UTC. How to begin, and what holds for all of "
    "it, is told in `docs/api.md`; in the examples `$DESK` is the desk's address and `$TOKEN` a "
    "token. What only reads can be tried here with a token, which this page forgets when it is "
    "closed."
)

SUBJECTS = {
    "conversations": "Who talks with whom: listed, taken, read, put off, ended.",
    "saved views": "Views of the list that agents or the whole team keep.",
    "messages": "What was said in a conversation: read, answered, noted beside.",
    "parked answers": "Answers that wait until WeChat takes them.",
    "allowance": "What WeChat still lets the desk send to a customer, and why.",
    "media": "Pictures, voice, video: uploaded, shown, in a form that browsers play.",
    "templates": "Template messages that an account may send.",
    "summaries": "What a conversation was about, in categories.",
    "ratings": "Customers are asked how it was.",
    "contacts": "One customer: what is known of them, their tags, the blacklist.",
    "customers": "All customers: found, filtered, changed together.",
    "sheets": "Customers as files: brought in, taken along.",
    "fields": "What a company keeps of its customers itself.",
    "levels": "Levels (VIP): what they promise, and who has one.",
    "webhooks": "Your programs are told what happens; with the log of it.",
    "cards": "What other systems say of a customer, beside their conversation.",
    "stream": "What changes, as it changes, over one connection.",
    "tokens": "How programs sign in.",
    "session": "How people sign in, and what each has set for themselves.",
    "agents": "Who works here.",
    "seats": "Who is there, in which state, with how much room.",
    "groups": "Groups of agents, and the hours they keep.",
    "assignments": "Conversations offered, handed over, joined; and why an agent got one.",
    "routing": "The plan by which conversations find agents, tried on days that were.",
    "clocks": "By when answers are promised, and whether they came.",
    "calendars": "Opening hours, holidays, adjusted working days.",
    "monitor": "What goes on right now.",
    "staffing": "How many agents a day needs.",
    "wallboards": "Screens on walls.",
    "search": "Find people, messages and notes, everywhere or in one conversation.",
    "notices": "What an agent is to hear of though they look elsewhere.",
    "alerts": "How an agent is reached beside the page: sounds, pushes, other services.",
    "drafts": "What agents have written and not sent.",
    "quick replies": "Texts that agents use again and again.",
    "bindings": "Agents' own WeChat, to work within it.",
    "accounts": "The Official Accounts served: settings, checks, imports, their log.",
    "automatic answers": "What the desk says by itself, and what it would say.",
    "hours": "When an account's customers find somebody, and the keeper of their windows.",
    "menu": "The menu of an account.",
    "qrcodes": "Codes with scenes, and who came by them.",
    "tags": "Tags, kept the same at WeChat.",
    "kf accounts": "The names under which agents appear to customers.",
}
"""Every subject, in the order in which somebody who connects a program asks for them."""


@dataclass(frozen=True)
class Example:
    """A request to copy.

    Attributes:
        query: What follows the path.
        bodies: JSON, by a name for each; the first is the one to copy.
        file: The name of a file whose content is the body.
    """

    query: str = ""
    bodies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    file: str = ""

    def curl(self, method: str, path: str) -> str:
        words = ['curl -H "Authorization: Bearer $TOKEN"']
        if method != "GET":
            words.append(f"-X {method}")
        words.append(f'"$DESK{path.replace("{conversation_id}", "7")}{self.query}"')
        if self.file:
            words.append(f"--data-binary @{self.file}")
        for body in [*self.bodies.values()][:1]:
            words.append('-H "Content-Type: application/json"')
            words.append(f"-d '{json.dumps(body, ensure_ascii=False)}'")
        return " \\\n  ".join(words)


EXAMPLES: Mapping[tuple[str, str], Example] = {
    ("GET", "/api/conversations"): Example("?state=waiting&limit=20"),
    ("POST", "/api/conversations/{conversation_id}/take"): Example(),
    ("GET", "/api/conversations/{conversation_id}/messages"): Example("?limit=50"),
    ("POST", "/api/conversations/{conversation_id}/replies"): Example(
        bodies={
            "words": {
                "kind": "text",
                "text": "您好，今天下午发出",
                "client_id": "order-3817-shipped",
            },
            "an uploaded picture": {
                "kind": "image",
                "media": 12,
                "client_id": "order-3817-picture",
            },
            "kept until WeChat takes it": {
                "kind": "text",
                "text": "包裹已签收",
                "client_id": "order-3817-arrived",
                "park": True,
            },
        }
    ),
    ("POST", "/api/conversations/{conversation_id}/close"): Example(
        bodies={
            "and ask for a rating": {"invite": True},
            "summed up": {"summary": {"category_id": 3, "result": "solved", "note": "已补发"}},
        }
    ),
    ("POST", "/api/media"): Example("?kind=image&name=parcel.jpg", file="parcel.jpg"),
    ("POST", "/api/webhooks"): Example(
        bodies={
            "what a CRM wants": {
                "name": "CRM",
                "url": "https://crm.example.com/wxdesk",
                "kinds": ["conversation.opened", "conversation.closed", "message.received"],
            }
        }
    ),
}


def describe(app: FastAPI) -> None:
    """Write the subjects, the examples and how to sign in into an application's description."""
    app.description = ABOUT
    app.openapi_tags = [{"name": name, "description": words} for name, words in SUBJECTS.items()]
    plain = app.openapi

    @cache
    def with_examples() -> dict[str, Any]:
        description = plain()
        description["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer"}
        }
        description["security"] = [{"token": []}]
        for (method, path), example in EXAMPLES.items():
            operation = description["paths"][path][method.lower()]
            operation["description"] += f"\n\n```console\n{example.curl(method, path)}\n```"
            if example.bodies:
                named = {name: {"value": body} for name, body in example.bodies.items()}
                operation["requestBody"]["content"]["application/json"]["examples"] = named
        return description

    app.openapi = with_examples  # type: ignore[method-assign]
