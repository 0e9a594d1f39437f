// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and stores that the hardware could not do: decoded, then stepped
 * through element by element by whoever knows where the data is.
 */
#include "v44.h"
#include "insn.h"

/**
 * v44_access_decode() - what a load or store does
 * @v: the virtual CPU; cpu.pc is the instruction's address
 * @insn: instruction word
 * @a: filled in on V44_DECODED_ACCESS; cpu.pc stays until v44_access_step() is through
 *
 * dcbz to what is not memory is an alignment exception (manual 6.5.7); the
 * other cache instructions have nothing to do there. Rows that are not done
 * raise the illegal instruction exception.
 */
enum v44_decoded v44_access_decode(struct v44 *v, u32 insn, struct v44_access *a)
{
	const struct v44_insn *row = v44_insn_find(insn);
	struct v44_cpu *cpu = &v->cpu;
	u32 ra = insn_ra(insn);
	u32 base = ra ? cpu->gpr[ra] : 0;
	bool cache_op;

	if (!row || row->kind != V44_INSN_ACCESS || !row->done) {
		v->counts.unimplemented++;
		v->ops->unimplemented(v, row ? row->name : "access", insn);
		v44_program(v, V44_ESR_PIL, cpu->pc);
		return V44_DECODED_INTERRUPT;
	}
	cache_op = !(row->access & V44_ACC_SIZE);
	if (cache_op && (row->access & V44_ACC_STORE)) {
		v44_storage(v, V44_ALIGNMENT, V44_ESR_ST, insn_ea(cpu, insn));
		return V44_DECODED_INTERRUPT;
	}
	if (cache_op) {
		cpu->pc += 4;
		return V44_DECODED_NOTHING;
	}
	a->flags = row->access;
	a->ea = base + (row->access & V44_ACC_INDEXED ? cpu->gpr[insn_rb(insn)] : (u32)(s16)insn);
	a->reg = insn_rt(insn);
	a->left = row->access & V44_ACC_MULTI ? 32 - a->reg : 1;
	a->ra = ra;
	a->update_ea = a->ea;
	return V44_DECODED_ACCESS;
}

static u64 reorder(const struct v44_access *a, u64 data)
{
	if (!(a->flags & V44_ACC_SWAP))
		return data;
	if ((a->flags & V44_ACC_SIZE) == 2)
		return (data & 0xff) << 8 | (data >> 8 & 0xff);
	return (data & 0xff) << 24 | (data & 0xff00) << 8 | (data >> 8 & 0xff00) |
	       (data >> 24 & 0xff);
}

/** v44_access_data() - the value that the next element stores, right-justified */
u64 v44_access_data(const struct v44 *v, const struct v44_access *a)
{
	u32 bits = (a->flags & V44_ACC_SIZE) * 8;
	u64 value = v->cpu.gpr[a->reg];

	return reorder(a, bits < 32 ? value & ((1u << bits) - 1) : value);
}

/**
 * v44_access_step() - finish one element
 * @v: the virtual CPU
 * @a: the access
 * @data: what a load found, right-justified; ignored by a store
 *
 * Return: true when the instruction is through; cpu.pc is then behind it.
 */
bool v44_access_step(struct v44 *v, struct v44_access *a, u64 data)
{
	struct v44_cpu *cpu = &v->cpu;

	if (!(a->flags & V44_ACC_STORE)) {
		data = reorder(a, data);
		cpu->gpr[a->reg] = a->flags & V44_ACC_SIGN ? (u32)(s16)data : (u32)data;
	}
	a->ea += a->flags & V44_ACC_SIZE;
	a->reg = (a->reg + 1) & 31;
	if (--a->left)
		return false;
	if (a->flags & V44_ACC_UPDATE)
		cpu->gpr[a->ra] = a->update_ea;
	cpu->pc += 4;
	return true;
}
