/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-port-scan.h"

#include "fg-error.h"
#include "fg-usb-names.h"

#include <errno.h>
#include <libserialport.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TTY_CLASS "/sys/class/tty"

void
fg_port_facts_free (FgPortFacts *self)
{
  g_free (self->path);
  g_free (self->product);
  g_free (self->serial);
  g_free (self->bus);
  g_free (self);
}

FgPortFacts *
fg_port_facts_copy (const FgPortFacts *self)
{
  FgPortFacts *copy = g_memdup2 (self, sizeof *self);

  copy->path = g_strdup (self->path);
  copy->product = g_strdup (self->product);
  copy->serial = g_strdup (self->serial);
  copy->bus = g_strdup (self->bus);
  return copy;
}

gboolean
fg_port_facts_are_likely (const FgPortFacts *self)
{
  return fg_usb_kind (self->vendor_id, self->product_id) != FG_USB_UNKNOWN;
}

/* (nullable) the trimmed text of a small file of sysfs */
static char *
read_sysfs (const char *name, const char *attribute)
{
  g_autofree char *path = g_build_filename (TTY_CLASS, name, attribute, NULL);
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  return g_strstrip (text);
}

/* (nullable) The directory of a USB device is named after where it is plugged in: a bus, a dash and
 * the ports of the hubs on the way. Its interfaces have a colon, too. */
static char *
read_bus (const char *name)
{
  g_autofree char *link = g_build_filename (TTY_CLASS, name, "device", NULL);
  char *real = realpath (link, NULL);
  g_auto (GStrv) parts = g_strsplit (real != NULL ? real : "", "/", -1);
  char *bus = NULL;

  free (real);
  for (guint i = g_strv_length (parts); i > 0 && bus == NULL; i--)
    if (g_ascii_isdigit (parts[i - 1][0]) && strchr (parts[i - 1], '-') != NULL
        && strchr (parts[i - 1], ':') == NULL)
      bus = g_strdup (parts[i - 1]);
  return bus;
}

/* The kernel makes four or more /dev/ttyS* whether or not there is a chip behind them: type 0 is
 * PORT_UNKNOWN (linux/serial_core.h). And /sys lists ports that a sandbox has no node of. */
static gboolean
is_real (const char *name, const char *path)
{
  g_autofree char *type = NULL;
  struct stat st;

  if (stat (path, &st) < 0)
    return FALSE;
  if (!g_str_has_prefix (name, "ttyS"))
    return TRUE;
  type = read_sysfs (name, "type");
  return type != NULL && strcmp (type, "0") != 0;
}

static void
judge_access (FgPortFacts *facts)
{
  /* In a sandbox only opening it tells. */
  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    return;
  facts->forbidden = access (facts->path, R_OK | W_OK) < 0 && errno == EACCES;
}

static FgPortFacts *
facts_from_library (const struct sp_port *port)
{
  FgPortFacts *facts = g_new0 (FgPortFacts, 1);
  int vendor_id = 0;
  int product_id = 0;

  facts->path = g_strdup (sp_get_port_name (port));
  if (sp_get_port_usb_vid_pid (port, &vendor_id, &product_id) == SP_OK) {
    facts->vendor_id = (guint16) vendor_id;
    facts->product_id = (guint16) product_id;
    facts->product = g_strdup (sp_get_port_usb_product (port));
    facts->serial = g_strdup (sp_get_port_usb_serial (port));
  }
  return facts;
}

/* A USB attribute of a port: the device is one level up from a ttyACM and two from a ttyUSB. */
static char *
read_usb (const char *name, const char *attribute)
{
  static const char *const levels[] = { "device/..", "device/../.." };
  char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (levels) && text == NULL; i++) {
    g_autofree char *path = g_build_filename (levels[i], attribute, NULL);

    text = read_sysfs (name, path);
  }
  return text;
}

static guint16
read_usb_id (const char *name, const char *attribute)
{
  g_autofree char *text = read_usb (name, attribute);

  return text != NULL ? (guint16) strtoul (text, NULL, 16) : 0;
}

static FgPortFacts *
facts_from_sysfs (const char *name)
{
  FgPortFacts *facts = g_new0 (FgPortFacts, 1);

  facts->path = g_build_filename ("/dev", name, NULL);
  facts->vendor_id = read_usb_id (name, "idVendor");
  facts->product_id = read_usb_id (name, "idProduct");
  if (facts->vendor_id != 0) {
    facts->product = read_usb (name, "product");
    facts->serial = read_usb (name, "serial");
  }
  return facts;
}

