/* Memory files, the control socket, and a reader's driver at the other end
 * of the wire, all in this process. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "card/port/sim/blank.h"
#include "card/port/sim/control.h"
#include "card/port/sim/fault.h"
#include "card/port/sim/hex.h"
#include "tests/unit/card-core/person.h"

struct place {
	char folder[64];
	char card[96];
	char socket[96];
	int driver; /* listens as vpcd does */
	char port[8];
	struct slot slot;
	struct control control;
	int client;
};

static void listen_as_driver(struct place *p)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof a;
	p->driver = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(p->driver, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(p->driver, 1), 0);
	assert_int_equal(
	        getsockname(p->driver, (struct sockaddr *)&a, &len), 0);
	snprintf(p->port, sizeof p->port, "%u", ntohs(a.sin_port));
}

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof *p);
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	uint8_t serial[CARD_SERIAL_LEN];
	snprintf(p->folder, sizeof p->folder, "/tmp/hufu-slot-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->card, sizeof p->card, "%s/a card", p->folder);
	snprintf(p->socket, sizeof p->socket, "%s/control", p->folder);
	assert_int_equal(blank_make(p->card, "48460000000000000001",
	                         desk_transport_master, serial),
	        HUFU_OK);
	listen_as_driver(p);
	slot_init(&p->slot, "127.0.0.1", p->port);
	p->control.slot = &p->slot;
	p->control.master = desk_transport_master;
	assert_int_equal(control_open(&p->control, p->socket), HUFU_OK);
	p->client = socket(AF_UNIX, SOCK_STREAM, 0);
	memcpy(a.sun_path, p->socket, strlen(p->socket) + 1);
	assert_int_equal(
	        connect(p->client, (struct sockaddr *)&a, sizeof a), 0);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	char other[128];
	close(p->client);
	control_close(&p->control);
	slot_done(&p->slot);
	close(p->driver);
	snprintf(other, sizeof other, "%s/other", p->folder);
	unlink(other);
	unlink(p->card);
	unlink(p->socket);
	assert_int_equal(rmdir(p->folder), 0);
	free(p);
	return 0;
}

/* One line there, one line back, as the main loop serves it. */
static const char *ask(struct place *p, const char *line)
{
	static char answer[CONTROL_LINE_MAX + 256];
	struct pollfd polled[1 + CONTROL_CLIENTS_MAX];
	assert_int_equal(send(p->client, line, strlen(line), 0), strlen(line));
	assert_int_equal(send(p->client, "\n", 1, 0), 1);
	for (int i = 0; i < 10; i++) {
		size_t n = control_poll(&p->control, polled);
		assert_in_range(poll(polled, n, 1000), 0, n);
		control_serve(&p->control, polled, n);
		ssize_t got = recv(
		        p->client, answer, sizeof answer - 1, MSG_DONTWAIT);
		if (got <= 0)
			continue;
		answer[got] = '\0';
		assert_int_equal(answer[got - 1], '\n');
		answer[got - 1] = '\0';
		return answer;
	}
	fail_msg("no answer to %s", line);
	return "";
}

static int accept_card(struct place *p)
{
	int fd = accept(p->driver, NULL, NULL);
	assert_true(fd >= 0);
	return fd;
}

/* A frame to the card and, unless it goes silent, its answer. */
static ssize_t frame(struct place *p, int fd, const void *body, size_t len,
        uint8_t *ret, size_t cap)
{
	uint8_t head[2] = {(uint8_t)(len >> 8), (uint8_t)len};
	assert_int_equal(send(fd, head, 2, 0), 2);
	assert_int_equal(send(fd, body, len, 0), len);
	slot_serve(&p->slot);
	/* length and body come in one write: one read takes both */
	return recv(fd, ret, cap, MSG_DONTWAIT);
}

static void keeps_its_memory_in_the_file(void **state)
{
	struct place *p = *state;
	struct sim *a, *b;
	struct stat st;
	assert_int_equal(stat(p->card, &st), 0);
	assert_int_equal(st.st_size, PORT_NV_SIZE);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(sim_open(p->card, &a), HUFU_OK);
	assert_int_equal(sim_open(p->card, &b), HUFU_ERR_BUSY);
	sim_set_sync(a, true);

	static struct person person;
	struct desk d = {.sim = a};
	person_init(&person, CARD_SUITE_INTL, 500);
	assert_int_equal(sim_power_on(a), HUFU_OK);
	assert_int_equal(person_go_on(&d, &person), CARD_SW_OK);
	sim_free(a);
	assert_int_equal(sim_open(p->card, &d.sim), HUFU_OK);
	assert_int_equal(sim_power_on(d.sim), HUFU_OK);
	person_check(&d, &person);
	sim_free(d.sim);
}

