/*
 * Socket activation for pcscd without systemd (sd_listen_fds(3)):
 *
 *   activate SOCKET PROGRAM [ARGUMENT...]
 *
 * binds SOCKET as descriptor 3 and becomes PROGRAM. Clients reach this
 * pcscd by PCSCLITE_CSOCK_NAME=SOCKET.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ACTIVATED_FD = 3, BACKLOG = 16 };

static int listen_on(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof a.sun_path) {
		fprintf(stderr, "activate: %s: name too long\n", path);
		return -1;
	}
	memcpy(a.sun_path, path, strlen(path));
	(void)unlink(path); /* left by a pcscd that was killed */
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 ||
	        listen(fd, BACKLOG) != 0) {
		perror(path);
		return -1;
	}
	return fd;
}

int main(int argc, char **argv)
{
	char pid[24];
	if (argc < 3) {
		fputs("usage: activate SOCKET PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	int fd = listen_on(argv[1]);
	if (fd < 0)
		return 1;
	if (fd != ACTIVATED_FD) {
		if (dup2(fd, ACTIVATED_FD) < 0) {
			perror("dup2");
			return 1;
		}
		(void)close(fd); /* its copy is used */
	}
	(void)snprintf(pid, sizeof pid, "%ld", (long)getpid());
	if (setenv("LISTEN_PID", pid, 1) != 0 ||
	        setenv("LISTEN_FDS", "1", 1) != 0) {
		perror("setenv");
		return 1;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
