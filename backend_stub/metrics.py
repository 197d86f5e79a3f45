"""What operators measure: requests, how long they took, and figures of each body's own, in the OpenMetrics format.

Labels name bodies, endpoints and kinds of events, never people. Counting is kept out of the way of each request: a few
additions in plain lists, which the library reads when somebody asks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

MEDIA_TYPE = CONTENT_TYPE_LATEST
BOUNDS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """Something a body counts itself. `read` gives it by kind; the kind is empty where there is only one."""

    name: str
    words: str
    read: Callable[[], Mapping[str, float]]
    only_grows: bool = False


class Series:
    """The requests of one endpoint."""

    __slots__ = ("buckets", "seconds", "statuses")

    def __init__(self) -> None:
        self.statuses: dict[int, int] = {}
        self.buckets = [0] * (len(BOUNDS_S) + 1)
        self.seconds = 0.0

    def count(self, status: int, seconds: float) -> None:
        """Take in one request."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.buckets[bisect_left(BOUNDS_S, seconds)] += 1
        self.seconds += seconds


@dataclass(frozen=True, slots=True)
class Meter:
    """What one body has counted since it started."""

    series: dict[str, Series] = field(default_factory=dict)

    def of(self, endpoint: str) -> Series:
        """The series of `METHOD /path`."""
        return self.series.setdefault(endpoint, Series())


class Metered(Collector):
    """Some bodies, each with its name, meter and figures."""

    def __init__(self, bodies: Iterable[tuple[str, Meter, tuple[Figure, ...]]]) -> None:
        self._bodies = tuple(bodies)

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "madoguchi_requests", "Requests answered.", labels=("body", "endpoint", "status")
        )
        seconds = HistogramMetricFamily(
            "madoguchi_request_seconds", "How long answers took.", labels=("body", "endpoint")
        )
        for body, meter, _ in self._bodies:
            for endpoint, one in meter.series.items():
                for status, count in one.statuses.items():
                    requests.add_metric((body, endpoint, str(status)), count)
                seconds.add_metric((body, endpoint), _cumulated(one), one.seconds)
        yield requests
        yield seconds
        yield from self._figures()

    def _figures(self) -> Iterable[Metric]:
        families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {}
        for body, _, figures in self._bodies:
            for figure in figures:
                family = families.get(figure.name)
                if family is None:
                    make = CounterMetricFamily if figure.only_grows else GaugeMetricFamily
                    family = make(f"madoguchi_{figure.name}", figure.words, labels=("body", "kind"))
                    families[figure.name] = family
                for kind, value in figure.read().items():
                    family.add_metric((body, kind), value)
        return families.values()


def as_text(bodies: Iterable[tuple[str, Meter, tuple[Figure, ...]]]) -> bytes:
    """Write it all down in the OpenMetrics format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Metered(bodies))
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text


def _cumulated(one: Series) -> list[tuple[str, float]]:
    names = [*(str(bound) for bound in BOUNDS_S), "+Inf"]
    return list(zip(names, accumulate(one.buckets), strict=True))
