"""How many voices there are and what they sound like.

Windows are cut into more groups than there can be speakers (spectral clustering over nearest neighbours, which needs
no absolute distance), the groups are sharpened by decoding the sequence, and then the two most alike are joined again
and again until the most alike pair is two people. What ends the joining is not a distance alone: see ``_likeness``.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stenogram.engines.diarization.resegmentation import Labels, decode, similarities
from stenogram.engines.diarization.voices import Embeddings
from stenogram.pipeline.stage import MAX_SPEAKERS

_BLOCK = 1500  # windows clustered at once (5 minutes of speech): the affinity of a block is quadratic in it
_EDGE = 2  # windows on either side of a change of speaker that hear both
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClusteringOptions:
    """Chosen on recombined and synthetic conversations of 1 to 6 speakers, not on the excerpts that are reported."""

    groups: int = 10  # that a block is first cut into
    neighbours: float = 0.12  # share of a block's windows that each window is joined to in the affinity
    centring: float = 0.5  # how much of the recording's mean voice (its channel) is taken off before that
    alike: float = 0.85  # likeness from which two groups are one person
    separation: float = 0.02  # likeness that one unit of d' is worth
    least: int = 5  # windows; a group with fewer is nobody
    change_cost: float = 3.0  # of decoding, in log-likelihood


@dataclass(frozen=True, slots=True)
class Windows:
    """The speech of a recording as embeddings of short windows (for time) and longer ones (for likeness)."""

    short: Embeddings
    long: Embeddings
    per_second: float  # independent windows: how many make a second

    def part(self, start: int, end: int) -> "Windows":
        return Windows(self.short[start:end], self.long[start:end], self.per_second)


def find_voices(windows: Windows, speakers: int | None, options: ClusteringOptions) -> Embeddings:
    """The mean voice of every speaker, shape (speakers, dimension); at least one row.

    ``speakers`` fixes their number (fewer come back only when there are fewer distinguishable windows).
    """
    count = len(windows.short)
    if speakers == 1 or count < 2 * options.least:
        return unit(windows.short.mean(axis=0, keepdims=True))
    labels = np.zeros(count, np.int64)
    for start in range(0, count, _BLOCK):
        part = windows.part(start, start + _BLOCK)
        labels[start : start + _BLOCK] = _block_labels(part, speakers, options) + labels.max() + 1
    labels = _numbered(labels)
    labels = _joined(windows, labels, speakers, options)
    return _means(windows.short, labels)


def unit(vectors: Embeddings) -> Embeddings:
    """Each row scaled to length 1."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)


