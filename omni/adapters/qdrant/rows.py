"""A collection in a folder, row by row: the files of Qdrant's local mode, without its client.

The client loads a whole folder to open it (10 s and 3 GB for 100 000 records), and makes a transaction of every point. Its
files are a table of pickled points beside a JSON file of the collections: here a batch is one transaction, old or
new whatever is killed when, and only what is asked for is read. The client still makes the collections, and can open
the folder at any time: ``tests/adapters/test_qdrant_rows.py`` fails when a later one keeps its points in another way.
"""

import base64
import io
import json
import pickle
import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from omni.adapters.qdrant.points import SEARCHABLE
from omni.adapters.qdrant.reading import Reader
from omni.adapters.qdrant.snapshot import Snapshot
from omni.adapters.qdrant.store import ALIAS, EARLIER, Point, Refused, Standing, Vectors
from omni.errors import MemoryUnavailable

if TYPE_CHECKING:  # 2 s of processor time, which who only reads needn't pay
    from qdrant_client import QdrantClient

DAMAGES = (ValueError, LookupError, TypeError, AttributeError, ImportError, EOFError, pickle.PickleError)
"""What reading a file raises that is not as it was written."""


META = "meta.json"
"""Qdrant's list of collections, its first file."""

_PICKLED = 4
"""Protocol of the keys, as the client has it, and of the points: any Python that runs this reads it."""

_POINT = ("qdrant_client.http.models.models", "PointStruct")

_KEYED = ("gAS", "gAT")
"""How a key of a text begins in this protocol, and what comes after all that do."""


def _vector_in(buffer: object, kind: np.dtype[Any], shape: tuple[int], *_: object) -> NDArray[Any]:
    """Do what numpy does for a vector, which has no order of axes; numbers only."""
    if not isinstance(buffer, (bytes, bytearray)) or kind.kind not in "fiu":
        msg = f"a vector holds {kind}"
        raise pickle.UnpicklingError(msg)
    return np.frombuffer(buffer, kind).reshape(shape)


_ARRAYS = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("numpy._core.multiarray", "_reconstruct"): np.array(0).__reduce__()[0],
    (
        "numpy._core.numeric",
        "_frombuffer",
    ): _vector_in,  # from protocol 5 on: what Qdrant's client writes under Python 3.14
}
"""What stands in the pickle of a vector."""


class Taken(Exception):
    """Qdrant's own lock is held by somebody who doesn't know ours."""


