// SPDX-License-Identifier: GPL-2.0-only
/* The guest's TLB, PPC440x5 manual chapter 5. */
#include "v44.h"
#include "insn.h"

#define FROM_LEFT 0x80000000u

static u32 size_code(const struct v44_tlbe *e)
{
	return (e->word[0] & V44_TLB0_SIZE) >> 4;
}

/* Large entries and first pages both lie at round addresses, so they begin at opposite ends */
static u32 bucket(u32 ea, u32 size)
{
	u32 page = ea >> (10 + 2 * size);

	return (page ^ page >> 6 ^ (size == V44_SIZE_4K ? 0 : 63)) % 64;
}

/* 0..15; no entry reaches into another (256 MB are the most) */
static u32 segment(u32 ea)
{
	return ea >> 28;
}

/* Can there be an entry for @ea that has not 4 KB? */
static bool mixed(const struct v44_tlb_index *index, u32 ea)
{
	return index->mixed << segment(ea) & FROM_LEFT;
}

static void mark_segment(struct v44_tlb_index *index, u32 ea, bool on)
{
	u32 s = segment(ea);

	index->segment[s] += on ? 1 : -1;
	if (index->segment[s])
		index->mixed |= FROM_LEFT >> s;
	else
		index->mixed &= ~(FROM_LEFT >> s);
}

static void index_add(struct v44_tlb_index *index, const struct v44_tlbe *e, u32 slot)
{
	u32 size = size_code(e);

	index->bucket[bucket(e->word[0], size)][slot / 32] |= FROM_LEFT >> slot % 32;
	if (size == V44_SIZE_4K)
		return;
	index->count[size]++;
	index->sizes |= 1u << size;
	mark_segment(index, e->word[0], true);
}

static void index_remove(struct v44_tlb_index *index, const struct v44_tlbe *e, u32 slot)
{
	u32 size = size_code(e);

	index->bucket[bucket(e->word[0], size)][slot / 32] &= ~(FROM_LEFT >> slot % 32);
	if (size == V44_SIZE_4K)
		return;
	if (!--index->count[size])
		index->sizes &= ~(1u << size);
	mark_segment(index, e->word[0], false);
}

static bool matches(const struct v44_tlbe *e, u32 ea, u32 ts, u32 pid)
{
	if ((ea ^ e->word[0]) & V44_TLB0_EPN & ~v44_offset_mask(e->word[0]))
		return false;
	if (!(e->word[0] & V44_TLB0_TS) != !ts)
		return false;
	return !e->tid || e->tid == pid;
}

/**
 * v44_tlb_search() - the entry that matches
 * @v: the virtual CPU
 * @ea: effective address
 * @ts: address space, 0 or not 0
 * @pid: process id, 0..255; entries with TID 0 match any
 *
 * Several matches are the guest's error (manual 5.4); we take the first.
 *
 * Return: its number, or -1.
 */
int v44_tlb_search(const struct v44 *v, u32 ea, u32 ts, u32 pid)
{
	const struct v44_tlb_index *index = &v->index;
	u32 sizes = 1u << V44_SIZE_4K | (mixed(index, ea) ? index->sizes : 0);
	u32 slots[2] = { 0, 0 }, half, i;

	for (; sizes; sizes &= sizes - 1) {
		const u32 *b = index->bucket[bucket(ea, __builtin_ctz(sizes))];

		slots[0] |= b[0];
		slots[1] |= b[1];
	}
	for (half = 0; half < 2; half++) {
		for (; slots[half]; slots[half] &= ~(FROM_LEFT >> i)) {
			i = __builtin_clz(slots[half]);
			if (matches(&v->cpu.tlb[32 * half + i], ea, ts, pid))
				return 32 * half + i;
		}
	}
	return -1;
}

/* The right that an access needs, as the bit for user state */
static u32 right(enum v44_access_type type)
{
	switch (type) {
	case V44_FETCH:
		return V44_TLB2_UX;
	case V44_STORE:
		return V44_TLB2_UW;
	default:
		return V44_TLB2_UR;
	}
}

/**
 * v44_translate() - guest effective to guest physical address, by the guest's own TLB
 * @v: the virtual CPU: MSR[IS,DS,PR] and PID select the translation
 * @ea: effective address
 * @type: fetch, load or store
 * @gpa: 36-bit guest physical address, valid on V44_XLATE_OK
 * @slot: the entry, valid unless V44_XLATE_MISS
 */
