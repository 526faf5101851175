#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/station/ground.h"
#include "host/station/station.h"

static const char *const activities[STATION_ACTIVITIES] = {
        "", "stopped", "idle", "working", "paused", "asking", "trouble"};

static const uint32_t station_roles =
        1u << STAFF_PERSONALISER | 1u << STAFF_SYSTEM_ADMIN;

static json_t *timing_json(const struct timing *t)
{
	json_t *json = json_object();
	for (int i = 0; i < TIMING_PHASES; i++)
		json_object_set_new(json,
		        timing_phase_name((enum timing_phase)i),
		        json_real((double)t->ns[i] / 1e6));
	json_object_set_new(
	        json, "transport_ms", json_real((double)t->transport_ns / 1e6));
	json_object_set_new(json, "cpu_ms", json_real((double)t->cpu_ns / 1e6));
	json_object_set_new(
	        json, "total_ms", json_real((double)timing_total_ns(t) / 1e6));
	return json;
}

/* What is not known is null. */
static json_t *known(int value)
{
	return value < 0 ? json_null() : json_integer(value);
}

static json_t *machine_json(const struct station_transport_status *m)
{
	static const char *const places[] = {
	        "", "empty", "reader", "printer", "somewhere"};
	return json_pack("{s:s, s:o, s:o, s:b, s:b, s:s, s:s}", "card",
	        places[m->position], "blanks", known(m->blanks), "ribbon",
	        known(m->ribbon_percent), "bin_full", m->bin_full,
	        "printer_ready", m->printer_ready, "zh", m->zh, "en", m->en);
}

static json_t *station_json(const struct station_status *s)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:I, s:I, "
	                         "s:s, s:s, s:o, s:o}",
	        "name", s->name, "activity", activities[s->activity],
	        "activity_zh", station_activity_zh(s->activity), "activity_en",
	        station_activity_en(s->activity), "job", (json_int_t)s->job,
	        "state", s->state ? job_state_name(s->state) : "", "made",
	        (json_int_t)s->made, "spoiled", (json_int_t)s->spoiled, "zh",
	        s->zh, "en", s->en, "last", timing_json(&s->last), "sum",
	        timing_json(&s->sum));
	if (s->has_machine)
		json_object_set_new(json, "machine", machine_json(&s->machine));
	if (s->question.kind != PROMPT_NONE)
		json_object_set_new(json, "question",
		        json_pack("{s:I, s:s, s:s, s:s}", "number",
		                (json_int_t)s->question.number, "kind",
		                s->question.kind == PROMPT_SCAN ? "scan"
		                                                : "confirm",
		                "zh", s->question.zh, "en", s->question.en));
	return json;
}

json_t *api_stations_json(const struct api_services *services)
{
	json_t *list = json_array();
	for (size_t i = 0; i < services->station_count; i++) {
		struct station_status status;
		station_get_status(services->stations[i], &status);
		json_array_append_new(list, station_json(&status));
	}
	return json_pack("{s:o}", "stations", list);
}

int api_list_stations(struct api_call *call)
{
	int r = store_read(call->services->store, call_check_office, call);
	if (r == HUFU_OK)
		call->reply = api_stations_json(call->services);
	return r;
}

int api_watch_stations(struct api_call *call)
{
	int r = store_read(call->services->store, call_check_office, call);
	call->stream = r == HUFU_OK;
	return r;
}

static struct station *find_station(
        const struct api_call *call, struct station_status *ret)
{
	for (size_t i = 0; i < call->services->station_count; i++) {
		station_get_status(call->services->stations[i], ret);
		if (strcmp(ret->name, call->name) == 0)
			return call->services->stations[i];
	}
	return NULL;
}

static int check_maker(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	return staff_check_any(tx, call->staff.id, station_roles,
	        call->services->office_area, &call->problem);
}

static int run_once(struct api_call *call, struct station *station)
{
	static const char *const outcomes[] = {
	        "", "made", "spoiled", "deferred", "nothing", "closed"};
	int r = station_run_once(station, &call->problem);
	if (r < 0)
		return r;
	call->reply = json_pack("{s:s, s:s, s:s}", "outcome", outcomes[r], "zh",
	        call->problem.zh, "en", call->problem.en);
	return HUFU_OK;
}

