#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serial ports on other machines: the client of RFC 2217 against servers of many manners."""

import os
import threading
import time

import harness
from board import Board
from comport import BAUD, CONTROL, DATA_SIZE, PURGE, RESUME, SUSPEND
from comport import BINARY, COM_PORT, ComPort, Listener, Ser2net, command
from probe import Probe, check
from simtty import SerialPorts

ALL_BYTES = bytes(range(256))
LINE_RATE = 115200 / 10  # bytes/s


def refused(port, words, code="port-failed"):
    """Opening fails, soon, with this code, and the message holds the words."""
    start = time.monotonic()
    with Probe(os.environ) as probe:
        found = probe(f"open {port}")
    assert found.startswith(f"!{code} "), found
    assert words in found, f"{found!r} does not say {words!r}"
    assert port in found, found
    seconds = time.monotonic() - start
    assert seconds < 4 * harness.PATIENCE, f"{seconds:.1f} s to say {found!r}"


def test_opens_with_rate_and_lines():
    with ComPort() as server, Probe(os.environ) as probe:
        check(probe(f"open {server.port}"), f"{server.port} lines baud")
        check(server.baud, 115200)
        values = {heard.code: heard.value for heard in server.heard if heard.code != CONTROL}
        check([values[code] for code in (2, 3, 4)], [b"\x08", b"\x01", b"\x01"])
        check(values[PURGE], b"\x03")
        flow = [heard.value for heard in server.heard if heard.code == CONTROL]
        check(flow, [b"\x01", b"\x0e"])  # none either way; the modem lines are left alone


def test_every_byte_passes_both_ways():
    with ComPort() as server, Probe(os.environ) as probe:
        probe(f"open {server.port}")
        check(probe(f"write {(ALL_BYTES * 2).hex()}"), "ok")
        harness.wait_for(lambda: server.data() == ALL_BYTES * 2, what="the bytes")
        server.send((ALL_BYTES * 2).replace(b"\xff", b"\xff\xff"))
        check(probe("read 512 2000"), (ALL_BYTES * 2).hex())


def test_commands_amid_data():
    with ComPort() as server, Probe(os.environ) as probe:
        probe(f"open {server.port}")
        notes = command(107, b"\xff") + command(106, b"\x02") + command(100, b"a server")
        server.send(b"ab" + notes + b"cd" + b"\xff\xf1")
        check(probe("read 4 2000"), b"abcd".hex())
        check(probe("read 1 20"), "")


def test_lines_change_in_a_safe_order():
    """Both released: RTS first, else the board is reset; else DTR first, so that BOOT is held when
    the reset ends. What stays is not mentioned."""
    steps = [
        ("0 0", "R0 D0"),
        ("0 0", ""),
        ("0 1", "R1"),
        ("1 0", "D1 R0"),
        ("0 0", "D0"),
        ("1 1", "D1 R1"),
        ("0 0", "R0 D0"),
        ("1 1", "D1 R1"),
        ("0 1", "D0"),
        ("0 0", "R0"),
    ]
    with ComPort() as server, Probe(os.environ) as probe:
        probe(f"open {server.port}")
        for lines, expected in steps:
            server.heard.clear()
            check(probe(f"lines {lines}"), "ok")
            check(server.controls(), expected)


def test_a_step_ends_when_the_server_has_done_it():
    with ComPort(delay=0.05) as server, Probe(os.environ) as probe:
        probe(f"open {server.port}")
        for lines in ("0 1", "1 0"):
            start = time.monotonic()
            check(probe(f"lines {lines}"), "ok")
            assert time.monotonic() - start >= 0.1, "two answers, 50 ms each"


def test_lines_that_nobody_confirms():
    with ComPort(unanswered=[CONTROL]) as server, Probe(os.environ) as probe:
        probe(f"open {server.port}?timeout=0.2")
        found = probe("lines 0 1")
        assert found.startswith("!unsupported ") and "?ign_set_control" in found, found
        start = time.monotonic()
        check(probe("lines 0 0"), found)
        assert time.monotonic() - start < 0.1, "it was waited for twice"
        port = f"{server.port}?ign_set_control"
        check(probe(f"open {port}"), f"{port} lines baud")
        server.heard.clear()
        check(probe("lines 0 1"), "ok")
        check(probe("lines 1 0"), "ok")
        harness.wait_for(lambda: server.controls() == "D0 R1 D1 R0", what="the lines")


