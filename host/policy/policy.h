/*
 * The rules of who gets which card, as data: read from INI files, numbered
 * by version and valid from a date. Nothing here touches the store.
 */
#ifndef HOST_POLICY_H
#define HOST_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "host/base/area_code.h"
#include "host/base/date.h"
#include "host/base/problem.h"

enum {
	POLICY_VERSION_MAX = 32,
	POLICY_WORD_MAX = 32, /* slugs */
	POLICY_NAME_MAX = 96, /* bytes of UTF-8 */
	POLICY_KINDS_MAX = 9,
	POLICY_CLASSES_MAX = 32,
	POLICY_GROUNDS_MAX = 32,
	POLICY_STEPS_MAX = 8,
	POLICY_MATERIALS_MAX = 32,
	POLICY_BENEFITS_MAX = 32,
};

struct policy_label {
	char word[POLICY_WORD_MAX + 1]; /* "dismissed" */
	char zh[POLICY_NAME_MAX + 1];
	char en[POLICY_NAME_MAX + 1];
};

/* Numbers of kinds, classes, grounds, materials and benefits stand in the
 * database and on cards: they index the tables below, from 1. */
struct policy_kind {
	bool present;
	struct policy_label label;
	unsigned validity_years;
	uint32_t materials; /* bits 1u << number: must be handed in */
	uint32_t benefits; /* bit map of benefit classes for all of a kind */
};

struct policy_class {
	bool present;
	struct policy_label label;
	unsigned kind;
	uint32_t benefits;
};

enum policy_action {
	POLICY_REFUSE = 1,
	POLICY_REFER = 2, /* upward, to the province */
	POLICY_ALLOW_AFTER = 3, /* once the cause is gone for so long */
};

struct policy_ground {
	bool present;
	struct policy_label label;
	unsigned article; /* of 管理办法 */
	enum policy_action action;
	unsigned months; /* POLICY_ALLOW_AFTER */
};

struct policy_step {
	struct policy_label label; /* "accept", 受理 */
	unsigned role; /* enum staff_role */
	enum area_level level; /* of the area that decides */
	unsigned working_days; /* to decide; 0: no limit */
};

struct policy_material {
	bool present;
	struct policy_label label;
};

enum policy_photo {
	POLICY_PHOTO_FACE = 1, /* file and face */
	POLICY_PHOTO_FILE = 2, /* kind, size and ground of the file only */
};

struct policy {
	char version[POLICY_VERSION_MAX + 1];
	struct date from; /* first day of effect */
	unsigned min_age; /* in years; 0: none */
	unsigned home_visit_age;
	unsigned guardian_age; /* below it a guardian must act */
	unsigned temporary_loss_days;
	bool temporary_loss_lifts; /* by itself */
	unsigned handover_days; /* working days after receipt */
	unsigned unreachable_months;
	enum policy_photo photo_check;
	struct policy_kind kind[POLICY_KINDS_MAX + 1];
	struct policy_class class[POLICY_CLASSES_MAX];
	struct policy_ground ground[POLICY_GROUNDS_MAX];
	struct policy_material material[POLICY_MATERIALS_MAX];
	struct policy_material benefit[POLICY_BENEFITS_MAX];
	unsigned step_count;
	struct policy_step step[POLICY_STEPS_MAX]; /* from 0, in order */
};

struct policy_book; /* all versions, by date */

/* `path` is one file, or a folder of *.ini files. */
HUFU_MUST_USE int policy_book_open(const char *path, struct policy_book **ret,
        struct problem *ret_problem);
void policy_book_free(struct policy_book *book);
/* The version in force that day; NULL when none is yet. */
const struct policy *policy_book_at(
        const struct policy_book *book, struct date day);
/* The version of that name, or NULL: what an open case was begun under. */
const struct policy *policy_book_version(
        const struct policy_book *book, const char *version);
/* The nth version from 0, by first day; NULL past the last. */
const struct policy *policy_book_get(const struct policy_book *book, size_t n);

/* One version from memory; `name` stands for the file in problems. */
HUFU_MUST_USE int policy_parse(const char *text, const char *name,
        struct policy *ret, struct problem *ret_problem);

/* Number of a class, ground, material by its word or Chinese name; 0: none */
unsigned policy_find_class(const struct policy *p, const char *word);
unsigned policy_find_ground(const struct policy *p, const char *word);
unsigned policy_find_material(const struct policy *p, const char *word);
unsigned policy_find_kind(const struct policy *p, const char *word);

#endif