enum v44_translation v44_translate(const struct v44 *v, u32 ea, enum v44_access_type type, u64 *gpa,
				   int *slot)
{
	const struct v44_cpu *cpu = &v->cpu;
	u32 ts = cpu->msr & (type == V44_FETCH ? V44_MSR_IS : V44_MSR_DS);
	const struct v44_tlbe *e;
	u32 need, offset;

	*slot = v44_tlb_search(v, ea, ts, cpu->pid);
	if (*slot < 0)
		return V44_XLATE_MISS;
	e = &cpu->tlb[*slot];
	need = right(type);
	if (!(cpu->msr & V44_MSR_PR))
		need >>= 3; /* the supervisor's bits lie three below the user's */
	if (!(e->word[2] & need))
		return V44_XLATE_DENIED;
	offset = v44_offset_mask(e->word[0]);
	*gpa = (u64)(e->word[1] & V44_TLB1_ERPN) << 32 | (e->word[1] & V44_TLB1_RPN & ~offset) |
	       (ea & offset);
	return V44_XLATE_OK;
}

/* The magic page has data only */
static enum v44_translation translate_magic(u32 ea, enum v44_access_type type, u64 *gpa, int *slot)
{
	*gpa = V44_MAGIC_GPA | (ea & (V44_MAGIC_BYTES - 1));
	*slot = -1;
	return type == V44_FETCH ? V44_XLATE_DENIED : V44_XLATE_OK;
}

/**
 * v44_locate() - where an access goes: v44_translate(), with the magic page
 * @v: as there
 * @ea: effective address
 * @type: fetch, load or store
 * @gpa: as there, or V44_MAGIC_GPA | an offset in the magic page
 * @slot: as there; below 0: the magic page's
 */
enum v44_translation v44_locate(const struct v44 *v, u32 ea, enum v44_access_type type, u64 *gpa,
				int *slot)
{
	return v44_magic_covers(v, ea) ? translate_magic(ea, type, gpa, slot)
				       : v44_translate(v, ea, type, gpa, slot);
}

/**
 * v44_translate_or_raise() - v44_locate(), or take the interrupt that it raises
 * @v: the virtual CPU; cpu.pc is the instruction's address
 * @ea: effective address
 * @type: fetch, load or store
 * @gpa: as in v44_locate()
 * @slot: as in v44_locate()
 *
 * Return: false if an interrupt was taken.
 */
bool v44_translate_or_raise(struct v44 *v, u32 ea, enum v44_access_type type, u64 *gpa, int *slot)
{
	u32 esr = type == V44_STORE ? V44_ESR_ST : 0;

	switch (v44_locate(v, ea, type, gpa, slot)) {
	case V44_XLATE_OK:
		break;
	case V44_XLATE_MISS:
		v44_storage(v, type == V44_FETCH ? V44_INST_TLB : V44_DATA_TLB, esr, ea);
		return false;
	case V44_XLATE_DENIED:
		v44_storage(v, type == V44_FETCH ? V44_INST_STORAGE : V44_DATA_STORAGE, esr, ea);
		return false;
	}
	return true;
}

/**
 * v44_tlbe_overlap() - can two entries match the same access?
 * @a: a usable entry
 * @b: another
 */
bool v44_tlbe_overlap(const struct v44_tlbe *a, const struct v44_tlbe *b)
{
	u32 both = v44_offset_mask(a->word[0]) | v44_offset_mask(b->word[0]);

	if ((a->word[0] ^ b->word[0]) & V44_TLB0_TS)
		return false;
	if (a->tid && b->tid && a->tid != b->tid)
		return false;
	return !((a->word[0] ^ b->word[0]) & V44_TLB0_EPN & ~both);
}

/*
 * Entries of different size over one EA would put two shadows that both match
 * into the hardware TLB, whose behaviour is then undefined. So what an entry
 * that becomes valid overlaps loses its shadows; the next miss decides anew.
 */
static void drop_overlapped(struct v44 *v, u32 slot)
{
	const struct v44_tlbe *e = &v->cpu.tlb[slot], *other;
	bool small = size_code(e) == V44_SIZE_4K;
	u32 i;

	if (small && !mixed(&v->index, e->word[0]))
		return;
	for (i = 0; i < V44_TLB_ENTRIES; i++) {
		other = &v->cpu.tlb[i];
		if (i == slot || !v44_tlbe_usable(other) ||
		    (small && size_code(other) == V44_SIZE_4K))
			continue;
		if (v44_tlbe_overlap(e, other))
			v44_shadow_drop_slot(v, i);
	}
}

static bool has_small_pages(const struct v44 *v)
{
	return v->index.sizes >> V44_SIZE_1K & 1;
}

/*
 * Four pages of 1 KB can have one shadow (shadow.c), which belongs to one of their
 * slots. So what happens to one happens to all.
 */
static void drop_quarters(struct v44 *v, u32 slot)
{
	const struct v44_tlbe *e = &v->cpu.tlb[slot], *other;
	u32 i;

	for (i = 0; i < V44_TLB_ENTRIES; i++) {
		other = &v->cpu.tlb[i];
		if (i != slot && v44_tlbe_usable(other) && size_code(other) == V44_SIZE_1K &&
		    !((e->word[0] ^ other->word[0]) & ~0xfffu))
			v44_shadow_drop_slot(v, i);
	}
}

