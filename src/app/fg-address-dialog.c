/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-address-dialog.h"

#include "fg-accessible.h"
#include "fg-net-address.h"
#include "fg-network-ports.h"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#define SOCKET_PREFIX "socket://"
#define SIM_PREFIX "sim:"

struct _FgAddressDialog {
  GtkDialog parent_instance;
  GtkWidget *add;
  GtkEditable *address;
  GtkLabel *problem;
};

G_DEFINE_FINAL_TYPE (FgAddressDialog, fg_address_dialog, GTK_TYPE_DIALOG)

/* HOST:PORT alone is enough for a socket. */
char *
fg_address_dialog_dup_path (FgAddressDialog *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));

  if (strstr (text, "://") == NULL && !g_str_has_prefix (text, SIM_PREFIX) && *text != '/'
      && strchr (text, ':') != NULL)
    return g_strconcat (SOCKET_PREFIX, text, NULL);
  return g_steal_pointer (&text);
}

char *
fg_address_dialog_dup_title (FgAddressDialog *self)
{
  g_autofree char *path = fg_address_dialog_dup_path (self);

  if (g_str_has_prefix (path, SIM_PREFIX))
    return g_strdup (_ ("Simulated board"));
  return fg_network_ports_title (path);
}

static gboolean
is_complete (const char *path)
{
  g_auto (FgNetAddress) address = { 0 };

  if (*path == '/')
    return path[1] != '\0';
  if (g_str_has_prefix (path, SIM_PREFIX))
    return path[strlen (SIM_PREFIX)] != '\0';
  return fg_net_address_is_meant (path) && fg_net_address_parse (&address, path, NULL);
}

static void
on_address_changed (FgAddressDialog *self)
{
  g_autofree char *path = fg_address_dialog_dup_path (self);
  gboolean complete = is_complete (path);

  gtk_dialog_set_response_sensitive (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT, complete);
  /* Not once at the start: when the button moved to the header bar, GTK forgot its default, and
   * does so again after the first frame. */
  gtk_window_set_default_widget (GTK_WINDOW (self), complete ? self->add : NULL);
  gtk_label_set_label (
      self->problem,
      complete || *path == '\0'
          ? ""
          : _ ("An address is a host and a port, such as rfc2217://192.168.1.20:2217"));
}

static void
fg_address_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FG_TYPE_ADDRESS_DIALOG);
  G_OBJECT_CLASS (fg_address_dialog_parent_class)->dispose (object);
}

static void
fg_address_dialog_class_init (FgAddressDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_address_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-address-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FgAddressDialog, add);
  gtk_widget_class_bind_template_child (widget_class, FgAddressDialog, address);
  gtk_widget_class_bind_template_child (widget_class, FgAddressDialog, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_address_changed);
}

static void
fg_address_dialog_init (FgAddressDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fg_accessible_name_once (GTK_WIDGET (self));
  on_address_changed (self);
}

FgAddressDialog *
fg_address_dialog_new (GtkWindow *parent)
{
  return g_object_new (FG_TYPE_ADDRESS_DIALOG, "transient-for", parent, "modal", TRUE,
                       "use-header-bar", TRUE, NULL);
}
