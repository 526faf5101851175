/*
 * The two drivers without their devices: bins of the simulator as folders,
 * the hand's questions; printer, reader and control socket are doubles.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "card/terminal/pcsc.h"
#include "host/base/file.h"
#include "host/print/ipp.h"
#include "host/station/control_link.h"
#include "host/station/transport.h"

/* ---- doubles ---- */

static struct {
	bool card_away; /* hufu-card does not answer */
	bool foreign;
	char inserted[CONTROL_LINK_PATH_MAX];
	unsigned inserts;
	unsigned removes;
	int reader; /* what pcsc_wait() answers */
	int submit;
	int found; /* print_find_job() */
	int waited; /* print_wait() */
	unsigned wants;
	unsigned submits;
	char last_job[64];
} dev;

int control_link_status(const char *socket_path, struct control_status *ret)
{
	assert_string_equal(socket_path, "/run/card.sock");
	if (dev.card_away)
		return HUFU_ERR_LINK;
	memset(ret, 0, sizeof *ret);
	ret->foreign = dev.foreign;
	ret->present = dev.inserted[0] || dev.foreign;
	memcpy(ret->file, dev.inserted, sizeof ret->file);
	return 0;
}

int control_link_insert(const char *socket_path, const char *file)
{
	(void)socket_path;
	if (dev.card_away)
		return HUFU_ERR_LINK;
	assert_int_equal(dev.inserted[0], 0);
	snprintf(dev.inserted, sizeof dev.inserted, "%s", file);
	dev.inserts++;
	return 0;
}

int control_link_remove(const char *socket_path)
{
	(void)socket_path;
	if (dev.card_away)
		return HUFU_ERR_LINK;
	dev.inserted[0] = 0;
	dev.foreign = false;
	dev.removes++;
	return 0;
}

int pcsc_wait(const char *reader, bool present, unsigned timeout_ms)
{
	(void)timeout_ms;
	assert_true(present);
	assert_string_equal(reader, "Reader 1");
	return dev.reader;
}

int print_submit(const struct print_dest *dest, const char *job_name,
        struct span raster, int *ret_job_id, struct problem *p)
{
	(void)p;
	assert_string_equal(dest->uri, "ipp://localhost/p");
	assert_true(raster.len > 0);
	snprintf(dev.last_job, sizeof dev.last_job, "%s", job_name);
	dev.submits++;
	*ret_job_id = 12;
	return dev.submit;
}

int print_find_job(const struct print_dest *dest, const char *job_name,
        struct print_job *ret)
{
	(void)dest;
	(void)job_name;
	memset(ret, 0, sizeof *ret);
	ret->id = 12;
	return dev.found;
}

int print_wait(const struct print_dest *dest, int job_id,
        const struct print_wait *how, struct print_job *ret_job,
        struct problem *p)
{
	struct printer_state state = {.wants = dev.wants};
	(void)dest;
	(void)ret_job;
	(void)p;
	assert_int_equal(job_id, 12);
	assert_int_equal(how->impressions, 2);
	/* the driver goes on waiting while the printer wants a person */
	if (dev.wants)
		for (int i = 0; i < 3; i++) {
			const struct timespec ts = {0, 40000000};
			nanosleep(&ts, NULL);
			assert_true(how->watch(how->user, NULL, &state));
		}
	return dev.waited;
}

int print_get_printer(const struct print_dest *dest, struct printer_state *ret)
{
	(void)dest;
	memset(ret, 0, sizeof *ret);
	ret->accepting = true;
	ret->wants = dev.wants;
	ret->ribbon_percent = 40;
	snprintf(ret->zh, sizeof ret->zh, "请装卡");
	snprintf(ret->en, sizeof ret->en, "Load cards");
	return 0;
}

static void all_well(void)
{
	memset(&dev, 0, sizeof dev);
	dev.waited = PRINT_PRINTED;
}

/* ---- simulator ---- */

static char folder[64];

static void put_blank(const char *bin, const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s/%s", folder, bin, name);
	assert_int_equal(file_write(path, span_of("x", 1), 0600), 0);
}

static bool has(const char *bin, const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s/%s", folder, bin, name);
	return file_exists(path);
}

