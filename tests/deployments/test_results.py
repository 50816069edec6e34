"""Where Prefect keeps results that many machines share."""

from pathlib import Path
from uuid import uuid4

import pytest

from omni.errors import StoreUnavailable

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]


def kept_by_a_task(block: str) -> str:
    """Run a task that keeps its result in the storage of a block; return the key of what it kept."""
    from prefect import flow, task
    from prefect.settings import PREFECT_DEFAULT_RESULT_STORAGE_BLOCK, temporary_settings

    key = uuid4().hex

    @task(persist_result=True, result_storage_key=key, result_serializer="json")
    def stage() -> dict[str, int]:
        return {"answer": 42}

    @flow
    def whole() -> dict[str, int]:
        return stage()

    with temporary_settings({PREFECT_DEFAULT_RESULT_STORAGE_BLOCK: block}):
        assert whole() == {"answer": 42}
    return key


def test_results_go_where_the_block_of_a_url_says() -> None:
    import fsspec

    from deployments.stack.results import ensure_result_storage

    root = f"memory://{uuid4().hex}/results"

    key = kept_by_a_task(ensure_result_storage(root))

    assert b"42" in fsspec.filesystem("memory").cat_file(f"{root}/{key}")


def test_results_on_a_mounted_volume_go_there(tmp_path: Path) -> None:
    from deployments.stack.results import ensure_result_storage

    key = kept_by_a_task(ensure_result_storage(f"file://{tmp_path}/results"))

    assert (tmp_path / "results" / key).is_file()


def test_making_the_block_again_changes_its_address() -> None:
    from prefect.filesystems import RemoteFileSystem

    from deployments.stack.results import NAME, ensure_result_storage

    slugs = {ensure_result_storage("s3://box/one"), ensure_result_storage("s3://box/two")}

    block = RemoteFileSystem.load(NAME)
    assert slugs == {f"remote-file-system/{NAME}"}
    assert block.basepath == "s3://box/two"
    assert block.settings["use_listings_cache"] is False


@pytest.mark.parametrize(
    "url", ["s3://key:secret@box/x", "s3://key@box/x", "sftp://u:secret@host/x", "s3://box/x?secret=1"]
)
def test_no_credentials_get_into_prefects_database(url: str) -> None:
    from deployments.stack.results import ensure_result_storage

    with pytest.raises(StoreUnavailable) as caught:
        ensure_result_storage(url)

    assert "secret" not in str(caught.value)
