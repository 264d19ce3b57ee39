"""The two lists of events that a detector gives: provisional and settled ones."""

from collections.abc import Iterable

from myowatch.signal.model.events import Event


def settled(events: Iterable[Event]) -> list[Event]:
    """Return the settled events, which are final."""
    return [event for event in events if not event.provisional]


def provisional(events: Iterable[Event]) -> list[Event]:
    """Return the provisional events, as they were announced."""
    return [event for event in events if event.provisional]
