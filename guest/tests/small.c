// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of 1 KB. QEMU's own 440 has none: it takes each for the page of 4 KB around it, so
 * everything here is expected by the manual (5.3.1) and stands in "~" lines.
 *
 * Not here: code in such a page, unless its four quarters are one page of 4 KB; a VM on QEMU
 * cannot have it (docs/limits.md).
 */
#include "guest.h"

#define EA     0x60000000
#define SLOT   5
#define RIGHTS (TLB_UR | TLB_UW | TLB_SR | TLB_SW)
#define WORD   0x10 /* offset of a quarter's number */
#define CELL   0x20
#define CODE   0x40

static u8 pages[2][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static void fill(void)
{
	u32 p, q;

	for (p = 0; p < 2; p++)
		for (q = 0; q < 4; q++) {
			u32 *at = (u32 *)(pages[p] + 1024 * q);

			memset(at, 0, 1024);
			at[WORD / 4] = 0xda7a0000 + p * 16 + q;
			at[CODE / 4] = 0x38600000 + p * 16 + q; /* li 3, ... */
			at[CODE / 4 + 1] = INSN_SC;
		}
	code_sync(pages, sizeof(pages));
}

/* Quarter @q of the page at EA is quarter @to of page @p */
static void map_1k(u32 q, u32 p, u32 to, u32 tid, u32 rights)
{
	tlb_set(SLOT + q, (EA + 1024 * q) | TLB_V, tid, (u32)pages[p] + 1024 * to, rights);
}

static void unmap(void)
{
	u32 q;

	for (q = 0; q < 4; q++)
		tlb_clear(SLOT + q);
}

static u32 vector_of_load(u32 ea, u32 msr, u32 *value)
{
	struct cpu cpu;

	probe_load(&cpu, ea, msr);
	*value = cpu.gpr[3];
	return cpu.vec;
}

static u32 vector_of_store(u32 ea, u32 msr)
{
	struct cpu cpu;

	probe_store(&cpu, ea, 0x57040000, msr);
	return cpu.vec;
}

static u32 wrong_loads(u32 p, const u32 *to)
{
	u32 q, msr, value, wrong = 0;

	for (msr = 0; msr <= MSR_PR; msr += MSR_PR)
		for (q = 0; q < 4; q++) {
			wrong += vector_of_load(EA + 1024 * q + WORD, msr, &value) != VEC_SC ||
				 value != 0xda7a0000 + p * 16 + to[q];
			wrong += vector_of_store(EA + 1024 * q + CELL, msr) != VEC_SC;
			wrong += *(volatile u32 *)(pages[p] + 1024 * to[q] + CELL) != 0x57040000;
			*(volatile u32 *)(pages[p] + 1024 * to[q] + CELL) = 0;
		}
	return wrong;
}

static const u32 in_order[4] = { 0, 1, 2, 3 }, shuffled[4] = { 2, 0, 3, 1 };

static void as_one(void)
{
	struct cpu cpu;
	u32 q, wrong = 0;

	for (q = 0; q < 4; q++)
		map_1k(q, 0, q, 0, TLB_ALL);
	manual("four quarters in order: wrong", wrong_loads(0, in_order), 0);
	for (q = 0; q < 4; q++) {
		probe_fetch(&cpu, EA + 1024 * q + CODE, q & 1 ? MSR_PR : 0);
		wrong += cpu.vec != VEC_SC || cpu.gpr[3] != q;
	}
	manual("... code: wrong", wrong, 0);
	unmap();
}

static void each_its_own(void)
{
	struct cpu cpu;
	u32 q, value, wrong = 0;

	for (q = 0; q < 4; q++)
		map_1k(q, 1, shuffled[q], 0, RIGHTS);
	manual("four quarters, shuffled: wrong", wrong_loads(1, shuffled), 0);
	/* over their borders: the halves are 0 but for what is stored there */
	for (q = 1; q < 4; q++) {
		probe_store(&cpu, EA + 1024 * q - 2, 0x11223344, MSR_PR);
		wrong += cpu.vec != VEC_SC;
		wrong += *(volatile u16 *)(pages[1] + 1024 * shuffled[q - 1] + 1022) != 0x1122;
		wrong += *(volatile u16 *)(pages[1] + 1024 * shuffled[q]) != 0x3344;
		wrong += vector_of_load(EA + 1024 * q - 2, 0, &value) != VEC_SC ||
			 value != 0x11223344;
	}
	manual("... over borders: wrong", wrong, 0);
	unmap();
	fill();
}

static void rights(void)
{
	struct cpu cpu;
	u32 value;

	map_1k(0, 0, 0, 0, RIGHTS);
	map_1k(1, 0, 1, 0, TLB_UR | TLB_SR);
	map_1k(2, 0, 2, 0, TLB_SR | TLB_SW);
	manual("quarter 0: store", vector_of_store(EA + CELL, MSR_PR), VEC_SC);
	manual("quarter 1, read-only: load", vector_of_load(EA + 1024 + WORD, MSR_PR, &value),
	       VEC_SC);
	manual("... store", vector_of_store(EA + 1024 + CELL, MSR_PR), VEC_DSI);
	manual("... supervisor's store", vector_of_store(EA + 1024 + CELL, 0), VEC_DSI);
	manual("quarter 2, the supervisor's: load",
	       vector_of_load(EA + 2048 + WORD, MSR_PR, &value), VEC_DSI);
	manual("... supervisor's store", vector_of_store(EA + 2048 + CELL, 0), VEC_SC);
	manual("quarter 3, not mapped: load", vector_of_load(EA + 3072 + WORD, MSR_PR, &value),
	       VEC_DTLB);
	manual("... supervisor's store", vector_of_store(EA + 3072 + CELL, 0), VEC_DTLB);
	probe_load(&cpu, EA + 3070, MSR_PR);
	manual("over a border: DSI first", cpu.vec == VEC_DSI && cpu.dear == EA + 3070, 1);
	probe_load(&cpu, EA + 3070, 0);
	manual("... then the miss", cpu.vec == VEC_DTLB && cpu.dear == EA + 3072, 1);
	unmap();
	fill();
}

/* One of four that were a page changes, and comes back */
static void changes(void)
{
	u32 q, value, msr, wrong[4] = { 0 };

	for (q = 0; q < 4; q++)
		map_1k(q, 0, q, 0, RIGHTS);
	for (q = 0; q < 4; q++)
		for (msr = 0; msr <= MSR_PR; msr += MSR_PR) {
			u32 ea = EA + 1024 * q;

			wrong[0] += wrong_loads(0, in_order);
			asm volatile("tlbwe %0, %1, 2; isync"
				     :
				     : "r"(TLB_UR | TLB_SR), "r"(SLOT + q));
			wrong[1] += vector_of_store(ea + CELL, msr) != VEC_DSI;
			wrong[1] += vector_of_load(ea + WORD, msr, &value) != VEC_SC;
			wrong[1] += vector_of_store(EA + 1024 * (q ^ 1) + CELL, msr) != VEC_SC;
			map_1k(q, 0, q, 0, RIGHTS);
			wrong[0] += wrong_loads(0, in_order);
			asm volatile("tlbwe %0, %1, 1; isync"
				     :
				     : "r"((u32)pages[1] + 1024 * q), "r"(SLOT + q));
			vector_of_load(ea + WORD, msr, &value);
			wrong[2] += value != 0xda7a0010 + q;
			map_1k(q, 0, q, 0, RIGHTS);
			wrong[0] += wrong_loads(0, in_order);
			tlb_clear(SLOT + q);
			wrong[3] += vector_of_load(ea + WORD, msr, &value) != VEC_DTLB;
			wrong[3] +=
				vector_of_load(EA + 1024 * (q ^ 1) + WORD, msr, &value) != VEC_SC;
			map_1k(q, 0, q, 9, RIGHTS);
			wrong[3] += vector_of_load(ea + WORD, msr, &value) != VEC_DTLB;
			mtspr(SPR_PID, 9);
			isync();
			wrong[0] += wrong_loads(0, in_order);
			mtspr(SPR_PID, 0);
			isync();
			map_1k(q, 0, q, 0, RIGHTS);
		}
	manual("a page again: wrong", wrong[0], 0);
	manual("a quarter read-only: wrong", wrong[1], 0);
	manual("a quarter elsewhere: wrong", wrong[2], 0);
	manual("a quarter missing, or another process's: wrong", wrong[3], 0);
	/* one entry in place of four, and beside them */
	unmap();
	map_4k(SLOT, EA, 0, pages[1], RIGHTS);
	manual("a page of 4 KB instead: wrong", wrong_loads(1, in_order), 0);
	tlb_clear(SLOT);
	fill();
}

void test(void)
{
	fill();
	probe_init();
	as_one();
	each_its_own();
	rights();
	changes();
}
