// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two address spaces: MSR[IS] and MSR[DS] in all combinations, in both states, with entries
 * of both spaces for the same address; interrupts out of any of them arrive in space 0.
 */
#include "guest.h"

#define EA     0x60000000
#define RIGHTS (TLB_UR | TLB_UW | TLB_SR | TLB_SW)
#define SC_AT  0x100
#define SLOT   5
#define NPAGES 8

#define CODE_AS1_SLOT 1

static u8 pages[NPAGES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static const u32 spaces[] = { 0, MSR_DS, MSR_IS, MSR_IS | MSR_DS };

static void fill_pages(void)
{
	u32 n;

	for (n = 0; n < NPAGES; n++) {
		memset(pages[n], 0, PAGE_SIZE);
		*(u32 *)pages[n] = 0xda7a0000 + n;
		*(u32 *)(pages[n] + SC_AT) = INSN_SC;
	}
	code_sync(pages, sizeof(pages));
}

/* The code page in both spaces. */
static void map_code(void)
{
	map_4k(CODE_AS1_SLOT, CODE_EA | TLB_TS, 0, code_page, TLB_ALL);
}

static void show_run(const char *name, const struct cpu *before)
{
	struct cpu now = *before;

	cpu_run(&now);
	print("%s%s%s ", before->msr & MSR_PR ? "user" : "supv",
	      before->msr & MSR_IS ? " IS" : "   ", before->msr & MSR_DS ? " DS" : "   ");
	show(name, before, &now);
}

static void in_all_spaces(const char *name, struct cpu *before)
{
	u32 s, pr;

	for (pr = 0; pr <= MSR_PR; pr += MSR_PR)
		for (s = 0; s < ARRAY_SIZE(spaces); s++) {
			before->msr = pr | spaces[s];
			show_run(name, before);
		}
}

SNIPPET(load, "lwz 3, 0(4)");
SNIPPET(store, "stw 5, 0(4)");
SNIPPET(privileged, "mfmsr 5; mfspr 6, 272");

static void data_accesses(void)
{
	struct cpu cpu;

	cpu_init(&cpu, 0);
	cpu.gpr[4] = EA;

	code_snippet(load);
	map_4k(SLOT, EA, 0, pages[0], RIGHTS);
	map_4k(SLOT + 1, EA | TLB_TS, 0, pages[1], RIGHTS);
	in_all_spaces("load, mapped in both", &cpu);
	tlb_clear(SLOT);
	in_all_spaces("load, mapped in 1", &cpu);
	map_4k(SLOT + 2, EA, 0, pages[2], TLB_SR);
	in_all_spaces("load, space 0 supervisor's", &cpu);
	tlb_clear(SLOT + 1);
	in_all_spaces("load, mapped in 0, supervisor's", &cpu);

	code_snippet(store);
	map_4k(SLOT + 1, EA | TLB_TS, 0, pages[3], TLB_UR | TLB_SW);
	cpu.gpr[5] = 0x57040000;
	in_all_spaces("store, read-only in 0", &cpu);
	print("pages now %08x %08x\n", *(u32 *)pages[2], *(u32 *)pages[3]);

	/* an entry of space 1 remapped under a live entry of space 0, and the other way round */
	code_snippet(load);
	map_4k(SLOT, EA + 0x1000, 0, pages[4], RIGHTS);
	map_4k(SLOT + 1, (EA + 0x1000) | TLB_TS, 0, pages[5], RIGHTS);
	cpu.gpr[4] = EA + 0x1000;
	in_all_spaces("remap: before", &cpu);
	map_4k(SLOT + 1, (EA + 0x1000) | TLB_TS, 0, pages[6], RIGHTS);
	in_all_spaces("remap: space 1", &cpu);
	map_4k(SLOT, EA + 0x1000, 0, pages[7], RIGHTS);
	in_all_spaces("remap: space 0", &cpu);
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
	tlb_clear(SLOT + 2);
	in_all_spaces("mapped nowhere", &cpu);
	fill_pages();
}

static void privileged_instructions(void)
{
	struct cpu cpu;

	mtspr(SPR_SPRG0, 0x0badcafe);
	code_snippet(privileged);
	cpu_init(&cpu, 0);
	in_all_spaces("mfmsr, mfspr", &cpu);
}

/* Different code at one address. */
static void code_in_each(void)
{
	static const u32 code[2] = { 0x38600050, 0x38600051 }; /* li 3, 0x50 and 0x51 */
	struct cpu cpu;
	u32 n;

	for (n = 0; n < 2; n++) {
		*(u32 *)(pages[n] + SC_AT - 4) = code[n];
		code_sync(pages[n], PAGE_SIZE);
	}
	map_4k(SLOT, EA, 0, pages[0], TLB_UX | TLB_SX);
	map_4k(SLOT + 1, EA | TLB_TS, 0, pages[1], TLB_UX | TLB_SX);
	cpu_init(&cpu, 0);
	cpu.pc = EA + SC_AT - 4;
	in_all_spaces("code in both", &cpu);
	map_4k(SLOT + 1, EA | TLB_TS, 0, pages[1], TLB_UX);
	in_all_spaces("code, in 1 the user's", &cpu);
	tlb_clear(SLOT);
	in_all_spaces("code in 1 only", &cpu);
	tlb_clear(SLOT + 1);
	in_all_spaces("code nowhere", &cpu);
	fill_pages();
}

/*
 * One address is code in one space and data in the other: an instruction at EA + 0x200 reads the
 * word at EA, its own page by number but not by content.
 */
static void code_over_data(void)
{
	struct cpu cpu;
	u32 *code = (u32 *)(pages[1] + 0x200);

	code[0] = 0x80640000; /* lwz 3, 0(4) */
	code[1] = 0x38a50001; /* addi 5, 5, 1 */
	code[2] = 0x90a40004; /* stw 5, 4(4) */
	code[3] = INSN_SC;
	code_sync(code, 16);
	cpu_init(&cpu, 0);
	cpu.pc = EA + 0x200;
	cpu.gpr[4] = EA;
	cpu.gpr[5] = 0x10;

	map_4k(SLOT, EA, 0, pages[0], RIGHTS); /* data in 0, code in 1 */
	map_4k(SLOT + 1, EA | TLB_TS, 0, pages[1], TLB_UX | TLB_SX);
	in_all_spaces("data in 0, code in 1", &cpu);
	print("stored %08x %08x\n", *(u32 *)(pages[0] + 4), *(u32 *)(pages[1] + 4));

	map_4k(SLOT, EA, 0, pages[1], TLB_UX | TLB_SX);
	map_4k(SLOT + 1, EA | TLB_TS, 0, pages[0], RIGHTS);
	cpu.gpr[5] = 0x20;
	in_all_spaces("code in 0, data in 1", &cpu);
	print("stored %08x %08x\n", *(u32 *)(pages[0] + 4), *(u32 *)(pages[1] + 4));

	/* both spaces full rights, still different pages */
	*(u32 *)pages[1] = 0xc0de0001;
	memcpy(pages[0] + 0x200, code, 16);
	code_sync(pages, 2 * PAGE_SIZE);
	map_4k(SLOT, EA, 0, pages[0], TLB_ALL);
	map_4k(SLOT + 1, EA | TLB_TS, 0, pages[1], TLB_ALL);
	cpu.gpr[5] = 0x30;
	in_all_spaces("code and data in both", &cpu);
	print("stored %08x %08x\n", *(u32 *)(pages[0] + 4), *(u32 *)(pages[1] + 4));
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
	fill_pages();
}

/* r4 = the address of code in the other space; what may be done with the page of data there? */
ROW(own_page, ROW_BOTH, "lwz 3, 0(4)");
ROW(own_page, ROW_BOTH, "lwarx 3, 0, 4");
ROW(own_page, ROW_BOTH, "stw 6, 0(4)");
ROW(own_page, ROW_BOTH, "stmw 30, 0(4)");
ROW(own_page, ROW_BOTH, "dcbst 0, 4");
ROW(own_page, ROW_BOTH, "dcbf 0, 4");
ROW(own_page, ROW_BOTH, "icbi 0, 4");
ROW(own_page, ROW_BOTH, "dcbt 0, 4");
ROW(own_page, ROW_BOTH, "dcba 0, 4");
ROW_TABLE(own_page);

static void data_of_own_page(const char *what)
{
	const struct row *r;
	struct cpu cpu;
	u32 pr, n;

	print("%s\n", what);
	for (r = own_page_begin; r < own_page_end; r++)
		for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
			u32 *code = (u32 *)(pages[1] + 0x200);

			for (n = 0; n < r->count; n++)
				code[n] = r->words[n];
			code[n] = INSN_SC;
			code_sync(code, 4 * n + 4);
			*(u32 *)pages[0] = 0xda7a0000;
			cpu_init(&cpu, pr | MSR_IS);
			cpu.pc = EA + 0x200;
			cpu.gpr[4] = EA;
			show_run(r->name, &cpu);
			print("  memory %08x\n", *(u32 *)pages[0]);
		}
}

