"""HTTP: parse, call one desk function, answer."""
