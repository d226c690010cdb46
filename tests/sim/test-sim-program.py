#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""fulgurite-sim as other programs meet it: a pseudo-terminal, a TCP port, a control socket."""
import ctypes
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback

SIM = sys.argv[1]
SYNC = bytes.fromhex('c000082400000000000707' '1220' + '55' * 32 + 'c0')
SYNC_REPLY = bytes.fromhex('c001080200070712200000c0') * 8
READ_MAGIC = bytes.fromhex('c0000a04000000000000100040c0')
MAGIC_REPLY = bytes.fromhex('c0010a020001c1f0ff0000c0')
DEADLINE = 5
PR_SET_PDEATHSIG = 1
TCSETS2 = 0x402C542B
TCGETS2 = 0x802C542A
BOTHER = 0o010000
CBAUD = 0o010017
directory = tempfile.mkdtemp(prefix='fulgurite-sim-')


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Sim:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([SIM, *arguments], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True,
                                        preexec_fn=die_with_parent)
        self.ready = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.stderr = self.process.communicate(timeout=DEADLINE)[1]
        return self.process.returncode


class Control:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(path)

    def ask(self, request):
        self.socket.send(request.encode())
        return self.socket.recv(512).decode()

    def state(self):
        word, *pairs = self.ask('query').split()
        assert word == 'ok', word
        return dict(pair.split('=') for pair in pairs)


