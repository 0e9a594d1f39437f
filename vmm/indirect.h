/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A block of the chip's that is reached by an address and a data DCR, as SDR0
 * and CPR0 are, and that has none of its registers here: each reads 0, and is
 * reported once, by its number.
 */
#ifndef VM44X_INDIRECT_H
#define VM44X_INDIRECT_H

#include "bus.h"

struct indirect {
	struct bus *bus; /* of the pair */
	const struct bus_block *block;
	uint32_t index; /* what the address register has */
};

/* Put the pair of block on the bus. */
void indirect_init(struct indirect *indirect, struct bus *bus, const struct bus_block *block);

#endif
