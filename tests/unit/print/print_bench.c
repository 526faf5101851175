/*
 * print_bench [ROUNDS]: what a warm face and its raster cost, and reading
 * the code back; one JSON line each, in milliseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "host/base/number.h"
#include "host/print/qr_read.h"
#include "host/print/raster.h"
#include "tests/unit/print/sample.h"

enum { ROUNDS = 50, ROUNDS_MAX = 10000 };
enum phase { RENDER, RASTER, FACE_AND_RASTER, READ, PHASES };

static double now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail on Linux */
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(const char *what, double *ms, int rounds)
{
	qsort(ms, (size_t)rounds, sizeof(*ms), by_value);
	printf("{\"bench\":\"%s\",\"rounds\":%d,\"median_ms\":%.2f,"
	       "\"p99_ms\":%.2f}\n",
	        what, rounds, ms[rounds / 2], ms[(rounds * 99 - 1) / 100]);
}

static int one_round(double ms[PHASES])
{
	struct face_record record = sample_record();
	char text[QR_TEXT_MAX + 1];
	struct blob raster = {0};
	struct face *face = NULL;
	double start = now_ms();
	int rc = face_render(sample_fonts(), &record, &face, NULL);

	ms[RENDER] = now_ms() - start;
	if (rc == HUFU_OK)
		rc = raster_encode(face, &raster);
	ms[FACE_AND_RASTER] = now_ms() - start;
	ms[RASTER] = ms[FACE_AND_RASTER] - ms[RENDER];
	start = now_ms();
	if (rc == HUFU_OK)
		rc = qr_read(blob_span(&raster), text, sizeof(text));
	ms[READ] = now_ms() - start;
	blob_done(&raster);
	face_free(&face);
	return rc;
}

int main(int argc, char **argv)
{
	static const char *const names[PHASES] = {"face_render", "face_raster",
	        "face_render_and_raster", "qr_read_back"};
	static double all[PHASES][ROUNDS_MAX];
	int64_t rounds = ROUNDS;
	double ms[PHASES];

	if (argc > 1 &&
	        number_parse_text(argv[1], (struct number_range){1, ROUNDS_MAX},
	                &rounds) != HUFU_OK) {
		fprintf(stderr, "print_bench [ROUNDS], at most %d\n",
		        ROUNDS_MAX);
		return 2;
	}
	if (one_round(ms) != HUFU_OK) /* warms up */
		return 1;
	for (int i = 0; i < (int)rounds; i++) {
		if (one_round(ms) != HUFU_OK)
			return 1;
		for (int k = 0; k < PHASES; k++)
			all[k][i] = ms[k];
	}
	for (int k = 0; k < PHASES; k++)
		report(names[k], all[k], (int)rounds);
	sample_done();
	return 0;
}
