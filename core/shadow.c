// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shadow translations: what to put into the hardware TLB for the guest.
 *
 * Rules that everything here keeps:
 *  - an entry is made from one guest TLB slot and dies with it; if it is made from
 *    four pages of 1 KB, it dies with each of them;
 *  - live entries of one shadow PID that cover the same EA are the same in all
 *    three words, so the hardware never sees two different matches;
 *  - an entry above 4 KB is made only where the guest entry, the guest's other
 *    entries and the host's memory allow it;
 *  - a page that is a device's has an entry, too, without rights: the next access
 *    is a storage interrupt, which the entry explains;
 *  - one that a debugger watches lacks the right in question, but in the contexts
 *    of steps (debug.h).
 */
#include "v44.h"

#define PAGE_SHIFT_4K 12
#define LARGE_SHIFT   20

/* Sizes of the small table, where an entry is found by the page that it was made for only */
static bool small(u32 size)
{
	return size >= V44_SIZE_4K && size < V44_SIZE_1M;
}

/* First entry of the set that an EA of a context belongs to */
static u32 small_set(u32 sid, u32 ea)
{
	u32 page = ea >> PAGE_SHIFT_4K;

	return (page ^ page >> 10 ^ sid << 2) % (V44_SH_SMALL / V44_SH_WAYS) * V44_SH_WAYS;
}

static u32 large_set(u32 sid, u32 ea)
{
	u32 megabyte = ea >> LARGE_SHIFT;

	return V44_SH_SMALL +
	       (megabyte ^ megabyte >> 6 ^ sid) % (V44_SH_LARGE / V44_SH_WAYS) * V44_SH_WAYS;
}

static struct v44_sh_entry *find_in_set(struct v44_sh_entry *e, u32 sid, u32 ea)
{
	u32 way;

	for (way = 0; way < V44_SH_WAYS; way++, e++) {
		if (v44_sh_covers(e, sid, ea))
			return e;
	}
	return NULL;
}

/**
 * v44_shadow_find() - the shadow for an effective address
 * @sh: the tables
 * @sid: shadow PID of the context, 1..255
 * @ea: effective address
 *
 * Return: NULL if there is none; its rights are the caller's business.
 */
struct v44_sh_entry *v44_shadow_find(struct v44_shadow *sh, u32 sid, u32 ea)
{
	struct v44_sh_entry *e = find_in_set(&sh->entry[large_set(sid, ea)], sid, ea);

	return e ? e : find_in_set(&sh->entry[small_set(sid, ea)], sid, ea);
}

/* Above 4 KB? */
static bool wide(const struct v44_sh_entry *e)
{
	return ~e->mask >> PAGE_SHIFT_4K;
}

static void drop(struct v44 *v, struct v44_sh_entry *e)
{
	struct v44_shadow *sh = &v->sh;

	if (e->hw != V44_HW_NONE)
		v->ops->hw_drop(v, e);
	if (e->next != V44_SH_NONE)
		sh->entry[e->next].prev = e->prev;
	if (e->prev != V44_SH_NONE)
		sh->entry[e->prev].next = e->next;
	else
		sh->head[e->slot] = e->next;
	if (wide(e))
		sh->wide[e->slot]--;
	e->tag = 0;
}

/* A free entry of a set, if need be by giving one up */
static u32 take_way(struct v44 *v, u32 set)
{
	u8 *victim = &v->sh.victim[set / V44_SH_WAYS];
	u32 way;

	for (way = 0; way < V44_SH_WAYS; way++) {
		if (!v->sh.entry[set + way].tag)
			return set + way;
	}
	way = *victim;
	*victim = (way + 1) % V44_SH_WAYS;
	drop(v, &v->sh.entry[set + way]);
	return set + way;
}

/** v44_shadow_drop_slot() - drop what was made from guest TLB slot @slot (0..63, V44_SH_MAGIC) */
void v44_shadow_drop_slot(struct v44 *v, u32 slot)
{
	while (v->sh.head[slot] != V44_SH_NONE)
		drop(v, &v->sh.entry[v->sh.head[slot]]);
}

static u32 gfns(const struct v44_sh_entry *e)
{
	return (v44_offset_mask(e->word[0]) >> PAGE_SHIFT_4K) + 1;
}

