"""How many voices there are and what they sound like.

For every number of speakers that there may be, the windows are cut into so many groups (normalised spectral
clustering, which needs no absolute distance), and the groups are sharpened by decoding the sequence. Of the cuts in
which no two groups sound like one person, the finest is believed; where there is none, one person speaks.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stenogram.engines.diarization.resegmentation import Labels, decode, similarities
from stenogram.engines.diarization.voices import Embeddings
from stenogram.pipeline.stage import MAX_SPEAKERS

_MOST = 2000  # windows that are clustered, evenly from the whole recording: the affinity is quadratic in their number
_EDGE = 2  # windows on either side of a change of speaker that hear both
_STEADY = 0.7  # share of a window's energy that is its speaker's mean voice; between 0.68 and 0.87, measured
_ROUNDS = 4  # of sharpening; it settles sooner


@dataclass(frozen=True, slots=True)
class ClusteringOptions:
    """docs/diarization.md tells what ``alike`` was chosen on, and how much it matters."""

    alike: float = 0.89  # likeness from which two groups are one person
    neighbours: float = 0.12  # share of the windows that each is joined to in the affinity
    centring: float = 0.5  # how much of the recording's mean voice (its channel) is taken off before that
    least: int = 5  # windows; a group with fewer is nobody
    change_cost: float = 3.0  # of decoding, in log-likelihood


@dataclass(frozen=True, slots=True)
class Windows:
    """The speech of a recording as embeddings of short windows (for time) and longer ones (for likeness)."""

    short: Embeddings
    long: Embeddings
    per_second: float

    def thinned(self, stride: int) -> "Windows":
        return Windows(self.short[::stride], self.long[::stride], self.per_second / stride)


def find_voices(windows: Windows, speakers: int | None, options: ClusteringOptions) -> Embeddings:
    """The mean voice of every speaker, shape (speakers, dimension); at least one row.

    ``speakers`` fixes their number (fewer come back only when there are fewer windows).
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # the matrices are small: threads that wait for one another make it many times slower
        return _voices(windows, speakers, options)


def _voices(windows: Windows, speakers: int | None, options: ClusteringOptions) -> Embeddings:
    count = len(windows.short)
    if speakers == 1 or count < 2 * (1 if speakers else options.least):
        return unit(windows.short.mean(axis=0, keepdims=True))
    stride = -(-count // _MOST)
    few = windows.thinned(stride)
    labels = _given(few, speakers, stride, options) if speakers else _found(few, stride, options)
    voices = _means(few.short, labels)
    if stride == 1:
        return voices
    whole = decode(similarities(windows.short, voices), options.change_cost)
    return voices if np.unique(whole).size < len(voices) else _means(windows.short, whole)


def unit(vectors: Embeddings) -> Embeddings:
    """Each row scaled to length 1."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)


def _given(windows: Windows, speakers: int, stride: int, options: ClusteringOptions) -> Labels:
    """``speakers`` groups; left as they were cut when sharpening would dissolve one."""
    groups = min(speakers, len(windows.short) - 1)
    labels = _cut(_spectrum(windows.long, groups, options), groups)
    sharpened = _sharpened(windows.short, labels, stride, options)
    return sharpened if sharpened.max() == labels.max() else labels


def _found(windows: Windows, stride: int, options: ClusteringOptions) -> Labels:
    """The finest believable cut; all zeros where there is none."""
    labels = np.zeros(len(windows.short), np.int64)
    most = min(MAX_SPEAKERS, len(windows.short) // options.least)
    spectrum = _spectrum(windows.long, most, options)
    for groups in range(2, most + 1):
        cut = _sharpened(windows.short, _cut(spectrum, groups), stride, options)
        if cut.max() > labels.max() and _highest_likeness(windows, cut) < options.alike:
            labels = cut
    return labels


def _spectrum(embeddings: Embeddings, count: int, options: ClusteringOptions) -> Embeddings:
    """The ``count`` leading eigenvectors of the nearest-neighbour graph's normalised affinity, best last, as columns
    (Ng, Jordan, Weiss 2001).
    """
    from scipy.linalg import eigh

    centred = unit(embeddings - options.centring * embeddings.mean(axis=0))
    similarity = centred @ centred.T
    nearest = min(len(centred), max(3, int(options.neighbours * len(centred))))
    chosen = np.argpartition(-similarity, nearest - 1, axis=1)[:, :nearest]
    graph = np.zeros(similarity.shape, np.float64)
    np.put_along_axis(graph, chosen, 1.0, axis=1)
    graph = (graph + graph.T) / 2
    degree = 1 / np.sqrt(graph.sum(axis=1))
    size = len(graph)
    _, vectors = eigh(graph * degree[:, None] * degree, subset_by_index=[size - count, size - 1])
    return np.asarray(vectors, np.float32)


def _cut(spectrum: Embeddings, groups: int) -> Labels:
    from sklearn.cluster import KMeans

    leading = unit(spectrum[:, -groups:])
    return _numbered(KMeans(groups, n_init=3, random_state=0).fit_predict(leading))


def _sharpened(embeddings: Embeddings, labels: Labels, stride: int, options: ClusteringOptions) -> Labels:
    """Means and decoding in turn (hard expectation-maximisation); groups that become too small dissolve."""
    for _ in range(_ROUNDS):
        sizes = np.bincount(labels)
        kept = np.flatnonzero(sizes >= min(options.least, sizes.max()))
        means = unit(np.stack([embeddings[labels == group].mean(axis=0) for group in kept]))
        decoded = _numbered(decode(similarities(embeddings, means), options.change_cost / stride))
        if np.array_equal(decoded, labels):
            break
        labels = decoded
    return labels


def _highest_likeness(windows: Windows, labels: Labels) -> float:
    """Of the two groups that are most alike: the cosine of their mean voices, raised by how few windows they have.

    The mean of ``n`` independent windows (one a second) carries its speaker's voice with an energy of ``s + (1-s)/n``
    for ``s`` = _STEADY, and the cosine of two such means of one speaker is expected at ``s`` over the root of both.
    """
    inner = _away_from_changes(labels)
    means = _means(windows.long, labels, inner).astype(np.float64)
    seconds = np.maximum(np.bincount(labels) / windows.per_second, 1.0)
    certainty = np.sqrt(_STEADY + (1 - _STEADY) / seconds)
    likeness = means @ means.T * np.outer(certainty, certainty) / _STEADY
    return float(likeness[~np.eye(len(means), dtype=bool)].max())


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


def _means(embeddings: Embeddings, labels: Labels, inner: npt.NDArray[np.bool_] | None = None) -> Embeddings:
    """The mean voice of every group, of unit length, away from changes of speaker."""
    inner = _away_from_changes(labels) if inner is None else inner
    groups = range(int(labels.max()) + 1)
    return unit(np.stack([embeddings[inner & (labels == group)].mean(axis=0) for group in groups]))


def _numbered(labels: npt.NDArray[np.integer]) -> Labels:
    """The same grouping with labels 0, 1, … without holes."""
    return np.asarray(np.unique(labels, return_inverse=True)[1], np.int64)
