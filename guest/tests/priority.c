// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything pending at once, under all masks and let in by each instruction: which comes first,
 * what is saved where, what the next one finds. And a fetch from where nothing answers.
 *
 * QEMU's own 440 has another order, neither fixed interval timer nor watchdog, and no machine
 * check: what is expected is the manual's (6.4.1, 6.5.2, 6.6.2).
 */
#include "guest.h"

#define SOURCE_CRITICAL 0x00000100 /* no devices of the board */
#define SOURCE_EXTERNAL 0x00000200

#define EA	0x60000000
#define NOWHERE ((void *)0x50000000)
#define SLOT	5

/* --- asynchronous interrupts --- */

static void quiet(void)
{
	mtdcr(UIC_ER, 0);
	mtdcr(UIC_CR, 0);
	mtdcr(UIC_SR, 0xffffffff);
	mtspr(SPR_TCR, 0);
	mtspr(SPR_DEC, 0x7fffffff);
	mtspr(SPR_TSR, ~0u);
}

static void raise_all(void)
{
	quiet();
	mtspr(SPR_DEC, 1000);
	tsr_wait(TSR_ENW | TSR_WIS | TSR_DIS | TSR_FIS, 4 << 21);
	mtspr(SPR_TCR, TCR_DIE | TCR_FIE | TCR_WIE | TCR_FP(3) | TCR_WP(3u));
	mtdcr(UIC_CR, SOURCE_CRITICAL);
	mtdcr(UIC_ER, SOURCE_CRITICAL | SOURCE_EXTERNAL);
	mtdcr(UIC_SRS, SOURCE_CRITICAL | SOURCE_EXTERNAL);
}

static void acknowledge(u32 vec)
{
	switch (vec) {
	case VEC_CRITICAL:
		mtdcr(UIC_SR, SOURCE_CRITICAL);
		break;
	case VEC_WATCHDOG:
		/* it can come again within its period */
		mtspr(SPR_TCR, TCR_DIE | TCR_FIE | TCR_FP(3));
		mtspr(SPR_TSR, TSR_WIS);
		break;
	case VEC_EXTERNAL:
		mtdcr(UIC_SR, SOURCE_EXTERNAL);
		break;
	case VEC_FIT:
		mtspr(SPR_TCR, TCR_DIE); /* its longest period is over soon */
		mtspr(SPR_TSR, TSR_FIS);
		break;
	case VEC_DEC:
		mtspr(SPR_TSR, TSR_DIS);
		break;
	}
}

/* Table 6-2's order, and the bit of the MSR that lets each in */
static const struct {
	u32 vec, gate;
} order[] = {
	{ VEC_CRITICAL, MSR_CE }, { VEC_WATCHDOG, MSR_CE }, { VEC_EXTERNAL, MSR_EE },
	{ VEC_FIT, MSR_EE },	  { VEC_DEC, MSR_EE },
};

/*
 * Letting them in one after the other; r6 = the MSR to come, r8 = the last instruction. Flags: the
 * instruction, from the first, before which all are taken.
 */
ROW(ways, 0, "nop; nop");
ROW(ways, 1, "mtmsr 6; nop");
ROW(ways, 4, "mtspr 26, 8; mtspr 27, 6; rfi; nop; nop");
ROW(ways, 4, "mtspr 58, 8; mtspr 59, 6; rfci; nop; nop");
ROW(ways, 4, "mtspr 570, 8; mtspr 571, 6; rfmci; nop; nop");
ROW(ways, 5, "mtspr 26, 8; mtspr 27, 6; mfspr 10, 62; mfspr 10, 61; rfi; nop");
ROW_TABLE(ways);

static void in_order(const struct row *way, u32 msr)
{
	struct cpu cpu;
	u32 n;

	raise_all();
	code_load(way->words, way->words + way->count);
	cpu_init(&cpu, way->flags ? 0 : msr);
	cpu.gpr[6] = msr;
	cpu.gpr[8] = CODE_EA + 4 * (way->count - 1);
	print("%s, MSR %08x\n", way->name, msr);
	for (n = 0; n < ARRAY_SIZE(order); n++) {
		if (!(msr & order[n].gate))
			continue;
		cpu_run(&cpu);
		manual("vector", cpu.vec, order[n].vec);
		manual("saved address", cpu.pc, CODE_EA + 4 * way->flags);
		manual("saved MSR", cpu.msr, msr);
		manual("MSR at entry", cpu.entry_msr,
		       msr & (order[n].gate == MSR_CE ? MSR_ME : MSR_CE | MSR_ME | MSR_DE));
		acknowledge(order[n].vec);
	}
	/* none is left; on QEMU's own 440 others are, and it may be elsewhere */
	cpu.pc = CODE_EA + 4 * way->count;
	cpu.msr = msr;
	cpu_run(&cpu);
	manual("then", cpu.vec, VEC_SC);
	quiet();
}

