/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Plain accesses: those that move one general register by one piece. It is what
 * devices see most, and it needs no 64-bit arithmetic. What is here does the same
 * as the functions of access.c that can do all accesses.
 */
#ifndef V44_ACCESS_H
#define V44_ACCESS_H

#include "insn.h"
#include "v44.h"

#define V44_ACC_NOT_PLAIN (V44_ACC_MULTI | V44_ACC_STRING | V44_ACC_FP)

/* An access of @left bytes to @ea, all of it to come */
static inline void v44_access_begin(struct v44_access *a, u32 insn, u32 flags, u32 ea, u32 left)
{
	a->value = 0;
	a->ea = ea;
	a->update_ea = ea;
	a->flags = flags;
	a->reg = insn_rt(insn);
	a->ra = insn_ra(insn);
	a->left = left;
	a->done = 0;
}

/* The effective address of a load or store that has not changed anything yet */
static inline u32 v44_access_ea(const struct v44_cpu *cpu, u32 insn, u32 flags)
{
	u32 base = insn_ra(insn) ? cpu->gpr[insn_ra(insn)] : 0;

	if (flags & V44_ACC_INDEXED)
		return base + cpu->gpr[insn_rb(insn)];
	return flags & V44_ACC_STRING ? base : base + (u32)(s16)insn;
}

/**
 * v44_plain_decode() - v44_access_decode() for what is plain, and aligned
 * @cpu: the virtual CPU's state
 * @insn: instruction word
 * @ea: where it failed, by DEAR
 * @word2: of the guest's TLB entry for @ea
 *
 * DEAR is the effective address, or the start of a second page that it reaches into.
 *
 * Return: V44_ACC_*, its order included; or 0 when v44_access_decode() must look.
 */
static inline u32 v44_plain_decode(const struct v44_cpu *cpu, u32 insn, u32 ea, u32 word2)
{
	u32 flags = insn_access(insn), size = flags & V44_ACC_SIZE;

	if (!size || (flags & (V44_ACC_NOT_PLAIN | V44_ACC_RESERVE)) || (ea & (size - 1)))
		return 0;
	if (!(ea & (V44_PAGE_LEAST - 1)) && v44_access_ea(cpu, insn, flags) != ea)
		return 0;
	return word2 & V44_TLB2_E ? flags | V44_ACC_LITTLE : flags;
}

/** v44_access_plain() - is the next piece of @a all of it? Its size is V44_ACC_SIZE then. */
static inline bool v44_access_plain(const struct v44_access *a)
{
	return !(a->flags & V44_ACC_NOT_PLAIN) && !a->done &&
	       (a->ea & (V44_PAGE_LEAST - 1)) + (a->flags & V44_ACC_SIZE) <= V44_PAGE_LEAST;
}

/* Is the guest's order not big-endian? */
static inline bool v44_access_reversed(u32 flags)
{
	return (flags ^ flags / (V44_ACC_LITTLE / V44_ACC_SWAP)) & V44_ACC_SWAP;
}

/* Bits of a word that an access of 1, 2 or 4 bytes leaves unused */
static inline u32 v44_plain_unused(u32 flags)
{
	return 32 - 8 * (flags & V44_ACC_SIZE);
}

/* Between the guest's order and big-endian; what does not belong to it is cut off */
static inline u32 v44_plain_reorder(u32 flags, u32 value)
{
	u32 unused = v44_plain_unused(flags);

	if (v44_access_reversed(flags))
		return __builtin_bswap32(value) >> unused;
	return value << unused >> unused;
}

/** v44_plain_bytes() - what a store of the low bytes of @value leaves in memory, from the left */
static inline u32 v44_plain_bytes(u32 flags, u32 value)
{
	return v44_access_reversed(flags) ? __builtin_bswap32(value)
					  : value << v44_plain_unused(flags);
}

/** v44_plain_done() - v44_access_step() for a plain @a: it is through */
static inline void v44_plain_done(struct v44 *v, const struct v44_access *a, u32 data)
{
	struct v44_cpu *cpu = &v->cpu;

	if (!(a->flags & V44_ACC_STORE)) {
		data = v44_plain_reorder(a->flags, data);
		cpu->gpr[a->reg] = a->flags & V44_ACC_SIGN ? (u32)(s16)data : data;
	}
	if (a->flags & V44_ACC_UPDATE)
		cpu->gpr[a->ra] = a->update_ea;
	cpu->pc += 4;
}

#endif
