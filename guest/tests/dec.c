// SPDX-License-Identifier: GPL-2.0-only
/*
 * The decrementer: one shot and auto-reload, gating by TCR[DIE] and MSR[EE], TSR[DIS], where
 * exactly a pending one is taken, and waiting for it by MSR[WE].
 *
 * Times are printed as ok or not only, with room for a busy host. Not here: FIT and watchdog
 * (never fire on QEMU), reading DEC while it counts (reads 0 on QEMU).
 */
#include "guest.h"

#define TICKS 2000000u /* 5 ms at 400 MHz */

static void show_run(const char *name, const struct cpu *before, struct cpu *now)
{
	cpu_run(now);
	show(name, before, now);
}

static void stop(void)
{
	mtspr(SPR_TCR, 0);
	mtspr(SPR_DECAR, 0);
	mtspr(SPR_DEC, 0x7fffffff);
	mtspr(SPR_TSR, ~0u);
}

/* Waits until DIS is set: ticks since start, or 0 when it never is. */
static u32 wait_for_dis(u64 start)
{
	while (!(mfspr(SPR_TSR) & TSR_DIS))
		if (timebase() - start > TIMEOUT)
			return 0;
	return timebase() - start;
}

static void wait_ticks(u32 ticks)
{
	u64 start = timebase();

	while (timebase() - start < ticks)
		;
}

static const char *in_time(u32 ticks, u32 expected)
{
	if (!ticks)
		return "never";
	return ticks < expected ? "too early" : ticks - expected < TIMEOUT / 2 ? "ok" : "too late";
}

static void one_shot(void)
{
	u64 start;
	u32 n;

	for (n = 0; n < 3; n++) {
		stop();
		start = timebase();
		mtspr(SPR_DEC, TICKS << n);
		print("one shot %u: %s", n, in_time(wait_for_dis(start), TICKS << n));
		print(" tsr=%08x", mfspr(SPR_TSR) & TSR_DIS);
		mtspr(SPR_TSR, TSR_DIS);
		print(" %08x\n", mfspr(SPR_TSR) & TSR_DIS);
	}
	/* Write one to clear: other bits and zeros leave it. */
	start = timebase();
	mtspr(SPR_DEC, 1000);
	wait_for_dis(start);
	mtspr(SPR_TSR, 0);
	print("tsr after writing 0: %08x", mfspr(SPR_TSR) & TSR_DIS);
	mtspr(SPR_TSR, ~TSR_DIS);
	print(", all but DIS: %08x", mfspr(SPR_TSR) & TSR_DIS);
	mtspr(SPR_TSR, TSR_DIS);
	print(", DIS: %08x\n", mfspr(SPR_TSR) & TSR_DIS);

	/* A 440's stops at 0, and writing 0 is no expiry. QEMU's counts on, and 0 expires. */
	manual("DEC stops at 0", mfspr(SPR_DEC) == 0, true);
	stop();
	mtspr(SPR_DEC, 0);
	wait_ticks(TICKS);
	manual("TSR[DIS] after DEC = 0", mfspr(SPR_TSR) & TSR_DIS, 0);
}

/*
 * How a pending decrementer is let in, and what becomes of it when DEC and TSR are written.
 * r6 = EE, r7 = 0, r8 = the instruction after rfi, r10 = DIS, r11 = a DEC that will not expire,
 * r12 = one that does while CTR counts, which takes as long as a busy QEMU's timer may be late.
 */
ROW(gates, 0, "nop");
ROW(gates, 0, "wrteei 1; nop");
ROW(gates, 0, "wrtee 6; nop");
ROW(gates, 0, "mtmsr 6; nop");
ROW(gates, 0, "nop; nop; wrteei 1; nop; nop");
ROW(gates, 0, "wrteei 1; wrteei 0; nop");
ROW(gates, 0, "wrtee 7; mtmsr 7; nop");
ROW(gates, 0, "mtspr 26, 8; mtspr 27, 6; rfi; nop; nop");
ROW(gates, 0, "mtspr 26, 8; mtspr 27, 9; rfi; nop; nop");
ROW(gates, 0, "wrteei 1; mtspr 340, 7; nop");
ROW(gates, 0, "mtspr 340, 7; wrteei 1; nop");
ROW(gates, 0, "mtspr 336, 10; wrteei 1; nop");
ROW(gates, 0, "mtspr 22, 11; wrteei 1; nop");
ROW(gates, 0, "mtspr 336, 10; mtspr 22, 11; wrteei 1; nop");
ROW(gates, 0, "mtspr 22, 11; mtspr 336, 10; wrteei 1; nop");
ROW(gates, 0, "mtspr 336, 10; mtspr 22, 12; 1: bdnz 1b; wrteei 1; nop");
ROW(gates, 0, "mtspr 336, 10; mtspr 22, 12; 1: bdnz 1b; mtspr 22, 11; wrteei 1; nop");
ROW(gates, 0,
    "mtspr 336, 10; mtspr 22, 11; mtspr 22, 12; 1: bdnz 1b; mfspr 13, 336; andis. 13, 13, 0x800");
