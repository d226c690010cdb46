/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-setup-page.h"

#include "fg-clamp.h"
#include "fg-error.h"
#include "fg-template.h"
#include "fg-words.h"

#include "config.h"

struct _FgSetupPage {
  GtkWidget parent_instance;
  FgBoardInfo *board; /* (owned) (nullable) */
  FgPlan *plan;       /* (owned) (nullable) */
  GError *error;      /* (owned) (nullable) why there is no plan */
  FgBoardCard *card;
  FgFirmwareList *firmware;
  FgOptionsCard *options;
};

G_DEFINE_FINAL_TYPE (FgSetupPage, fg_setup_page, GTK_TYPE_WIDGET)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
show_mode_words (FgSetupPage *self)
{
  const FgChip *chip = self->board != NULL ? self->board->chip : fg_chip_get (FG_CHIP_ESP8266);
  /* The size that "Automatic" writes is the one that will be detected. */
  gboolean with_size = (self->board != NULL && self->board->flash_size != 0)
                       || fg_options_card_get_mode (self->options) == FG_FLASH_MODE_KEEP;
  g_autofree char *words = NULL;

  for (guint i = 0; self->plan != NULL && i < self->plan->regions->len; i++) {
    const FgPlanRegion *region = g_ptr_array_index (self->plan->regions, i);
    gsize length;
    const guint8 *data = g_bytes_get_data (region->bytes, &length);

    if (region->offset == chip->boot_offset && length > 4 && data[0] == 0xe9 && words == NULL)
      words = fg_words_flash_header (chip, data[2], data[3], with_size);
  }
  fg_options_card_set_mode_words (self->options, words);
}

