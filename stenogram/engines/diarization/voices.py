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
LEVEL = -30.0  # dBFS that the encoder was trained at

Embeddings = npt.NDArray[np.float32]  # of unit length, shape (windows, 256)


class VoiceEncoder:
    """Loads the weights of the resemblyzer wheel on first use. Raises EngineError."""

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
                mels = self._spectrogram(samples)
                return self._windows(mels, centres, seconds)
        except (RuntimeError, torch.OutOfMemoryError) as error:
            raise EngineError("engine.failed", repr(error), engine="embedded") from error

    def _windows(self, mels: Any, centres: npt.NDArray[np.float64], seconds: float) -> Embeddings:
        import torch

        length = round(seconds / MEL_SECONDS)
        padded = torch.nn.functional.pad(mels, (0, 0, length // 2, length))
        starts = torch.from_numpy(np.clip(np.rint(centres / MEL_SECONDS), 0, len(mels) - 1).astype(np.int64))
        every = torch.arange(length)
        parts = [
            self._network(padded[batch[:, None] + every].to(self._device)).cpu().numpy()
            for batch in torch.split(starts, _BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, 256), np.float32)

    def _spectrogram(self, samples: Samples) -> Any:
        """Power mel spectrogram (not its logarithm), shape (frames, 40), as librosa would give it."""
        import torch

        signal = torch.from_numpy(np.ascontiguousarray(samples, np.float32))
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
