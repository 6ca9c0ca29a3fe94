"""What a control request may ask the application for."""

from aiohttp import web

from wxsim.api.door import Door
from wxsim.people import People
from wxsim.platform import Platform
from wxsim.pusher import Pusher

platform_key = web.AppKey("platform", Platform)
pusher_key = web.AppKey("pusher", Pusher)
people_key = web.AppKey("people", People)
door_key = web.AppKey("door", Door)
