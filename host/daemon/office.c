#include "host/daemon/office.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/openssl/seal.h"
#include "crypto/openssl/secret_file.h"
#include "crypto/openssl/sigs.h"
#include "host/api/metrics.h"
#include "host/api/metrics_door.h"
#include "host/api/server.h"
#include "host/base/clock.h"
#include "host/daemon/opening.h"
#include "host/daemon/trust_watch.h"
#include "host/issue/card_book.h"
#include "host/issue/issue.h"
#include "host/issue/status_publish.h"
#include "host/log/log.h"
#include "host/log/verify.h"
#include "host/photo/ask.h"
#include "host/policy/policy.h"
#include "host/signer/client.h"
#include "host/staff/access.h"
#include "host/station/station.h"
#include "host/store/store.h"

#define OFFICE_VERSION "0.1.0"

enum { PROBE_MS = 1000 }; /* who asks how the signer is waits no longer */

struct office {
	const struct settings *settings;
	struct opening open;
	struct signer *signer;
	struct signer *signer_probe;
	struct metrics *metrics;
	struct metrics_door *metrics_door;
	struct log *log;
	struct status_publish *publish;
	struct trust_watch *trust;
	struct station_services services;
	struct station *stations[SETTINGS_STATIONS_MAX];
	size_t station_count;
	struct api_services api;
	struct photo_checker photo;
	char photo_program[4096];
	struct api_server *server;
	struct api_server *edge; /* NULL: no pages */
	int told; /* code of the trouble last told of */
	int64_t sessions_swept_s;
	int32_t rehashed_day; /* date_to_days() of the last nightly re-hash */
};

static int open_store(struct office *o, struct problem *p)
{
	return opening_store(&o->open, false, p);
}

static int open_log(struct office *o, struct problem *p)
{
	const struct settings *s = o->settings;
	int r = signer_open(
	        s->signer_socket, s->signer_timeout_ms, &o->signer, p);
	if (r == HUFU_OK)
		r = signer_open(s->signer_socket,
		        s->signer_timeout_ms < PROBE_MS ? s->signer_timeout_ms
		                                        : PROBE_MS,
		        &o->signer_probe, p);
	if (r)
		return r;
	struct log_options options = {.store = o->open.store,
	        .signer = o->signer,
	        .folder = s->log_folder,
	        .origin = s->log_origin};
	return log_open(&options, &o->log, p);
}

static int open_issue(struct office *o, struct problem *p)
{
	return opening_issue(&o->open, p);
}

static int open_publish(struct office *o, struct problem *p)
{
	const struct settings *s = o->settings;
	struct status_publish_options options = {.issue = o->open.issue,
	        .store = o->open.store,
	        .log = o->log,
	        .signer = o->signer,
	        .folder = s->status_folder,
	        .issuer = s->issuer_uri,
	        .alg = s->suite == SUITE_SM ? SIGCHECK_SM2 : SIGCHECK_ES256,
	        .uri = s->status_uri,
	        .ttl_s = s->status_ttl_s,
	        .gather_ms = s->status_gather_ms};
	return status_publish_open(&options, &o->publish, p);
}

static int open_trust(struct office *o, struct problem *p)
{
	const struct settings *s = o->settings;
	return trust_watch_open(s->trust_list, s->trust_root, &o->trust, p);
}

struct operator_look {
	const char *login;
	struct staff staff;
};

static int find_operator(struct store_tx *tx, void *arg)
{
	struct operator_look *look = arg;
	return staff_find_by_login(tx, look->login, &look->staff);
}

static int open_transport(const struct settings_station *s,
        struct station_transport **ret, struct problem *p)
{
	if (s->transport == SETTINGS_SIMULATOR) {
		struct station_simulator_options options = {
		        .control_socket = s->control_socket,
		        .folder = s->folder,
		        .reader = s->reader,
		        .printer_uri = s->printer_uri,
		        .raster_folder = s->raster_folder};
		return station_simulator_open(&options, ret, p);
	}
	struct station_hand_options options = {
	        .reader = s->reader, .printer_uri = s->printer_uri};
	return station_hand_open(&options, ret, p);
}

