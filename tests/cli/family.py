# SPDX-License-Identifier: GPL-3.0-or-later
"""Where each chip keeps its facts, read from Espressif's documents and not from our code.

A field is a list of (word of the block, lowest bit, number of bits), least significant part first.
Sources: the technical reference manuals' eFuse chapters, and esptool's targets.
"""

import dataclasses
import random

WIFI, BLE = "Wi-Fi", "Bluetooth 5 LE"
WIFI_6, RADIO = "Wi-Fi 6", "IEEE 802.15.4"
ONE, TWO = "Single core", "Dual core"
VENDORS = {1: "XMC", 2: "GigaDevice", 3: "Fudan", 4: "TT"}


@dataclasses.dataclass
class Chip:
    """One chip: the fields, what their codes mean, and what it is called."""

    name: str
    features: list
    packages: dict  # by number
    package: list = dataclasses.field(default_factory=list)
    minor: list = dataclasses.field(default_factory=list)
    major: list = dataclasses.field(default_factory=list)
    flash: list = dataclasses.field(default_factory=list)
    flash_mb: dict = dataclasses.field(default_factory=dict)
    vendor: list = dataclasses.field(default_factory=list)
    vendor_5: str = None
    psram: list = dataclasses.field(default_factory=list)
    psram_mb: dict = dataclasses.field(default_factory=dict)
    block: int = 0x44  # offset of the block; its first two words are the MAC address
    eui64: bool = False
    crystals: tuple = (40,)
    by_memory: dict = dataclasses.field(default_factory=dict)  # (package, flash, psram): name


# Minor revision in two parts, major, package, flash and vendor, as on the S3 and the C3.
S3_MINOR = [(3, 18, 3), (5, 23, 1)]
LATER_CHIPS = {
    "esp32s2": Chip(
        "ESP32-S2",
        [WIFI, ONE, "240 MHz"],
        {0: "ESP32-S2"},
        minor=[(4, 4, 3), (3, 20, 1)],
        major=[(3, 18, 2)],
        package=[(4, 0, 4)],
        flash=[(3, 21, 4)],
        flash_mb={1: 2, 2: 4},
        psram=[(3, 28, 4)],
        psram_mb={1: 2, 2: 4},
        by_memory={
            (0, 1, 0): "ESP32-S2FH2",
            (0, 2, 0): "ESP32-S2FH4",
            (0, 0, 1): "ESP32-S2R2",
            (0, 2, 1): "ESP32-S2FNR2",
        },
    ),
    "esp32s3": Chip(
        "ESP32-S3",
        [WIFI, BLE, TWO, "240 MHz"],
        {0: "ESP32-S3 (QFN56)", 1: "ESP32-S3-PICO-1 (LGA56)"},
        package=[(3, 21, 3)],
        minor=S3_MINOR,
        major=[(5, 24, 2)],
        flash=[(3, 27, 3)],
        flash_mb={1: 8, 2: 4},
        vendor=[(4, 0, 3)],
        vendor_5="Boya",
        psram=[(4, 3, 2), (5, 19, 1)],
        psram_mb={1: 8, 2: 2, 3: 16, 4: 4},
    ),
    "esp32c3": Chip(
        "ESP32-C3",
        [WIFI, BLE, ONE, "160 MHz"],
        {
            0: "ESP32-C3 (QFN32)",
            1: "ESP8685 (QFN28)",
            2: "ESP32-C3 AZ (QFN32)",
            3: "ESP8686 (QFN24)",
        },
        package=[(3, 21, 3)],
        minor=S3_MINOR,
        major=[(5, 24, 2)],
        flash=[(3, 27, 3)],
        flash_mb={1: 4, 2: 2, 3: 1, 4: 8},
        vendor=[(4, 0, 3)],
        vendor_5="Zbit",
    ),
    "esp32c2": Chip(
        "ESP32-C2",
        [WIFI, BLE, ONE, "120 MHz"],
        {0: "ESP32-C2", 1: "ESP8684H"},
        block=0x40,
        package=[(1, 22, 3)],
        minor=[(1, 16, 4)],
        major=[(1, 20, 2)],
        flash=[(7, 29, 3)],
        flash_mb={1: 4, 2: 2, 3: 1},
        vendor=[(7, 24, 3)],
        vendor_5="Zbit",
        crystals=(26, 40),
    ),
    "esp32c5": Chip(
        "ESP32-C5",
        ["Wi-Fi 6 (2.4 and 5 GHz)", BLE, RADIO, ONE, "240 MHz"],
        {0: "ESP32-C5"},
        package=[(2, 26, 3)],
        minor=[(2, 0, 4)],
        major=[(2, 4, 2)],
        eui64=True,
        crystals=(40, 48),
    ),
    "esp32c6": Chip(
        "ESP32-C6",
        [WIFI_6, BLE, RADIO, ONE, "160 MHz"],
        {0: "ESP32-C6 (QFN40)", 1: "ESP32-C6 (QFN32)"},
        package=[(3, 24, 3)],
        minor=[(3, 18, 4)],
        major=[(3, 22, 2)],
        flash=[(4, 0, 3)],
        flash_mb={1: 4, 2: 8},
        eui64=True,
        by_memory={(1, 1, 0): "ESP32-C6FH4 (QFN32)", (1, 2, 0): "ESP32-C6FH8 (QFN32)"},
    ),
    "esp32c61": Chip(
        "ESP32-C61",
        [WIFI_6, BLE, ONE, "160 MHz"],
        {0: "ESP32-C61"},
        package=[(2, 26, 3)],
        minor=[(2, 0, 4)],
        major=[(2, 4, 2)],
    ),
    "esp32h2": Chip(
        "ESP32-H2",
        [BLE, RADIO, ONE, "96 MHz"],
        {0: "ESP32-H2"},
        package=[(4, 0, 3)],
        minor=[(3, 18, 3)],
        major=[(3, 21, 2)],
        eui64=True,
        crystals=(32,),
    ),
    "esp32h21": Chip(
        "ESP32-H21",
        [BLE, RADIO, ONE, "96 MHz"],
        {0: "ESP32-H21"},
        package=[(5, 11, 3)],
        minor=[(5, 4, 4)],
        major=[(5, 8, 2)],
        eui64=True,
        crystals=(32,),
    ),
    "esp32h4": Chip(
        "ESP32-H4",
        [BLE, RADIO, TWO, "96 MHz"],
        {0: "ESP32-H4"},
        package=[(4, 12, 3)],
        minor=[(3, 18, 4)],
        major=[(3, 22, 2)],
        eui64=True,
        crystals=(32,),
    ),
    "esp32p4": Chip(
        "ESP32-P4",
        [TWO, "400 MHz"],
        {0: "ESP32-P4"},
        package=[(2, 20, 3)],
        minor=[(2, 0, 4)],
        major=[(2, 4, 2), (2, 23, 1)],
    ),
    "esp32s31": Chip(
        "ESP32-S31",
        [WIFI_6, BLE, RADIO, TWO, "300 MHz"],
        {0: "ESP32-S31"},
        block=0x50,
        package=[(4, 6, 2)],
        minor=[(3, 18, 4)],
        major=[(3, 22, 2)],
    ),
    "esp32e22": Chip("ESP32-E22", ["Wi-Fi 6E", "Bluetooth"], {0: "ESP32-E22"}),
}


