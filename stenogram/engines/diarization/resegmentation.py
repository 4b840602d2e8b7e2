"""Which of the known voices speaks in every frame: a hidden Markov model that is reluctant to change the speaker."""

import numpy as np
import numpy.typing as npt

from stenogram.engines.diarization.voices import Embeddings

SHARPNESS = 8.0  # log-likelihood per unit of cosine similarity; decoding hardly depends on it (2..20)
Scores = npt.NDArray[np.float64]  # log-likelihoods, shape (frames, speakers)
Labels = npt.NDArray[np.int64]  # index of the speaker, shape (frames,)


def decode(scores: Scores, change_cost: float) -> Labels:
    """Viterbi: the speakers with the largest summed score, every change of speaker costing ``change_cost``."""
    frames, speakers = scores.shape
    if frames == 0 or speakers == 1:
        return np.zeros(frames, np.int64)
    stay = np.arange(speakers)
    came_from = np.empty((frames, speakers), np.int16)
    best = scores[0].astype(np.float64)
    for frame in range(1, frames):
        leader = int(best.argmax())
        changed = best[leader] - change_cost
        switch = changed > best
        came_from[frame] = np.where(switch, leader, stay)
        best = np.where(switch, changed, best) + scores[frame]
    labels = np.empty(frames, np.int64)
    labels[-1] = best.argmax()
    for frame in range(frames - 1, 0, -1):
        labels[frame - 1] = came_from[frame, labels[frame]]
    return labels


def similarities(embeddings: Embeddings, voices: Embeddings) -> Scores:
    """Scaled cosine similarity of every window to every voice, shape (windows, speakers)."""
    return np.asarray(embeddings @ voices.T, np.float64) * SHARPNESS


def interpolated(scores: Scores, centres: npt.NDArray[np.float64], times: npt.NDArray[np.float64]) -> Scores:
    """Window scores at ``times``, linear between the windows' ``centres`` (both ascending seconds)."""
    columns = [np.interp(times, centres, scores[:, speaker]) for speaker in range(scores.shape[1])]
    return np.stack(columns, axis=1)


def posteriors(scores: Scores) -> Scores:
    """Softmax over the speakers."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), np.float64)
