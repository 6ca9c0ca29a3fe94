"""What a process does that was forked to be a command; see ``installation``."""

import os
import sys

from wxdesk.cli import main


def run(words, folder, environment, streams):
    """Take on a command's place, surroundings and streams, and be it."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = words
    sys.stdin = streams[0].open()
    for number, path in enumerate(streams[1:], 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    main()
