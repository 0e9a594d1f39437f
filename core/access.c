// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and stores that the hardware could not do: decoded, then stepped
 * through by whoever knows where the data is.
 *
 * An access consists of elements: a register's worth of data each. An element
 * moves in one piece, if it lies within 1 KB, the smallest page, and in bytes if
 * not; so does the end of a string that does not fill its register.
 */
#include "v44.h"
#include "access.h"
#include "insn.h"

#define XER_SO	  0x80000000u
#define XER_COUNT 0x0000007fu
#define CR0_EQ	  0x20000000u

/* Bytes of the element under way */
static inline u32 element(const struct v44_access *a)
{
	u32 size = a->flags & V44_ACC_SIZE;

	if ((a->flags & V44_ACC_STRING) && (u32)a->left + a->done < size)
		size = a->left + a->done;
	return size;
}

/* Does the element of @size bytes lie in two pages? */
static inline bool crosses_page(const struct v44_access *a, u32 size)
{
	u32 first = a->ea - a->done;

	return (first ^ (first + size - 1)) & ~(V44_PAGE_LEAST - 1);
}

static inline u32 piece_of(const struct v44_access *a, u32 size)
{
	return crosses_page(a, size) || size != (a->flags & V44_ACC_SIZE) ? 1 : size;
}

/* Bytes that a new access moves, 0 to 128 */
static u32 length(const struct v44_cpu *cpu, u32 insn, u32 flags)
{
	if (flags & V44_ACC_MULTI)
		return 4 * (32 - insn_rt(insn));
	if (!(flags & V44_ACC_STRING))
		return flags & V44_ACC_SIZE;
	if (flags & V44_ACC_INDEXED)
		return cpu->xer & XER_COUNT;
	return insn_rb(insn) ? insn_rb(insn) : 32;
}

/**
 * v44_access_foresee() - what a load or store, or cache instruction, would do
 * @v: the virtual CPU
 * @insn: instruction word
 * @a: as v44_access_decode() would fill it in; a cache instruction moves nothing
 *
 * Nothing is changed, and no exception but the interrupts of its accesses is looked for.
 *
 * Return: false if @insn is none, or does not access anything.
 */
bool v44_access_foresee(const struct v44 *v, u32 insn, struct v44_access *a)
{
	const struct v44_insn *row = insn_row(insn);
	u32 flags, left;

	if (!row || (row->kind != V44_INSN_ACCESS && row->emulate != v44_emu_dcbi))
		return false;
	flags = row->access & V44_ACC_SIZE ? row->access : row->access | V44_ACC_INDEXED;
	if (row->emulate == v44_emu_dcbi)
		flags |= V44_ACC_STORE;
	left = length(&v->cpu, insn, flags);
	v44_access_begin(a, insn, flags, v44_access_ea(&v->cpu, insn, flags), left);
	return left || !(flags & V44_ACC_SIZE);
}

/**
 * v44_access_decode() - what a load or store does
 * @v: the virtual CPU; cpu.pc is the instruction's address
 * @insn: instruction word
 * @a: filled in on V44_DECODED_ACCESS; cpu.pc stays until v44_access_step() is through
 *
 * dcbz to what is not memory is an alignment exception (manual 6.5.7), the
 * dcbz to what is not memory is an alignment exception (manual 6.5.7), the
 * other cache instructions have nothing to do there but for icbi, which reaches
 * all instructions here. stwcx. finds no reservation, since the exit that led here
 * has ended it, but one that a step has kept. All of these need a translation that
 * allows them. A word that is none of all this raises the illegal instruction
 * exception.
 */
enum v44_decoded v44_access_decode(struct v44 *v, u32 insn, struct v44_access *a)
{
	const struct v44_insn *row = insn_row(insn);
	struct v44_cpu *cpu = &v->cpu;
	bool store, conditional;
	u32 flags, ea, left;
	int slot;
	u64 gpa;

