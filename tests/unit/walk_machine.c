// SPDX-License-Identifier: GPL-2.0-only
/* The machine of a walk: its choices, host memory, shadow PIDs and hardware TLB */
#include "walk_machine.h"

struct machine *m;

/* A choice: what the input says, 0 at its end */
u32 below(u32 limit)
{
	u32 bytes = limit <= 0x100 ? 1 : limit <= 0x10000 ? 2 : 4, value = 0;

	if (!m->led)
		return rnd_below(&m->rng, limit);
	while (bytes-- && m->input < m->input_end)
		value = value << 8 | *m->input++;
	return value % limit;
}

bool one_in(u32 n)
{
	return !below(n);
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
struct page *page_of(u32 gfn)
{
	static struct page hole;

	if (gfn < REGION)
		return &m->page[gfn];
	if (gfn >= 0x100000 && gfn < 0x100000 + REGION)
		return &m->page[gfn - 0x100000 + REGION];
	return &hole;
}

void set_page(u32 gfn, u32 pfn, enum state state)
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
bool run_of(u32 gfn, u32 count)
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
void make_memory(void)
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

void hw_write(struct v44_sh_entry *e)
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

bool hw_matches(const struct slot *s, u32 ea, u8 sid)
{
	return (s->word[0] & TLB_V) && s->tid == sid &&
	       ea - (s->word[0] & 0xfffffc00) < hw_bytes(s);
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

static void cb_small_pages(struct v44 *v, bool any)
{
	m->small_pages[v - m->v] = any;
}

static void not_expected(struct v44 *v, const char *name, u32 insn)
{
	(void)v;
	check(false, "%s %08x", name, insn);
}

static bool no_peek(struct v44 *v, u64 gpa, u32 *word)
{
	(void)v;
	(void)gpa;
	(void)word;
	return false;
}

const struct v44_ops walk_ops = {
	.timebase = no_time,
	.timer_changed = nothing,
	.watchdog = nothing,
	.icache_flush = nothing,
	.sid_alloc = cb_sid_alloc,
	.hw_drop = cb_hw_drop,
	.page = cb_page,
	.contiguous = cb_contiguous,
	.small_pages = cb_small_pages,
	.peek = no_peek,
	.debug_changed = nothing,
	.unimplemented = not_expected,
};
