/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Plain accesses: those that move one general register by one piece. It is what
 * devices see most, and it needs no 64-bit arithmetic. What is here does the same
 * as the functions of access.c that can do all accesses.
 */
#ifndef V44_ACCESS_H
#define V44_ACCESS_H

#include "v44.h"

#define V44_ACC_NOT_PLAIN (V44_ACC_MULTI | V44_ACC_STRING | V44_ACC_FP)

/** v44_access_plain() - is the next piece of @a all of it? Its size is V44_ACC_SIZE then. */
static inline bool v44_access_plain(const struct v44_access *a)
{
	return !(a->flags & V44_ACC_NOT_PLAIN) && !a->done &&
	       (a->ea & (V44_PAGE_LEAST - 1)) + (a->flags & V44_ACC_SIZE) <= V44_PAGE_LEAST;
}

/* Is the guest's order not big-endian? */
static inline bool v44_access_reversed(const struct v44_access *a)
{
	return !(a->flags & V44_ACC_SWAP) != !(a->flags & V44_ACC_LITTLE);
}

/* Between the guest's order and big-endian; what does not belong to it is cut off */
static inline u32 v44_plain_reorder(const struct v44_access *a, u32 value)
{
	u32 unused = 32 - 8 * (a->flags & V44_ACC_SIZE);

	if (v44_access_reversed(a))
		return __builtin_bswap32(value) >> unused;
	return value << unused >> unused;
}

/** v44_plain_data() - v44_access_data() for a plain @a */
static inline u32 v44_plain_data(const struct v44 *v, const struct v44_access *a)
{
	return v44_plain_reorder(a, v->cpu.gpr[a->reg]);
}

/** v44_plain_done() - v44_access_step() for a plain @a: it is through */
static inline void v44_plain_done(struct v44 *v, const struct v44_access *a, u32 data)
{
	struct v44_cpu *cpu = &v->cpu;

	if (!(a->flags & V44_ACC_STORE)) {
		data = v44_plain_reorder(a, data);
		cpu->gpr[a->reg] = a->flags & V44_ACC_SIGN ? (u32)(s16)data : data;
	}
	if (a->flags & V44_ACC_UPDATE)
		cpu->gpr[a->ra] = a->update_ea;
	cpu->pc += 4;
}

#endif