static void own_pages(void)
{
	map_4k(SLOT + 1, EA | TLB_TS, 0, pages[1], TLB_UX | TLB_SX);
	data_of_own_page("its data: not mapped");
	map_4k(SLOT, EA, 0, pages[0], TLB_UR | TLB_SR);
	data_of_own_page("its data: read-only");
	map_4k(SLOT, EA, 0, pages[0], RIGHTS);
	data_of_own_page("its data: read and write");
	map_4k(SLOT, EA, 0, pages[0], TLB_UX | TLB_SX);
	data_of_own_page("its data: neither");
	map_4k(SLOT, EA, 0, pages[0], TLB_SR | TLB_SW);
	data_of_own_page("its data: the supervisor's");
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
	fill_pages();
}

/* Supervisor code that changes its own spaces: isync makes mtmsr's IS and DS take effect. */
SNIPPET(by_mtmsr, "mfmsr 7; mtmsr 6; isync; lwz 3, 0(4); mfmsr 8; mtmsr 7; isync; lwz 5, 0(4)");
SNIPPET(by_rfi, "mfmsr 7; mtspr 27, 6; bl 1f; 1: mflr 9; addi 9, 9, 16; mtspr 26, 9; rfi; nop\n"
		"lwz 3, 0(4); mfmsr 8");

