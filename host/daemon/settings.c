#include "host/daemon/settings.h"

#include <string.h>

static const struct config_choice suites[] = {
        {"intl", 1}, {"sm", 2}, {NULL, 0}};
static const struct config_choice transports[] = {
        {"hand", SETTINGS_HAND}, {"simulator", SETTINGS_SIMULATOR}, {NULL, 0}};

static int64_t number(struct config *c, const char *section, const char *key,
        int64_t min, int64_t max, int64_t fallback)
{
	struct config_int rule = {.min = min, .max = max, .fallback = fallback};
	return config_number(c, section, key, &rule);
}

static void read_office(struct config *c, struct settings *s)
{
	s->office_area = config_text(c, "office", "area", CONFIG_REQUIRED);
	s->office_name = config_text(c, "office", "name", CONFIG_REQUIRED);
	s->issuer_uri = config_text(c, "office", "issuer", CONFIG_REQUIRED);
	s->training = config_bool(c, "office", "training", false);
	s->suite = config_word(c, "office", "suite", suites);
	s->policy = config_text(c, "office", "policy", CONFIG_REQUIRED);
	s->calendar = config_text(c, "office", "calendar", "");
	s->fonts = config_text(c, "office", "fonts", "/usr/share/fonts");
	s->store_url = config_text(c, "store", "url", CONFIG_REQUIRED);
	s->seal_keys = config_text(c, "store", "seal-keys", CONFIG_REQUIRED);
	s->log_folder = config_text(c, "log", "folder", CONFIG_REQUIRED);
	s->log_origin = config_text(c, "log", "origin", CONFIG_REQUIRED);
	s->log_vkey = config_text(c, "log", "vkey", CONFIG_REQUIRED);
	s->rehash_hour = (unsigned)number(c, "log", "rehash-hour", 0, 23, 2);
	s->signer_socket = config_text(c, "signer", "socket", CONFIG_REQUIRED);
	s->signer_timeout_ms =
	        (unsigned)number(c, "signer", "timeout-ms", 100, 600000, 10000);
	s->photo_socket = config_text(c, "photo", "socket", "");
	s->photo_program = config_text(c, "photo", "program", "");
	s->operator_socket =
	        config_text(c, "api", "operator-socket", CONFIG_REQUIRED);
	s->metrics_socket = config_text(c, "api", "metrics-socket", "");
	s->operator_group = config_text(c, "api", "operator-group", "");
}

static void read_issuing(struct config *c, struct settings *s)
{
	s->status_list =
	        (uint32_t)number(c, "status", "list", 0, UINT32_MAX, 1);
	s->status_bits = (unsigned)number(c, "status", "bits", 8, 26, 26);
	s->status_key = config_text(c, "status", "key", CONFIG_REQUIRED);
	s->status_folder = config_text(c, "status", "folder", CONFIG_REQUIRED);
	s->status_uri = config_text(c, "status", "uri", CONFIG_REQUIRED);
	s->status_ttl_s = number(c, "status", "ttl-s", 60, 31536000, 86400);
	s->status_gather_ms =
	        (unsigned)number(c, "status", "gather-ms", 0, 60000, 1000);
	s->lease_s = number(c, "making", "lease-s", 2, 86400, 60);
	s->back_off_s = number(c, "making", "back-off-s", 0, 86400, 30);
	s->attempts_max = number(c, "making", "attempts", 1, 100, 5);
	s->trust_list = config_text(c, "trust", "list", CONFIG_REQUIRED);
	s->trust_root = config_text(c, "trust", "root", CONFIG_REQUIRED);
}

static void read_edge(struct config *c, struct settings_edge *e)
{
	const char *path = config_has(c, "edge", "name") ? CONFIG_REQUIRED : "";
	e->name = config_text(c, "edge", "name", "");
	e->user = config_text(c, "edge", "user", "www-data");
	e->address = config_text(c, "edge", "address", "");
	e->port = (unsigned)number(c, "edge", "port", 1, 65535, 443);
	e->socket = config_text(c, "edge", "socket", path);
	e->certificate = config_text(c, "edge", "certificate", path);
	e->key = config_text(c, "edge", "key", path);
	e->client_ca = config_text(c, "edge", "client-ca", "");
	e->client_crl = config_text(c, "edge", "client-crl", "");
	e->pages = config_text(c, "edge", "pages", "/usr/share/hufu");
	e->log = config_text(c, "edge", "log", "/var/log/nginx");
	e->metrics_port =
	        (unsigned)number(c, "edge", "metrics-port", 0, 65535, 0);
	e->rate = (unsigned)number(c, "edge", "rate", 1, 100000, 50);
}

static void read_station(
        struct config *c, const char *section, struct settings_station *s)
{
	s->name = section + strlen("station ");
	s->area = config_text(c, section, "area", CONFIG_REQUIRED);
	s->operator_login =
	        config_text(c, section, "operator", CONFIG_REQUIRED);
	s->transport = (enum settings_transport)config_word(
	        c, section, "transport", transports);
	s->reader = config_text(c, section, "reader", CONFIG_REQUIRED);
	s->printer_uri = config_text(c, section, "printer", CONFIG_REQUIRED);
	s->start = config_bool(c, section, "start", false);
	if (s->transport != SETTINGS_SIMULATOR)
		return;
	s->control_socket =
	        config_text(c, section, "control-socket", CONFIG_REQUIRED);
	s->folder = config_text(c, section, "folder", CONFIG_REQUIRED);
	s->raster_folder =
	        config_text(c, section, "raster-folder", CONFIG_REQUIRED);
}

int settings_read(const char *path, struct settings *ret,
        struct config **ret_config, struct problem *ret_problem)
{
	struct config *c = NULL;
	struct settings s = {0};
	int r = config_open(path, &c, ret_problem);
	if (r)
		return r;
	read_office(c, &s);
	read_issuing(c, &s);
	read_edge(c, &s.edge);
	for (;;) {
		const char *section =
		        config_section(c, "station ", (int)s.station_count);
		if (!section)
			break;
		if (s.station_count == SETTINGS_STATIONS_MAX) {
			config_refuse(c, section, "operator",
			        "制证台太多，最多 16 个",
			        "at most 16 stations");
			break;
		}
		read_station(c, section, &s.stations[s.station_count++]);
	}
	r = config_done(c, ret_problem);
	if (r) {
		config_free(c);
		return r;
	}
	*ret = s;
	*ret_config = c;
	return HUFU_OK;
}
