"""Resemblyzer's speaker encoder (GE2E, Wan et al. 2018) over many windows at once.

Its own path embeds one utterance after another and cuts silence by webrtcvad; here the mel spectrogram of a block is
computed once and windows are cut from it in batches.
"""

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from stenogram.errors import EngineError
from stenogram.pipeline.ports import SAMPLE_RATE, Samples

MEL_SECONDS = 0.01  # between frames of the spectrogram
_FFT = 400  # samples, 25 ms, as are the hop and the mel channels the encoder was trained with
_HOP = 160
_MELS = 40
_BATCH = 128  # windows; more is no faster on a CPU and only takes memory
_LEVEL = -22.0  # dBFS; see VoiceEncoder

Embeddings = npt.NDArray[np.float32]  # of unit length, shape (windows, 256)


class VoiceEncoder:
    """Loads the weights of the resemblyzer wheel on first use. Raises EngineError.

    The encoder sees power, not its logarithm, so that its answer depends on loudness: every window is brought to one
    level of its own, or a distant speaker would be told from a near one by nothing but the distance. Which level
    matters little from -25 to -20 dBFS (docs/diarization.md).
    """

    def __init__(self, device: str = "cpu") -> None:
        self._device = device
        self._network: Any = None
        self._filters: Any = None

    def embed(self, samples: Samples, centres: npt.NDArray[np.float64], seconds: float) -> Embeddings:
        """One embedding per centre (seconds from the start of ``samples``) of the window ``seconds`` long around it."""
        import torch

        self._load()
        try:
            with torch.inference_mode():
                return self._windows(self._spectrogram(samples), _powers(samples), centres, seconds)
        except (RuntimeError, torch.OutOfMemoryError) as error:
            raise EngineError("engine.failed", repr(error), engine="embedded") from error

    def _windows(
        self, mels: Any, powers: npt.NDArray[np.float32], centres: npt.NDArray[np.float64], seconds: float
    ) -> Embeddings:
        import torch

        length = round(seconds / MEL_SECONDS)
        padded = torch.nn.functional.pad(mels, (0, 0, length // 2, length))
        starts = np.clip(np.rint(centres / MEL_SECONDS), 0, len(mels) - 1).astype(np.int64)
        gains = np.asarray(10 ** (_LEVEL / 10) / _window_means(powers, starts, length), np.float32)
        every = torch.arange(length)
        parts: list[Embeddings] = []
        for begin in range(0, len(starts), _BATCH):
            batch = torch.from_numpy(starts[begin : begin + _BATCH])
            gain = torch.from_numpy(gains[begin : begin + _BATCH])[:, None, None]
            parts.append(self._network((padded[batch[:, None] + every] * gain).to(self._device)).cpu().numpy())
        return np.concatenate(parts) if parts else np.zeros((0, 256), np.float32)

    def _spectrogram(self, samples: Samples) -> Any:
        """Power mel spectrogram (not its logarithm), shape (frames, 40), as librosa would give it."""
        import torch

        signal = torch.from_numpy(np.array(samples, np.float32))
        window = torch.hann_window(_FFT)
        spectrum = torch.stft(signal, _FFT, _HOP, window=window, pad_mode="constant", return_complex=True)
        return (self._filters @ spectrum.abs().square()).T

    def _load(self) -> None:
        if self._network is not None:
            return
        with warnings.catch_warnings():  # the wheel imports modules that are deprecated elsewhere
            warnings.simplefilter("ignore")
            import librosa
            import resemblyzer
            import torch

            network = resemblyzer.VoiceEncoder(self._device, verbose=False)
        self._network = network.eval()
        self._filters = torch.from_numpy(librosa.filters.mel(sr=SAMPLE_RATE, n_fft=_FFT, n_mels=_MELS))


def _powers(samples: Samples) -> npt.NDArray[np.float32]:
    """Mean square of every hop, one more than whole hops fit, as the spectrogram has frames."""
    whole = np.pad(samples, (0, _HOP - samples.size % _HOP)).reshape(-1, _HOP)
    return np.asarray(np.mean(np.square(whole), axis=1), np.float32)


def _window_means(
    powers: npt.NDArray[np.float32], starts: npt.NDArray[np.int64], length: int
) -> npt.NDArray[np.float32]:
    """Mean power of the windows ``length`` frames long whose middles are at ``starts``; never zero."""
    padded = np.pad(powers, (length // 2, length))
    sums = np.concatenate([[0.0], np.cumsum(padded, dtype=np.float64)])
    return np.asarray(np.maximum((sums[starts + length] - sums[starts]) / length, 1e-10), np.float32)
