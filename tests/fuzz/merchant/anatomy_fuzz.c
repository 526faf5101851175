/* A message field by field, and as JSON: whatever it is, both end well. */
#include <stdint.h>
#include <stdlib.h>

#include "merchant/cli/anatomy.h"
#include "merchant/cli/cbor_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span message = {data, len};
	json_t *fields = json_array();
	size_t at = 0;
	for (int full = 0; full < 2; full++) {
		int r = anatomy_take(message, full, fields, &at);
		if (r < 0 || at > len)
			abort();
	}
	char *text = json_dumps(fields, JSON_COMPACT);
	json_t *payload = cbor_json_of(message);
	char *again = json_dumps(payload, JSON_ENCODE_ANY);
	if (!text || !payload || !again)
		abort();
	free(text);
	free(again);
	json_decref(fields);
	json_decref(payload);
	return 0;
}