static void switches(void)
{
	struct cpu cpu;
	u32 from, to;

	map_4k(SLOT, EA, 0, pages[0], RIGHTS);
	map_4k(SLOT + 1, EA | TLB_TS, 0, pages[1], RIGHTS);
	cpu_init(&cpu, 0);
	cpu.gpr[4] = EA;
	code_snippet(by_mtmsr);
	for (from = 0; from < ARRAY_SIZE(spaces); from++)
		for (to = 0; to < ARRAY_SIZE(spaces); to++) {
			cpu.msr = spaces[from];
			cpu.gpr[6] = spaces[to];
			show_run("mtmsr", &cpu);
		}
	code_snippet(by_rfi);
	for (from = 0; from < ARRAY_SIZE(spaces); from++)
		for (to = 0; to < ARRAY_SIZE(spaces); to++) {
			cpu.msr = spaces[from];
			cpu.gpr[6] = spaces[to] | (to & 1 ? MSR_PR : 0);
			show_run("rfi", &cpu);
		}
	/* no code in the space gone to */
	tlb_clear(CODE_AS1_SLOT);
	code_snippet(by_rfi);
	cpu.msr = 0;
	cpu.gpr[6] = MSR_IS;
	show_run("rfi to a space without code", &cpu);
	map_code();
	tlb_clear(SLOT);
	tlb_clear(SLOT + 1);
}

SNIPPET(count, "lwz 3, 0(4); addi 3, 3, 1; stw 3, 0(4)");

/* A page for each of (space, PID), all at one address, visited in changing order. */
static void contexts(void)
{
	struct cpu cpu;
	u32 n, as, pid, wrong = 0, seed = 5;
	u32 visits[2][4] = { { 0 } };

	code_snippet(count);
	for (n = 0; n < 8; n++) {
		*(u32 *)pages[n] = 0;
		map_4k(SLOT + n, EA | (n & 1 ? TLB_TS : 0), 1 + n / 2, pages[n], RIGHTS);
	}
	for (n = 0; n < 400; n++) {
		as = random_u32(&seed) & 1;
		pid = random_u32(&seed) >> 8 & 3;
		mtspr(SPR_PID, 1 + pid);
		isync();
		cpu_init(&cpu, random_u32(&seed) & MSR_PR);
		cpu.msr |= as ? MSR_DS : 0;
		cpu.msr |= random_u32(&seed) & MSR_IS;
		cpu.gpr[4] = EA;
		cpu_run(&cpu);
		visits[as][pid]++;
		wrong += cpu.vec != VEC_SC || cpu.gpr[3] != visits[as][pid];
	}
	mtspr(SPR_PID, 0);
	print("contexts: wrong=%u visits", wrong);
	for (n = 0; n < 8; n++)
		print(" %u", *(u32 *)pages[n]);
	print("\n");
	for (n = 0; n < 8; n++)
		tlb_clear(SLOT + n);
	fill_pages();
}

void test(void)
{
	fill_pages();
	map_code();
	data_accesses();
	privileged_instructions();
	code_in_each();
	code_over_data();
	own_pages();
	switches();
	contexts();
}
