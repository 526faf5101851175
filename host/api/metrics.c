#include "host/api/metrics.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crypto/core/trust_list.h"
#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/durations.h"
#include "host/base/file.h"
#include "host/issue/status_publish.h"
#include "host/issue/summary.h"
#include "host/log/log.h"
#include "host/signer/client.h"
#include "host/station/station.h"
#include "host/store/store.h"

enum {
	METRICS_ROUTES_MAX = 256, /* the last one: no such call */
	METRICS_CLASSES = 6, /* 1xx to 5xx */
};

struct metrics {
	atomic_uint_fast64_t calls[METRICS_ROUTES_MAX][METRICS_CLASSES];
	struct durations took;
};

struct metrics *metrics_new(void)
{
	return calloc(1, sizeof(struct metrics));
}

void metrics_free(struct metrics *m)
{
	free(m);
}

void metrics_count(struct metrics *m, const struct api_route *route, int status,
        int64_t took_us)
{
	size_t at = route ? (size_t)(route - api_routes) : METRICS_ROUTES_MAX;
	int class = status / 100;
	if (!m || class < 0 || class >= METRICS_CLASSES)
		return;
	if (at >= METRICS_ROUTES_MAX)
		at = METRICS_ROUTES_MAX - 1;
	atomic_fetch_add(&m->calls[at][class], 1);
	durations_add(&m->took, took_us);
}

static void put(FILE *out, const char *name, const char *kind, double value)
{
	fprintf(out, "# TYPE %s %s\n%s %.15g\n", name, kind, name, value);
}

static int read_summary(struct store_tx *tx, void *arg)
{
	return summary_read(tx, arg);
}

static void put_summary(const struct summary *s, FILE *out)
{
	fprintf(out, "# TYPE hufu_applications gauge\n");
	for (int i = 1; i < APPLICATION_STATES; i++)
		fprintf(out, "hufu_applications{state=\"%s\"} %lld\n",
		        application_state_en((enum application_state)i),
		        (long long)s->applications[i]);
	fprintf(out, "# TYPE hufu_cards gauge\n");
	for (int i = 1; i < CARD_PHASES; i++)
		fprintf(out, "hufu_cards{phase=\"%s\"} %lld\n",
		        card_phase_en((enum card_phase)i),
		        (long long)s->cards[i]);
	fprintf(out,
	        "# TYPE hufu_jobs gauge\nhufu_jobs{state=\"waiting\"} %lld\n"
	        "hufu_jobs{state=\"running\"} %lld\n"
	        "hufu_jobs{state=\"dead\"} %lld\n",
	        (long long)s->jobs_waiting, (long long)s->jobs_running,
	        (long long)s->jobs_dead);
	put(out, "hufu_cards_made_total", "counter", (double)s->made);
	put(out, "hufu_cards_spoiled_total", "counter", (double)s->spoiled);
	put(out, "hufu_returned_total", "counter", (double)s->returned);
	put(out, "hufu_queue_age_seconds", "gauge",
	        s->oldest_waiting_at
	                ? (double)(clock_now_s() - s->oldest_waiting_at)
	                : 0);
}

static void put_stations(const struct api_services *s, FILE *out)
{
	fprintf(out, "# TYPE hufu_station_activity gauge\n");
	for (size_t i = 0; i < s->station_count; i++) {
		struct station_status status;
		station_get_status(s->stations[i], &status);
		fprintf(out, "hufu_station_activity{station=\"%s\"} %d\n",
		        status.name, (int)status.activity);
		fprintf(out, "hufu_station_made_total{station=\"%s\"} %llu\n",
		        status.name, (unsigned long long)status.made);
		fprintf(out,
		        "hufu_station_spoiled_total{station=\"%s\"} %llu\n",
		        status.name, (unsigned long long)status.spoiled);
	}
}

