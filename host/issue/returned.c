#include "host/issue/returned.h"

#include <string.h>

#include "host/issue/issue_inner.h"
#include "host/log/entry.h"

static const char *const words[RETURNED_FIELDS] = {
        [RETURNED_KIND] = "kind",
        [RETURNED_MATERIALS] = "materials",
        [RETURNED_PHOTO] = "photo",
        [RETURNED_OTHER] = "other",
};

const char *returned_word(enum returned_field field)
{
	return words[field];
}

static int find_field(const char *text, size_t len)
{
	for (int f = 0; f < RETURNED_FIELDS; f++)
		if (strlen(words[f]) == len && memcmp(words[f], text, len) == 0)
			return f;
	return -1;
}

/* One "field" or "field:ground" of `len` bytes. */
static int add(const char *text, size_t len, struct returned *r)
{
	const char *colon = memchr(text, ':', len);
	size_t name = colon ? (size_t)(colon - text) : len;
	int f = find_field(text, name);

	if (f < 0 || r->named[f])
		return HUFU_ERR_MALFORMED;
	r->named[f] = true;
	if (!colon)
		return 0;
	size_t ground = len - name - 1;
	if (ground >= sizeof(r->ground[f]))
		return HUFU_ERR_MALFORMED;
	memcpy(r->ground[f], colon + 1, ground);
	r->ground[f][ground] = '\0';
	return entry_ground_is_valid(r->ground[f]) ? 0 : HUFU_ERR_MALFORMED;
}

int returned_parse(const char *text, struct returned *ret)
{
	struct returned r = {0};
	int rc = 0;

	while (rc == 0 && text && *text) {
		size_t len = strcspn(text, ",");
		rc = add(text, len, &r);
		text += len;
		if (*text == ',' && *++text == '\0')
			rc = HUFU_ERR_MALFORMED;
	}
	if (rc == 0)
		*ret = r;
	return rc;
}

void returned_format(
        const struct returned *r, char ret[APPLICATION_FIELD_MAX + 1])
{
	struct writer w;

	writer_init(&w, (uint8_t *)ret, APPLICATION_FIELD_MAX);
	for (int f = 0; f < RETURNED_FIELDS; f++) {
		if (!r->named[f])
			continue;
		if (w.len > 0)
			writer_put_u8(&w, ',');
		writer_put_text(&w, words[f]);
		if (r->ground[f][0]) {
			writer_put_u8(&w, ':');
			writer_put_text(&w, r->ground[f]);
		}
	}
	ret[w.len] = '\0';
}

bool returned_is_empty(const struct returned *r)
{
	for (int f = 0; f < RETURNED_FIELDS; f++)
		if (r->named[f])
			return false;
	return true;
}

const char *returned_ground(const struct returned *r)
{
	const char *found = "";

	for (int f = 0; f < RETURNED_FIELDS; f++) {
		if (!r->ground[f][0])
			continue;
		if (found[0] && strcmp(found, r->ground[f]) != 0)
			return "several-grounds";
		found = r->ground[f];
	}
	return found;
}
