#include <stdlib.h>
#include <string.h>

#include "crypto/core/trust_list.h"
#include "host/api/routes.h"
#include "host/base/clock.h"
#include "host/issue/status_publish.h"
#include "host/issue/summary.h"
#include "host/log/log.h"
#include "host/policy/calendar.h"
#include "host/signer/client.h"
#include "host/staff/area.h"

struct office {
	struct api_call *call;
	struct summary summary;
};

static int read_office(struct store_tx *tx, void *arg)
{
	struct office *office = arg;
	int r = call_check_reach(
	        tx, office->call, office->call->services->office_area);
	return r ? r : summary_read(tx, &office->summary);
}

static json_t *grounds_json(const struct summary_ground *grounds, size_t count)
{
	json_t *json = json_object();
	for (size_t i = 0; i < count; i++)
		json_object_set_new(json, grounds[i].ground,
		        json_integer(grounds[i].count));
	return json;
}

static json_t *summary_json(const struct summary *s)
{
	json_t *applications = json_object(), *cards = json_object();
	for (int i = 1; i < APPLICATION_STATES; i++)
		json_object_set_new(applications,
		        application_state_en((enum application_state)i),
		        json_integer(s->applications[i]));
	for (int i = 1; i < CARD_PHASES; i++)
		json_object_set_new(cards, card_phase_en((enum card_phase)i),
		        json_integer(s->cards[i]));
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, "
	                 "s:o, s:o}",
	        "applied", (json_int_t)s->applied, "refused",
	        (json_int_t)s->refused, "returned", (json_int_t)s->returned,
	        "made", (json_int_t)s->made, "spoiled", (json_int_t)s->spoiled,
	        "jobs_waiting", (json_int_t)s->jobs_waiting, "jobs_running",
	        (json_int_t)s->jobs_running, "jobs_dead",
	        (json_int_t)s->jobs_dead, "refusals",
	        grounds_json(s->refusals, s->refusals_count), "spoilings",
	        grounds_json(s->spoilings, s->spoilings_count), "applications",
	        applications, "cards", cards);
}

static json_t *signer_json(const struct api_services *services)
{
	struct signer_health health;
	int r = signer_health(services->signer_probe ? services->signer_probe
	                                             : services->signer,
	        &health);
	if (r)
		return json_pack("{s:b, s:i}", "reachable", 0, "code", r);
	return json_pack("{s:b, s:b, s:I, s:I, s:I}", "reachable", 1, "locked",
	        health.locked, "cards_signed", (json_int_t)health.cards_signed,
	        "lists_signed", (json_int_t)health.lists_signed,
	        "serials_refused", (json_int_t)health.serials_refused);
}

static json_int_t trust_sequence(const struct api_services *services)
{
	const struct trust_list *trust = services->trust;
	return trust ? (json_int_t)trust->sequence : 0;
}

int api_show_status(struct api_call *call)
{
	const struct api_services *services = call->services;
	struct office *office = calloc(1, sizeof *office);
	if (!office)
		return HUFU_ERR_MEMORY;
	office->call = call;
	int r = store_read(services->store, read_office, office);
	if (r == HUFU_OK) {
		struct log_checkpoint last = {0};
		struct status_published list = {0};
		/* before the first entry and list both are said as 0 */
		if (log_last(services->log, &last))
			last.size = 0;
		if (status_publish_last(services->publish, &list))
			list.sequence = 0;
		call->reply = json_pack(
		        "{s:s, s:s, s:I, s:i, s:{s:I}, s:{s:I, s:I}, s:I, "
		        "s:o, s:o}",
		        "version", services->version, "area",
		        services->office_area, "time",
		        (json_int_t)clock_now_s(), "calendar_until",
		        calendar_last_year(issue_calendar(services->issue)),
		        "log", "size", (json_int_t)last.size, "status_list",
		        "sequence", (json_int_t)list.sequence, "at",
		        (json_int_t)list.at_s, "trust_list",
		        trust_sequence(services), "signer",
		        signer_json(services), "summary",
		        summary_json(&office->summary));
	}
	free(office);
	return r;
}

struct new_area {
	struct api_call *call;
	const char *code, *name;
};

static int add_area(struct store_tx *tx, void *arg)
{
	struct new_area *in = arg;
	int r = staff_check(tx, in->call->staff.id, STAFF_SYSTEM_ADMIN,
	        in->call->services->office_area, &in->call->problem);
	return r ? r : area_add(tx, in->code, in->name, &in->call->problem);
}

int api_add_area(struct api_call *call)
{
	struct new_area in = {.call = call};
	in.code = json_get_text(&call->in, "code", AREA_CODE_MAX, true);
	in.name = json_get_text(&call->in, "name", AREA_NAME_MAX, true);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = store_write(call->services->store, add_area, &in);
	call->reply = json_pack("{s:s}", "code", in.code ? in.code : "");
	return r;
}

static int check_backup(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	return staff_check(tx, call->staff.id, STAFF_SYSTEM_ADMIN,
	        call->services->office_area, &call->problem);
}

int api_backup(struct api_call *call)
{
	const char *path = json_get_text(&call->in, "path", 4000, true);
	int r = call_input_done(call);
	if (r == HUFU_OK && path[0] != '/')
		r = problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "relative-path", "备份文件须写绝对路径。",
		        "Give the backup file's absolute path.");
	if (r == HUFU_OK)
		r = store_read(call->services->store, check_backup, call);
	if (r == HUFU_OK)
		r = store_backup(call->services->store, path, &call->problem);
	call->reply = json_pack("{s:s}", "path", path ? path : "");
	return r;
}