/**
 * v44_tlb_write() - tlbwe
 * @v: the virtual CPU; MMUCR[STID] becomes the entry's TID with word 0
 * @slot: 0..63
 * @ws: word, 0..2
 * @value: its new contents; bits that a 440 lacks are dropped
 */
void v44_tlb_write(struct v44 *v, u32 slot, u32 ws, u32 value)
{
	static const u32 mask[3] = { V44_TLB0_ALL, V44_TLB1_ALL, V44_TLB2_ALL };
	struct v44_tlbe *e = &v->cpu.tlb[slot];
	bool had = has_small_pages(v);

	if (v44_tlbe_usable(e)) {
		v44_shadow_drop_slot(v, slot);
		if (had && size_code(e) == V44_SIZE_1K)
			drop_quarters(v, slot);
		if (ws == 0)
			index_remove(&v->index, e, slot);
	}
	e->word[ws] = value & mask[ws];
	if (ws)
		return;
	e->tid = v->cpu.mmucr & V44_MMUCR_STID;
	if (v44_tlbe_usable(e)) {
		index_add(&v->index, e, slot);
		if (size_code(e) == V44_SIZE_1K)
			drop_quarters(v, slot);
		drop_overlapped(v, slot);
	}
	if (has_small_pages(v) != had)
		v->ops->small_pages(v, !had);
}

/** v44_tlb_set() - replace entry @slot (0..63) as a whole, TID (0..255) included */
void v44_tlb_set(struct v44 *v, u32 slot, const struct v44_tlbe *e)
{
	u32 mmucr = v->cpu.mmucr;

	v->cpu.mmucr = e->tid & V44_MMUCR_STID;
	v44_tlb_write(v, slot, 0, 0);
	v44_tlb_write(v, slot, 1, e->word[1]);
	v44_tlb_write(v, slot, 2, e->word[2]);
	v44_tlb_write(v, slot, 0, e->word[0]);
	v->cpu.mmucr = mmucr;
}

/**
 * v44_tlb_mark() - the TLB alone does not say what is mapped around an address
 * @v: the virtual CPU
 * @ea: effective address
 * @on: from now on; else not any more
 *
 * Whoever looks by the index only, as if all entries had 4 KB, leaves the 256 MB around to others.
 */
void v44_tlb_mark(struct v44 *v, u32 ea, bool on)
{
	mark_segment(&v->index, ea, on);
}

/* A word number above 2 is an invalid form; like QEMU we call it illegal (manual: undefined) */
static bool bad_word(struct v44 *v, u32 ws)
{
	if (ws <= 2)
		return false;
	v44_program(v, V44_ESR_PIL, v->cpu.pc - 4);
	return true;
}

enum v44_emu v44_emu_tlbwe(struct v44 *v, u32 insn)
{
	u32 slot = v->cpu.gpr[insn_ra(insn)] % V44_TLB_ENTRIES;

	if (bad_word(v, insn_rb(insn)))
		return V44_EMU_INTERRUPT;
	v44_tlb_write(v, slot, insn_rb(insn), v->cpu.gpr[insn_rt(insn)]);
	return V44_EMU_DONE;
}

enum v44_emu v44_emu_tlbre(struct v44 *v, u32 insn)
{
	const struct v44_tlbe *e = &v->cpu.tlb[v->cpu.gpr[insn_ra(insn)] % V44_TLB_ENTRIES];
	u32 ws = insn_rb(insn);

	if (bad_word(v, ws))
		return V44_EMU_INTERRUPT;
	v->cpu.gpr[insn_rt(insn)] = e->word[ws];
	if (ws == 0)
		v->cpu.mmucr = (v->cpu.mmucr & ~V44_MMUCR_STID) | e->tid;
	return V44_EMU_DONE;
}

/* RT is undefined without a match; we give all ones, as QEMU does */
enum v44_emu v44_emu_tlbsx(struct v44 *v, u32 insn)
{
	struct v44_cpu *cpu = &v->cpu;
	int slot = v44_tlb_search(v, insn_ea(cpu, insn), cpu->mmucr & V44_MMUCR_STS,
				  cpu->mmucr & V44_MMUCR_STID);

	cpu->gpr[insn_rt(insn)] = slot;
	if (insn & 1) /* CR0 = 0, 0, found, XER[SO] */
		cpu->cr = (cpu->cr & 0x0fffffff) | (slot >= 0 ? 0x20000000 : 0) |
			  (cpu->xer >> 31) << 28;
	return V44_EMU_DONE;
}
