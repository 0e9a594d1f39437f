// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls of QEMU 7.2 in their order (accel/kvm/kvm-all.c, target/ppc/kvm.c, hw/ppc/ppc_booke.c):
 * a board starts, idles, is stopped, goes on, and is reset by its guest and by its user.
 */
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>
#include "abi.h"

#define LOG	0xef600300u /* in the page of the UARTs: words that the guest tells */
#define CODE_AT 0x1000

struct board {
	struct vm vm;
	uint32_t log[64];
	unsigned int length;
};

static void qemu_init(struct board *b)
{
	static const int required[] = {
		KVM_CAP_USER_MEMORY,	    KVM_CAP_DESTROY_MEMORY_REGION_WORKS,
		KVM_CAP_PPC_IRQ_LEVEL,	    KVM_CAP_JOIN_MEMORY_REGIONS_WORKS,
		KVM_CAP_PPC_UNSET_IRQ,	    KVM_CAP_SYNC_MMU,
		KVM_CAP_PPC_BOOKE_SREGS,    KVM_CAP_ONE_REG,
		KVM_CAP_IMMEDIATE_EXIT,	    KVM_CAP_READONLY_MEM,
		KVM_CAP_PPC_BOOKE_WATCHDOG,
	};
	struct kvm_enable_cap watchdog = { .cap = KVM_CAP_PPC_BOOKE_WATCHDOG };
	uint32_t insn;
	unsigned int i;

	memset(b, 0, sizeof(*b));
	CHECK(ioctl(kvm, KVM_GET_API_VERSION, 0) == KVM_API_VERSION);
	for (i = 0; i < sizeof(required) / sizeof(required[0]); i++)
		CHECK(ioctl(kvm, KVM_CHECK_EXTENSION, required[i]) > 0);
	create(&b->vm);
	get(&b->vm, KVM_REG_PPC_DEBUG_INST, &insn); /* whatever it says */
	CHECK(ioctl(b->vm.vcpu, KVM_ENABLE_CAP, &watchdog) == 0);
}

static void qemu_put_registers(struct board *b, const struct kvm_regs *state)
{
	struct kvm_regs regs;
	uint64_t zero = 0;
	int i;

	CHECK(ioctl(b->vm.vcpu, KVM_GET_REGS, &regs) == 0);
	regs = *state;
	CHECK(ioctl(b->vm.vcpu, KVM_SET_REGS, &regs) == 0);
	CHECK(set(&b->vm, KVM_REG_PPC_FPSCR, &zero) == 0);
	for (i = 0; i < 32; i++)
		CHECK(set(&b->vm, KVM_REG_PPC_FPR(i), &zero) == 0);
}

/* The handlers of a system reset, and what they make of the CPU */
static void qemu_reset(struct board *b, uint32_t pc)
{
	const struct kvm_regs state = { .pc = pc, .gpr = { [1] = 0xff8000, [3] = 0x1800000 } };
	uint32_t tcr = 0, bits = ~0u;

	CHECK(interrupt(&b->vm, KVM_INTERRUPT_UNSET) == 0);
	CHECK(set(&b->vm, KVM_REG_PPC_TCR, &tcr) == 0);
	CHECK(set(&b->vm, KVM_REG_PPC_CLEAR_TSR, &bits) == 0);
	qemu_put_registers(b, &state);
}

/* "cont": all that it does to the CPU */
static void qemu_resume(struct board *b)
{
	uint32_t bits = 0xf0000000;

	CHECK(set(&b->vm, KVM_REG_PPC_CLEAR_TSR, &bits) == 0);
}

/* Until the guest resets itself, or an exit that is not answered here: its reason, or -1 */
static int qemu_run(struct board *b)
{
	for (;;) {
		struct kvm_run *r = b->vm.run;

		if (run(&b->vm) < 0)
			return -1;
		if (r->exit_reason == KVM_EXIT_MMIO && r->mmio.is_write &&
		    r->mmio.phys_addr == LOG && b->length < 64) {
			memcpy(&b->log[b->length++], r->mmio.data, 4);
			continue;
		}
		if (r->exit_reason == KVM_EXIT_DCR && r->dcr.dcrn == 0x10) {
			CHECK(!r->dcr.is_write && r->dcr.data == 0);
			r->dcr.data = 0x4711;
			continue;
		}
		return r->exit_reason;
	}
}

