/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fg-port.h"

#include "fg-usb-names.h"

#include <glib/gi18n-lib.h>

struct _FgPort {
  GObject parent_instance;
  FgPortKind kind;
  FgPortFacts *facts; /* (owned) */
  char *title;        /* (owned) */
  char *subtitle;     /* (owned) */
  gboolean likely;
};

enum {
  PROP_0,
  PROP_PATH,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_LIKELY,
  PROP_PROBLEM,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FgPort, fg_port, G_TYPE_OBJECT)

static void
fg_port_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FgPort *self = FG_PORT (object);

  switch (id) {
  case PROP_PATH:
    g_value_set_string (value, fg_port_get_path (self));
    break;
  case PROP_TITLE:
    g_value_set_string (value, fg_port_get_title (self));
    break;
  case PROP_SUBTITLE:
    g_value_set_string (value, fg_port_get_subtitle (self));
    break;
  case PROP_LIKELY:
    g_value_set_boolean (value, fg_port_get_likely (self));
    break;
  case PROP_PROBLEM:
    g_value_set_string (value, fg_port_get_problem (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fg_port_finalize (GObject *object)
{
  FgPort *self = FG_PORT (object);

  fg_port_facts_free (self->facts);
  g_free (self->title);
  g_free (self->subtitle);
  G_OBJECT_CLASS (fg_port_parent_class)->finalize (object);
}

static void
fg_port_class_init (FgPortClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = fg_port_get_property;
  object_class->finalize = fg_port_finalize;
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_LIKELY] = g_param_spec_boolean ("likely", NULL, NULL, FALSE, flags);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
fg_port_init (FgPort *self)
{
}

FgPort *
fg_port_new_serial (const FgPortFacts *facts)
{
  FgPort *self = g_object_new (FG_TYPE_PORT, NULL);
  g_autofree char *node = g_path_get_basename (facts->path);
  g_autofree char *chip = fg_usb_chip_name (facts->vendor_id, facts->product_id, facts->product);
  const char *what = chip;

  self->kind = FG_PORT_SERIAL;
  self->facts = fg_port_facts_copy (facts);
  self->likely = fg_port_facts_are_likely (facts);
  if (fg_usb_product_is_board (facts->product)) {
    self->title = g_strdup (facts->product);
  } else if (fg_usb_kind (facts->vendor_id, facts->product_id) == FG_USB_ESPRESSIF) {
    self->title = g_strdup (_ ("Espressif board"));
  } else if (chip != NULL) {
    self->title = g_steal_pointer (&chip);
    what = NULL;
  } else {
    self->title = g_strdup (_ ("Serial port"));
  }
  if (what == NULL)
    what = facts->vendor_id != 0 ? _ ("USB serial") : NULL;
  self->subtitle = what != NULL ? g_strdup_printf ("%s · %s", what, node) : g_strdup (node);
  return self;
}

FgPort *
fg_port_new_address (const char *path, const char *title)
{
  FgPort *self = g_object_new (FG_TYPE_PORT, NULL);
  gboolean simulated = g_str_has_prefix (path, "sim:");

  self->kind = simulated ? FG_PORT_SIMULATED : FG_PORT_NETWORK;
  self->facts = g_new0 (FgPortFacts, 1);
  self->facts->path = g_strdup (path);
  self->likely = TRUE;
  if (title != NULL)
    self->title = g_strdup (title);
  else
    self->title = g_strdup (simulated ? _ ("Simulated board") : _ ("Board on the network"));
  self->subtitle = g_strdup (simulated ? _ ("Nothing to plug in") : path);
  return self;
}

const char *
fg_port_get_title (FgPort *self)
{
  return self->title;
}

const char *
fg_port_get_subtitle (FgPort *self)
{
  return self->subtitle;
}

const char *
fg_port_get_path (FgPort *self)
{
  return self->facts->path;
}

FgPortKind
fg_port_get_kind (FgPort *self)
{
  return self->kind;
}

gboolean
fg_port_get_likely (FgPort *self)
{
  return self->likely;
}

const char *
fg_port_get_problem (FgPort *self)
{
  return self->facts->forbidden ? _ ("You may not open this port") : NULL;
}

guint16
fg_port_get_vendor_id (FgPort *self)
{
  return self->facts->vendor_id;
}

guint16
fg_port_get_product_id (FgPort *self)
{
  return self->facts->product_id;
}

const char *
fg_port_get_serial (FgPort *self)
{
  return self->facts->serial;
}

gboolean
fg_port_equal (FgPort *self, FgPort *other)
{
  const FgPortFacts *a = self->facts;
  const FgPortFacts *b = other->facts;

  return g_str_equal (a->path, b->path) && a->vendor_id == b->vendor_id
         && a->product_id == b->product_id && g_strcmp0 (a->serial, b->serial) == 0
         && a->forbidden == b->forbidden;
}
