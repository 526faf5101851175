#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "host/base/cleanup.h"
#include "host/base/file.h"
#include "host/base/local_socket.h"

static char folder[64], path[96];

static int set_up(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof folder, "/tmp/hufu-file-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof path, "%s/x", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	(void)unlink(path); /* not every test leaves one */
	return rmdir(folder);
}

static void expect(const char *text)
{
	_free_ uint8_t *data = NULL;
	size_t len;

	assert_int_equal(file_read(path, 1000, &data, &len), 0);
	assert_string_equal((const char *)data, text);
	assert_int_equal(len, strlen(text));
}

static void folders_have_their_mode_under_any_umask(void **state)
{
	char inner[128];
	mode_t before = umask(0077);
	struct stat st;

	(void)state;
	(void)snprintf(inner, sizeof inner, "%s/below", path);
	assert_int_equal(file_make_folder(inner, 0755), 0);
	(void)umask(before);
	assert_int_equal(stat(inner, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(rmdir(inner), 0);
	assert_int_equal(rmdir(path), 0);
}

static void writes_whole_files_with_their_mode(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(file_write(path, span_of_text("one"), 0640), 0);
	expect("one");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(file_write(path, span_of_text("second"), 0600), 0);
	expect("second");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(file_create(path, span_of_text("third"), 0600),
	        HUFU_ERR_CONFLICT);
	expect("second");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(file_create(path, span_of_text(""), 0600), 0);
	expect("");
}

static void tells_why_it_cannot(void **state)
{
	uint8_t *data = NULL;
	size_t len = 77;
	char joined[8];

	(void)state;
	assert_int_equal(file_read(path, 10, &data, &len), HUFU_ERR_NOT_FOUND);
	assert_int_equal(file_write("/nowhere/x", span_of_text("a"), 0600),
	        HUFU_ERR_NOT_FOUND);
	assert_int_equal(file_write(path, span_of_text("12345"), 0600), 0);
	assert_int_equal(file_read(path, 4, &data, &len), HUFU_ERR_LIMIT);
	assert_null(data);
	assert_int_equal(len, 77);
	assert_int_equal(file_read(folder, 4, &data, &len), HUFU_ERR_IO);
	assert_int_equal(file_write("/dev/full/x", span_of_text("a"), 0600),
	        HUFU_ERR_NOT_FOUND);
	assert_int_equal(file_join("abc", "de", joined, 6), HUFU_ERR_SPACE);
	assert_int_equal(file_join("abc", "de", joined, 7), 0);
	assert_string_equal(joined, "abc/de");
}

static void makes_folders_on_the_way(void **state)
{
	char deep[128];

	(void)state;
	(void)snprintf(deep, sizeof deep, "%s/a/b", folder);
	assert_int_equal(file_make_folder(deep, 0700), 0);
	assert_int_equal(file_make_folder(deep, 0700), 0);
	assert_true(file_exists(deep));
	assert_int_equal(rmdir(deep), 0);
	assert_int_equal(file_write(deep, span_of_text("a"), 0600), 0);
	assert_int_equal(file_make_folder(deep, 0700), HUFU_ERR_CONFLICT);
	assert_int_equal(unlink(deep), 0);
	(void)snprintf(deep, sizeof deep, "%s/a", folder);
	assert_int_equal(rmdir(deep), 0);
}

static void frames_come_whole_or_not_at_all(void **state)
{
	uint8_t buf[8], head[4] = {0, 0, 0, 9};
	int pair[2];
	size_t len = 77;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(frame_send(pair[0], span_of_text("12345678"), 100), 0);
	assert_int_equal(frame_send(pair[0], span_of_text(""), 100), 0);
	assert_int_equal(frame_receive(pair[1], buf, 8, &len, 100), 0);
	assert_int_equal(len, 8);
	assert_memory_equal(buf, "12345678", 8);
	assert_int_equal(frame_receive(pair[1], buf, 8, &len, 100), 0);
	assert_int_equal(len, 0);
	len = 77;
	assert_int_equal(
	        frame_receive(pair[1], buf, 8, &len, 20), HUFU_ERR_TIMEOUT);
	assert_int_equal(send(pair[0], head, 4, 0), 4);
	assert_int_equal(
	        frame_receive(pair[1], buf, 8, &len, 20), HUFU_ERR_LIMIT);
	head[3] = 3;
	assert_int_equal(send(pair[0], head, 4, 0), 4);
	assert_int_equal(send(pair[0], "ab", 2, 0), 2);
	assert_int_equal(close(pair[0]), 0);
	assert_int_equal(
	        frame_receive(pair[1], buf, 8, &len, 20), HUFU_ERR_LINK);
	assert_int_equal(len, 77);
	assert_int_equal(
	        frame_send(pair[1], span_of_text("x"), 20), HUFU_ERR_LINK);
	assert_int_equal(close(pair[1]), 0);
}

static void a_full_peer_times_out(void **state)
{
	static uint8_t big[1 << 22];
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(frame_send(pair[0], span_of(big, sizeof big), 30),
	        HUFU_ERR_TIMEOUT);
	assert_int_equal(close(pair[0]) | close(pair[1]), 0);
}

static void listens_with_a_mode_and_knows_its_peer(void **state)
{
	struct local_peer peer;
	struct problem p;
	struct stat st;
	int server = -1, second = -1, client = -1, accepted;

	(void)state;
	assert_int_equal(local_connect(path, &client), HUFU_ERR_LINK);
	assert_int_equal(local_listen(path, 0660, &server, &p), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_int_equal(local_listen(path, 0660, &second, &p), HUFU_ERR_BUSY);
	assert_string_equal(p.type, "socket-in-use");
	assert_int_equal(local_connect(path, &client), 0);
	/* The first to come was the second listener's look. */
	accepted = accept(server, NULL, NULL);
	assert_int_equal(close(accepted), 0);
	accepted = accept(server, NULL, NULL);
	assert_int_equal(local_peer(accepted, &peer), 0);
	assert_int_equal(peer.uid, getuid());
	assert_int_equal(peer.pid, getpid());
	assert_int_equal(close(accepted) | close(client) | close(server), 0);
	/* The file of a dead service is replaced. */
	assert_int_equal(local_listen(path, 0600, &server, &p), 0);
	assert_int_equal(close(server), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(file_write(path, span_of_text("no socket"), 0600), 0);
	assert_int_equal(
	        local_listen(path, 0600, &server, &p), HUFU_ERR_CONFLICT);
	expect("no socket");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(writes_whole_files_with_their_mode),
	        TEST(folders_have_their_mode_under_any_umask),
	        TEST(tells_why_it_cannot),
	        TEST(makes_folders_on_the_way),
	        TEST(frames_come_whole_or_not_at_all),
	        TEST(a_full_peer_times_out),
	        TEST(listens_with_a_mode_and_knows_its_peer),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
