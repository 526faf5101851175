/*
 * hufu doctor: looks at everything that an office stands on and says, in
 * both languages, what to do. It changes nothing and asks nobody's name.
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <jansson.h>

#include "host/daemon/settings.h"

enum doctor_level {
	DOCTOR_WELL,
	DOCTOR_SKIPPED, /* nothing to look at, or not for this user */
	DOCTOR_WARNING, /* works today */
	DOCTOR_ILL,
	DOCTOR_LEVELS,
};

struct doctor {
	const struct settings *settings;
	const char *backups; /* folder; NULL: none told */
	int64_t now_s;
	json_t *findings; /* rows of check, level, zh, en */
	int count[DOCTOR_LEVELS];
};

/* `check` is a stable word; both formats take the same arguments. */
void doctor_say(struct doctor *d, enum doctor_level level, const char *check,
        const char *zh, const char *en, ...)
        __attribute__((format(printf, 4, 6)))
        __attribute__((format(printf, 5, 6)));

/* doctor_machine.c: clock, disk, rights, backups */
void doctor_check_clock(struct doctor *d);
void doctor_check_disk(struct doctor *d);
void doctor_check_rights(struct doctor *d);
void doctor_check_backups(struct doctor *d);
/* doctor_devices.c: what stands at the stations */
void doctor_check_readers(struct doctor *d);
void doctor_check_printers(struct doctor *d);
/* doctor_keys.c: signer, trust list, certificates of the edge */
void doctor_check_daemon(struct doctor *d);
void doctor_check_signer(struct doctor *d);
void doctor_check_trust(struct doctor *d);
void doctor_check_certificates(struct doctor *d);
/* doctor_records.c: database, log, published lists, calendar */
void doctor_check_database(struct doctor *d);
void doctor_check_published(struct doctor *d);
void doctor_check_calendar(struct doctor *d);

#endif