static int open_station(
        struct office *o, const struct settings_station *s, struct problem *p)
{
	struct operator_look look = {.login = s->operator_login};
	int r = store_read(o->open.store, find_operator, &look);
	if (r)
		return problem_set(p, r, "station-operator",
		        "制证台 %s 的操作员 %s 没有登记为工作人员。",
		        "The operator of station %s, %s, is not registered as "
		        "staff.",
		        s->name, s->operator_login);
	struct station_options options = {.name = s->name,
	        .area = s->area,
	        .operator_staff = look.staff.id,
	        .services = &o->services};
	r = open_transport(s, &options.transport, p);
	if (r == HUFU_OK)
		r = station_open(&options, &o->stations[o->station_count], p);
	if (r)
		return r;
	o->station_count++;
	return s->start ? station_start(o->stations[o->station_count - 1])
	                : HUFU_OK;
}

/*
 * A station whose operator is not registered yet must not keep the office
 * closed: that operator is registered through this daemon.
 */
static int open_stations(struct office *o, struct problem *p)
{
	const struct settings *s = o->settings;
	o->services = (struct station_services){.store = o->open.store,
	        .issue = o->open.issue,
	        .log = o->log,
	        .signer = o->signer,
	        .publish = o->publish,
	        .sigs = sigs_openssl(),
	        .trust = trust_watch_list(o->trust),
	        .issuer_uri = s->issuer_uri,
	        .fonts_dir = s->fonts,
	        .suite = s->suite,
	        .training = s->training};
	for (size_t i = 0; i < s->station_count; i++) {
		int r = open_station(o, &s->stations[i], p);
		if (r == HUFU_ERR_NOT_FOUND)
			fprintf(stderr, "hufud: %s\nhufud: %s\n", p->zh, p->en);
		else if (r)
			return r;
	}
	return HUFU_OK;
}

/* Where nothing is said: the program that was installed beside this one. */
static int open_photo(struct office *o, struct problem *p)
{
	static const char name[] = "/hufu-photo";
	const struct settings *s = o->settings;
	if (s->photo_socket[0]) {
		o->photo.socket = s->photo_socket;
		return HUFU_OK;
	}
	o->photo.program = s->photo_program;
	if (s->photo_program[0])
		return HUFU_OK;
	ssize_t len = readlink("/proc/self/exe", o->photo_program,
	        sizeof o->photo_program - sizeof name);
	char *end =
	        len > 0 ? memrchr(o->photo_program, '/', (size_t)len) : NULL;
	if (!end)
		return problem_from_code(p, HUFU_ERR_IO);
	memcpy(end, name, sizeof name);
	o->photo.program = o->photo_program;
	return HUFU_OK;
}

static int refuse_account(struct problem *p, const char *key, const char *name)
{
	return problem_set(p, HUFU_ERR_CONFIG, "account",
	        "hufud.ini %s：本机没有 %s。",
	        "hufud.ini %s: this machine has no %s.", key, name);
}

static int open_operator(struct office *o, struct problem *p)
{
	const char *name = o->settings->operator_group;
	struct api_server_options options = {.services = &o->api,
	        .socket_path = o->settings->operator_socket,
	        .socket_mode = name[0] ? 0660 : 0666,
	        .socket_group = (gid_t)-1};
	const struct group *group = name[0] ? getgrnam(name) : NULL;
	if (name[0] && !group)
		return refuse_account(p, "[api] operator-group", name);
	if (group)
		options.socket_group = group->gr_gid;
	return api_server_open(&options, &o->server, p);
}

/* Where nginx is another user than this daemon, its group may connect. */
static int open_edge(struct office *o, struct problem *p)
{
	const char *name = o->settings->edge.user;
	if (!o->settings->edge.socket[0])
		return HUFU_OK;
	const struct passwd *user = getpwnam(name);
	if (!user)
		return refuse_account(p, "[edge] user", name);
	struct api_server_options options = {.services = &o->api,
	        .socket_path = o->settings->edge.socket,
	        .socket_mode = 0660,
	        .socket_group = user->pw_gid,
	        .door = API_EDGE,
	        .edge_uid = user->pw_uid};
	return api_server_open(&options, &o->edge, p);
}

static int open_server(struct office *o, struct problem *p)
{
	o->metrics = metrics_new();
	if (!o->metrics)
		return HUFU_ERR_MEMORY;
	o->api = (struct api_services){.store = o->open.store,
	        .issue = o->open.issue,
	        .log = o->log,
	        .signer = o->signer,
	        .signer_probe = o->signer_probe,
	        .metrics = o->metrics,
	        .publish = o->publish,
	        .trust = o->services.trust,
	        .policies = o->open.policies,
	        .photo = &o->photo,
	        .fonts_dir = o->settings->fonts,
	        .stations = o->stations,
	        .station_count = o->station_count,
	        .office_area = o->settings->office_area,
	        .office_name = o->settings->office_name,
	        .training = o->settings->training,
	        .version = OFFICE_VERSION,
	        .log_folder = o->settings->log_folder,
	        .log_origin = o->settings->log_origin};
	return open_operator(o, p);
}

