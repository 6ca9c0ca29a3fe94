"""``make bench``: the desk beside a bare server and its peers, in the same minutes.

A shared machine changes its mind within a minute, so absolute figures mean little: everything is
measured in rounds, on a fresh database each time, and compared inside its round. Every run checks
that what was answered `success` is there, so an id used twice, or an answer before the commit, is
found out.
"""

import argparse
import asyncio
import json
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import uvloop

import allowance
import calls
import dispatch
import processing
from candidates import BARE, PEERS, Candidate, candidates
from desks import Desks, Kind, desks
from disk import syncs_per_second
from flood import Flood, Measured, flooding, measure
from parsing import understanding
from peers import install
from pushes import Wire, made_ahead, pushes
from report import Figures, table
from servers import PINNED, Server, stay_off_the_servers_core

RESULTS = Path(__file__).parent / "results"
PARTS = (
    *("parsing", "calls", "allowance", "ingest", "processing", "latency", "dispatch"),
    "memory",
)
WARM_UP = 0.5
MADE_AHEAD = 40_000
LATENCY_RATE, LATENCY_SECONDS = 50, 4
AIM_OF_WECHATPY = {"a push understood, plain": "aim 0.40"}  # and half for what is encrypted
AIM_OF_BARE = {Wire.PLAIN: "aim 0.40", Wire.SECURE: "aim 0.35"}