class Identity:
    """What one chip of a kind could be, by chance: the same each time."""

    def __init__(self, chip, seed):
        chance = random.Random(f"{chip.name} {seed}")

        def code(field, known=None):
            if not field:
                return 0
            return chance.choice(known) if known else chance.randrange(1 << min(3, _bits(field)))

        self.chip = chip
        self.mac = bytes([0x24 + 4 * chance.randrange(8)]) + chance.randbytes(5)
        self.extension = chance.randbytes(2)
        self.package = code(chip.package, sorted(chip.packages))
        self.minor, self.major = code(chip.minor), code(chip.major)
        self.flash = code(chip.flash, [0, *chip.flash_mb])
        self.psram = code(chip.psram, [0, *chip.psram_mb])
        self.vendor = code(chip.vendor, [1, 2, 3, 4, 5]) if self.flash else 0
        self.crystal = chance.choice(chip.crystals)

    def words(self):
        """The words of the block, by their offsets in the eFuses."""
        chip, words = self.chip, {}
        _burn(words, [(0, 0, 32), (1, 0, 16)], int.from_bytes(self.mac, "big"))
        if chip.eui64:
            _burn(words, [(1, 16, 16)], int.from_bytes(self.extension, "big"))
        for name in ("package", "minor", "major", "flash", "vendor", "psram"):
            _burn(words, getattr(chip, name), getattr(self, name))
        return {chip.block + 4 * word: value for word, value in words.items()}

    def expected(self):
        """What detect must say of it."""
        chip = self.chip
        features = list(chip.features)
        if self.flash:
            maker = {**VENDORS, 5: chip.vendor_5}.get(self.vendor)
            by = f" ({maker})" if maker else ""
            features.append(f"Embedded flash {chip.flash_mb[self.flash]} MB{by}")
        if self.psram:
            features.append(f"Embedded PSRAM {chip.psram_mb[self.psram]} MB")
        memory = (self.package, self.flash, self.psram)
        facts = {
            "chip": chip.name,
            "variant": chip.by_memory.get(memory, chip.packages[self.package]),
            "revision": 100 * self.major + self.minor,
            "features": features,
            "mac": address(self.mac),
            "crystal_mhz": self.crystal,
        }
        if chip.eui64:
            facts["eui64"] = address(self.mac[:3] + self.extension + self.mac[3:])
        if self.psram:
            facts["psram_size"] = chip.psram_mb[self.psram] << 20
        return facts


def address(data):
    """Bytes as an address is written."""
    return data.hex(":").upper()


def _bits(field):
    return sum(bits for _, _, bits in field)


def _burn(words, field, value):
    for word, shift, bits in field:
        words[word] = words.get(word, 0) | (value & (1 << bits) - 1) << shift
        value >>= bits
    assert value == 0, (field, "has no room for the value")
