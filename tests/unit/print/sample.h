/*
 * A record of a generated person to print in tests, and its raster.
 */
#ifndef TESTS_PRINT_SAMPLE_H
#define TESTS_PRINT_SAMPLE_H

#include "host/print/face.h"

extern const char SAMPLE_QR[]; /* 318 characters of Base45: version 11 */

/* A drawn portrait, kept until the program ends. */
struct span sample_photo(void);
struct face_record sample_record(void);

/* Opens the fonts once for the program; fails the test if it cannot. */
struct face_fonts *sample_fonts(void);
void sample_done(void);

#endif
