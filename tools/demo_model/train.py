"""Train the demo model on a pool of synthetic speech: ``python -m tools.demo_model.train POOL OUT.pt --minutes M``.

The decoder learns Whisper's own multitask format. Two helpers are dropped at export: a CTC head on the encoder, which
makes the sound intelligible early, and a guide that holds the last layer's cross-attention to where each token sounds,
for word times are read from it. Vocabulary that is not taught stays zero; in the softmax it stands as one lump of zero
logits, so that it does not disturb the decoding later.
"""

import argparse
import math
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from whisper.audio import HOP_LENGTH, N_FFT, mel_filters
from whisper.model import ModelDimensions, Whisper

from stenogram.engines.demo.packing import unpack
from tools.demo_model.composing import TICK, TOKENIZER, Window, compose, used_tokens
from tools.demo_model.corpus import Pool

DIMS = ModelDimensions(80, 1500, 192, 3, 4, 51865, 448, 192, 3, 2)
CTC_SIGNS = " абвгдежзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyz"
CTC_WEIGHT = 0.5
DROPOUT = 0.1
MISREAD = 0.08  # share of the written tokens that the decoder is shown wrong
PREFIX = 3  # tokens that are always shown right: start, language, task
WARMUP = 100  # steps
SAVE_EVERY = 250  # steps
ZERO_PADDED = 0.7  # share of windows padded as faster-whisper does, with zeros in the spectrogram; the rest: silence


def log_mel(samples: Tensor, filters: Tensor) -> Tensor:
    """(batch, 80, frames), as in openai-whisper, but per window."""
    spectrum = torch.stft(samples, N_FFT, HOP_LENGTH, window=torch.hann_window(N_FFT), return_complex=True)
    mel = torch.clamp(filters @ (spectrum[..., :-1].abs() ** 2), min=1e-10).log10()
    return (torch.maximum(mel, mel.amax((1, 2), keepdim=True) - 8.0) + 4) / 4


