// SPDX-License-Identifier: GPL-2.0-only
/*
 * The watchdog: its states, where its interrupt is taken and by what, TCR[WRC], which can only be
 * set. The reset that its last exception asks for ends a program: tests/abi has it.
 *
 * On QEMU's own 440 it never acts: what is expected is the manual's (7.4, 7.5, 6.5.13).
 */
#include "guest.h"

#define PERIOD(wp) (1ull << (21 + 4 * (wp)))
#define STATUS	   (TSR_ENW | TSR_WIS)

static void stop(void)
{
	mtspr(SPR_TCR, 0);
	mtspr(SPR_DEC, 0x7fffffff);
	mtspr(SPR_TSR, ~0u);
}

/* How many exceptions there have been, by the time base: each transition of TBL[11] to 1 */
static u32 exceptions(void)
{
	return (timebase() + PERIOD(0) / 2) >> 21;
}

/* TSR so many exceptions after @first; false: another one came while it was read */
static bool status_after(u32 first, u32 n, u32 *status)
{
	while (exceptions() - first < n)
		;
	*status = mfspr(SPR_TSR) & STATUS;
	return exceptions() - first == n;
}

/* Table 7-3. Without TCR[WRC] nothing comes of the last one. On a busy host it is tried again. */
static void states(u32 from)
{
	u32 tries, first, status[3] = { 0 };
	bool done = false;

	for (tries = 0; tries < 50 && !done; tries++) {
		stop();
		tsr_wait(STATUS, 3 * PERIOD(0));
		first = exceptions();
		mtspr(SPR_TSR, STATUS & ~from);
		done = status_after(first, 0, &status[0]) && status_after(first, 1, &status[1]) &&
		       status_after(first, 2, &status[2]);
	}
	manual("left", status[0], from);
	manual("after one exception", status[1], from ? STATUS : TSR_ENW);
	manual("after two", status[2], STATUS);
}

/* Sets WIS, enables the interrupt; with this period the next exception is far away */
static void raise(void)
{
	stop();
	tsr_wait(STATUS, 4 * PERIOD(0));
	mtspr(SPR_TCR, TCR_WIE | TCR_WP(3u));
}

/*
 * How it is let in. r6 = CE, r7 = 0, r8 = the last instruction, r9 = CE and PR, r10 = WIS, r11 =
 * WIE. Flags: the instruction, from the first, before which it is taken; NEVER.
 */
#define NEVER 0xff
ROW(gates, 0xff, "nop");
ROW(gates, 0xff, "wrteei 1; nop");
ROW(gates, 1, "mtmsr 6; nop");
ROW(gates, 3, "nop; nop; mtmsr 6; nop; nop");
ROW(gates, 1, "mtmsr 6; mtmsr 7; nop");
ROW(gates, 4, "mtspr 26, 8; mtspr 27, 6; rfi; nop; nop");
ROW(gates, 4, "mtspr 26, 8; mtspr 27, 9; rfi; nop; nop");
ROW(gates, 4, "mtspr 58, 8; mtspr 59, 6; rfci; nop; nop");
ROW(gates, 4, "mtspr 570, 8; mtspr 571, 6; rfmci; nop; nop");
ROW(gates, 1, "mtmsr 6; mtspr 340, 7; nop");
ROW(gates, 0xff, "mtspr 340, 7; mtmsr 6; nop");
ROW(gates, 3, "mtspr 340, 7; mtmsr 6; mtspr 340, 11; nop");
ROW(gates, 0xff, "mtspr 336, 10; mtmsr 6; nop");
ROW_TABLE(gates);