/*
 * Tells its state, spoils all of it, and resets. r1 and r3 are what the reset
 * says, everything else is 0, but for the DCR, and bits of TSR that the time base sets.
 */
static void load_program(struct board *b)
{
	CODE(&b->vm, CODE_AT, LIS(4, LOG >> 16), ORI(4, 4, LOG & 0xffff),
	     /* tell */
	     STW(1, 4, 0), STW(3, 4, 0), STW(7, 4, 0), MFMSR(5), STW(5, 4, 0), MFSPR(5, TCR),
	     STW(5, 4, 0), MFSPR(5, TSR), RLWINM(5, 5, 0, 2, 4), STW(5, 4, 0), MFSPR(5, IVPR),
	     STW(5, 4, 0), MFSPR(5, PID), STW(5, 4, 0), MFSPR(5, SPRG0), STW(5, 4, 0),
	     MFSPR(5, MMUCR), STW(5, 4, 0), MFSPR(5, DBSR), STW(5, 4, 0), MFSPR(5, DEC),
	     STW(5, 4, 0), LI(6, 20), TLBRE(5, 6, 0), STW(5, 4, 0), MFDCR(5, 0x10), STW(5, 4, 0),
	     /* spoil */
	     LI(7, 77), LIS(5, 0xf440), MTSPR(TCR, 5), LI(5, 200), MTSPR(DECAR, 5), MTSPR(DEC, 5),
	     MFSPR(5, TSR), RLWINM(5, 5, 5, 31, 31), CMPWI(5, 0), BEQ(-12), LIS(5, 3),
	     MTSPR(IVPR, 5), LI(5, 7), MTSPR(SPRG0, 5), MTSPR(MMUCR, 5), TLBWE(5, 6, 1),
	     TLBWE(5, 6, 2), LIS(5, 0x5000), ORI(5, 5, 0x210), TLBWE(5, 6, 0), LI(5, 0x1000),
	     MTMSR(5), LI(5, 7), MTSPR(PID, 5), LIS(5, 0x3000), MTSPR(DBCR0, 5), B(0));
}

/* What it told is what a CPU tells after a reset */
static void check_log(struct board *b)
{
	static const uint32_t expected[] = {
		0xff8000, 0x1800000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x4711,
	};

	CHECK(b->length == sizeof(expected) / sizeof(expected[0]));
	CHECK(!memcmp(b->log, expected, sizeof(expected)));
	b->length = 0;
}

