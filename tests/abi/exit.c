// SPDX-License-Identifier: GPL-2.0-only
/* What makes KVM_RUN return. */
#include "abi.h"

static void exits(void)
{
	struct vm vm;
	uint32_t line;

	create(&vm);
	/* MMIO: widths, data, update and several elements */
	CODE(&vm, 0x100, LIS(4, 0x7000), LIS(3, 0x1122), STW(3, 4, 8), STOP);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_MMIO);
	CHECK(vm.run->mmio.phys_addr == 0x70000008 && vm.run->mmio.len == 4);
	CHECK(vm.run->mmio.is_write && !memcmp(vm.run->mmio.data, "\x11\x22\0", 4));
	CHECK(stopped(&vm));
	CODE(&vm, 0x100, LIS(4, 0x7000), LMW(30, 4, 0), STOP);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_MMIO && !vm.run->mmio.is_write);
	memcpy(vm.run->mmio.data, "\x01\x02\x03\x04", 4);
	CHECK(run(&vm) == 0 && vm.run->mmio.phys_addr == 0x70000004);
	memcpy(vm.run->mmio.data, "\x05\x06\x07\x08", 4);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 30) == 0x01020304 && gpr(&vm, 31) == 0x05060708);

	/* DCR: a read leaves with 0, the answer arrives */
	CODE(&vm, 0x100, LI(3, -1), MFDCR(3, 0x123), MTDCR(0x124, 3), STOP);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_DCR);
	CHECK(vm.run->dcr.dcrn == 0x123 && !vm.run->dcr.is_write && vm.run->dcr.data == 0);
	vm.run->dcr.data = 0xcafe;
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_DCR && vm.run->dcr.is_write);
	CHECK(vm.run->dcr.dcrn == 0x124 && vm.run->dcr.data == 0xcafe);
	CHECK(stopped(&vm));

	/* reset */
	CODE(&vm, 0x100, LIS(3, 0x3000), MTSPR(DBCR0, 3), STOP);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_SYSTEM_EVENT);
	CHECK(vm.run->system_event.type == KVM_SYSTEM_EVENT_RESET);

	/* leaving at once, and nothing lost by it */
	CODE(&vm, 0x100, LI(3, 5), STOP);
	vm.run->immediate_exit = 1;
	REFUSED(EINTR, run(&vm));
	vm.run->immediate_exit = 0;
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 5);

	/* interrupts */
	REFUSED(EINVAL, interrupt(&vm, 12345));
	REFUSED(EFAULT, ioctl(vm.vcpu, KVM_INTERRUPT, NULL));
	CHECK(interrupt(&vm, KVM_INTERRUPT_SET_LEVEL) == 0);
	CHECK(get(&vm, KVM44X_REG_LINES, &line) == 0 && line == KVM44X_LINE_EXTERNAL);
	CHECK(interrupt(&vm, KVM_INTERRUPT_UNSET) == 0);
	CHECK(get(&vm, KVM44X_REG_LINES, &line) == 0 && line == 0);
	destroy(&vm);
}

/* Is an sc with this number in r0, in this state, a system call? */
static int is_system_call(struct vm *vm, uint32_t msr, uint32_t r0)
{
	CODE(vm, 0x300, LI(5, 1), STOP);
	CODE(vm, 0x100, LI(3, 0x300), MTSPR(IVOR8, 3), LI(5, 0), LI(3, 3), LIS(11, 42),
	     ORI(11, 11, 3), LIS(0, r0 >> 16), ORI(0, 0, r0), LI(6, msr), MTMSR(6), SC, STOP);
	CHECK(stopped(vm));
	CHECK(gpr(vm, 0) == r0 && gpr(vm, 11) == (42 << 16 | 3));
	if (gpr(vm, 5))
		CHECK(gpr(vm, 3) == 3);
	return gpr(vm, 5);
}

static void hypercalls(void)
{
	const struct kvm44x_tlbe all = { .word = { 0x290, 0, 0x3f } }; /* rights; 256 MB at 0 */
	struct kvm_ppc_pvinfo info;
	uint32_t *insn = info.hcall;
	struct vm vm;

	create(&vm);
	REFUSED(EFAULT, ioctl(vm.vm, KVM_PPC_GET_PVINFO, NULL));
	memset(&info, 0xff, sizeof(info));
	CHECK(ioctl(vm.vm, KVM_PPC_GET_PVINFO, &info) == 0);
	CHECK(info.flags == KVM_PPC_PVINFO_FLAGS_EV_IDLE);
	/* KVM_HC_FEATURES; an output that is not used stays; one that there is not */
	CODE(&vm, 0x100, LI(4, 1), LI(5, 2), LIS(11, 42), ORI(11, 11, 3), insn[0], insn[1], insn[2],
	     insn[3], STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0 && gpr(&vm, 4) == 2 && gpr(&vm, 5) == 2);
	CODE(&vm, 0x100, LIS(11, 42), ORI(11, 11, 5), insn[0], insn[1], insn[2], insn[3], STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 12 && gpr(&vm, 4) == 0);

	CHECK(set(&vm, KVM44X_REG_TLB(0), &all) == 0);
	CHECK(!is_system_call(&vm, 0, 0x4b564d21));
	CHECK(is_system_call(&vm, MSR_PR, 0x4b564d21));
	CHECK(is_system_call(&vm, 0, 0x4b564d20));
	CHECK(is_system_call(&vm, 0, 0x4b554d21));
	destroy(&vm);
}