static void
update (FgSetupPage *self)
{
  GListModel *items = fg_firmware_list_get_items (self->firmware);
  g_autoptr (FgJob) job = NULL;
  g_autoptr (GPtrArray) advice = NULL;
  g_autoptr (GError) plan_error = NULL;
  const FgAdviceContext context = {
    .board = self->board,
    .hints = fg_firmware_list_place (self->firmware),
    .mode = fg_options_card_get_mode (self->options),
    .erase_all = fg_options_card_get_erase (self->options),
  };

  g_clear_pointer (&self->plan, fg_plan_free);
  g_clear_error (&self->error);
  self->error = fg_firmware_list_advise (self->firmware, &context);
  advice = fg_advice_about_all (items, &context);
  /* A plan of files with errors would only say the same again. */
  if (self->error == NULL) {
    job = fg_setup_page_build_job (self);
    if (job != NULL && job->firmware->len > 0)
      self->plan = fg_plan_new (job, self->board, &plan_error);
    if (plan_error != NULL)
      self->error = g_error_copy (plan_error);
  }
  fg_firmware_list_show_plan (self->firmware, self->plan, plan_error, advice);
  show_mode_words (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The button that was clicked goes with its note: the focus stays near. */
static void
remedy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FgSetupPage *self = FG_SETUP_PAGE (widget);

  gtk_widget_child_focus (GTK_WIDGET (self->options), GTK_DIR_TAB_FORWARD);
  switch ((FgRemedy) g_variant_get_uint32 (parameter)) {
  case FG_REMEDY_ERASE:
    fg_options_card_set_erase (self->options, TRUE);
    break;
  case FG_REMEDY_DOUT:
    fg_options_card_set_mode (self->options, FG_FLASH_MODE_DOUT);
    break;
  case FG_REMEDY_NONE:
  case FG_REMEDY_MOVE:
  case FG_REMEDY_DETECT:
  default:
    g_return_if_reached ();
  }
}

FgJob *
fg_setup_page_build_job (FgSetupPage *self)
{
  GListModel *items = fg_firmware_list_get_items (self->firmware);
  FgPort *port = fg_port_picker_get_port (fg_board_card_get_picker (self->card));
  FgJob *job;

  if (port == NULL)
    return NULL;

  job = fg_job_new (FG_JOB_FLASH, fg_port_get_path (port));
  job->baud = fg_options_card_get_baud (self->options);
  job->mode = fg_options_card_get_mode (self->options);
  job->flash_size = job->mode == FG_FLASH_MODE_KEEP ? FG_FLASH_SIZE_KEEP : FG_FLASH_SIZE_AUTO;
  job->freq_mhz = FG_FLASH_FREQ_KEEP;
  job->erase_all = fg_options_card_get_erase (self->options);
  job->write_all = !fg_options_card_get_only_changed (self->options);
  job->verify = TRUE;
  job->attempts = 0;
  for (guint i = 0; i < g_list_model_get_n_items (items); i++) {
    g_autoptr (FgFirmwareItem) item = g_list_model_get_item (items, i);

    fg_job_add_firmware (job, fg_firmware_item_get_name (item), fg_firmware_item_get_offset (item),
                         fg_firmware_item_get_bytes (item));
  }
  return job;
}

GPtrArray *
fg_setup_page_dup_zones (FgSetupPage *self)
{
  const FgPlaceHints hints = fg_firmware_list_place (self->firmware);
  GListModel *items = fg_firmware_list_get_items (self->firmware);
  const FgChip *chip = self->board != NULL ? self->board->chip : NULL;

  for (guint i = 0; chip == NULL && i < g_list_model_get_n_items (items); i++) {
    g_autoptr (FgFirmwareItem) item = g_list_model_get_item (items, i);

    chip = fg_firmware_item_get_content (item)->chip;
  }
  return fg_zones_new (chip != NULL ? chip : fg_chip_get (FG_CHIP_ESP8266), hints.table,
                       hints.flash_size, hints.sdk_major);
}

void
fg_setup_page_bind (FgSetupPage *self, FgPortMonitor *monitor, GSettings *settings)
{
  fg_port_picker_set_monitor (fg_board_card_get_picker (self->card), monitor);
  fg_options_card_bind (self->options, settings);
  g_signal_connect_object (fg_board_card_get_picker (self->card), "changed", G_CALLBACK (update),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->firmware, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->options, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
fg_setup_page_set_board (FgSetupPage *self, FgBoardInfo *board)
{
  if (board != NULL)
    fg_board_info_ref (board);
  g_clear_pointer (&self->board, fg_board_info_unref);
  self->board = board;
  fg_board_card_set_info (self->card, board);
  fg_firmware_list_set_board (self->firmware, board);
  update (self);
}

FgFirmwareList *
fg_setup_page_get_firmware (FgSetupPage *self)
{
  return self->firmware;
}

FgOptionsCard *
fg_setup_page_get_options (FgSetupPage *self)
{
  return self->options;
}

FgPortPicker *
fg_setup_page_get_picker (FgSetupPage *self)
{
  return fg_board_card_get_picker (self->card);
}

const FgPlan *
fg_setup_page_get_plan (FgSetupPage *self)
{
  return self->plan;
}

const GError *
fg_setup_page_get_error (FgSetupPage *self)
{
  return self->error;
}

static void
fg_setup_page_dispose (GObject *object)
{
  FgSetupPage *self = FG_SETUP_PAGE (object);

  if (self->firmware != NULL)
    g_signal_handlers_disconnect_by_data (self->firmware, self);
  fg_template_dispose (GTK_WIDGET (object), FG_TYPE_SETUP_PAGE);
  G_OBJECT_CLASS (fg_setup_page_parent_class)->dispose (object);
}

static void
fg_setup_page_finalize (GObject *object)
{
  FgSetupPage *self = FG_SETUP_PAGE (object);

  g_clear_pointer (&self->board, fg_board_info_unref);
  g_clear_pointer (&self->plan, fg_plan_free);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (fg_setup_page_parent_class)->finalize (object);
}

static void
fg_setup_page_class_init (FgSetupPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = fg_setup_page_dispose;
  object_class->finalize = fg_setup_page_finalize;
  g_type_ensure (FG_TYPE_CLAMP);
  g_type_ensure (FG_TYPE_BOARD_CARD);
  g_type_ensure (FG_TYPE_FIRMWARE_LIST);
  g_type_ensure (FG_TYPE_OPTIONS_CARD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-setup-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FgSetupPage, card);
  gtk_widget_class_bind_template_child (widget_class, FgSetupPage, firmware);
  gtk_widget_class_bind_template_child (widget_class, FgSetupPage, options);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "form.remedy", "u", remedy_action);

  signals[CHANGED] = g_signal_new ("changed", FG_TYPE_SETUP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
fg_setup_page_init (FgSetupPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
