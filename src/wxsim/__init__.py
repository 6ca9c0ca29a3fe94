"""A small WeChat for the desk to talk to: the platform's side of every conversation, simulated."""
