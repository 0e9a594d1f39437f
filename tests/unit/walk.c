// SPDX-License-Identifier: GPL-2.0-only
/*
 * A walk through guest TLB, contexts, host memory and hardware TLB, with every
 * answer compared with a naive model.
 *
 * Two virtual CPUs share one hardware TLB of a few slots, too few shadow PIDs,
 * and one memory map, which the host changes; the host also overwrites hardware
 * slots without a word, and callbacks fail when they may. The model is written
 * from the manual's sentences, and knows nothing of shadows.
 */
#include "fixture.h"
#include "walk.h"

#define CPUS	 2
#define HW_SLOTS 12
#define SIDS	 14 /* less than contexts */
#define REGION	 0x10000u /* pages of each of two regions of guest memory, 256 MB */
#define BLOCK	 256u /* pages of 1 MB */
#define ZEROS	 0xff0000000ull /* stands behind a device */

enum state {
	HOLE,
	ABSENT,
	READ_ONLY,
	WRITABLE,
};

struct page {
	u32 pfn;
	u8 state;
};

/* What the model knows of a guest TLB entry: the words as written */
struct entry {
	u32 word[3];
	u32 tid;
};

struct context {
	u32 cpu, pid, msr;
};

/* A slot of the hardware TLB, and who the hypervisor believes is in it */
struct slot {
	u32 word[3]; /* word[0] without V: the host's, or nothing */
	u8 tid;
	struct v44_sh_entry *owner;
};

struct machine {
	struct v44 v[CPUS];
	struct v44_counts counts[CPUS];
	struct v44_sh_entry entries[CPUS][V44_SH_ALL], before[V44_SH_ALL];
	struct entry tlb[CPUS][64];
	struct page page[2 * REGION];
	bool block_known[2 * REGION / BLOCK], block_whole[2 * REGION / BLOCK];
	struct slot hw[HW_SLOTS];
	struct context sid[256];
	u32 next_sid;
	u32 cpu; /* that runs */
	bool moody; /* callbacks fail now and then */
	bool moaned; /* one did, since this was last false */
	u32 moans; /* and how many, in this access */
	struct rng rng;
	bool led; /* choices come from the input instead */
	const u8 *input, *input_end;
	u32 step;
	struct walk_counts n;
};

static struct machine *m;

/* A choice: what the input says, 0 at its end */
static u32 below(u32 limit)
{
	u32 bytes = limit <= 0x100 ? 1 : limit <= 0x10000 ? 2 : 4, value = 0;

	if (!m->led)
		return rnd_below(&m->rng, limit);
	while (bytes-- && m->input < m->input_end)
		value = value << 8 | *m->input++;
	return value % limit;
}

static bool one_in(u32 n)
{
	return !below(n);
}

/* For checks that would take too long each time; not a choice of the walk */
static bool seldom(u32 n)
{
	return !rnd_below(&m->rng, n);
}

/* Is it time for a callback to fail? An access may not fail for ever. */
static bool moan(u32 n)
{
	if (!m->moody || m->moans >= 20 || !one_in(n))
		return false;
	m->moaned = true;
	m->moans++;
	return true;
}

/* --- host memory --- */

/* Regions lie at guest physical 0 and 4 GB */
static struct page *page_of(u32 gfn)
{
	static struct page hole;

	if (gfn < REGION)
		return &m->page[gfn];
	if (gfn >= 0x100000 && gfn < 0x100000 + REGION)
		return &m->page[gfn - 0x100000 + REGION];
	return &hole;
}

static void set_page(u32 gfn, u32 pfn, enum state state)
{
	struct page *p = page_of(gfn);

	p->pfn = pfn;
	p->state = state;
	m->block_known[(p - m->page) / BLOCK] = false;
}

static bool whole(const struct page *p, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (p[i].state != WRITABLE || p[i].pfn != p->pfn + i)
			return false;
	}
	return true;
}

