// SPDX-License-Identifier: GPL-2.0-only
/* KVM_SET_GUEST_DEBUG: all of it, and beside it the debug registers of the guest */
#include "abi.h"

#define ALL		  (KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP | KVM_GUESTDBG_USE_SW_BP)
#define STEP		  (KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP)
#define NOP		  ORI(0, 0, 0)
#define LWARX(rt, ra, rb) X_FORM(rt, ra, rb, 20)
#define STWCX(rs, ra, rb) (X_FORM(rs, ra, rb, 150) | 1)
#define MTCTR(rs)	  MTSPR(CTR, rs)
#define MSR_DE		  0x200
#define IDM		  0x40000000u
#define ICMP		  0x08000000u
/* QEMU's CPU does not stop after instructions from 0x100 to 0xf00 */
#define CODE_AT		  0x1000
#define DATA		  0x4000
#define MAGIC		  0x60002000 /* where the magic page is */
#define MAGIC_SPRG0	  0x24
#define MAGIC_ESR	  0xc8

static int debug(struct vm *vm, uint32_t control)
{
	struct kvm_guest_debug d = { .control = control };

	return ioctl(vm->vcpu, KVM_SET_GUEST_DEBUG, &d);
}

static int point(struct vm *vm, uint64_t addr, uint32_t type)
{
	struct kvm_guest_debug d = { .control = ALL };

	d.arch.bp[3].addr = addr;
	d.arch.bp[3].type = type;
	return ioctl(vm->vcpu, KVM_SET_GUEST_DEBUG, &d);
}

static uint32_t pc(struct vm *vm)
{
	struct kvm_regs regs;

	CHECK(ioctl(vm->vcpu, KVM_GET_REGS, &regs) == 0);
	return regs.pc;
}

/* Runs; is it left with KVM_EXIT_DEBUG, of this kind? */
static int debugged(struct vm *vm, uint32_t status, uint32_t address)
{
	return run(vm) == 0 && vm->run->exit_reason == KVM_EXIT_DEBUG &&
	       vm->run->debug.arch.status == status && vm->run->debug.arch.address == address;
}

static int stepped(struct vm *vm, uint32_t address)
{
	return debugged(vm, KVMPPC_DEBUG_NONE, address) && pc(vm) == address;
}

static void refusals(void)
{
	static const uint32_t bad[] = { 4, 0x80, 0x00040000, 0x80000000 };
	struct vm vm;
	unsigned int i;

	create(&vm);
	CHECK(debug(&vm, 0) == 0);
	CHECK(debug(&vm, ~KVM_GUESTDBG_ENABLE) == 0); /* off, whatever else it says */
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		REFUSED(EINVAL, debug(&vm, KVM_GUESTDBG_ENABLE | bad[i]));
	REFUSED(EFAULT, ioctl(vm.vcpu, KVM_SET_GUEST_DEBUG, NULL));
	REFUSED(EINVAL, point(&vm, 0x100, 1));
	REFUSED(EINVAL, point(&vm, 0x100, 0x10));
	REFUSED(EINVAL, point(&vm, 0x100000000, KVMPPC_DEBUG_WATCH_READ));
	REFUSED(EINVAL, point(&vm, 0x102, KVMPPC_DEBUG_BREAKPOINT));
	CHECK(point(&vm, 0x102, KVMPPC_DEBUG_WATCH_READ) == 0);
	/* what was refused has changed nothing */
	CHECK(debug(&vm, STEP) == 0);
	REFUSED(EINVAL, point(&vm, 0x100, 1));
	CODE(&vm, CODE_AT, NOP, STOP);
	CHECK(stepped(&vm, CODE_AT + 4));
	CHECK(debug(&vm, 0) == 0);
	CHECK(stopped(&vm));
	destroy(&vm);
}