/** v44_shadow_drop_gfns() - drop all that reaches guest pages @first to @last, both included */
void v44_shadow_drop_gfns(struct v44 *v, u32 first, u32 last)
{
	u32 slot, i;

	for (slot = 0; slot < V44_SH_LISTS; slot++) {
		for (i = v->sh.head[slot]; i != V44_SH_NONE;) {
			struct v44_sh_entry *e = &v->sh.entry[i];

			i = e->next;
			if (e->gfn <= last && e->gfn + gfns(e) - 1 >= first)
				drop(v, e);
		}
	}
}

/** v44_shadow_drop_all() - drop everything, but no shadow PIDs */
void v44_shadow_drop_all(struct v44 *v)
{
	u32 i;

	for (i = 0; i < V44_SH_LISTS; i++)
		v44_shadow_drop_slot(v, i);
}

/** v44_shadow_reset() - drop everything, shadow PIDs too (their generation ended) */
void v44_shadow_reset(struct v44 *v)
{
	v44_shadow_drop_all(v);
	memset(v->sh.sid, 0, sizeof(v->sh.sid));
}

/** v44_shadow_new_sid() - give context @key of v44_shadow_sid() a shadow PID */
u8 v44_shadow_new_sid(struct v44 *v, u32 key)
{
	u8 sid = v->ops->sid_alloc(v);

	v->sh.sid[key] = sid;
	return sid;
}

/** v44_shadow_step_sid() - shadow PID of the present context while an instruction is stepped */
u8 v44_shadow_step_sid(struct v44 *v)
{
	u32 key = v44_shadow_key(v) + V44_CONTEXTS;
	u8 sid = v->sh.sid[key];

	return sid ? sid : v44_shadow_new_sid(v, key);
}

/*
 * Does another guest entry match part of the page that @w0 names, in a context of @slot's, or
 * is the magic page there?
 */
static bool shared_range(const struct v44 *v, u32 slot, u32 w0)
{
	const struct v44_cpu *cpu = &v->cpu;
	struct v44_tlbe range = cpu->tlb[slot];
	u32 i;

	if (v->magic.mapped && !((v->magic.ea ^ w0) & V44_TLB0_EPN & ~v44_offset_mask(w0)))
		return true;
	range.word[0] = w0;
	for (i = 0; i < V44_TLB_ENTRIES; i++) {
		if (i != slot && v44_tlbe_usable(&cpu->tlb[i]) &&
		    v44_tlbe_overlap(&range, &cpu->tlb[i]))
			return true;
	}
	return false;
}

/*
 * Are the four pages of 1 KB around @ea one of 4 KB, for the context that uses @slot's? Most
 * are, since the smallest page of an operating system has 4 KB.
 */
static bool quarters_agree(const struct v44 *v, u32 slot, u32 ea)
{
	const u32 which = 0xc00,
		  attributes = V44_TLB2_E | (V44_TLB2_UX | V44_TLB2_UW | V44_TLB2_UR | V44_TLB2_SX |
					     V44_TLB2_SW | V44_TLB2_SR);
	const struct v44_tlbe *e = &v->cpu.tlb[slot], *q;
	u32 offset;
	int i;

	for (offset = 0; offset < 0x1000; offset += 0x400) {
		i = v44_tlb_search(v, (ea & ~0xfffu) | offset, e->word[0] & V44_TLB0_TS,
				   v->cpu.pid);
		if (i < 0)
			return false;
		q = &v->cpu.tlb[i];
		if ((q->word[0] & V44_TLB0_SIZE) >> 4 != V44_SIZE_1K ||
		    ((q->word[0] ^ q->word[1]) & which) || ((q->word[1] ^ e->word[1]) & ~which) ||
		    ((q->word[2] ^ e->word[2]) & attributes))
			return false;
	}
	return true;
}

/*
 * The largest size code that guest entry, its neighbours and the backing allow.
 * Below 1 MB only the guest entry's own size and 4 KB are used: what lies
 * between would need a third table and gains little.
 */
static u32 choose_size(struct v44 *v, u32 slot, u32 ea, u64 gpa, u64 *hpa)
{
	u32 guest = (v->cpu.tlb[slot].word[0] & V44_TLB0_SIZE) >> 4;
	u32 size;

	if (guest == V44_SIZE_1K)
		return quarters_agree(v, slot, ea) ? V44_SIZE_4K : V44_SIZE_1K;
	for (size = guest; size > V44_SIZE_4K; size = size > V44_SIZE_1M ? size - 2 : V44_SIZE_4K) {
		u32 offset = v44_offset_mask(size << 4);
		u32 w0 = (ea & ~offset) | (v->cpu.tlb[slot].word[0] & V44_TLB0_TS) | size << 4;
		u64 base = *hpa & ~(u64)offset;

		if ((gpa ^ *hpa) & offset)
			continue;
		if (shared_range(v, slot, w0))
			continue;
		if (v->ops->contiguous(v, (gpa & ~(u64)offset) >> PAGE_SHIFT_4K,
				       (offset >> PAGE_SHIFT_4K) + 1, &base)) {
			*hpa = base | (ea & offset);
			return size;
		}
	}
	return V44_SIZE_4K;
}

