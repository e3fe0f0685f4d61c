# ===- tables.py - The tables of docs/Benchmarks.md ------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Measures and prints the tables of docs/Benchmarks.md.

  tables.py --build FOLDER [--update PAGE] [TABLE...]

Without TABLE all are measured. They are printed as Markdown; `--update` also
writes each between its marks in PAGE, `<!-- benchmark NAME begin -->` and
`<!-- benchmark NAME end -->`. The package aimc must be on PYTHONPATH, for the
demo model. The largest model needs 4 GB of memory and of temporary disk space.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

TILES = (16, 256, 4096)
VECTORS = 64
# Of 1024 tiles each.
ESTIMATED_LAYERS = (10, 100)
# OpenBLAS's kernels for the instructions of each engine. Left alone, OpenBLAS of
# Debian 12 takes AVX2 kernels on processors that it does not know.
CORE_TYPES = {"avx2": "Haswell", "avx512": "SkylakeX"}


def run(command, env=None):
    """Standard output of a command."""
    words = [os.fspath(word) for word in command]
    done = subprocess.run(words, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"tables.py: error: {' '.join(words)}: {done.stderr.decode().strip()}")
    return done.stdout.decode(errors="replace")


def seconds_of(command, times=3):
    """Median wall time of a process, start included, after one run to warm up."""
    run(command)
    measured = []
    for _ in range(times):
        start = time.perf_counter()
        run(command)
        measured.append(time.perf_counter() - start)
    return statistics.median(measured)


@contextlib.contextmanager
def busy_core():
    """Meanwhile another process works on one core without a pause."""
    core = max(os.sched_getaffinity(0))
    code = f"import os; os.sched_setaffinity(0, {{{core}}})\nwhile True: pass"
    other = subprocess.Popen([sys.executable, "-c", code])
    try:
        yield
    finally:
        other.kill()
        other.wait()


def table(columns, rows):
    """A Markdown table; all but the first column are numbers."""
    lines = ["| " + " | ".join(columns) + " |", "|---" + "|---:" * (len(columns) - 1) + "|"]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines)