ROW(gates, 0, "mtspr 336, 10; mtspr 22, 12; 1: bdnz 1b; mtspr 336, 10; wrteei 1; nop");
ROW_TABLE(gates);

static void pending(void)
{
	struct cpu before, now;
	const struct row *r;
	u64 start;

	for (r = gates_begin; r < gates_end; r++) {
		stop();
		mtspr(SPR_TCR, TCR_DIE);
		start = timebase();
		mtspr(SPR_DEC, 1000);
		wait_for_dis(start);
		code_load(r->words, r->words + r->count);
		cpu_init(&before, 0);
		before.gpr[6] = MSR_EE;
		before.gpr[7] = 0;
		before.gpr[8] = CODE_EA + 4 * (r->count - 1);
		before.gpr[9] = MSR_EE | MSR_PR;
		before.gpr[10] = TSR_DIS;
		before.gpr[11] = 0x7fffffff;
		before.gpr[12] = 1;
		before.ctr = 20000000;
		now = before;
		show_run(r->name, &before, &now);
		print("  tsr=%08x\n", mfspr(SPR_TSR) & TSR_DIS);
	}
	/* it stays pending until DIS is cleared; DIE alone lets it in */
	stop();
	start = timebase();
	mtspr(SPR_DEC, 1000);
	wait_for_dis(start);
	code_load(NULL, NULL);
	cpu_init(&before, MSR_EE | MSR_PR);
	now = before;
	show_run("DIE=0", &before, &now);
	mtspr(SPR_TCR, TCR_DIE);
	now = before;
	show_run("DIE=1", &before, &now);
	now = before;
	show_run("again", &before, &now);
	mtspr(SPR_TSR, TSR_DIS);
	now = before;
	show_run("cleared", &before, &now);
}

/*
 * A user program that knows nothing of it is interrupted; supervisor code with EE too. On a busy
 * host the time may be up before the first instruction: then it is tried again.
 */
SNIPPET(spin, "1: addi 3, 3, 1; b 1b");

static void asynchronous(void)
{
	struct cpu cpu;
	u64 start;
	u32 n, tries;

	code_snippet(spin);
	for (n = 0; n < 4; n++) {
		for (tries = 0; tries < 20; tries++) {
			stop();
			mtspr(SPR_TCR, TCR_DIE);
			cpu_init(&cpu, MSR_EE | (n & 1 ? MSR_PR : 0));
			cpu.gpr[3] = 0;
			start = timebase();
			mtspr(SPR_DEC, TICKS);
			cpu_run(&cpu);
			if (cpu.gpr[3])
				break;
		}
		print("spin: %s %s srr1=%08x %s %s\n", vec_name(cpu.vec),
		      in_time(timebase() - start, TICKS), cpu.msr,
		      (cpu.pc & ~4u) == CODE_EA ? "in the loop" : "elsewhere",
		      cpu.gpr[3] ? "it ran" : "it never ran");
	}
}

/* With ARE it reloads DECAR at each expiry. */
static void auto_reload(void)
{
	struct cpu cpu;
	u64 start;
	u32 n, elapsed;

	stop();
	code_snippet(spin);
	mtspr(SPR_DECAR, TICKS);
	mtspr(SPR_TCR, TCR_DIE | TCR_ARE);
	start = timebase();
	mtspr(SPR_DEC, TICKS);
	for (n = 0; n < 10; n++) {
		cpu_init(&cpu, MSR_EE | MSR_PR);
		cpu_run(&cpu);
		if (cpu.vec != VEC_DEC)
			break;
		mtspr(SPR_TSR, TSR_DIS);
	}
	elapsed = timebase() - start;
	mtspr(SPR_TCR, 0);
	print("auto-reload: %u interrupts, %s\n", n, in_time(elapsed, 10 * TICKS));
	/* without ARE only the running one still comes, late on a busy host */
	wait_ticks(10 * TICKS);
	mtspr(SPR_TSR, TSR_DIS);
	wait_ticks(4 * TICKS);
	print("ARE off: tsr=%08x\n", mfspr(SPR_TSR) & TSR_DIS);
	/* DEC rewritten before its expiry: the new value counts */
	stop();
	start = timebase();
	mtspr(SPR_DEC, 2 * TICKS);
	mtspr(SPR_DEC, 6 * TICKS);
	print("rewritten: %s\n", in_time(wait_for_dis(start), 6 * TICKS));
}

