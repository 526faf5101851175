/* Bins, reader and printer; and faces that hold their QR text only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "card/terminal/direct.h"
#include "host/base/fault_point.h"
#include "host/print/raster.h"
#include "world.h"

/* ---- fault points ---- */

void fault_point(const char *name)
{
	if (world->trace_count < WORLD_TRACE)
		snprintf(world->trace[world->trace_count++], 32, "%s", name);
	if (strcmp(world->die_at, name) == 0 &&
	        ++world->die_passed == world->die_nth)
		_exit(WORLD_DIED);
}

/* ---- the reader ---- */

struct slot {
	struct sim *sim;
	struct world_blank *blank;
};

static void blank_path(const struct world_blank *b, char ret[256])
{
	snprintf(ret, 256, "%s/%d.card", world->folder,
	        (int)(b - world->blanks));
}

static int slot_power(void *card, struct writer *ret_atr)
{
	struct slot *s = card;
	struct world_blank *inside = world_inside();
	char path[256];
	if (world->open_answer)
		return world->open_answer;
	if (!world->foreign_card && (!inside || world->gone))
		return TERMINAL_NO_CARD;
	writer_put_u8(ret_atr, 0x3B);
	if (world->foreign_card)
		return 0;
	if (s->blank != inside) {
		sim_free(s->sim);
		s->sim = NULL;
		s->blank = inside;
		blank_path(inside, path);
		assert_int_equal(sim_open(path, &s->sim), 0);
	}
	assert_int_equal(sim_power_on(s->sim), 0);
	return 0;
}

static int slot_exchange(
        void *card, struct span command, struct writer *ret_answer)
{
	struct slot *s = card;
	uint8_t answer[CARD_ANSWER_MAX];
	if (world->foreign_card) {
		writer_put_u16(ret_answer, CARD_SW_NOT_FOUND);
		return 0;
	}
	bool pulled = ++world->commands == world->pull_at;
	if (pulled && !world->pull_after) {
		sim_power_off(s->sim);
		return 0;
	}
	size_t len = sim_transmit(s->sim, command, answer);
	if (pulled) {
		sim_power_off(s->sim);
		return 0;
	}
	writer_put(ret_answer, answer, len);
	return 0;
}

static void slot_gone(void *card)
{
	struct slot *s = card;
	sim_free(s->sim);
	free(s);
}

/* The direct transport, which also frees the slot. */
struct reader_slot {
	struct transport transport;
	struct transport *direct;
	struct slot *slot;
};

static int rs_open(struct transport *t)
{
	return transport_open(((struct reader_slot *)t)->direct);
}

static int rs_transmit(
        struct transport *t, struct span command, struct writer *ret_answer)
{
	return transport_transmit(
	        ((struct reader_slot *)t)->direct, command, ret_answer);
}

static int rs_reset(struct transport *t)
{
	return transport_reset(((struct reader_slot *)t)->direct);
}

static void rs_close(struct transport *t)
{
	struct reader_slot *r = (struct reader_slot *)t;
	transport_close(r->direct);
	slot_gone(r->slot);
	free(r);
}

static const struct transport_ops rs_ops = {
        .open = rs_open,
        .transmit = rs_transmit,
        .reset = rs_reset,
        .close = rs_close,
};

int world_open_reader(void *arg, const char *name, struct transport **ret)
{
	struct reader_slot *r = calloc(1, sizeof *r);
	(void)arg;
	assert_string_equal(name, "world reader");
	assert_non_null(r);
	r->slot = calloc(1, sizeof *r->slot);
	assert_non_null(r->slot);
	const struct direct_card card = {
	        .power = slot_power,
	        .exchange = slot_exchange,
	        .card = r->slot,
	};
	assert_int_equal(direct_new(&card, &r->direct), 0);
	r->transport.ops = &rs_ops;
	*ret = &r->transport;
	return 0;
}

/* ---- the machine ---- */

static int m_status(
        struct station_transport *t, struct station_transport_status *ret)
{
	(void)t;
	memset(ret, 0, sizeof *ret);
	ret->printer_ready = !world->printer_away;
	return 0;
}

static int m_feed(struct station_transport *t, struct problem *p)
{
	(void)t;
	if (world->feed_answer)
		return problem_set(p, world->feed_answer, "no", "不行", "no");
	if (world_inside())
		return 0;
	for (size_t i = 0; i < WORLD_BLANKS; i++) {
		if (world->blanks[i].bin != BIN_HOPPER)
			continue;
		world->blanks[i].bin = BIN_INSIDE;
		return 0;
	}
	return problem_set(p, STATION_HOPPER_EMPTY, "no", "空", "empty");
}

