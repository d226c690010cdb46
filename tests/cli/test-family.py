#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of every simulated chip, from the eFuse words that this test burns itself."""

import os
import random
import re
import subprocess

import harness
from cli import cases, run, side_by_side
from family import LATER_CHIPS, Identity, address

WINBOND = 0xEF
NOTHING_ON = {
    "secure_boot": False,
    "flash_encryption": False,
    "secure_download": False,
    "jtag_disabled": False,
    "usb_disabled": False,
}


def detect(chip, *keys):
    """What is said of a board with this chip and these keys."""
    port = ",".join([f"sim:{chip}", "timing=none", *keys])
    return run("--port", port, "--json", "detect").result()


def check(result, expected):
    """Compares member by member, so that a failure tells which one."""
    for name, value in expected.items():
        assert result[name] == value, (name, result[name], value, result)
    assert ("eui64" in result) == ("eui64" in expected), result


def check_flash(result, megabytes, embedded):
    """A Winbond flash: its third id byte is the logarithm of the size."""
    flash = result["flash"]
    assert flash["manufacturer_id"] == WINBOND and flash["manufacturer"] == "Winbond", result
    assert flash["device_id"] == 0x4000 + 19 + megabytes.bit_length(), result
    assert flash["size"] == megabytes << 20, result
    assert flash["embedded_size"] == (embedded << 20 if embedded else None), result


def burnt(words):
    """The words as the simulator takes them."""
    return "efuse=" + ":".join(f"{offset:x}@{word:x}" for offset, word in sorted(words.items()))


def check_words(name, seed):
    chip = LATER_CHIPS[name]
    identity = Identity(chip, seed)
    nothing = ":".join(["00"] * (8 if chip.eui64 else 6))
    keys = [f"mac={nothing}", "revision=0.0", f"crystal={identity.crystal}", "flash=4M"]
    result = detect(name, *keys, burnt(identity.words()))
    check(result, {**identity.expected(), "security": NOTHING_ON})
    check_flash(result, 4, chip.flash_mb.get(identity.flash))
    assert result["recommended"]["mode"] == "dio", result


def check_keys(name):
    """The simulator's own reading of where these facts are: the two must agree."""
    chip = LATER_CHIPS[name]
    identity = Identity(chip, "keys")
    mac = identity.mac[:3] + identity.extension * chip.eui64 + identity.mac[3:]
    keys = {
        "mac": address(mac),
        "revision": f"{identity.major}.{identity.minor}",
        "crystal": identity.crystal,
        "package": identity.package,
        "flash-inside": chip.flash_mb.get(identity.flash, 0),
        "flash-vendor": identity.vendor,
        "psram": chip.psram_mb.get(identity.psram, 0),
        "secure-boot": "yes",
        "encryption": "yes",
        "flash": "8M",
    }
    result = detect(name, *(f"{key}={value}" for key, value in keys.items()))
    security = {**NOTHING_ON, "secure_boot": True, "flash_encryption": True}
    check(result, {**identity.expected(), "security": security})
    check_flash(result, 8, chip.flash_mb.get(identity.flash))


def check_locked(name):
    """In secure download mode no register can be read: nothing is made up."""
    result = detect(name, "sdm=yes")
    expected = {"chip": LATER_CHIPS[name].name, "mac": None, "revision": None, "features": []}
    check(result, {**expected, "security": {**NOTHING_ON, "secure_download": True}})
    assert result["flash"]["size"] is None and result["flash"]["device_id"] is None, result


cases(globals(), "words", [(name, name, "words") for name in LATER_CHIPS], check_words)
cases(globals(), "other_words", [(name, name, "others") for name in LATER_CHIPS], check_words)
cases(globals(), "keys", [(name, name) for name in LATER_CHIPS], check_keys)
cases(globals(), "locked", [(name, name) for name in LATER_CHIPS], check_locked)