static void refuses_files_that_are_no_memory(void **state)
{
	struct place *p = *state;
	uint8_t serial[CARD_SERIAL_LEN] = {0};
	struct sim *s = NULL;
	assert_int_equal(sim_open("/nonexistent/card", &s), HUFU_ERR_NOT_FOUND);
	assert_int_equal(
	        sim_new_blank(p->card, serial, desk_transport_master, &s),
	        HUFU_ERR_CONFLICT);
	assert_int_equal(truncate(p->card, 65535), 0);
	assert_int_equal(sim_open(p->card, &s), HUFU_ERR_MALFORMED);
	assert_int_equal(truncate(p->card, 0), 0);
	assert_int_equal(truncate(p->card, PORT_NV_SIZE), 0);
	assert_int_equal(slot_insert(&p->slot, p->card), HUFU_ERR_CORRUPT);
	assert_false(p->slot.present);
	assert_null(s);
}

/* A process that is killed has written whole or not at all. */
static void survives_being_killed(void **state)
{
	struct place *p = *state;
	static struct person person;
	struct desk d = {0};
	int gate[2], status;
	uint8_t one;
	person_init(&person, CARD_SUITE_INTL, 20000);
	assert_int_equal(pipe(gate), 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct desk_keys transport, issuer;
		desk_transport_keys(&transport);
		desk_issuer_keys(&issuer);
		if (sim_open(p->card, &d.sim) || sim_power_on(d.sim))
			_exit(1);
		desk_open(&d, &transport);
		desk_put_key(&d, &transport, &issuer, true);
		desk_open(&d, &issuer);
		desk_open_job(&d, person.job, person.fencing, person.suite);
		if (write(gate[1], "x", 1) != 1)
			_exit(1);
		for (size_t i = 0; i < person_blocks(&person); i++)
			person_store(&d, &person, i);
		pause();
	}
	assert_int_equal(read(gate[0], &one, 1), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	close(gate[0]);
	close(gate[1]);
	assert_int_equal(sim_open(p->card, &d.sim), HUFU_OK);
	assert_int_equal(sim_power_on(d.sim), HUFU_OK);
	assert_int_equal(person_go_on(&d, &person), CARD_SW_OK);
	person_check(&d, &person);
	sim_free(d.sim);
}

static void controls_a_card(void **state)
{
	struct place *p = *state;
	char line[256];
	assert_string_equal(ask(p, "status"), "ok present=0 linked=0");
	assert_string_equal(ask(p, "pull-after 3"),
	        "error absent no card is in the reader");
	snprintf(line, sizeof line, "insert %s", p->card);
	assert_string_equal(
	        ask(p, line), "ok serial=48460000000000000001 state=01");
	int fd = accept_card(p);
	assert_string_equal(
	        ask(p, line), "error present a card is in the reader");
	snprintf(line, sizeof line,
	        "ok present=1 linked=1 serial=48460000000000000001 "
	        "state=01 commands=0 writes=0 file=%s",
	        p->card);
	assert_string_equal(ask(p, "status"), line);
	assert_string_equal(ask(p, "remove"), "ok");
	assert_string_equal(ask(p, "remove"), "ok");
	assert_string_equal(ask(p, "status"), "ok present=0 linked=0");
	uint8_t end;
	assert_int_equal(recv(fd, &end, 1, 0), 0);
	close(fd);
	assert_false(p->control.quit);
	assert_string_equal(ask(p, "quit"), "ok");
	assert_true(p->control.quit);
}

static void makes_blanks_on_demand(void **state)
{
	struct place *p = *state;
	char line[256];
	snprintf(line, sizeof line, "blank %s/other 48460000000000000002",
	        p->folder);
	assert_string_equal(ask(p, line), "ok serial=48460000000000000002");
	assert_string_equal(ask(p, line), "error exists the file is there "
	                                  "already");
	snprintf(line, sizeof line, "insert %s/other", p->folder);
	assert_string_equal(
	        ask(p, line), "ok serial=48460000000000000002 state=01");
	p->control.master = NULL;
	assert_string_equal(ask(p, "blank x"),
	        "error no-master start with --transport-master");
}

static void refuses_other_lines(void **state)
{
	struct place *p = *state;
	static const char *const bad[] = {"", "Status", "status ", "insert",
	        "pull-after", "pull-after x", "pull-after -1",
	        "pull-after 1234567890", "pull-after 1 ", "cut-at 1 never",
	        "cut-at 1 halfway", "remove now"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_string_equal(ask(p, bad[i]),
		        "error syntax see card/port/sim/control.h");
	assert_string_equal(ask(p, "insert /nonexistent/card"),
	        "error not-found there is no such file");
}

static void speaks_to_the_readers_driver(void **state)
{
	struct place *p = *state;
	static uint8_t big[65535] = {0x00, 0xA4, 0x04, 0x00, 0x00, 0xFF, 0xF8};
	uint8_t in[300];
	assert_int_equal(slot_insert(&p->slot, p->card), HUFU_OK);
	int fd = accept_card(p);
	assert_int_equal(frame(p, fd, "\x01", 1, in, sizeof in), -1);
	assert_int_equal(frame(p, fd, "\x02", 1, in, sizeof in), -1);
	assert_int_equal(frame(p, fd, "\x04", 1, in, sizeof in), 14);
	assert_memory_equal(in,
	        "\x00\x0C\x3B\x87\x80\x01\x80\x31\xF8\x73\xD4\x01\xE0"
	        "\x09",
	        14);
	assert_int_equal(
	        frame(p, fd, "\x00\xCA\x00\xCF\x00", 5, in, sizeof in), 16);
	assert_memory_equal(in, "\x00\x0E\xCF\x0A\x48\x46", 6);
	assert_int_equal(
	        frame(p, fd, "\xFF\xCA\x00\x00\x00", 5, in, sizeof in), 8);
	assert_memory_equal(in, "\x00\x06\x08", 3);
	assert_memory_equal(in + 6, "\x90\x00", 2);
	assert_int_equal(
	        frame(p, fd, "\xFF\xCA\x01\x00\x00", 5, in, sizeof in), 4);
	assert_memory_equal(in, "\x00\x02\x6A\x81", 4);
	/* the largest frame there is, larger than what the card takes */
	assert_int_equal(frame(p, fd, big, sizeof big, in, sizeof in), 4);
	assert_memory_equal(in, "\x00\x02\x67\x00", 4);
	close(fd);
}

static void pulls_the_card_as_told(void **state)
{
	struct place *p = *state;
	static const char *const faults[] = {
	        "pull-before 2", "pull-after 2", "cut-at 1", "cut-at 1 half"};
	static const uint8_t offer[] = "\x80\x50\x00\x00\x08"
	                               "12345678"
	                               "\x00";
	uint8_t accept_apdu[21] = {0x84, 0x82, 0x33, 0x00, 16}, in[64];
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		assert_int_equal(slot_insert(&p->slot, p->card), HUFU_OK);
		int fd = accept_card(p);
		assert_int_equal(fault_set(&p->slot, faults[i]), HUFU_OK);
		assert_int_equal(frame(p, fd, offer, 14, in, sizeof in), 36);
		/* wrong cryptogram: takes a try, which is a write */
		assert_int_equal(
		        frame(p, fd, accept_apdu, 21, in, sizeof in), 0);
		assert_false(p->slot.present);
		close(fd);
	}
	/* done in pull-after and cut-at, not in pull-before and half */
	assert_int_equal(slot_insert(&p->slot, p->card), HUFU_OK);
	int fd = accept_card(p);
	assert_int_equal(frame(p, fd, offer, 14, in, sizeof in), 36);
	assert_int_equal(in[2 + 31], 2);
	close(fd);
}

static void a_foreign_card_knows_nothing(void **state)
{
	struct place *p = *state;
	uint8_t in[64];
	assert_string_equal(ask(p, "insert-foreign"), "ok");
	int fd = accept_card(p);
	assert_string_equal(
	        ask(p, "status"), "ok present=1 linked=1 foreign=1");
	assert_int_equal(frame(p, fd, "\x01", 1, in, sizeof in), -1);
	assert_int_equal(frame(p, fd, "\x04", 1, in, sizeof in), 7);
	assert_int_equal(
	        frame(p, fd, "\x00\xA4\x04\x00\x00", 5, in, sizeof in), 4);
	assert_memory_equal(in, "\x00\x02\x6A\x82", 4);
	assert_int_equal(
	        frame(p, fd, "\x00\xCA\x00\xCF\x00", 5, in, sizeof in), 4);
	assert_memory_equal(in, "\x00\x02\x6D\x00", 4);
	assert_string_equal(ask(p, "pull-after 1"),
	        "error absent no card is in the reader");
	close(fd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        TEST(keeps_its_memory_in_the_file),
	        TEST(refuses_files_that_are_no_memory),
	        TEST(survives_being_killed),
	        TEST(controls_a_card),
	        TEST(makes_blanks_on_demand),
	        TEST(refuses_other_lines),
	        TEST(speaks_to_the_readers_driver),
	        TEST(pulls_the_card_as_told),
	        TEST(a_foreign_card_knows_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