static int m_park(struct station_transport *t,
        char ret_reader[STATION_READER_NAME_MAX], struct problem *p)
{
	(void)t;
	(void)p;
	snprintf(ret_reader, STATION_READER_NAME_MAX, "world reader");
	return 0;
}

static int m_print(struct station_transport *t,
        const struct station_sheet *sheet, struct problem *p)
{
	struct world_print *print = &world->prints[world->print_count++];
	(void)t;
	(void)p;
	assert_true(world->print_count <= WORLD_PRINTS);
	snprintf(print->name, sizeof print->name, "%s", sheet->job_name);
	assert_true(sheet->raster.len < sizeof print->text);
	memcpy(print->text, sheet->raster.data, sheet->raster.len);
	print->text[sheet->raster.len] = 0;
	if (world->wrong_face)
		print->text[40] = print->text[40] == 'A' ? 'B' : 'A';
	return 0;
}

static const struct world_print *find_print(const char *name)
{
	for (unsigned i = 0; i < world->print_count; i++)
		if (strcmp(world->prints[i].name, name) == 0)
			return &world->prints[i];
	return NULL;
}

static int m_wait(
        struct station_transport *t, const char *job_name, struct problem *p)
{
	const struct timespec print_time = {
	        0, (long)world->print_ms * 1000000L};
	(void)t;
	(void)p;
	nanosleep(&print_time, NULL);
	if (world->wait_answer)
		return world->wait_answer;
	return find_print(job_name) ? 0 : STATION_PRINT_UNKNOWN;
}

static int m_look(struct station_transport *t, const char *job_name,
        char *ret_text, size_t cap, struct problem *p)
{
	const struct world_print *print = find_print(job_name);
	(void)t;
	(void)p;
	if (world->look_answer)
		return world->look_answer;
	if (!print)
		return HUFU_ERR_NOT_FOUND;
	snprintf(ret_text, cap, "%s", print->text);
	return 0;
}

static int move_out(enum bin bin)
{
	if (world->foreign_card) {
		world->foreign_card = false;
		return 0;
	}
	if (world_inside())
		world_inside()->bin = bin;
	return 0;
}

static int m_eject(struct station_transport *t, struct problem *p)
{
	(void)t;
	(void)p;
	return move_out(BIN_OUT);
}

static int m_reject(struct station_transport *t, struct problem *p)
{
	(void)t;
	(void)p;
	return move_out(BIN_REJECT);
}

static int m_recover(struct station_transport *t, enum station_position *ret,
        struct problem *p)
{
	(void)t;
	(void)p;
	*ret = world_inside() ? STATION_PARKED : STATION_EMPTY;
	return 0;
}

static void m_close(struct station_transport *t)
{
	free(t);
}

static const struct station_transport_ops machine_ops = {
        .status = m_status,
        .feed = m_feed,
        .park = m_park,
        .print = m_print,
        .wait = m_wait,
        .look = m_look,
        .eject = m_eject,
        .reject = m_reject,
        .recover = m_recover,
        .close = m_close,
};

struct station_transport *world_machine(void)
{
	struct station_transport *t = calloc(1, sizeof *t);
	assert_non_null(t);
	t->ops = &machine_ops;
	t->capabilities = STATION_CAN_FEED | STATION_CAN_LOOK;
	if (world->cannot_look)
		t->capabilities = STATION_CAN_FEED;
	return t;
}

/* ---- the face ---- */

const struct face_text FACE_TEXT_DEFAULT = {.hotline = "0"};

struct face {
	char text[SIGNER_TBS_MAX];
};

int face_fonts_open(const char *dir, struct face_fonts **ret, struct problem *p)
{
	(void)dir;
	(void)p;
	*ret = NULL;
	return 0;
}

void face_fonts_close(struct face_fonts **fonts)
{
	(void)fonts;
}

int face_check_name(
        struct face_fonts *fonts, const char *name, struct problem *p)
{
	(void)fonts;
	assert_true(name[0] != 0);
	if (world->undrawable)
		return problem_set(p, FACE_UNDRAWABLE, "undrawable", "画不出",
		        "cannot be drawn");
	return 0;
}

int face_render(struct face_fonts *fonts, const struct face_record *record,
        struct face **ret, struct problem *p)
{
	struct face *f = calloc(1, sizeof *f);
	(void)fonts;
	(void)p;
	assert_non_null(f);
	assert_string_equal(record->can, "123456");
	assert_int_equal(strlen(record->serial), 2 * CARD_SERIAL_LEN);
	snprintf(f->text, sizeof f->text, "%s", record->qr_text);
	*ret = f;
	return 0;
}

void face_free(struct face **face)
{
	free(*face);
	*face = NULL;
}

int raster_encode(const struct face *face, struct blob *ret)
{
	return blob_append(ret, face->text, strlen(face->text));
}
