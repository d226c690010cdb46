# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's side of src/stub/README.md, written from it and sharing nothing with src/proto."""

import fcntl
import os
import random
import re
import select
import struct
import time
import tty
import zlib

SYNC = bytes([7, 7, 0x12, 0x20]) + b"\x55" * 32
UPLOAD_BLOCK = 0x1800
REPLY_S = 5.0
LOST_S = 0.5
HOLD, VERIFY, PACKED = 1, 2, 4
TCGETS2, TCSETS2 = 0x802C542A, 0x402C542B
TERMIOS2_BYTES = 44
CBAUD, BOTHER = 0o10017, 0o10000
ANSWER_PACKED, IS_PACKED = 1, 1 << 31


def words(*values):
    return struct.pack(f"<{len(values)}I", *values)


def unpack_words(data):
    return struct.unpack(f"<{len(data) // 4}I", data)


def checksum(data):
    result = 0xEF
    for byte in data:
        result ^= byte
    return result


def crc(op, data):
    """What protects a request."""
    return zlib.crc32(bytes([op]) + data)


def read_stub(path):
    """The arrays and addresses of a fg-stub-esp8266.c."""
    text = path.read_text(encoding="utf-8")
    stub = {key: int(value, 16) for key, value in re.findall(r"\.(\w+) = (0x\w+),", text)}
    for name, body in re.findall(r"uint32_t (\w+)\[\d+\] = {(.*?)};", text, re.S):
        stub[name] = words(*(int(word, 16) for word in re.findall(r"0x\w+", body)))
    return stub


class Refused(Exception):
    """A status that is not 0, with the data that came along."""

    def __init__(self, op, status, data):
        super().__init__(f"{op:02x}: {status:04x} {data.hex()}")
        self.status = status
        self.data = data