/* The truth about @count pages: writable, contiguous and aligned in host memory */
static bool run_of(u32 gfn, u32 count)
{
	const struct page *p = page_of(gfn);
	u32 i;

	if (p->state == HOLE || (p->pfn & (count - 1)))
		return false;
	if (count <= BLOCK)
		return whole(p, count);
	for (i = 0; i < count; i += BLOCK) {
		u32 block = (p - m->page + i) / BLOCK;

		if (!m->block_known[block]) {
			m->block_whole[block] = whole(p + i, BLOCK);
			m->block_known[block] = true;
		}
		if (!m->block_whole[block] || p[i].pfn != p->pfn + i)
			return false;
	}
	return true;
}

/* Runs of 256 MB, 16 MB, 1 MB, 64 KB and single pages, of which some are absent or read-only */
static void make_memory(void)
{
	static const u32 runs[] = { 0x1000, 0x1000, 0x100, 0x10, 1 };
	u32 i, run = 1, pfn = 0;

	for (i = 0; i < 2 * REGION; i++) {
		if (i % 0x1000 == 0) {
			run = runs[below(ARRAY_SIZE(runs))];
			if (i >= REGION)
				run = REGION;
		}
		if (i % run == 0)
			pfn = run == 1 ? below(0xffffff) : below(0xff0000) / run * run;
		m->page[i].pfn = pfn++;
		m->page[i].state = WRITABLE;
		if (run == 1 && i < REGION)
			m->page[i].state = below(4);
	}
}

static enum v44_page cb_page(struct v44 *v, u32 gfn, bool write, u64 *hpa, bool *writable)
{
	const struct page *p = page_of(gfn);

	(void)v;
	if (p->state == HOLE) {
		*hpa = ZEROS;
		return moan(4) ? V44_PAGE_IO : V44_PAGE_DEVICE;
	}
	if (p->state == ABSENT || (write && p->state == READ_ONLY))
		return V44_PAGE_ABSENT;
	if (moan(16))
		return V44_PAGE_ABSENT;
	*hpa = (u64)p->pfn << 12;
	*writable = p->state == WRITABLE;
	return V44_PAGE_RAM;
}

static bool cb_contiguous(struct v44 *v, u32 gfn, u32 count, u64 *hpa)
{
	(void)v;
	if (moan(4) || !run_of(gfn, count))
		return false;
	*hpa = (u64)page_of(gfn)->pfn << 12;
	return true;
}

/* --- shadow PIDs and the hardware TLB --- */

static u8 cb_sid_alloc(struct v44 *v)
{
	u32 i;

	if (m->next_sid > SIDS) {
		for (i = 0; i < CPUS; i++)
			v44_shadow_reset(&m->v[i]);
		for (i = 0; i < HW_SLOTS; i++)
			check(!(m->hw[i].word[0] & TLB_V),
			      "hardware slot %u outlived its generation", i);
		memset(m->sid, 0, sizeof(m->sid));
		m->next_sid = 1;
		m->n.generations++;
	}
	m->sid[m->next_sid] = (struct context){ v - m->v, v->cpu.pid, v->cpu.msr & (PR | IS | DS) };
	return m->next_sid++;
}

static void cb_hw_drop(struct v44 *v, struct v44_sh_entry *e)
{
	struct slot *s = &m->hw[e->hw];

	(void)v;
	check(e->hw < HW_SLOTS && s->owner == e, "hw_drop of slot %u, which is not its", e->hw);
	check(e->tag, "hw_drop of a dead entry");
	s->owner = NULL;
	s->word[0] = 0; /* also if the host was in it: it has its miss */
	e->hw = V44_HW_NONE;
	m->n.dropped++;
}

static void hw_write(struct v44_sh_entry *e)
{
	u32 i = below(HW_SLOTS);
	struct slot *s = &m->hw[i];

	if (s->owner)
		s->owner->hw = V44_HW_NONE;
	if (e->hw != V44_HW_NONE) /* the host has overwritten it there */
		m->hw[e->hw].owner = NULL;
	memcpy(s->word, e->word, sizeof(s->word));
	s->tid = v44_sh_sid(e);
	s->owner = e;
	e->hw = i;
}

static u32 hw_bytes(const struct slot *s)
{
	return page_bytes(s->word[0] >> 4 & 15);
}

static bool hw_matches(const struct slot *s, u32 ea, u8 sid)
{
	return (s->word[0] & TLB_V) && s->tid == sid &&
	       ea - (s->word[0] & 0xfffffc00) < hw_bytes(s);
}

