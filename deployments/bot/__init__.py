"""`omni bot`: the API in a Telegram chat; a client like any other, with a process and a key of its own."""
