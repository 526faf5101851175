/* The part of opening that log_open() and log_restore() share. */
#ifndef HOST_LOG_OPEN_H
#define HOST_LOG_OPEN_H

#include "host/log/log.h"

/* Folder and key taken in, nothing looked at, no thread. */
HUFU_MUST_USE int open_prepare(const struct log_options *options,
        struct log **ret, struct problem *ret_problem);
void open_done(struct log *log);

#endif
