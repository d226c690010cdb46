#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated processor against another one: generated sequences of instructions run on it and on
QEMU's LX106, and must leave the same registers and the same memory."""
import random
import subprocess
import sys
import tempfile
from pathlib import Path

RUN = sys.argv[1]
CODE, DATA, RESET = 0x40100000, 0x3FFE8000, 0x50000000
SCRATCH = 64  # bytes of memory that a case works in; a14 points to its middle
KEPT = list(range(2, 14))  # registers that a case uses
CASE_LEN = 4 * (len(KEPT) + 1) + SCRATCH
CASES = 150
STEPS = 14
TIMEOUT = 60
SPECIAL = [0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFF8000, 0x8000, 0xFFFF]
B4CONST = [-1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256]
B4CONSTU = [32768, 65536, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256]

THREE = ('and or xor add addx2 addx4 addx8 sub subx2 subx4 subx8 mul16u mul16s mull src '
         'moveqz movnez movltz movgez add.n')
TWO = 'neg abs nsa nsau mov mov.n srl sll sra'
BRANCHES = 'beq bne blt bge bltu bgeu bnone bany ball bnall bbc bbs'
BRANCHES_ZERO = 'beqz bnez bltz bgez beqz.n bnez.n'
BRANCHES_CONST = 'beqi bnei blti bgei'
PATTERNS = {
    'three': lambda g: f'{g.name(THREE)} {g.reg()}, {g.reg()}, {g.reg()}',
    'two': lambda g: f'{g.name(TWO)} {g.reg()}, {g.reg()}',
    'sar': lambda g: f"{g.name('ssr ssl ssa8l ssa8b')} {g.reg()}",
    'ssai': lambda g: f'ssai {g.below(32)}',
    'slli': lambda g: f'slli {g.reg()}, {g.reg()}, {1 + g.below(31)}',
    'srai': lambda g: f'srai {g.reg()}, {g.reg()}, {g.below(32)}',
    'srli': lambda g: f'srli {g.reg()}, {g.reg()}, {g.below(16)}',
    'extui': lambda g: g.extui(),
    'addi': lambda g: f'addi {g.reg()}, {g.reg()}, {g.below(256) - 128}',
    'addmi': lambda g: f'addmi {g.reg()}, {g.reg()}, {(g.below(256) - 128) * 256}',
    'addi.n': lambda g: f'addi.n {g.reg()}, {g.reg()}, {g.pick([-1, *range(1, 16)])}',
    'movi': lambda g: f'movi {g.reg()}, {g.below(4096) - 2048}',
    'movi.n': lambda g: f'movi.n {g.reg()}, {g.below(128) - 32}',
    'load': lambda g: g.memory('l8ui l16ui l16si l32i l32i.n'),
    'store': lambda g: g.memory('s8i s16i s32i s32i.n'),
    'rsr': lambda g: f'rsr.sar {g.reg()}',
    'xsr': lambda g: f'extui a13, {g.reg()}, 0, 5\n xsr.sar a13',
    'branch': lambda g: g.branch(f'{g.name(BRANCHES)} {g.reg()}, {g.reg()}'),
    'branch-bit': lambda g: g.branch(f"{g.name('bbci bbsi')} {g.reg()}, {g.below(32)}"),
    'branch-zero': lambda g: g.branch(f'{g.name(BRANCHES_ZERO)} {g.reg()}'),
    'branch-const': lambda g: g.branch(
        f'{g.name(BRANCHES_CONST)} {g.reg()}, {g.pick(B4CONST)}'),
    'branch-constu': lambda g: g.branch(
        f"{g.name('bltui bgeui')} {g.reg()}, {g.pick(B4CONSTU)}"),
    'call': lambda g: g.call(),
    'jump': lambda g: g.branch('j'),
    'loop': lambda g: g.loop(),
}


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.labels = 0

    def pick(self, choices):
        return self.random.choice(choices)

    def name(self, names):
        return self.pick(names.split())

    def below(self, limit):
        return self.random.randrange(limit)

    def reg(self):
        return f'a{self.pick(KEPT)}'

    def value(self):
        return self.pick(SPECIAL) if self.below(3) == 0 else self.random.getrandbits(32)

    def label(self):
        self.labels += 1
        return f'l{self.labels}'

    def extui(self):
        shift = self.below(32)
        return f'extui {self.reg()}, {self.reg()}, {shift}, {1 + self.below(min(16, 32 - shift))}'

    def memory(self, names):
        name = self.name(names)
        unit = 1 if '8' in name else 2 if '16' in name else 4
        return f'{name} {self.reg()}, a14, {self.below(SCRATCH // unit) * unit}'

    def branch(self, condition):
        label = self.label()
        middle = (f'xor {self.reg()}, {self.reg()}, {self.reg()}\n'
                  f' addi.n {self.reg()}, {self.reg()}, 3')
        comma = '' if condition == 'j' else ','
        return f'{condition}{comma} {label}\n {middle}\n{label}:'

    def call(self):
        over, function = self.label(), self.label()
        how = self.pick([f'call0 {function}', f'movi a13, {function}\n callx0 a13'])
        body = f'add {self.reg()}, {self.reg()}, {self.reg()}'
        return (f'{how}\n j {over}\n .align 4\n{function}:\n {body}\n'
                f" {self.pick(['ret', 'ret.n', 'jx a0'])}\n{over}:\n movi a13, 77")

    def loop(self):
        label = self.label()
        return (f'movi.n a13, {1 + self.below(9)}\n{label}:\n add a12, a12, {self.reg()}\n'
                f' addi a13, a13, -1\n bnez a13, {label}')

    def case(self, kinds):
        lines = ['mov a14, a15']
        for i in range(SCRATCH // 4):
            lines += [f'movi a2, {self.value()}', f's32i a2, a14, {4 * i}'] if i % 4 == 0 else \
                [f's32i a{2 + i % 3}, a14, {4 * i}']
        lines += [f'movi a{n}, {self.value()}' for n in KEPT]
        lines += [f'ssai {self.below(32)}']
        for kind in kinds:  # the assembler must not choose other forms than those that are written
            lines += ['.begin no-transform'] if kind != 'call' else []
            lines += [PATTERNS[kind](self)]
            lines += ['.end no-transform'] if kind != 'call' else []
        lines += [f's32i a{n}, a15, {SCRATCH + 4 * i}' for i, n in enumerate(KEPT)]
        lines += ['rsr.sar a2', f's32i a2, a15, {SCRATCH + 4 * len(KEPT)}',
                  f'movi a2, {CASE_LEN}', 'add a15, a15, a2']
        over = self.label()
        lines += [f'j {over}', '.literal_position', f'{over}:']  # L32R reaches so far only
        return lines


def plan(seed):
    """Every pattern alone, some times; then mixtures of all."""
    chooser = random.Random(seed)
    kinds = [[kind] * 3 for kind in PATTERNS] * 2
    while len(kinds) < CASES:
        kinds.append([chooser.choice(list(PATTERNS)) for _ in range(STEPS)])
    return kinds


def program(cases, total):
    # QEMU starts at the reset vector; simcalls write the results and end it, or are not known.
    return '\n '.join([
        '.section .boot, "ax"\n j 1f\n .literal_position\n1:\n movi a0, _start\n jx a0',
        '.text\n .literal_position\n .global _start\n_start:', f'movi a15, {DATA}',
        *cases,
        'j done\n .literal_position\ndone:', 'movi a2, 4', 'movi a3, 1', f'movi a4, {DATA}',
        f'movi a5, {total}', 'simcall', 'movi a2, 1', 'movi a3, 0', 'simcall']) + '\n'


def tool(*arguments):
    done = subprocess.run(arguments, capture_output=True, timeout=TIMEOUT)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, arguments))}: {done.stderr.decode()}")
    return done.stdout


