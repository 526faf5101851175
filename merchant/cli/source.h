/*
 * Where lists come from: a folder, or a web server by http or https.
 */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include "merchant/cli/input.h"

struct source;

/* `where` is a URL or a path. HUFU_ERR_MEMORY. */
HUFU_MUST_USE int source_new(const char *where, struct source **ret);
void source_free(struct source *s); /* NULL is legal */
/* The path of a folder; NULL of a web server. */
const char *source_folder(const struct source *s);

/*
 * HUFU_ERR_NOT_FOUND: it has no such file; HUFU_ERR_LINK: no answer, or
 * another one than the file; HUFU_ERR_TIMEOUT; as input_read() of a folder.
 */
HUFU_MUST_USE int source_get(
        struct source *s, const char *name, size_t max, struct input *ret);

static inline void source_drop(struct source **s)
{
	source_free(*s);
}
#define SOURCE __attribute__((cleanup(source_drop))) struct source

#endif
