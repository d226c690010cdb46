/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-content.h"

#include <glib/gi18n.h>

static void
add_segments (JsonBuilder *builder, const GArray *segments)
{
  json_builder_set_member_name (builder, "segments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < segments->len; i++) {
    const FgImageSegment *segment = &g_array_index (segments, FgImageSegment, i);

    json_builder_begin_object (builder);
    fg_cli_json_int (builder, "address", segment->address);
    fg_cli_json_int (builder, "offset", segment->offset);
    fg_cli_json_int (builder, "length", segment->length);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_sum (JsonBuilder *builder, const char *name, FgImageSum sum)
{
  if (sum == FG_IMAGE_SUM_NONE)
    fg_cli_json_string (builder, name, NULL);
  else
    fg_cli_json_bool (builder, name, sum == FG_IMAGE_SUM_OK);
}

static void
add_header (JsonBuilder *builder, const FgContent *content)
{
  const FgImageInfo *image = content->image;
  gboolean known = fg_content_has_header (content);
  const FgChip *chip = known ? image->chip : NULL;
  gboolean summed = known && image->end != 0;

  fg_cli_json_string (builder, "flash_mode",
                      known && image->mode <= FG_FLASH_MODE_DOUT ? fg_flash_mode_name (image->mode)
                                                                 : NULL);
  fg_cli_json_known (builder, "flash_freq",
                     chip != NULL ? fg_flash_freq_from_nibble (chip, image->size_freq & 0x0f) : 0,
                     0);
  fg_cli_json_known (builder, "flash_size",
                     chip != NULL ? fg_flash_size_from_nibble (chip, image->size_freq >> 4) : 0, 0);
  fg_cli_json_known (builder, "entry", known ? (gint64) image->entry : -1, -1);
  add_segments (builder, image->segments);
  fg_cli_json_known (builder, "checksum", summed ? image->checksum_stored : -1, -1);
  add_sum (builder, "checksum_ok",
           !summed              ? FG_IMAGE_SUM_NONE
           : image->checksum_ok ? FG_IMAGE_SUM_OK
                                : FG_IMAGE_SUM_WRONG);
  add_sum (builder, "sha256_ok", image->sha256);
  add_sum (builder, "crc32_ok", image->crc32);
}

static void
add_modules (JsonBuilder *builder, const char *modules)
{
  g_auto (GStrv) names = g_strsplit (modules != NULL ? modules : "", ",", -1);

  json_builder_set_member_name (builder, "modules");
  json_builder_begin_array (builder);
  for (char **name = names; *name != NULL; name++)
    json_builder_add_string_value (builder, *name);
  json_builder_end_array (builder);
}

static void
add_nodemcu (JsonBuilder *builder, const FgNodemcuInfo *nodemcu)
{
  if (nodemcu == NULL) {
    fg_cli_json_string (builder, "nodemcu", NULL);
    return;
  }
  json_builder_set_member_name (builder, "nodemcu");
  json_builder_begin_object (builder);
  fg_cli_json_string (builder, "version", nodemcu->version);
  fg_cli_json_string (builder, "release", nodemcu->release);
  fg_cli_json_string (builder, "branch", nodemcu->branch);
  fg_cli_json_string (builder, "commit", nodemcu->commit);
  if (nodemcu->ssl != NULL)
    fg_cli_json_bool (builder, "ssl", g_str_equal (nodemcu->ssl, "true"));
  else
    fg_cli_json_string (builder, "ssl", NULL);
  fg_cli_json_string (builder, "built", nodemcu->built);
  fg_cli_json_string (builder, "numbers", nodemcu->numbers);
  fg_cli_json_string (builder, "lfs", nodemcu->lfs);
  fg_cli_json_string (builder, "lua", nodemcu->lua);
  fg_cli_json_string (builder, "sdk", nodemcu->sdk);
  add_modules (builder, nodemcu->modules);
  json_builder_end_object (builder);
}

static void
add_app (JsonBuilder *builder, const FgContent *content)
{
  const FgAppDesc *app = content->app != NULL ? content->app : content->boot;

  if (app == NULL) {
    fg_cli_json_string (builder, "app", NULL);
    return;
  }
  json_builder_set_member_name (builder, "app");
  json_builder_begin_object (builder);
  fg_cli_json_string (builder, "project", app->project);
  fg_cli_json_string (builder, "version", app->version);
  fg_cli_json_string (builder, "idf_version", app->idf);
  fg_cli_json_string (builder, "built", app->built);
  fg_cli_json_int (builder, "secure_version", app->secure_version);
  fg_cli_json_string (builder, "elf_sha256", app->elf_sha256);
  json_builder_end_object (builder);
}

static void
add_revisions (JsonBuilder *builder, const FgContent *content)
{
  gboolean known = fg_content_has_header (content) && content->image->extended;

  fg_cli_json_known (builder, "min_revision", known ? content->image->min_revision : -1, -1);
  fg_cli_json_known (builder, "max_revision", known ? content->image->max_revision : 0, 0);
}

static void
add_partitions (JsonBuilder *builder, const FgPartitionTable *table)
{
  json_builder_set_member_name (builder, "partitions");
  json_builder_begin_array (builder);
  for (guint i = 0; table != NULL && i < table->rows->len; i++) {
    const FgPartition *row = &g_array_index (table->rows, FgPartition, i);
    g_autofree char *kind = fg_partition_dup_type (row);

    json_builder_begin_object (builder);
    fg_cli_json_string (builder, "label", row->label);
    fg_cli_json_int (builder, "type", row->type);
    fg_cli_json_int (builder, "subtype", row->subtype);
    fg_cli_json_string (builder, "kind", kind);
    fg_cli_json_int (builder, "offset", row->offset);
    fg_cli_json_int (builder, "size", row->size);
    fg_cli_json_bool (builder, "encrypted", (row->flags & 1) != 0);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_parts (JsonBuilder *builder, const GPtrArray *parts)
{
  json_builder_set_member_name (builder, "parts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < parts->len; i++) {
    const FgContentPart *part = parts->pdata[i];

    json_builder_begin_object (builder);
    fg_cli_json_int (builder, "offset", part->offset);
    fg_cli_json_int (builder, "size", part->length);
    fg_cli_json_string (builder, "kind", fg_content_kind_name (part->kind));
    fg_cli_json_string (builder, "title", part->title);
    fg_cli_json_string (builder, "partition", part->partition);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

/** fg_cli_json_findings: the member `findings` */
void
fg_cli_json_findings (JsonBuilder *builder, const GPtrArray *findings)
{
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < findings->len; i++) {
    const FgFinding *finding = findings->pdata[i];

    json_builder_begin_object (builder);
    fg_cli_json_string (builder, "severity", fg_severity_name (finding->severity));
    fg_cli_json_string (builder, "code", finding->code);
    fg_cli_json_known (builder, "position", finding->position, FG_FINDING_NOWHERE);
    fg_cli_json_string (builder, "message", finding->message);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

/** fg_cli_json_content: the members that `inspect` promises, but for `file` and `offset` */
void
fg_cli_json_content (JsonBuilder *builder, const FgContent *content)
{
  const FgFinding *worst = fg_findings_worst (content->findings);
  gboolean bad = worst != NULL && worst->severity == FG_SEVERITY_ERROR;

  fg_cli_json_string (builder, "kind", fg_content_kind_name (content->kind));
  fg_cli_json_string (builder, "title", content->title);
  fg_cli_json_string (builder, "details", content->summary);
  fg_cli_json_int (builder, "size", content->length);
  fg_cli_json_string (builder, "chip", content->chip != NULL ? content->chip->name : NULL);
  add_header (builder, content);
  add_revisions (builder, content);
  add_nodemcu (builder, content->nodemcu);
  add_app (builder, content);
  add_partitions (builder, content->partitions);
  add_parts (builder, content->parts);
  fg_cli_json_findings (builder, content->findings);
  fg_cli_json_string (builder, "problem", bad ? worst->message : NULL);
}

/* The errors go to standard error, by whoever decides about the exit status. */
static void
print_findings (FgCliOutput *output, const GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++) {
    const FgFinding *finding = findings->pdata[i];

    if (finding->severity == FG_SEVERITY_INFO)
      fg_cli_output_fact (output, _ ("Note"), "%s", finding->message);
    else if (finding->severity == FG_SEVERITY_WARNING)
      fg_cli_output_fact (output, _ ("Warning"), "%s", finding->message);
  }
}

/** fg_cli_print_content: everything but errors, for people */
void
fg_cli_print_content (FgCliOutput *output, const FgContent *content)
{
  fg_cli_output_fact (output, _ ("Kind"), "%s%s%s", content->title,
                      content->summary != NULL ? " · " : "",
                      content->summary != NULL ? content->summary : "");
  for (guint i = 0; i < content->facts->len; i++) {
    const FgFact *fact = content->facts->pdata[i];

    fg_cli_output_fact (output, fact->label, "%s", fact->value);
  }
  print_findings (output, content->findings);
}
