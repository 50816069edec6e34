"""The one HTTP client for addresses that users name: sources to fetch, webhooks to send."""

from omni.adapters.web.client import Answered, Fetched, fetch, post
from omni.adapters.web.sockets import Resolver, system_addresses
from omni.addresses import Reach, Target, check_address

__all__ = ["Answered", "Fetched", "Reach", "Resolver", "Target", "check_address", "fetch", "post", "system_addresses"]
