// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instruction fetch where a hypervisor can be caught ahead of the guest: rows of privileged
 * instructions that go on in another page, or end before one that may not be executed; code
 * that changes the translation it is executed by; the last page and the first one.
 *
 * Code that changes its own translation is right after the isync behind it, and no sooner.
 */
#include "guest.h"

#define EA	 0x60000000
#define NEXT	 (EA + PAGE_SIZE)
#define TOP	 0xfffff000
#define SLOT	 5
#define AS1	 (MSR_IS | MSR_DS)
#define WORDS	 (PAGE_SIZE / 4)
#define AS1_SLOT 1

#define MFSPR(rt, n)	  (0x7c0002a6 | (rt) << 21 | ((n)&31) << 16 | (n) >> 5 << 11)
#define MTSPR(n, rs)	  (0x7c0003a6 | (rs) << 21 | ((n)&31) << 16 | (n) >> 5 << 11)
#define MTMSR(rs)	  (0x7c000124 | (rs) << 21)
#define TLBWE(rs, ra, ws) (0x7c0007a4 | (rs) << 21 | (ra) << 16 | (ws) << 11)
#define LI(rt, value)	  (0x38000000 | (rt) << 21 | (value))
#define LWZ(rt, d, ra)	  (0x80000000 | (rt) << 21 | (ra) << 16 | (d))
#define B(offset)	  (0x48000000 | ((offset)&0x03fffffc))
#define ISYNC		  0x4c00012c

/* Frames, each with its own SPRG read all over, so that a result says where it was executed */
static u32 frames[4][WORDS] __attribute__((aligned(PAGE_SIZE)));

static void fill_frames(void)
{
	u32 n, i;

	for (n = 0; n < ARRAY_SIZE(frames); n++)
		for (i = 0; i < WORDS; i++)
			frames[n][i] = INSN_SC;
	mtspr(SPR_SPRG0, 0x59260000);
	mtspr(SPR_SPRG0 + 1, 0x59260001);
	mtspr(SPR_SPRG0 + 2, 0x59260002);
	mtspr(SPR_SPRG0 + 3, 0x59260003);
	code_sync(frames, sizeof(frames));
}

/* count reads of frame n's SPRG into registers from r10 on, at word i of the frame */
static void reads(u32 n, u32 i, u32 count)
{
	u32 k;

	for (k = 0; k < count; k++)
		frames[n][i + k] = MFSPR(10 + k, SPR_SPRG0 + n);
}

static void run(const char *name, u32 pc, u32 msr)
{
	struct cpu before, now;

	cpu_init(&before, msr);
	before.pc = pc;
	before.gpr[4] = NEXT;
	now = before;
	cpu_run(&now);
	show(name, &before, &now);
}

/* --- rows that reach the end of a page --- */

/* Rows of 1 to 9 instructions that end with the page; more of them stand in the next page */
static void rows(const char *what, u32 first, u32 msr)
{
	u32 n;

	print("%s\n", what);
	for (n = 1; n <= 9; n++) {
		fill_frames();
		reads(0, WORDS - n, n);
		reads(1, 0, 9);
		code_sync(frames, sizeof(frames));
		run("  row", first + PAGE_SIZE - 4 * n, msr);
		/* and with the next page's translation in use before */
		probe_load(&(struct cpu){ 0 }, first + PAGE_SIZE, msr & MSR_DS);
		run("  again", first + PAGE_SIZE - 4 * n, msr);
	}
}

static void rows_at_borders(void)
{
	map_4k(SLOT, EA, 0, frames[0], TLB_SX);
	map_4k(SLOT + 1, NEXT, 0, frames[1], TLB_SX | TLB_SR);
	rows("next page executable", EA, 0);
	map_4k(SLOT + 1, NEXT, 0, frames[1], TLB_SX);
	rows("next page executable, not readable", EA, 0);
	map_4k(SLOT + 1, NEXT, 0, frames[1], TLB_SR | TLB_SW);
	rows("next page readable, not executable", EA, 0);
	map_4k(SLOT + 1, NEXT, 0, frames[1], TLB_ALL & ~TLB_SX);
	rows("next page the user's", EA, 0);
	tlb_clear(SLOT + 1);
	rows("next page not mapped", EA, 0);
	map_4k(SLOT + 1, NEXT, 3, frames[1], TLB_ALL);
	rows("next page another process's", EA, 0);
	map_4k(SLOT + 1, NEXT | TLB_TS, 0, frames[1], TLB_ALL);
	rows("next page of space 1", EA, 0);
	tlb_set(SLOT + 1, NEXT | TLB_V | TLB_4K, 0, UART_PAGE, TLB_SR | TLB_SW | TLB_I | TLB_G);
	rows("next page a device's", EA, 0);

	/* a row in space 1 before a page that only data has, and the other way round */
	map_4k(SLOT, EA | TLB_TS, 0, frames[0], TLB_SX);
	map_4k(SLOT + 1, NEXT, 0, frames[1], TLB_SR | TLB_SX);
	rows("IS = 1, next page data of space 0", EA, MSR_IS);
	map_4k(SLOT, EA, 0, frames[0], TLB_SX);
	map_4k(SLOT + 1, NEXT | TLB_TS, 0, frames[1], TLB_SR | TLB_SX);
	rows("DS = 1, next page data of space 1", EA, MSR_DS);
	map_4k(SLOT + 2, NEXT, 0, frames[2], TLB_SX);
	rows("DS = 1, next page of both spaces", EA, MSR_DS);
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
	tlb_clear(SLOT + 2);
}

