/* calendar.csv as bytes; the .c is made by the build. */
#ifndef HOST_CALENDAR_TEXT_H
#define HOST_CALENDAR_TEXT_H

#include <stddef.h>
#include <stdint.h>

extern const uint8_t calendar_text[];
extern const size_t calendar_text_len;

#endif
