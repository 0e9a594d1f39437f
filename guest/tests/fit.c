// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fixed interval timer: which bit of the time base it follows, where its interrupt is taken,
 * by what, and waiting for it by MSR[WE].
 *
 * On QEMU's own 440 it never fires: what is expected is the manual's (7.3, 6.5.12).
 */
#include "guest.h"

#define PERIOD(fp) (1ull << (13 + 4 * (fp)))

static void stop(void)
{
	mtspr(SPR_TCR, 0);
	mtspr(SPR_DEC, 0x7fffffff);
	mtspr(SPR_TSR, ~0u);
}

/*
 * The exception is the selected bit's 0 to 1 transition, half a period after the other one. On a
 * busy host the moment may have gone when we look: then the next one is tried, for some seconds.
 */
static void transitions(u32 fp)
{
	u64 half = PERIOD(fp) / 2, first;
	u32 tries, at_most = 50 << (9 - 3 * fp), early = TSR_FIS, late = 0;

	for (tries = 0; tries < at_most && (early || !late); tries++) {
		stop();
		mtspr(SPR_TCR, TCR_FP(fp));
		while (timebase() & half)
			;
		first = timebase() & ~(half - 1);
		mtspr(SPR_TSR, TSR_FIS);
		do {
			early = mfspr(SPR_TSR) & TSR_FIS;
		} while (!early && timebase() - first < half / 2);
		while (timebase() - first <= half)
			;
		late = mfspr(SPR_TSR) & TSR_FIS;
		if (timebase() - first >= 2 * half)
			late = 0;
	}
	print("FP=%u\n", fp);
	manual("no exception while the bit is 0", early, 0);
	manual("an exception when it is 1", late, TSR_FIS);
}

/* Sets FIS, enables the interrupt; with this period the next one is far away */
static void raise(void)
{
	stop();
	while (timebase() & (PERIOD(3) / 2) || (timebase() & (PERIOD(3) / 2 - 1)) > PERIOD(3) / 8)
		;
	tsr_wait(TSR_FIS, 4 * PERIOD(0));
	mtspr(SPR_TCR, TCR_FIE | TCR_FP(3));
}

/* Has there been no other exception since? Else it is all to be done again. */
static bool undisturbed(void)
{
	return !(timebase() & (PERIOD(3) / 2));
}

static void status(void)
{
	u32 zero, others, itself, tries = 0;

	do {
		raise();
		mtspr(SPR_TSR, 0);
		zero = mfspr(SPR_TSR) & TSR_FIS;
		mtspr(SPR_TSR, ~TSR_FIS);
		others = mfspr(SPR_TSR) & TSR_FIS;
		mtspr(SPR_TSR, TSR_FIS);
		itself = mfspr(SPR_TSR) & TSR_FIS;
	} while (!undisturbed() && tries++ < 50);
	manual("FIS after writing 0", zero, TSR_FIS);
	manual("FIS after writing all else", others, TSR_FIS);
	print("FIS after writing FIS: %08x\n", itself);
}

/*
 * How it is let in. r6 = EE, r7 = 0, r8 = the last instruction, r9 = EE and PR, r10 = FIS, r11 =
 * FIE. Flags: the instruction, from the first, before which it is taken; NEVER.
 */
#define NEVER 0xff
ROW(gates, 0xff, "nop");
ROW(gates, 1, "wrteei 1; nop");
ROW(gates, 1, "wrtee 6; nop");
ROW(gates, 1, "mtmsr 6; nop");
ROW(gates, 3, "nop; nop; wrteei 1; nop; nop");
ROW(gates, 1, "wrteei 1; wrteei 0; nop");
ROW(gates, 0xff, "wrtee 7; mtmsr 7; nop");
ROW(gates, 4, "mtspr 26, 8; mtspr 27, 6; rfi; nop; nop");
ROW(gates, 4, "mtspr 26, 8; mtspr 27, 9; rfi; nop; nop");
ROW(gates, 4, "mtspr 58, 8; mtspr 59, 6; rfci; nop; nop");
ROW(gates, 1, "wrteei 1; mtspr 340, 7; nop");
ROW(gates, 0xff, "mtspr 340, 7; wrteei 1; nop");
ROW(gates, 3, "mtspr 340, 7; wrteei 1; mtspr 340, 11; nop");
ROW(gates, 0xff, "mtspr 336, 10; wrteei 1; nop");
ROW_TABLE(gates);

