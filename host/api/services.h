/*
 * What the API works on: everything that the daemon has open.
 */
#ifndef API_SERVICES_H
#define API_SERVICES_H

#include <stdbool.h>
#include <stddef.h>

struct issue;
struct log;
struct metrics;
struct photo_checker;
struct policy_book;
struct signer;
struct station;
struct status_publish;
struct store;
struct trust_list;

struct api_services {
	struct store *store;
	struct issue *issue;
	struct log *log;
	struct signer *signer;
	/* a connection of its own that gives up soon, to ask how it is;
	 * NULL: the other one */
	struct signer *signer_probe;
	struct metrics *metrics; /* NULL: nobody counts */
	struct status_publish *publish;
	const struct policy_book *policies;
	const struct trust_list *_Atomic trust; /* replaced while calls run */
	struct station **stations;
	size_t station_count;
	const char *office_area; /* the daemon's own, GB/T 2260 */
	const char *fonts_dir; /* NULL: /usr/share/fonts */
	bool training; /* 样卡 TRAINING cards */
	const struct photo_checker *photo; /* NULL: none, no photo is taken */
	const char *office_name;
	const char *version;
	/* The nightly re-hash, on demand: see GET /v1/log/verdict. */
	const char *log_folder;
	const char *log_origin;
};

#endif
