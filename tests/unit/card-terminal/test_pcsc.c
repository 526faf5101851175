#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "card/terminal/pcsc.h"
#include "fake_winscard.h"

static int quiet(void **state)
{
	(void)state;
	fake_reset();
	return 0;
}

static struct transport *make(void)
{
	const struct pcsc_options options = {
	        .reader = "Fake Reader 0",
	        .exclusive = true,
	        .transmit_limit_ms = 50,
	        .busy_limit_ms = 200,
	};
	struct transport *t = NULL;
	assert_int_equal(pcsc_new(&options, &t), 0);
	return t;
}

static int transmit(struct transport *t, size_t *ret_len)
{
	uint8_t space[300];
	struct writer w;
	writer_init(&w, space, sizeof space);
	int rc = transport_transmit(t, span_of("\0\xA4\4\0", 4), &w);
	*ret_len = w.len;
	return rc;
}

static void carries_commands(void **state)
{
	struct transport *t = make();
	size_t len = 0;
	(void)state;
	assert_int_equal(transmit(t, &len), TERMINAL_LINK_LOST);
	assert_int_equal(transport_open(t), 0);
	assert_int_equal(t->atr_len, 5);
	assert_int_equal(t->atr[0], 0x3B);
	assert_int_equal(fake.share_mode, SCARD_SHARE_EXCLUSIVE);
	fake.answer_len = 258;
	assert_int_equal(transmit(t, &len), 0);
	assert_int_equal(len, 258);
	assert_int_equal(fake.last_len, 4);
	assert_memory_equal(fake.last_command, "\0\xA4\4\0", 4);
	assert_int_equal(transport_reset(t), 0);
	assert_int_equal(fake.reconnects, 1);
	transport_close(t);
	assert_int_equal(fake.disconnects, 1);
	assert_int_equal(fake.last_disposition, SCARD_RESET_CARD);
	assert_int_equal(fake.released, 1);
}

