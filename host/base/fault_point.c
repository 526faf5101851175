#include "host/base/fault_point.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WANTED_MAX = 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned passed[WANTED_MAX]; /* by place in the list */

/* The Nth of "name:N" that stands at `item`, 0 if it is another name. */
static unsigned wanted_at(const char *item, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	unsigned nth = 0;
	if (len < name_len || memcmp(item, name, name_len) != 0)
		return 0;
	if (len == name_len)
		return 1;
	if (item[name_len] != ':')
		return 0;
	for (size_t i = name_len + 1; i < len; i++) {
		if (item[i] < '0' || item[i] > '9' || nth > 99999)
			return 0;
		nth = nth * 10 + (unsigned)(item[i] - '0');
	}
	return nth;
}

static bool is_due(const char *list, const char *name)
{
	for (size_t at = 0; *list && at < WANTED_MAX; at++) {
		size_t len = strcspn(list, ",");
		unsigned nth = wanted_at(list, len, name);
		if (nth && ++passed[at] == nth)
			return true;
		list += len + (list[len] == ',');
	}
	return false;
}

static void trace(const char *path, const char *name)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	char line[128];
	size_t len = strnlen(name, sizeof line - 1);
	if (fd < 0)
		return;
	memcpy(line, name, len);
	line[len] = '\n';
	/* a lost trace line fails no card */
	if (write(fd, line, len + 1) < 0)
		len = 0;
	close(fd);
}

void fault_point(const char *name)
{
	const char *list = getenv("HUFU_FAULT");
	const char *path = getenv("HUFU_FAULT_TRACE");
	if (path)
		trace(path, name);
	if (!list)
		return;
	pthread_mutex_lock(&lock);
	if (is_due(list, name))
		(void)kill(getpid(), SIGKILL); /* cannot fail on oneself */
	pthread_mutex_unlock(&lock);
}
