/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands that came after the ESP8266: PROTOCOL-FACTS 2, 6.2, 7.4 and 17. */

#include "fg-sim-rom-private.h"

#include <string.h>

#define READ_BYTE_NS 400   /* reading the flash at 20 MHz, with one data line */
#define DIGEST_BYTE_NS 300 /* MD5 in software at some ten cycles a byte; estimated */
#define BAUD_MIN 300

/* PROTOCOL-FACTS 2.1 */
#define FLAG_SECURE_BOOT (1u << 0)
#define FLAG_SECURE_DOWNLOAD (1u << 2)
/* eFuse key purposes as the technical reference manual of the ESP32-C3 numbers them */
#define PURPOSE_FLASH_KEY 4
#define PURPOSE_BOOT_DIGEST 9

static void
take_time (FgSimRom *self, const FgSimRequest *request, gsize len, gint64 byte_ns)
{
  if (self->timed)
    self->busy_until = MAX (self->busy_until, request->now_ns + (gint64) len * byte_ns);
}

/* Pads that are not the flash's leave it unreachable. */
void
fg_sim_rom_attach (FgSimRom *self, const FgSimRequest *request)
{
  if (request->len != 8) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  self->spi->attached =
      fg_sim_rom_get_u32 (request->data) == fg_sim_fuses_get_pads (self->model, self->spec->efuse)
      && fg_sim_bus_is_flash_on (self->bus);
  fg_sim_rom_plan_reply (self, 0);
}

/* Through the controller: when it has no flash there is nothing but ones. */
static void
read_flash (FgSimRom *self, guint32 address, guint8 *data, gsize len, gint64 now_ns)
{
  FgSimTransfer transfer = {
    .opcode = FG_SIM_FLASH_READ,
    .address = address,
    .address_bits = 24,
    .miso = data,
    .miso_len = len,
  };

  fg_sim_spi_transfer (self->spi, &transfer, now_ns);
}

/* What comes back is always as long, whatever was asked for. */
void
fg_sim_rom_read_slowly (FgSimRom *self, const FgSimRequest *request)
{
  guint8 data[FG_SIM_ROM_READ_LEN] = { 0 };
  guint32 address, len;

  if (request->len != 8 || fg_sim_rom_get_u32 (request->data + 4) > sizeof data) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  address = fg_sim_rom_get_u32 (request->data);
  len = fg_sim_rom_get_u32 (request->data + 4);
  if ((guint64) address + len > self->params.chip_size) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_READ);
    return;
  }
  read_flash (self, address, data, len, request->now_ns);
  g_byte_array_append (self->reply_data, data, sizeof data);
  take_time (self, request, len, READ_BYTE_NS);
  fg_sim_rom_plan_reply (self, 0);
}

/* The reply still comes at the old rate. The second word is not looked at. */
void
fg_sim_rom_change_baud (FgSimRom *self, const FgSimRequest *request)
{
  guint32 baud;

  if (request->len != 8 || fg_sim_rom_get_u32 (request->data) < BAUD_MIN) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  baud = fg_sim_rom_get_u32 (request->data);
  fg_sim_rom_plan_reply (self, 0);
  fg_sim_rom_plan (self, (FgSimOp){ .kind = FG_SIM_OP_BAUD, .value = baud });
}

static void
add_digest (FgSimRom *self, guint32 address, guint32 size, gint64 now_ns)
{
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  const char *hex;
  guint8 data[FG_SIM_SECTOR_SIZE];

  while (size > 0) {
    guint32 part = MIN (size, sizeof data);

    read_flash (self, address, data, part, now_ns);
    g_checksum_update (md5, data, part);
    address += part;
    size -= part;
  }
  hex = g_checksum_get_string (md5);
  g_byte_array_append (self->reply_data, (const guint8 *) hex, (guint) strlen (hex));
  memcpy (self->reply_status + 2, hex, 2); /* nobody clears them: they hold something */
}

void
fg_sim_rom_digest (FgSimRom *self, const FgSimRequest *request)
{
  guint32 address, size;

  if (request->len != 16) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  address = fg_sim_rom_get_u32 (request->data);
  size = fg_sim_rom_get_u32 (request->data + 4);
  if ((guint64) address + size > self->params.chip_size) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_READ);
    return;
  }
  add_digest (self, address, size, request->now_ns);
  take_time (self, request, size, READ_BYTE_NS + DIGEST_BYTE_NS);
  fg_sim_rom_plan_reply (self, 0);
}

/* Flags, how often flash encryption was switched, what the keys are for; chip id, version. */
void
fg_sim_rom_get_security (FgSimRom *self, const FgSimRequest *request)
{
  const FgSimIdentity *identity = &self->spec->identity;
  guint8 info[20] = { 0 };

  if (request->len != 0) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  info[0] = (guint8) ((identity->secure_boot ? FLAG_SECURE_BOOT : 0)
                      | (self->spec->secure_download ? FLAG_SECURE_DOWNLOAD : 0));
  info[4] = identity->encryption;
  info[5] = identity->encryption ? PURPOSE_FLASH_KEY : 0;
  info[6] = identity->secure_boot ? PURPOSE_BOOT_DIGEST : 0;
  info[12] = (guint8) self->model->chip_id;
  g_byte_array_append (self->reply_data, info, self->model->security_len);
  fg_sim_rom_plan_reply (self, 0);
}