/* --- the model of the guest's TLB --- */

static u32 entry_bytes(const struct entry *e)
{
	return e->word[0] & TLB_V ? page_bytes(e->word[0] >> 4 & 15) : 0;
}

static bool entry_matches(const struct entry *e, u32 ea, bool space, u32 pid)
{
	u32 bytes = entry_bytes(e);

	return bytes && ea / bytes == e->word[0] / bytes && !(e->word[0] & TLB_TS) == !space &&
	       (e->tid == 0 || e->tid == pid);
}

static u64 entry_gpa(const struct entry *e, u32 ea)
{
	u32 bytes = entry_bytes(e);

	return (u64)(e->word[1] & 15) << 32 | e->word[1] / bytes * bytes | ea % bytes;
}

static bool entries_overlap(const struct entry *a, const struct entry *b)
{
	u64 size_a = entry_bytes(a), size_b = entry_bytes(b), from_a, from_b;

	if (!size_a || !size_b || ((a->word[0] ^ b->word[0]) & TLB_TS) ||
	    (a->tid && b->tid && a->tid != b->tid))
		return false;
	from_a = a->word[0] / size_a * size_a;
	from_b = b->word[0] / size_b * size_b;
	return from_a < from_b + size_b && from_b < from_a + size_a;
}

/* First match, or -1; *several if it is not the only one (the guest's error) */
static int model_search(u32 cpu, u32 ea, bool space, u32 pid, bool *several)
{
	int i, found = -1;

	*several = false;
	for (i = 0; i < 64; i++) {
		if (!entry_matches(&m->tlb[cpu][i], ea, space, pid))
			continue;
		if (found >= 0)
			*several = true;
		else
			found = i;
	}
	return found;
}

static u32 needed_right(u32 msr, enum v44_access_type type)
{
	u32 user = type == V44_FETCH ? UX : type == V44_LOAD ? UR : UW;

	return msr & PR ? user : user >> 3;
}

/* --- invariants --- */

/* Everything that @e promises for @ea is what guest and host say */
static void check_promise(const struct v44_sh_entry *e, u32 ea)
{
	const struct context *c = &m->sid[v44_sh_sid(e)];
	const struct entry *g = &m->tlb[c->cpu][e->slot];
	bool fetch = e->word[2] & UX, data = e->word[2] & (UR | UW);
	bool split = !(c->msr & IS) != !(c->msr & DS);
	u32 rights, bytes = page_bytes(e->word[0] >> 4 & 15);
	const struct page *p;
	u64 gpa, hpa;

	check(!(split && fetch && data), "a shadow for both spaces");
	if (fetch)
		check(entry_matches(g, ea, c->msr & IS, c->pid), "ea %x slot %u", ea, e->slot);
	if (data)
		check(entry_matches(g, ea, c->msr & DS, c->pid), "ea %x slot %u", ea, e->slot);
	check((fetch || data) == !e->device, "a shadow without rights");
	if (e->device)
		check(!split && bytes == 4096 &&
			      entry_matches(g, ea, c->msr & DS, c->pid), "ea %x slot %u", ea, e->slot);
	check(bytes <= entry_bytes(g), "larger than the guest's");
	rights = c->msr & PR ? g->word[2] & 0x38 : (g->word[2] & 7) << 3;
	check(!(e->word[2] & 0x38 & ~rights), "rights %x of %x", e->word[2], g->word[2]);
	check_equal(e->word[2] & ~0x38u, SR | (e->device ? 0 : g->word[2] & TLB_E), "attributes");
	gpa = entry_gpa(g, ea);
	p = page_of(gpa >> 12);
	check(e->device ? p->state == HOLE :
			  p->state == WRITABLE || (p->state == READ_ONLY && !(e->word[2] & UW)),
	      "page %llx is %u", gpa >> 12, p->state);
	hpa = (u64)(e->word[1] & 15) << 32 | (e->word[1] & 0xfffffc00) | (ea % bytes);
	check_equal(hpa, (e->device ? ZEROS : (u64)p->pfn << 12) | (gpa & 0xfff), "ea %x", ea);
	check_equal(e->gfn, (gpa - ea % bytes) >> 12, "ea %x", ea);
}