/* mtmsr with WE waits; SRR0 is the instruction after it. SRR1 keeps WE (manual, wait state). */
SNIPPET(idle, "mtmsr 6; isync; addi 3, 3, 1");

static void wait_state(void)
{
	struct cpu before, now;
	u64 start;
	u32 n;

	for (n = 0; n < 3; n++) {
		stop();
		code_snippet(idle);
		mtspr(SPR_TCR, TCR_DIE);
		cpu_init(&before, 0);
		before.gpr[6] = MSR_WE | MSR_EE;
		now = before;
		start = timebase();
		mtspr(SPR_DEC, TICKS << n);
		cpu_run(&now);
		show("wait", &before, &now);
		print("  %s\n", in_time(timebase() - start, TICKS << n));
		/* as an idle loop's handler does it: WE off, on behind the mtmsr */
		mtspr(SPR_TSR, TSR_DIS);
		now.msr &= ~MSR_WE;
		show_run("  on behind it", &before, &now);
	}
	/* already pending: no wait */
	stop();
	mtspr(SPR_TCR, TCR_DIE);
	start = timebase();
	mtspr(SPR_DEC, 1000);
	wait_for_dis(start);
	now = before;
	show_run("wait, one is pending", &before, &now);
	/* an external interrupt wakes too */
	stop();
	mtdcr(UIC_SR, 0xffffffff);
	mtdcr(UIC_ER, 0x100);
	mtdcr(UIC_SRS, 0x100);
	now = before;
	show_run("wait, external", &before, &now);
	mtdcr(UIC_ER, 0);
	mtdcr(UIC_SR, 0xffffffff);
}

/* External before decrementer (manual, interrupt priorities). */
static void both(void)
{
	struct cpu before, now;
	u64 start;

	stop();
	code_load(NULL, NULL);
	mtspr(SPR_TCR, TCR_DIE);
	start = timebase();
	mtspr(SPR_DEC, 1000);
	wait_for_dis(start);
	mtdcr(UIC_SR, 0xffffffff);
	mtdcr(UIC_ER, 0x100);
	mtdcr(UIC_SRS, 0x100);
	cpu_init(&before, MSR_EE | MSR_PR);
	now = before;
	show_run("both pending", &before, &now);
	mtdcr(UIC_SR, 0x100);
	now = before;
	show_run("external cleared", &before, &now);
	mtspr(SPR_TSR, TSR_DIS);
	now = before;
	show_run("both cleared", &before, &now);
	mtdcr(UIC_ER, 0);
}

static void registers(void)
{
	mtspr(SPR_TCR, 0x07c00000);
	print("tcr=%08x\n", mfspr(SPR_TCR));
	mtspr(SPR_TCR, 0);
	print("tcr=%08x\n", mfspr(SPR_TCR));
}

/* The time base runs, forwards, and the user sees it too. */
SNIPPET(read_tb, "mftbu 4; mftb 3; mftbu 5");

static void time_base(void)
{
	struct cpu cpu;
	u64 last = timebase(), now;
	u32 n, backwards = 0;

	code_snippet(read_tb);
	for (n = 0; n < 20; n++) {
		cpu_init(&cpu, n & 1 ? MSR_PR : 0);
		cpu_run(&cpu);
		if (cpu.gpr[4] != cpu.gpr[5])
			continue;
		now = (u64)cpu.gpr[4] << 32 | cpu.gpr[3];
		backwards += now <= last;
		last = now;
		now = timebase();
		backwards += now <= last;
		last = now;
	}
	print("time base: %u times backwards\n", backwards);
}

void test(void)
{
	registers();
	one_shot();
	pending();
	asynchronous();
	auto_reload();
	wait_state();
	both();
	time_base();
	stop();
}