static struct station_transport *open_simulator(void)
{
	const struct station_simulator_options options = {
	        .control_socket = "/run/card.sock",
	        .folder = folder,
	        .reader = "Reader 1",
	        .printer_uri = "ipp://localhost/p",
	        .raster_folder = folder,
	        .print_limit_ms = 60,
	};
	struct station_transport *t = NULL;
	struct problem p;
	snprintf(folder, sizeof folder, "/tmp/hufu-bins-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(station_simulator_open(&options, &t, &p), 0);
	return t;
}

static void close_simulator(struct station_transport *t)
{
	static const char *const bins[] = {"hopper", "inside", "out", "reject"};
	static const char *const names[] = {"a.card", "b.card"};
	t->ops->close(t);
	for (size_t i = 0; i < 4; i++) {
		char path[256];
		for (size_t j = 0; j < 2; j++) {
			snprintf(path, sizeof path, "%s/%s/%s", folder, bins[i],
			        names[j]);
			(void)unlink(path); /* in one bin at most */
		}
		snprintf(path, sizeof path, "%s/%s", folder, bins[i]);
		assert_int_equal(rmdir(path), 0);
	}
	assert_int_equal(rmdir(folder), 0);
}

static void moves_cards_between_its_bins(void **state)
{
	char reader[STATION_READER_NAME_MAX];
	struct station_transport_status status;
	enum station_position position;
	struct problem p = {0};
	(void)state;
	all_well();
	struct station_transport *t = open_simulator();
	assert_int_equal(t->ops->feed(t, &p), STATION_HOPPER_EMPTY);
	assert_string_equal(p.type, "hopper-empty");
	put_blank("hopper", "b.card");
	put_blank("hopper", "a.card");
	assert_int_equal(t->ops->feed(t, &p), 0);
	assert_true(has("inside", "a.card"));
	/* a card in the way is the one that is fed */
	assert_int_equal(t->ops->feed(t, &p), 0);
	assert_true(has("hopper", "b.card"));
	assert_int_equal(t->ops->park(t, reader, &p), 0);
	assert_string_equal(reader, "Reader 1");
	assert_int_equal(t->ops->park(t, reader, &p), 0);
	assert_int_equal(dev.inserts, 1);
	assert_int_equal(t->ops->status(t, &status), 0);
	assert_int_equal(status.blanks, 1);
	assert_int_equal(status.position, STATION_PARKED);
	assert_int_equal(status.ribbon_percent, 40);
	assert_true(status.printer_ready);
	assert_int_equal(t->ops->eject(t, &p), 0);
	assert_true(has("out", "a.card"));
	assert_int_equal(dev.removes, 1);
	assert_int_equal(t->ops->eject(t, &p), 0); /* out already */
	assert_int_equal(t->ops->recover(t, &position, &p), 0);
	assert_int_equal(position, STATION_EMPTY);
	assert_int_equal(t->ops->feed(t, &p), 0);
	/* reader gone: the card can still be thrown out */
	dev.card_away = true;
	assert_int_equal(t->ops->park(t, reader, &p), STATION_NO_READER);
	assert_int_equal(t->ops->reject(t, &p), 0);
	assert_true(has("reject", "b.card"));
	close_simulator(t);
}

static void puts_back_what_a_restarted_reader_forgot(void **state)
{
	char reader[STATION_READER_NAME_MAX];
	struct problem p;
	(void)state;
	all_well();
	struct station_transport *t = open_simulator();
	put_blank("inside", "a.card");
	assert_int_equal(t->ops->park(t, reader, &p), 0);
	dev.inserted[0] = 0;
	assert_int_equal(t->ops->park(t, reader, &p), 0);
	assert_int_equal(dev.inserts, 2);
	/* another card in the reader makes way */
	snprintf(dev.inserted, sizeof dev.inserted, "/elsewhere");
	assert_int_equal(t->ops->park(t, reader, &p), 0);
	assert_int_equal(dev.inserts, 3);
	dev.reader = TERMINAL_NO_READER;
	assert_int_equal(t->ops->park(t, reader, &p), STATION_NO_READER);
	close_simulator(t);
}

static void throws_out_only_the_stranger(void **state)
{
	char reader[STATION_READER_NAME_MAX];
	struct problem p;
	(void)state;
	all_well();
	struct station_transport *t = open_simulator();
	put_blank("inside", "a.card");
	dev.foreign = true;
	assert_int_equal(t->ops->park(t, reader, &p), 0);
	assert_int_equal(dev.inserts, 0);
	assert_int_equal(t->ops->reject(t, &p), 0);
	assert_false(dev.foreign);
	assert_true(has("inside", "a.card"));
	close_simulator(t);
}

static void tells_what_became_of_a_print(void **state)
{
	static const struct {
		int found;
		int waited;
		unsigned wants;
		int outcome;
	} cases[] = {
	        {0, PRINT_PRINTED, 0, 0},
	        {0, PRINT_PRINTED, PRINT_WANT_CARDS, 0},
	        {0, PRINT_FAILED, 0, STATION_PRINT_FAILED},
	        {0, PRINT_UNKNOWN, 0, STATION_PRINT_UNKNOWN},
	        {0, PRINT_RUNNING, 0, STATION_PRINT_UNKNOWN},
	        {HUFU_ERR_NOT_FOUND, 0, 0, STATION_PRINT_UNKNOWN},
	        {HUFU_ERR_LINK, 0, 0, STATION_PRINT_UNKNOWN},
	};
	const struct station_sheet sheet = {
	        .job_name = "hufu-1", .raster = {(const uint8_t *)"r", 1}};
	struct problem p;
	char text[64];
	(void)state;
	all_well();
	struct station_transport *t = open_simulator();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		dev.found = cases[i].found;
		dev.waited = cases[i].waited;
		dev.wants = cases[i].wants;
		assert_int_equal(
		        t->ops->wait(t, "hufu-1", &p), cases[i].outcome);
	}
	assert_int_equal(t->ops->print(t, &sheet, &p), 0);
	assert_string_equal(dev.last_job, "hufu-1");
	dev.submit = PRINT_FAILED;
	assert_int_equal(t->ops->print(t, &sheet, &p), STATION_PRINT_FAILED);
	dev.submit = HUFU_ERR_CONFLICT; /* it was sent before */
	assert_int_equal(t->ops->print(t, &sheet, &p), STATION_PRINT_UNKNOWN);
	assert_int_equal(t->ops->look(t, "hufu-1", text, sizeof text, &p),
	        HUFU_ERR_NOT_FOUND);
	assert_string_equal(p.type, "face-unreadable");
	close_simulator(t);
}

