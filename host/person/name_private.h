/*
 * Characters that older systems know by a private-use code. Source: the two
 * bytes FE50 to FEA0, which GBK and GB 18030-2000 gave U+E815 to U+E864 in
 * order, and GB 18030-2022 gives the characters of ISO/IEC 10646 that have
 * been encoded since (as glibc's converter knows them).
 */
#ifndef HOST_NAME_PRIVATE_H
#define HOST_NAME_PRIVATE_H

#include <stdint.h>

/* The character that is meant; 0 when nothing is known of this code. */
uint32_t name_private_find(uint32_t point);

#endif
