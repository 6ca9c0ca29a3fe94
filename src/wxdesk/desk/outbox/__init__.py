"""The outbox: messages on their way to WeChat, each leaving once and in order."""

from wxdesk.desk.outbox.actions import (
    LOOP,
    enqueue,
    enqueue_again,
    expire_claims,
    record_failure,
    record_sent,
)
from wxdesk.desk.outbox.backoff import GiveUp, Retry, Unsure, after_failure
from wxdesk.desk.outbox.model import Delivery, DeliveryState, Via
from wxdesk.desk.outbox.queries import claim_due, count_by_state, count_waiting, list_deliveries

__all__ = [
    "LOOP",
    "Delivery",
    "DeliveryState",
    "GiveUp",
    "Retry",
    "Unsure",
    "Via",
    "after_failure",
    "claim_due",
    "count_by_state",
    "count_waiting",
    "enqueue",
    "enqueue_again",
    "expire_claims",
    "list_deliveries",
    "record_failure",
    "record_sent",
]
