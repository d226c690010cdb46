/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-command.h"

#include <glib/gi18n.h>

static const FgCliCommand commands[] = {
  {
      .name = "ports",
      .parameters = "",
      .summary = N_ ("List the ports where a board can be"),
      .details = N_ (
          "Each line has the port, the name of the USB serial chip, its USB ids, whether a board\n"
          "is probably there, and why the port cannot be opened if it cannot."),
      .run = fg_cli_ports,
  },
  {
      .name = "detect",
      .parameters = "",
      .summary = N_ ("Show what the board is: chip, flash memory, address"),
      .details = N_ ("Resets the board into its loader, asks it and restarts it. Writes nothing."),
      .run = fg_cli_detect,
  },
  {
      .name = "flash",
      .parameters = "WHAT…",
      .summary = N_ ("Write firmware to the board and verify it"),
      .details = N_ (
          "WHAT is FILE, OFFSET=FILE, a list of files (flasher_args.json, or the manifest.json\n"
          "of ESP Web Tools) or an archive (zip, gzip, Intel HEX, UF2). Without an OFFSET a file\n"
          "goes where its name says, such as 0x10000.bin, or where its content belongs. Sectors\n"
          "that are right already are not written again. The files are checked before the board\n"
          "is touched.\n"
          "\n"
          "Examples:\n"
          "  fulgurite-cli flash nodemcu.bin\n"
          "  fulgurite-cli --port /dev/ttyUSB0 flash --erase --mode dio nodemcu.bin\n"
          "  fulgurite-cli flash --dry-run bootloader.bin partition-table.bin app.bin\n"
          "  fulgurite-cli flash build/flasher_args.json"),
      .min_args = 1,
      .max_args = G_MAXUINT,
      .takes = FG_CLI_TAKES_WRITE,
      .run = fg_cli_flash,
  },
  {
      .name = "erase",
      .parameters = "[OFFSET LENGTH]",
      .summary = N_ ("Erase the whole flash memory, or a region"),
      .details =
          N_ ("Without arguments all programs, files and settings on the board are wiped.\n"
              "OFFSET and LENGTH must be multiples of 4K, because flash is erased by sectors.\n"
              "\n"
              "Examples:\n"
              "  fulgurite-cli erase\n"
              "  fulgurite-cli erase 0x3fc000 16K"),
      .max_args = 2,
      .run = fg_cli_erase,
  },
  {
      .name = "read",
      .parameters = "OFFSET LENGTH FILE",
      .summary = N_ ("Copy the flash memory, or a region, to a file"),
      .details =
          N_ ("LENGTH “all” reads up to the end of the flash. FILE is replaced only when all has\n"
              "been read.\n"
              "\n"
              "Examples:\n"
              "  fulgurite-cli read 0 all backup.bin\n"
              "  fulgurite-cli read 0x3fc000 4K init-data.bin"),
      .min_args = 3,
      .max_args = 3,
      .run = fg_cli_read,
  },
  {
      .name = "verify",
      .parameters = "WHAT…",
      .summary = N_ ("Compare the board with what flash would have written"),
      .details = N_ (
          "Takes the same WHAT and the same --mode, --freq and --size as “flash”. Writes nothing.\n"
          "When something differs, the first differing address is told and the exit status is 1."),
      .min_args = 1,
      .max_args = G_MAXUINT,
      .takes = FG_CLI_TAKES_IMAGE,
      .run = fg_cli_verify,
  },
  {
      .name = "monitor",
      .parameters = "",
      .summary = N_ ("Show what the board says, and send it lines"),
      .details = N_ (
          "Shows the board’s output until Ctrl-C, and explains boot messages in place. What comes\n"
          "on standard input is sent to the board. A board that is unplugged is waited for.\n"
          "The boot messages of most ESP8266 boards come at 74880 baud, programs at 115200.\n"
          "\n"
          "Examples:\n"
          "  fulgurite-cli --port /dev/ttyUSB0 monitor --timestamps\n"
          "  fulgurite-cli monitor --baud 74880 --reset\n"
          "  echo 'print(node.info(\"hw\").flash_size)' | fulgurite-cli monitor"),
      .takes = FG_CLI_TAKES_MONITOR,
      .run = fg_cli_monitor,
  },
  {
      .name = "inspect",
      .parameters = "FILE…",
      .summary = N_ ("Show what a file is; needs no board"),
      .details = N_ (
          "Tells from the content: kind, chip, flash mode, frequency and size, segments and\n"
          "checksums, partitions, what the program says about itself, where it goes, and what is\n"
          "wrong with it. Takes lists and archives, too. Files that are given together are placed\n"
          "together. The exit status is 1 when a file is damaged or cannot be read."),
      .min_args = 1,
      .max_args = G_MAXUINT,
      .run = fg_cli_inspect,
  },
  {
      .name = "merge",
      .parameters = "WHAT…",
      .summary = N_ ("Make one file of several; needs no board"),
      .details = N_ (
          "Takes the same WHAT as “flash”, and --output FILE. A raw file begins at address 0 and\n"
          "has FF between its parts; Intel HEX and UF2 files hold the parts with their addresses.\n"
          "--pad needs the size of the flash: from --size, or from the header of the firmware.\n"
          "\n"
          "Examples:\n"
          "  fulgurite-cli merge build/flasher_args.json --output all.bin\n"
          "  fulgurite-cli merge 0x00000.bin 0x10000.bin --format hex --output all.hex"),
      .min_args = 1,
      .max_args = G_MAXUINT,
      .takes = FG_CLI_TAKES_MERGE,
      .run = fg_cli_merge,
  },
};

/**
 * fg_cli_commands:
 * @count: (out): rows
 *
 * Returns: (transfer none): the table, in the order of the help text
 */
const FgCliCommand *
fg_cli_commands (gsize *count)
{
  *count = G_N_ELEMENTS (commands);
  return commands;
}

const FgCliCommand *
fg_cli_command_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  return NULL;
}