/* A byte of a store to a device */
static int stored(struct vm *vm, uint32_t gpa, uint8_t byte)
{
	const struct kvm_run *run = vm->run;

	return ioctl(vm->vcpu, KVM_RUN, 0) == 0 && run->exit_reason == KVM_EXIT_MMIO &&
	       run->mmio.is_write && run->mmio.phys_addr == gpa && run->mmio.len == 1 &&
	       run->mmio.data[0] == byte;
}

/* What is not in the registers of a CPU, and an access that is emulated */
static void magic_page(void)
{
	const struct kvm44x_tlbe all = { .word = { 0x290, 0, 0x3f } }; /* rights; 256 MB at 0 */
	const struct kvm44x_tlbe device = { .word = { 0x60000210, 0x70000000, 0x07 } };
	const struct kvm44x_magic none = { 0 };
	struct kvm44x_magic magic, moved;
	struct vm vm;

	create(&vm);
	CHECK(get(&vm, KVM44X_REG_MAGIC, &magic) == 0 && !memcmp(&magic, &none, sizeof(none)));
	CHECK(set(&vm, KVM44X_REG_TLB(0), &all) == 0);
	CHECK(set(&vm, KVM44X_REG_TLB(5), &device) == 0);
	/* KVM_HC_PPC_MAP_MAGIC_PAGE, behind the device; a store to the end of that and to it */
	CODE(&vm, 0x100, LIS(3, 0x6000), ORI(3, 3, 0x1001), LIS(11, 42), ORI(11, 11, 4),
	     LIS(0, 0x4b56), ORI(0, 0, 0x4d21), SC, LIS(9, 0x6000), ORI(9, 9, 0xffe),
	     LIS(10, 0x1122), ORI(10, 10, 0x3344), STW(10, 9, 0), LWZ(12, 9, 2), STOP);
	CHECK(stored(&vm, 0x70000ffe, 0x11));
	CHECK(stored(&vm, 0x70000fff, 0x22));
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0 && gpr(&vm, 4) == 2 && gpr(&vm, 12) == 0x33440000);
	CHECK(get(&vm, KVM44X_REG_MAGIC, &magic) == 0);
	CHECK(magic.ea == 0x60001000 && magic.mapped == 1 && magic.critical == 0);
	CHECK(magic.scratch[0] == 0x3344ull << 48 && !magic.scratch[1] && !magic.scratch[2]);

	moved = magic;
	moved.ea = 0x60002000;
	moved.scratch[2] = 0x55667788;
	CHECK(set(&vm, KVM44X_REG_MAGIC, &moved) == 0);
	CODE(&vm, 0x100, LIS(9, 0x6000), ORI(9, 9, 0x2000), LWZ(12, 9, 0), LWZ(13, 9, 0x14), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 12) == 0x33440000 && gpr(&vm, 13) == 0x55667788);
	CHECK(get(&vm, KVM44X_REG_MAGIC, &magic) == 0 && !memcmp(&magic, &moved, sizeof(magic)));

	moved.ea |= 0x800;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_MAGIC, &moved));
	moved = magic;
	moved.mapped = 2;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_MAGIC, &moved));
	moved.mapped = 0;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_MAGIC, &moved));
	moved = magic;
	moved.reserved[2] = 1;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_MAGIC, &moved));
	CHECK(get(&vm, KVM44X_REG_MAGIC, &moved) == 0 && !memcmp(&magic, &moved, sizeof(magic)));
	set_word(&vm, KVM_REG_PPC_CLEAR_TSR, ~0u); /* a reset */
	CHECK(get(&vm, KVM44X_REG_MAGIC, &magic) == 0 && !memcmp(&magic, &none, sizeof(none)));
	destroy(&vm);
}

