/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fg-remedy.h"

#include "fg-error.h"
#include "fg-net-address.h"
#include "fg-port-error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

/* Words for one error code. */
typedef struct {
  const char *title;
  const char *remedy; /* may hold one %s: the port */
} Words;

static const Words words[] = {
  [FG_ERROR_PORT_MISSING] = { N_ ("The board was not found"),
                              N_ ("Nothing is at %s. Plug the board in and check the cable: some "
                                  "cables only charge.") },
  [FG_ERROR_PORT_BUSY] = { N_ ("Another program is using the board"),
                           N_ ("Close the serial monitor or other program that uses %s, then try "
                               "again.") },
  [FG_ERROR_PORT_FORBIDDEN] = { N_ ("You may not open this port"), NULL },
  [FG_ERROR_PORT_FAILED] = { N_ ("The port does not work as it should"),
                             N_ ("Unplug the board and plug it in again. If %s still fails, try "
                                 "another cable or another "
                                 "USB port.") },
  [FG_ERROR_DISCONNECTED] = { N_ ("The board was disconnected"),
                              N_ ("Check the cable and plug the board in again, then try again.") },
  [FG_ERROR_NO_ANSWER] = { N_ ("The board does not answer"),
                           N_ ("Hold down BOOT (also called FLASH), tap RESET once, let go of "
                               "BOOT, and try again. Check "
                               "that %s is the right port.") },
  [FG_ERROR_NOT_IN_LOADER] = { N_ ("The board is not in its loader"),
                               N_ ("It runs its program instead. Hold down BOOT (also called "
                                   "FLASH), tap RESET once, let go "
                                   "of BOOT, and try again.") },
  [FG_ERROR_TIMEOUT] = { N_ ("The board stopped answering"),
                         N_ ("Try again. If it stops again, choose a lower baud rate, a shorter "
                             "cable or another USB "
                             "port.") },
  [FG_ERROR_PROTOCOL] = { N_ ("The board’s answer makes no sense"),
                          N_ ("Something disturbs the connection. Try again with a lower baud rate "
                              "or a shorter "
                              "cable.") },
  [FG_ERROR_REJECTED] = { N_ ("The board refused a command"),
                          N_ ("Tap RESET on the board and try again. If it refuses again, choose a "
                              "lower baud rate.") },
  [FG_ERROR_UNSUPPORTED] = { N_ ("This is not possible here"),
                             N_ ("This board or this kind of port cannot do that. The details say "
                                 "what was asked for.") },
  [FG_ERROR_UNKNOWN_CHIP] = { N_ ("This chip is not known"),
                              N_ ("It may be newer than this program. Look for a newer version, "
                                  "and report the details so "
                                  "that the chip can be added.") },
  [FG_ERROR_FLASH_CHIP] = { N_ ("The flash memory does not answer"),
                            N_ ("Unplug the board, wait a moment and try again. On a module of its "
                                "own, check its wiring and its 3.3 V supply. A flash whose size is "
                                "not known can be flashed with “fulgurite-cli flash --size 4M”.") },
  [FG_ERROR_FILE] = { N_ ("The file cannot be used"),
                      N_ ("Check that the file is still there and that you may use it, or choose "
                          "another one.") },
  [FG_ERROR_FILE_EMPTY] = { N_ ("The file is empty"), N_ ("Download or build it again: something "
                                                          "went wrong when it was made.") },
  [FG_ERROR_FILE_KIND] = { N_ ("The file is not usable firmware"),
                           N_ ("Download or build it again, or choose another file.") },
  [FG_ERROR_WRONG_CHIP] = { N_ ("The firmware is made for another chip"),
                            N_ ("Choose the firmware that is made for the chip of this board.") },
  [FG_ERROR_TOO_LARGE] = { N_ ("The firmware does not fit"),
                           N_ ("Choose a smaller firmware, a lower offset, or a board with more "
                               "flash.") },
  [FG_ERROR_OVERLAP] = { N_ ("Two files overlap"),
                         N_ ("Check the offsets: each file needs sectors of 4 KB of its own.") },
  [FG_ERROR_RANGE] = { N_ ("The offset or the length does not fit"),
                       N_ ("Use a multiple of 4096 (0x1000) that lies inside the flash.") },
  [FG_ERROR_ERASE] = { N_ ("The flash was not erased"),
                       N_ ("Try again. If it fails again, the flash memory may be worn out or "
                           "write-protected.") },
  [FG_ERROR_VERIFY] = { N_ ("The flash does not hold what it should"),
                        N_ ("Flash the file. If it differs right after flashing, choose a lower "
                            "baud rate; the flash "
                            "memory may also be worn out, or the power supply too weak.") },
  [FG_ERROR_IN_USE] = { N_ ("A job is already running"),
                        N_ ("Wait until it is done, or cancel it first.") },
  [FG_ERROR_USAGE] = { N_ ("This cannot be understood"),
                       N_ ("Correct what the message names and try again.") },
};

