"""The disk under the blob store: full, read-only, not there; and objects that were damaged on it."""

import base64
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import httpx
import pytest

from stenogram.errors import StorageError
from stenogram.pipeline.stage import STAGES, Stage
from stenogram.services.uploads import PIECE_BYTES
from stenogram.storage.blobs import LocalStore
from tests.api_server import Server, serving
from tests.bed import CALM, Bed, make_bed
from tests.faults.conftest import Ledger
from tests.faults.infra.front import upload
from tests.faults.invariants import check
from tests.faults.scene import cells
from tests.servers import Servers

pytestmark = pytest.mark.xdist_group("faults-infra")
DISK_BYTES = 16 << 20
TUS = {"Tus-Resumable": "1.0.0"}
PATCH = {**TUS, "Content-Type": "application/offset+octet-stream"}


class Disk:
    """A small file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    @contextmanager
    def full(self, leave: int = 0) -> Iterator[None]:
        """No room but for ``leave`` bytes."""
        with self._ballast.open("wb", buffering=0) as file:
            try:
                while file.write(b"\0" * (64 << 10)):
                    pass
            except OSError:
                file.truncate(max(0, file.tell() - leave))
        try:
            yield
        finally:
            self._ballast.unlink()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        self._mount("-o", "remount,ro")
        try:
            yield
        finally:
            self._mount("-o", "remount,rw")

    def mount(self) -> None:
        self.folder.mkdir(parents=True)
        self._mount("-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0700", "tmpfs")

    def unmount(self) -> None:
        subprocess.run(["umount", "--lazy", self.folder], check=True)

    def _mount(self, *arguments: str) -> None:
        made = subprocess.run(["mount", *arguments, self.folder], capture_output=True, text=True, check=False)
        if made.returncode:
            pytest.skip(f"a disk cannot be mounted here: {made.stderr.strip()}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "data" / "blobs")
    made.mount()
    yield made
    made.unmount()


@pytest.fixture
def bed(servers: Servers, disk: Disk, tmp_path: Path) -> Iterator[Bed]:
    with make_bed(servers, tmp_path, {**CALM, "SECRET_KEY": "s" * 40, "MAX_UPLOAD_MB": "20"}) as made:
        yield made


@pytest.fixture
def calm(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    with make_bed(servers, tmp_path, CALM) as made:
        yield made


@pytest.fixture
def api(bed: Bed) -> Iterator[Server]:
    with serving(bed.environment, bed.folder) as made:
        yield made


def test_an_upload_onto_a_full_disk(bed: Bed, disk: Disk, api: Server, ledger: Ledger) -> None:
    with ledger.row("disk full at upload", 2), api.client() as client:
        body = os.urandom(PIECE_BYTES + 500_000)
        name = base64.b64encode(b"talk.ogg").decode()
        announced = {**TUS, "Upload-Length": str(len(body)), "Upload-Metadata": f"filename {name}"}
        address = api.url + client.post("/uploads/", headers=announced).headers["location"]

        def send(offset: int) -> httpx.Response:
            return client.patch(address, content=body[offset:], headers={**PATCH, "Upload-Offset": str(offset)})

        with disk.full(leave=PIECE_BYTES + (300 << 10)):
            answers = [upload(api, phrases=50), send(0)]
            assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(507, "storage.full")] * 2
            assert client.get("/recordings").json()["items"] == []
            assert client.head(address, headers=TUS).headers["upload-offset"] == str(PIECE_BYTES)
            assert bed.objects() - {"ballast"} == set(bed.keys().values())  # nothing of what was refused is kept

        recording = send(PIECE_BYTES).headers["stenogram-recording-id"]
        assert client.get(f"/recordings/{recording}/media").content == body
        assert upload(api).status_code == 201


@pytest.mark.parametrize(
    ("fault", "stage"), cells(list(product(("full", "read-only"), STAGES)), [("full", Stage.TRANSCRIBE)])
)
def test_a_disk_that_takes_nothing(bed: Bed, disk: Disk, ledger: Ledger, fault: str, stage: Stage) -> None:
    with ledger.row(f"disk {fault} at artifact write", 2):
        code, broken = ("storage.full", disk.full) if fault == "full" else ("storage.unavailable", disk.read_only)
        healed, given_up = bed.start(bed.record(8)), bed.start(bed.record(8))
        for run_id in (healed, given_up):
            bed.work(run_id, until=stage)
        before = bed.keys()

        with broken():
            bed.run(healed, stage)
            assert (bed.row(healed, stage).state, bed.row(healed, stage).error_code) == ("queued", code)
            for _ in range(3):
                bed.later()
                bed.run(given_up, stage)
            assert (bed.row(given_up, stage).state, bed.row(given_up, stage).error_code) == ("dead", code)
            assert bed.keys() == before
        bed.work(healed)
        bed.work(given_up)
        assert bed.record_dead_letter(given_up, stage)
        bed.replay(bed.dead_letters()[0].id)
        bed.work(given_up)

        deliver(bed)
        check(bed, [healed, given_up], killed=fault == "read-only")  # what was half written could not be removed


def deliver(bed: Bed) -> None:
    """As if workers had taken every message, and found the work done."""
    bed.relay()
    with bed.redis() as client:
        for name in client.scan_iter(_type="list"):
            client.delete(name)


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def remove(path: Path) -> None:
    path.unlink()


DAMAGES: list[Callable[[Path], None]] = [truncate, flip, remove]
ENDS = {
    "source": (Stage.PREPROCESS, "dead"),
    "audio.pcm": (Stage.TRANSCRIBE, "dead"),
    "preprocess.json": (Stage.TRANSCRIBE, "dead"),
    "transcribe.json": (Stage.DIARIZE, "done_with_warnings"),
}
"""Which stage reads the file, and how a run ends for which it cannot be read."""


def object_of(bed: Bed, key: str) -> Path:
    name = bed.keys()[key]
    return bed.settings.server.data_dir / "blobs" / name[:2] / name


@pytest.mark.parametrize(("key", "damage"), cells(list(product(ENDS, DAMAGES)), [("audio.pcm", flip)]))
def test_a_damaged_file(calm: Bed, ledger: Ledger, key: str, damage: Callable[[Path], None]) -> None:
    """Its reader fails clearly and at once; what is whole is worked on anew from where it is whole."""
    with ledger.row("artifact damaged", 1):
        stage, end = ENDS[key]
        recording = calm.record(8)
        run_id = calm.start(recording)
        calm.work(run_id, until=stage)
        whole = f"recordings/{recording}/{key}" if key == "source" else f"runs/{run_id}/{key}"

        path = object_of(calm, whole)
        before = path.read_bytes()
        damage(path)

        with pytest.raises(StorageError, match=r"storage\.corrupt"):
            calm.read(whole)
        assert calm.work(run_id).state == end
        assert (calm.row(run_id, stage).attempts, calm.row(run_id, stage).error_code) == (1, "storage.corrupt")
        assert calm.record_dead_letter(run_id, stage)
        if key == "source":
            path.write_bytes(before)  # nobody else has it: it comes back from a backup, and the dead letter is replayed
            calm.replay(calm.dead_letters()[0].id)
            again = run_id
        else:
            again = calm.rerun(run_id, Stage.PREPROCESS if end == "dead" else Stage.TRANSCRIBE)
        assert calm.work(again).state == "done"
        deliver(calm)
        if key == "source":
            check(calm, [run_id])
        assert calm.phrases(again) == 8


@pytest.mark.parametrize("damage", cells([(damage,) for damage in DAMAGES], [(truncate,)]))
def test_what_can_be_made_again_is(calm: Bed, ledger: Ledger, damage: Callable[[Path], None]) -> None:
    with ledger.row("artifact damaged", 2):
        calm.script.tell("transcribe", errors=("", "", "engine.failed"))
        run_id = calm.start()
        calm.work(run_id, until=Stage.TRANSCRIBE)
        calm.run(run_id, Stage.TRANSCRIBE)
        windows = list(calm.keys(f"runs/{run_id}/windows/"))
        assert len(windows) == 2
        damage(object_of(calm, windows[0]))

        assert calm.work(run_id).state == "done"
        assert len(calm.script.calls("transcribe")) == 3 + 3  # of the four windows one is kept
        assert calm.phrases(run_id) == 4

        prepared = calm.export(run_id)
        damage(object_of(calm, f"runs/{run_id}/exports/txt"))
        assert calm.export(run_id) == prepared


def test_a_disk_that_is_not_there_destroys_nothing(tmp_path: Path) -> None:
    """An empty folder where the disk was to be mounted: wait for it, instead of giving every run up."""
    used = LocalStore(tmp_path / "blobs")
    used.put("ab12", iter([b"sealed"]))
    with pytest.raises(StorageError, match=r"storage\.corrupt"):
        used.read("cd34", 0, 1)
    (tmp_path / "empty").mkdir()
    for absent in (tmp_path / "empty", tmp_path / "none"):
        with pytest.raises(StorageError, match=r"storage\.unavailable"):
            LocalStore(absent).read("ab12", 0, 1)