def test_rate_waits_for_what_was_written():
    with ComPort() as server, Probe(os.environ) as probe:
        probe(f"open {server.port}")
        count = 1152
        server.heard.clear()
        check(probe(f"write {'55' * count}"), "ok")
        check(probe("baud 460800"), "ok")
        first = server.heard[0].time
        change = [heard for heard in server.heard if heard.code == BAUD and any(heard.value)]
        check([int.from_bytes(heard.value, "big") for heard in change], [460800])
        seconds = change[0].time - first
        assert seconds >= 0.9 * count / LINE_RATE, f"{seconds:.3f} s for {count} bytes"
        check(server.baud, 460800)


def test_rate_that_the_port_cannot_do():
    with ComPort() as server, Probe(os.environ) as probe:
        probe(f"open {server.port}")
        server.instead = {BAUD: (115200).to_bytes(4, "big")}
        found = probe("baud 921600")
        assert found.startswith("!unsupported ") and "it chose 115200" in found, found
        server.instead = {BAUD: (1843200 // 2 + 9000).to_bytes(4, "big")}  # near enough
        check(probe("baud 921600"), "ok")


def test_server_that_asks_for_a_pause():
    with ComPort() as server, Probe(os.environ) as probe:
        probe(f"open {server.port}")
        server.send(command(100 + SUSPEND, b""))
        check(probe("read 1 100"), "")  # it has been heard
        server.heard.clear()
        threading.Timer(0.2, lambda: server.send(command(100 + RESUME, b""))).start()
        start = time.monotonic()
        check(probe("write 4142"), "ok")
        assert time.monotonic() - start >= 0.15, "it was not waited for"
        harness.wait_for(lambda: server.data() == b"AB", what="the bytes")


def test_server_that_hangs_up():
    with ComPort() as server, Probe(os.environ) as probe:
        for request in ("read 1 5000", "write 41", "baud 57600", "lines 0 0"):
            probe(f"open {server.port}")
            server.send(b"last words")
            server.drop()
            start = time.monotonic()
            check(probe("read 10 1000"), b"last words".hex())
            found = probe(request)
            if request == "write 41" and found == "ok":  # the reset is not there yet
                found = probe("read 1 5000")
            assert found.startswith("!disconnected ") and server.port in found, found
            assert time.monotonic() - start < 1, "it took too long"


def test_ipv6():
    with ComPort("::1") as server, Probe(os.environ) as probe:
        check(probe(f"open {server.port}"), f"{server.port} lines baud")


def say(*parts):
    """A server that says something and waits for nothing."""

    def serve(connection):
        for part in parts:
            connection.sendall(part)
        while connection.recv(4096):
            pass

    return serve


def say_and_close(text):
    """Closes in an orderly way: what the client sent has been read."""

    def serve(connection):
        connection.recv(4096)
        connection.sendall(text)
        Listener.hang_up(connection)

    return serve


def echo(connection):
    while True:
        connection.sendall(connection.recv(4096))


def test_no_server_of_rfc_2217():
    busy = b"\xff\xfb\x03\xff\xfd\x2c\r\nPort already in use\r\n"
    gone = b"\xff\xfd\x2c\r\nser2net port\r\n\r\nDevice open failure: Value or file not found\r\n"
    rows = [
        (say_and_close(b""), "port-failed", "closed the connection at once"),
        (say_and_close(busy), "port-busy", "said: “Port already in use”"),
        (say_and_close(gone), "port-failed", "“Device open failure: Value or file not found”"),
        (say(), "port-failed", "said nothing within 0.3 s"),
        (say(b"SSH-2.0-OpenSSH_9.2p1\r\n"), "port-failed", "said “SSH-2.0-OpenSSH_9.2p1”"),
        (say(b"\x00\xc0\x55\x81" * 30), "port-failed", "what it sends is not Telnet"),
        (say(b"\xff" * 1001), "port-failed", "what it sends is not Telnet"),
        (say(b"\xff\xfa\x2c" + b"x" * 5000), "port-failed", "what it sends is not Telnet"),
        (echo, "port-failed", "it sends back what it gets"),
    ]
    for serve, code, words in rows:
        with Listener(serve) as server:
            refused(f"{server.port}?timeout=0.3", words, code)


def test_servers_that_will_not():
    rows = [
        ({"refused": [COM_PORT]}, "port-failed", "refuses to share the settings"),
        ({"refused": [BINARY]}, "port-failed", "binary transmission"),
        ({"unanswered": [DATA_SIZE]}, "port-failed", "did not confirm 8 data bits within 0.3 s"),
        ({"unanswered": [BAUD]}, "port-failed", "did not confirm the baud rate within 0.3 s"),
        ({"instead": {DATA_SIZE: b"\x07"}}, "unsupported", "it chose 7, parity 1, 1"),
        ({"instead": {BAUD: b"\x00\x00\x25\x80"}}, "unsupported", "it chose 9600"),
    ]
    for manners, code, words in rows:
        with ComPort(**manners) as server:
            refused(f"{server.port}?timeout=0.3", words, code)


def test_server_that_leaves_out_what_it_may():
    """sredird confirms flow control and not the lines, pyserial's server no mask and no
    signature; some append zeros to the rate."""
    with ComPort(unanswered=[0, CONTROL, 10, 11, PURGE]) as server, Probe(os.environ) as probe:
        server.instead = {BAUD: (115200).to_bytes(4, "big") + bytes(4)}
        check(probe(f"open {server.port}"), f"{server.port} lines baud")


def refused_because_busy(port, tries=5):
    """ser2net says why and closes; its close may overtake that, and then nobody can know."""
    for _ in range(tries - 1):
        try:
            refused(port, "“Port already in use”", "port-busy")
            return
        except AssertionError as error:
            if "another program may be using" not in str(error):
                raise
    refused(port, "“Port already in use”", "port-busy")


def test_ser2net():
    with SerialPorts() as ports, Probe(os.environ) as probe:
        ports.plug("ttyUSB0", Board("esp8266,flash=4M,timing=none,boot=loader"))
        with Ser2net(ports) as server:
            check(probe(f"open {server.port}"), f"{server.port} lines baud")
            ports.forget_changes("ttyUSB0")
            for lines in ("0 0", "0 1", "1 0", "0 0"):
                check(probe(f"lines {lines}"), "ok")
            seen = [f"{change.dtr:d}{change.rts:d}" for change in ports.changes("ttyUSB0")]
            check(seen, ["10", "00", "01", "11", "10", "00"])
            check(probe("baud 921600"), "ok")
            check(probe("lines 0 1"), "ok")
            check(ports.changes("ttyUSB0")[-1].baud, 921600)
            refused_because_busy(server.port)
            ports.unplug("ttyUSB0")
            found = "first what the board has said at its start"
            for _ in range(4096):
                if found.startswith("!"):
                    break
                found = probe("read 1 5000")
            assert found.startswith("!disconnected "), found


def test_ser2net_without_its_port():
    with SerialPorts() as ports, Ser2net(ports, host="::1") as server:
        refused(server.port, "“Device open failure: Value or file not found”")


def test_ser2net_without_rfc_2217():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        with Ser2net(ports, options="=false") as server:
            refused(f"{server.port}?timeout=0.5", "refuses to share the settings")


def test_ser2net_before_a_port_without_lines():
    with SerialPorts() as ports, Probe(os.environ) as probe:
        ports.plug("ttyUSB0", lines=False)
        with Ser2net(ports) as server:
            check(probe(f"open {server.port}?timeout=0.5"), f"{server.port}?timeout=0.5 lines baud")
            found = probe("lines 0 1")
            assert found.startswith("!unsupported ") and "no modem lines" in found, found


if __name__ == "__main__":
    harness.main()
