/*
 * A card that answers anything: the reader's side must only say so. The
 * first byte chooses the parts of the visit, the rest is a recording.
 */
#include "card/terminal/replay.h"
#include "visit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transport *transport = NULL;
	if (size < 1 ||
	        replay_new(span_of(data + 1, size - 1), &transport) != 0)
		return 0;
	visit_card(transport, data[0]);
	return 0;
}
