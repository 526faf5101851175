/*
 * Makes the Nth query of the store fail as a broken disk would: the linker
 * puts these in front of query_step(), query_run() and query_end().
 */
#ifndef TEST_FAILING_QUERY_H
#define TEST_FAILING_QUERY_H

#include <stdbool.h>

void failing_query_set(int nth); /* from 1; 0: none fails */
bool failing_query_hit(void); /* it came to the Nth since set */

#endif
