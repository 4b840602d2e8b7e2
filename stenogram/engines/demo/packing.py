"""A Whisper checkpoint packed to what was trained: of the vocabulary only the rows that are not zero."""

import json
from pathlib import Path
from typing import Any

FORMAT = "whisper-packed-1"
_EMBEDDING = "decoder.token_embedding"
_POSITIONS = "encoder.positional_embedding"  # sinusoids, computed anew


def pack(checkpoint: Path, packed: Path) -> None:
    """Write the safetensors form of an openai-whisper ``.pt`` file."""
    import torch
    from safetensors.torch import save_file

    loaded = torch.load(checkpoint, map_location="cpu", weights_only=True)
    tensors = {name: value.contiguous() for name, value in loaded["model_state_dict"].items() if name != _POSITIONS}
    embedding = tensors.pop(f"{_EMBEDDING}.weight")  # (vocabulary, width)
    ids = (embedding.abs().sum(1) > 0).nonzero().squeeze(1)
    tensors |= {f"{_EMBEDDING}.rows": embedding[ids].contiguous(), f"{_EMBEDDING}.ids": ids.int()}
    save_file(tensors, packed, metadata={"format": FORMAT, "dims": json.dumps(loaded["dims"])})


def unpack(packed: Path) -> dict[str, Any]:
    """What ``whisper.load_model`` reads from a ``.pt`` file: ``dims`` and ``model_state_dict``."""
    import torch
    from safetensors import safe_open
    from whisper.model import sinusoids

    with safe_open(packed, "pt") as file:
        metadata = file.metadata()
        if metadata.get("format") != FORMAT:
            raise ValueError(f"{packed.name} is not in the format {FORMAT}")
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
    dims = json.loads(metadata["dims"])
    rows, ids = tensors.pop(f"{_EMBEDDING}.rows"), tensors.pop(f"{_EMBEDDING}.ids").long()
    embedding = torch.zeros(dims["n_vocab"], dims["n_text_state"], dtype=rows.dtype)
    embedding[ids] = rows
    tensors[f"{_EMBEDDING}.weight"] = embedding
    tensors[_POSITIONS] = sinusoids(dims["n_audio_ctx"], dims["n_audio_state"])
    return {"dims": dims, "model_state_dict": tensors}
