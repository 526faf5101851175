/*
 * Where the card is: the seam above reader and printer, which know nothing
 * of feeding, parking and throwing out. feed → park → encode → read back →
 * print → check → eject; after any failure reject.
 *
 * One worker thread uses a transport. The named outcomes below tell what a
 * person can mend; errors are forwarded. *p says it in words.
 */
#ifndef STATION_TRANSPORT_H
#define STATION_TRANSPORT_H

#include <stdbool.h>

#include "crypto/core/bytes.h"
#include "host/base/problem.h"
#include "host/station/prompt.h"

enum station_transport_outcome {
	STATION_HOPPER_EMPTY = 1, /* no blank to feed */
	STATION_NO_READER = 2, /* the reader is not there */
	STATION_NO_PRINTER = 3, /* off, or wants cards, ribbon, cover */
	STATION_BIN_FULL = 4,
	STATION_JAMMED = 5, /* the card does not move */
	STATION_OPERATOR_AWAY = 6, /* nobody answered, or said "cannot" */
	STATION_STOPPING = 7, /* asked to stop while it waited */
	STATION_PRINT_FAILED = 8, /* certainly nothing was printed */
	STATION_PRINT_UNKNOWN = 9, /* may or may not be printed */
	STATION_CANNOT_LOOK = 10, /* this transport sees no printed face */
};

enum {
	STATION_READER_NAME_MAX = 128,
	STATION_CAN_LOOK = 1 << 0, /* look() answers the printed QR itself */
	STATION_CAN_FEED = 1 << 1, /* moves cards without a person */
	STATION_CAN_HOLD = 1 << 2, /* print(hold) keeps the card inside */
};

enum station_position {
	STATION_EMPTY = 1, /* no card in the way */
	STATION_PARKED = 2, /* on the reader */
	STATION_AT_PRINTER = 3,
	STATION_SOMEWHERE = 4, /* a card is in the way, not known where */
};

struct station_transport_status {
	enum station_position position;
	int blanks; /* in the hopper, -1 unknown */
	int ribbon_percent; /* -1 unknown */
	bool bin_full;
	bool printer_ready;
	char zh[PROMPT_TEXT_MAX]; /* what a person should do, or "" */
	char en[PROMPT_TEXT_MAX];
};

struct station_sheet {
	const char *job_name; /* the print job's idempotency key */
	struct span raster; /* both sides */
	bool hold; /* keep the card in the printer */
};

struct station_transport;

struct station_transport_ops {
	int (*status)(struct station_transport *t,
	        struct station_transport_status *ret);
	/* Brings a blank into the way. */
	int (*feed)(struct station_transport *t, struct problem *p);
	/* Lays it on the contactless reader; its PC/SC name comes back. */
	int (*park)(struct station_transport *t,
	        char ret_reader[STATION_READER_NAME_MAX], struct problem *p);
	/* Hands the sheet over once; wait() tells what became of it. */
	int (*print)(struct station_transport *t,
	        const struct station_sheet *sheet, struct problem *p);
	/* 0 when printed, STATION_PRINT_*. By name, so also after a crash. */
	int (*wait)(struct station_transport *t, const char *job_name,
	        struct problem *p);
	/* QR text that is on the printed face: seen, or scanned by hand. */
	int (*look)(struct station_transport *t, const char *job_name,
	        char *ret_text, size_t cap, struct problem *p);
	int (*eject)(struct station_transport *t, struct problem *p);
	int (*reject)(struct station_transport *t, struct problem *p);
	/* After a crash or a jam: finds out where the card is. */
	int (*recover)(struct station_transport *t, enum station_position *ret,
	        struct problem *p);
	void (*close)(struct station_transport *t);
};

/* First member of every driver. */
struct station_transport {
	const struct station_transport_ops *ops;
	unsigned capabilities; /* STATION_CAN_* */
	struct prompt *prompt; /* where it asks; set by station_open() */
};

/*
 * Simulator: hufu-card's control socket moves memory files between the
 * folders hopper/, inside/, out/ and reject/ under `folder`; the printer is
 * any IPP printer, whose command saves the raster it got as
 * raster_folder/<job name>.pwg.
 */
struct station_simulator_options {
	const char *control_socket;
	const char *folder;
	const char *reader;
	const char *printer_uri;
	const char *raster_folder; /* NULL: look() cannot see */
	unsigned print_limit_ms; /* 0: 60 s */
};

HUFU_MUST_USE int station_simulator_open(
        const struct station_simulator_options *options,
        struct station_transport **ret, struct problem *p);

/* Hand: a person moves the card, told by the station's prompt. */
struct station_hand_options {
	const char *reader;
	const char *printer_uri;
	unsigned answer_limit_ms; /* 0: 10 min */
	unsigned print_limit_ms; /* 0: 120 s */
};

HUFU_MUST_USE int station_hand_open(const struct station_hand_options *options,
        struct station_transport **ret, struct problem *p);

#endif
