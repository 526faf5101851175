/* Build-time program: writes generators.c to standard output. */
#include <stdio.h>
#include <stdlib.h>

#include "crypto/core/ec_table.h"

static int put_table(const char *name, enum sigcheck_alg alg, uint8_t *space)
{
	enum { PER_LINE = 16 };
	struct ec_table table;
	int rc = ec_table_build(alg, span_of(NULL, 0), EC_TABLE_SMALL, space,
	        EC_TABLE_SMALL_LEN, &table);
	if (rc)
		return rc;
	printf("const uint8_t generators_%s[EC_TABLE_SMALL_LEN] = {", name);
	for (size_t i = 0; i < EC_TABLE_SMALL_LEN; i++)
		printf("%s%u,", i % PER_LINE ? "" : "\n\t",
		        (unsigned)table.data[i]);
	printf("\n};\n");
	return HUFU_OK;
}

int main(void)
{
	uint8_t *space = malloc(EC_TABLE_SMALL_LEN);
	printf("#include \"merchant/terminal/generators.h\"\n\n");
	int rc = space ? HUFU_OK : HUFU_ERR_MEMORY;
	if (!rc)
		rc = put_table("p256", SIGCHECK_ES256, space);
	if (!rc)
		rc = put_table("sm2", SIGCHECK_SM2, space);
	free(space);
	if (!rc && fflush(stdout) != 0)
		rc = HUFU_ERR_IO;
	if (rc)
		fprintf(stderr, "generators_make: %d\n", rc);
	return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