static void run_gate(struct cpu *cpu, const struct row *r)
{
	u32 tries = 0;

	code_load(r->words, r->words + r->count);
	do {
		raise();
		cpu_init(cpu, 0);
		cpu->gpr[6] = MSR_EE;
		cpu->gpr[7] = 0;
		cpu->gpr[8] = CODE_EA + 4 * (r->count - 1);
		cpu->gpr[9] = MSR_EE | MSR_PR;
		cpu->gpr[10] = TSR_FIS;
		cpu->gpr[11] = TCR_FIE | TCR_FP(3);
		cpu_run(cpu);
	} while (!undisturbed() && tries++ < 50);
}

static void interrupt(void)
{
	struct cpu cpu;
	const struct row *r;
	u32 n;

	for (r = gates_begin; r < gates_end; r++) {
		run_gate(&cpu, r);
		print("%s\n", r->name);
		manual("vector", cpu.vec, r->flags == NEVER ? VEC_SC : VEC_FIT);
		if (r->flags == NEVER)
			continue;
		manual("SRR0", cpu.pc, CODE_EA + 4 * r->flags);
		manual("SRR1[EE]", cpu.msr & MSR_EE, MSR_EE);
	}
	/* again and again, until it is cleared, and disabled */
	raise();
	code_load(NULL, NULL);
	for (n = 0; n < 3; n++) {
		cpu_init(&cpu, MSR_EE | MSR_PR | MSR_CE | MSR_DE | MSR_ME | MSR_FE0);
		if (n == 2) {
			mtspr(SPR_TCR, 0);
			mtspr(SPR_TSR, TSR_FIS);
		}
		cpu_run(&cpu);
		manual("vector", cpu.vec, n == 2 ? VEC_SC : VEC_FIT);
		manual("SRR1", cpu.msr, MSR_EE | MSR_PR | MSR_CE | MSR_DE | MSR_ME | MSR_FE0);
		manual("MSR at entry", cpu.entry_msr, MSR_CE | MSR_DE | MSR_ME);
	}
}

/* A program that knows nothing of it is interrupted in each period */
SNIPPET(spin, "1: mftb 4; subf 4, 3, 4; cmplw 4, 5; blt 1b");

static void asynchronous(void)
{
	struct cpu cpu;
	u64 start;
	u32 n, pr;

	code_snippet(spin);
	for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
		stop();
		mtspr(SPR_TCR, TCR_FIE | TCR_FP(2));
		start = timebase();
		for (n = 0; n < 8; n++) {
			mtspr(SPR_TSR, TSR_FIS);
			cpu_init(&cpu, MSR_EE | pr);
			cpu.gpr[3] = timebase();
			cpu.gpr[5] = 40 * PERIOD(2);
			cpu_run(&cpu);
			if (cpu.vec != VEC_FIT)
				break;
		}
		manual("interrupts of a loop", n, 8);
		manual("one in each period", timebase() - start > 7 * PERIOD(2), true);
	}
}

/* SRR0 is behind the mtmsr, and SRR1 keeps WE */
SNIPPET(idle, "mtmsr 6; isync; addi 3, 3, 1");

static void wait_state(void)
{
	struct cpu cpu;
	u64 start;
	u32 n;

	stop();
	code_snippet(idle);
	/* the decrementer ends it where there is no other timer */
	mtspr(SPR_TCR, TCR_DIE | TCR_FIE | TCR_FP(2));
	start = timebase();
	for (n = 0; n < 4; n++) {
		mtspr(SPR_DEC, 4 * PERIOD(2));
		mtspr(SPR_TSR, ~0u);
		cpu_init(&cpu, 0);
		cpu.gpr[6] = MSR_WE | MSR_EE;
		cpu_run(&cpu);
		manual("wait", cpu.vec, VEC_FIT);
		print("  srr0=%08x srr1=%08x\n", cpu.pc, cpu.msr);
	}
	print("time passed: %s\n", timebase() - start > 3 * PERIOD(2) ? "ok" : "too little");
}

void test(void)
{
	u32 fp;

	for (fp = 0; fp < 4; fp++)
		transitions(fp);
	status();
	interrupt();
	asynchronous();
	wait_state();
	stop();
}