int api_act_on_station(struct api_call *call)
{
	const char *act = json_get_text(&call->in, "act", 16, true);
	int64_t question = json_get_int(&call->in, "question", 0, INT64_MAX, 0);
	const char *text = json_get_text(
	        &call->in, "answer", PROMPT_ANSWER_MAX - 1, false);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = store_read(call->services->store, check_maker, call);
	if (r)
		return r;
	struct station_status status;
	struct station *station = find_station(call, &status);
	if (!station)
		return problem_set(&call->problem, HUFU_ERR_NOT_FOUND,
		        "no-such-station", "没有名为 %s 的制证台。",
		        "There is no station named %s.", call->name);
	if (strcmp(act, "run-once") == 0)
		return run_once(call, station);
	if (strcmp(act, "start") == 0)
		r = station_start(station);
	else if (strcmp(act, "stop") == 0)
		station_stop(station);
	else if (strcmp(act, "pause") == 0)
		station_pause(station);
	else if (strcmp(act, "resume") == 0)
		station_resume(station);
	else if (strcmp(act, "answer") == 0 && text)
		r = station_answer(station, (uint64_t)question, text);
	else
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "unknown-word",
		        "制证台只接受 start、stop、pause、resume、run-once、"
		        "answer。",
		        "A station takes start, stop, pause, resume, run-once "
		        "or answer.");
	station_get_status(station, &status);
	call->reply = station_json(&status);
	return r;
}

struct job_listing {
	struct api_call *call;
	struct job_filter filter;
	struct job *rows;
	size_t count;
};

static int list_jobs(struct store_tx *tx, void *arg)
{
	struct job_listing *listing = arg;
	int r = call_check_office(tx, listing->call);
	if (r)
		return r;
	return job_list(tx, &listing->filter, listing->rows, API_LIST_MAX,
	        &listing->count);
}

static json_t *job_json(const struct job *j)
{
	struct problem words;
	/* what to do about it, as the station says it */
	(void)ground_problem(&words, HUFU_ERR_STATE, ground_find(j->ground));
	return json_pack("{s:I, s:I, s:I, s:s, s:I, s:I, s:I, s:I, s:I, s:s, "
	                 "s:s, s:s, s:I}",
	        "id", (json_int_t)j->id, "application",
	        (json_int_t)j->application, "card", (json_int_t)j->card,
	        "state", job_state_name(j->state), "station",
	        (json_int_t)j->station, "round", (json_int_t)j->round,
	        "attempts", (json_int_t)j->attempts, "not_before",
	        (json_int_t)j->not_before_s, "dead_at",
	        (json_int_t)j->dead_at_s, "ground", j->ground, "zh", words.zh,
	        "en", words.en, "made_ms", (json_int_t)j->made_ms);
}

int api_list_jobs(struct api_call *call)
{
	struct job_listing listing = {.call = call};
	int64_t dead = 0, open = 0;
	int r = call_query_number(call, "dead", 0, &dead);
	if (r == HUFU_OK)
		r = call_query_number(call, "open", 0, &open);
	if (r == HUFU_OK)
		r = call_query_number(call, "after", 0, &listing.filter.after);
	if (r)
		return r;
	listing.filter.dead = dead != 0;
	listing.filter.open = open != 0;
	listing.rows = calloc(API_LIST_MAX, sizeof *listing.rows);
	if (!listing.rows)
		return HUFU_ERR_MEMORY;
	r = store_read(call->services->store, list_jobs, &listing);
	json_t *list = json_array();
	for (size_t i = 0; r == HUFU_OK && i < listing.count; i++)
		json_array_append_new(list, job_json(&listing.rows[i]));
	call->reply = json_pack("{s:o}", "jobs", list);
	free(listing.rows);
	return r;
}

int api_resolve_job(struct api_call *call)
{
	const char *word = json_get_text(&call->in, "resolution", 16, true);
	const char *ground =
	        json_get_text(&call->in, "ground", CARD_GROUND_MAX, false);
	int r = call_input_done(call);
	if (r)
		return r;
	enum job_resolution resolution;
	if (strcmp(word, "retry") == 0)
		resolution = JOB_RETRY;
	else if (strcmp(word, "spoil") == 0)
		resolution = JOB_RESOLVE_SPOIL;
	else if (strcmp(word, "close") == 0)
		resolution = JOB_RESOLVE_CLOSE;
	else
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "unknown-word", "处理方式须为 retry、spoil 或 close。",
		        "A resolution is retry, spoil or close.");
	r = store_read(call->services->store, sight_check_job, call);
	if (r)
		return r;
	struct job_decision decision = {
	        call->id, call->staff.id, resolution, ground};
	r = job_resolve(call->services->issue, &decision, &call->problem);
	call->reply = json_pack("{s:I}", "job", (json_int_t)call->id);
	for (size_t i = 0; i < call->services->station_count; i++)
		station_wake(call->services->stations[i]);
	return r;
}
