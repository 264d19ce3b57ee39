"""Read a dataclass from JSON that people or other versions wrote, as far as it is valid."""

import math
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar, get_type_hints

import msgspec

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def read_stored(kind: type[T], stored: Mapping[str, Any]) -> tuple[T, list[str]]:
    """Return a dataclass with the valid values, and the names of the invalid ones.

    Missing and invalid fields get their default, also those of nested dataclasses. Keys that are
    no field are ignored.

    Parameters
    ----------
    kind
        A dataclass whose fields all have defaults.
    stored
        Values as JSON has them, by field.
    """
    values: dict[str, Any] = {}
    invalid: list[str] = []
    for name, annotation in get_type_hints(kind).items():
        if name in stored:
            try:
                if _is_dataclass(annotation) and isinstance(stored[name], dict):
                    values[name], wrong = read_stored(annotation, stored[name])
                    invalid += [f"{name}.{each}" for each in wrong]
                else:
                    values[name] = _finite(msgspec.convert(stored[name], annotation))
            except (ValueError, OverflowError, msgspec.ValidationError):
                invalid.append(name)
    try:
        return kind(**values), invalid
    except ValueError:  # values that are valid alone, but not together
        pass
    found = kind()
    for name, value in values.items():
        try:
            found = replace(found, **{name: value})
        except ValueError:
            invalid.append(name)
    return found, invalid


def unknown_keys(kind: type["DataclassInstance"], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored values that belong to no field, such as those of a later version."""
    types = get_type_hints(kind)
    unknown: dict[str, Any] = {}
    for name, value in stored.items():
        if name not in types:
            unknown[name] = value
        elif _is_dataclass(types[name]) and isinstance(value, dict):
            nested = unknown_keys(types[name], value)
            unknown |= {name: nested} if nested else {}
    return unknown


def _is_dataclass(annotation: object) -> TypeGuard[type["DataclassInstance"]]:
    return isinstance(annotation, type) and is_dataclass(annotation)


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(value)
    return value
