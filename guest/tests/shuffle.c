// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TLB in random use: entries of all sizes, TIDs, spaces and rights come, change and go,
 * between loads, stores, fetches and searches from random contexts. Half of the entries lie where
 * there are only pages of 4 KB, which a hypervisor may treat in a way of its own. A line of digest
 * for each 64 steps; the same seed gives the same steps everywhere.
 *
 * No two entries ever match the same access (undefined): the program keeps its own copy of what
 * it wrote.
 */
#include "guest.h"

#define REGION	      0x60000000
#define REGION_SIZE   0x04000000
#define PAGES	      0x70000000
#define PAGES_SIZE    0x00100000
#define RAM	      0x01000000 /* 16 MB that nothing else uses */
#define RAM_SIZE      0x01000000
#define FIRST_SLOT    2
#define NSLOTS	      40
#define MIXED_SLOTS   20 /* the first of them */
#define CODE_AS1_SLOT 1
#define ROUNDS	      300
#define STEPS	      64

/* Offsets in each page of RAM */
#define NUMBER 0 /* of the page, never written again */
#define CELL   8 /* stored to */
#define CODE   0x40

struct entry {
	bool valid;
	u32 ea, bytes, size, tid, ts, pa, rights;
};

static struct entry entries[NSLOTS];
static u32 seed = 20240607;
static u32 outcomes[NR_VEC];

static const u32 sizes[] = { TLB_4K,  TLB_4K, TLB_4K,	TLB_4K, TLB_16K,
			     TLB_64K, TLB_1M, TLB_256K, TLB_16M };
static const u32 tids[] = { 0, 0, 1, 2, 3, 0xc8 };
static const u32 pids[] = { 0, 1, 2, 3, 0xc8 };

static u32 below(u32 n)
{
	return (random_u32(&seed) >> 4) % n;
}

static void fill_ram(void)
{
	u32 pa;

	for (pa = RAM; pa < RAM + RAM_SIZE; pa += PAGE_SIZE) {
		u32 number = (pa - RAM) / PAGE_SIZE;

		*(volatile u32 *)(pa + NUMBER) = 0xda7a0000 + number;
		*(volatile u32 *)(pa + CELL) = 0;
		*(volatile u32 *)(pa + CODE) = 0x38600000 | number; /* li 3, number */
		*(volatile u32 *)(pa + CODE + 4) = INSN_SC;
		asm volatile("dcbst 0, %0" : : "r"(pa + CODE) : "memory");
	}
	asm volatile("sync; iccci 0, 0; isync" : : : "memory");
}

static bool overlap(const struct entry *a, const struct entry *b)
{
	return a->ts == b->ts && (!a->tid || !b->tid || a->tid == b->tid) &&
	       a->ea < b->ea + b->bytes && b->ea < a->ea + a->bytes;
}

static bool fits(u32 slot, const struct entry *e)
{
	u32 n;

	for (n = 0; n < NSLOTS; n++)
		if (n != slot && entries[n].valid && overlap(&entries[n], e))
			return false;
	return true;
}

/* Over whatever is there, as a miss handler does it: in its order, or in another, or in one row */
static void replace_live(u32 slot, const struct entry *e)
{
	u32 word0 = e->ea | TLB_V | e->ts | e->size;

	mtspr(SPR_MMUCR, e->tid);
	isync();
	switch (below(3)) {
	case 0:
		asm volatile("tlbwe %0, %1, 1" : : "r"(e->pa), "r"(slot) : "memory");
		asm volatile("tlbwe %0, %1, 0" : : "r"(word0), "r"(slot) : "memory");
		asm volatile("tlbwe %0, %1, 2; isync" : : "r"(e->rights), "r"(slot) : "memory");
		break;
	case 1:
		asm volatile("tlbwe %0, %3, 0; tlbwe %1, %3, 1; tlbwe %2, %3, 2; isync"
			     :
			     : "r"(word0), "r"(e->pa), "r"(e->rights), "r"(slot)
			     : "memory");
		break;
	default:
		asm volatile("tlbwe %2, %3, 2; tlbwe %1, %3, 1; tlbwe %0, %3, 0; isync"
			     :
			     : "r"(word0), "r"(e->pa), "r"(e->rights), "r"(slot)
			     : "memory");
	}
}

static void place(struct entry *e, bool mixed)
{
	e->size = mixed ? sizes[below(ARRAY_SIZE(sizes))] : TLB_4K;
	e->bytes = 1024u << 2 * (e->size >> 4);
	if (!mixed)
		e->ea = PAGES + (random_u32(&seed) % PAGES_SIZE & -PAGE_SIZE);
	else if (below(2)) /* near the start, so that sizes meet */
		e->ea = REGION + (random_u32(&seed) % 0x40000 & -e->bytes);
	else
		e->ea = REGION + (random_u32(&seed) % REGION_SIZE & -e->bytes);
}

