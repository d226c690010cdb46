#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serial ports as libserialport sees them: list, hot-plug, opening, lines, rates, unplug."""

import os
import time

import harness
from probe import Probe, check
from simtty import CH340, FT232R, MODEM, SerialPorts, Usb


def lines(ports, name):
    """The states that the lines went through, as "dr" with 1 for asserted."""
    return [f"{change.dtr:d}{change.rts:d}" for change in ports.changes(name)]


def test_list_names_boards_likely_ones_first():
    with SerialPorts() as ports:
        ports.plug("ttyACM0", usb=MODEM)
        ports.plug("ttyUSB10", usb=FT232R)
        ports.plug("ttyUSB2")
        ports.plug("ttyUSB3", usb=CH340, forbidden=True)
        with Probe(ports.environ()) as probe:
            check(
                probe("list").split(" ; "),
                [
                    "/dev/ttyUSB2|CP2102N|USB serial · ttyUSB2|likely|",
                    "/dev/ttyUSB3|CH340|USB serial · ttyUSB3|likely|You may not open this port",
                    "/dev/ttyUSB10|FT232R|USB serial · ttyUSB10|likely|",
                    "/dev/ttyACM0|Mobile|USB serial · ttyACM0||",
                ],
            )


def test_list_without_ports():
    with SerialPorts() as ports, Probe(ports.environ()) as probe:
        check(probe("list"), "")
        check(probe("open auto"), "!port-missing No board found: this computer has no serial port")


def test_list_of_ports_without_nodes():
    """As in a sandbox without devices."""
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        ports.plug("ttyUSB1", usb=CH340)
        os.rename(f"{ports.root}/dev/ttyUSB0", f"{ports.root}/hidden")
        with Probe(ports.environ()) as probe:
            check(probe("list"), "/dev/ttyUSB1|CH340|USB serial · ttyUSB1|likely|")
            check(probe("sysfs"), "/dev/ttyUSB1|1a86:7523|USB Serial|")
        os.rename(f"{ports.root}/hidden", f"{ports.root}/dev/ttyUSB0")


def test_list_without_libserialport():
    with SerialPorts() as ports:
        ports.plug("ttyUSB1")
        ports.plug("ttyACM0", usb=FT232R)
        ports.plug("ttyACM1", usb=MODEM)
        with Probe(ports.environ()) as probe:
            check(
                probe("sysfs").split(" ; "),
                [
                    "/dev/ttyACM0|0403:6001|FT232R USB UART|A50285BI",
                    "/dev/ttyUSB1|10c4:ea60|CP2102N USB to UART Bridge Controller|0001",
                    "/dev/ttyACM1|12d1:1506|Mobile|",
                ],
            )


def test_hot_plug_changes_items_one_by_one():
    with SerialPorts() as ports:
        ports.plug("ttyUSB1")
        with Probe(ports.environ()) as probe:
            assert "ttyUSB1" in probe("list")
            start = time.monotonic()
            ports.plug("ttyUSB0", usb=CH340)
            check(probe("events 1"), "+0")
            assert time.monotonic() - start < 1, "the list was slow to follow"
            ports.plug("ttyACM0", usb=MODEM)
            check(probe("events 1"), "+2")
            ports.unplug("ttyUSB1")
            check(probe("events 1"), "-1")
            ports.unplug("ttyUSB0")
            ports.plug("ttyUSB0", usb=FT232R)  # another board at the same node
            check(probe("events 2"), "-0 +0")
            assert probe("list").startswith("/dev/ttyUSB0|FT232R|")


def test_opening_is_raw_exclusive_and_leaves_the_lines():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        with Probe(ports.environ()) as probe, Probe(ports.environ()) as other:
            check(probe("open /dev/ttyUSB0"), "/dev/ttyUSB0 lines baud")
            busy = other("open /dev/ttyUSB0")
            assert busy.startswith("!port-busy /dev/ttyUSB0 is in use by "), busy
            check(ports.changes("ttyUSB0")[-1].baud, 9600)
            check(probe("lines 0 1"), "ok")
            check(ports.changes("ttyUSB0")[-1].baud, 115200)
            check(probe("close"), "ok")
            # Closing leaves the lines alone, or a chip would leave its loader.
            check(lines(ports, "ttyUSB0")[-1], "01")
            check(other("open /dev/ttyUSB0"), "/dev/ttyUSB0 lines baud")


def test_both_lines_change_in_one_step():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        with Probe(ports.environ()) as probe:
            probe("open /dev/ttyUSB0")
            ports.forget_changes("ttyUSB0")
            for state in ("0 0", "0 1", "1 0", "0 0", "1 1"):
                check(probe(f"lines {state}"), "ok")
            check([change.operation for change in ports.changes("ttyUSB0")], ["set"] * 5)
            check(lines(ports, "ttyUSB0"), ["00", "01", "10", "00", "11"])


