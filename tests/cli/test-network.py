#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Boards on other machines, as users reach them: reset, rates and flashing over RFC 2217."""

import os
import pathlib
import signal
import time

import firmware
import harness
from board import Board
from cli import DEADLINE, Folder, Run, image, lines_until, run, side_by_side, start
from comport import Listener, Ser2net, simulator
from simtty import SerialPorts
from wires import work_through

SHARED = pathlib.Path(os.environ.get("FG_SHARED", "")) / "firmware"
BOARD = "esp8266,flash=4M,timing=none"
CANCEL_SECONDS = 0.5  # of the whole program; what waits answers within 0.2 s


class Simulator:
    """fulgurite-sim --rfc2217, whose board runs its program."""

    def __init__(self, folder, *options):
        self.process, self.port = simulator(folder.flash, *options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=10)


def finish(process, head=b""):
    """Waits for a started run."""
    stdout, stderr = process.communicate(timeout=DEADLINE)
    return Run(process.returncode, (head + stdout).decode(), stderr.decode())


def test_simulator_works_through():
    with Folder() as folder, Simulator(folder, "--timing=none") as board:
        assert board.port.startswith("rfc2217://127.0.0.1:"), board.port
        work_through(board.port, folder.flash, folder)


def test_simulator_at_its_real_rate():
    """The rate is raised on both sides, over the network; between two clients the board runs its
    program, and is reset out of it."""
    with Folder() as folder, Simulator(folder) as board:
        path = folder.file("a.bin", image(30000))
        for command in (["flash", path], ["verify", path], ["detect"]):
            run("--port", board.port, "--baud", 921600, "--json", *command).result()


def test_simulator_without_lines_is_told_to_be_reset_by_hand():
    with Folder() as folder:
        options = ["--spec", "lines=no,boot=loader,timing=none"]
        with Simulator(folder, *options) as board:
            done = run("--port", f"{board.port}?timeout=0.3", "--verbose", "detect")
            assert done.status == 0, done
            assert "hold BOOT and tap RESET" in done.stderr, done
            run("--port", board.port, "--before", "none", "--json", "detect").result()


def test_simulator_takes_one_client():
    with Folder() as folder, Simulator(folder) as board:
        path = folder.file("a.bin", image(60000))
        process = start("--port", board.port, "--json", "flash", path)
        head = lines_until(process, b'"phase":"write"')
        run("--port", board.port, "--json", "detect").error("port-failed")
        finish(process, head).result()


def test_ser2net_carries_the_reset():
    with SerialPorts() as ports, Folder() as folder:
        ports.plug("ttyUSB0", Board(BOARD))
        with Ser2net(ports) as server:
            found = run("--port", server.port, "--json", "detect").result()
            assert found["chip"] == "ESP8266" and found["flash"]["size"] == 4 << 20, found
            states = [(change.dtr, change.rts) for change in ports.changes("ttyUSB0")]
            hold = states.index((False, True))  # in reset, then BOOT is held, then it starts
            assert states[hold : hold + 4] == [
                (False, True),
                (True, True),
                (True, False),
                (False, False),
            ], states
            times = [change.time for change in ports.changes("ttyUSB0")]
            assert times[hold + 1] - times[hold] >= 0.1, "the reset was too short"
            assert times[hold + 2] - times[hold + 1] < 0.05, "the program had time to start"
            work_through(server.port, ports.board("ttyUSB0").image, folder)
            rates = {change.baud for change in ports.changes("ttyUSB0")}
            assert 115200 in rates and max(rates) > 115200, rates


def nat_router(folder):
    """The real firmware set of an ESP32, placed; files of its shape where it is not there."""
    real = SHARED / "esp32-nat-router"
    made = {
        "bootloader.bin": firmware.esp32(24000),
        "partition-table.bin": bytes.fromhex("aa500102009000000060000000") + b"\xff" * 3059,
        "ota_data_initial.bin": b"\xff" * 8192,
        "esp32_nat_router.bin": firmware.esp32(300000),
    }
    places = {}
    for offset, (name, content) in zip((0x1000, 0x8000, 0xF000, 0x20000), made.items()):
        places[offset] = real / name if real.is_dir() else folder.file(name, content)
    return places


def test_ser2net_flashes_an_esp32():
    with SerialPorts() as ports, Folder() as folder:
        ports.plug("ttyUSB0", Board("esp32,flash=4M,timing=none"))
        places = nat_router(folder)
        what = [f"0x{offset:x}={path}" for offset, path in places.items()]
        with Ser2net(ports) as server:
            common = ["--port", server.port, "--baud", "921600", "--json", "flash"]
            done = run(*common, *what).result()
            assert all(region["verified"] for region in done["regions"]), done
            again = run(*common, *what).result()
            assert not any(region["written"] for region in again["regions"]), again
        flash = ports.flash("ttyUSB0")
        for offset, path in places.items():
            content = path.read_bytes()
            if offset != 0x1000:  # mode, size and digest of the bootloader may be another
                assert flash[offset : offset + len(content)] == content, path
        assert flash[0x1000] == 0xE9
        assert done["baud"] == 921600, done


def test_ser2net_that_ends():
    with SerialPorts() as ports, Folder() as folder:
        ports.plug("ttyUSB0", Board("esp8266,flash=4M,timing=datasheet"))
        path = folder.file("a.bin", image(60000))
        with Ser2net(ports) as server:
            process = start("--port", server.port, "--json", "flash", path)
            head = lines_until(process, b'"phase":"write"')
            server.kill()
            error = finish(process, head).error("disconnected")
        assert server.port in error["message"], error


def test_cancel():
    """While nobody answers, in the opening and in a job."""

    def deaf(connection):
        while connection.recv(4096):
            pass

    with Folder() as folder, Listener(deaf) as server, Simulator(folder) as board:
        process = start("--port", f"{server.port}?timeout=60", "--json", "detect")
        assert server.accepted.wait(DEADLINE)
        interrupt(process)
        process = start("--port", board.port, "--json", "read", "0", "1M", folder.path / "o")
        lines_until(process, b'"phase":"read"')
        board.process.send_signal(signal.SIGSTOP)
        try:
            interrupt(process)
        finally:
            board.process.send_signal(signal.SIGCONT)


def interrupt(process):
    """Cancels a run, which must answer soon."""
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    finish(process).error("cancelled", 130)
    seconds = time.monotonic() - sent
    assert seconds < CANCEL_SECONDS * harness.PATIENCE, f"answered after {seconds:.2f} s"


def test_server_that_is_none():
    def ssh(connection):
        connection.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")
        connection.recv(1)
        while connection.recv(4096):
            pass

    with Listener(ssh) as server:
        error = run("--port", f"{server.port}?timeout=0.5", "--json", "detect").error("port-failed")
        assert "SSH-2.0-OpenSSH_9.2p1" in error["message"], error
        assert "cable" not in error["remedy"], error


if __name__ == "__main__":
    side_by_side(globals())
    harness.main()