/* The load of a row's next page's data, with nothing between */
static void data_before_row(void)
{
	u32 n;

	map_4k(SLOT, EA | TLB_TS, 0, frames[0], TLB_SX);
	map_4k(SLOT + 1, NEXT, 0, frames[1], TLB_SR | TLB_SX);
	for (n = 1; n <= 9; n++) {
		fill_frames();
		frames[0][WORDS - n - 1] = LWZ(9, 0, 4);
		reads(0, WORDS - n, n);
		reads(1, 0, 9);
		code_sync(frames, sizeof(frames));
		run("load, then the row", EA + PAGE_SIZE - 4 * n - 4, MSR_IS);
	}
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
}

/* --- code that changes its own translation --- */

/*
 * The instruction at word 0 is followed by others, an isync, and reads in each frame; r5 and r6
 * are what it writes. Where nothing is left to execute, any of those may be the last one, the
 * isync included: the miss is shown as if it were behind it.
 */
static void change(const char *name, u32 insn, u32 r5, u32 r6, u32 between, u32 msr)
{
	struct cpu before, now;
	u32 n, i;

	fill_frames();
	for (n = 0; n < ARRAY_SIZE(frames); n++) {
		frames[n][0] = insn;
		for (i = 1; i <= between; i++)
			frames[n][i] = MTSPR(SPR_SPRG0 + 3, 5); /* the same in all */
		frames[n][between + 1] = ISYNC;
		reads(n, between + 2, 3);
	}
	code_sync(frames, sizeof(frames));
	cpu_init(&before, msr);
	before.pc = EA;
	before.gpr[5] = r5;
	before.gpr[6] = r6;
	now = before;
	cpu_run(&now);
	mtspr(SPR_PID, 0);
	if (now.vec == VEC_ITLB && now.pc > EA && now.pc <= EA + 4 * (between + 1))
		now.pc = EA + 4 * (between + 2);
	show(name, &before, &now);
}

static void own_translation(void)
{
	u32 between;

	for (between = 0; between <= 7; between++) {
		print("%u between\n", between);
		map_4k(SLOT, EA, 0, frames[0], TLB_SX);
		change("word 1", TLBWE(5, 6, 1), (u32)frames[1], SLOT, between, 0);
		map_4k(SLOT, EA, 0, frames[0], TLB_SX);
		change("word 0, invalid", TLBWE(5, 6, 0), EA | TLB_4K, SLOT, between, 0);

		map_4k(SLOT, EA, 1, frames[0], TLB_SX);
		map_4k(SLOT + 1, EA, 2, frames[1], TLB_SX);
		mtspr(SPR_PID, 1);
		isync();
		change("PID", MTSPR(SPR_PID, 5), 2, 0, between, 0);
		mtspr(SPR_PID, 1);
		isync();
		change("PID without code", MTSPR(SPR_PID, 5), 3, 0, between, 0);
		tlb_clear(SLOT + 1);

		map_4k(SLOT, EA, 0, frames[0], TLB_SX);
		map_4k(SLOT + 1, EA | TLB_TS, 0, frames[1], TLB_SX);
		change("MSR[IS]", MTMSR(5), MSR_IS, 0, between, 0);
		change("MSR[DS]", MTMSR(5), MSR_DS, 0, between, 0);
		tlb_clear(SLOT);
		change("MSR[IS], back", MTMSR(5), 0, 0, between, MSR_IS);
		tlb_clear(SLOT + 1);
	}
}

