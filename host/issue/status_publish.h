/*
 * Publishes the status list in both its forms (status_folder.h): built from
 * the rows, logged (LOG_STATUS_LIST), signed by the signer against that
 * entry's proof. Changes are gathered for a moment and go out together. Once
 * a day in China, or when today's delta has grown long, there is a new
 * snapshot, and a delta from the one before.
 */
#ifndef HOST_STATUS_PUBLISH_H
#define HOST_STATUS_PUBLISH_H

#include "host/issue/issue.h"
#include "host/log/log.h"

struct signer;
struct status_publish;

struct status_publish_options {
	struct issue *issue;
	struct store *store;
	struct log *log;
	struct signer *signer;
	const char *folder; /* of all lists; this one is folder/<number> */
	const char *issuer; /* iss of the compact form */
	int alg; /* COSE number of the key that signs it; 0: the first */
	const char *uri; /* "sub" of the list: where it is fetched */
	int64_t ttl_s; /* how long a verifier may keep it */
	unsigned gather_ms; /* longest wait for more changes */
	size_t delta_max; /* entries that call for a snapshot; 0: 100,000 */
};

/* Starts the publishing thread; publishes once before it answers. */
HUFU_MUST_USE int status_publish_open(
        const struct status_publish_options *options,
        struct status_publish **ret, struct problem *ret_problem);
void status_publish_close(struct status_publish *publish);

/* Says that rows have changed; never waits. */
void status_publish_wake(struct status_publish *publish);

/*
 * Waits until a published list holds every change committed before the
 * call. HUFU_ERR_LINK: signer away; HUFU_ERR_TIMEOUT.
 */
HUFU_MUST_USE int status_publish_wait(struct status_publish *publish,
        unsigned timeout_ms, struct problem *ret_problem);

/* The same for the last change of one entry: others need not be out. */
HUFU_MUST_USE int status_publish_wait_index(struct status_publish *publish,
        uint32_t index, unsigned timeout_ms, struct problem *ret_problem);

/* Sequence number and time of the list now published. */
struct status_published {
	uint64_t sequence;
	int64_t at_s;
	uint64_t log_index;
};
HUFU_MUST_USE int status_publish_last(
        struct status_publish *publish, struct status_published *ret);

#endif
