#include "host/base/notify.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "host/base/cleanup.h"
#include "host/base/clock.h"

enum { ALIVE_MS = 1000 };

void notify_state(const char *state)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len = path ? strlen(path) : 0;
	if (len == 0 || len >= sizeof to.sun_path ||
	        (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, len);
	if (path[0] == '@')
		to.sun_path[0] = 0; /* the abstract name space */
	_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	/* whoever misses it acts: there is nothing to do about it here */
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
	        (const struct sockaddr *)&to,
	        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
}

void notify_alive(void)
{
	static int64_t last_ms;
	int64_t now_ms = clock_steady_ms();
	if (last_ms && now_ms - last_ms < ALIVE_MS)
		return;
	last_ms = now_ms;
	notify_state("WATCHDOG=1");
}
