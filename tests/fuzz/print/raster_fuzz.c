#include <stdlib.h>

#include "host/print/raster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	for (unsigned i = 0; i < RASTER_PAGES; i++) {
		struct raster_page page;

		if (raster_decode(span_of(data, len), i, &page) != HUFU_OK)
			continue;
		if (page.width == 0 || page.width > RASTER_DOTS_MAX ||
		        page.height == 0 || page.height > RASTER_DOTS_MAX)
			abort();
		raster_page_done(&page);
	}
	return 0;
}
