/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-application.h"
#include "fg-resources.h"

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  g_autoptr (FgApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, FG_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_resources_register (fg_get_resource ());
  g_set_application_name (_ ("Fulgurite"));
  application = fg_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
