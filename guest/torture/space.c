// SPDX-License-Identifier: GPL-2.0-only
/*
 * Effective addresses and the entries for them. There are windows of 16 MB, at random places; each
 * has some slots of the TLB for itself. Entries in different slots never match the same access,
 * in whichever order they come and go, since two matches are undefined (manual 5.4); those for one
 * slot are alternatives, of which pieces of code and the interrupts' handling choose.
 */
#include "torture.h"

#define DATA_WINDOWS 9
#define MAX_MAPPINGS 176

_Static_assert(POOL >> 20 == CODE >> 20, "an entry of 1 MB maps both");

struct window {
	u32 ea;
	u32 spaces; /* bit 0: TS = 0, bit 1: TS = 1 */
};

/* Slots of a window, for entries with these TS and TID */
struct share {
	u8 ts, tid; /* index into space_pid */
};

/* None matches what another one of its row does */
static const struct {
	u8 count;
	struct share share[4];
} patterns[] = {
	{ 2, { { 0, 0 }, { 1, 0 } } },
	{ 4, { { 0, 1 }, { 0, 2 }, { 1, 1 }, { 1, 3 } } },
	{ 4, { { 0, 1 }, { 0, 2 }, { 0, 3 }, { 1, 0 } } },
	{ 4, { { 0, 0 }, { 1, 1 }, { 1, 2 }, { 1, 3 } } },
	{ 3, { { 0, 1 }, { 0, 2 }, { 0, 3 } } },
	{ 2, { { 1, 1 }, { 1, 3 } } },
	{ 1, { { 0, 0 } } },
	{ 1, { { 1, 0 } } },
};

/* The code in both spaces for everybody, and once for each space and one process */
static const struct share code_shares[2][2] = { { { 0, 0 }, { 1, 0 } }, { { 0, 1 }, { 1, 2 } } };

u32 space_pid[5];
static struct window data[DATA_WINDOWS], code[2], easy, hole[2];
static struct mapping mappings[MAX_MAPPINGS];
static u32 count, data_count; /* those for data come first */
static u8 slots[TORTURE_SLOTS];
static u32 next_slot;
static bool small_only; /* pages of 4 KB, of which a hypervisor may think better than of others */

static u32 take_slot(void)
{
	u32 n = next_slot++, other = n + below(TORTURE_SLOTS - n), slot = slots[other];

	slots[other] = slots[n];
	slots[n] = slot;
	return slot;
}

/* One that nobody has; 0 to 15 are the library's 256 MB, and the last but 16 its UARTs */
static u32 take_window(u8 *taken)
{
	u32 n;

	do {
		n = chance(20) ? 0xff - below(2) : 16 + below(240);
	} while (taken[n] || n == UART_PAGE / WINDOW);
	taken[n] = 1;
	return n * WINDOW;
}

static u32 random_rights(void)
{
	u32 all = dice() | dice();

	return chance(50) ? TLB_ALL : all & TLB_ALL;
}

/* U0-U3, M and G; not W and I, with which the same memory must not be cached elsewhere, nor E */
static u32 random_attributes(void)
{
	return (dice() & 0xf000) | (dice() & (TLB_M | TLB_G));
}

static u32 size_of(u32 code_of_size)
{
	return 1024u << 2 * (code_of_size >> 4);
}

/* The entry of that size over what is at @pa: as far from its start as from the window's */
static void add(u32 window, u32 slot, struct share share, u32 pa, u32 size, u32 real, u32 rights)
{
	struct mapping *m = &mappings[count++];
	u32 bytes = size_of(size);

	m->window = window;
	m->slot = slot;
	m->tid = space_pid[share.tid];
	m->word[0] = ((window + pa) & -bytes) | TLB_V | (share.ts ? TLB_TS : 0) | size;
	m->word[1] = real & -bytes;
	m->word[2] = random_attributes() | rights;
}

static void add_data(u32 window, u32 slot, struct share share)
{
	static const u32 sizes[] = { TLB_4K,  TLB_4K,  TLB_4K,	 TLB_4K, TLB_16K,
				     TLB_16K, TLB_64K, TLB_256K, TLB_1M, TLB_16M };
	u32 size = small_only ? TLB_4K : ONE_OF(sizes);
	u32 page = below(POOL_SIZE / PAGE_SIZE) * PAGE_SIZE, real = POOL;

	if (size_of(size) < POOL_SIZE)
		real += below(POOL_SIZE / PAGE_SIZE) * PAGE_SIZE;
	add(window, slot, share, POOL + page, size, real, random_rights());
}

static void add_data_window(struct window *w, u8 *taken)
{
	u32 p = below(ARRAY_SIZE(patterns)), n, alternatives;

	w->ea = take_window(taken);
	w->spaces = 0;
	for (n = 0; n < patterns[p].count; n++) {
		u32 slot = take_slot();

		w->spaces |= 1 << patterns[p].share[n].ts;
		for (alternatives = 1 + below(4); alternatives--;)
			add_data(w->ea, slot, patterns[p].share[n]);
	}
}

/* Its code may be executed most of the time */
static u32 code_rights(void)
{
	return random_rights() | (chance(85) ? TLB_UX : 0) | (chance(85) ? TLB_SX : 0);
}