static void resets(void)
{
	struct board b;
	unsigned int i;

	qemu_init(&b);
	qemu_reset(&b, CODE_AT);
	load_program(&b);
	qemu_reset(&b, CODE_AT);
	/* reboots of the guest */
	for (i = 0; i < 3; i++) {
		qemu_resume(&b);
		CHECK(qemu_run(&b) == KVM_EXIT_SYSTEM_EVENT);
		CHECK(b.vm.run->system_event.type == KVM_SYSTEM_EVENT_RESET);
		check_log(&b);
		CHECK(interrupt(&b.vm, KVM_INTERRUPT_SET_LEVEL) == 0);
		qemu_reset(&b, CODE_AT);
	}
	/* a reset by the user, while a load is in flight: its answer has nowhere to go */
	CODE(&b.vm, 0x100, LIS(7, LOG >> 16), LWZ(7, 7, 0x300), STOP);
	CHECK(mmio(&b.vm, LOG, 0));
	qemu_reset(&b, CODE_AT);
	memset(b.vm.run->mmio.data, 0xff, 8);
	CHECK(qemu_run(&b) == KVM_EXIT_SYSTEM_EVENT);
	check_log(&b);
	/* while a DCR read is */
	CODE(&b.vm, 0x100, MFDCR(7, 0x123));
	CHECK(run(&b.vm) == 0 && b.vm.run->exit_reason == KVM_EXIT_DCR);
	b.vm.run->dcr.data = 0x55;
	qemu_reset(&b, CODE_AT);
	CHECK(qemu_run(&b) == KVM_EXIT_SYSTEM_EVENT);
	check_log(&b);
	/* and in the wait state, with an edge that nobody took */
	qemu_reset(&b, 0x100);
	CODE(&b.vm, 0x100, LIS(5, MSR_WE >> 16), MTMSR(5), B(0));
	alarm_in(100);
	REFUSED(EINTR, run(&b.vm));
	CHECK(interrupt(&b.vm, KVM_INTERRUPT_SET) == 0);
	qemu_reset(&b, CODE_AT);
	CHECK(qemu_run(&b) == KVM_EXIT_SYSTEM_EVENT);
	check_log(&b);
	/* an input that is driven stays so: it is not the CPU's */
	{
		uint32_t bits = ~0u, lines;

		CHECK(interrupt(&b.vm, KVM_INTERRUPT_SET_LEVEL) == 0);
		CHECK(set(&b.vm, KVM_REG_PPC_CLEAR_TSR, &bits) == 0);
		CHECK(get(&b.vm, KVM44X_REG_LINES, &lines) == 0);
		CHECK(lines == KVM44X_LINE_EXTERNAL);
	}
	destroy(&b.vm);
}

static void *raise_later(void *arg)
{
	struct board *b = arg;

	usleep(100000);
	CHECK(interrupt(&b->vm, KVM_INTERRUPT_SET_LEVEL) == 0);
	return NULL;
}

/* The guest waits for an interrupt: KVM_RUN does not return until the guest tells of it */
static void idle(void)
{
	pthread_t thread;
	struct board b;

	qemu_init(&b);
	qemu_reset(&b, 0x100);
	CODE(&b.vm, 0x10300, LIS(4, LOG >> 16), STW(6, 4, LOG & 0xffff), RFI);
	CODE(&b.vm, 0x100, LIS(5, 1), MTSPR(IVPR, 5), LI(5, 0x300), MTSPR(IVOR4, 5), LI(6, 42),
	     LIS(5, MSR_WE >> 16), ORI(5, 5, MSR_EE), MTMSR(5), B(0));
	CHECK(pthread_create(&thread, NULL, raise_later, &b) == 0);
	CHECK(mmio(&b.vm, LOG, 1));
	CHECK(!memcmp(b.vm.run->mmio.data, "\0\0\0\x2a", 4));
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(interrupt(&b.vm, KVM_INTERRUPT_UNSET) == 0);
	/* rfi leads back into the wait state */
	alarm_in(100);
	REFUSED(EINTR, run(&b.vm));
	CHECK(statistic(&b.vm, "halts") >= 2);
	destroy(&b.vm);
}

/* A board with firmware: a read-only slot up to the last address, where it starts */
static void firmware(void)
{
	uint64_t rom_at = 0xfff00000;
	uint32_t *rom = pages(MB);
	struct board b;

	qemu_init(&b);
	/* a 460EX has it above 4 GB */
	if (word_of(&b.vm, KVM44X_REG_SPR(PVR)) >> 16 == 0x1302)
		rom_at |= 0x400000000;
	CHECK(region(&b.vm, 1, KVM_MEM_READONLY, rom_at, MB, rom) == 0);
	rom[MB / 4 - 1] = B(-0xffc);
	rom[MB / 4 - 1024] = MFDCR(7, 0x10);
	rom[MB / 4 - 1023] = STOP;
	__builtin___clear_cache((char *)rom, (char *)rom + MB);
	qemu_reset(&b, 0xfffffffc);
	CHECK(qemu_run(&b) == KVM_EXIT_DCR && b.vm.run->dcr.dcrn == END);
	CHECK(gpr(&b.vm, 7) == 0x4711);
	destroy(&b.vm);
	munmap(rom, MB);
}

void qemu_checks(void)
{
	resets();
	idle();
	firmware();
}