/* Where the cable is a network; NULL: as for any port. */
static const char *const network_remedies[G_N_ELEMENTS (words)] = {
  [FG_ERROR_PORT_MISSING] = N_ ("Nothing answers at %s. Check the address, and that the other "
                                "computer shares its serial port there."),
  [FG_ERROR_PORT_BUSY] = N_ ("Somebody else uses the board at %s. Try again when they are done."),
  [FG_ERROR_PORT_FAILED] = N_ ("Check what listens at %s: it has to be a program that shares a "
                               "serial port, such as ser2net, and the board has to be plugged in "
                               "there."),
  [FG_ERROR_DISCONNECTED] = N_ ("Check that the board is still plugged in at the other computer "
                                "and that the network works, then try again."),
};

static const Words *
find_words (const GError *error)
{
  if (error->domain != FG_ERROR || error->code < 0 || error->code >= (int) G_N_ELEMENTS (words))
    return NULL;
  return &words[error->code];
}

static char *
forbidden_remedy (const char *port)
{
  g_autofree char *group = NULL;

  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    return g_strdup (_ ("This program runs in a sandbox. Give it access to devices, for example "
                        "with Flatseal, and start it again. Your user may also have to be in the "
                        "group that owns the port."));
  group = fg_port_group (port);
  /* Translators: the first %s is the name of a group, the second stands in the command and is the
   * same name; $USER stays as it is. */
  return g_strdup_printf (_ ("Your user must be in the group “%s”. Run this command, then log out "
                             "and in again: sudo usermod -aG %s $USER"),
                          group, group);
}

char *
fg_error_title (const GError *error)
{
  const Words *found = find_words (error);

  if (found != NULL)
    return g_strdup (_ (found->title));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (_ ("Cancelled"));
  return g_strdup (_ ("Something went wrong"));
}

static const char *
find_remedy (const GError *error, const Words *found, const char *port)
{
  if (port != NULL && fg_net_address_is_meant (port) && network_remedies[error->code] != NULL)
    return network_remedies[error->code];
  return found->remedy;
}

char *
fg_error_remedy (const GError *error, const char *port)
{
  const Words *found = find_words (error);
  const char *remedy;
  const char *place;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (_ ("If flashing had begun, the board holds only a part of the new firmware: "
                        "flash it again."));
  if (found == NULL)
    return g_strdup (_ ("Try again. If it happens again, report it with the details."));
  if (error->code == FG_ERROR_PORT_FORBIDDEN)
    return forbidden_remedy (port);
  remedy = _ (find_remedy (error, found, port));
  place = strstr (remedy, "%s");
  if (place == NULL)
    return g_strdup (remedy);
  return g_strdup_printf ("%.*s%s%s", (int) (place - remedy), remedy,
                          port != NULL && port[0] != '\0' ? port : _ ("this port"),
                          place + strlen ("%s"));
}
