/*
 * Asking the daemon: HTTP over its operator socket. A refusal is told on
 * standard error, Chinese first, and comes back as CLI_REFUSED.
 */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include "crypto/core/bytes.h"
#include "host/cli/cli.h"

struct client_reply {
	long status;
	char *body; /* NUL-terminated */
	size_t len;
	json_t *json; /* NULL when it is no JSON */
};

/* Each answers a cli_exit; ret is filled on CLI_DONE and CLI_REFUSED. */
int client_get(
        const struct cli *cli, const char *path, struct client_reply *ret);
/* Takes the reference to `body`. */
int client_post(const struct cli *cli, const char *path, json_t *body,
        struct client_reply *ret);
int client_post_csv(const struct cli *cli, const char *path, struct span csv,
        struct client_reply *ret);

/* Appends "key=value" escaped, after ? or &; a NULL value adds nothing.
 * False when there is no room. */
bool client_add_query(
        char *path, size_t size, const char *key, const char *value);

void client_done(struct client_reply *reply); /* for cleanup too */

#endif
