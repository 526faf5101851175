/*
 * The trust list that the daemon goes by, replaced while it runs when a
 * newer one is published (hufu trust publish).
 */
#ifndef DAEMON_TRUST_WATCH_H
#define DAEMON_TRUST_WATCH_H

#include "host/daemon/trust_file.h"

struct trust_watch;

HUFU_MUST_USE int trust_watch_open(const char *path, const char *root_path,
        struct trust_watch **ret, struct problem *ret_problem);
void trust_watch_close(struct trust_watch *watch); /* NULL is legal */

/* Every list ever answered stays valid until the watch is closed. */
const struct trust_list *trust_watch_list(const struct trust_watch *watch);

/*
 * Looks at the file; by one thread. True: there is a newer list now. A file
 * that is refused leaves the one in use; told once in *ret_problem (zh[0]).
 */
bool trust_watch_look(
        struct trust_watch *watch, int64_t now_s, struct problem *ret_problem);

#endif