static void check_promises(const struct v44_sh_entry *e, bool all)
{
	u32 bytes = page_bytes(e->word[0] >> 4 & 15), ea = e->word[0] & 0xfffffc00, i;

	check(bytes && (ea & (bytes - 1)) == 0, "word 0 is %x", e->word[0]);
	check(e->word[0] & TLB_V && e->word[0] & TLB_TS, "word 0 is %x", e->word[0]);
	check_equal(e->mask, ~(bytes - 1) | 0xff, "mask");
	check_equal(e->tag & ~0xffu, ea, "tag");
	check(v44_sh_sid(e) >= 1 && v44_sh_sid(e) < m->next_sid, "sid %u", v44_sh_sid(e));
	check_promise(e, ea);
	check_promise(e, ea + bytes - 1);
	check_promise(e, ea + (rnd(&m->rng) & (bytes - 1)));
	for (i = 0; all && i < bytes; i += 4096)
		check_promise(e, ea + i);
}

/* Every step: what the hardware may use right now */
static void check_hardware(void)
{
	u32 i, j;

	for (i = 0; i < HW_SLOTS; i++) {
		struct slot *a = &m->hw[i];

		if (a->owner)
			check_equal(a->owner->hw, i, "owner of slot %u", i);
		if (!(a->word[0] & TLB_V))
			continue;
		check(a->owner && !memcmp(a->owner->word, a->word, sizeof(a->word)) &&
			      v44_sh_sid(a->owner) == a->tid,
		      "slot %u holds what no shadow says", i);
		check_promises(a->owner, false);
		for (j = 0; j < i; j++) {
			struct slot *b = &m->hw[j];

			check(!hw_matches(b, a->word[0] & 0xfffffc00, a->tid) &&
				      (!(b->word[0] & TLB_V) ||
				       !hw_matches(a, b->word[0] & 0xfffffc00, b->tid)),
			      "slots %u and %u both match", i, j);
		}
	}
}

static int by_sid_and_ea(const void *a, const void *b)
{
	const struct v44_sh_entry *x = *(const struct v44_sh_entry *const *)a;
	const struct v44_sh_entry *y = *(const struct v44_sh_entry *const *)b;

	if (v44_sh_sid(x) != v44_sh_sid(y))
		return v44_sh_sid(x) - v44_sh_sid(y);
	return x->word[0] < y->word[0] ? -1 : x->word[0] > y->word[0];
}

/* Is @e found for some EA that it covers? */
static bool findable(u32 cpu, const struct v44_sh_entry *e)
{
	u64 ea = e->word[0] & 0xfffff000, end = ea + page_bytes(e->word[0] >> 4 & 15);
	u32 stride = end - ea >= 0x100000 ? 0x100000 : 0x1000;

	for (; ea < end; ea += stride) {
		u32 probe = ea < (e->word[0] & 0xfffffc00) ? e->word[0] & 0xfffffc00 : ea;

		if (v44_shadow_find(&m->v[cpu].sh, v44_sh_sid(e), probe) == e)
			return true;
	}
	return false;
}

