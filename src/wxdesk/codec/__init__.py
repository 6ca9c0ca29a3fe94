"""What is in a file that a stranger sent, and what is made of it for those who look at it.

The type is read from the content. Everything that needs a decoder happens in a process of its own
that has little memory and little time: a hostile file costs that process and nothing else. Stands
alone.
"""

from wxdesk.codec.kinds import FILE, PICTURES, SOUNDS, VIDEOS, ending_of, is_shown, recognise
from wxdesk.codec.sandbox import CannotConvert, Look, Sandbox

__all__ = [
    "FILE",
    "PICTURES",
    "SOUNDS",
    "VIDEOS",
    "CannotConvert",
    "Look",
    "Sandbox",
    "ending_of",
    "is_shown",
    "recognise",
]
