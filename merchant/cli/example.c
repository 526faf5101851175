/*
 * A till that verifies one card:
 * example ROOT.pem TRUST-LIST STATUS-LIST < QR-TEXT
 */
#include <stdio.h>
#include <time.h>

#include <hufu/hufu.h>

static char file[1 << 20];

static size_t get(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t len = f ? fread(file, 1, sizeof file, f) : 0;
	if (f)
		(void)fclose(f);
	return len;
}

int main(int argc, char **argv)
{
	struct hufu *h;
	struct hufu_result card;
	char name[HUFU_NAME_MAX];
	int r = argc == 4 ? hufu_new(&h) : HUFU_ERR_ARGUMENT;
	if (r)
		return 70;
	r = hufu_set_root(h, file, get(argv[1]));
	if (!r)
		r = hufu_load_trust(h, file, get(argv[2]));
	if (!r)
		r = hufu_load_status(h, file, get(argv[3]));
	size_t len = fread(file, 1, sizeof file, stdin);
	if (!r)
		r = hufu_check_qr(h, file, len, (int64_t)time(NULL), &card);
	if (!r)
		r = hufu_masked_name(&card, name, sizeof name);
	if (r)
		(void)fprintf(stderr, "%s\n", hufu_error_zh(r));
	else
		(void)printf("%s %s%s\n", hufu_verdict_zh(card.verdict), name,
		        card.status_stale ? "（需核对）" : "");
	hufu_free(h);
	return r ? 70 : card.verdict != HUFU_VALID || card.status_stale;
}
