// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reservations: one does not outlive its context, and what relies on them is exact while
 * interrupts come at any instruction.
 *
 * On a 440 an interrupt leaves a reservation alone, so that a handler has to end it; on QEMU, and
 * in a VM, whose every exit ends it, it is gone. Both are right for a program, which tries again.
 */
#include "guest.h"

#define EA     0x60000000
#define SLOT   5
#define RIGHTS (TLB_UR | TLB_UW | TLB_SR | TLB_SW)
#define AS1    (MSR_IS | MSR_DS)
#define ROUNDS 20000
#define TICKS  5000

#define INTERRUPTS 50

#define AS1_SLOT 1

static u32 pages[2][PAGE_SIZE / 4] __attribute__((aligned(PAGE_SIZE)));

/* lwarx, and behind its sc the stwcx. of another context */
SNIPPET(halves, "lwarx 5, 0, 4; sc; stwcx. 6, 0, 4");

static void one(u32 from, u32 to, u32 pid, u32 offset)
{
	struct cpu cpu;

	pages[0][0] = 0x11110000;
	pages[0][1] = 0x22220000;
	cpu_init(&cpu, from);
	cpu.gpr[4] = EA;
	cpu_run(&cpu);
	mtspr(SPR_PID, pid);
	isync();
	cpu.msr = to;
	cpu.gpr[4] = EA + offset;
	cpu_run(&cpu);
	mtspr(SPR_PID, 0);
	isync();
	print("MSR %08x, then %08x pid %u +%u: %s, cr %08x, memory %08x %08x\n", from, to, pid,
	      offset, vec_name(cpu.vec), cpu.cr, pages[0][0], pages[0][1]);
}

/* From each context into each */
static void across(void)
{
	static const u32 states[] = { 0, MSR_PR, AS1, AS1 | MSR_PR };
	u32 a, b;

	code_snippet(halves);
	map_4k(SLOT, EA, 0, pages[0], RIGHTS);
	map_4k(SLOT + 1, EA | TLB_TS, 0, pages[0], RIGHTS);
	for (a = 0; a < ARRAY_SIZE(states); a++)
		for (b = 0; b < ARRAY_SIZE(states); b++) {
			one(states[a], states[b], 0, 0);
			one(states[a], states[b], 3, 4);
		}
}

/* r4 = address, ctr = rounds: one is added each time */
SNIPPET(count, "1: lwarx 5, 0, 4; addi 5, 5, 1; stwcx. 5, 0, 4; bne- 1b; bdnz 1b");

/* The interrupts' handler adds, too, in the same way */
static void add(volatile u32 *to)
{
	u32 value;

	asm volatile("1: lwarx %0, 0, %1; addi %0, %0, 1; stwcx. %0, 0, %1; bne- 1b"
		     : "=&r"(value)
		     : "r"(to)
		     : "memory", "cr0");
}

/* As many rounds as it takes until INTERRUPTS have come */
static void counted(u32 msr)
{
	struct cpu cpu;
	u32 rounds = 0, n = 0;
	u64 start = timebase();

	code_snippet(count);
	pages[0][0] = 0;
	mtspr(SPR_TSR, TSR_DIS);
	mtspr(SPR_DECAR, TICKS);
	mtspr(SPR_TCR, TCR_DIE | TCR_ARE);
	mtspr(SPR_DEC, TICKS);
	do {
		cpu_init(&cpu, msr | MSR_EE);
		cpu.gpr[4] = EA;
		cpu.ctr = ROUNDS;
		rounds += ROUNDS;
		for (;;) {
			cpu_run(&cpu);
			if (cpu.vec != VEC_DEC)
				break;
			mtspr(SPR_TSR, TSR_DIS);
			add(pages[0]);
			n++;
		}
	} while (cpu.vec == VEC_SC && n < INTERRUPTS && timebase() - start < TIMEOUT);
	mtspr(SPR_TCR, 0);
	mtspr(SPR_TSR, TSR_DIS);
	print("MSR %08x: ends by %s, interrupts %s, lost %d\n", msr, vec_name(cpu.vec),
	      n < INTERRUPTS ? "few" : "enough", (int)(rounds + n - pages[0][0]));
}

void test(void)
{
	map_4k(AS1_SLOT, CODE_EA | TLB_TS, 0, code_page, TLB_ALL);
	across();
	counted(0);
	counted(MSR_PR);
	counted(AS1 | MSR_PR);
}