/* Now and then: all tables */
static void check_tables(void)
{
	static const struct v44_sh_entry *live[CPUS * V44_SH_ALL];
	u64 end = 0, width;
	u32 cpu, slot, i, count = 0;

	for (cpu = 0; cpu < CPUS; cpu++) {
		struct v44_shadow *sh = &m->v[cpu].sh;
		u32 listed = 0, in_use = 0;

		for (slot = 0; slot < 64; slot++) {
			u32 prev = V44_SH_NONE, wide = 0;

			for (i = sh->head[slot]; i != V44_SH_NONE; i = sh->entry[i].next) {
				const struct v44_sh_entry *e = &sh->entry[i];

				check(i < V44_SH_ALL && e->tag, "list of slot %u: %u", slot, i);
				check_equal(e->slot, slot, "list of slot %u", slot);
				check_equal(e->prev, prev, "list of slot %u", slot);
				check(listed++ < V44_SH_ALL, "list of slot %u is endless", slot);
				prev = i;
				wide += page_bytes(e->word[0] >> 4 & 15) > 4096;
			}
			check_equal(sh->wide[slot], wide, "slot %u", slot);
		}
		for (i = 0; i < V44_SH_ALL; i++) {
			const struct v44_sh_entry *e = &sh->entry[i];

			if (!e->tag)
				continue;
			in_use++;
			check_promises(e, m->step % 8192 == 0);
			check(findable(cpu, e), "entry %u", i);
			check_equal(m->sid[v44_sh_sid(e)].cpu, cpu, "sid %u", v44_sh_sid(e));
			check(e->hw == V44_HW_NONE || m->hw[e->hw].owner == e, "entry %u", i);
			live[count++] = e;
		}
		check_equal(sh->live, in_use, "cpu %u", cpu);
		check_equal(listed, in_use, "cpu %u", cpu);
		check_equal(m->counts[cpu].shadow_made - m->counts[cpu].shadow_dropped, in_use,
			    "cpu %u", cpu);
	}
	/* what overlaps is the same */
	qsort(live, count, sizeof(live[0]), by_sid_and_ea);
	for (i = 0; i < count; i++) {
		width = page_bytes(live[i]->word[0] >> 4 & 15);
		if (i && v44_sh_sid(live[i]) == v44_sh_sid(live[i - 1]) &&
		    (live[i]->word[0] & 0xfffffc00) < end)
			check(!memcmp(live[i]->word, live[i - 1]->word, sizeof(live[i]->word)),
			      "%08x and %08x of one context overlap", live[i - 1]->word[0],
			      live[i]->word[0]);
		end = (live[i]->word[0] & 0xfffffc00) + width;
	}
}

/* --- the steps --- */

/* Few hot places, so that things meet */
static u32 some_ea(void)
{
	static const u32 bases[] = { 0x00000000, 0x10000000, 0xc0000000 };
	static const u32 spans[] = { 0x2000, 0x20000, 0x400000, 0x10000000 };

	/* pages whose hashes are one, so that a set overflows */
	if (one_in(6))
		return bases[below(3)] + below(12) * 0x401000 + below(0x1000);
	return bases[below(3)] + below(spans[below(4)]);
}

/* An address that some entry covers, as likely as not */
static u32 covered_ea(const struct entry **cover)
{
	const struct entry *e = &m->tlb[m->cpu][below(10)];
	u32 bytes = entry_bytes(e);

	*cover = e;
	return bytes ? (e->word[0] & ~(bytes - 1)) + below(bytes) : some_ea();
}

/* The size that guest, neighbours and host allow, by trying all */
static u32 best_size(u32 cpu, int slot, u32 ea, u64 gpa)
{
	static const u32 sizes[] = { 9, 7, 5, 4, 3, 2 };
	const struct entry *g = &m->tlb[cpu][slot];
	u32 guest = g->word[0] >> 4 & 15, i, j;

	for (i = 0; i < ARRAY_SIZE(sizes) && guest > 1; i++) {
		u32 size = sizes[i], bytes = page_bytes(size);
		struct entry part = *g;

		/* below 1 MB: the guest's own size or 4 KB */
		if (size > guest || (size < 5 && size != guest))
			continue;
		if (!run_of((gpa & ~(u64)(bytes - 1)) >> 12, bytes / 4096))
			continue;
		part.word[0] = ea / bytes * bytes | (g->word[0] & TLB_TS) | TLB_V | size << 4;
		for (j = 0; j < 64; j++) {
			if ((int)j != slot && entries_overlap(&part, &m->tlb[cpu][j]))
				break;
		}
		if (j == 64)
			return size;
	}
	return guest < 1 ? guest : 1;
}

