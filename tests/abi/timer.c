// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fixed interval timer and watchdog, and what of them a VMM sees. For a host whose clock does not
 * go on when the machine that emulates it has other things to do: who is late is reset.
 */
#include <pthread.h>
#include <unistd.h>
#include "abi.h"

#define VECTORS 0x10000
#define IVOR(n) KVM44X_REG_SPR(400 + (n))

/* Time base ticks from one exception to the next: TCR[WP] and TCR[FP] */
#define WATCHDOG_PERIOD(wp) (1ull << (21 + 4 * (wp)))
#define FIT_PERIOD(fp)	    (1ull << (13 + 4 * (fp)))

/* The next exception is a whole period away, but for what it takes to get here */
static void begin_period(uint64_t period)
{
	uint64_t start = time_base();

	while (!((start ^ time_base()) & period) || (time_base() & (period / 2)))
		;
	while (!(time_base() & (period / 2)))
		;
}

static void enable_watchdog_exits(struct vm *vm)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_PPC_BOOKE_WATCHDOG };

	CHECK(ioctl(vm->vcpu, KVM_ENABLE_CAP, &cap) == 0);
}

static int runs_into(struct vm *vm, uint32_t reason)
{
	return run(vm) == 0 && vm->run->exit_reason == reason;
}

/* A guest that hangs is reset by the third exception, each way that a reset can be */
static void last_exception(void)
{
	struct vm vm;
	uint32_t wrc;
	uint64_t start;

	for (wrc = 1; wrc < 8; wrc++) {
		uint32_t type = (wrc & 3) << 28;

		if (!type)
			continue;
		create(&vm);
		if (wrc & 4)
			enable_watchdog_exits(&vm);
		begin_period(WATCHDOG_PERIOD(0));
		start = time_base();
		set_word(&vm, KVM_REG_PPC_TSR, 0);
		set_word(&vm, KVM_REG_PPC_TCR, type);
		CODE(&vm, 0x100, B(0));
		CHECK(runs_into(&vm, wrc & 4 ? KVM_EXIT_WATCHDOG : KVM_EXIT_SYSTEM_EVENT));
		CHECK(wrc & 4 || vm.run->system_event.type == KVM_SYSTEM_EVENT_RESET);
		CHECK(time_base() - start > WATCHDOG_PERIOD(0) * 9 / 4);
		CHECK((word_of(&vm, KVM_REG_PPC_TSR) & (TSR_ENW | TSR_WIS | TSR_WRS)) ==
		      (TSR_ENW | TSR_WIS | type));
		CHECK(word_of(&vm, KVM_REG_PPC_TCR) == type);
		/* who goes on without a reset is told again, a period later */
		start = time_base();
		CHECK(runs_into(&vm, wrc & 4 ? KVM_EXIT_WATCHDOG : KVM_EXIT_SYSTEM_EVENT));
		CHECK(time_base() - start < 1000000000);
		destroy(&vm);
	}
	/* without WRC nothing comes of it */
	create(&vm);
	enable_watchdog_exits(&vm);
	set_word(&vm, KVM_REG_PPC_TSR, TSR_ENW | TSR_WIS);
	CODE(&vm, 0x100, B(0));
	alarm_in(100);
	REFUSED(EINTR, run(&vm));
	CHECK(!(word_of(&vm, KVM_REG_PPC_TSR) & TSR_WRS));
	destroy(&vm);
}

/* The same for one that waits for an interrupt that does not come */
static void last_exception_in_the_wait_state(void)
{
	struct vm vm;

	create(&vm);
	enable_watchdog_exits(&vm);
	set_word(&vm, KVM_REG_PPC_TCR, TCR_WRC | TCR_WIE);
	CODE(&vm, 0x100, LIS(3, MSR_WE >> 16), MTMSR(3), B(0));
	CHECK(runs_into(&vm, KVM_EXIT_WATCHDOG));
	/* for the one that interrupts, if it were let in, and for the last one */
	CHECK(statistic(&vm, "halts") >= 1 && statistic(&vm, "halts") <= 3);
	destroy(&vm);
}

/*
 * QEMU's ways with it (-watchdog-action): a reset, a pause that is ended by "cont",
 * nothing.
 */