static void change_an_entry(void)
{
	u32 slot = below(NSLOTS), old = entries[slot].ea;
	bool was_valid = entries[slot].valid;
	struct entry e;

	if (!below(5)) {
		tlb_clear(FIRST_SLOT + slot);
		entries[slot].valid = false;
		return;
	}
	e = entries[slot];
	if (!was_valid || below(3)) {
		e.valid = true;
		place(&e, slot < MIXED_SLOTS);
		e.tid = tids[below(ARRAY_SIZE(tids))];
		e.ts = below(3) ? 0 : TLB_TS;
		e.pa = RAM + (random_u32(&seed) % RAM_SIZE & -e.bytes);
	}
	e.rights = below(2) ? TLB_ALL : random_u32(&seed) & TLB_ALL;
	if (!fits(slot, &e))
		return;
	/* QEMU's cached translations outlive it unless EPN changes */
	if (was_valid && e.ea != old && below(2))
		replace_live(FIRST_SLOT + slot, &e);
	else
		tlb_set(FIRST_SLOT + slot, e.ea | TLB_V | e.ts | e.size, e.tid, e.pa, e.rights);
	/* the instruction cache knows nothing of a new translation */
	asm volatile("iccci 0, 0; isync" : : : "memory");
	entries[slot] = e;
}

static u32 access(u32 sum)
{
	const struct entry *e = &entries[below(NSLOTS)];
	u32 msr = 0, ea, pid = pids[below(ARRAY_SIZE(pids))];
	struct cpu cpu;

	if (below(2))
		ea = REGION + (random_u32(&seed) % REGION_SIZE & -PAGE_SIZE);
	else
		ea = PAGES + (random_u32(&seed) % PAGES_SIZE & -PAGE_SIZE);
	if (e->valid && below(8)) {
		ea = e->ea + (random_u32(&seed) % e->bytes & -PAGE_SIZE);
		if (e->tid && below(4))
			pid = e->tid;
		if (e->ts && below(4))
			msr = MSR_IS | MSR_DS;
	}
	msr ^= below(8) ? 0 : MSR_IS;
	msr ^= below(8) ? 0 : MSR_DS;
	msr |= below(2) ? MSR_PR : 0;
	mtspr(SPR_PID, pid);
	isync();
	switch (below(4)) {
	case 0:
		probe_load(&cpu, ea + NUMBER, msr);
		break;
	case 1:
		probe_load(&cpu, ea + CELL, msr);
		break;
	case 2:
		probe_store(&cpu, ea + CELL, random_u32(&seed), msr);
		break;
	default:
		probe_fetch(&cpu, ea + CODE, msr);
	}
	mtspr(SPR_PID, 0);
	outcomes[cpu.vec]++;
	sum = sum * 31 + cpu.vec;
	sum = sum * 31 + cpu.pc;
	sum = sum * 31 + cpu.msr;
	sum = sum * 31 + cpu.gpr[3];
	if (cpu.vec == VEC_DTLB || cpu.vec == VEC_DSI)
		sum = sum * 31 + (cpu.esr ^ cpu.dear);
	return sum;
}

/* Is there a match in the other address space? QEMU's tlbsx, which ignores it, finds that one. */
static bool elsewhere(u32 ea, u32 ts, u32 tid)
{
	u32 n;

	for (n = 0; n < NSLOTS; n++) {
		const struct entry *e = &entries[n];

		if (e->valid && e->ts != ts && (!e->tid || e->tid == tid) && ea - e->ea < e->bytes)
			return true;
	}
	return false;
}

/* tlbsx. by MMUCR */
static u32 search(u32 sum)
{
	const struct entry *e = &entries[below(NSLOTS)];
	u32 ea = PAGES + random_u32(&seed) % PAGES_SIZE, ts = below(4) ? e->ts : 0;
	u32 tid = below(2) ? e->tid : below(4);

	if (e->valid && below(2))
		ea = e->ea + random_u32(&seed) % e->bytes;
	if (elsewhere(ea, ts, tid))
		return sum;
	return sum * 31 + tlb_search(ea, ts, tid);
}

static u32 readback(u32 sum)
{
	struct tlb_entry e;
	u32 slot = below(NSLOTS);

	tlb_get(FIRST_SLOT + slot, &e);
	if (!entries[slot].valid)
		return sum + (e.word[0] & TLB_V);
	return sum * 31 + (e.word[0] ^ e.word[1] ^ e.word[2] ^ e.tid << 24);
}

void test(void)
{
	u32 round, step, sum;

	fill_ram();
	probe_init();
	map_4k(CODE_AS1_SLOT, CODE_EA | TLB_TS, 0, code_page, TLB_ALL);
	for (round = 0; round < ROUNDS; round++) {
		u32 from = seed;

		sum = 0;
		for (step = 0; step < STEPS; step++) {
			if (!below(3))
				change_an_entry();
			sum = readback(sum);
			sum = search(sum);
			sum = access(sum);
		}
		print("seed %08x: %08x\n", from, sum);
	}
	sum = 0;
	for (step = RAM; step < RAM + RAM_SIZE; step += PAGE_SIZE)
		sum = sum * 31 + *(volatile u32 *)(step + CELL);
	print("cells %08x\n", sum);
	for (step = 0; step < NR_VEC; step++)
		if (outcomes[step])
			print("%s %u\n", vec_name(step), outcomes[step]);
}