static void interrupt(void)
{
	struct cpu cpu;
	const struct row *r;
	u32 n;

	for (r = gates_begin; r < gates_end; r++) {
		raise();
		code_load(r->words, r->words + r->count);
		cpu_init(&cpu, 0);
		cpu.gpr[6] = MSR_CE;
		cpu.gpr[7] = 0;
		cpu.gpr[8] = CODE_EA + 4 * (r->count - 1);
		cpu.gpr[9] = MSR_CE | MSR_PR;
		cpu.gpr[10] = TSR_WIS;
		cpu.gpr[11] = TCR_WIE | TCR_WP(3u);
		cpu_run(&cpu);
		print("%s\n", r->name);
		manual("vector", cpu.vec, r->flags == NEVER ? VEC_SC : VEC_WATCHDOG);
		if (r->flags == NEVER)
			continue;
		manual("CSRR0", cpu.pc, CODE_EA + 4 * r->flags);
		manual("CSRR1[CE]", cpu.msr & MSR_CE, MSR_CE);
	}
	/* again and again, until it is cleared; SRR0 and SRR1 are another class's */
	raise();
	code_load(NULL, NULL);
	for (n = 0; n < 3; n++) {
		cpu_init(&cpu, MSR_EE | MSR_PR | MSR_CE | MSR_DE | MSR_ME | MSR_FE0);
		if (n == 2)
			mtspr(SPR_TSR, TSR_WIS);
		cpu_run(&cpu);
		manual("vector", cpu.vec, n == 2 ? VEC_SC : VEC_WATCHDOG);
		manual("xSRR1", cpu.msr, MSR_EE | MSR_PR | MSR_CE | MSR_DE | MSR_ME | MSR_FE0);
		manual("MSR at entry", cpu.entry_msr, n == 2 ? MSR_CE | MSR_DE | MSR_ME : MSR_ME);
	}
}

/* Programs that know nothing of it, and one that waits */
SNIPPET(spin, "1: mftb 4; subf 4, 3, 4; cmplw 4, 5; blt 1b");
SNIPPET(idle, "mtmsr 6; nop");

static void asynchronous(void)
{
	struct cpu cpu;
	u32 n;

	for (n = 0; n < 2; n++) {
		stop();
		mtspr(SPR_TCR, TCR_WIE | TCR_WP(0u));
		code_snippet(spin);
		cpu_init(&cpu, MSR_CE | (n ? MSR_PR : 0));
		cpu.gpr[3] = timebase();
		cpu.gpr[5] = 40 * PERIOD(0);
		cpu_run(&cpu);
		manual("interrupt of a loop", cpu.vec, VEC_WATCHDOG);
		manual("CSRR0 in the loop", cpu.pc < CODE_EA + 16, true);
	}
	stop();
	mtspr(SPR_TCR, TCR_WIE | TCR_WP(0u) | TCR_DIE);
	code_snippet(idle);
	cpu_init(&cpu, 0);
	/* EE and the decrementer, so that QEMU's own 440 does not wait forever */
	cpu.gpr[6] = MSR_WE | MSR_CE | MSR_EE;
	mtspr(SPR_DEC, 6 * PERIOD(0));
	cpu_run(&cpu);
	manual("wait", cpu.vec, VEC_WATCHDOG);
	manual("xSRR0", cpu.pc, CODE_EA + 4);
	manual("xSRR1", cpu.msr, MSR_WE | MSR_CE | MSR_EE);
}

/* What errant code cannot undo. With the longest period nothing comes of it here. */
static void reset_control(void)
{
	stop();
	mtspr(SPR_TCR, TCR_WP(3u));
	print("WRC at first: %08x\n", mfspr(SPR_TCR) & TCR_WRC);
	mtspr(SPR_TSR, STATUS);
	mtspr(SPR_TCR, TCR_WP(3u) | 0x10000000);
	print("WRC=1: %08x\n", mfspr(SPR_TCR));
	mtspr(SPR_TCR, TCR_WP(3u));
	manual("WRC=0", mfspr(SPR_TCR), TCR_WP(3u) | 0x10000000);
	mtspr(SPR_TCR, TCR_WP(3u) | 0x20000000);
	manual("WRC=2", mfspr(SPR_TCR), TCR_WP(3u) | 0x30000000);
	mtspr(SPR_TSR, STATUS);
}

void test(void)
{
	states(0);
	states(TSR_ENW);
	states(TSR_WIS);
	states(STATUS);
	interrupt();
	asynchronous();
	reset_control();
}