/* A guest that cannot even take its interrupts, and one that only traps, can be ended */
static void endless(void)
{
	struct kvm44x_tlbe none = { 0 };
	struct vm vm;

	create(&vm);
	CHECK(set(&vm, KVM44X_REG_TLB(0), &none) == 0);
	alarm_in(300);
	REFUSED(EINTR, run(&vm));
	CHECK(vm.run->exit_reason == KVM_EXIT_INTR);
	destroy(&vm);

	create(&vm);
	CODE(&vm, 0x100, MTSPR(SPRG0, 3), B(-4)); /* mtspr SPRG0; b to it */
	alarm_in(300);
	REFUSED(EINTR, run(&vm));
	CODE(&vm, 0x100, B(0)); /* b to itself */
	alarm_in(300);
	REFUSED(EINTR, run(&vm));
	/* wait state with nothing that could end it */
	CODE(&vm, 0x100, LIS(3, 4), MTMSR(3), STOP); /* mtmsr WE */
	alarm_in(300);
	REFUSED(EINTR, run(&vm));
	destroy(&vm);
}

/* Fifty waits of 2 ms for the decrementer: it wakes up for that and for nothing else */
static void waits(void)
{
	uint64_t halts;
	struct vm vm;

	create(&vm);
	/*
	 * The decrementer's handler: acknowledges, and returns without MSR[WE]; without EE, too,
	 * or else an interrupt that comes before the guest waits would leave nothing to wait for.
	 */
	CODE(&vm, 0x10200, LIS(6, TSR_DIS >> 16), MTSPR(TSR, 6), ADDI(7, 7, 1), LI(6, 0),
	     MTSPR(SRR1, 6), RFI);
	CODE(&vm, 0x100, LIS(3, 1), MTSPR(IVPR, 3), LI(3, 0x200), MTSPR(410, 3),
	     LIS(3, TCR_DIE >> 16), MTSPR(TCR, 3), LI(7, 0), LI(3, 50), MTSPR(CTR, 3), LIS(3, 12),
	     MTSPR(DEC, 3), LIS(3, MSR_WE >> 16), ORI(3, 3, MSR_EE), MTMSR(3), BDNZ(-20), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 7) == 50);
	/* on a slow host some of them may have been over before they began */
	halts = statistic(&vm, "halts");
	CHECK(halts >= 10 && halts <= 50);
	destroy(&vm);
}

#define HYPERCALL LIS(0, 0x4b56), ORI(0, 0, 0x4d21), SC

/*
 * EV_IDLE: fifty times 2 ms until the decrementer's interrupt is pending, which stays
 * masked; it returns at once while one is. A signal ends it, and it is over then.
 */
static void idles(void)
{
	uint64_t halts;
	struct vm vm;

	create(&vm);
	CODE(&vm, 0x100, LIS(3, TCR_DIE >> 16), MTSPR(TCR, 3), LI(3, 50), MTSPR(CTR, 3),
	     LIS(6, TSR_DIS >> 16), LI(7, 0), LIS(11, 1), ORI(11, 11, 16), LIS(3, 12),
	     MTSPR(DEC, 3), HYPERCALL, HYPERCALL, MFSPR(5, TSR), MTSPR(TSR, 5),
	     RLWINM(5, 5, 5, 31, 31), ADD(7, 7, 5), BDNZ(-4 * 12), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0 && gpr(&vm, 7) == 50);
	halts = statistic(&vm, "halts");
	CHECK(halts >= 20 && halts <= 100);

	CODE(&vm, 0x100, LI(3, 0), MTSPR(TCR, 3), LIS(11, 1), ORI(11, 11, 16), LI(3, 1), HYPERCALL,
	     LI(7, 1), STOP);
	alarm_in(300);
	REFUSED(EINTR, run(&vm));
	CHECK(gpr(&vm, 3) == 0 && gpr(&vm, 7) != 1);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 7) == 1);

	/* one that another thread raises, masked */
	CODE(&vm, 0x100, LIS(11, 1), ORI(11, 11, 16), HYPERCALL, STOP);
	CHECK(interrupt(&vm, KVM_INTERRUPT_SET_LEVEL) == 0);
	CHECK(stopped(&vm));
	destroy(&vm);
}

/* A bus error that the VMM tells of waits for MSR[ME], and stays until it is cleared */
static void machine_check(void)
{
	struct vm vm;

	create(&vm);
	set_word(&vm, KVM44X_REG_SPR(IVPR), 0x10000);
	set_word(&vm, KVM44X_REG_SPR(IVOR0 + 1), 0x200);
	set_word(&vm, KVM44X_REG_SPR(MCSR), 0xa0000000);
	CODE(&vm, 0x10200, MFSPR(3, MCSR), MFSPR(4, MCSRR0), MTSPR(MCSR, 3), STOP);
	CODE(&vm, 0x100, LI(3, 0), STOP, LI(5, MSR_ME), MTMSR(5), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0xa0000000 && gpr(&vm, 4) == 0x110);
	CHECK(word_of(&vm, KVM44X_REG_SPR(MCSR)) == 0);
	destroy(&vm);
}

void exit_checks(void)
{
	exits();
	hypercalls();
	magic_page();
	endless();
	waits();
	idles();
	machine_check();
}
