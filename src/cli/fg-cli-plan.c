/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-plan.h"

#include "fg-cli-content.h"

#include <glib/gi18n.h>

static const char *const placed_names[] = {
  [FG_BUNDLE_UNPLACED] = "default", [FG_BUNDLE_BY_CONTENT] = "content",
  [FG_BUNDLE_BY_NAME] = "name",     [FG_BUNDLE_BY_LIST] = "list",
  [FG_BUNDLE_BY_USER] = "user",
};

static const FgBundleItem *
item_at (const FgBundle *bundle, guint32 offset)
{
  for (guint i = 0; i < bundle->items->len; i++) {
    const FgBundleItem *item = bundle->items->pdata[i];

    if (item->firmware->offset == offset)
      return item;
  }
  return NULL;
}

/* What the plan says, and what the files say by themselves. */
static GPtrArray *
collect_findings (const FgBundle *bundle, const FgPlan *plan)
{
  GPtrArray *findings = fg_findings_new ();

  for (guint i = 0; i < plan->warnings->len; i++)
    fg_findings_add (findings, FG_SEVERITY_WARNING, "plan", FG_FINDING_NOWHERE, "%s",
                     (const char *) plan->warnings->pdata[i]);
  for (guint i = 0; i < bundle->items->len; i++) {
    const FgBundleItem *item = bundle->items->pdata[i];

    for (guint k = 0; k < item->content->findings->len; k++) {
      const FgFinding *finding = item->content->findings->pdata[k];

      fg_findings_add (findings, finding->severity, finding->code, finding->position, "%s: %s",
                       item->firmware->name, finding->message);
    }
  }
  return findings;
}

static void
print_json (FgCliOutput *output,
            const FgBundle *bundle,
            const FgPlan *plan,
            const GPtrArray *findings)
{
  JsonBuilder *builder = fg_cli_output_begin_result (output, TRUE);

  fg_cli_json_bool (builder, "dry_run", TRUE);
  fg_cli_json_string (builder, "chip", bundle->chip != NULL ? bundle->chip->name : NULL);
  json_builder_set_member_name (builder, "regions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plan->regions->len; i++) {
    const FgPlanRegion *region = plan->regions->pdata[i];
    const FgBundleItem *item = item_at (bundle, region->offset);

    json_builder_begin_object (builder);
    fg_cli_json_int (builder, "offset", region->offset);
    fg_cli_json_int (builder, "length", region->length);
    fg_cli_json_string (builder, "name", region->name);
    if (item != NULL) {
      fg_cli_json_string (builder, "file", item->source);
      fg_cli_json_string (builder, "kind", fg_content_kind_name (item->content->kind));
      fg_cli_json_string (builder, "title", item->content->title);
      fg_cli_json_string (builder, "placed_by", placed_names[item->placed]);
    }
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  fg_cli_json_findings (builder, findings);
  fg_cli_json_end (builder);
}

static void
print_text (FgCliOutput *output,
            const FgBundle *bundle,
            const FgPlan *plan,
            const GPtrArray *findings)
{
  for (guint i = 0; i < plan->regions->len; i++) {
    const FgPlanRegion *region = plan->regions->pdata[i];
    const FgBundleItem *item = item_at (bundle, region->offset);
    g_autofree char *length = fg_size_format (region->length);

    fg_cli_output_line (output,
                        /* Translators: address, file, size, what it is */
                        _ ("0x%05x  %s, %s: %s"), region->offset, region->name, length,
                        item != NULL ? item->content->title : "");
  }
  for (guint i = 0; i < findings->len; i++) {
    const FgFinding *finding = findings->pdata[i];

    fg_cli_output_line (output, "%s: %s",
                        finding->severity == FG_SEVERITY_INFO ? _ ("Note") : _ ("Warning"),
                        finding->message);
  }
  fg_cli_output_line (output, _ ("Nothing was written: this was a dry run."));
}

/** fg_cli_plan_report: tells what @plan would write, and everything that was found */
void
fg_cli_plan_report (FgCliOutput *output, const FgBundle *bundle, const FgPlan *plan)
{
  g_autoptr (GPtrArray) findings = collect_findings (bundle, plan);

  if (output->json)
    print_json (output, bundle, plan, findings);
  else
    print_text (output, bundle, plan, findings);
}