/* Four processes, a word of each in turn: the PID changes before each isync */
static void processes(void)
{
	struct cpu before, now;
	u32 n, i, rounds;

	fill_frames();
	for (n = 0; n < 4; n++) {
		map_4k(SLOT + n, EA, 1 + n, frames[n], TLB_SX);
		for (i = 0; i < 16; i++) {
			frames[n][3 * i] = MTSPR(SPR_PID, 4 + i % 4);
			frames[n][3 * i + 1] = ISYNC;
			frames[n][3 * i + 2] = MFSPR(10 + i, SPR_SPRG0 + n);
		}
	}
	code_sync(frames, sizeof(frames));
	for (rounds = 0; rounds < 2; rounds++) {
		mtspr(SPR_PID, 1);
		isync();
		cpu_init(&before, 0);
		before.pc = EA;
		for (i = 0; i < 4; i++)
			before.gpr[4 + i] = 1 + (i * 3 + 1) % 4;
		now = before;
		cpu_run(&now);
		mtspr(SPR_PID, 0);
		show("processes in turn", &before, &now);
	}
	for (n = 0; n < 4; n++)
		tlb_clear(SLOT + n);
}

/* Rights that are taken away by word 2: QEMU's cached translation outlives that */
static void own_rights(void)
{
	struct cpu now;

	fill_frames();
	map_4k(SLOT, EA, 0, frames[0], TLB_SX | TLB_SR);
	frames[0][0] = TLBWE(5, 6, 2);
	frames[0][1] = ISYNC;
	reads(0, 2, 3);
	code_sync(frames, sizeof(frames));
	cpu_init(&now, 0);
	now.pc = EA;
	now.gpr[5] = TLB_SR;
	now.gpr[6] = SLOT;
	cpu_run(&now);
	manual("takes its right to execute away", now.vec, VEC_ISI);
	manual("... at the isync or behind it", now.pc == EA + 4 || now.pc == EA + 8, 1);
	tlb_clear(SLOT);
}

/* Where nothing answers to a fetch (manual 6.5.2); QEMU reads zeros */
static void no_memory(void)
{
	struct cpu now;

	tlb_set(SLOT, EA | TLB_V | TLB_4K, 0, UART_PAGE, TLB_SX | TLB_I | TLB_G);
	mtspr(SPR_MCSR, ~0u);
	probe_fetch(&now, EA + 0x800, MSR_ME);
	manual("code on a device is a machine check", now.vec, VEC_MCHECK);
	manual("... there", now.pc, EA + 0x800);
	manual("... told of by ESR[MCI] alone", mfspr(SPR_ESR), 0x80000000);
	manual("... since it is synchronous", mfspr(SPR_MCSR) & 0xc0000000, 0);
	tlb_clear(SLOT);
}

/* --- the ends of the address space, in space 1, since the library's memory is at 0 --- */

static void ends(void)
{
	u32 n;

	map_4k(SLOT, TOP | TLB_TS, 0, frames[0], TLB_SX | TLB_UX | TLB_SR | TLB_UR);
	map_4k(SLOT + 1, TLB_TS, 0, frames[1], TLB_SX | TLB_UX | TLB_SR | TLB_UR);
	rows("over the top", TOP, AS1);
	fill_frames();
	frames[0][WORDS - 1] = LI(5, 1);
	frames[1][0] = LI(6, 2);
	code_sync(frames, sizeof(frames));
	run("over the top", TOP + PAGE_SIZE - 4, AS1);
	run("over the top, user", TOP + PAGE_SIZE - 4, AS1 | MSR_PR);
	run("at the bottom", 0, AS1 | MSR_PR);
	frames[0][WORDS - 1] = B(0x104);
	frames[1][0] = B(-8);
	frames[1][0x100 / 4] = MFSPR(7, SPR_SPRG0 + 2);
	code_sync(frames, sizeof(frames));
	run("branch over the top", TOP + PAGE_SIZE - 4, AS1);
	run("branch below 0", 0, AS1);
	for (n = 0; n < 8; n++) {
		frames[0][WORDS - 1] = LI(5, n);
		frames[1][0] = LWZ(6, 0xfffc, 0);
		code_sync(frames, sizeof(frames));
		run("load at the top", TOP + PAGE_SIZE - 4, AS1 | (n & 1 ? MSR_PR : 0));
	}
	tlb_clear(SLOT + 1);
	rows("over the top, nothing at the bottom", TOP, AS1);
	run("over the top, nothing there", TOP + PAGE_SIZE - 8, AS1 | MSR_PR);
	tlb_clear(SLOT);
	run("at the top, nothing there", TOP + PAGE_SIZE - 4, AS1);
	run("at the bottom, nothing there", 0, AS1);
}

void test(void)
{
	map_4k(AS1_SLOT, CODE_EA | TLB_TS, 0, code_page, TLB_ALL);
	probe_init();
	rows_at_borders();
	data_before_row();
	own_translation();
	processes();
	own_rights();
	no_memory();
	ends();
}
