// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hypercalls, as Linux's Documentation/virt/kvm/ppc-pv.rst and the ePAPR have them. On the bare
 * machine an sc is a system call, whatever is in r0, so what only a VM can answer stands in
 * manual() lines.
 */
#include "guest.h"

#define KVM_MAGIC   0x4b564d21
#define KVM_HC(n)   (42 << 16 | (n))
#define EV_HC(n)    (1 << 16 | (n))
#define EV_IDLE	    EV_HC(16)
#define IDLE_TICKS  1000000
#define ALMOST_IDLE (IDLE_TICKS - IDLE_TICKS / 100)

/* The second sc, which ends it, is a system call in any case */
SNIPPET(call, "sc; li 0, 0");

static void run_call(struct cpu *before, struct cpu *now, u32 msr, u32 r0, u32 r11)
{
	cpu_init(before, msr);
	before->gpr[0] = r0;
	before->gpr[11] = r11;
	*now = *before;
	cpu_run(now);
}

static u32 answer(u32 number)
{
	struct cpu before, now;

	run_call(&before, &now, 0, KVM_MAGIC, number);
	return now.vec == VEC_SC && now.pc == CODE_EA + 12 ? now.gpr[3] : ~0u;
}

static void numbers(void)
{
	struct cpu before, now;

	manual("KVM_HC_FEATURES answers", answer(KVM_HC(3)), 0);
	manual("another vendor's is not implemented", answer(7 << 16 | 3), 12);
	manual("EV_HC 17 is not implemented", answer(EV_HC(17)), 12);
	run_call(&before, &now, 0, KVM_MAGIC, KVM_HC(3));
	manual("the magic page is one", now.gpr[4], 2);
	manual("r5 stays", now.gpr[5], before.gpr[5]);
	manual("r11 stays", now.gpr[11], before.gpr[11]);
}

static void system_calls(void)
{
	struct cpu before, now;

	run_call(&before, &now, MSR_PR, KVM_MAGIC, KVM_HC(3));
	show("user", &before, &now);
	run_call(&before, &now, MSR_PR, KVM_MAGIC, EV_IDLE);
	show("user, idle", &before, &now);
	run_call(&before, &now, 0, KVM_MAGIC ^ 0x10000, KVM_HC(3));
	show("another r0", &before, &now);
	run_call(&before, &now, 0, 0, EV_IDLE);
	show("r0 = 0", &before, &now);
}

/* Idle for the decrementer, whose interrupt @msr masks or not */
static void idle(u32 msr, struct cpu *now, u32 *ticks)
{
	struct cpu before;
	u64 start;

	mtspr(SPR_TCR, TCR_DIE);
	mtspr(SPR_TSR, TSR_DIS);
	start = timebase();
	mtspr(SPR_DEC, IDLE_TICKS);
	run_call(&before, now, msr, KVM_MAGIC, EV_IDLE);
	*ticks = timebase() - start;
}

static void idles(void)
{
	struct cpu before, now;
	u32 ticks, n, wrong = 0;

	idle(0, &now, &ticks);
	manual("EV_IDLE, masked: status", now.gpr[3], 0);
	manual("... waits", ticks >= ALMOST_IDLE, 1);
	manual("... goes on behind it", now.pc, CODE_EA + 12);
	manual("... the interrupt is pending", mfspr(SPR_TSR) & TSR_DIS, TSR_DIS);
	run_call(&before, &now, 0, KVM_MAGIC, EV_IDLE);
	manual("... and again, at once", now.pc, CODE_EA + 12);

	idle(MSR_EE, &now, &ticks);
	manual("EV_IDLE: its interrupt", now.vec, VEC_DEC);
	manual("... comes from behind it", now.pc, CODE_EA + 4);
	manual("... status", now.gpr[3], 0);
	manual("... MSR", now.msr, MSR_EE);
	manual("... waits", ticks >= ALMOST_IDLE, 1);

	for (n = 0; n < 20; n++) {
		idle(n & 1 ? MSR_EE : 0, &now, &ticks);
		wrong += ticks < ALMOST_IDLE || now.gpr[3];
	}
	manual("EV_IDLE, often: wrong", wrong, 0);
	mtspr(SPR_TCR, 0);
	mtspr(SPR_TSR, TSR_DIS);
}

void test(void)
{
	code_snippet(call);
	numbers();
	system_calls();
	idles();
}
