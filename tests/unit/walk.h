/* SPDX-License-Identifier: GPL-2.0-only */
/* Walks through guest TLB and shadows, each answer compared with a model: see walk.c. */
#ifndef WALK_H
#define WALK_H

#include "v44.h"

/* That a walk went everywhere */
struct walk_counts {
	u32 filled, missed, denied, io, devices, absent, hits, refills, wide, split, dropped,
		doubles, merged, emulated, magic;
	u32 generations;
};

/* One walk at a time; its choices, and its memory map, come from @seed. */
void walk_start(u64 seed);
void walk_step(void);
void walk_end(void);
const struct walk_counts *walk_counts(void);

/* A whole walk from the start, whose choices are in @input. */
void walk_along(const u8 *input, size_t size);

#endif