def test_first_s3_is_revision_0():
    """Of block version 1.1, whose major part is in block 2, the revision's bits mean nothing."""
    minor_high, block_minor, block_major = 1 << 23, 1 << 24, 1
    words = {0x44 + 4 * 3: block_minor, 0x44 + 4 * 5: minor_high | 1 << 24, 0x6C: block_major}
    assert detect("esp32s3", "revision=0.0", burnt(words))["revision"] == 0
    words[0x6C] = 2
    assert detect("esp32s3", "revision=0.0", burnt(words))["revision"] == 108


# name, revision, what is burnt beside it: the ROM of 3.2 may power the flash itself
P4_POWER = [
    ("on_by_itself", "3.0", {}),
    ("off_3_1", "3.1", {}),
    ("off_3_2", "3.2", {}),
    ("by_the_rom", "3.2", {0x34: 1 << 16}),
]


def check_p4_power(revision, words):
    """A flash without power would read FFFFFF."""
    keys = [f"revision={revision}", burnt(words)] if words else [f"revision={revision}"]
    check_flash(detect("esp32p4", *keys), 16, None)


cases(globals(), "p4_flash", P4_POWER, check_p4_power)

# The ESP32's words 1 and 2: the address, a checksum of it above.
ESP32_MAC = bytes.fromhex("24 0A C4 A1 B2 C3")
ESP32_PADS = {3: 11 << 4, 5: 6 | 17 << 5 | 8 << 10 | 16 << 15}  # where flash inside is wired to
V1, V2 = 1 << 4, 1 << 5  # of secure boot, in word 6

# name, revision, package, word 3, word 0, word 6, variant, features, secure boot, encryption
ESP32S = [
    ("q6", "1.1", 0, 0, 0, 0, "ESP32-D0WDQ6", ["Dual core"], False, False),
    ("q6_v3", "3.1", 0, 0, 0, 0, "ESP32-D0WDQ6-V3", ["Dual core"], False, False),
    ("single_q6", "1.0", 0, 1, 0, 0, "ESP32-S0WDQ6", ["Single core"], False, False),
    ("single", "0.0", 1, 1, 0, 0, "ESP32-S0WD", ["Single core"], False, False),
    ("v2_boot", "3.0", 1, 0, 1 << 20, V2, "ESP32-D0WD-V3", ["Dual core"], True, True),
    ("v1_boot", "1.0", 1, 0, 0b111 << 22, V1, "ESP32-D0WD", ["Dual core"], True, True),
    ("no_v2_yet", "2.0", 1, 0, 0b11 << 20, V2, "ESP32-D0WD", ["Dual core"], False, False),
    ("d2wd", "1.0", 2, 1 << 13, 0, 0, "ESP32-D2WD", ["Dual core", "240 MHz", "Embedded flash"],
     False, False),
    ("u4wdh", "3.0", 4, 1 | 1 << 13 | 1 << 12, 0, 0, "ESP32-U4WDH",
     ["Single core", "160 MHz", "Embedded flash"], False, False),
    ("pico", "1.0", 5, 0, 0, 0, "ESP32-PICO-D4", ["Dual core", "Embedded flash"], False, False),
    ("pico_v3", "3.0", 5, 0, 0, 0, "ESP32-PICO-V3", ["Dual core", "Embedded flash"], False, False),
    ("pico_v3_02", "3.0", 6, 0, 0, 0, "ESP32-PICO-V3-02",
     ["Dual core", "Embedded flash", "Embedded PSRAM"], False, False),
    ("d0wdr2", "3.0", 7, 0, 0, 0, "ESP32-D0WDR2-V3", ["Dual core", "Embedded PSRAM"], False, False),
    ("no_bluetooth", "1.0", 1, 2, 0, 0, "ESP32-D0WD", ["Dual core"], False, False),
    ("unknown", "1.0", 9, 0, 0, 0, "ESP32 (unknown package 9)", ["Dual core"], False, False),
]  # fmt: skip