def build(folder, source):
    path = folder / 'program.S'
    path.write_text(source)
    elf, flat = folder / 'program.elf', folder / 'program.bin'
    tool('xtensa-lx106-elf-gcc', '-nostdlib', '-mtext-section-literals',
         f'-Wl,-Ttext={CODE:#x}', f'-Wl,--section-start=.boot={RESET:#x}', '-Wl,-e,_start',
         '-o', elf, path)
    tool('xtensa-lx106-elf-objcopy', '-O', 'binary', '-j', '.text', elf, flat)
    symbols = tool('xtensa-lx106-elf-nm', elf).decode().split('\n')
    entry = next(line.split()[0] for line in symbols if line.endswith(' _start'))
    return elf, flat, entry


def differences(kinds, ours, theirs):
    for i, kind in enumerate(kinds):
        mine, other = (x[i * CASE_LEN:(i + 1) * CASE_LEN] for x in (ours, theirs))
        for at in range(0, CASE_LEN, 4):
            if mine[at:at + 4] != other[at:at + 4]:
                index = (at - SCRATCH) // 4
                where = f'memory {at}' if at < SCRATCH else \
                    f'a{KEPT[index]}' if index < len(KEPT) else 'sar'
                yield (f"case {i} ({' '.join(kind)}): {where} is {mine[at:at + 4][::-1].hex()}, "
                       f'QEMU says {other[at:at + 4][::-1].hex()}')
                break


def check(seed):
    generator = Generator(seed)
    kinds = plan(seed)
    total = CASE_LEN * len(kinds)
    with tempfile.TemporaryDirectory(prefix='fulgurite-lx106-') as name:
        cases = [line for kind in kinds for line in generator.case(kind)]
        elf, flat, entry = build(Path(name), program(cases, total))
        ours = tool(RUN, flat, entry, str(total))
        theirs = tool('qemu-system-xtensa', '-M', 'sim', '-cpu', 'lx106', '-semihosting',
                      '-display', 'none', '-monitor', 'none', '-serial', 'none', '-kernel', elf)
    if len(theirs) != total:
        return [f'QEMU wrote {len(theirs)} bytes, not {total}']
    return list(differences(kinds, ours, theirs))


def main():
    seeds = [1, 2, 3]
    print(f'1..{len(seeds)}')
    for number, seed in enumerate(seeds, 1):
        try:
            found = check(seed)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            found = [str(error)]
        for line in found[:10]:
            print(f'# {line}')
        print(f"{'not ok' if found else 'ok'} {number} - {CASES} sequences, seed {seed}")


main()