/* Could the hardware match @e and @n by one access? */
static bool meet(const struct v44_sh_entry *e, const struct v44_sh_entry *n)
{
	return e->tag && !((e->tag ^ n->tag) & e->mask & n->mask);
}

static bool same_words(const struct v44_sh_entry *e, const struct v44_sh_entry *n)
{
	return e->word[0] == n->word[0] && e->word[1] == n->word[1] && e->word[2] == n->word[2];
}

/*
 * Before @n comes for @ea, whatever it would meet goes. Of at most 4 KB, that
 * is in the sets of @ea. Wider entries, which come from one guest slot only,
 * may stand in several sets; of those, the same ones may stay: only one of them
 * is in the hardware TLB at a time, since the hardware misses for none of them
 * as long as it has one.
 */
static void make_room(struct v44 *v, u32 ea, const struct v44_sh_entry *n)
{
	struct v44_shadow *sh = &v->sh;
	u32 set[2] = { large_set(v44_sh_sid(n), ea), small_set(v44_sh_sid(n), ea) };
	u32 i, way;

	for (i = 0; i < 2; i++) {
		for (way = 0; way < V44_SH_WAYS; way++) {
			struct v44_sh_entry *e = &sh->entry[set[i] + way];

			if (meet(e, n))
				drop(v, e);
		}
	}
	if (!wide(n) && !sh->wide[n->slot])
		return;
	for (i = sh->head[n->slot]; i != V44_SH_NONE;) {
		struct v44_sh_entry *e = &sh->entry[i];

		i = e->next;
		if (meet(e, n) && !same_words(e, n))
			drop(v, e);
	}
}

/* Rights of the guest's state, as the user rights they become */
static u32 rights(const struct v44 *v, u32 w2, enum v44_access_type type)
{
	u32 msr = v->cpu.msr;
	u32 r = msr & V44_MSR_PR ? w2 : w2 << 3;

	/* With IS and DS apart, fetches and accesses go through different guest entries */
	if (!(msr & V44_MSR_IS) != !(msr & V44_MSR_DS))
		r &= type == V44_FETCH ? V44_TLB2_UX : V44_TLB2_UR | V44_TLB2_UW;
	return r & (V44_TLB2_UX | V44_TLB2_UW | V44_TLB2_UR);
}

/*
 * The entry of the present context for @ea: @size, user rights and E of @w2. It
 * may begin in the middle of what is at @gpa and @hpa.
 */
static struct v44_sh_entry *make(struct v44 *v, u32 ea, u64 gpa, u64 hpa, u32 size, u32 w2,
				 u32 slot)
{
	u32 sid = v->debug.stepping ? v44_shadow_step_sid(v) : v44_shadow_sid(v);
	u32 offset = v44_offset_mask(size << 4), index;
	struct v44_sh_entry n = {
		.tag = (ea & ~(small(size) ? 0xfff : offset)) | sid,
		.mask = ~offset | 0xff,
		.word = { (ea & ~offset) | V44_TLB0_V | V44_TLB0_TS | size << 4,
			  ((u32)hpa & ~offset) | (u32)(hpa >> 32),
			  w2 | (w2 & V44_TLB2_UX ? V44_TLB2_SR : 0) },
		.gfn = (gpa & ~(u64)offset) >> PAGE_SHIFT_4K,
		.prev = V44_SH_NONE,
		.slot = slot,
		.hw = V44_HW_NONE,
	};
	struct v44_shadow *sh = &v->sh;
	struct v44_sh_entry *e;

	make_room(v, ea, &n);

	index = take_way(v, small(size) ? small_set(sid, ea) : large_set(sid, ea));
	n.next = sh->head[slot];
	if (n.next != V44_SH_NONE)
		sh->entry[n.next].prev = index;
	sh->head[slot] = index;
	e = &sh->entry[index];
	*e = n;
	v->counts->shadow_made++;
	if (wide(e)) {
		sh->wide[slot]++;
		v->counts->shadow_large++;
	}
	return e;
}