def wait_for(condition, what):
    """Polls an outside condition that nothing announces."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, what
        select.select([], [], [], 0.002)


def open_port(path, baud=115200):
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    settings = bytearray(44)
    fcntl.ioctl(fd, TCGETS2, settings)
    flags = list(struct.unpack('4I', settings[:16]))
    flags[2] = flags[2] & ~CBAUD | BOTHER
    settings[:16] = struct.pack('4I', *flags)
    settings[36:44] = struct.pack('2I', baud, baud)
    fcntl.ioctl(fd, TCSETS2, settings)
    return fd


def receive(fd, length):
    got = b''
    end = time.monotonic() + DEADLINE
    while len(got) < length:
        assert select.select([fd], [], [], max(0, end - time.monotonic()))[0], got.hex()
        part = os.read(fd, length - len(got))
        assert part, got.hex()
        got += part
    return got


def talk(fd):
    os.write(fd, SYNC)
    assert receive(fd, len(SYNC_REPLY)) == SYNC_REPLY
    os.write(fd, READ_MAGIC)
    assert receive(fd, len(MAGIC_REPLY)) == MAGIC_REPLY


def test_pty():
    link = os.path.join(directory, 'tty')
    with Sim('--pty', link, '--timing', 'none') as sim:
        assert sim.ready == 'fulgurite-sim: esp8266 on %s -> %s' % (link, os.readlink(link))
        fd = open_port(link)
        talk(fd)
        os.close(fd)
        assert sim.stop() == 0
        assert not os.path.lexists(link)


def test_pty_without_link():
    with Sim('--timing', 'none') as sim:
        path = sim.ready.split(' on ')[1]
        assert path.startswith('/dev/pts/'), sim.ready
        fd = open_port(path)
        talk(fd)
        os.close(fd)


def test_tcp():
    with Sim('--listen', '0', '--timing', 'none', '--chip', 'esp8285') as sim:
        name, place = sim.ready.split(' on socket://')
        assert name == 'fulgurite-sim: esp8285'
        host, port = place.split(':')
        for _ in range(3):
            with socket.create_connection((host, int(port))) as client:
                talk(client.fileno())
        with socket.create_connection((host, int(port))) as client:
            talk(client.fileno())
            with socket.create_connection((host, int(port))) as second:
                second.settimeout(DEADLINE)
                assert second.recv(1) == b''
            os.write(client.fileno(), READ_MAGIC)
            assert receive(client.fileno(), 12) == MAGIC_REPLY
        assert sim.stop(signal.SIGINT) == 0


def test_other_chip():
    """Four status bytes, and security information where an ESP8266 has none."""
    with Sim('--listen', '0', '--timing', 'none', '--chip', 'esp32c3') as sim:
        assert sim.ready.startswith('fulgurite-sim: esp32c3 on socket://')
        port = int(sim.ready.rsplit(':', 1)[1])
        with socket.create_connection(('127.0.0.1', port)) as client:
            os.write(client.fileno(), SYNC)
            reply = bytes.fromhex('c00108040007071220' '00000000' 'c0') * 8
            assert receive(client.fileno(), len(reply)) == reply
            os.write(client.fileno(), bytes.fromhex('c00014000000000000c0'))
            reply = bytes.fromhex('c00114180007071220' + '00' * 12 + '05' + '00' * 11 + 'c0')
            assert receive(client.fileno(), len(reply)) == reply


def test_usb_port_goes_and_comes():
    """The sequence for a chip's own USB port: it is gone for a while, and comes back in the
    loader."""
    link, control = os.path.join(directory, 'tty'), os.path.join(directory, 'control')
    with Sim('--chip', 'esp32c3', '--pty', link, '--spec', 'usb=jtag,boot=flash,timing=none',
             '--control', control):
        board = Control(control)
        fd = open_port(link)
        for request in ('lines 0 0', 'lines 1 0', 'lines 1 1'):
            assert ' plugged=1 ' in board.ask(request)
        assert ' plugged=0 ' in board.ask('lines 0 1')
        os.close(fd)
        wait_for(lambda: ' plugged=1 ' in board.ask('query'), 'the port did not come back')
        assert board.state()['state'] == 'loader'
        fd = open_port(link)
        os.write(fd, READ_MAGIC)
        assert receive(fd, 2)[1] == 1
        os.close(fd)


def test_real_timing():
    """The first SYNC is used up by auto-baud; bytes take their time."""
    link = os.path.join(directory, 'tty')
    with Sim('--pty', link) as sim:
        fd = open_port(link, 9600)
        start = time.monotonic()
        os.write(fd, SYNC + SYNC)
        assert receive(fd, len(SYNC_REPLY)) == SYNC_REPLY
        # two requests and the replies: 188 bytes of 1.04 ms
        assert time.monotonic() - start > 0.19
        os.close(fd)


def test_rate_of_the_client():
    link, control = os.path.join(directory, 'tty'), os.path.join(directory, 'control')
    with Sim('--pty', link, '--timing', 'none', '--control', control):
        board = Control(control)
        for baud in (74880, 115200, 921600):
            fd = open_port(link, baud)
            talk(fd)
            state = board.state()
            assert state['host-baud'] == str(baud), state
            assert abs(int(state['baud']) / baud - 1) < 0.02, state
            os.close(fd)
            wait_for(lambda: board.state()['baud'] == '74928', 'the board is not fresh')


def test_fresh_for_each_client():
    link, control = os.path.join(directory, 'tty'), os.path.join(directory, 'control')
    with Sim('--pty', link, '--timing', 'none', '--control', control):
        board = Control(control)
        fd = open_port(link)
        os.write(fd, SYNC + bytes.fromhex('c000040400000000000100' '0000c0'))
        receive(fd, len(SYNC_REPLY) + 12)
        assert board.state()['state'] == 'booted'
        os.close(fd)
        wait_for(lambda: board.state()['state'] == 'loader', 'not back in the loader')
        fd = open_port(link)
        talk(fd)
        os.close(fd)


def test_lines():
    link, control = os.path.join(directory, 'tty'), os.path.join(directory, 'control')
    with Sim('--pty', link, '--timing', 'none', '--spec', 'boot=flash', '--control', control):
        board = Control(control)
        assert board.state()['state'] == 'booted'
        assert board.ask('lines 0 1').startswith('ok state=off ')
        assert board.ask('lines 1 0').startswith('ok ')
        wait_for(lambda: board.state()['state'] == 'loader', 'EN did not rise')
        assert board.ask('lines 0 0').startswith('ok state=loader ')
        fd = open_port(link)
        talk(fd)
        # what was written before the request has its effect before it
        os.write(fd, READ_MAGIC)
        assert board.ask('lines 0 1').startswith('ok state=off ')
        assert receive(fd, 12) == MAGIC_REPLY
        os.close(fd)


def test_control_errors():
    control = os.path.join(directory, 'control')
    with Sim('--timing', 'none', '--control', control):
        board = Control(control)
        assert board.ask('dance') == 'error the requests are: lines DTR RTS, unplug, replug, query'
        assert board.ask('lines 1') == 'error lines takes 2 numbers'
        assert board.ask('lines 1 2') == 'error 2 is neither 0 nor 1'
    assert not os.path.lexists(control)


def test_unplug():
    link, control = os.path.join(directory, 'tty'), os.path.join(directory, 'control')
    with Sim('--pty', link, '--timing', 'none', '--control', control):
        board = Control(control)
        fd = open_port(link)
        talk(fd)
        assert ' plugged=0 ' in board.ask('unplug')
        assert not os.path.lexists(link)
        try:
            assert os.read(fd, 1) == b''
        except OSError:
            pass
        os.close(fd)
        assert ' plugged=1 ' in board.ask('replug')
        fd = open_port(link)
        talk(fd)
        os.close(fd)


def test_unplug_fault_on_tcp():
    with Sim('--listen', '0', '--timing', 'none', '--spec', 'unplug=50') as sim:
        port = int(sim.ready.rsplit(':', 1)[1])
        with socket.create_connection(('127.0.0.1', port)) as client:
            client.settimeout(DEADLINE)
            client.send(SYNC + READ_MAGIC)
            got = b''
            while part := client.recv(4096):
                got += part
            assert got == SYNC_REPLY, got.hex()


def test_image_survives_kill():
    image = os.path.join(directory, 'flash.img')
    with Sim('--listen', '0', '--timing', 'none', '--flash', '256K', '--image', image) as sim:
        with socket.create_connection(('127.0.0.1', int(sim.ready.rsplit(':', 1)[1]))) as client:
            talk(client.fileno())
            client.send(bytes.fromhex('c00002100000000000' '00100000' '01000000' '00040000'
                                      '00300000' 'c0'))
            receive(client.fileno(), 12)
            client.send(bytes.fromhex('c0000314000b000000' '04000000' + '00' * 12
                                      + 'dbdcdbdd00ff' 'c0'))
            receive(client.fileno(), 12)
            sim.stop(signal.SIGKILL)
    with open(image, 'rb') as file:
        data = file.read()
    assert len(data) == 256 * 1024
    assert data[0x3000:0x3006].hex() == 'c0db00ffffff'
    assert data.count(b'\xff') == len(data) - 3


def test_old_link_is_replaced():
    link = os.path.join(directory, 'tty')
    with Sim('--pty', link, '--timing', 'none') as sim:
        sim.stop(signal.SIGKILL)
    assert os.path.lexists(link)
    with Sim('--pty', link, '--timing', 'none'):
        fd = open_port(link)
        talk(fd)
        os.close(fd)


def test_failures():
    file = os.path.join(directory, 'file')
    with open(file, 'w') as output:
        output.write('precious')
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments, status, text in (
                (['--chip', 'esp9'], 2, 'there is no chip'),
                (['--spec', 'nonsense=1'], 2, 'there is no key'),
                (['--timing', 'fast'], 2, 'timing=fast is not understood'),
                (['--listen', '70000'], 2, 'from 0 to 65535'),
                (['--listen', '0', '--pty', file], 2, 'exclude one another'),
                (['--nonsense'], 2, '--nonsense'),
                (['stray'], 2, 'unexpected argument'),
                (['--image', '/nonexistent/flash.img'], 1, '/nonexistent/flash.img'),
                (['--listen', port], 1, 'TCP port ' + port),
                (['--pty', file], 1, file),
                (['--control', file], 1, file)):
            with Sim(*arguments) as sim:
                assert sim.stop() == status, (arguments, sim.stderr)
                assert text in sim.stderr and sim.stderr.startswith('fulgurite-sim: '), sim.stderr
                assert sim.ready == ''
    with open(file) as kept:
        assert kept.read() == 'precious'


def test_help():
    text = subprocess.run([SIM, '--help'], capture_output=True, text=True, check=True).stdout
    for word in ('--pty', '--listen', '--rfc2217', '--control', 'corrupt-rx=K', 'lines DTR RTS',
                 'esp8285n08', 'esp32, esp32s3', 'usb=no|jtag|otg'):
        assert word in text, word
    text = subprocess.run([SIM, '--version'], capture_output=True, text=True, check=True).stdout
    assert text.startswith('fulgurite-sim ')


def main():
    tests = [(name, test) for name, test in globals().items() if name.startswith('test_')]
    failed = 0
    print('1..%d' % len(tests))
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print('ok %d %s' % (number, name), flush=True)
        except Exception:
            failed += 1
            print('not ok %d %s' % (number, name), flush=True)
            traceback.print_exc()
        for left in os.listdir(directory):
            os.unlink(os.path.join(directory, left))
    os.rmdir(directory)
    sys.exit(failed != 0)


main()
