"""The outbox: messages on their way to WeChat, each leaving once and in order."""

from wxdesk.desk.outbox.actions import (
    LOOP,
    UPLOADS,
    enqueue,
    enqueue_again,
    expire_claims,
    postpone,
    prepare_again,
    record_failure,
    record_sent,
    record_uploaded,
)
from wxdesk.desk.outbox.backoff import GiveUp, Retry, Unsure, UploadAgain, after_failure
from wxdesk.desk.outbox.compose import TEMPLATE, Needed, files_of, message_of
from wxdesk.desk.outbox.model import Delivery, DeliveryState, Via
from wxdesk.desk.outbox.queries import (
    claim_due,
    claim_unprepared,
    count_by_state,
    count_waiting,
    forget_results_before,
    list_deliveries,
)
from wxdesk.desk.outbox.results import record_job_result, settle_results

__all__ = [
    "LOOP",
    "TEMPLATE",
    "UPLOADS",
    "Delivery",
    "DeliveryState",
    "GiveUp",
    "Needed",
    "Retry",
    "Unsure",
    "UploadAgain",
    "Via",
    "after_failure",
    "claim_due",
    "claim_unprepared",
    "count_by_state",
    "count_waiting",
    "enqueue",
    "enqueue_again",
    "expire_claims",
    "files_of",
    "forget_results_before",
    "list_deliveries",
    "message_of",
    "postpone",
    "prepare_again",
    "record_failure",
    "record_job_result",
    "record_sent",
    "record_uploaded",
    "settle_results",
]
