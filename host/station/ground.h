/*
 * Why a card was spoiled or a job put off: a slug for rows and log entries,
 * and one sentence in each language that says what to do.
 */
#ifndef STATION_GROUND_H
#define STATION_GROUND_H

#include <stdbool.h>

#include "host/base/problem.h"

enum ground {
	GROUND_NONE,
	/* the job is put off, the blank is as it was */
	GROUND_HOPPER_EMPTY,
	GROUND_NO_READER,
	GROUND_READER_HANGS,
	GROUND_READER_BUSY,
	GROUND_NO_CARD,
	GROUND_LINK_LOST,
	GROUND_FOREIGN_CARD,
	GROUND_PERSONALISED,
	GROUND_NOT_IN_STOCK,
	GROUND_NO_BLANK,
	GROUND_WRONG_CARD,
	GROUND_PRINTER_NOT_READY,
	GROUND_BIN_FULL,
	GROUND_JAMMED,
	GROUND_OPERATOR_AWAY,
	GROUND_STOPPING,
	GROUND_SIGNER_AWAY,
	GROUND_SIGNER_REFUSES,
	GROUND_LOG_AWAY,
	GROUND_LISTS_AWAY,
	GROUND_STORE_FAILED,
	GROUND_UNDRAWABLE,
	GROUND_NOT_BUILT,
	GROUND_FAULT,
	/* the blank is spoiled */
	GROUND_WRONG_KEY,
	GROUND_SIGNED_OTHERWISE,
	GROUND_CARD_MISSING,
	GROUND_CHIP_CHANGED,
	GROUND_CHIP_REFUSES,
	GROUND_CHIP_FULL,
	GROUND_CHIP_DIFFERS,
	GROUND_PRINT_FAILED,
	GROUND_PRINT_UNKNOWN,
	GROUND_FACE_DIFFERS,
	GROUND_FACE_UNREADABLE,
	GROUNDS,
};

const char *ground_slug(enum ground ground);
/* GROUND_NONE for a slug of somebody else's. */
enum ground ground_find(const char *slug);

/* Fills *p with the ground's words and answers `code`. */
int ground_problem(struct problem *p, int code, enum ground ground);

/* What a TERMINAL_* outcome or an error of the reader's side means. */
enum ground ground_of_terminal(int rc);
/* A station_transport_outcome. */
enum ground ground_of_transport(int rc);

/* Grounds that leave no hope for the blank in hand. */
bool ground_spoils(enum ground ground);

#endif
