/*
 * hufud.ini: where everything of one office lies. Read whole and strictly
 * before anything is opened; docs/operations.md lists the keys.
 */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

#include "host/base/config.h"

enum { SETTINGS_STATIONS_MAX = 16 };

enum settings_transport { SETTINGS_HAND = 1, SETTINGS_SIMULATOR = 2 };

struct settings_station {
	const char *name;
	const char *area;
	const char *operator_login;
	enum settings_transport transport;
	const char *reader;
	const char *printer_uri;
	const char *control_socket; /* simulator only, as the next two */
	const char *folder;
	const char *raster_folder;
	bool start; /* works from the daemon's start on */
};

/* What nginx is set up with (hufu edge write); `name` is "" without it. */
struct settings_edge {
	const char *user; /* nginx's worker processes; hufud hears no other */
	const char *name; /* of the host, as browsers call it */
	const char *address; /* "" for all of the machine */
	unsigned port;
	const char *socket; /* where nginx finds the daemon */
	const char *certificate, *key;
	const char *client_ca, *client_crl; /* "" for none */
	const char *pages; /* folder of console/ and verify/ */
	const char *log; /* folder */
	unsigned metrics_port; /* of the loopback; 0: none */
	unsigned rate; /* requests a second from one address */
};

/* Texts live as long as the configuration behind them. */
struct settings {
	const char *office_area;
	const char *office_name;
	bool training;
	int suite; /* 1 intl, 2 sm */
	const char *store_url;
	const char *seal_keys;
	const char *log_folder;
	const char *log_origin;
	const char *log_vkey; /* file with the checkpoint key's vkey */
	const char *signer_socket;
	unsigned signer_timeout_ms;
	const char *policy;
	const char *calendar; /* "": as built in */
	uint32_t status_list;
	unsigned status_bits;
	const char *status_key;
	const char *status_folder;
	const char *status_uri;
	int64_t status_ttl_s;
	unsigned status_gather_ms;
	int64_t lease_s;
	int64_t back_off_s;
	int64_t attempts_max;
	const char *trust_list;
	const char *trust_root;
	const char *issuer_uri;
	const char *operator_socket;
	const char *metrics_socket; /* "" for none */
	const char *photo_socket; /* "": the program is started */
	const char *photo_program; /* "": hufu-photo beside this one */
	const char *operator_group; /* who may connect; "": everybody */
	const char *fonts;
	struct settings_edge edge;
	unsigned rehash_hour; /* of the day in China */
	size_t station_count;
	struct settings_station stations[SETTINGS_STATIONS_MAX];
};

/* The caller frees *ret_config after the last use of *ret. */
HUFU_MUST_USE int settings_read(const char *path, struct settings *ret,
        struct config **ret_config, struct problem *ret_problem);

#endif