/* All of card.md's ways to lose a card are one outcome. */
static void every_loss_is_a_lost_link(void **state)
{
	static const struct {
		LONG code;
		DWORD len;
	} losses[] = {
	        {SCARD_S_SUCCESS, 0},
	        {SCARD_S_SUCCESS, 1},
	        {SCARD_E_NOT_TRANSACTED, 0},
	        {SCARD_W_REMOVED_CARD, 0},
	        {SCARD_W_RESET_CARD, 0},
	        {SCARD_W_UNPOWERED_CARD, 0},
	        {SCARD_E_NO_SMARTCARD, 0},
	        {SCARD_F_COMM_ERROR, 0},
	        {SCARD_E_READER_UNAVAILABLE, 0},
	        {SCARD_E_NO_SERVICE, 0},
	        {SCARD_E_INVALID_HANDLE, 0},
	        {SCARD_E_SERVICE_STOPPED, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
		size_t len = 0;
		fake_reset();
		struct transport *t = make();
		assert_int_equal(transport_open(t), 0);
		fake.transmit[0] = losses[i].code;
		fake.answer_len = losses[i].len;
		assert_int_equal(transmit(t, &len), TERMINAL_LINK_LOST);
		assert_int_equal(len, 0);
		/* and stays lost until it is opened again */
		fake.answer_len = 2;
		assert_int_equal(transmit(t, &len), TERMINAL_LINK_LOST);
		assert_int_equal(fake.transmits, 1);
		assert_int_equal(transport_open(t), 0);
		assert_int_equal(transmit(t, &len), 0);
		assert_int_equal(len, 2);
		transport_close(t);
	}
}

static void rebuilds_everything_after_the_service_died(void **state)
{
	size_t len = 0;
	struct transport *t = make();
	(void)state;
	assert_int_equal(transport_open(t), 0);
	fake.transmit[0] = SCARD_E_INVALID_HANDLE;
	assert_int_equal(transmit(t, &len), TERMINAL_LINK_LOST);
	assert_int_equal(fake.released, 1);
	/* not there yet, then there */
	fake.establish[1] = SCARD_E_NO_SERVICE;
	fake.connect[1] = SCARD_E_INVALID_HANDLE;
	assert_int_equal(transport_open(t), 0);
	assert_int_equal(fake.established, 4);
	assert_int_equal(transmit(t, &len), 0);
	transport_close(t);
	assert_int_equal(fake.released, 3);
}

static void fill(LONG *codes, size_t count, LONG code)
{
	for (size_t i = 0; i < count; i++)
		codes[i] = code;
}

static void connecting_is_tried_for_a_while(void **state)
{
	static const struct {
		LONG code;
		int outcome;
	} cases[] = {
	        {SCARD_E_NO_SMARTCARD, TERMINAL_NO_CARD},
	        {SCARD_W_UNRESPONSIVE_CARD, TERMINAL_NO_CARD},
	        {SCARD_E_UNKNOWN_READER, TERMINAL_NO_READER},
	        {SCARD_E_SHARING_VIOLATION, TERMINAL_READER_BUSY},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		fake_reset();
		struct transport *t = make();
		fill(fake.connect, 3, cases[i].code);
		assert_int_equal(transport_open(t), 0);
		assert_int_equal(fake.connects, 4);
		fill(fake.connect, 32, cases[i].code);
		assert_int_equal(transport_open(t), cases[i].outcome);
		assert_true(fake.connects >= 9);
		transport_close(t);
	}
}

static void a_hanging_reader_is_given_up(void **state)
{
	size_t len = 0;
	struct transport *t = make();
	const struct timespec moment = {0, 20000000};
	(void)state;
	assert_int_equal(transport_open(t), 0);
	fake.hangs = true;
	assert_int_equal(transmit(t, &len), TERMINAL_READER_HANGS);
	/* while it hangs, it is left alone */
	assert_int_equal(transport_open(t), TERMINAL_READER_HANGS);
	assert_int_equal(transmit(t, &len), TERMINAL_READER_HANGS);
	assert_int_equal(fake.transmits, 1);
	fake.let_go = true;
	fake.hangs = false;
	for (int i = 0; i < 50 && transport_open(t) != 0; i++)
		nanosleep(&moment, NULL);
	assert_int_equal(transmit(t, &len), 0);
	transport_close(t);
}

/* The thread is left behind, and frees what it holds when it comes back. */
static void closing_does_not_wait_for_a_hanging_reader(void **state)
{
	size_t len = 0;
	struct transport *t = make();
	const struct timespec moment = {0, 50000000};
	(void)state;
	assert_int_equal(transport_open(t), 0);
	fake.hangs = true;
	assert_int_equal(transmit(t, &len), TERMINAL_READER_HANGS);
	transport_close(t);
	assert_int_equal(fake.released, 0);
	fake.let_go = true;
	for (int i = 0; i < 40 && fake.released == 0; i++)
		nanosleep(&moment, NULL);
	assert_int_equal(fake.released, 1);
}

static void lists_readers_and_their_cards(void **state)
{
	struct pcsc_reader readers[PCSC_READERS_MAX];
	size_t count = 9;
	(void)state;
	fake.readers = 2;
	assert_int_equal(pcsc_list(readers, &count), 0);
	assert_int_equal(count, 2);
	assert_string_equal(readers[1].name, "Fake Reader 1");
	assert_true(readers[1].card_present);
	fake.readers = 0;
	assert_int_equal(pcsc_list(readers, &count), 0);
	assert_int_equal(count, 0);
	fake.establish[fake.established] = SCARD_E_NO_SERVICE;
	assert_int_equal(pcsc_list(readers, &count), HUFU_ERR_LINK);
	assert_int_equal(
	        pcsc_wait("Fake Reader 0", true, 10), TERMINAL_NO_READER);
	fake.readers = 1;
	assert_int_equal(pcsc_wait("Fake Reader 0", true, 10), 0);
	fake.present = false;
	assert_int_equal(
	        pcsc_wait("Fake Reader 0", true, 10), HUFU_ERR_TIMEOUT);
}

static void refuses_names_that_are_none(void **state)
{
	char name[PCSC_READER_NAME_MAX + 1];
	struct pcsc_options options = {.reader = name};
	struct transport *t = NULL;
	(void)state;
	memset(name, 'x', sizeof name);
	name[PCSC_READER_NAME_MAX] = 0;
	assert_int_equal(pcsc_new(&options, &t), HUFU_ERR_ARGUMENT);
	options.reader = "";
	assert_int_equal(pcsc_new(&options, &t), HUFU_ERR_ARGUMENT);
	assert_null(t);
}

#define TEST(name) cmocka_unit_test_setup(name, quiet)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        TEST(carries_commands),
	        TEST(every_loss_is_a_lost_link),
	        TEST(rebuilds_everything_after_the_service_died),
	        TEST(connecting_is_tried_for_a_while),
	        TEST(a_hanging_reader_is_given_up),
	        TEST(closing_does_not_wait_for_a_hanging_reader),
	        TEST(lists_readers_and_their_cards),
	        TEST(refuses_names_that_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
