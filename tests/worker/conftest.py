"""Tests here may ask for a bucket."""

from s3_server import s3

__all__ = ["s3"]