static void steps(void)
{
	struct vm vm;

	create(&vm);
	CODE(&vm, CODE_AT, LI(3, 5), MTSPR(SPRG0, 3), MFSPR(4, SPRG0), B(8), STOP, STW(4, 0, DATA),
	     SC);
	CHECK(debug(&vm, STEP) == 0);
	CHECK(stepped(&vm, CODE_AT + 4));
	CHECK(stepped(&vm, CODE_AT + 8));
	CHECK(stepped(&vm, CODE_AT + 12));
	CHECK(gpr(&vm, 4) == 5);
	CHECK(stepped(&vm, CODE_AT + 20));
	CHECK(stepped(&vm, CODE_AT + 24));
	CHECK(vm.ram[DATA + 3] == 5);
	/* an interrupt is a step, too: IVPR and IVOR8 are 0 */
	CHECK(stepped(&vm, 0));
	CHECK(statistic(&vm, "debug_steps") >= 4);

	/* a step is over when user space has answered */
	CODE(&vm, CODE_AT, LIS(4, 0x7000), LWZ(3, 4, 0), MFDCR(5, 0x123), NOP, STOP);
	CHECK(stepped(&vm, CODE_AT + 4));
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_MMIO);
	memcpy(vm.run->mmio.data, "\1\2\3\4", 4);
	CHECK(stepped(&vm, CODE_AT + 8));
	CHECK(gpr(&vm, 3) == 0x01020304);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_DCR);
	vm.run->dcr.data = 77;
	CHECK(stepped(&vm, CODE_AT + 12));
	CHECK(gpr(&vm, 5) == 77);
	CHECK(debug(&vm, 0) == 0);
	CHECK(stopped(&vm));

	/* one that never ends can be left, and is where it was */
	CODE(&vm, CODE_AT, LIS(3, 4), MTMSR(3), STOP);
	CHECK(debug(&vm, STEP) == 0);
	CHECK(stepped(&vm, CODE_AT + 4));
	CHECK(stepped(&vm, CODE_AT + 8));
	alarm_in(100);
	REFUSED(EINTR, run(&vm));
	CHECK(pc(&vm) == CODE_AT + 8);
	destroy(&vm);

	/* a loop over a reservation ends */
	create(&vm);
	CODE(&vm, CODE_AT, LI(4, DATA), LWARX(3, 0, 4), ADDI(3, 3, 1), STWCX(3, 0, 4), BNE(-12),
	     STOP);
	CHECK(debug(&vm, STEP) == 0);
	CHECK(stepped(&vm, CODE_AT + 4));
	CHECK(stepped(&vm, CODE_AT + 8));
	CHECK(stepped(&vm, CODE_AT + 12));
	CHECK(stepped(&vm, CODE_AT + 16));
	CHECK(stepped(&vm, CODE_AT + 20));
	destroy(&vm);
}

static void interrupts(void)
{
	struct vm vm;

	create(&vm);
	CODE(&vm, CODE_AT, LI(3, 0x2000), MTSPR(IVOR4, 3), LIS(3, 0), ORI(3, 3, MSR_EE), MTMSR(3),
	     NOP, NOP, STOP);
	CHECK(debug(&vm, STEP | KVM44X_GUESTDBG_BLOCKIRQ) == 0);
	CHECK(interrupt(&vm, KVM_INTERRUPT_SET_LEVEL) == 0);
	for (uint32_t at = CODE_AT + 4; at <= CODE_AT + 24; at += 4)
		CHECK(stepped(&vm, at));
	CHECK(debug(&vm, STEP) == 0);
	CHECK(stepped(&vm, 0x2000));
	CHECK(interrupt(&vm, KVM_INTERRUPT_UNSET) == 0);
	destroy(&vm);
}

