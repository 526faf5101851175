#include <string.h>

#include "merchant/cli/belief.h"
#include "merchant/cli/commands.h"
#include "merchant/cli/report.h"

int cmd_qr(const struct arguments *a)
{
	INPUT in = {0};
	BELIEF *h = NULL;
	struct hufu_result result;
	if (a->rest_count != 1)
		return report_usage("qr 后面请给二维码文字，或 - 表示标准输入",
		        "qr takes the text of one code, or - for standard "
		        "input");
	int r = belief_new(a, &h);
	if (r)
		return r;
	struct span text = span_of_text(a->rest[0]);
	if (strcmp(a->rest[0], "-") == 0) {
		r = input_read("-", INPUT_TEXT_MAX, &in);
		if (r)
			return report_file_error("-", r);
		text = input_text(&in);
	}
	r = hufu_check_qr(
	        h, (const char *)text.data, text.len, a->now_s, &result);
	return r ? report_error(r) : report_result(a, NULL, &result);
}
