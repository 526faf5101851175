/* What a listener hears of the stations, and when the stream ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/api/event_stream.h"
#include "host/base/clock.h"
#include "host/base/local_socket.h"
#include "host/station/station.h"
#include "tests/unit/api/desk.h"

enum { PATIENCE_MS = 20000, HEARD_MAX = 1 << 16 };

static struct office office;
static struct station *station;
static struct station_services services;

/* ---- a machine without a card in it ---- */

static int machine_status(
        struct station_transport *t, struct station_transport_status *ret)
{
	(void)t;
	*ret = (struct station_transport_status){.position = STATION_EMPTY,
	        .blanks = 17,
	        .ribbon_percent = -1,
	        .printer_ready = true};
	return 0;
}

static int machine_recover(struct station_transport *t,
        enum station_position *ret, struct problem *p)
{
	(void)t;
	(void)p;
	*ret = STATION_EMPTY;
	return 0;
}

static void machine_close(struct station_transport *t)
{
	(void)t;
}

static const struct station_transport_ops ops = {.status = machine_status,
        .recover = machine_recover,
        .close = machine_close};
static struct station_transport machine = {.ops = &ops};

static int set_up(void **state)
{
	struct problem p;
	(void)state;
	office_open(&office);
	services = (struct station_services){
	        .store = office.store, .issue = office.issue, .suite = 1};
	const struct station_options options = {.name = "counter",
	        .area = OFFICE_COUNTY,
	        .operator_staff = office.maker[0],
	        .services = &services,
	        .transport = &machine,
	        .idle_ms = 50};
	if (station_open(&options, &station, &p) != 0 ||
	        desk_open(&office) != 0)
		return -1;
	desk.services.stations = &station;
	desk.services.station_count = 1;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_close();
	station_close(station);
	office_close(&office);
	return 0;
}

struct ear {
	int fd;
	size_t len;
	char heard[HEARD_MAX + 1];
};

static void listen_to(struct ear *ear, const char *known)
{
	char request[256];
	int n = snprintf(request, sizeof request,
	        "GET /v1/events HTTP/1.1\r\nHost: desk\r\n%s%s%s\r\n",
	        known ? "Last-Event-ID: " : "", known ? known : "",
	        known ? "\r\n" : "");
	ear->len = 0;
	ear->heard[0] = 0;
	assert_int_equal(local_connect(desk.socket_path, &ear->fd), 0);
	assert_int_equal(send(ear->fd, request, (size_t)n, MSG_NOSIGNAL), n);
}

/* Reads until the word has come; false when it ended, or never comes. */
static bool hear(struct ear *ear, const char *word)
{
	int64_t until = clock_steady_ms() + PATIENCE_MS;
	while (!strstr(ear->heard, word)) {
		struct pollfd p = {ear->fd, POLLIN, 0};
		int left = (int)(until - clock_steady_ms());
		if (left <= 0 || poll(&p, 1, left) <= 0)
			return false;
		ssize_t n = recv(ear->fd, ear->heard + ear->len,
		        HEARD_MAX - ear->len, 0);
		if (n <= 0)
			return false;
		ear->len += (size_t)n;
		ear->heard[ear->len] = 0;
	}
	return true;
}

static struct ear ear;

static void tells_what_is_and_what_changes(void **state)
{
	(void)state;
	desk_act_as(office.maker[0]);
	listen_to(&ear, NULL);
	assert_true(hear(&ear, "text/event-stream"));
	assert_true(hear(&ear, "\"activity\":\"stopped\""));
	assert_true(hear(&ear, "\n\n"));
	assert_null(strstr(ear.heard, "\"machine\""));

	assert_int_equal(station_start(station), 0);
	assert_true(hear(&ear, "\"activity\":\"idle\""));
	assert_true(hear(&ear, "\"blanks\":17,\"ribbon\":null"));
	station_pause(station);
	assert_true(hear(&ear, "\"activity\":\"paused\""));
	station_resume(station);
	station_stop(station);
	close(ear.fd);
}

static void sends_nothing_twice(void **state)
{
	char id[32] = "";
	(void)state;
	desk_act_as(office.maker[0]);
	listen_to(&ear, NULL);
	assert_true(hear(&ear, "event: stations"));
	assert_int_equal(sscanf(strstr(ear.heard, "id: "), "id: %16s", id), 1);
	close(ear.fd);

	listen_to(&ear, id);
	assert_true(hear(&ear, "retry: 1000"));
	assert_int_equal(station_start(station), 0);
	assert_true(hear(&ear, "\"activity\":\"idle\""));
	assert_null(strstr(ear.heard, "\"activity\":\"stopped\""));
	station_stop(station);
	close(ear.fd);

	listen_to(&ear, "0000000000000000"); /* long past */
	assert_true(hear(&ear, "event: stations"));
	close(ear.fd);
}

static void is_not_for_strangers(void **state)
{
	(void)state;
	desk_act_as(0);
	desk_ask("GET", "/v1/events", "");
	desk_expect_problem(403, "stranger");
}

static void bounds_its_listeners(void **state)
{
	enum { MANY = 2 * EVENT_LISTENERS_MAX + 1 }; /* two threads */
	static struct ear many[MANY];
	size_t refused = 0;
	(void)state;
	desk_act_as(office.maker[0]);
	for (size_t i = 0; i < MANY; i++) {
		listen_to(&many[i], NULL);
		assert_true(hear(&many[i], "\r\n\r\n"));
		refused += strncmp(many[i].heard, "HTTP/1.1 503", 12) == 0;
	}
	assert_true(refused >= 1);
	for (size_t i = 0; i < MANY; i++)
		close(many[i].fd);
	/* places become free as connections close */
	for (int tries = 0; tries < 100; tries++) {
		listen_to(&ear, NULL);
		bool in = hear(&ear, "\r\n\r\n") &&
		          strncmp(ear.heard, "HTTP/1.1 200", 12) == 0;
		close(ear.fd);
		if (in)
			return;
		(void)usleep(50000);
	}
	fail_msg("no place became free");
}

static void ends_with_the_server(void **state)
{
	(void)state;
	desk_act_as(office.maker[0]);
	listen_to(&ear, NULL);
	assert_true(hear(&ear, "event: stations"));
	desk_close();
	assert_false(hear(&ear, "never said")); /* it was ended */
	close(ear.fd);
	assert_int_equal(desk_open(&office), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tells_what_is_and_what_changes),
	        cmocka_unit_test(sends_nothing_twice),
	        cmocka_unit_test(is_not_for_strangers),
	        cmocka_unit_test(bounds_its_listeners),
	        cmocka_unit_test(ends_with_the_server),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
