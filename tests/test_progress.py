"""The progress of a job: monotone, weighted, whole at the end."""

from omni.progress import Moment, Tally


def test_the_whole_never_goes_back_and_ends_at_one() -> None:
    heard: list[Moment] = []
    tally = Tally()
    tally.begin(heard.append)
    tally.finish("ingest")
    tally.reporter("listen")(0.7)
    tally.reporter("listen")(0.3)
    tally.finish("analyze")
    tally.expect("render", (1, 2))
    tally.finish("write")
    tally.finish("render", 1)
    tally.finish("render", 2)
    tally.finish("deliver")
    tally.finish("remember")

    overall = [moment.overall for moment in heard]
    assert overall == sorted(overall)
    assert overall[-1] == 1.0


def test_a_cached_stage_counts_when_the_next_one_begins() -> None:
    heard: list[Moment] = []
    tally = Tally()
    tally.begin(heard.append)
    tally.finish("analyze")

    assert heard[-1].overall > 0.25


def test_a_new_job_begins_at_nothing() -> None:
    heard: list[Moment] = []
    tally = Tally()
    tally.begin(heard.append)
    tally.finish("remember")
    tally.leave(heard.append)
    tally.begin(heard.append)
    tally.finish("ingest")

    assert heard[-1].overall < 0.05