def main() -> None:
    options = _options()
    install()
    stay_off_the_servers_core()
    RESULTS.mkdir(exist_ok=True)
    figures, began = Figures(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="run-", dir=RESULTS) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL, started by root, runs as somebody else
        with desks(folder) as made:
            _run(made, folder, figures, options)
    text = f"{_machine()}\n\n{table(figures)}\n"
    print(f"\n{text}\n{time.monotonic() - began:.0f} s in all; also in bench/results/latest.json")
    document = {"machine": _machine(), "options": vars(options), "figures": figures.document()}
    (RESULTS / "latest.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _run(made: Desks, folder: Path, figures: Figures, options: argparse.Namespace) -> None:
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", flush=True)
        figures.add("disk", "fdatasync/s", syncs_per_second(folder))
        if "parsing" in options.only:
            understand(figures)
        if "calls" in options.only and number < options.long_rounds:
            call(folder, figures)
        if "allowance" in options.only and number < options.long_rounds:
            allow(folder, figures)
        if "ingest" in options.only:
            ingest(made, folder, figures, options.seconds)
        if "processing" in options.only and number < options.long_rounds:
            process(made, figures, options.drained, options.seconds)
        if "latency" in options.only and number < options.long_rounds:
            wait_for_events(made, figures)
    if "dispatch" in options.only:
        give(made, figures, options.waiting)
    if "memory" in options.only:
        remember(made, figures, options.remembered)


def understand(figures: Figures) -> None:
    """From what WeChat posted to a typed push, and a reply into its envelope, beside wechatpy."""
    for name, understood in understanding().items():
        figures.add(
            name,
            "µs",
            understood.ours,
            of=("wechatpy", understood.theirs),
            aim=AIM_OF_WECHATPY.get(name, "aim 0.50"),
        )


def call(folder: Path, figures: Figures) -> None:
    """Many sends at once, beside httpx and the ideal; many files up and down."""
    sent = calls.sending(folder)
    ideal, peer = ("ideal", calls.IDEAL), ("httpx", sent["httpx"].per_second)
    name = f"sends, {calls.CONNECTIONS} at once, answered after 50 ms"
    figures.add(f"{name}, httpx", "sends/s", peer[1], of=ideal, CPU_us=sent["httpx"].cpu_us)
    ours = sent["wxdesk"]
    figures.add(f"{name}, wxdesk", "sends/s", ours.per_second, of=ideal, CPU_us=ours.cpu_us)
    figures.add("sends, wxdesk over httpx", "times", ours.per_second / peer[1])
    for way in ("down", "up"):
        small = calls.moving(folder, way, calls.SMALL_BYTES)
        large = calls.moving(folder, way, calls.LARGE_BYTES)
        files = f"{calls.FILES} files of 10 MB {way}, {calls.AT_ONCE} at once"
        figures.add(files, "MB/s", large.mb_per_second)
        figures.add(
            f"{files}, memory at most",
            "MB",
            large.peak_mb,
            of=("files of 2 MB", small.peak_mb),
            aim="aim 1.0",
            before_MB=large.before_mb,
        )


def allow(folder: Path, figures: Figures) -> None:
    """What it costs to know what may be sent."""
    figures.add("may one be sent, and what is left", "µs of CPU", allowance.decision_us())
    held = allowance.million()
    figures.add("a million grants opened", "µs each", held.opened_us, memory_MB=held.mb)
    figures.add("a million grants used", "µs each", held.sent_us)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        read = allowance.listed(Path(name))
    figures.add(
        "5,000 conversations listed with what is left",
        "ms of CPU",
        read.with_ms,
        of=("without", read.without_ms),
        statements_a_page=read.statements_a_page,
    )


def ingest(made: Desks, folder: Path, figures: Figures, seconds: float) -> None:
    """How many pushes are kept a second, of the bare server's answers in the same round."""
    bare: dict[Wire, Measured] = {}
    peers: list[float] = []
    ours: dict[Kind, float] = {}
    for candidate in candidates():
        measured = _flood(candidate, made, folder, seconds)
        rate = measured.per_second
        if candidate.name == BARE:
            bare[candidate.wire] = measured
        elif candidate.name in PEERS:
            peers.append(rate)
        elif candidate.wire is Wire.PLAIN:
            ours[Kind(candidate.name.removeprefix("wxdesk "))] = rate
        figures.add(
            f"{candidate.name}, {candidate.wire}",
            "pushes/s",
            rate,
            of=("bare", bare[candidate.wire].per_second),
            aim=AIM_OF_BARE[candidate.wire] if candidate.name.startswith("wxdesk") else "",
            by_CPU=bare[candidate.wire].cpu_us / measured.cpu_us,
            **_notes(measured),
        )
    for kind, rate in ours.items():
        figures.add(f"wxdesk {kind} over the best peer", "times", rate / max(peers), aim="aim 5")


def process(made: Desks, figures: Figures, drained: int, seconds: float) -> None:
    """From kept to visible: alone, with a browser that watches, and beside a flood."""
    for kind in Kind:
        ingested = figures.last(f"wxdesk {kind}, plain")
        for watched in (False, True):
            name = f"processed, {kind}{', shown to a browser' if watched else ''}"
            rate = processing.drain(made, kind, drained, watched=watched)
            figures.add(name, "pushes/s", rate, of=("ingest", ingested), aim="aim 0.17")
        whole = processing.sustain(made, kind, seconds)
        figures.add(
            f"all at once, {kind}, kept",
            "pushes/s",
            whole.answered.per_second,
            of=("ingest", ingested),
            **_notes(whole.answered),
        )
        figures.add(f"all at once, {kind}, processed", "pushes/s", whole.processed_per_second)


def wait_for_events(made: Desks, figures: Figures) -> None:
    """How soon an agent's browser is told."""
    for kind in Kind:
        waits = sorted(processing.latencies_ms(made, kind, LATENCY_RATE, LATENCY_SECONDS))
        p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
        name = f"push to browser, {kind}, {LATENCY_RATE}/s, p50"
        figures.add(name, "ms", p50, p99_ms=p99)


def give(made: Desks, figures: Figures, sizes: Sequence[int]) -> None:
    """How long the dispatcher takes, however many wait; how many it gives to agents."""
    for kind in Kind:
        for waiting in sizes:
            found = dispatch.rounds(made, kind, waiting)
            told = f"{kind}, {waiting:,} waiting, {dispatch.AGENTS:,} agents"
            for name, what in DISPATCHED.items():
                spread = getattr(found, name)
                figures.add(f"{what}, {told}", "ms", spread.p50, **spread.notes())
            figures.add(f"memory of a dispatcher, {told}", "MB", found.mb)
        processes = DISPATCHERS[kind]
        name = f"given to agents by {processes} at once, {kind}"
        figures.add(name, "assignments/s", dispatch.per_second(made, kind, processes))


DISPATCHERS = {Kind.SQLITE: 1, Kind.POSTGRES: 4}
DISPATCHED = {
    "idle": "a round with nothing to do",
    "fed": "a round that feeds one agent",
    "claim": "of that, giving it to them (p99: aim 20 ms)",
    "swept": "the sweeper finds nothing",
}


def remember(made: Desks, figures: Figures, pushes_in_all: int) -> None:
    """What the whole desk holds in memory before and after many pushes."""
    for kind in Kind:
        before, after = processing.memory_mb(made, kind, pushes_in_all)
        name = f"memory after {pushes_in_all:,} pushes, {kind}"
        figures.add(name, "MB", after, at_start_MB=before)


def _flood(candidate: Candidate, made: Desks, folder: Path, seconds: float) -> Measured:
    with candidate.running(made, folder) as (server, tally):
        flood, measured = uvloop.run(_flooded(candidate, server, seconds))
    if tally.kept is not None:
        assert tally.kept >= flood.kept > 0, f"{candidate}: {flood.kept} answered, {tally}"
    return measured


async def _flooded(candidate: Candidate, server: Server, seconds: float) -> tuple[Flood, Measured]:
    requests = made_ahead(pushes(candidate.wire, candidate.path), MADE_AHEAD)
    async with flooding(server.port, requests) as flood:
        await asyncio.sleep(WARM_UP)
        measured = await measure(flood, server.pid, seconds)
    return flood, measured


def _notes(measured: Measured) -> dict[str, float]:
    notes = {
        "p50_ms": measured.p50_ms,
        "p99_ms": measured.p99_ms,
        "CPU_us": measured.cpu_us,
    }
    if measured.refused or measured.lost:
        notes |= {"refused": measured.refused, "lost": measured.lost}
    return notes


def _machine() -> str:
    cores = "server on core 0, load and PostgreSQL on core 1" if PINNED else "cores not pinned"
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores; {cores}; "
        f"Python {platform.python_version()}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="of each flood")
    parser.add_argument("--long-rounds", type=int, default=2, help="with processing and latency")
    parser.add_argument("--drained", type=int, default=10_000, help="pushes to process")
    parser.add_argument("--waiting", type=int, nargs="+", default=dispatch.SIZES)
    parser.add_argument("--remembered", type=int, default=100_000, help="pushes for memory")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--quick", action="store_true", help="one short round: a rough idea")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.long_rounds, options.seconds = 1, 1, 1.0
        options.drained, options.remembered = 4_000, 10_000
        options.waiting = dispatch.SIZES[:1]
    return options


if __name__ == "__main__":
    main()