def test_rates():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        with Probe(ports.environ()) as probe:
            probe("open /dev/ttyUSB0")
            probe("lines 1 0")
            ports.forget_changes("ttyUSB0")
            for baud in (74880, 460800, 921600, 1500000, 115200):
                check(probe(f"baud {baud}"), "ok")
                # A change of rate says the lines again and must not move them.
                check(set(lines(ports, "ttyUSB0")) - {"10"}, set())
                probe("lines 1 0")
                check(ports.changes("ttyUSB0")[-1].baud, baud)


def test_bytes_pass_untouched():
    with SerialPorts() as ports:
        board = ports.plug("ttyUSB0")
        with Probe(ports.environ()) as probe:
            probe("open /dev/ttyUSB0")
            peer = board._master  # pylint: disable=protected-access
            check(probe("write c000110a0d13ff7fc0"), "ok")
            check(os.read(peer, 64).hex(), "c000110a0d13ff7fc0")
            os.write(peer, bytes.fromhex("c0030a0d1113001bc0"))
            check(probe("read 9 2000"), "c0030a0d1113001bc0")
            check(probe("read 1 30"), "")


def test_unplug_is_noticed_at_once():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        with Probe(ports.environ()) as probe:
            probe("open /dev/ttyUSB0")
            start = time.monotonic()
            ports.unplug("ttyUSB0")
            gone = "!disconnected /dev/ttyUSB0: the board was disconnected"
            check(probe("read 1 9000"), gone)
            check(probe("write 00"), gone)
            check(probe("lines 0 1"), gone)
            check(probe("baud 921600"), gone)
            check(probe("open /dev/ttyUSB0"), "!port-missing There is no port /dev/ttyUSB0")
            assert time.monotonic() - start < 1, "unplugging took too long"
            ports.plug("ttyUSB0")
            check(probe("open /dev/ttyUSB0"), "/dev/ttyUSB0 lines baud")


JTAG = Usb("303a", "1001", "Espressif", "USB JTAG", "34:85:18:01:02:03")
OTHER = JTAG._replace(serial="34:85:18:0A:0B:0C")


def test_port_comes_back_under_another_name():
    with SerialPorts() as ports:
        ports.plug("ttyACM0", usb=JTAG)
        with Probe(ports.environ()) as probe:
            probe("open /dev/ttyACM0")
            ports.unplug("ttyACM0")
            check(probe("read 1 9000"), "!disconnected /dev/ttyACM0: the board was disconnected")
            ports.plug("ttyACM0", usb=OTHER)
            gone = "!disconnected the board was disconnected from /dev/ttyACM0"
            check(probe("reopen 300"), gone)
            ports.plug("ttyACM1", usb=JTAG._replace(product="0009"))
            check(probe("reopen 3000"), "/dev/ttyACM1")
            check(probe("baud 921600"), "ok")
            check(probe("lines 0 1"), "ok")
            check(lines(ports, "ttyACM1")[-1], "01")


def test_auto_takes_the_likely_port():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0", usb=MODEM)
        with Probe(ports.environ()) as probe:
            none = probe("open auto")
            assert none.startswith("!port-missing No board found: none of the 1 serial port"), none
            ports.plug("ttyUSB5", usb=CH340)
            check(probe("open auto"), "/dev/ttyUSB5 lines baud")


def test_forbidden_names_the_group():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0", forbidden=True)
        with Probe(ports.environ()) as probe:
            found = probe("open /dev/ttyUSB0")
            prefix = "!port-forbidden /dev/ttyUSB0 may only be opened by the group “"
            assert found.startswith(prefix), found


def test_port_without_modem_lines():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0", lines=False)
        with Probe(ports.environ()) as probe:
            check(probe("open /dev/ttyUSB0"), "/dev/ttyUSB0 baud")
            check(probe("lines 0 1"), "!unsupported /dev/ttyUSB0 has no modem lines")
            check(probe("baud 74880"), "ok")


def test_link_by_id():
    with SerialPorts() as ports:
        ports.plug("ttyUSB0")
        name = "usb-Silicon_Labs_CP2102N_USB_to_UART_Bridge_Controller_0001-if00-port0"
        with Probe(ports.environ()) as probe:
            check(probe(f"open /dev/serial/by-id/{name}"), "/dev/ttyUSB0 lines baud")
            check(probe("close"), "ok")
            check(probe("open ttyUSB0"), "/dev/ttyUSB0 lines baud")


if __name__ == "__main__":
    harness.main()