static void masks(void)
{
	static const u32 msrs[] = {
		MSR_EE | MSR_CE | MSR_ME, MSR_CE, MSR_EE, MSR_EE | MSR_CE | MSR_PR, MSR_CE | MSR_PR,
	};
	const struct row *way;
	u32 n;

	for (way = ways_begin; way < ways_end; way++) {
		for (n = 0; n < ARRAY_SIZE(msrs); n++)
			in_order(way, msrs[n]);
	}
}

/*
 * A non-critical interrupt leaves CE as it was, so a critical one is taken in its handler as soon
 * as it is raised there; what the handler had to save is intact.
 */
SNIPPET(handler, "mtdcr 0xc1, 6; mfspr 20, 26; mfspr 21, 27; twi 31, 0, 0");
SNIPPET(caller, "sc");

static void critical_in_a_handler(void)
{
	struct cpu cpu;

	quiet();
	mtdcr(UIC_CR, SOURCE_CRITICAL);
	mtdcr(UIC_ER, SOURCE_CRITICAL);
	vector_install(VEC_SC, handler, handler_end);
	code_snippet(caller);
	cpu_init(&cpu, MSR_CE | MSR_EE | MSR_PR);
	cpu.gpr[6] = SOURCE_CRITICAL;
	cpu_run(&cpu);
	manual("in the handler", cpu.vec, VEC_CRITICAL);
	manual("of the next instruction", cpu.pc & 15, 4);
	manual("CSRR1", cpu.msr, MSR_CE);
	manual("MSR at entry", cpu.entry_msr, 0);
	mtdcr(UIC_SR, SOURCE_CRITICAL);
	vector_restore(VEC_SC);
	quiet();
}

/* --- machine check --- */

static u8 page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

/* Synchronous, in ESR, not in MCSR; nothing of it if ME is 0, but for ESR[MCI] */
static void fetch(u32 msr)
{
	bool enabled = msr & MSR_ME;
	struct cpu cpu;

	mtspr(SPR_ESR, 0);
	mtspr(SPR_DEAR, 0x12345678);
	mtspr(SPR_SRR0, 0x11111110);
	mtspr(SPR_CSRR0, 0x22222220);
	mtspr(SPR_MCSRR0, 0x33333330);
	map_4k(SLOT, EA, 0, NOWHERE, TLB_ALL);
	cpu_init(&cpu, msr);
	cpu.pc = EA + 0x124;
	cpu_run(&cpu);
	print("fetch, MSR %08x: srr0 %08x\n", msr, cpu.pc);
	manual("vector", cpu.vec, enabled ? VEC_MCHECK : VEC_PROGRAM);
	manual("ESR", cpu.esr, enabled ? ESR_MCI : ESR_MCI | ESR_PIL);
	manual("saved MSR", cpu.msr, msr);
	manual("MSR at entry", cpu.entry_msr, enabled ? 0 : msr & (MSR_CE | MSR_DE));
	manual("MCSR", mfspr(SPR_MCSR), 0);
	manual("DEAR", cpu.dear, 0x12345678);
	manual("CSRR0", mfspr(SPR_CSRR0), 0x22222220);
	manual("MCSRR0", mfspr(SPR_MCSRR0), enabled ? EA + 0x124 : 0x33333330);
	/* repaired, it goes on from there */
	*(u32 *)(page + 0x124) = INSN_SC;
	code_sync(page, sizeof(page));
	map_4k(SLOT, EA, 0, page, TLB_ALL);
	cpu.msr = msr;
	cpu_run(&cpu);
	print("repaired: %s %08x\n", vec_name(cpu.vec), cpu.pc);
	tlb_clear(SLOT);
}

static void machine_check(void)
{
	static const u32 msrs[] = { MSR_ME, MSR_ME | MSR_PR | MSR_CE | MSR_EE, 0, MSR_PR | MSR_CE };
	u32 n;

	for (n = 0; n < ARRAY_SIZE(msrs); n++)
		fetch(msrs[n]);
}

void test(void)
{
	masks();
	critical_in_a_handler();
	machine_check();
}