def check_esp32(revision, package, word_3, word_0, word_6, variant, features, boot, encryption):
    words = {
        0: word_0,
        1: int.from_bytes(ESP32_MAC[2:], "big"),
        2: 0xF7 << 16 | int.from_bytes(ESP32_MAC[:2], "big"),
        3: word_3 | (package & 7) << 9 | (package >> 3) << 2,
        6: word_6,
    }
    for word, pads in ESP32_PADS.items() if "Embedded flash" in features else ():
        words[word] = words.get(word, 0) | pads
    keys = ["mac=00:00:00:00:00:00", f"revision={revision}", "crystal=26", "flash=2M"]
    result = detect("esp32", *keys, burnt({4 * word: value for word, value in words.items()}))
    major, minor = map(int, revision.split("."))
    radio = ["Wi-Fi"] if word_3 & 2 else ["Wi-Fi", "Bluetooth"]
    expected = {
        "chip": "ESP32",
        "variant": variant,
        "revision": 100 * major + minor,
        "features": radio + features,
        "mac": address(ESP32_MAC),
        "crystal_mhz": 26,
        "security": {**NOTHING_ON, "secure_boot": boot, "flash_encryption": encryption},
    }
    check(result, expected)
    check_flash(result, 2, None)


cases(globals(), "esp32", ESP32S, check_esp32)

# name in the simulator, bits of the 128 that are burnt, variant, MB inside
ESP8266S = [
    ("esp8266", [], "ESP8266EX", None),
    ("esp8285", [4], "ESP8285N08", 1),
    ("esp8285n08", [4], "ESP8285N08", 1),
    ("esp8285h08", [4, 5], "ESP8285H08", 1),
    ("esp8285n16", [4, 122], "ESP8285N16", 2),
    ("esp8285h16", [4, 5, 122], "ESP8285H16", 2),
    ("esp8285-4m", [80, 121, 122], "ESP8285", 4),
]


def check_esp8266(result, mac, variant, inside):
    check(result, {"chip": "ESP8266", "variant": variant, "revision": None, "mac": mac})
    check_flash(result, inside or 4, inside)
    assert result["recommended"]["mode"] == ("dout" if inside else "dio"), result
    assert ("Embedded flash" in result["features"]) == bool(inside), result
    assert result["security"] == {"secure_boot": False, "flash_encryption": False}, result


def check_esp8266_words(name, bits, variant, inside):
    chance = random.Random(name)
    mac = chance.randbytes(6)
    words = [mac[5] << 24, mac[3] << 8 | mac[4], 0, int.from_bytes(mac[:3], "big")]
    for bit in bits:
        words[bit // 32] |= 1 << bit % 32
    result = detect("esp8266", "efuse=" + ":".join(f"{word:x}" for word in words),
                    f"flash={inside or 4}M", "crystal=40")  # fmt: skip
    check_esp8266(result, address(mac), variant, inside)
    assert result["crystal_mhz"] == 40, result
    check_esp8266(detect(name), "5C:CF:7F:3A:91:0E", variant, inside)


cases(globals(), "esp8266", [(row[0], *row) for row in ESP8266S], check_esp8266_words)

# name, bits 16 to 23 of word 1, the address: word 3 is empty, as in the first ones
OLD_PREFIXES = [
    ("18_fe_34", 0, "18:FE:34:AB:12:9A"),
    ("ac_d0_74", 1, "AC:D0:74:AB:12:9A"),
    ("unknown", 2, None),
]


def check_old_prefix(code, mac):
    words = f"efuse=9a000000:{0x02 << 24 | code << 16 | 0xAB12:x}:0:0"
    assert detect("esp8266", words)["mac"] == mac


cases(globals(), "old_prefix", OLD_PREFIXES, check_old_prefix)


def test_every_simulated_chip_was_tried():
    text = subprocess.run(
        [os.environ["FG_SIM"], "--help"], capture_output=True, text=True, check=True
    ).stdout
    listed = re.search(r"Chips: ([^.]*?)\n[A-Z]", text).group(1)
    chips = set(re.split(r"[,\s]+", listed.strip()))
    assert chips == {"esp32", *LATER_CHIPS, *(row[0] for row in ESP8266S)}, chips


if __name__ == "__main__":
    side_by_side(globals())
    harness.main()