class Rows:
    """Fulfils ``Store`` for whoever owns the folder; :meth:`close` ends it."""

    def __init__(self, folder: Path, load: Callable[[], "QdrantClient"]) -> None:
        """``load`` opens the folder by Qdrant's client, where the collection is to be made; all may raise Taken."""
        self._folder = folder
        self._load = load
        self._lock = FileLock(folder / ".lock", timeout=0)  # the client's own: who knows only that one is kept out too
        self._connection: sqlite3.Connection | None = None
        self._open()

    def close(self) -> None:
        """Let others have the folder."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._lock.release()

    def standing(self) -> Standing | None:
        if self._connection is None:
            return None
        with self._damage_told():
            ((points,),) = self._connection.execute("SELECT count(DISTINCT id) FROM points")
        return Standing(self._name, points, frozenset(self._sizes), self._indexed)

    def behind_alias(self) -> str:
        return self._collection

    def prepare(self, vector: str, size: int) -> Standing:
        self._rekey()
        before = self.standing()
        if before and before.name == ALIAS and vector in before.vectors and SEARCHABLE in before.indexed:
            return before
        from omni.adapters.qdrant.collection import LOCAL_INDEXES, prepare  # noqa: PLC0415  # it imports the client

        self.close()
        client = self._load()
        try:
            before = prepare(client, vector, size, LOCAL_INDEXES)
        finally:
            client.close()
        self._open()
        return before

    def get(self, ids: Sequence[str]) -> list[Point]:
        rows = (self._row(key) for key in ids)
        return [self._point(row) for row in rows if row is not None]

    def every(self, vector: str) -> Iterator[Point]:  # noqa: ARG002 - a row has all vectors of its point
        """Yield all points; of two with one id, which an old client may have left, the one that counts comes last."""
        if self._connection is not None:
            for (row,) in self._connection.execute("SELECT point FROM points ORDER BY rowid"):
                yield self._point(row)

    def upsert(self, points: Sequence[Point]) -> None:
        if not points:
            return
        if self._connection is None:
            raise MemoryUnavailable(where=str(self._folder), reason="its collection is not there, though it was made")
        rows = [(_key(point.id), self._row_of(point)) for point in points]
        with self._connection as transaction:
            transaction.executemany("INSERT OR REPLACE INTO points VALUES (?, ?)", rows)

    def add_vectors(self, vector: str, meanings: Mapping[str, list[float]]) -> None:
        lacking = [point for point in self.get([*meanings]) if vector not in point.vectors]
        self.upsert([one._replace(vectors={**one.vectors, vector: meanings[one.id]}) for one in lacking])

    def delete(self, ids: Sequence[str]) -> None:
        self._rekey()
        if self._connection is not None:
            with self._connection as transaction:
                transaction.executemany("DELETE FROM points WHERE id = ?", [(_key(one),) for one in ids])

    def reader(self, vector: str) -> Reader:
        return Snapshot.of(self, vector)

    def _open(self) -> None:
        """Read how the collection stands, and open its table where it is made."""
        try:
            self._lock.acquire()
        except Timeout as error:
            raise Taken from error
        try:
            self._read_meta()
        except BaseException:
            self.close()
            raise

    def _read_meta(self) -> None:
        meta = self._folder / META
        if (
            not meta.exists() or meta.stat().st_size == 0
        ):  # empty: a client was killed while it wrote the very first one
            return
        with self._damage_told():
            told = json.loads(meta.read_bytes())
            self._collection = told["aliases"].get(ALIAS, EARLIER)
            if self._collection not in told["collections"]:
                return
            self._name = ALIAS if ALIAS in told["aliases"] else EARLIER
            shapes: dict[str, Any] = told["collections"][self._collection]["vectors"]
            self._sizes = {name: int(shape["size"]) for name, shape in shapes.items()}
            self._indexed = frozenset[str](told.get("text_indexes", {}).get(self._collection, {}))
        table = self._folder / "collection" / self._collection / "storage.sqlite"
        self._connection = sqlite3.connect(f"{table.absolute().as_uri()}?mode=rw", uri=True)
        self._connection.execute(
            "PRAGMA secure_delete = ON"
        )  # what is deleted or replaced can't be read from free pages

    def _rekey(self) -> None:
        """Give points that a client keyed by another protocol the key that they are sought by; the later of two stays."""
        if self._connection is None:
            return
        asked = "SELECT rowid, id FROM points WHERE id < ? OR id >= ?"  # from the index: the table may be 150 MB
        with self._damage_told(), self._connection as transaction:
            for row, key in sorted(transaction.execute(asked, _KEYED).fetchall()):
                ours = _key(_Unpickler(io.BytesIO(base64.b64decode(key))).load())
                later = transaction.execute("SELECT 1 FROM points WHERE id = ? AND rowid > ?", (ours, row)).fetchone()
                if later:
                    transaction.execute("DELETE FROM points WHERE rowid = ?", (row,))
                else:
                    transaction.execute("UPDATE OR REPLACE points SET id = ? WHERE rowid = ?", (ours, row))

    def _row(self, point_id: str) -> bytes | None:
        if self._connection is None:
            return None
        found = self._connection.execute("SELECT point FROM points WHERE id = ?", (_key(point_id),)).fetchone()
        return found[0] if found else None

    def _point(self, row: bytes) -> Point:
        with self._damage_told():
            told: _Told = _Unpickler(io.BytesIO(row)).load()
            return Point(str(told.id), told.payload or {}, told.vector or {})

    def _row_of(self, point: Point) -> bytes:
        from qdrant_client.models import PointStruct  # noqa: PLC0415  # 2 s of processor time, see above

        vectors: Any = {name: self._normal(name, numbers) for name, numbers in point.vectors.items()}
        told = PointStruct.model_construct(id=point.id, vector=vectors, payload=dict(point.payload))
        return pickle.dumps(told, protocol=_PICKLED)

    def _normal(self, name: str, numbers: Sequence[float] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a vector as the client keeps one whose measure is the cosine: of length one."""
        vector = np.array(numbers, np.float32)
        if name not in self._sizes or vector.shape != (self._sizes[name],):
            msg = f"a vector {name} of shape {vector.shape} doesn't fit the collection"
            raise Refused(msg)
        if not np.isfinite(vector).all():
            msg = f"the vector {name} holds NaN or infinity"
            raise Refused(msg)
        length = float(np.linalg.norm(vector))
        return vector / np.float32(length) if length > np.finfo(np.float32).eps else vector

    @contextmanager
    def _damage_told(self) -> Generator[None]:
        try:
            yield
        except DAMAGES as error:
            raise damaged(str(self._folder), error) from error


def damaged(where: str, error: Exception) -> MemoryUnavailable:
    """Return what a folder is told with that can't be read."""
    reason = f"its files are damaged ({type(error).__name__}: {error}); move the folder away"
    return MemoryUnavailable(where=where, reason=reason)


class _Told:
    """What a pickled point says, without the client's class."""

    id: str
    payload: dict[str, Any] | None
    vector: Vectors | None

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ = state["__dict__"]


class _Unpickler(pickle.Unpickler):
    """Knows points and the arrays in them: whatever else a file asks for is not loaded, nor run."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        if (module_name, global_name) == _POINT:
            return _Told
        try:
            return _ARRAYS[module_name, global_name]
        except KeyError:
            msg = f"a point holds {module_name}.{global_name}"
            raise pickle.UnpicklingError(msg) from None


def _key(point_id: str) -> str:
    return base64.b64encode(pickle.dumps(point_id, protocol=_PICKLED)).decode()