static int open_metrics(struct office *o, struct problem *p)
{
	const char *path = o->settings->metrics_socket;
	return path[0] ? metrics_door_open(&o->api, path, &o->metrics_door, p)
	               : HUFU_OK;
}

int office_open(const struct settings *settings, struct office **ret,
        struct problem *ret_problem)
{
	static int (*const steps[])(struct office *, struct problem *) = {
	        open_store, open_log, open_issue, open_publish, open_trust,
	        open_stations, open_photo, open_server, open_edge,
	        open_metrics};
	struct office *o = calloc(1, sizeof *o);
	if (!o)
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	o->settings = settings;
	o->open.settings = settings;
	o->rehashed_day = date_to_days(clock_today());
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct problem p = {0};
		int r = steps[i](o, &p);
		if (r == HUFU_OK)
			continue;
		if (!p.zh[0])
			(void)problem_from_code(&p, r); /* = r */
		if (ret_problem)
			*ret_problem = p;
		office_close(o);
		return r;
	}
	*ret = o;
	return HUFU_OK;
}

void office_close(struct office *o)
{
	metrics_door_close(o->metrics_door);
	api_server_close(o->edge);
	api_server_close(o->server);
	for (size_t i = 0; i < o->station_count; i++)
		station_close(o->stations[i]);
	if (o->publish)
		status_publish_close(o->publish);
	if (o->log)
		log_close(o->log);
	if (o->signer)
		signer_close(o->signer);
	signer_close(o->signer_probe);
	metrics_free(o->metrics);
	opening_done(&o->open);
	trust_watch_close(o->trust);
	free(o);
}

static void tell(struct office *o, int code, const struct problem *p)
{
	if (code && code != o->told)
		fprintf(stderr, "hufud: %s\nhufud: %s\n", p->zh, p->en);
	o->told = code;
}

static void rehash(struct office *o)
{
	struct signer_keys *keys = calloc(1, sizeof *keys);
	struct log_verdict verdict = {0};
	struct problem p = {0};
	int r = keys ? signer_public_keys(o->signer, keys) : HUFU_ERR_MEMORY;
	if (r == HUFU_OK) {
		struct log_verify_options options = {.store = o->open.store,
		        .folder = o->settings->log_folder,
		        .origin = o->settings->log_origin,
		        .vkey = keys->vkey};
		r = log_verify(&options, &verdict, &p);
	}
	free(keys);
	if (r == LOG_FAULTY)
		log_fault_describe(&verdict.first, &p);
	else if (r && !p.zh[0])
		(void)problem_from_code(&p, r); /* = r */
	if (r)
		tell(o, r, &p);
}

/* Stations and answers take the newer list at their next look. */
static void follow_trust(struct office *o)
{
	struct problem p = {0};
	if (trust_watch_look(o->trust, clock_now_s(), &p)) {
		o->services.trust = trust_watch_list(o->trust);
		o->api.trust = o->services.trust;
	} else if (p.zh[0]) {
		fprintf(stderr, "hufud: %s\nhufud: %s\n", p.zh, p.en);
	}
}

static void sweep_sessions(struct office *o)
{
	int64_t now_s = clock_now_s();
	if (now_s < o->sessions_swept_s + SESSION_IDLE_S)
		return;
	o->sessions_swept_s = now_s;
	session_sweep(o->open.store);
}

void office_tick(struct office *o)
{
	follow_trust(o);
	struct problem p = {0};
	size_t changed = 0;
	int r = card_book_sweep(o->open.issue, &changed, &p);
	if (r && !p.zh[0])
		(void)problem_from_code(&p, r); /* = r */
	tell(o, r, &p);
	if (changed)
		status_publish_wake(o->publish);
	sweep_sessions(o);
	int32_t today = date_to_days(clock_today());
	int64_t hour = (clock_now_s() - clock_start_of(clock_today())) / 3600;
	if (today != o->rehashed_day &&
	        hour >= (int64_t)o->settings->rehash_hour) {
		o->rehashed_day = today;
		rehash(o);
	}
}
