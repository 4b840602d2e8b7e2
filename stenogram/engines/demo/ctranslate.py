"""A small openai-whisper checkpoint as a CTranslate2 folder for faster-whisper, made offline, without transformers."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

_LANGUAGES = 99  # of the multilingual vocabulary before large-v3


def convert(checkpoint: Mapping[str, Any], folder: Path) -> None:
    """Write ``model.bin``, ``config.json``, ``vocabulary.json`` and ``tokenizer.json`` into ``folder``."""
    from ctranslate2.specs import WhisperSpec  # type: ignore[import-untyped]  # it has no stubs
    from whisper.tokenizer import get_tokenizer

    dims = checkpoint["dims"]
    spec = WhisperSpec(dims["n_audio_layer"], dims["n_audio_head"], dims["n_text_layer"], dims["n_text_head"])
    weights = {name: value.float().numpy() for name, value in checkpoint["model_state_dict"].items()}
    _fill_encoder(spec.encoder, weights)
    _fill_decoder(spec.decoder, weights)
    tokenizer = _tokenizer()
    spec.register_vocabulary([tokenizer.id_to_token(number) for number in range(dims["n_vocab"])])
    spec.config.lang_ids = list(get_tokenizer(multilingual=True, num_languages=_LANGUAGES).all_language_tokens)
    spec.config.suppress_ids = spec.config.suppress_ids_begin = []
    later = range(dims["n_text_layer"] // 2, dims["n_text_layer"])  # as openai-whisper does by default
    spec.config.alignment_heads = [[layer, head] for layer in later for head in range(dims["n_text_head"])]
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    tokenizer.save(str(folder / "tokenizer.json"))


# --- weights; names on the left are CTranslate2's, on the right openai-whisper's ---


def _fill_encoder(spec: Any, weights: Mapping[str, Any]) -> None:
    _fill_linear(spec.conv1, weights, "encoder.conv1")
    _fill_linear(spec.conv2, weights, "encoder.conv2")
    spec.position_encodings.encodings = weights["encoder.positional_embedding"]
    _fill_norm(spec.layer_norm, weights, "encoder.ln_post")
    for number, layer in enumerate(spec.layer):
        _fill_block(layer, weights, f"encoder.blocks.{number}")


def _fill_decoder(spec: Any, weights: Mapping[str, Any]) -> None:
    spec.embeddings.weight = weights["decoder.token_embedding.weight"]
    spec.projection.weight = weights["decoder.token_embedding.weight"]
    spec.position_encodings.encodings = weights["decoder.positional_embedding"]
    _fill_norm(spec.layer_norm, weights, "decoder.ln")
    for number, layer in enumerate(spec.layer):
        name = f"decoder.blocks.{number}"
        _fill_block(layer, weights, name)
        _fill_norm(layer.attention.layer_norm, weights, f"{name}.cross_attn_ln")
        _fill_linear(layer.attention.linear[0], weights, f"{name}.cross_attn.query")
        _fill_fused(layer.attention.linear[1], weights, (f"{name}.cross_attn.{part}" for part in ("key", "value")))
        _fill_linear(layer.attention.linear[2], weights, f"{name}.cross_attn.out")


def _fill_block(spec: Any, weights: Mapping[str, Any], name: str) -> None:
    _fill_norm(spec.self_attention.layer_norm, weights, f"{name}.attn_ln")
    _fill_fused(spec.self_attention.linear[0], weights, (f"{name}.attn.{part}" for part in ("query", "key", "value")))
    _fill_linear(spec.self_attention.linear[1], weights, f"{name}.attn.out")
    _fill_norm(spec.ffn.layer_norm, weights, f"{name}.mlp_ln")
    _fill_linear(spec.ffn.linear_0, weights, f"{name}.mlp.0")
    _fill_linear(spec.ffn.linear_1, weights, f"{name}.mlp.2")


def _fill_linear(spec: Any, weights: Mapping[str, Any], name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _fill_fused(spec: Any, weights: Mapping[str, Any], names: Iterable[str]) -> None:
    """Several projections of one input as one; Whisper's keys have no bias."""
    import numpy as np

    matrices, biases = [], []
    for name in names:
        matrices.append(weights[f"{name}.weight"])
        biases.append(weights.get(f"{name}.bias", np.zeros(len(matrices[-1]), np.float32)))
    spec.weight, spec.bias = np.concatenate(matrices), np.concatenate(biases)


def _fill_norm(spec: Any, weights: Mapping[str, Any], name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


# --- tokenizer: openai-whisper's ranks as byte-level BPE ---


def _tokenizer() -> Any:
    """The multilingual vocabulary as a ``tokenizers.Tokenizer`` with the same ids."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from whisper.tokenizer import get_encoding

    encoding = get_encoding("multilingual", num_languages=_LANGUAGES)
    ranks: dict[bytes, int] = encoding._mergeable_ranks  # tiktoken has no public way to them
    letters = _letters()
    spelled = {token: "".join(letters[byte] for byte in token) for token in ranks}
    by_rank = sorted(ranks.items(), key=lambda item: item[1])
    merges = [parts for token, rank in by_rank if len(parts := _parts(ranks, token, rank)) == 2]
    tokenizer = Tokenizer(
        models.BPE({spelled[token]: rank for token, rank in by_rank}, [(spelled[a], spelled[b]) for a, b in merges])
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    for name, _ in sorted(encoding._special_tokens.items(), key=lambda item: item[1]):
        token = AddedToken(name, special=not _is_timestamp(name), normalized=False)
        (tokenizer.add_tokens if _is_timestamp(name) else tokenizer.add_special_tokens)([token])
    return tokenizer


def _is_timestamp(token: str) -> bool:
    return token.removeprefix("<|").removesuffix("|>").replace(".", "").isdigit()


def _letters() -> dict[int, str]:
    """GPT-2's printable stand-in for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(rest)}


def _parts(ranks: Mapping[bytes, int], token: bytes, limit: int) -> list[bytes]:
    """``token`` as byte pair encoding builds it with the merges before rank ``limit``: its last merge is of two."""
    parts = [token[index : index + 1] for index in range(len(token))]
    while len(parts) > 1:
        pairs = [(ranks.get(left + right, limit), index) for index, (left, right) in enumerate(pairwise(parts))]
        rank, index = min(pairs)
        if rank >= limit:
            break
        parts[index : index + 2] = [parts[index] + parts[index + 1]]
    return parts