/* One entry for all, or one for each page */
static void add_code(u32 window, struct share share)
{
	static const u32 sizes[] = { TLB_16K, TLB_64K, TLB_1M, TLB_16M };
	u32 at;

	if (!small_only && chance(50)) {
		add(window, take_slot(), share, CODE, ONE_OF(sizes), CODE, code_rights());
		return;
	}
	for (at = 0; at < CODE_SIZE; at += PAGE_SIZE) {
		u32 slot = take_slot();

		add(window, slot, share, CODE + at, TLB_4K, CODE + at, code_rights());
		add(window, slot, share, CODE + at, TLB_4K, CODE + at, code_rights());
	}
}

static void add_easy(u8 *taken)
{
	struct share share = { 0, 0 };

	easy.ea = take_window(taken);
	for (share.ts = 0; share.ts < 2; share.ts++)
		add(easy.ea, take_slot(), share, POOL, TLB_64K, POOL, TLB_ALL);
}

static void random_pids(void)
{
	u32 n, i;

	for (n = 1; n < ARRAY_SIZE(space_pid); n++) {
		do {
			space_pid[n] = 1 + below(255);
			for (i = 1; i < n && space_pid[i] != space_pid[n]; i++)
				;
		} while (i < n);
	}
}

void space_init(void)
{
	u8 taken[256] = { 0 };
	u32 n, s;

	small_only = chance(40);
	random_pids();
	count = 0;
	next_slot = 0;
	for (n = 0; n < TORTURE_SLOTS; n++)
		slots[n] = n;
	for (n = 0; n < ARRAY_SIZE(data); n++)
		add_data_window(&data[n], taken);
	data_count = count;
	add_easy(taken);
	for (n = 0; n < ARRAY_SIZE(code); n++) {
		code[n].ea = take_window(taken);
		for (s = 0; s < 2; s++)
			add_code(code[n].ea, code_shares[n][s]);
	}
	for (n = 0; n < ARRAY_SIZE(hole); n++)
		hole[n].ea = take_window(taken);

	for (n = 0; n < TORTURE_SLOTS; n++)
		tlb_set(n, 0, 0, 0, 0);
	for (n = 0; n < count; n++)
		if (chance(60) || mappings[n].window == easy.ea)
			space_install(&mappings[n], mappings[n].word[2]);
}

const struct mapping *space_data_mapping(void)
{
	return &mappings[below(data_count)];
}

void space_install(const struct mapping *m, u32 word2)
{
	tlb_set(m->slot, m->word[0], m->tid, m->word[1], word2);
}

void space_disturb(void)
{
	const struct mapping *m;

	do {
		m = &mappings[below(count)];
	} while (m->window == easy.ea);
	if (chance(70))
		space_install(m, m->word[2]);
	else
		tlb_clear(m->slot);
}

static bool matches(const struct mapping *m, u32 ea, u32 ts, u32 pid)
{
	u32 bytes = size_of(m->word[0] & 0xf0);

	return !(m->word[0] & TLB_TS) == !ts && (!m->tid || m->tid == pid) &&
	       !((m->word[0] ^ ea) & -bytes);
}

const struct mapping *space_find(u32 ea, u32 ts, u32 pid)
{
	u32 n, skip = below(count);

	for (n = 0; n < count; n++) {
		const struct mapping *m = &mappings[(n + skip) % count];

		if (matches(m, ea, ts, pid))
			return m;
	}
	return NULL;
}

/* Often at the end of a page, or at its start */
static u32 pool_offset(u32 align)
{
	u32 page = below(POOL_SIZE / PAGE_SIZE) * PAGE_SIZE;

	switch (below(4)) {
	case 0:
		return (page + PAGE_SIZE - 1 - below(16)) & -align;
	case 1:
		return (page + below(32)) & -align;
	default:
		return (page + below(PAGE_SIZE)) & -align;
	}
}

u32 space_pool_ea(u32 align)
{
	u32 kind = below(100), offset = pool_offset(align);

	if (kind < 80)
		return ONE_OF(data).ea + POOL + offset;
	if (kind < 90)
		return easy.ea + POOL + offset;
	return ONE_OF(hole).ea + POOL + offset;
}

u32 space_ea(u32 align)
{
	u32 room = CODE_SIZE - CODE_DATA - 256;

	if (chance(90))
		return space_pool_ea(align);
	return ONE_OF(code).ea + CODE + CODE_DATA + (below(room) & -align);
}

u32 space_easy(void)
{
	return easy.ea + POOL + pool_offset(32);
}

/* QEMU's tlbsx looks at no address space, so here only where entries of one can be */
u32 space_search(u32 *mmucr)
{
	const struct window *w = &ONE_OF(data);

	*mmucr = ONE_OF(space_pid);
	if (w->spaces == 3)
		w = &ONE_OF(hole);
	else if (w->spaces == 2)
		*mmucr |= MMUCR_STS;
	return w->ea + POOL + pool_offset(1);
}

u32 space_code(u32 offset, u32 msr, u32 *pid)
{
	u32 n = (msr & MSR_PR) && chance(40);

	/* the supervisor may change PID, and needs the one for everybody */
	if (n)
		*pid = space_pid[code_shares[1][!!(msr & MSR_IS)].tid];
	return code[n].ea + CODE + offset;
}

u32 space_code_offset(u32 pc)
{
	u32 n;

	for (n = 0; n < ARRAY_SIZE(code); n++)
		if (pc - code[n].ea - CODE < CODE_SIZE)
			return pc - code[n].ea - CODE;
	return ~0u;
}