static void access_step(void)
{
	static const u32 hw_right[3] = { UX, UR, UW };
	struct v44 *v = &m->v[m->cpu];
	const struct entry *cover;
	u32 ea = one_in(2) ? covered_ea(&cover) : some_ea(), msr = v->cpu.msr, i, tries;
	enum v44_access_type type = below(3);
	bool split = !(msr & IS) != !(msr & DS), several;
	int slot =
		model_search(m->cpu, ea, msr & (type == V44_FETCH ? IS : DS), v->cpu.pid, &several);
	bool allowed = slot >= 0 && (m->tlb[m->cpu][slot].word[2] & needed_right(msr, type));
	u64 gpa = allowed ? entry_gpa(&m->tlb[m->cpu][slot], ea) : 0, got_gpa;

	m->moans = 0;
	m->n.doubles += several;
	m->n.split += split;
	for (tries = 0; tries < 100; tries++) {
		u8 sid = v44_shadow_sid(v);
		struct v44_sh_entry *e = NULL;
		struct slot *hit = NULL;
		struct page *p;

		for (i = 0; i < HW_SLOTS; i++) {
			if (!hw_matches(&m->hw[i], ea, sid))
				continue;
			check(!hit, "the hardware finds two entries for %x", ea);
			hit = &m->hw[i];
		}
		if (hit && (hit->word[2] & hw_right[type])) {
			/* the guest goes on: it must have been right to */
			check_promise(hit->owner, ea);
			check(slot >= 0 && (allowed || several), "ea %x", ea);
			m->n.hits++;
			return;
		}
		if (hit && type != V44_FETCH && hit->owner->device) {
			bool device = v44_shadow_device(v, hit->owner, ea, type, &got_gpa);

			check(device == allowed || several, "ea %x", ea);
			check(!device || several || (got_gpa == gpa && (int)v->io_slot == slot),
			      "ea %x", ea);
			m->n.devices += device;
			if (device)
				return;
		}
		if (!hit) {
			e = v44_shadow_find(&v->sh, sid, ea);
			if (e) {
				m->n.refills++;
				hw_write(e);
				continue;
			}
		}
		m->moaned = false;
		switch (v44_shadow_fault(v, ea, type, &e, &got_gpa)) {
		case V44_FAULT_MISS:
			check(slot < 0, "ea %x", ea);
			m->n.missed++;
			return;
		case V44_FAULT_DENIED:
			check(slot >= 0 && !allowed, "ea %x", ea);
			m->n.denied++;
			return;
		case V44_FAULT_IO:
			check(allowed && page_of(gpa >> 12)->state == HOLE, "ea %x", ea);
			check_equal(got_gpa, gpa, "ea %x", ea);
			m->n.io++;
			return;
		case V44_FAULT_ABSENT:
			check(allowed, "ea %x", ea);
			check_equal(got_gpa, gpa, "ea %x", ea);
			p = page_of(gpa >> 12);
			check(m->moaned || p->state == ABSENT ||
				      (p->state == READ_ONLY && type == V44_STORE),
			      "page %llx is %u", gpa >> 12, p->state);
			m->n.absent++;
			/* the host brings it, or grants writing: nobody is told */
			if (p->state == ABSENT)
				set_page(gpa >> 12, p->pfn, below(2) ? READ_ONLY : WRITABLE);
			else if (type == V44_STORE)
				set_page(gpa >> 12, p->pfn, WRITABLE);
			break;
		case V44_FAULT_FILLED:
			check(allowed, "ea %x", ea);
			check_equal(got_gpa, gpa, "ea %x", ea);
			check(e->word[2] & hw_right[type], "filled without the right");
			check_equal(e->slot, slot, "ea %x", ea);
			check_equal(e->hw, V44_HW_NONE, "a new entry is nowhere");
			check_equal(v44_sh_sid(e), v44_shadow_sid(v), "of this context");
			check(v44_shadow_find(&v->sh, v44_sh_sid(e), ea) == e, "ea %x", ea);
			if (!m->moaned) {
				u32 best = best_size(m->cpu, slot, ea, gpa);

				if (split && best > 1)
					best = 1;
				check_equal(e->word[0] >> 4 & 15, best, "ea %x slot %d", ea, slot);
			}
			check_promises(e, seldom(64));
			m->n.filled++;
			m->n.wide += page_bytes(e->word[0] >> 4 & 15) > 4096;
			hw_write(e);
			break;
		}
	}
	check(false, "ea %x: the guest stands still", ea);
}

