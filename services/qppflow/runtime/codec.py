"""JSON bytes of our own events: the same value gives the same bytes."""

import orjson


def encode(value: object) -> bytes:
    """Write compact JSON in the order given; numbers must be int or string already.

    Raises:
        TypeError: A value that JSON does not know, a ``Decimal`` among them.
    """
    return orjson.dumps(value)


def canonical(value: object) -> bytes:
    """Write compact JSON with sorted keys, for bytes that are hashed or compared."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def decode(value: bytes | None) -> object:
    """Read JSON that we wrote ourselves; documents from outside are read elsewhere.

    Raises:
        ValueError: The bytes are no JSON, or there are none.
    """
    if value is None:
        msg = "an event of ours without a value"
        raise ValueError(msg)
    found: object = orjson.loads(value)
    return found


def decode_object(value: bytes | None) -> dict[str, object]:
    """Read a JSON object that we wrote ourselves.

    Raises:
        ValueError: The bytes are no JSON object.
    """
    found = decode(value)
    if isinstance(found, dict):
        return found
    msg = "an event of ours that is not an object"
    raise ValueError(msg)
