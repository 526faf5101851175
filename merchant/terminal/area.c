#include "merchant/terminal/area.h"

void area_init(struct area *a, uint32_t at, uint32_t end)
{
	*a = (struct area){.at = at, .end = end};
}

void area_put(struct area *a, struct span bytes)
{
	struct reader r;
	reader_init(&r, bytes);
	if (!a->error && bytes.len > a->end - a->at)
		a->error = HUFU_ERR_SPACE;
	while (!a->error && reader_left(&r) > 0) {
		size_t len = FLASH_PAGE - a->at % FLASH_PAGE;
		if (len > reader_left(&r))
			len = reader_left(&r);
		if (a->at % FLASH_SECTOR == 0)
			a->error = flash_erase(a->at);
		if (!a->error)
			a->error = flash_program(
			        a->at, reader_get_span(&r, len).data, len);
		a->at += (uint32_t)len;
	}
}