static void breakpoints(void)
{
	uint32_t insn, other = 0;
	struct vm vm;

	/* software's, as QEMU's gdb stub does it */
	create(&vm);
	CHECK(get(&vm, KVM_REG_PPC_DEBUG_INST, &insn) == 0);
	CHECK(set(&vm, KVM_REG_PPC_DEBUG_INST, &insn) == 0);
	REFUSED(EINVAL, set(&vm, KVM_REG_PPC_DEBUG_INST, &other));
	CODE(&vm, CODE_AT, LI(3, 1), insn, LI(3, 2), STOP);
	CHECK(debug(&vm, KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_SW_BP) == 0);
	CHECK(debugged(&vm, KVMPPC_DEBUG_NONE, CODE_AT + 4));
	CHECK(pc(&vm) == CODE_AT + 4 && gpr(&vm, 3) == 1);
	CHECK(debugged(&vm, KVMPPC_DEBUG_NONE, CODE_AT + 4)); /* still there */
	CHECK(debug(&vm, STEP | KVM_GUESTDBG_USE_SW_BP) == 0);
	CHECK(debugged(&vm, KVMPPC_DEBUG_NONE, CODE_AT + 4));
	/* without, it is an illegal instruction: IVOR6 and IVPR are 0 */
	CODE(&vm, 0, STOP);
	CODE(&vm, CODE_AT, LI(3, 1), insn, STOP);
	CHECK(debug(&vm, 0) == 0);
	CHECK(stopped(&vm));
	CHECK(pc(&vm) == 4);

	/* by address: the guest's memory stays as it is */
	CODE(&vm, CODE_AT, LI(3, 1), LI(3, 2), LI(3, 3), STOP);
	CHECK(point(&vm, CODE_AT + 8, KVMPPC_DEBUG_BREAKPOINT) == 0);
	CHECK(debugged(&vm, KVMPPC_DEBUG_BREAKPOINT, CODE_AT + 8));
	CHECK(pc(&vm) == CODE_AT + 8 && gpr(&vm, 3) == 2);
	CHECK(debugged(&vm, KVMPPC_DEBUG_BREAKPOINT, CODE_AT + 8));
	CHECK(debug(&vm, STEP) == 0);
	CHECK(stepped(&vm, CODE_AT + 12));
	CHECK(debug(&vm, 0) == 0);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 3);

	/* around a loop over a reservation, in the page of which there is one */
	CODE(&vm, CODE_AT, LI(5, 20), MTCTR(5), LI(4, DATA), LWARX(3, 0, 4), ADDI(3, 3, 1),
	     STWCX(3, 0, 4), BNE(-12), BDNZ(-16), STOP, STOP);
	CHECK(point(&vm, CODE_AT + 36, KVMPPC_DEBUG_BREAKPOINT) == 0);
	CHECK(stopped(&vm));
	CHECK(vm.ram[DATA + 3] == 20);
	destroy(&vm);
}

static void watchpoints(void)
{
	struct vm vm;

	create(&vm);
	CODE(&vm, CODE_AT, LI(4, DATA), LWZ(3, 4, 0), LWZ(3, 4, 4), STW(4, 4, 0), STW(4, 4, 4),
	     LMW(28, 4, 0), STOP);
	CHECK(point(&vm, DATA + 6, KVMPPC_DEBUG_WATCH_WRITE) == 0);
	CHECK(debugged(&vm, KVMPPC_DEBUG_WATCH_WRITE, DATA + 6));
	CHECK(pc(&vm) == CODE_AT + 16 && vm.ram[DATA + 6] == 0);
	CHECK(debug(&vm, STEP) == 0);
	CHECK(stepped(&vm, CODE_AT + 20));
	CHECK(vm.ram[DATA + 6] == (DATA >> 8));
	CHECK(point(&vm, DATA + 15, KVMPPC_DEBUG_WATCH_READ) == 0);
	CHECK(debugged(&vm, KVMPPC_DEBUG_WATCH_READ, DATA + 15));
	CHECK(pc(&vm) == CODE_AT + 20);
	CHECK(point(&vm, DATA + 16, KVMPPC_DEBUG_WATCH_READ | KVMPPC_DEBUG_WATCH_WRITE) == 0);
	CHECK(stopped(&vm));

	/* a loop over a reservation in that page */
	CODE(&vm, CODE_AT, LI(5, 20), MTCTR(5), LI(4, DATA), LWARX(3, 0, 4), ADDI(3, 3, 1),
	     STWCX(3, 0, 4), BNE(-12), BDNZ(-16), STOP);
	memset(vm.ram + DATA, 0, 4);
	CHECK(point(&vm, DATA + 16, KVMPPC_DEBUG_WATCH_WRITE) == 0);
	CHECK(stopped(&vm));
	CHECK(vm.ram[DATA + 3] == 20);

	/* what no memory answers, too, before it leaves */
	CODE(&vm, CODE_AT, LIS(4, 0x7000), STW(4, 4, 4), STOP);
	CHECK(point(&vm, 0x70000004, KVMPPC_DEBUG_WATCH_WRITE) == 0);
	CHECK(debugged(&vm, KVMPPC_DEBUG_WATCH_WRITE, 0x70000004));
	CHECK(debug(&vm, 0) == 0);
	CHECK(mmio(&vm, 0x70000004, 1));
	CHECK(stopped(&vm));
	destroy(&vm);
}