	if (!row || row->kind != V44_INSN_ACCESS) {
		v->counts->unimplemented++;
		v->ops->unimplemented(v, row ? row->name : "access", insn);
		v44_program(v, V44_ESR_PIL, cpu->pc);
		return V44_DECODED_INTERRUPT;
	}
	flags = row->access;
	store = flags & V44_ACC_STORE;
	ea = v44_access_ea(cpu, insn, flags);
	if ((flags & V44_ACC_FP) && !(cpu->msr & V44_MSR_FP)) {
		v44_interrupt(v, V44_FP_UNAVAIL, cpu->pc);
		return V44_DECODED_INTERRUPT;
	}
	conditional = store && (flags & V44_ACC_RESERVE);
	if ((flags & V44_ACC_RESERVE) && (ea & 3)) {
		v44_storage(v, V44_ALIGNMENT, store ? V44_ESR_ST : 0, ea);
		return V44_DECODED_INTERRUPT;
	}
	if ((conditional || !(flags & V44_ACC_SIZE)) &&
	    !v44_translate_or_raise(v, ea, store ? V44_STORE : V44_LOAD, &gpa, &slot))
		return V44_DECODED_INTERRUPT;
	if (store && !(flags & V44_ACC_SIZE)) {
		v44_storage(v, V44_ALIGNMENT, V44_ESR_ST, ea);
		return V44_DECODED_INTERRUPT;
	}
	if (flags & V44_ACC_ICACHE)
		v->ops->icache_flush(v);
	left = length(cpu, insn, flags);
	if (conditional) {
		bool reserved = v44_debug_reservation(v, ea);

		cpu->cr =
			(cpu->cr & 0x0fffffff) | (cpu->xer & XER_SO) >> 3 | (reserved ? CR0_EQ : 0);
		left = reserved ? left : 0;
	}
	if (!left) {
		cpu->pc += 4;
		return V44_DECODED_NOTHING;
	}
	v44_access_begin(a, insn, flags, ea, left);
	return V44_DECODED_ACCESS;
}

/**
 * v44_access_valid() - can v44_access_decode() and v44_access_step() have led to this?
 * @a: an access that somebody saved
 *
 * Whatever is valid comes to its end without harm to anything but the guest.
 */
bool v44_access_valid(const struct v44_access *a)
{
	u32 flags = a->flags & ~V44_ACC_LITTLE, size = element(a), bytes = a->left + a->done;
	unsigned int i;

	if (a->reg > 31 || a->ra > 31 || !a->left || a->done >= size || a->value >> 8 * a->done ||
	    (a->done && v44_access_piece(a) != 1))
		return false;
	if (flags & V44_ACC_STRING) {
		if (bytes > XER_COUNT || (a->flags & V44_ACC_LITTLE))
			return false;
	} else if (flags & V44_ACC_MULTI) {
		if (bytes % 4 || bytes > 4u * (32 - a->reg))
			return false;
	} else if (bytes != size) {
		return false;
	}
	if ((flags & V44_ACC_RESERVE) && (flags & V44_ACC_STORE))
		return false;
	for (i = 0; i < v44_insn_count; i++) {
		if (v44_insns[i].kind == V44_INSN_ACCESS && v44_insns[i].access == flags)
			return true;
	}
	return false;
}

/**
 * v44_access_order() - take the byte order of the page that an element begins in
 * @v: the virtual CPU
 * @a: the access, before the first piece of an element
 * @slot: the guest's TLB entry for a->ea; below 0: it is in the magic page
 *
 * A string has no order but that of its bytes.
 */
void v44_access_order(const struct v44 *v, struct v44_access *a, int slot)
{
	a->flags &= ~V44_ACC_LITTLE;
	if (slot >= 0 && (v->cpu.tlb[slot].word[2] & V44_TLB2_E) && !(a->flags & V44_ACC_STRING))
		a->flags |= V44_ACC_LITTLE;
}

static bool translate(struct v44 *v, const struct v44_access *a, u32 ea, u64 *gpa, int *slot)
{
	enum v44_access_type type = a->flags & V44_ACC_STORE ? V44_STORE : V44_LOAD;
	bool ok = v44_translate_or_raise(v, ea, type, gpa, slot);

	if (!ok && (a->flags & V44_ACC_FP))
		v->cpu.esr |= V44_ESR_FP;
	return ok;
}

/**
 * v44_access_translate() - where the next piece goes
 * @v: the virtual CPU
 * @a: the access
 * @gpa: guest physical address of the piece, or V44_MAGIC_GPA | its offset in the magic page
 *
 * An element that lies in two pages needs both before its first byte moves, so
 * that no interrupt comes in its middle.
 *
 * Return: false if the access raised an interrupt, which has been taken; it is over then.
 */
bool v44_access_translate(struct v44 *v, struct v44_access *a, u64 *gpa)
{
	int slot, second;
	u64 beyond;

	if (!translate(v, a, a->ea, gpa, &slot))
		return false;
	if (a->done)
		return true;
	v44_access_order(v, a, slot);
	return !crosses_page(a, element(a)) ||
	       translate(v, a, (a->ea | (V44_PAGE_LEAST - 1)) + 1, &beyond, &second);
}

/** v44_access_piece() - bytes of the next piece: 1, 2, 4 or 8 */
u32 v44_access_piece(const struct v44_access *a)
{
	return piece_of(a, element(a));
}

