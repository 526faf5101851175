/*
 * Cards that a restored store does not know as they are: see
 * card_book_note() and card_book_unresolve() in card_book.h.
 */
#ifndef HOST_CARD_UNRESOLVE_H
#define HOST_CARD_UNRESOLVE_H

#include "host/issue/card_book.h"

/* Serial numbers are skipped by this much at each restore, because numbers
 * given out after the backup are known to nobody any more. */
enum { CARD_SERIAL_SKIP = 100000 };

#endif
