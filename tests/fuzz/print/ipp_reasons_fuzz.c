#include <stdlib.h>
#include <string.h>

#include "host/print/ipp_judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Whatever a printer says, "printed" needs every side counted. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct print_job job = {0};
	size_t half;

	if (len < 4)
		return 0;
	job.state = data[0] % 12;
	job.impressions = data[1] % 4;
	job.impressions_known = data[2] & 1;
	job.history_missing = data[2] & 2;
	job.via_cupsd = data[2] & 4;
	data += 4;
	len -= 4;
	half = len / 2 < PRINT_TEXT_MAX - 1 ? len / 2 : PRINT_TEXT_MAX - 1;
	memcpy(job.reasons, data, half);
	memcpy(job.message, data + half, half);
	if (print_judge(&job, 2) == PRINT_PRINTED &&
	        (job.state != 9 || job.impressions != 2 ||
	                !job.impressions_known || job.history_missing))
		abort();
	return 0;
}