class Client:
    """A port; damage is the share of frames that get a wrong bit, in either direction."""

    def __init__(self, path):
        self._fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._fd)
        self._received = b""
        self._random = random.Random(8266)
        self.damage = 0.0
        self.packed_answers = 0  # of the last read()

    def close(self):
        os.close(self._fd)

    def _damaged(self, frame):
        if self._random.random() >= self.damage:
            return frame
        at = self._random.randrange(len(frame))
        return frame[:at] + bytes([frame[at] ^ 1 << self._random.randrange(8)]) + frame[at + 1 :]

    def write(self, data):
        while data:
            data = data[os.write(self._fd, data) :]

    def send(self, op, data=b"", check=0):
        frame = struct.pack("<BBHI", 0, op, len(data), check) + data
        frame = frame.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc")
        self.write(b"\xc0" + self._damaged(frame) + b"\xc0")

    def frame(self, timeout):
        """The next frame, or None when none comes in time."""
        deadline = time.monotonic() + timeout
        while True:
            frame, found, rest = self._received.partition(b"\xc0")
            if found:
                self._received = rest
                if frame:
                    frame = self._damaged(frame)
                    return frame.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
                continue
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._fd], [], [], left)[0]:
                return None
            self._received += os.read(self._fd, 65536)

    def reply(self, op, timeout=REPLY_S, checked=False):
        """(value, data, status) of the next reply to op, or None; damaged ones did not happen."""
        deadline = time.monotonic() + timeout
        while (frame := self.frame(max(0.0, deadline - time.monotonic()))) is not None:
            if len(frame) < 10 or frame[:2] != bytes([1, op]):
                continue
            length, value = struct.unpack_from("<HI", frame, 2)
            if length == len(frame) - 8 and (not checked or zlib.crc32(frame[8:]) == value):
                return value, frame[8:-2], frame[-2] << 8 | frame[-1]
        return None

    def command(self, op, data=b"", check=0):
        """(value, data) of a standard command."""
        self.send(op, data, check)
        reply = self.reply(op)
        assert reply, f"no reply to {op:02x}"
        if reply[2]:
            raise Refused(op, reply[2], words(reply[0]))
        return reply[:2]

    def extension(self, op, data=b""):
        """The data of an extension's reply; asks again when there is none."""
        for _ in range(10):
            self.send(op, data, crc(op, data))
            reply = self.reply(op, REPLY_S if not self.damage else LOST_S, checked=True)
            if reply and reply[2]:
                raise Refused(op, reply[2], reply[1])
            if reply:
                return reply[1]
        raise AssertionError(f"no reply to {op:02x}")

    def change_baud(self, wanted, present):
        """Of the stub, and then of the port."""
        self.command(0x0F, words(wanted, present))
        settings = bytearray(TERMIOS2_BYTES)
        fcntl.ioctl(self._fd, TCGETS2, settings)
        flags = struct.unpack_from("I", settings, 8)[0]
        struct.pack_into("I", settings, 8, flags & ~CBAUD | BOTHER)
        struct.pack_into("II", settings, 36, wanted, wanted)
        fcntl.ioctl(self._fd, TCSETS2, settings)

    def expect(self, text):
        """Waits for these bytes, whatever comes before."""
        deadline = time.monotonic() + REPLY_S
        while text not in self._received:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._fd], [], [], left)[0]:
                raise AssertionError(f"{text} did not come, but {self._received}")
            self._received += os.read(self._fd, 65536)

    def start(self, stub):
        """Uploads the stub and waits for its greeting."""
        for _ in range(20):
            self.send(8, SYNC)
            if self.reply(8, 0.2):
                break
        while self.frame(0.05):
            pass
        for part in "text", "data":
            blocks = [
                stub[part][at : at + UPLOAD_BLOCK] for at in range(0, len(stub[part]), UPLOAD_BLOCK)
            ]
            total, address = len(stub[part]), stub[f"{part}_address"]
            self.command(5, words(total, len(blocks), UPLOAD_BLOCK, address))
            for number, block in enumerate(blocks):
                self.command(7, words(len(block), number, 0, 0) + block, checksum(block))
        self.send(6, words(0, stub["entry"]))
        while (frame := self.frame(REPLY_S)) != b"OHAI":
            assert frame, "no greeting"

    def digests(self, offset, count):
        return list(unpack_words(self.extension(0xE1, words(offset, count))))

    def stream(self, runs, data, flags=HOLD | VERIFY | PACKED, packet=1024):
        """Writes the runs, and returns the words of E4's reply."""
        begin = words(flags, packet, len(runs)) + b"".join(words(*run) for run in runs)
        slots = unpack_words(self.extension(0xE2, begin))[0]
        stream = zlib.compress(data, 9) if flags & PACKED else data
        packets = [stream[at : at + packet] for at in range(0, len(stream), packet)]
        sent = {}  # number: when, counted in packets
        arrived = set()
        first = 0

        def send(number):
            payload = words(number) + packets[number]
            sent[number] = max(sent.values(), default=-1) + 1
            self.send(0xE3, payload, crc(0xE3, payload))

        while first < len(packets):
            while len(sent) < min(first + slots, len(packets)):
                send(len(sent))
            reply = self.reply(0xE3, LOST_S, checked=True)
            if not reply:
                send(first)
            elif reply[2] not in (0, 0xC100):
                break  # E4 tells
            elif len(reply[1]) == 16:
                following, later, answered, _ = unpack_words(reply[1])
                first = max(first, following)
                arrived |= {following + 1 + bit for bit in range(32) if later >> bit & 1}
                for number in sorted(set(sent) - arrived):
                    if number >= first and sent[number] < sent.get(answered, -1):
                        send(number)
        return unpack_words(self.extension(0xE4))

    def read(self, offset, length, flags=0):
        """Fast reading: what arrived, in order."""
        request = words(offset, length, flags) if flags else words(offset, length)
        chunks = {}
        self.packed_answers = 0
        self.send(0xE5, request, crc(0xE5, request))
        while reply := self.reply(0xE5, REPLY_S, checked=True):
            if reply[2]:
                raise Refused(0xE5, reply[2], reply[1])
            at, count = unpack_words(reply[1][:8])
            if count == 0:
                break
            if count & IS_PACKED:
                chunks[at] = zlib.decompress(reply[1][8:], -15)
                assert len(chunks[at]) == count & ~IS_PACKED
                self.packed_answers += 1
            else:
                chunks[at] = reply[1][8:] or b"\xff" * count
        return b"".join(chunks[at] for at in sorted(chunks))
