/*
 * A machine that is not there: folders are its bins, hufu-card its reader,
 * any IPP printer its printer. Where the card is can be seen from the
 * folders alone, so that it survives a crash of everything.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "card/terminal/pcsc.h"
#include "host/base/cleanup.h"
#include "host/base/file.h"
#include "host/print/qr_read.h"
#include "host/station/control_link.h"
#include "host/station/ground.h"
#include "host/station/printer.h"

enum {
	PATH_CAP = CONTROL_LINK_PATH_MAX,
	CARD_NAME_MAX = 128,
	CARD_SEEN_MS = 3000, /* pcscd looks every 400 ms at most */
	RASTER_TRIES = 40,
	RASTER_PAUSE_MS = 50, /* the printer may still be writing it */
};

struct simulator {
	struct station_transport transport;
	struct printer printer;
	char control[PATH_CAP];
	char folder[PATH_CAP];
	char reader[STATION_READER_NAME_MAX];
	char rasters[PATH_CAP]; /* "": cannot look */
};

static int say(struct problem *p, int rc)
{
	return ground_problem(p, rc, ground_of_transport(rc));
}

/* First card file of a bin by name; HUFU_ERR_NOT_FOUND if there is none. */
static int first_card(const struct simulator *m, const char *bin,
        char ret_name[CARD_NAME_MAX], int *ret_count)
{
	char path[PATH_CAP];
	int count = 0;
	char first[CARD_NAME_MAX] = "";
	int rc = file_join(m->folder, bin, path, sizeof path);
	DIR *d = rc ? NULL : opendir(path);
	if (!d)
		return HUFU_ERR_IO;
	for (struct dirent *e = readdir(d); e; e = readdir(d)) {
		size_t len = strlen(e->d_name);
		if (e->d_name[0] == '.' || len >= CARD_NAME_MAX)
			continue;
		count++;
		if (!first[0] || strcmp(e->d_name, first) < 0)
			memcpy(first, e->d_name, len + 1);
	}
	closedir(d);
	if (ret_count)
		*ret_count = count;
	if (!count)
		return HUFU_ERR_NOT_FOUND;
	memcpy(ret_name, first, sizeof first);
	return 0;
}

static int card_path(const struct simulator *m, const char *bin,
        const char *name, char ret[PATH_CAP])
{
	char folder[PATH_CAP];
	int rc = file_join(m->folder, bin, folder, sizeof folder);
	return rc ? rc : file_join(folder, name, ret, PATH_CAP);
}

static int move_card(const struct simulator *m, const char *name,
        const char *from, const char *to)
{
	char a[PATH_CAP], b[PATH_CAP];
	int rc = card_path(m, from, name, a);
	if (rc == 0)
		rc = card_path(m, to, name, b);
	if (rc == 0 && rename(a, b) != 0)
		rc = HUFU_ERR_IO;
	return rc;
}

static int sim_status(
        struct station_transport *t, struct station_transport_status *ret)
{
	struct simulator *m = (struct simulator *)t;
	char name[CARD_NAME_MAX];
	memset(ret, 0, sizeof *ret);
	printer_get_status(&m->printer, ret);
	if (first_card(m, "hopper", name, &ret->blanks) == HUFU_ERR_IO)
		ret->blanks = -1;
	ret->position = first_card(m, "inside", name, NULL) == 0
	                        ? STATION_PARKED
	                        : STATION_EMPTY;
	return 0;
}

static int sim_feed(struct station_transport *t, struct problem *p)
{
	struct simulator *m = (struct simulator *)t;
	char name[CARD_NAME_MAX];
	if (first_card(m, "inside", name, NULL) == 0)
		return 0;
	int rc = first_card(m, "hopper", name, NULL);
	if (rc == 0)
		rc = move_card(m, name, "hopper", "inside");
	return rc ? say(p, STATION_HOPPER_EMPTY) : 0;
}

/* Inserts the card that is inside, unless it lies on the reader already. */
static int insert(struct simulator *m, const char *path)
{
	struct control_status status;
	int rc = control_link_status(m->control, &status);
	if (rc != 0)
		return rc;
	/* what another hand laid there is the terminal's to see */
	if (status.foreign ||
	        (status.present && strcmp(status.file, path) == 0))
		return 0;
	if (status.present)
		rc = control_link_remove(m->control);
	return rc ? rc : control_link_insert(m->control, path);
}

static int sim_park(struct station_transport *t,
        char ret_reader[STATION_READER_NAME_MAX], struct problem *p)
{
	struct simulator *m = (struct simulator *)t;
	char name[CARD_NAME_MAX], path[PATH_CAP];
	int rc = first_card(m, "inside", name, NULL);
	bool away = rc == HUFU_ERR_NOT_FOUND; /* the terminal's to tell */
	if (rc == 0)
		rc = card_path(m, "inside", name, path);
	if (rc == 0)
		rc = insert(m, path);
	if (rc != 0 && !away)
		return say(p, rc == HUFU_ERR_LINK || rc == HUFU_ERR_TIMEOUT
		                      ? STATION_NO_READER
		                      : STATION_JAMMED);
	rc = pcsc_wait(m->reader, true, away ? 0 : CARD_SEEN_MS);
	if (rc == TERMINAL_NO_READER || rc == HUFU_ERR_LINK)
		return say(p, STATION_NO_READER);
	memcpy(ret_reader, m->reader, STATION_READER_NAME_MAX);
	return 0; /* a card not seen in time is the terminal's to tell */
}