/* The guest steps itself by ICMP while the VMM steps it: each sees its own */
static void both(void)
{
	uint32_t dbsr;
	struct vm vm;

	create(&vm);
	CODE(&vm, 0x2000, MFSPR(9, DBSR), STOP);
	CODE(&vm, CODE_AT, LI(3, 0x2000), MTSPR(IVOR0 + 15, 3), LIS(3, (IDM | ICMP) >> 16),
	     MTSPR(DBCR0, 3), LI(3, MSR_DE), MTMSR(3), NOP, STOP);
	CHECK(debug(&vm, STEP) == 0);
	for (uint32_t at = CODE_AT + 4; at <= CODE_AT + 28; at += 4)
		CHECK(stepped(&vm, at));
	CHECK(get(&vm, KVM_REG_PPC_DBSR, &dbsr) == 0 && dbsr == ICMP);
	CHECK(stepped(&vm, 0x2000));
	CHECK(stepped(&vm, 0x2004));
	CHECK(gpr(&vm, 9) == ICMP);
	CHECK(debug(&vm, 0) == 0);
	CHECK(stopped(&vm));
	/* and without the VMM */
	CODE(&vm, CODE_AT, MTMSR(3), NOP, STOP);
	dbsr = 0;
	CHECK(set(&vm, KVM_REG_PPC_DBSR, &dbsr) == 0);
	CHECK(stopped(&vm));
	CHECK(pc(&vm) == 0x2008);
	destroy(&vm);
}

/* The magic page is no memory of the VMM's, but steps and watchpoints reach it */
static void magic_page(void)
{
	const struct kvm44x_magic magic = { .ea = MAGIC, .mapped = 1 };
	struct vm vm;

	create(&vm);
	CHECK(set(&vm, KVM44X_REG_MAGIC, &magic) == 0);
	CODE(&vm, CODE_AT, LIS(4, MAGIC >> 16), ORI(4, 4, MAGIC & 0xffff), LI(3, 5),
	     STW(3, 4, MAGIC_SPRG0), MFSPR(5, SPRG0), ADDI(5, 5, 1), MTSPR(SPRG0, 5),
	     LWZ(6, 4, MAGIC_SPRG0), ADDI(4, 4, MAGIC_ESR), LWARX(3, 0, 4), ADDI(3, 3, 7),
	     STWCX(3, 0, 4), BNE(-12), MFSPR(7, ESR), STOP);
	CHECK(debug(&vm, STEP) == 0);
	for (uint32_t at = CODE_AT + 4; at <= CODE_AT + 56; at += 4)
		CHECK(stepped(&vm, at));
	CHECK(gpr(&vm, 5) == 6 && gpr(&vm, 6) == 6 && gpr(&vm, 7) == 7);

	CODE(&vm, CODE_AT, LWZ(3, 4, 0), LWZ(3, 4, 4), STW(4, 4, 0), STOP);
	CHECK(point(&vm, MAGIC + MAGIC_ESR + 6, KVMPPC_DEBUG_WATCH_READ) == 0);
	CHECK(debugged(&vm, KVMPPC_DEBUG_WATCH_READ, MAGIC + MAGIC_ESR + 6));
	CHECK(pc(&vm) == CODE_AT + 4 && gpr(&vm, 3) == 7);
	CHECK(point(&vm, MAGIC + MAGIC_ESR, KVMPPC_DEBUG_WATCH_WRITE) == 0);
	CHECK(debugged(&vm, KVMPPC_DEBUG_WATCH_WRITE, MAGIC + MAGIC_ESR));
	CHECK(pc(&vm) == CODE_AT + 8);
	CHECK(debug(&vm, 0) == 0);
	CHECK(stopped(&vm));
	CHECK(word_of(&vm, KVM44X_REG_SPR(ESR)) == MAGIC + MAGIC_ESR);
	destroy(&vm);
}

void debug_checks(void)
{
	refusals();
	steps();
	interrupts();
	breakpoints();
	watchpoints();
	both();
	magic_page();
}
