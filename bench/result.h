/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest program of the benchmark and its VMM have in common: addresses
 * without memory, and the form of a result.
 */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include <stdint.h>

#define BENCH_ORDINARY	    0x02000000 /* memory that is not contiguous ... */
#define BENCH_ORDINARY_SIZE 0x00100000 /* ... under one entry of 1 MB */

#define BENCH_DEVICE	0x90000000 /* reads 0 */
#define BENCH_IOEVENTFD 0x90000010 /* 4-byte stores go to an eventfd */
#define BENCH_RESULT	0x90000020 /* store of a struct's physical address: a result */
#define BENCH_COUNTERS \
	0x90000030 /* store: the VMM reads the vCPU's counters, and keeps the last two */

#define BENCH_INTERRUPT	  0x90000040 /* store: source 0 of UIC0, in a while, by an irqfd */
#define BENCH_INTERRUPTED 0x90000050 /* load: the time base, lower half, when it was sent */

#define BENCH_BATCHES 9

struct bench_result {
	char name[32];
	uint32_t count; /* operations in each batch */
	int32_t ticks[BENCH_BATCHES]; /* for each batch, the empty loop's subtracted */
};

#endif
