#include <stdio.h>

#include "merchant/cli/barcode.h"
#include "merchant/cli/belief.h"
#include "merchant/cli/commands.h"
#include "merchant/cli/picture.h"
#include "merchant/cli/report.h"

static int no_code(const struct arguments *a, const char *path, int outcome)
{
	/* the path goes to stderr, so that JSON lines stay as they are */
	(void)fprintf(stderr, "%s:\n", path);
	if (outcome == BARCODE_SEVERAL)
		return report_outcome(a, REPORT_EXIT_NO_CODE,
		        "图中有几个不同的二维码，请一次只拍一个。",
		        "Several different codes: take one at a time.");
	return report_outcome(a, REPORT_EXIT_NO_CODE,
	        "图中没有找到二维码，请拍清楚、拍正。",
	        "No QR code found: take a sharper, straighter picture.");
}

static int verify_file(
        const struct arguments *a, struct hufu *h, const char *path)
{
	INPUT in = {0};
	PICTURE picture = {0};
	struct writer text;
	struct hufu_result result;
	char space[BARCODE_TEXT_MAX * 2];
	int r = input_read(path, INPUT_IMAGE_MAX, &in);
	if (!r)
		r = picture_decode(input_span(&in), &picture);
	if (r)
		return report_file_error(path, r);
	writer_init(&text, space, sizeof space);
	r = barcode_read(picture.gray, picture.width, picture.height, &text);
	if (r > 0)
		return no_code(a, path, r);
	if (r)
		return report_error(r);
	r = hufu_check_qr(h, space, text.len, a->now_s, &result);
	return r ? report_error(r) : report_result(a, path, &result);
}

int cmd_image(const struct arguments *a)
{
	BELIEF *h = NULL;
	if (a->rest_count < 1)
		return report_usage("image 后面请给图片文件（PNG 或 JPEG）",
		        "image takes picture files (PNG or JPEG)");
	int worst = belief_new(a, &h);
	for (int i = 0; h && i < a->rest_count; i++) {
		int r = verify_file(a, h, a->rest[i]);
		if (r > worst)
			worst = r;
	}
	return worst;
}
