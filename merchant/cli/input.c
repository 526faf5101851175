#include "merchant/cli/input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int error_from_errno(void)
{
	return errno == ENOENT   ? HUFU_ERR_NOT_FOUND
	       : errno == EACCES ? HUFU_ERR_DENIED
	       : errno == ENOMEM ? HUFU_ERR_MEMORY
	                         : HUFU_ERR_IO;
}

static int read_all(FILE *f, size_t max, struct input *in)
{
	size_t cap = 0;
	for (;;) {
		if (in->len == cap) {
			cap = cap ? cap * 2 : 4096;
			uint8_t *data = realloc(in->data, cap + 1);
			if (!data)
				return HUFU_ERR_MEMORY;
			in->data = data;
		}
		size_t n = fread(in->data + in->len, 1, cap - in->len, f);
		in->len += n;
		if (in->len > max)
			return HUFU_ERR_LIMIT;
		if (n == 0)
			break;
	}
	in->data[in->len] = '\0';
	return ferror(f) ? HUFU_ERR_IO : HUFU_OK;
}

int input_read(const char *path, size_t max, struct input *ret)
{
	struct input in = {0};
	bool standard = strcmp(path, "-") == 0;
	FILE *f = standard ? stdin : fopen(path, "rb");
	if (!f)
		return error_from_errno();
	int r = read_all(f, max, &in);
	if (!standard)
		(void)fclose(f); /* read only */
	if (r)
		input_done(&in);
	else
		*ret = in;
	return r;
}

int input_copy(struct span from, struct input *ret)
{
	uint8_t *data = malloc(from.len + 1);
	if (!data)
		return HUFU_ERR_MEMORY;
	memcpy(data, from.data, from.len);
	data[from.len] = '\0';
	*ret = (struct input){data, from.len};
	return HUFU_OK;
}

struct span input_text(const struct input *in)
{
	size_t len = in->len;
	while (len > 0 &&
	        (in->data[len - 1] == '\n' || in->data[len - 1] == '\r'))
		len--;
	return span_of(in->data, len);
}

struct span input_span(const struct input *in)
{
	return span_of(in->data, in->len);
}

void input_done(struct input *in)
{
	free(in->data);
	*in = (struct input){0};
}