/* ---- hand ---- */

struct operator
{
	struct prompt *prompt;
	const char *answer;
	bool lays_card; /* does what it is told before it answers */
	bool stop;
};

static void *operate(void *arg)
{
	struct operator* o = arg;
	const struct timespec moment = {0, 1000000};
	while (!__atomic_load_n(&o->stop, __ATOMIC_SEQ_CST)) {
		struct prompt_question q;
		prompt_get(o->prompt, &q);
		if (q.kind != PROMPT_NONE) {
			assert_true(q.zh[0] && q.en[0]);
			if (o->lays_card)
				dev.reader = 0;
			/* asserted by what the asker gets */
			if (prompt_answer(o->prompt, q.number, o->answer))
				continue;
		}
		nanosleep(&moment, NULL);
	}
	return NULL;
}

static uint64_t asked(struct prompt *prompt)
{
	struct prompt_question q;
	prompt_get(prompt, &q);
	return q.number; /* of the last question */
}

static struct station_transport *open_hand(struct prompt *prompt)
{
	const struct station_hand_options options = {
	        .reader = "Reader 1",
	        .printer_uri = "ipp://localhost/p",
	        .answer_limit_ms = 50,
	        .print_limit_ms = 60,
	};
	struct station_transport *t = NULL;
	struct problem p;
	assert_int_equal(station_hand_open(&options, &t, &p), 0);
	t->prompt = prompt;
	return t;
}

static void asks_a_person_to_move_the_card(void **state)
{
	const struct station_sheet sheet = {
	        .job_name = "hufu-1", .raster = {(const uint8_t *)"r", 1}};
	char reader[STATION_READER_NAME_MAX], text[8];
	struct operator o = {.answer = "done", .lays_card = true};
	struct problem p;
	pthread_t thread;
	(void)state;
	all_well();
	assert_int_equal(prompt_new(&o.prompt), 0);
	struct station_transport *t = open_hand(o.prompt);
	assert_int_equal(pthread_create(&thread, NULL, operate, &o), 0);
	dev.reader = HUFU_ERR_TIMEOUT; /* nothing on the reader yet */
	assert_int_equal(t->ops->feed(t, &p), 0);
	assert_int_equal(asked(o.prompt), 1);
	assert_int_equal(t->ops->park(t, reader, &p), 0);
	assert_string_equal(reader, "Reader 1");
	assert_int_equal(asked(o.prompt), 1); /* it lies there: no question */
	assert_int_equal(t->ops->print(t, &sheet, &p), 0);
	assert_int_equal(dev.submits, 1);
	assert_int_equal(t->ops->wait(t, "hufu-1", &p), 0);
	assert_int_equal(t->ops->look(t, "hufu-1", text, sizeof text, &p),
	        STATION_CANNOT_LOOK);
	assert_int_equal(t->ops->eject(t, &p), 0);
	assert_int_equal(t->ops->reject(t, &p), 0);
	assert_int_equal(asked(o.prompt), 4);
	/* "no": nothing is sent to the printer */
	o.answer = "no";
	assert_int_equal(t->ops->print(t, &sheet, &p), STATION_OPERATOR_AWAY);
	assert_int_equal(dev.submits, 1);
	__atomic_store_n(&o.stop, true, __ATOMIC_SEQ_CST);
	pthread_join(thread, NULL);
	t->ops->close(t);
	prompt_free(o.prompt);
}

static void nobody_answers(void **state)
{
	struct prompt *prompt = NULL;
	struct problem p;
	(void)state;
	all_well();
	assert_int_equal(prompt_new(&prompt), 0);
	struct station_transport *t = open_hand(prompt);
	dev.reader = HUFU_ERR_TIMEOUT;
	assert_int_equal(t->ops->feed(t, &p), STATION_OPERATOR_AWAY);
	assert_string_equal(p.type, "operator-away");
	dev.reader = HUFU_ERR_LINK;
	assert_int_equal(t->ops->feed(t, &p), STATION_NO_READER);
	prompt_cancel(prompt);
	dev.reader = HUFU_ERR_TIMEOUT;
	assert_int_equal(t->ops->feed(t, &p), STATION_STOPPING);
	t->ops->close(t);
	prompt_free(prompt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(moves_cards_between_its_bins),
	        cmocka_unit_test(puts_back_what_a_restarted_reader_forgot),
	        cmocka_unit_test(throws_out_only_the_stranger),
	        cmocka_unit_test(tells_what_became_of_a_print),
	        cmocka_unit_test(asks_a_person_to_move_the_card),
	        cmocka_unit_test(nobody_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
