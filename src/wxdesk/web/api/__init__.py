"""The API that browsers and programs use: one file per resource."""
