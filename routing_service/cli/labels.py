"""Labels and tags as they are written on a command line: `name=text`, `name:=json`."""

from collections.abc import Iterable

import msgspec

from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1.work_item_pb2 import LabelValue, StringList


def labels(told: Iterable[str]) -> dict[str, LabelValue]:
    """`impact=high` is text; `count:=3`, `vip:=true`, `products:=["a","b"]` are typed."""
    found = {}
    for each in told:
        name, sign, value = each.partition("=")
        if not sign or not name.strip(":"):
            raise Invalid("LABEL_VALUE", f"{each!r}: write name=text, or name:=json.")
        typed = name.endswith(":")
        found[name.removesuffix(":")] = _typed(each, value) if typed else LabelValue(text=value)
    return found


def _typed(told: str, value: str) -> LabelValue:
    try:
        read: bool | int | str | list[str] = msgspec.json.decode(
            value, type=bool | int | str | list[str]
        )
    except msgspec.MsgspecError as error:
        wanted = "true, false, a whole number, a text or a list of texts"
        raise Invalid("LABEL_VALUE", f"{told!r}: after := write {wanted}.") from error
    match read:
        case bool():
            return LabelValue(boolean=read)
        case int():
            return LabelValue(integer=read)
        case str():
            return LabelValue(text=read)
        case list():
            return LabelValue(list=StringList(values=read))


def tags(told: Iterable[str]) -> dict[str, str]:
    """`name=text`, any number of them."""
    pairs = [each.partition("=") for each in told]
    if any(not sign or not name for name, sign, _ in pairs):
        raise Invalid("TAG_VALUE", "Write a tag as name=text.")
    return {name: value for name, _, value in pairs}