class Trainer:
    """A model, its two helpers and the optimiser. ``device`` is CUDA where there is one."""

    def __init__(self, pool: Pool, init: Path | None, learning_rate: float, seed: int) -> None:
        torch.manual_seed(seed)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.pool, self.rng, self.learning_rate = pool, Random(seed), learning_rate
        self.model, self.ctc = Whisper(DIMS), nn.Linear(DIMS.n_audio_state, len(CTC_SIGNS) + 1)
        self._start_from(init)
        self.model.to(self.device).train()
        self.ctc.to(self.device)
        used = used_tokens(pool)
        self.used = torch.tensor(used, device=self.device)
        self.place = torch.full((DIMS.n_vocab,), -1, device=self.device)  # of a token among the used ones
        self.place[self.used] = torch.arange(len(used), device=self.device)
        self.filters = mel_filters("cpu", DIMS.n_mels)
        self.parameters = [*self.model.parameters(), *self.ctc.parameters()]
        self.optimizer = torch.optim.AdamW(self.parameters, learning_rate, (0.9, 0.98), weight_decay=0.01, fused=True)

    def _start_from(self, init: Path | None) -> None:
        if init is None:
            _randomize(self.model)
            return
        loaded = load_checkpoint(init)
        self.model.load_state_dict({name: value.float() for name, value in loaded["model_state_dict"].items()})
        if "ctc" in loaded:
            self.ctc.load_state_dict(loaded["ctc"])

    def step(self, length: float, count: int, share: float) -> dict[str, float]:
        """One update on ``count`` windows of ``length`` seconds, by ``share`` of the learning rate; the losses."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate * share
        windows = [compose(self.pool, self.rng, length) for _ in range(count)]
        losses = self._losses(windows, length)
        total = losses["ce"] + CTC_WEIGHT * losses["ctc"] + losses["guide"]
        self.optimizer.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]  # torch types it not
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        return {name: float(value.detach()) for name, value in losses.items()}

    def _losses(self, windows: Sequence[Window], length: float) -> dict[str, Tensor]:
        tokens, known = _padded([window.tokens for window in windows])
        tokens, known = tokens.to(self.device), known.to(self.device)
        sound = self._encoded(self._features(windows))
        logits, queries = self._decoded(self._misread(tokens[:, :-1]), sound)
        lump = logits.new_full((*logits.shape[:2], 1), math.log(DIMS.n_vocab - len(self.used)))
        error = functional.cross_entropy(
            torch.cat([logits, lump], -1).transpose(1, 2),
            self.place[tokens[:, 1:]],
            reduction="none",
            label_smoothing=0.02,
        )
        weight = known[:, 1:] / known[:, 1:].sum()
        inside = _inside([window.spans for window in windows], tokens.shape[1], sound.shape[1]).to(self.device)
        return {
            "ce": (error * weight).sum(),
            "ctc": self._ctc_loss(windows, sound),
            "guide": (self._outside(queries, sound, inside) * weight).sum(),
        }

    def _features(self, windows: Sequence[Window]) -> Tensor:
        """Spectrograms, padded as either engine does, with a random band of frequencies hidden (SpecAugment)."""
        mel = log_mel(torch.from_numpy(np.stack([window.samples for window in windows])), self.filters)
        for row, window in zip(mel, windows, strict=True):
            low, width = self.rng.randint(0, 72), self.rng.randint(0, 10)
            row[low : low + width] = row.mean()
            if self.rng.random() < ZERO_PADDED:
                row[:, round(window.filled * 100) + 1 :] = 0
        return mel.to(self.device)

    def _encoded(self, mel: Tensor) -> Tensor:
        """(batch, positions, width); the encoder's own forward insists on 30 s."""
        encoder = self.model.encoder
        with torch.autocast(self.device.type, torch.bfloat16):
            hidden = functional.gelu(encoder.conv2(functional.gelu(encoder.conv1(mel)))).permute(0, 2, 1)
            hidden = functional.dropout(hidden + encoder.positional_embedding[: hidden.shape[1]], DROPOUT)
            for block in encoder.blocks:
                hidden = block(hidden)
            encoded: Tensor = encoder.ln_post(hidden)
            return encoded

    def _misread(self, tokens: Tensor) -> Tensor:
        """``tokens`` with some replaced at random, so that the decoder trusts the sound more than what it wrote."""
        wrong = torch.rand(tokens.shape, device=self.device) < MISREAD
        wrong[:, :PREFIX] = False
        others = self.used[torch.randint(len(self.used), tokens.shape, device=self.device)]
        return torch.where(wrong, others, tokens)

    def _decoded(self, tokens: Tensor, sound: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the used tokens, and what the last cross-attention asks with."""
        decoder = self.model.decoder
        embedding = decoder.token_embedding.weight
        hidden = functional.embedding(tokens, embedding) + decoder.positional_embedding[: tokens.shape[1]]
        hidden = functional.dropout(hidden, DROPOUT)
        with torch.autocast(self.device.type, torch.bfloat16):
            for block in decoder.blocks:
                hidden = hidden + block.attn(block.attn_ln(hidden), mask=decoder.mask)[0]
                queries = block.cross_attn_ln(hidden)
                hidden = hidden + block.cross_attn(queries, sound)[0]
                hidden = hidden + block.mlp(block.mlp_ln(hidden))
            logits = functional.linear(decoder.ln(hidden), embedding[self.used])
        return logits.float(), queries

    def _ctc_loss(self, windows: Sequence[Window], sound: Tensor) -> Tensor:
        rows = [row for row, window in enumerate(windows) if window.text]
        labels = [_signs(windows[row].text) for row in rows]
        if not rows:
            return sound.new_zeros(())
        scores = functional.log_softmax(self.ctc(sound[rows].float()), -1).transpose(0, 1)
        lengths = torch.tensor([len(label) for label in labels])
        frames = torch.full((len(rows),), scores.shape[0])
        return functional.ctc_loss(scores, torch.cat(labels).to(self.device), frames, lengths, zero_infinity=True)

    def _outside(self, queries: Tensor, sound: Tensor, inside: Tensor) -> Tensor:
        """(batch, tokens): minus the log of the attention that falls into the token's span."""
        attention = self.model.decoder.blocks[-1].cross_attn
        batch, count, width = queries.shape
        heads = attention.n_head
        query = attention.query(queries.float()).view(batch, count, heads, -1)
        key = attention.key(sound.float()).view(batch, sound.shape[1], heads, -1)
        scores = torch.einsum("blhd,bthd->bhlt", query, key) / math.sqrt(width // heads)
        mass = (scores.softmax(-1) * inside[:, None]).sum(-1)
        return -mass.clamp_min(1e-5).log().mean(1)

    def save(self, path: Path) -> None:
        """An openai-whisper checkpoint in float16, untaught rows zero, and the CTC head to go on from."""
        weights = {name: value.detach().cpu().half() for name, value in self.model.state_dict().items()}
        name, used = "decoder.token_embedding.weight", self.used.cpu()
        rows = torch.zeros_like(weights[name])
        rows[used] = weights[name][used]
        weights[name] = rows
        head = {key: value.detach().cpu() for key, value in self.ctc.state_dict().items()}
        torch.save({"dims": vars(DIMS), "model_state_dict": weights, "ctc": head}, path)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """A packed checkpoint, or one that ``Trainer.save`` wrote."""
    if path.suffix == ".safetensors":
        return unpack(path)
    loaded: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return loaded


def _randomize(model: Whisper) -> None:
    nn.init.normal_(model.decoder.token_embedding.weight, std=0.05)
    nn.init.normal_(model.decoder.positional_embedding, std=0.02)
    for name, parameter in model.named_parameters():
        if parameter.dim() == 2 and "embedding" not in name:
            nn.init.xavier_uniform_(parameter)
    with torch.no_grad():  # or the positions drown the sound for the first thousands of steps
        model.encoder.conv1.weight *= 2.5
        model.encoder.conv2.weight *= 5


def _padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Tokens (rows, longest), and 1.0 where a row has one."""
    longest = max(map(len, rows))
    tokens, known = torch.full((len(rows), longest), TOKENIZER.eot), torch.zeros(len(rows), longest)
    for number, row in enumerate(rows):
        tokens[number, : len(row)] = torch.tensor(row)
        known[number, : len(row)] = 1
    return tokens, known


def _inside(spans: Sequence[Sequence[tuple[float, float]]], longest: int, positions: int) -> Tensor:
    """(batch, longest - 1, positions): whether the position lies in the span of the token that is to come."""
    bounds = torch.zeros(len(spans), longest - 1, 2)
    bounds[..., 1] = positions * TICK
    for number, row in enumerate(spans):
        bounds[number, : len(row) - 1] = torch.tensor(row[1:])
    at = torch.arange(positions) * TICK
    return (at >= bounds[..., :1]) & (at <= bounds[..., 1:])


def _signs(text: str) -> Tensor:
    return torch.tensor([CTC_SIGNS.index(sign) + 1 for sign in text.lower().replace("ё", "е") if sign in CTC_SIGNS])


def train(trainer: Trainer, out: Path, minutes: float, lengths: Sequence[float], count: int) -> None:
    """Train for ``minutes``, the learning rate falling to nothing, and write ``out`` now and then."""
    start, step, means = time.monotonic(), 0, dict[str, float]()
    while (left := 1 - (time.monotonic() - start) / 60 / minutes) > 0:
        share = min(1, (step + 1) / WARMUP) * max(0.01, min(1, left * 1.2))
        losses = trainer.step(trainer.rng.choice(lengths), count, share)
        means = {name: 0.98 * means.get(name, value) + 0.02 * value for name, value in losses.items()}
        step += 1
        if step % 50 == 0:
            figures = " ".join(f"{name} {value:.3f}" for name, value in means.items())
            print(f"{step} {time.monotonic() - start:.0f} s {figures}", flush=True)
        if step % SAVE_EVERY == 0:
            trainer.save(out)
    trainer.save(out)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the demo model on a pool of synthetic speech.")
    parser.add_argument("pool", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--init", type=Path, help="a .pt or packed checkpoint to go on from")
    parser.add_argument("--lengths", default="10,10,30", help="seconds of a window; one is drawn each step")
    parser.add_argument("--count", type=int, default=8, help="windows a step")
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    trainer = Trainer(Pool(asked.pool), asked.init, asked.learning_rate, asked.seed)
    train(trainer, asked.out, asked.minutes, [float(length) for length in asked.lengths.split(",")], asked.count)


if __name__ == "__main__":
    main()