static int sim_print(struct station_transport *t,
        const struct station_sheet *sheet, struct problem *p)
{
	struct simulator *m = (struct simulator *)t;
	return printer_send(&m->printer, sheet, p);
}

static int sim_wait(
        struct station_transport *t, const char *job_name, struct problem *p)
{
	struct simulator *m = (struct simulator *)t;
	return printer_wait(&m->printer, t->prompt, job_name, p);
}

static int read_raster(const struct simulator *m, const char *job_name,
        char *ret_text, size_t cap)
{
	_free_ uint8_t *bytes = NULL;
	char name[CARD_NAME_MAX], path[PATH_CAP];
	size_t len = 0;
	int n = snprintf(name, sizeof name, "%s.pwg", job_name);
	if (n < 0 || (size_t)n >= sizeof name)
		return HUFU_ERR_LIMIT;
	int rc = file_join(m->rasters, name, path, sizeof path);
	if (rc == 0)
		rc = file_read(path, QR_IMAGE_BYTES_MAX, &bytes, &len);
	return rc ? rc : qr_read(span_of(bytes, len), ret_text, cap);
}

static int sim_look(struct station_transport *t, const char *job_name,
        char *ret_text, size_t cap, struct problem *p)
{
	struct simulator *m = (struct simulator *)t;
	const struct timespec pause = {0, RASTER_PAUSE_MS * 1000000L};
	int rc = HUFU_ERR_NOT_FOUND;
	if (!m->rasters[0])
		return say(p, STATION_CANNOT_LOOK);
	for (int i = 0; rc != 0 && i < RASTER_TRIES; i++) {
		if (i > 0)
			(void)nanosleep(&pause, NULL); /* may be shorter */
		rc = read_raster(m, job_name, ret_text, cap);
	}
	return rc ? ground_problem(
	                    p, HUFU_ERR_NOT_FOUND, GROUND_FACE_UNREADABLE)
	          : 0;
}

static int move_out(struct simulator *m, const char *bin, struct problem *p)
{
	char name[CARD_NAME_MAX];
	if (first_card(m, "inside", name, NULL) != 0)
		return 0; /* it is out already */
	/* without hufu-card nothing holds the card */
	int rc = control_link_remove(m->control);
	if (rc != 0 && rc != HUFU_ERR_LINK)
		return say(p, STATION_JAMMED);
	if (move_card(m, name, "inside", bin) != 0)
		return say(p, STATION_JAMMED);
	return 0;
}

static int sim_eject(struct station_transport *t, struct problem *p)
{
	return move_out((struct simulator *)t, "out", p);
}

static int sim_reject(struct station_transport *t, struct problem *p)
{
	struct simulator *m = (struct simulator *)t;
	struct control_status status;
	if (control_link_status(m->control, &status) == 0 && status.foreign)
		return control_link_remove(m->control)
		               ? say(p, STATION_JAMMED)
		               : 0; /* the blank stays inside */
	return move_out(m, "reject", p);
}

static int sim_recover(struct station_transport *t, enum station_position *ret,
        struct problem *p)
{
	struct simulator *m = (struct simulator *)t;
	char name[CARD_NAME_MAX];
	int rc = first_card(m, "inside", name, NULL);
	if (rc == HUFU_ERR_IO)
		return say(p, STATION_JAMMED);
	*ret = rc == 0 ? STATION_PARKED : STATION_EMPTY;
	return 0;
}

static void sim_close(struct station_transport *t)
{
	free(t);
}

static const struct station_transport_ops simulator_ops = {
        .status = sim_status,
        .feed = sim_feed,
        .park = sim_park,
        .print = sim_print,
        .wait = sim_wait,
        .look = sim_look,
        .eject = sim_eject,
        .reject = sim_reject,
        .recover = sim_recover,
        .close = sim_close,
};

static int make_bins(const struct simulator *m)
{
	static const char *const bins[] = {"hopper", "inside", "out", "reject"};
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < sizeof bins / sizeof *bins; i++) {
		char path[PATH_CAP];
		rc = file_join(m->folder, bins[i], path, sizeof path);
		if (rc == 0)
			rc = file_make_folder(path, 0700);
	}
	return rc;
}

static bool copy(char *to, size_t cap, const char *from)
{
	size_t len = strnlen(from, cap);
	if (len == cap)
		return false;
	memcpy(to, from, len);
	to[len] = 0;
	return true;
}

int station_simulator_open(const struct station_simulator_options *options,
        struct station_transport **ret, struct problem *p)
{
	struct simulator *m = calloc(1, sizeof *m);
	if (!m)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	m->transport.ops = &simulator_ops;
	m->transport.capabilities = STATION_CAN_FEED | STATION_CAN_HOLD;
	if (options->raster_folder)
		m->transport.capabilities |= STATION_CAN_LOOK;
	bool fits =
	        copy(m->control, PATH_CAP, options->control_socket) &&
	        copy(m->folder, PATH_CAP, options->folder) &&
	        copy(m->reader, sizeof m->reader, options->reader) &&
	        copy(m->rasters, PATH_CAP,
	                options->raster_folder ? options->raster_folder : "");
	int rc = fits ? printer_init(&m->printer, options->printer_uri,
	                        options->print_limit_ms)
	              : HUFU_ERR_ARGUMENT;
	if (rc == 0)
		rc = make_bins(m);
	if (rc != 0) {
		free(m);
		return problem_from_code(p, rc);
	}
	*ret = &m->transport;
	return 0;
}