static void qemu_actions(void)
{
	uint64_t period = WATCHDOG_PERIOD(0), start;
	struct vm vm;

	create(&vm);
	enable_watchdog_exits(&vm);
	set_word(&vm, KVM_REG_PPC_TCR, TCR_WRC);
	CODE(&vm, 0x100, B(0));
	CHECK(runs_into(&vm, KVM_EXIT_WATCHDOG));
	/* pause: far too long for the watchdog */
	usleep(100000);
	set_word(&vm, KVM_REG_PPC_CLEAR_TSR, TSR_ENW | TSR_WIS | TSR_WRS);
	start = time_base();
	CHECK(!(word_of(&vm, KVM_REG_PPC_TSR) & (TSR_ENW | TSR_WIS | TSR_WRS)));
	CHECK(runs_into(&vm, KVM_EXIT_WATCHDOG));
	CHECK(time_base() - start > 2 * period);
	/* a stop in the middle of things is no different */
	usleep(100000);
	set_word(&vm, KVM_REG_PPC_TSR, 0);
	start = time_base();
	CHECK(runs_into(&vm, KVM_EXIT_WATCHDOG));
	CHECK(time_base() - start > 2 * period);
	/* reset: nothing is left of it, TCR[WRC] neither */
	set_word(&vm, KVM_REG_PPC_TCR, 0);
	set_word(&vm, KVM_REG_PPC_CLEAR_TSR, ~0u);
	CHECK(word_of(&vm, KVM_REG_PPC_TSR) == 0);
	CODE(&vm, 0x100, MFSPR(3, TCR), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0);
	CODE(&vm, 0x100, B(0));
	alarm_in(100);
	REFUSED(EINTR, run(&vm));
	/* and what a VMM wants the guest to know of it, it can tell */
	set_word(&vm, KVM_REG_PPC_TSR, TSR_WRS);
	CODE(&vm, 0x100, MFSPR(3, TSR), STOP);
	CHECK(stopped(&vm));
	CHECK((gpr(&vm, 3) & TSR_WRS) == TSR_WRS);
	destroy(&vm);
}

/* Ends a run that lasts too long: what it waits for never comes */
static void *late(void *arg)
{
	usleep(300000);
	CHECK(interrupt(arg, KVM_INTERRUPT_SET_LEVEL) == 0);
	return NULL;
}

/* The handler of the watchdog's interrupt clears it forty times, then lets it go */
static void interrupts(void)
{
	struct vm vm;

	create(&vm);
	enable_watchdog_exits(&vm);
	CODE(&vm, VECTORS + 0x200, LIS(6, (TSR_ENW | TSR_WIS) >> 16), MTSPR(TSR, 6), ADDI(7, 7, 1),
	     CMPWI(7, 40), BEQ(8), RFCI, MFSPR(8, CSRR1), B(0));
	set_word(&vm, KVM44X_REG_SPR(IVPR), VECTORS);
	set_word(&vm, IVOR(12), 0x200);
	set_word(&vm, KVM_REG_PPC_TCR, TCR_WRC | TCR_WIE);
	CODE(&vm, 0x100, LI(7, 0), LIS(3, MSR_CE >> 16), MTMSR(3), B(0));
	CHECK(runs_into(&vm, KVM_EXIT_WATCHDOG));
	CHECK(gpr(&vm, 7) == 40 && gpr(&vm, 8) == MSR_CE);
	destroy(&vm);
}

/*
 * What the guest did not ask for does not wake it, nor end its run: not a single time
 * for each of the thousands of exceptions that a second has.
 */