def digits(value):
    """Three significant digits."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


class Tables:
    def __init__(self, build, folder):
        self.tools = build / "bin"
        self.build = build
        self.folder = folder
        self.models = {}

    def benchmark(self, name, pattern=".", env=None):
        """What a Google Benchmark program measured: name → its JSON object."""
        text = run([self.tools / name, f"--benchmark_filter={pattern}", "--benchmark_format=json"], env)
        return {entry["name"]: entry for entry in json.loads(text)["benchmarks"]}

    def machine(self):
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = re.search(r"model name\s*: (.*)", info).group(1)
        flags = re.search(r"flags\s*: (.*)", info).group(1).split()
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        cache = (self.build / "CMakeCache.txt").read_text(encoding="utf-8")
        compiler = run([re.search(r"CMAKE_CXX_COMPILER:\w+=(.*)", cache).group(1), "--version"]).splitlines()[0]
        build_type = re.search(r"CMAKE_BUILD_TYPE:\w+=(.*)", cache).group(1)
        vectors = [name for name in ("avx2", "avx512f") if name in flags]
        rows = [
            ("processor", f"{model}, {os.cpu_count()} logical cores, {', '.join(vectors)}"),
            ("memory", f"{memory:.0f} GB"),
            ("system", f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}"),
            ("compiler", f"{compiler}, {build_type}"),
        ]
        return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])

    def products(self):
        shapes = {}
        for engine, core in CORE_TYPES.items():
            found = self.benchmark("bench-products", f"/{engine}/", {"OPENBLAS_CORETYPE": core})
            for name, entry in found.items():
                shape = re.search(rf"/{engine}/(\d+x\d+)/batch:(\d+)", name)
                if shape:
                    shapes.setdefault(shape.groups(), {})[engine] = entry
        rows = []
        for (size, batch), engines in shapes.items():
            row = [f"{size.replace('x', '×')}, {batch}"]
            for engine in CORE_TYPES:
                entry = engines.get(engine)
                names = ("GFLOP/s", "OpenBLAS", "ratio")
                row += [digits(entry[name]) for name in names] if entry else ["–"] * 3
            rows.append(row)
        columns = ["rows×columns, batch"]
        for engine, core in CORE_TYPES.items():
            columns += [f"{engine}, GFLOP/s", f"OpenBLAS {core}", "ratio"]
        return table(columns, rows)

    def devices(self):
        found = self.benchmark("bench-devices")
        engines = ("scalar", "avx2", "avx512")
        functions = dict.fromkeys(n.split("/")[0] for n in found if n.split("/")[1] in engines)
        rows = [
            [f] + [digits(found[f"{f}/{e}"]["items_per_second"] / 1e6) if f"{f}/{e}" in found else "–" for e in engines]
            for f in functions
        ]
        first = table(["million values a second", *engines], rows)
        rows = [
            [name.replace("/real_time", "").replace("/", ", "), digits(entry["items_per_second"] / 1e6)]
            for name, entry in found.items()
            if "threads" in name
        ]
        return first + "\n\n" + table(["mvm: tile products; digital: values", "million a second"], rows)

    def programming(self):
        rows = [
            [name.split("/")[1], digits(entry["real_time"]), f"{entry['ratio']:.2f}"]
            for name, entry in self.benchmark("bench-programming").items()
        ]
        return table(["chip of 64 full cores, one thread", "ms", "its memory over that of FP32 weights"], rows)

    def simulator(self):
        best = CORE_TYPES["avx512" if "avx512f" in Path("/proc/cpuinfo").read_text(encoding="utf-8") else "avx2"]
        text = run([self.tools / "bench-simulator"], {"OPENBLAS_CORETYPE": best})
        line = re.compile(r"(\d+x\d+) (.+) \S+ MVM/s (\S+) us/MVM batch (\d+) threads (\d+)")

        def read(text):
            measured = {}  # (size, batch, threads) → configuration → µs
            for size, name, microseconds, batch, threads in line.findall(text):
                name = "sgemm" if name == "sgemv" else name.replace("fp32 DAC8/ADC8 ", "")
                measured.setdefault((size, int(batch), int(threads)), {})[name] = float(microseconds)
            return measured

        measured = read(text)
        with busy_core():
            command = [self.tools / "bench-simulator", "--batch", "1024", "--filter", "256x256 fp32"]
            beside = read(run(command, {"OPENBLAS_CORETYPE": best}))
        names = ("sgemm", "out noise", "read noise", "all effects", "per-device noise")
        rows = [
            [f"{size.replace('x', '×')}, {batch}, {threads}", *(digits(times[name]) for name in names)]
            for (size, batch, threads), times in measured.items()
        ]
        first = table(["µs a product; rows×columns, batch, threads", "sgemm or sgemv", *names[1:]], rows)

        def ratio(name, other, batch=1024, threads=(1, 1)):
            values = [measured["256x256", batch, count] for count in threads]
            return values[0][name] / values[1][other]

        one, two = (beside["256x256", 1024, threads]["out noise"] for threads in (1, 2))
        limits = [
            ("`out noise` over sgemm", "≤ 1.4", ratio("out noise", "sgemm")),
            ("`read noise` over `out noise`", "≤ 2", ratio("read noise", "out noise")),
            ("`all effects` over `out noise`", "≤ 3", ratio("all effects", "out noise")),
            ("`out noise` over sgemv, batch 1", "≤ 1.3", ratio("out noise", "sgemm", batch=1)),
            *(
                (f"`{name}`, one thread over two", "≥ 1.7", ratio(name, name, threads=(1, 2)))
                for name in ("out noise", "read noise", "all effects")
            ),
            ("`out noise`, one thread over two, one core busy with another process", "≥ 0.8", one / two),
        ]
        second = table(["256×256, batch 1024", "bound", "measured"], [[*row[:2], digits(row[2])] for row in limits])
        return first + "\n\n" + second

    def programs(self):
        best = CORE_TYPES["avx512" if "avx512f" in Path("/proc/cpuinfo").read_text(encoding="utf-8") else "avx2"]
        text = run([self.tools / "bench-programs"], {"OPENBLAS_CORETYPE": best})
        measured = {}  # (model, batch) → name → samples/s
        for model, batch, name, speed in re.findall(r"(\S+) batch=(\d+) (\S+) (\S+) samples/s", text):
            measured.setdefault((model, int(batch)), {})[name] = float(speed)
        names = ["program", "yardstick", "numpy", "scikit_learn", "pytorch"]
        names = [name for name in names if any(name in speeds for speeds in measured.values())]
        rows = []
        for (model, batch), speeds in measured.items():
            row = [model, batch, *(digits(speeds[name] / 1e6) if name in speeds else "" for name in names)]
            rows.append(row + [digits(speeds["program"] / speeds[name]) if name in speeds else "" for name in names[1:]])
        shown = [name.replace("_", "-").replace("numpy", "NumPy").replace("pytorch", "PyTorch") for name in names]
        columns = ["million samples/s; model", "batch", *shown, *(f"program over {name}" for name in shown[1:])]
        return table(columns, rows)

    def attention(self):
        found = self.benchmark("bench-attention")
        rows = []
        for length in sorted({int(name.split("/")[1]) for name in found}):
            row = [length]
            for kind in ("full", "causal"):
                for threads in (1, 2):
                    row.append(digits(found[f"{kind}/{length}/threads:{threads}/real_time"]["real_time"]))
            row.append(digits(found[f"softmax/{length}/real_time"]["real_time"]))
            rows.append(row)
        columns = ["tokens, ms", "one thread", "two threads", "causal, one thread", "causal, two threads", "softmax attention"]
        return table(columns, rows)

    def mapping(self):
        rows = []
        for name, entry in self.benchmark("bench-mapping").items():
            if match := re.match(r"packTiles/(\w+)/(\d+)$", name):
                count = int(match.group(2))
                milliseconds = entry["real_time"] * {"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1e3}[entry["time_unit"]]
                rows.append([match.group(1).replace("_", " "), count, digits(milliseconds), digits(milliseconds * 1e6 / count)])
        return table(["packing", "tiles", "ms", "ns a tile"], rows)

    def model(self, tiles):
        """A random-feature classifier of `tiles` tiles of 256×256 as bytecode, and its target."""
        if tiles in self.models:
            return self.models[tiles]
        side = 256 * round(tiles**0.5)
        target = json.loads(run([self.tools / "aimcc", "--print-target", "hermes"]))
        target.update(name="hermes-chips", chips=max(1, tiles // 64))
        target_path = self.folder / f"target-{tiles}.json"
        target_path.write_text(json.dumps(target), encoding="utf-8")
        generator = np.random.default_rng(tiles)
        text = self.folder / "model.mlir"

        def blob(file, name, rows, columns, scale):
            # By rows, so that the model is never in memory as a whole.
            file.write(f'  {name}: "0x04000000'.encode())
            for _ in range(rows):
                values = generator.standard_normal(columns, dtype=np.float32) * np.float32(scale)
                file.write(values.astype("<f4").tobytes().hex().encode())
            file.write(b'"')

        with open(text, "wb") as file:
            file.write(
                f"""func.func @predict(%x: tensor<?x{side}xf32>) -> tensor<?x10xf32> {{
  %omega = arith.constant dense_resource<omega> : tensor<{side}x{side}xf32>
  %b = arith.constant dense_resource<offset> : tensor<{side}xf32>
  %z = kernel.features map(rbf_phase) %x, %omega offset(%b : tensor<{side}xf32>)
      : tensor<?x{side}xf32>, tensor<{side}x{side}xf32> -> tensor<?x{side}xf32>
  %w = arith.constant dense_resource<readout> : tensor<{side}x10xf32>
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x{side}xf32>
  %e = tensor.empty(%n) : tensor<?x10xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<?x10xf32>) -> tensor<?x10xf32>
  %y = linalg.matmul ins(%z, %w : tensor<?x{side}xf32>, tensor<{side}x10xf32>)
      outs(%i : tensor<?x10xf32>) -> tensor<?x10xf32>
  return %y : tensor<?x10xf32>
}}
{{-# dialect_resources: {{ builtin: {{
""".encode()
            )
            blob(file, "omega", side, side, side**-0.5)
            file.write(b",\n")
            blob(file, "offset", 1, side, 3.0)
            file.write(b",\n")
            blob(file, "readout", side, 10, side**-0.5)
            file.write(b"\n} } #-}\n")
        path = self.folder / f"model-{tiles}.mlirbc"
        run([self.tools / "aimc-opt", text, "--emit-bytecode", "-o", path])
        text.unlink()
        np.save(self.folder / f"x-{tiles}.npy", generator.standard_normal((VECTORS, side), dtype=np.float32))
        self.models[tiles] = path, target_path
        return path, target_path

    def compile(self):
        start = seconds_of([self.tools / "aimc-opt", "--version"], 10)
        rows = []
        for tiles in TILES:
            model, target = self.model(tiles)
            command = [self.tools / "aimc-opt", model, f"--aimc-compile=target={target}", "--emit-bytecode"]
            seconds = seconds_of([*command, "-o", "/dev/null"])
            rows.append([tiles, digits(seconds), digits(1e3 * (seconds - start) / tiles)])
        return table(["tiles", "s", "ms a tile, without start-up"], rows)

    def estimates(self):
        rows = []
        for layers in ESTIMATED_LAYERS:
            tiles = layers * 32 * 32
            target = json.loads(run([self.tools / "aimcc", "--print-target", "hermes"]))
            target.update(name="hermes-chips", chips=tiles // 64)
            target_path = self.folder / f"target-{tiles}.json"
            target_path.write_text(json.dumps(target), encoding="utf-8")
            model = self.folder / f"layers-{tiles}.mlir"
            model.write_text(self.layers(layers), encoding="utf-8")
            for objective in ("area", "latency", "noise"):
                rows.append([f"{tiles}, {objective}", *self.estimate(model, target_path, objective, tiles)])
        return table(["tiles, objective", "s", "GB"], rows)

    def estimate(self, model, target, objective, tiles):
        """Seconds and gigabytes of aimc-estimate."""
        result = self.folder / f"estimate-{tiles}.json"
        command = [self.tools / "aimc-estimate", model, "--target", target, "--objective", objective]
        words = [os.fspath(word) for word in [*command, "--json", "-o", result]]
        start = time.perf_counter()
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            sys.exit(f"tables.py: error: {' '.join(words)} failed")
        estimate = json.loads(result.read_text(encoding="utf-8"))
        if estimate["tiles"] != tiles:
            sys.exit(f"tables.py: error: expects {tiles} tiles, but got {estimate['tiles']}")
        # Kilobytes.
        return digits(seconds), digits(usage.ru_maxrss * 1024 / 1e9)

    @staticmethod
    def layers(count):
        """A network of `count` layers of 8000 x 8000 equal weights, with a cosine after each."""
        weights = "\n".join(f"aimc.weights @w{i} = dense<0.5> : tensor<8000x8000xf32>" for i in range(count))
        lines = []
        for i in range(count):
            lines.append(
                f"""  %p{i} = aimc.mvm @w{i} site({i}) role(linear) ins(%x{i} : tensor<?x8000xf32>)
      outs(%x0 : tensor<?x8000xf32>) -> tensor<?x8000xf32>
  %x{i + 1} = aimc.digital on("global") -> tensor<?x8000xf32> {{
    %c = math.cos %p{i} : tensor<?x8000xf32>
    aimc.yield %c : tensor<?x8000xf32>
  }}"""
            )
        body = "\n".join(lines)
        return f"""{weights}
func.func @network(%x0: tensor<?x8000xf32>) -> tensor<?x8000xf32> {{
{body}
  return %x{count} : tensor<?x8000xf32>
}}
"""

    def runs(self):
        rows = []
        for tiles in TILES:
            model, target = self.model(tiles)
            placed = self.folder / "placed.mlirbc"
            run([self.tools / "aimc-opt", model, f"--aimc-compile=target={target}", "--emit-bytecode", "-o", placed])
            for device in ("exact", "simulator"):
                command = [self.tools / "aimc-run", placed, "--input", self.folder / f"x-{tiles}.npy"]
                command += ["--device", device, "--threads", "1", "--json"]
                measured = [json.loads(run(command))["seconds"] for _ in range(4)][1:]
                program, product = (statistics.median(m[k] for m in measured) for k in ("program", "run"))
                rows.append(
                    [f"{device}, {tiles}", digits(program), digits(1e6 * program / tiles)]
                    + [digits(product), digits(1e6 * product / tiles / VECTORS)]
                )
            placed.unlink()
        columns = ["device, tiles", "programming, s", "µs a tile", f"run of {VECTORS} vectors, s", "µs a tile and vector"]
        return table(columns, rows)

    def start(self):
        module = self.folder / "empty.mlir"
        module.write_text("module {}\n", encoding="utf-8")
        cache = (self.build / "CMakeCache.txt").read_text(encoding="utf-8")
        llvm = Path(re.search(r"MLIR_DIR:\w+=(.*)", cache).group(1)).parents[2] / "bin"
        rows = []
        for name, tool in (("aimc-opt", self.tools / "aimc-opt"), ("mlir-opt 22", llvm / "mlir-opt")):
            milliseconds = [1e3 * seconds_of(c, 20) for c in ([tool, "--version"], [tool, module])]
            rows.append([name, *map(digits, milliseconds)])
        return table(["", "`--version`, ms", "an empty module, ms"], rows)

    def digits_model(self):
        """The model of the demo table, and its images."""
        from sklearn.datasets import load_digits
        from sklearn.kernel_approximation import RBFSampler
        from sklearn.linear_model import RidgeClassifier
        from sklearn.pipeline import make_pipeline

        import aimc

        X, y = load_digits(return_X_y=True)
        sampler = RBFSampler(gamma=0.001, n_components=1024, random_state=0)
        model = aimc.export(make_pipeline(sampler, RidgeClassifier(alpha=0.1)).fit(X, y), self.folder / "digits.mlir")
        return model, X.astype(np.float32)

    def demo(self):
        model, X = self.digits_model()
        inputs, program = self.folder / "digits.npy", self.folder / "digits"
        np.save(inputs, X)
        aimcc = [self.tools / "aimcc", model, "--target", "hermes", "--calibrate", inputs]
        commands = {
            "`aimc-opt --aimc-compile=target=hermes`": [
                *(self.tools / "aimc-opt", model, "--aimc-compile=target=hermes", "--emit-bytecode", "-o", "/dev/null"),
            ],
            "`aimcc --calibrate`, to the placed module": [*aimcc, "--emit", "placed", "-o", self.folder / "placed.mlir"],
            "`aimcc --calibrate`, to a program": [*aimcc, "-o", program],
            "the program on `exact`, 1797 digits": [program, "--input", inputs, "--output", self.folder / "y.npy"],
            "the program on `simulator`": [
                *(program, "--input", inputs, "--device", "simulator", "--output", self.folder / "y.npy"),
            ],
        }
        return table(["", "s"], [[name, digits(seconds_of(command))] for name, command in commands.items()])

    def deployment(self):
        model, X = self.digits_model()
        inputs, program, weights = (self.folder / name for name in ("one.npy", "digits", "side.weights"))
        np.save(inputs, X[:1])
        aimcc = [self.tools / "aimcc", model, "--target", "hermes", "--calibrate", inputs]
        run([*aimcc, "-o", program])
        run([*aimcc, "--weights", "side-file", "-o", self.folder / "side"])
        output = ["--output", self.folder / "y.npy"]
        command = [program, "--threads", "1", *output, "--input"]
        rows = []
        for device in ("exact", "simulator"):
            seconds = seconds_of([*command, inputs, "--device", device], times=21)
            rows.append([f"one digit on `{device}`, with the start", f"{digits(1e3 * seconds)} ms"])
        size = program.stat().st_size - weights.stat().st_size
        rows.append(["size without weights", f"{digits(size / 1e3)} kB"])
        # What a process holds is at least what the one that started it held.
        launch = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=sys.stderr); "
        launch += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        for count in (10**5, 10**6):
            many = np.lib.format.open_memmap(self.folder / "many.npy", "w+", np.float32, (count, X.shape[1]))
            for first in range(0, count, 1000):
                many[first : first + 1000] = X[:1000]
            del many
            peak = int(run([sys.executable, "-c", launch, *command, self.folder / "many.npy"])) * 1024
            name = f"memory for {count:,} digits ({digits(count * X.shape[1] * 4 / 1e6)} MB)"
            rows.append([name, f"{digits(peak / 1e6)} MB"])
        return table(["the demo's model as a program", ""], rows)


NAMES = (
    *("machine", "demo", "deployment", "start", "compile", "runs", "products", "simulator", "devices", "programming"),
    *("attention", "estimates", "mapping", "programs"),
)


def update(page, name, text):
    """Writes a table between its marks in a page."""
    begin, end = f"<!-- benchmark {name} begin -->\n", f"<!-- benchmark {name} end -->\n"
    before = page.read_text(encoding="utf-8")
    if before.count(begin) != 1 or before.count(end) != 1:
        sys.exit(f"tables.py: error: expects the marks of table '{name}' once in {page}, but got another number")
    head, rest = before.split(begin)
    new = page.with_suffix(".new")
    new.write_text(head + begin + text + "\n" + end + rest.split(end)[1], encoding="utf-8")
    new.replace(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True, help="the build tree")
    parser.add_argument("--update", type=Path, metavar="PAGE", help="the page to write the tables into")
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(NAMES)}; all by default")
    arguments = parser.parse_args()
    for name in arguments.tables:
        if name not in NAMES:
            sys.exit(f"tables.py: error: expects a table of {', '.join(NAMES)}, but got '{name}'")
    with tempfile.TemporaryDirectory(prefix="aimc-benchmark-") as folder:
        tables = Tables(arguments.build.resolve(), Path(folder))
        for name in arguments.tables or NAMES:
            print(f"tables.py: measuring {name}", file=sys.stderr, flush=True)
            text = getattr(tables, name)()
            print(f"{name}\n\n{text}\n", flush=True)
            if arguments.update:
                update(arguments.update, name, text)


if __name__ == "__main__":
    main()