static void tlbwe(u32 slot, u32 ws, u32 value)
{
	struct v44 *v = &m->v[m->cpu];
	struct entry *g = &m->tlb[m->cpu][slot];
	bool look = seldom(8);
	u32 i;

	if (look)
		memcpy(m->before, m->entries[m->cpu], sizeof(m->before));
	write_tlb_word(v, slot, ws, value);
	g->word[ws] = value;
	if (ws == 0)
		g->tid = v->cpu.mmucr & 0xff;
	if (!look)
		return;
	/* of the others, only what the new entry overlaps may have lost its shadows */
	for (i = 0; i < V44_SH_ALL; i++) {
		const struct v44_sh_entry *was = &m->before[i], *is = &m->entries[m->cpu][i];

		if (!was->tag) {
			check(!is->tag, "tlbwe made a shadow");
			continue;
		}
		if (was->slot == slot)
			check(!is->tag, "slot %u was written", slot);
		else if (ws != 0 || !entries_overlap(g, &m->tlb[m->cpu][was->slot]))
			check(was->tag == is->tag, "slot %u lost a shadow by a tlbwe to %u",
			      was->slot, slot);
	}
}

static u32 some_word0(void)
{
	static const u8 common[] = { 0, 1, 1, 1, 2, 3, 4, 5, 5, 7, 7, 9 };
	u32 size = one_in(10) ? below(16) : common[below(sizeof(common))];
	u32 bytes = page_bytes(size), ea = some_ea();

	if (bytes && !one_in(8))
		ea &= ~(bytes - 1);
	return (ea & 0xfffffc00) | (one_in(5) ? 0 : TLB_V) | (one_in(3) ? TLB_TS : 0) | size << 4;
}

static u32 some_word1(void)
{
	/* both regions, their neighbourhood, and beyond all memory */
	return (below(0x11000000) & 0xfffffc00) | (one_in(12) ? 2 : below(2));
}

static u32 some_word2(void)
{
	return one_in(3) ? below(0x10000) & 0xffbf : 0x3f;
}

/* As a guest does: word 0 first or last, sometimes a single word; MMUCR before */
static void tlbwe_step(void)
{
	struct v44 *v = &m->v[m->cpu];
	u32 slot = below(one_in(4) ? 64 : 10), w0 = some_word0();
	const struct entry *cover;
	u32 i, cleared = one_in(16) ? 64 : below(32);

	v->cpu.mmucr = one_in(2) ? 0 : below(4);
	/* a page out of the middle of an entry, which keeps its own shadows elsewhere */
	if (one_in(8)) {
		w0 = covered_ea(&cover) & 0xfffff000;
		w0 |= (cover->word[0] & TLB_TS) | TLB_V | 0x10;
		cleared = 0;
	}
	/* mostly keep from the guest's error of two matches, or large entries never live */
	for (i = 0; i < cleared; i++) {
		struct entry n = { { w0, 0, 0 }, v->cpu.mmucr };

		if (i != slot && entries_overlap(&n, &m->tlb[m->cpu][i]))
			tlbwe(i, 0, m->tlb[m->cpu][i].word[0] & ~TLB_V);
	}
	switch (below(5)) {
	case 0:
		tlbwe(slot, 0, 0);
		break;
	case 1:
		tlbwe(slot, 0, w0);
		tlbwe(slot, 1, some_word1());
		tlbwe(slot, 2, some_word2());
		break;
	case 2:
		tlbwe(slot, 1, some_word1());
		tlbwe(slot, 2, some_word2());
		tlbwe(slot, 0, w0);
		break;
	case 3:
		tlbwe(slot, 1, some_word1());
		break;
	case 4:
		tlbwe(slot, 2, some_word2());
		break;
	}
}

/* The host takes pages away or replaces them, and says so */
static void notifier_step(void)
{
	u32 count = one_in(8) ? below(0x1200) + 1 : below(4) + 1;
	u32 first = below(REGION - count) + (one_in(3) ? 0x100000 : 0), last = first + count - 1;
	u32 cpu, i, gfn, kind = below(4);

	for (cpu = 0; cpu < CPUS; cpu++) {
		memcpy(m->before, m->entries[cpu], sizeof(m->before));
		v44_shadow_drop_gfns(&m->v[cpu], first, last);
		for (i = 0; i < V44_SH_ALL; i++) {
			const struct v44_sh_entry *was = &m->before[i], *is = &m->entries[cpu][i];
			u32 bytes = page_bytes(was->word[0] >> 4 & 15);
			bool hit = was->gfn <= last &&
				   was->gfn + (bytes > 4096 ? bytes / 4096 : 1) > first;

			if (was->tag)
				check_equal(!is->tag, hit, "gfns %x to %x, shadow of %x", first,
					    last, was->gfn);
		}
	}
	for (gfn = first; gfn <= last; gfn++) {
		struct page *p = page_of(gfn);

		switch (kind) {
		case 0:
			if (p->state != HOLE)
				set_page(gfn, p->pfn, ABSENT);
			break;
		case 1:
			if (p->state == WRITABLE)
				set_page(gfn, p->pfn, READ_ONLY);
			break;
		case 2:
			set_page(gfn, below(0xffffff), WRITABLE);
			break;
		case 3: /* one run again, at its own address */
			set_page(gfn, gfn & 0xffffff, WRITABLE);
			break;
		}
	}
}

