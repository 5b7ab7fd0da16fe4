"""ONNX, safetensors and the notebook: read by their own libraries, they give what the network gives."""

import json
import os
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mnistviz.assets import asset
from mnistviz.command_line import main
from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.exports.network_formats import FORMATS, SUFFIXES, write_network
from mnistviz.engine.functions import ACTIVATIONS, COSTS
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import save_network
from tests.examples import one_quick

ABOUT = {"data": {"name": "MNIST", "checksum": "x"}, "step": 12, "right": {"test": (9061, 10_000)}}
NETWORKS = [
    Network(sizes, seed, activation=activation, output=output, cost=cost, initial_weights="scaled")
    for seed, (sizes, activation, (output, cost)) in enumerate(
        islice(
            zip(
                cycle(((784, 10), (784, 30, 10), (784, 20, 15, 12, 10), (784, 7, 3))),
                cycle(ACTIVATIONS),
                cycle(COSTS),
                strict=False,
            ),
            max(len(ACTIVATIONS), len(COSTS)),
        )
    )
]


def named(network: Network) -> str:
    return f"{'-'.join(map(str, network.sizes))} {network.activation} {network.output}"


def written(network: Network, path: Path) -> Path:
    write_network(network, path, ABOUT)
    return path


@pytest.fixture
def pixels(mnist: Digits) -> NDArray[np.float32]:
    return grey_values(mnist.test.images)


@pytest.mark.parametrize("network", NETWORKS, ids=named)
def test_onnxruntime_agrees(network: Network, tmp_path: Path, pixels: NDArray[np.float32]) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx has no wheel for this Python")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime has no wheel for this Python")
    path = written(network, tmp_path / "network.onnx")
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert json.loads(model.metadata_props[0].value)["step"] == 12
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_inputs()] == ["pixels"]
    (outputs,) = session.run(["activations"], {"pixels": pixels})
    ours = network.feedforward(pixels)
    np.testing.assert_allclose(outputs, ours, atol=2e-5)
    assert np.count_nonzero(outputs.argmax(axis=1) != ours.argmax(axis=1)) <= 2  # of 10,000, in ties


@pytest.mark.parametrize("network", NETWORKS, ids=named)
def test_safetensors_gives_the_same_weights_with_keys_of_pytorch(network: Network, tmp_path: Path) -> None:
    path = written(network, tmp_path / "network.safetensors")
    assert int.from_bytes(path.read_bytes()[:8], "little") % 8 == 0, (
        "numbers begin where a machine reads them at once"
    )
    library = pytest.importorskip("safetensors", reason="safetensors has no wheel for this Python")
    with library.safe_open(path, framework="np") as file:
        keys = [f"{2 * layer}.{name}" for layer in range(len(network.weights)) for name in ("weight", "bias")]
        assert sorted(file.keys()) == sorted(keys)
        for layer, (w, b) in enumerate(zip(network.weights, network.biases, strict=True)):
            assert np.array_equal(file.get_tensor(f"{2 * layer}.weight"), w)
            assert np.array_equal(file.get_tensor(f"{2 * layer}.bias"), b)
        told = json.loads(file.metadata()["mnistviz"])
        assert told["activation"] == network.activation
        assert told["about"]["step"] == 12


def cells(path: Path, *tags: str) -> list[str]:
    """The code of the notebook that needs these libraries."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return [
        "".join(cell["source"])
        for cell in found["cells"]
        if set(cell["metadata"].get("tags", ())) & set(tags)
    ]


@one_quick("network", [network for network in NETWORKS if network.sizes[-1] == 10], ids=named)
def test_the_notebook_reads_mnist_with_the_same_result(
    network: Network,
    tmp_path: Path,
    mnist: Digits,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = written(network, tmp_path / "network.ipynb")
    monkeypatch.chdir(asset("mnist"))
    names: dict[str, Any] = {}
    for cell in cells(path, "numpy"):
        exec(compile(cell, str(path), "exec"), names)
    assert np.array_equal(names["weights"][0], network.weights[0])
    outputs = names["feedforward"](names["pixels"])
    np.testing.assert_allclose(outputs, network.feedforward(grey_values(mnist.test.images)), atol=2e-5)
    assert np.count_nonzero(names["predictions"] != network.predictions(mnist.test.images)) <= 2
    assert f"{(names['predictions'] == mnist.test.labels).sum()} of 10000" in capsys.readouterr().out


def test_the_notebook_loads_the_network_in_ten_lines_and_knows_what_each_cell_needs(tmp_path: Path) -> None:
    network = Network((784, 20, 15, 12, 10), activation="relu", output="softmax", cost="cross_entropy")
    path = written(network, tmp_path / "network.ipynb")
    load, hidden = (
        cells(path, "numpy")[1],
        [each["metadata"].get("jupyter") for each in json.loads(path.read_text())["cells"]],
    )
    assert [each for each in hidden if each] == [{"source_hidden": True}]
    assert len([line for line in load.splitlines() if line]) <= 10
    (torch,) = cells(path, "torch")
    assert torch.count("torch.nn.Linear(") == 4
    assert "Softmax(dim=1)" in torch
    (units,) = cells(path, "matplotlib")
    for cell in (torch, units):
        compile(cell, "cell", "exec")


def test_a_name_in_the_story_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "network.ipynb"
    write_network(NETWORKS[1], path, {**ABOUT, "data": {"name": "<b>*x*</b>"}})
    story = "".join(json.loads(path.read_text())["cells"][0]["source"])
    assert r"\<b\>\*x\*" in story
    assert "9,061 of 10,000" in story


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_network_that_has_run_away_is_not_written(suffix: str, tmp_path: Path) -> None:
    network = NETWORKS[1].copy()
    network.weights[0][3, 5] = np.nan
    with pytest.raises(Problem, match="network_diverged"):
        write_network(network, tmp_path / f"network{suffix}", ABOUT)
    assert not os.listdir(tmp_path)


class TestCommandLine:
    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_a_saved_network_is_written_in_each_form(self, suffix: str, tmp_path: Path) -> None:
        saved, target = tmp_path / "saved.npz", tmp_path / f"network{suffix}"
        save_network(NETWORKS[1], saved, ABOUT)
        assert main(["export", str(saved), str(target)]) == 0
        again = tmp_path / f"again{suffix}"
        write_network(NETWORKS[1], again, json.loads(json.dumps(ABOUT)))
        assert target.read_bytes() == again.read_bytes()

    def test_what_cannot_be_is_told(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        saved = tmp_path / "saved.npz"
        save_network(NETWORKS[1], saved, ABOUT)
        assert main(["export", str(saved), str(tmp_path / "network.pth")]) == 2
        assert ".onnx, .safetensors, .ipynb" in capsys.readouterr().err
        assert main(["export", str(saved), str(saved)]) == 2
        assert main(["export", str(tmp_path / "no.npz"), str(tmp_path / "network.onnx")]) == 2
        assert sorted(os.listdir(tmp_path)) == ["saved.npz"]
