"""A customer-service desk for WeChat Official Accounts."""

from importlib.metadata import version

__version__ = version("wxdesk")
