/*
 * What an outsider can check from the published tiles alone: that blanks
 * balance and that events come in a possible order.
 *
 * Blanks: received = in stock + reserved + issued + spoiled + missing, at
 * every entry. received raises stock; reserved takes one from stock and
 * released puts it back; issued and spoiled take one from reserved (spoiled
 * with ground "stock" takes `count` from stock); missing takes `count` from
 * stock; counted must find `count` in stock, area by area; moved changes
 * nothing in total; destroyed happens to spoiled plastic.
 *
 * Parcels: no more cards are received, and none missed, than were sent.
 */
#ifndef HOST_LOG_AUDIT_H
#define HOST_LOG_AUDIT_H

#include "host/log/log.h"

struct log_balance {
	uint64_t received;
	uint64_t in_stock;
	uint64_t reserved;
	uint64_t issued;
	uint64_t spoiled;
	uint64_t missing;
	uint64_t destroyed; /* of the spoiled */
};

struct log_audit {
	uint64_t size;
	struct log_balance balance;
	uint64_t events[LOG_TYPE_MAX + 1]; /* by type */
	int64_t first_s;
	int64_t last_s;
	uint64_t faults;
	struct log_audit_area *areas; /* stock by area */
	size_t area_count;
};

struct log_audit_fault {
	uint64_t index;
	enum log_type type; /* 0 when the entry cannot be read */
	const char *zh;
	const char *en;
};

typedef void (*log_audit_fn)(const struct log_audit_fault *fault, void *arg);

struct log_audit_options {
	const char *folder;
	const char *origin;
	const char *vkey;
	log_audit_fn found; /* called per fault; may be NULL */
	void *arg;
};

/*
 * 0, LOG_FAULTY (verify.h), HUFU_ERR_PROOF when the entries do not give the
 * checkpoint's root, or what kept it from reading.
 */
HUFU_MUST_USE int log_audit(const struct log_audit_options *options,
        struct log_audit *ret, struct problem *ret_problem);

/*
 * The counting by itself, on a zeroed *audit, entry by entry: 0, LOG_FAULTY
 * and why (the entry then counts for nothing), or HUFU_ERR_MEMORY. After
 * log_audit_done() the figures stay; log_audit() does it itself.
 */
HUFU_MUST_USE int log_audit_entry(struct log_audit *audit,
        const struct log_entry *entry, struct log_audit_fault *ret);
void log_audit_done(struct log_audit *audit);

#endif