/*
 * A 4 KB page of a device's; @hpa is of zeros. Not for what is seldom: smaller
 * pages, and an EA that is fetched from by another guest entry.
 */
static void make_device(struct v44 *v, u32 ea, u64 gpa, u64 hpa, u32 slot)
{
	bool split = !(v->cpu.msr & V44_MSR_IS) != !(v->cpu.msr & V44_MSR_DS);

	if (split || v44_offset_mask(v->cpu.tlb[slot].word[0]) < 0xfff)
		return;
	make(v, ea, gpa, hpa, V44_SIZE_4K, 0, slot)->device = true;
}

/* The magic page, for data only and in any address space */
static enum v44_fault magic_fault(struct v44 *v, u32 ea, enum v44_access_type type,
				  struct v44_sh_entry **out)
{
	u32 r = V44_TLB2_UW | V44_TLB2_UR;

	if (type == V44_FETCH)
		return V44_FAULT_DENIED;
	if (!v->magic.used)
		return V44_FAULT_MAGIC;
	if (v->debug.watching && !v->debug.stepping)
		r &= ~v44_debug_withheld(v, ea & ~0xfffu, ea | 0xfff);
	*out = make(v, ea, V44_MAGIC_GPA, v->magic.hpa, V44_SIZE_4K, r, V44_SH_MAGIC);
	return V44_FAULT_FILLED;
}

/**
 * v44_shadow_fault() - make the shadow that an access needs
 * @v: the virtual CPU
 * @ea: effective address of the access
 * @type: fetch, load or store
 * @out: the new entry, valid on V44_FAULT_FILLED
 * @gpa: guest physical address, valid on V44_FAULT_FILLED, _ABSENT and _IO
 *
 * Whatever shadow stood for @ea before is dropped. Storage attributes are the
 * host's, since two mappings of one page that differ in them are not coherent
 * on a 440; only the byte order is the guest's. The supervisor's read right is
 * the hypervisor's own, for fetching the instruction that trapped and those after
 * it, so it goes with the right to execute; guest code always runs in user state.
 */
enum v44_fault v44_shadow_fault(struct v44 *v, u32 ea, enum v44_access_type type,
				struct v44_sh_entry **out, u64 *gpa)
{
	const struct v44_tlbe *g;
	bool writable, narrow;
	u32 size, r;
	int slot;
	u64 hpa;

	if (v44_magic_covers(v, ea))
		return magic_fault(v, ea, type, out);
	switch (v44_translate(v, ea, type, gpa, &slot)) {
	case V44_XLATE_MISS:
		return V44_FAULT_MISS;
	case V44_XLATE_DENIED:
		return V44_FAULT_DENIED;
	case V44_XLATE_OK:
		break;
	}
	switch (v->ops->page(v, *gpa >> PAGE_SHIFT_4K, type == V44_STORE, &hpa, &writable)) {
	case V44_PAGE_ABSENT:
		return V44_FAULT_ABSENT;
	case V44_PAGE_DEVICE:
		make_device(v, ea, *gpa, hpa, slot);
		return V44_FAULT_IO;
	case V44_PAGE_IO:
		return V44_FAULT_IO;
	case V44_PAGE_RAM:
		break;
	}

	g = &v->cpu.tlb[slot];
	hpa |= *gpa & 0xfff;
	narrow = !(v->cpu.msr & V44_MSR_IS) != !(v->cpu.msr & V44_MSR_DS);
	r = rights(v, g->word[2], type);
	if (v->debug.watching && !v->debug.stepping) {
		r &= ~v44_debug_withheld(v, ea & ~0xfffu, ea | 0xfff);
		narrow |= v44_debug_withheld(v, ea & ~v44_offset_mask(g->word[0]),
					     ea | v44_offset_mask(g->word[0])) != 0;
	}
	if (narrow && v44_offset_mask(g->word[0]) >= 0xfff)
		size = V44_SIZE_4K;
	else
		size = choose_size(v, slot, ea, *gpa, &hpa);
	if (size == V44_SIZE_1K && !v->has_1k)
		return V44_FAULT_EMULATE;
	if (!writable)
		r &= ~V44_TLB2_UW;
	*out = make(v, ea, *gpa, hpa, size, r | (g->word[2] & V44_TLB2_E), slot);
	return V44_FAULT_FILLED;
}
