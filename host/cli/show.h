/*
 * Answers on the screen: tables whose columns line up with Chinese text in
 * them, and single records.
 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "host/cli/client.h"

struct show_column {
	const char *key; /* member of each row */
	const char *title;
};

/* Ends with a row whose key is NULL. */
void show_table(const json_t *rows, const struct show_column *columns);
/* "title: value", one a line, for the members named. */
void show_record(const json_t *record, const struct show_column *columns);
/* The reply as JSON when asked for; true if it did. */
bool show_json(const struct cli *cli, const struct client_reply *reply);

/* What waits for a second person, and how he confirms it. */
void show_proposal(const struct cli *cli, const struct client_reply *reply);

#endif
