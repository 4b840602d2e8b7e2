"""A pyannote pipeline as one finds it after a download, but small and with random weights.

The classes are the real ones; what they answer means nothing. Everything that the two published pipelines differ in
here is the clustering.
"""

import json
import warnings
from pathlib import Path
from typing import Any, Literal

import numpy as np

Clustering = Literal["VBxClustering", "AgglomerativeClustering"]  # of community-1 and of 3.1

_PARAMETERS: dict[Clustering, dict[str, Any]] = {
    "VBxClustering": {"threshold": 0.6, "Fa": 0.07, "Fb": 0.8},
    "AgglomerativeClustering": {"method": "centroid", "min_cluster_size": 2, "threshold": 0.7},
}
_DIMENSION = 32  # of the speaker embeddings
_WINDOW = 5.0  # seconds that the segmentation sees at once; the published ones see 10


def build(folder: Path, clustering: Clustering) -> Path:
    """``config.yaml`` (JSON is YAML), two checkpoints and a PLDA model, all under ``folder``."""
    import torch

    torch.manual_seed(1)
    with warnings.catch_warnings():  # advice to the library's developers
        warnings.simplefilter("ignore")
        _save(_segmentation(), folder / "segmentation")
        _save(_embedding(), folder / "embedding")
    _save_plda(folder / "plda")
    (folder / "config.yaml").write_text(json.dumps(_config(clustering)))
    return folder


def _config(clustering: Clustering) -> dict[str, Any]:
    return {
        "pipeline": {
            "name": "pyannote.audio.pipelines.SpeakerDiarization",
            "params": {
                "clustering": clustering,
                "segmentation": "$model/segmentation",
                "embedding": "$model/embedding",
                "plda": "$model/plda",
                "embedding_exclude_overlap": True,
                "segmentation_step": 0.5,
            },
        },
        "params": {"clustering": _PARAMETERS[clustering], "segmentation": {"min_duration_off": 0.0}},
    }


def _segmentation() -> Any:
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.segmentation import PyanNet

    network = PyanNet(
        lstm={"hidden_size": 8, "num_layers": 1, "bidirectional": True, "monolithic": True},
        linear={"hidden_size": 8, "num_layers": 1},
    )
    network.specifications = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION,
        resolution=Resolution.FRAME,
        duration=_WINDOW,
        classes=["speaker#1", "speaker#2", "speaker#3"],
        powerset_max_classes=2,
        permutation_invariant=True,
    )
    return network


def _embedding() -> Any:
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.embedding import XVectorMFCC

    network = XVectorMFCC(dimension=_DIMENSION)
    network.specifications = Specifications(
        problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=_WINDOW, classes=[]
    )
    return network


def _save(network: Any, folder: Path) -> None:
    """As lightning saves it, without a trainer."""
    import lightning
    import torch

    network.build()
    checkpoint = {
        "state_dict": network.state_dict(),
        "hyper_parameters": dict(network.hparams),
        "pytorch-lightning_version": lightning.__version__,
    }
    network.on_save_checkpoint(checkpoint)
    folder.mkdir(parents=True)
    torch.save(checkpoint, folder / "pytorch_model.bin")


def _save_plda(folder: Path) -> None:
    random = np.random.default_rng(1)
    half = _DIMENSION // 2
    folder.mkdir(parents=True)
    np.savez(
        folder / "xvec_transform.npz",
        mean1=np.zeros(_DIMENSION),
        mean2=np.zeros(half),
        lda=random.standard_normal((_DIMENSION, half)),
    )
    np.savez(folder / "plda.npz", mu=np.zeros(half), tr=np.eye(half), psi=np.linspace(3.0, 0.5, half))
