"""What a golden case gives, and what is made of it."""

from collections.abc import Mapping
from typing import Any

Given = Mapping[str, Any]
Made = dict[str, object]
