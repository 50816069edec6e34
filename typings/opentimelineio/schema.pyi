from collections.abc import Iterable, Mapping
from typing import Any

from opentimelineio.opentime import TimeRange

class ExternalReference:
    target_url: str
    def __init__(
        self, target_url: str, available_range: TimeRange | None = None, metadata: Mapping[str, Any] = ...
    ) -> None: ...
    name: str

class Marker:
    def __init__(
        self,
        name: str,
        marked_range: TimeRange,
        color: str = ...,
        metadata: Mapping[str, Any] = ...,
        comment: str = ...,
    ) -> None: ...

class Clip:
    name: str
    source_range: TimeRange
    metadata: dict[str, Any]
    markers: list[Marker]
    media_reference: ExternalReference
    def __init__(
        self,
        name: str,
        media_reference: ExternalReference,
        source_range: TimeRange,
        metadata: Mapping[str, Any] = ...,
        *,
        markers: Iterable[Marker] = ...,
    ) -> None: ...

class Gap:
    source_range: TimeRange

class Track(list[Clip | Gap]):
    kind: str
    def __init__(self, name: str, children: Iterable[Clip | Gap] = ..., *, kind: str = ...) -> None: ...

class Stack(list[Track]): ...

class Timeline:
    name: str
    tracks: Stack
    metadata: dict[str, Any]
    def __init__(self, name: str, metadata: Mapping[str, Any] = ...) -> None: ...

class SerializableCollection(list[Timeline]): ...
