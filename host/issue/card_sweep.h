/* What time alone does to cards: see card_book_sweep() in card_book.h. */
#ifndef HOST_CARD_SWEEP_H
#define HOST_CARD_SWEEP_H

#include "host/issue/card_book.h"

enum { CARD_SWEEP_BATCH = 100 }; /* cards a transaction */

#endif