/* Single to double precision and back, as loads and stores do it: bits, without the FPSCR */

static u64 to_double(u32 single)
{
	u32 exponent = single >> 23 & 0xff, fraction = single & 0x7fffff, shift;

	if (exponent == 0xff) {
		exponent = 0x7ff;
	} else if (exponent) {
		exponent += 1023 - 127;
	} else if (fraction) {
		/* not normalised: the highest bit becomes the one that is not written */
		shift = __builtin_clz(fraction) - 8;
		fraction = (fraction << shift) & 0x7fffff;
		exponent = 1023 - 126 - shift;
	}
	return (u64)(single & 0x80000000) << 32 | (u64)exponent << 52 | (u64)fraction << 29;
}

/* What is too small is undefined; here it is 0 */
static u32 to_single(u64 number)
{
	u32 upper = number >> 32, sign = upper & 0x80000000, exponent = upper >> 20 & 0x7ff;

	if (exponent > 1023 - 127)
		return (upper & 0xc0000000) | ((u32)(number >> 29) & 0x3fffffff);
	if (exponent < 1023 - 149)
		return sign;
	number = (number & 0xfffffffffffffull) | 1ull << 52;
	return sign | (u32)(number >> (52 - 23 + 1023 - 126 - exponent));
}

/* Between the guest's order and big-endian */
static u64 reorder(const struct v44_access *a, u64 value)
{
	if (!v44_access_reversed(a->flags))
		return value;
	return __builtin_bswap64(value) >> (64 - 8 * element(a));
}

/* What an element that does not fill its register leaves of it */
static u32 unused_bits(const struct v44_access *a)
{
	return a->flags & V44_ACC_STRING ? 32 - 8 * element(a) : 0;
}

/** v44_access_length() - bytes of the element under way; 0: of a cache instruction */
u32 v44_access_length(const struct v44_access *a)
{
	return element(a);
}

/** v44_access_element() - the element under way of a store, as it comes to lie in memory */
u64 v44_access_element(const struct v44 *v, const struct v44_access *a)
{
	u64 value;

	if (!(a->flags & V44_ACC_FP))
		value = v->cpu.gpr[a->reg] >> unused_bits(a);
	else if (a->flags & V44_ACC_SINGLE)
		value = to_single(v->cpu.fpr[a->reg]);
	else
		value = v->cpu.fpr[a->reg];
	return reorder(a, value);
}

/** v44_access_data() - the next piece of a store, right-justified */
u64 v44_access_data(const struct v44 *v, const struct v44_access *a)
{
	u32 size, piece;
	u64 value;

	if (v44_access_plain(a))
		return v44_plain_reorder(a->flags, v->cpu.gpr[a->reg]);
	size = element(a);
	piece = piece_of(a, size);
	value = v44_access_element(v, a) >> 8 * (size - piece - a->done);
	if (piece == 8)
		return value;
	return (u32)value << (32 - 8 * piece) >> (32 - 8 * piece);
}

static void load(struct v44_cpu *cpu, const struct v44_access *a)
{
	u64 value = reorder(a, a->value);

	if (a->flags & V44_ACC_FP)
		cpu->fpr[a->reg] = a->flags & V44_ACC_SINGLE ? to_double(value) : value;
	else if (a->flags & V44_ACC_SIGN)
		cpu->gpr[a->reg] = (s16)value;
	else
		cpu->gpr[a->reg] = (u32)value << unused_bits(a);
}

/**
 * v44_access_step() - finish one piece
 * @v: the virtual CPU
 * @a: the access
 * @data: what a load found, right-justified; ignored by a store
 *
 * Return: true when the instruction is through; cpu.pc is then behind it.
 */
bool v44_access_step(struct v44 *v, struct v44_access *a, u64 data)
{
	struct v44_cpu *cpu = &v->cpu;
	u32 size, piece;

	if (v44_access_plain(a)) {
		v44_plain_done(v, a, data);
		return true;
	}
	size = element(a);
	piece = piece_of(a, size);
	a->value = a->done ? a->value << 8 | data : data;
	a->ea += piece;
	a->left -= piece;
	a->done += piece;
	if (a->done < size)
		return false;
	if (!(a->flags & V44_ACC_STORE))
		load(cpu, a);
	a->value = 0;
	a->done = 0;
	a->reg = (a->reg + 1) & 31;
	if (a->left)
		return false;
	if (a->flags & V44_ACC_UPDATE)
		cpu->gpr[a->ra] = a->update_ea;
	cpu->pc += 4;
	return true;
}