static void silence(void)
{
	pthread_t thread;
	struct vm vm;

	create(&vm);
	CODE(&vm, VECTORS + 0x300, MFSPR(3, TSR), STOP);
	set_word(&vm, KVM44X_REG_SPR(IVPR), VECTORS);
	set_word(&vm, IVOR(4), 0x300);
	set_word(&vm, KVM_REG_PPC_TCR, TCR_FP(0) | TCR_WP(0) | TCR_DIE);
	set_word(&vm, KVM_REG_PPC_TSR, 0);
	CODE(&vm, 0x100, LIS(3, MSR_WE >> 16), ORI(3, 3, MSR_EE), MTMSR(3), B(0));
	CHECK(pthread_create(&thread, NULL, late, &vm) == 0);
	CHECK(stopped(&vm));
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(statistic(&vm, "halts") == 1);
	CHECK(interrupt(&vm, KVM_INTERRUPT_UNSET) == 0);
	/* it happened, though */
	CHECK((gpr(&vm, 3) & (TSR_ENW | TSR_WIS | TSR_FIS)) == (TSR_ENW | TSR_WIS | TSR_FIS));
	CODE(&vm, 0x100, B(0));
	alarm_in(100);
	REFUSED(EINTR, run(&vm));
	CHECK(statistic(&vm, "timer_exits") == 0);
	/* one that is enabled, and not let in, does so once */
	set_word(&vm, KVM_REG_PPC_TSR, 0);
	set_word(&vm, KVM_REG_PPC_TCR, TCR_FP(0) | TCR_FIE);
	alarm_in(100);
	REFUSED(EINTR, run(&vm));
	CHECK(statistic(&vm, "timer_exits") <= 1);
	CHECK(word_of(&vm, KVM_REG_PPC_TSR) & TSR_FIS);
	destroy(&vm);
}

/* Fifty waits for the fixed interval timer: each ends at an exception, and nothing else ends it */
static void fixed_interval(void)
{
	uint64_t start, halts;
	struct vm vm;

	create(&vm);
	/* acknowledges, and returns without MSR[WE] */
	CODE(&vm, VECTORS + 0x200, LIS(6, TSR_FIS >> 16), MTSPR(TSR, 6), ADDI(7, 7, 1),
	     MFSPR(6, SRR1), RLWINM(6, 6, 0, 14, 12), MTSPR(SRR1, 6), RFI);
	set_word(&vm, KVM44X_REG_SPR(IVPR), VECTORS);
	set_word(&vm, IVOR(11), 0x200);
	set_word(&vm, KVM_REG_PPC_TCR, TCR_FP(2) | TCR_FIE);
	CODE(&vm, 0x100, LI(7, 0), LI(3, 50), MTSPR(CTR, 3), LIS(3, MSR_WE >> 16),
	     ORI(3, 3, MSR_EE), MTMSR(3), BDNZ(-4), STOP);
	start = time_base();
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 7) == 50);
	CHECK(time_base() - start > 49 * FIT_PERIOD(2));
	halts = statistic(&vm, "halts");
	CHECK(halts == 50);
	destroy(&vm);
}

/* Nothing that happens while the state is on its way is lost, as the time base says */
static void state_on_its_way(void)
{
	uint64_t now, then;
	struct kvm_sregs s;
	struct vm vm;

	create(&vm);
	set_word(&vm, KVM_REG_PPC_TCR, TCR_FP(3) | TCR_WP(1) | TCR_WIE);
	set_word(&vm, KVM_REG_PPC_TSR, 0);
	now = time_base();
	CHECK(get(&vm, KVM44X_REG_TSR_TIME, &then) == 0 && then <= now && now - then < 100000000);
	then = now - 2 * WATCHDOG_PERIOD(1);
	CHECK(set(&vm, KVM44X_REG_TSR_TIME, &then) == 0);
	CHECK(ioctl(vm.vcpu, KVM_GET_SREGS, &s) == 0);
	CHECK(s.u.e.tsr == (TSR_ENW | TSR_WIS | TSR_FIS));
	CHECK(word_of(&vm, KVM_REG_PPC_TSR) == 0);
	/* the interrupt is there at once */
	CODE(&vm, VECTORS + 0x200, MFSPR(3, TSR), STOP);
	set_word(&vm, KVM44X_REG_SPR(IVPR), VECTORS);
	set_word(&vm, IVOR(12), 0x200);
	CODE(&vm, 0x100, LIS(3, MSR_CE >> 16), MTMSR(3), LI(3, 0), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == (TSR_ENW | TSR_WIS | TSR_FIS));
	destroy(&vm);
}

void timer_checks(void)
{
	last_exception();
	last_exception_in_the_wait_state();
	qemu_actions();
	interrupts();
	silence();
	fixed_interval();
	state_on_its_way();
}
