/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_TIMEBASE_H
#define BENCH_TIMEBASE_H

#include <stdint.h>

/* In ticks. The halves are read until the upper one stood still. */
static inline uint64_t timebase(void)
{
	uint32_t upper, lower, again;

	do {
		asm volatile("mftbu %0; mftb %1; mftbu %2" : "=r"(upper), "=r"(lower), "=r"(again));
	} while (upper != again);
	return (uint64_t)upper << 32 | lower;
}

#endif