/* Terminals without a device behind them, such as the virtual consoles, are no ports. */
static void
add_from_sysfs (GPtrArray *ports)
{
  g_autoptr (GDir) dir = g_dir_open (TTY_CLASS, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *device = g_build_filename (TTY_CLASS, name, "device", NULL);

    if (g_file_test (device, G_FILE_TEST_EXISTS))
      g_ptr_array_add (ports, facts_from_sysfs (name));
  }
}

static gboolean
add_from_library (GPtrArray *ports)
{
  struct sp_port **list = NULL;

  /* SP_ERR_MEM is also what it says when it cannot look a port up, as in some sandboxes. */
  if (sp_list_ports (&list) != SP_OK)
    return FALSE;
  for (guint i = 0; list[i] != NULL; i++)
    g_ptr_array_add (ports, facts_from_library (list[i]));
  sp_free_port_list (list);
  return TRUE;
}

static int
compare_facts (gconstpointer a, gconstpointer b)
{
  const FgPortFacts *left = *(const FgPortFacts *const *) a;
  const FgPortFacts *right = *(const FgPortFacts *const *) b;
  int left_kind = (int) fg_usb_kind (left->vendor_id, left->product_id);
  int right_kind = (int) fg_usb_kind (right->vendor_id, right->product_id);

  if (left_kind != right_kind)
    return right_kind - left_kind;
  return strverscmp (left->path, right->path);
}

static GPtrArray *
ports_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) fg_port_facts_free);
}

/* Takes what is there and puts it in order. */
static GPtrArray *
finish (GPtrArray *ports)
{
  for (guint i = ports->len; i > 0; i--) {
    FgPortFacts *facts = g_ptr_array_index (ports, i - 1);
    g_autofree char *name = g_path_get_basename (facts->path);

    if (is_real (name, facts->path)) {
      facts->bus = read_bus (name);
      judge_access (facts);
    } else
      g_ptr_array_remove_index (ports, i - 1);
  }
  g_ptr_array_sort (ports, compare_facts);
  return ports;
}

GPtrArray *
fg_port_scan_sysfs (void)
{
  GPtrArray *ports = ports_new ();

  add_from_sysfs (ports);
  return finish (ports);
}

GPtrArray *
fg_port_scan (void)
{
  GPtrArray *ports = ports_new ();

  if (!add_from_library (ports))
    add_from_sysfs (ports);
  return finish (ports);
}

FgPortFacts *
fg_port_scan_one (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  FgPortFacts *facts = facts_from_sysfs (name);

  if (g_strcmp0 (facts->path, path) != 0)
    g_clear_pointer (&facts, fg_port_facts_free);
  else
    facts->bus = read_bus (name);
  return facts;
}

FgPortFacts *
fg_port_scan_again (const FgPortFacts *before)
{
  g_autoptr (GPtrArray) ports = fg_port_scan_sysfs ();

  for (guint i = 0; i < ports->len; i++) {
    const FgPortFacts *facts = g_ptr_array_index (ports, i);
    gboolean same = before->serial != NULL && g_strcmp0 (facts->serial, before->serial) == 0;

    same |= before->bus != NULL && g_strcmp0 (facts->bus, before->bus) == 0;
    if (same && facts->vendor_id == before->vendor_id && !facts->forbidden)
      return fg_port_facts_copy (facts);
  }
  return NULL;
}

char **
fg_port_scan_likely (GError **error)
{
  g_autoptr (GPtrArray) ports = fg_port_scan ();
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  /* One that may not be opened is still an answer: its error tells the user what to do. */
  for (guint i = 0; i < ports->len; i++) {
    const FgPortFacts *facts = g_ptr_array_index (ports, i);

    if (fg_port_facts_are_likely (facts))
      g_strv_builder_add (paths, facts->path);
    else if (i == 0) { /* likely ones come first */
      g_set_error (error, FG_ERROR, FG_ERROR_PORT_MISSING,
                   "No board found: none of the %u serial ports belongs to a known USB serial chip",
                   ports->len);
      return NULL;
    }
  }
  if (ports->len > 0)
    return g_strv_builder_end (paths);
  g_set_error (error, FG_ERROR, FG_ERROR_PORT_MISSING,
               "No board found: this computer has no serial port");
  return NULL;
}
