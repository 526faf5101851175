/*
 * make_verdicts FOLDER: writes the verdict vectors anew (tests/vectors/
 * verdicts/README.md). The signatures of ES256 and SM2 differ each time.
 */
#include <stdio.h>

#include "make_case.h"

int main(int argc, char **argv)
{
	struct world w;
	if (argc != 2) {
		fputs("usage: make_verdicts FOLDER\n", stderr);
		return 2;
	}
	world_init(&w);
	world_write(&w, argv[1]);
	case_open(argv[1]);
	make_accepted(&w);
	make_judged(&w);
	make_entitled(&w);
	make_flipped(&w);
	make_typed(&w);
	make_shaped(&w);
	make_signed(&w);
	make_edges(&w);
	make_packed(&w);
	make_foreign(&w);
	printf("%zu cases\n", case_close());
	world_done(&w);
	return 0;
}
