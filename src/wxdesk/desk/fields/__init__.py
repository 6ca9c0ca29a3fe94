"""Fields of contacts (客户字段): what a company keeps of its customers beside what WeChat tells."""

from wxdesk.desk.fields.actions import (
    MOST_FIELDS,
    add,
    change,
    put_in_order,
    record_changes,
    retire,
)
from wxdesk.desk.fields.conditions import Condition, Test
from wxdesk.desk.fields.covering import covered, covered_text
from wxdesk.desk.fields.model import (
    SECRET,
    Field,
    FieldChange,
    FieldInvalid,
    FieldNameTaken,
    FieldsChanged,
    Kind,
    TooManyFields,
    Value,
)
from wxdesk.desk.fields.queries import by_ids, list_changes, list_fields, named, secret_ids

__all__ = [
    "MOST_FIELDS",
    "SECRET",
    "Condition",
    "Field",
    "FieldChange",
    "FieldInvalid",
    "FieldNameTaken",
    "FieldsChanged",
    "Kind",
    "Test",
    "TooManyFields",
    "Value",
    "add",
    "by_ids",
    "change",
    "covered",
    "covered_text",
    "list_changes",
    "list_fields",
    "named",
    "put_in_order",
    "record_changes",
    "retire",
    "secret_ids",
]
