"""Where Prefect keeps the results of stages when many machines share them."""

from urllib.parse import urlsplit

from prefect.filesystems import LocalFileSystem, RemoteFileSystem

from omni.errors import StoreUnavailable

NAME = "omni-results"
"""The block's name; workers find it by ``PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK`` and the slug returned below."""


def ensure_result_storage(url: str) -> str:
    """Create or update the block ``omni-results`` for a URL (``s3://bucket/results``), and return its slug.

    Each machine brings its own credentials by environment; a URL with some is refused with StoreUnavailable, for
    the block stands in Prefect's database.
    """
    parts = urlsplit(url)
    if parts.password or parts.query or (parts.scheme in {"s3", "s3a"} and parts.username):
        where = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
        raise StoreUnavailable(where=where, reason="its credentials would stand in Prefect's database")
    if parts.scheme == "file":  # Prefect has a block of its own for a mounted volume
        LocalFileSystem(basepath=parts.path).save(NAME, overwrite=True)
        return f"local-file-system/{NAME}"
    RemoteFileSystem(basepath=url, settings=_settings(parts.scheme)).save(NAME, overwrite=True)
    return f"remote-file-system/{NAME}"


def _settings(scheme: str) -> dict[str, object]:
    if scheme not in {"s3", "s3a"}:
        return {}
    retries = {"mode": "standard", "total_max_attempts": 3}
    return {
        "use_listings_cache": False,  # another machine writes there
        "config_kwargs": {"connect_timeout": 5, "read_timeout": 30, "retries": retries},
    }
