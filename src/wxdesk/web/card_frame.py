"""The frame around a page of another system: the only answer of ours that frames anything.

The desk's page frames this document, and this one frames the other system's page. So the desk's
page need not know where cards come from: its policy stays the same, and the policy of each frame,
made when it is opened, names the one origin that its card has at that moment (ADR 33).
"""

from base64 import b64encode
from hashlib import sha256
from html import escape

from fastapi.responses import HTMLResponse

from wxdesk.outbound import origin_of

LONGEST_OFFER = 1000
SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
"""The page keeps its own origin, which is never the desk's; it cannot touch the window around it,
open a dialog or begin a download. What it opens in a new tab is a tab like any other."""

_STYLE = """
:root{color-scheme:light dark}
html,body,iframe{display:block;width:100%;height:100%;margin:0;border:0}
"""

_SCRIPT = f"""
const page = document.querySelector('iframe')
const {{ origin }} = new URL(page.src)

function tell(what) {{
  parent.postMessage(what, location.origin)
}}

addEventListener('message', ({{ source, origin: from, data }}) => {{
  if (source !== page.contentWindow || from !== origin) return
  if (data?.wxdesk !== 'insert' || typeof data.text !== 'string') return
  const text = data.text.trim()
  if (text && text.length <= {LONGEST_OFFER}) tell({{ wxdesk: 'insert', text }})
}})

// A frame does not say that nobody was there; asking for the same without its content does.
fetch(page.src, {{ method: 'HEAD', mode: 'no-cors', credentials: 'omit' }})
  .catch(() => tell({{ wxdesk: 'unreachable' }}))
"""


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def frame(name: str, address: str) -> HTMLResponse:
    """A document that shows a page and nothing else, and lets nothing else be shown in it."""
    origin = origin_of(address)
    policy = (
        f"default-src 'none'; frame-src {origin}; connect-src {origin}; "
        f"script-src {_hashed(_SCRIPT)}; style-src {_hashed(_STYLE)}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    title = escape(name)
    html = (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>"
        f'<iframe src="{escape(address)}" title="{title}" sandbox="{SANDBOX}" '
        'referrerpolicy="no-referrer"></iframe>'
        f"<script>{_SCRIPT}</script></body></html>"
    )
    return HTMLResponse(
        html,
        headers={
            "cache-control": "no-store",
            "content-security-policy": policy,
            "x-frame-options": "SAMEORIGIN",
        },
    )
