#include "host/cli/photo_text.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "host/base/file.h"
#include "host/cli/cli.h"

enum { PHOTO_FILE_MAX = 4 << 20 };

char *photo_text(const char *path)
{
	uint8_t *jpeg = NULL;
	size_t len = 0;
	int r = file_read(path, PHOTO_FILE_MAX, &jpeg, &len);
	if (r) {
		struct problem p;
		(void)problem_set(&p, r, "file",
		        "无法读取照片 %s，请检查文件名和权限（最大 4 MB）。",
		        "Cannot read the photo %s; check its name and rights "
		        "(4 MB at most).",
		        path); /* told next */
		(void)cli_refuse(&p); /* NULL says it */
		return NULL;
	}
	char *text = malloc(len / 3 * 4 + 8);
	if (text)
		EVP_EncodeBlock((unsigned char *)text, jpeg, (int)len);
	free(jpeg);
	return text;
}
