/* What an entry of the log does to one blank: see stock_replay(). */
#ifndef HOST_STOCK_REPLAY_H
#define HOST_STOCK_REPLAY_H

#include "host/stock/stock.h"

struct stock_replay_rule {
	enum stock_state from;
	enum stock_state to;
};

#endif
