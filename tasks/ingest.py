"""ingest: path, upload or address → ``Source``."""

from prefect import task

from omni.contracts import Brief, Source
from omni.sourcing.fetching import locate
from omni.sourcing.ingesting import ingest as open_source
from omni.wiring import wire
from tasks.policies import PATIENT
from tasks.progress import tally


@task(name="ingest", **PATIENT)
def ingest(video: str, brief: Brief) -> Source:
    """Probe and fingerprint the file; not cached, for the file may have changed. A brief that can't work fails here."""
    workshop = wire()
    workshop.require(brief)
    source = open_source(locate(video, workshop.source_rules), workshop.prober, workshop.limits)
    tally().finish("ingest")
    return source