/* The host puts a run of 16 MB back, so that large pages do not die out */
static void heal_step(void)
{
	u32 first = below(REGION / 0x1000) * 0x1000 + (one_in(2) ? 0x100000 : 0), i, cpu;

	for (cpu = 0; cpu < CPUS; cpu++)
		v44_shadow_drop_gfns(&m->v[cpu], first, first + 0xfff);
	for (i = 0; i < 0x1000; i++)
		set_page(first + i, 0x200000 + first + i, WRITABLE);
}

static void host_overwrites_step(void)
{
	struct slot *s = &m->hw[below(HW_SLOTS)];

	s->word[0] = 0; /* AS = 0: never matches the guest; the owner is not told */
}

static void context_step(void)
{
	struct v44_cpu *cpu = &m->v[m->cpu].cpu;

	switch (below(4)) {
	case 0:
		write_spr(&m->v[m->cpu], SPR_PID, below(4));
		break;
	case 1:
		cpu->msr ^= PR;
		break;
	case 2: /* mostly IS = DS */
		cpu->msr &= ~(IS | DS);
		cpu->msr |= one_in(4) ? (below(4) << 4) : one_in(2) ? IS | DS : 0;
		break;
	case 3:
		m->cpu = below(CPUS);
		break;
	}
}

static u64 no_time(struct v44 *v)
{
	(void)v;
	return 0;
}

static void nothing(struct v44 *v)
{
	(void)v;
}

static void not_expected(struct v44 *v, const char *name, u32 insn)
{
	(void)v;
	check(false, "%s %08x", name, insn);
}

static const struct v44_ops ops = {
	.timebase = no_time,
	.timer_changed = nothing,
	.icache_flush = nothing,
	.sid_alloc = cb_sid_alloc,
	.hw_drop = cb_hw_drop,
	.page = cb_page,
	.contiguous = cb_contiguous,
	.unimplemented = not_expected,
};

void walk_start(u64 seed)
{
	u32 i;

	m = calloc(1, sizeof(*m));
	check(m, "no memory");
	m->rng.state = seed;
	m->next_sid = 1;
	make_memory();
	for (i = 0; i < CPUS; i++) {
		v44_init(&m->v[i], &ops, m->entries[i], &m->counts[i]);
		v44_reset(&m->v[i], 0);
	}
}

void walk_end(void)
{
	free(m);
}

void walk_step(void)
{
	u32 dice = below(1000);

	m->step++;
	if (dice < 700)
		access_step();
	else if (dice < 800)
		tlbwe_step();
	else if (dice < 930)
		context_step();
	else if (dice < 980)
		host_overwrites_step();
	else if (dice < 994)
		notifier_step();
	else if (dice < 996)
		heal_step();
	else if (dice < 997)
		v44_shadow_drop_slot(&m->v[m->cpu], below(64));
	else if (dice < 998)
		m->moody = !m->moody;
	else if (dice < 999 && one_in(10))
		v44_shadow_reset(&m->v[m->cpu]);
	check_hardware();
	if (m->step % 128 == 0)
		check_tables();
}

void walk_along(const u8 *input, size_t size)
{
	static struct machine *start;

	if (!start) {
		start = malloc(sizeof(*start));
		check(start, "no memory");
		*start = *m;
	}
	*m = *start;
	m->led = true;
	m->input = input;
	m->input_end = input + size;
	while (m->input < m->input_end)
		walk_step();
	check_tables();
}

const struct walk_counts *walk_counts(void)
{
	return &m->n;
}