def _block_labels(windows: Windows, speakers: int | None, options: ClusteringOptions) -> Labels:
    """The groups of one block, already joined where they are surely one voice (so that blocks stay few)."""
    count = len(windows.short)
    if count < 2 * options.least:
        return np.zeros(count, np.int64)
    groups = min(max(options.groups, 2 * (speakers or 1)), count // options.least)
    labels = _spectral(windows.long, groups, options)
    labels = _sharpened(windows.short, labels, options)
    return labels if speakers else _joined(windows, labels, None, options)


def _spectral(embeddings: Embeddings, groups: int, options: ClusteringOptions) -> Labels:
    """Normalised spectral clustering (Ng, Jordan, Weiss 2001) of the nearest-neighbour graph."""
    from sklearn.cluster import KMeans

    centred = unit(embeddings - options.centring * embeddings.mean(axis=0))
    similarity = centred @ centred.T
    nearest = max(3, int(options.neighbours * len(centred)))
    chosen = np.argpartition(-similarity, nearest - 1, axis=1)[:, :nearest]
    graph = np.zeros(similarity.shape, np.float64)
    np.put_along_axis(graph, chosen, 1.0, axis=1)
    graph = (graph + graph.T) / 2
    degree = 1 / np.sqrt(graph.sum(axis=1))
    vectors = _leading_vectors(graph * degree[:, None] * degree, groups)
    return np.asarray(KMeans(groups, n_init=3, random_state=0).fit_predict(unit(vectors)), np.int64)


def _leading_vectors(matrix: Matrix, count: int) -> Embeddings:
    """Eigenvectors of the ``count`` largest eigenvalues of a symmetric ``matrix``, as columns."""
    from scipy.linalg import eigh

    size = len(matrix)
    _, vectors = eigh(matrix, subset_by_index=[size - count, size - 1])
    return np.asarray(vectors, np.float32)


def _joined(windows: Windows, labels: Labels, speakers: int | None, options: ClusteringOptions) -> Labels:
    """Join the most alike groups until they are ``speakers``, or until the most alike two are two people."""
    while (count := int(labels.max()) + 1) > (speakers or 1):
        likeness = _likeness(windows, labels, options)
        first, second = divmod(int(likeness.argmax()), count)
        if speakers is None and likeness[first, second] < options.alike and count <= MAX_SPEAKERS:
            break
        merged = _numbered(np.where(labels == second, first, labels))
        sharpened = _sharpened(windows.short, merged, options)
        enough = speakers is None or sharpened.max() + 1 >= speakers
        labels = sharpened if enough else merged
    return labels


def _likeness(windows: Windows, labels: Labels, options: ClusteringOptions) -> Matrix:
    """How much two groups are one voice, per pair: cosine of their means, corrected for how few windows they hold,
    less a share of d', the distance of the means in units of the spread within (a channel that makes all voices alike
    lowers both). Diagonal: -inf.
    """
    inner = _away_from_changes(labels)
    means = np.stack([windows.long[inner & (labels == group)].mean(axis=0) for group in range(int(labels.max()) + 1)])
    sizes = np.bincount(labels) / windows.per_second
    reliability = np.sqrt(_STEADY + (1 - _STEADY) / np.maximum(sizes, 1.0))
    cosine = unit(means).astype(np.float64) @ unit(means).T * np.outer(reliability, reliability) / _STEADY
    residuals = (windows.long - means[labels])[inner]
    evidence = np.minimum(1.0, np.minimum.outer(sizes, sizes) / _FULL_EVIDENCE)
    distance = np.clip(_separation(means, residuals, labels[inner]) - _USUAL, -3.0, 5.0)
    likeness = cosine - options.separation * evidence * distance
    np.fill_diagonal(likeness, -np.inf)
    return np.asarray(likeness, np.float64)


_STEADY = 0.8  # of a window's energy is its speaker's mean voice: squared cosine of windows to their speaker, measured
_FULL_EVIDENCE = 4.0  # seconds of the smaller group from which d' is fully believed
_USUAL = 5.0  # d' between one speaker's halves stays below, between two speakers above (measured: 0-6 and 5-30)
_PRIOR = 8  # windows' worth of the recording's common spread in that of a pair


def _separation(means: Embeddings, residuals: Embeddings, labels: Labels) -> Matrix:
    """d' of every pair: the distance of the means over the standard deviation along the line between them."""
    count = len(means)
    result = np.full((count, count), _USUAL)
    for first in range(count):
        for second in range(first + 1, count):
            line = means[first] - means[second]
            distance = float(np.linalg.norm(line))
            squares = np.square(residuals @ (line / max(distance, 1e-9)))
            own = squares[(labels == first) | (labels == second)]
            variance = (own.sum() + _PRIOR * squares.mean()) / (own.size + _PRIOR)
            result[first, second] = result[second, first] = distance / np.sqrt(variance + 1e-9)
    return result


def _sharpened(embeddings: Embeddings, labels: Labels, options: ClusteringOptions, rounds: int = 4) -> Labels:
    """Means and decoding in turn (hard expectation-maximisation); groups that become too small dissolve."""
    for _ in range(rounds):
        sizes = np.bincount(labels)
        kept = np.flatnonzero(sizes >= min(options.least, sizes.max()))
        means = unit(np.stack([embeddings[labels == group].mean(axis=0) for group in kept]))
        decoded = _numbered(decode(similarities(embeddings, means), options.change_cost))
        if np.array_equal(decoded, labels):
            break
        labels = decoded
    return labels


def _away_from_changes(labels: Labels) -> npt.NDArray[np.bool_]:
    """Windows not next to a change of label; a group that would be left with none keeps all."""
    changes = np.flatnonzero(np.diff(labels)) + 1
    inner = np.ones(labels.size, np.bool_)
    for offset in range(-_EDGE, _EDGE):
        inner[np.clip(changes + offset, 0, labels.size - 1)] = False
    for group in range(int(labels.max()) + 1):
        if np.count_nonzero(inner & (labels == group)) < 2:
            inner |= labels == group
    return inner


def _means(embeddings: Embeddings, labels: Labels) -> Embeddings:
    inner = _away_from_changes(labels)
    return unit(np.stack([embeddings[inner & (labels == group)].mean(axis=0) for group in range(labels.max() + 1)]))


def _numbered(labels: Labels) -> Labels:
    """The same grouping with labels 0, 1, … without holes."""
    return np.asarray(np.unique(labels, return_inverse=True)[1], np.int64)
