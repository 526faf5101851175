/*
 * hufu-photo: looks at one photo and ends. The socket on descriptor 0 brings
 * one request and takes one reply; who starts it is hufud, or systemd with
 * Accept=yes and StandardInput=socket.
 */
#include <stdlib.h>
#include <string.h>

#include "host/base/local_socket.h"
#include "host/photo/ask.h"
#include "host/photo/look.h"
#include "host/photo/sandbox.h"

enum { WARM_DOTS = 96 };

static uint8_t request[PHOTO_REQUEST_MAX];
static uint8_t reply[PHOTO_REPLY_MAX];

/* OpenCV opens what it opens at the first use: before the doors close. */
static int warm(struct faces *faces)
{
	static uint8_t white[WARM_DOTS * WARM_DOTS];
	struct faces_found found;
	memset(white, 0xFF, sizeof white);
	return faces_find(faces, white, WARM_DOTS, WARM_DOTS, &found);
}

static int serve(struct faces *faces)
{
	struct writer w;
	size_t len;
	int r = frame_receive(
	        0, request, sizeof request, &len, PHOTO_ASK_LIMIT_MS);
	if (r)
		return r;
	writer_init(&w, reply, sizeof reply);
	r = photo_look(faces, span_of(request, len), &w);
	return r ? r : frame_send(0, writer_span(&w), PHOTO_ASK_LIMIT_MS);
}

int main(int argc, char **argv)
{
	const char *folder = HUFU_CASCADES;
	struct faces *faces = NULL;
	if (argc == 3 && strcmp(argv[1], "--cascades") == 0)
		folder = argv[2];
	else if (argc != 1)
		return PHOTO_EXIT_USAGE;
	if (faces_open(folder, &faces) != HUFU_OK || warm(faces) != HUFU_OK)
		return PHOTO_EXIT_NO_CASCADES;
	if (sandbox_enter() != HUFU_OK)
		return PHOTO_EXIT_NO_SANDBOX;
	return serve(faces) ? 1 : 0; /* the end of the process frees */
}