static void put_log(const struct api_services *s, FILE *out)
{
	struct log_checkpoint last;
	char path[PATH_MAX];
	struct stat st;
	if (s->log && log_last(s->log, &last) == HUFU_OK)
		put(out, "hufu_log_entries", "counter", (double)last.size);
	if (s->log_folder &&
	        file_join(s->log_folder, "checkpoint", path, sizeof path) ==
	                HUFU_OK &&
	        stat(path, &st) == 0)
		put(out, "hufu_checkpoint_age_seconds", "gauge",
		        (double)(clock_now_s() - st.st_mtime));
}

static void put_lists(const struct api_services *s, FILE *out)
{
	const struct trust_list *trust = s->trust;
	struct status_published list;
	if (s->publish && status_publish_last(s->publish, &list) == HUFU_OK) {
		put(out, "hufu_status_list_sequence", "counter",
		        (double)list.sequence);
		put(out, "hufu_status_list_age_seconds", "gauge",
		        (double)(clock_now_s() - list.at_s));
	}
	if (trust)
		put(out, "hufu_trust_list_ends_seconds", "gauge",
		        (double)(trust->expires_s - clock_now_s()));
}

static void put_signer(const struct api_services *s, FILE *out)
{
	struct signer *signer = s->signer_probe ? s->signer_probe : s->signer;
	struct signer_health health;
	int64_t since = clock_steady_us();
	if (!signer)
		return;
	int r = signer_health(signer, &health);
	put(out, "hufu_signer_up", "gauge", r == HUFU_OK);
	put(out, "hufu_signer_answer_seconds", "gauge",
	        (double)(clock_steady_us() - since) / 1e6);
	if (r)
		return;
	put(out, "hufu_signer_locked", "gauge", health.locked);
	put(out, "hufu_signer_cards_signed_total", "counter",
	        (double)health.cards_signed);
	put(out, "hufu_signer_serials_refused_total", "counter",
	        (double)health.serials_refused);
}

static void put_calls(struct metrics *m, FILE *out)
{
	fprintf(out, "# TYPE hufu_calls_total counter\n");
	for (size_t i = 0; i < METRICS_ROUTES_MAX; i++) {
		bool known = i < api_routes_count;
		for (int c = 1; c < METRICS_CLASSES; c++) {
			uint64_t n = atomic_load(&m->calls[i][c]);
			if (n == 0)
				continue;
			fprintf(out,
			        "hufu_calls_total{method=\"%s\",call=\"%s\","
			        "code=\"%dxx\"} %llu\n",
			        !known ? ""
			        : api_routes[i].method == EVHTTP_REQ_GET
			                ? "GET"
			                : "POST",
			        known ? api_routes[i].path : "none", c,
			        (unsigned long long)n);
		}
	}
	fprintf(out, "# TYPE hufu_call_seconds histogram\n");
	durations_print(&m->took, "hufu_call_seconds", out);
}

int metrics_print(const struct api_services *s, FILE *out)
{
	_free_ struct summary *summary = calloc(1, sizeof *summary);
	int r = summary ? store_read(s->store, read_summary, summary)
	                : HUFU_ERR_MEMORY;
	if (r)
		return r;
	fprintf(out, "# TYPE hufu_info gauge\nhufu_info{version=\"%s\"} 1\n",
	        s->version ? s->version : "");
	put_summary(summary, out);
	put_stations(s, out);
	put_log(s, out);
	put_lists(s, out);
	put_signer(s, out);
	fprintf(out, "# TYPE hufu_store_write_seconds histogram\n");
	durations_print(store_write_durations(s->store),
	        "hufu_store_write_seconds", out);
	if (s->metrics)
		put_calls(s->metrics, out);
	return ferror(out) ? HUFU_ERR_IO : HUFU_OK;
}

int api_show_metrics(struct api_call *call)
{
	char *text = NULL;
	size_t len = 0;
	int r = store_read(call->services->store, call_check_office, call);
	if (r)
		return r;
	FILE *out = open_memstream(&text, &len);
	if (!out)
		return HUFU_ERR_MEMORY;
	r = metrics_print(call->services, out);
	if (fclose(out) != 0 && r == HUFU_OK)
		r = HUFU_ERR_MEMORY;
	call->raw = (uint8_t *)text;
	call->raw_len = len;
	call->raw_type = "text/plain; version=0.0.4; charset=utf-8";
	return r;
}
