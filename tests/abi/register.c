// SPDX-License-Identifier: GPL-2.0-only
/* Registers, TLB and state of the vCPU. */
#include "abi.h"

static void sregs(void)
{
	struct kvm_sregs s, t;
	struct vm vm;

	create(&vm);
	CHECK(ioctl(vm.vcpu, KVM_GET_SREGS, &s) == 0);
	CHECK(s.u.e.features == (KVM_SREGS_E_BASE | KVM_SREGS_E_ARCH206 | KVM_SREGS_E_IVOR));
	s.u.e.ivpr = 0xabcd0000;
	s.u.e.ivor_low[8] = 0x120;
	s.u.e.csrr0 = 0x1234;
	s.u.e.vrsave = 0x5678;
	CHECK(ioctl(vm.vcpu, KVM_SET_SREGS, &s) == 0);
	CHECK(ioctl(vm.vcpu, KVM_GET_SREGS, &t) == 0);
	CHECK(t.u.e.ivpr == 0xabcd0000 && t.u.e.ivor_low[8] == 0x120);
	CHECK(t.u.e.csrr0 == 0x1234 && t.u.e.vrsave == 0x5678);
	s.pvr = 0x51b21894; /* a 440GX has no FPU */
	REFUSED(EINVAL, ioctl(vm.vcpu, KVM_SET_SREGS, &s));
	destroy(&vm);
}

/* A guest can be a 440EP or a 460EX on either */
static void pvr(void)
{
	/* 1 MB at 0, with all rights */
	static const struct kvm44x_tlbe all = { .word = { 0x250, 0, 0x3f } };
	struct kvm_sregs s;
	struct vm vm;

	create(&vm);
	CHECK(ioctl(vm.vcpu, KVM_GET_SREGS, &s) == 0);
	s.pvr = 0x422218d3;
	CHECK(ioctl(vm.vcpu, KVM_SET_SREGS, &s) == 0);
	set_word(&vm, KVM44X_REG_SPR(PVR), 0x130218a4);
	CHECK(ioctl(vm.vcpu, KVM_GET_SREGS, &s) == 0 && s.pvr == 0x130218a4);
	set_word(&vm, KVM_REG_PPC_CLEAR_TSR, ~0u);
	CHECK(word_of(&vm, KVM44X_REG_SPR(PVR)) == 0x130218a4); /* not by a reset */

	/* a 460EX has DCRs by register, whatever the host's CPU has */
	CODE(&vm, 0x100, MFSPR(3, PVR), LI(5, 0x123), MFDCRX(4, 5), MTDCRX(5, 4), STOP);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_DCR);
	CHECK(vm.run->dcr.dcrn == 0x123 && !vm.run->dcr.is_write);
	vm.run->dcr.data = 0x89abcdef;
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_DCR);
	CHECK(vm.run->dcr.dcrn == 0x123 && vm.run->dcr.is_write);
	CHECK(vm.run->dcr.data == 0x89abcdef);
	CHECK(stopped(&vm) && gpr(&vm, 3) == 0x130218a4);

	/* for its supervisor only */
	CHECK(set(&vm, KVM44X_REG_TLB(0), &all) == 0);
	set_word(&vm, KVM44X_REG_SPR(IVOR6), 0x200);
	CODE(&vm, 0x200, MFSPR(6, ESR), STOP);
	CODE(&vm, 0x100, LIS(3, 0), ORI(3, 3, MSR_PR), MTMSR(3), MFDCRX(4, 5), STOP);
	CHECK(stopped(&vm) && gpr(&vm, 6) == ESR_PPR);
	destroy(&vm);
}

struct registers {
	struct kvm_reg_list list;
	uint64_t id[2000];
};

/* The ids by the names of their header; a number in a row is added to the first one's */
static const struct {
	uint64_t id;
	unsigned int count;
	const char *name;
	unsigned int first;
} names[] = {
	{ KVM_REG_PPC_IAC1, 4, "KVM_REG_PPC_IAC%u", 1 },
	{ KVM_REG_PPC_DAC1, 2, "KVM_REG_PPC_DAC%u", 1 },
	{ KVM_REG_PPC_FPR0, 32, "KVM_REG_PPC_FPR%u", 0 },
	{ KVM_REG_PPC_FPSCR, 1, "KVM_REG_PPC_FPSCR", 0 },
	{ KVM_REG_PPC_TCR, 1, "KVM_REG_PPC_TCR", 0 },
	{ KVM_REG_PPC_TSR, 1, "KVM_REG_PPC_TSR", 0 },
	{ KVM_REG_PPC_VRSAVE, 1, "KVM_REG_PPC_VRSAVE", 0 },
	{ KVM_REG_PPC_DBSR, 1, "KVM_REG_PPC_DBSR", 0 },
	{ KVM_REG_PPC_DEC_EXPIRY, 1, "KVM_REG_PPC_DEC_EXPIRY", 0 },
	{ KVM_REG_PPC_DEBUG_INST, 1, "KVM_REG_PPC_DEBUG_INST", 0 },
	{ KVM44X_REG_SPR(0), 1024, "KVM44X_REG_SPR(%u)", 0 },
	{ KVM44X_REG_TLB(0), 64, "KVM44X_REG_TLB(%u)", 0 },
	{ KVM44X_REG_LINES, 1, "KVM44X_REG_LINES", 0 },
	{ KVM44X_REG_FIRST_RUN, 1, "KVM44X_REG_FIRST_RUN", 0 },
	{ KVM44X_REG_IN_FLIGHT, 1, "KVM44X_REG_IN_FLIGHT", 0 },
	{ KVM44X_REG_TSR_TIME, 1, "KVM44X_REG_TSR_TIME", 0 },
	{ KVM44X_REG_MAGIC, 1, "KVM44X_REG_MAGIC", 0 },
};

void print_registers(void)
{
	struct registers regs = { .list.n = 2000 };
	unsigned int k;
	struct vm vm;
	uint64_t i;

	create(&vm);
	CHECK(ioctl(vm.vcpu, KVM_GET_REG_LIST, &regs) == 0);
	for (i = 0; i < regs.list.n; i++) {
		printf("0x%016llx ", (unsigned long long)regs.id[i]);
		for (k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			if (regs.id[i] - names[k].id < names[k].count)
				printf(names[k].name,
				       (unsigned int)(regs.id[i] - names[k].id) + names[k].first);
		}
		printf("\n");
	}
	destroy(&vm);
}

static void one_reg(void)
{
	struct registers regs;
	struct kvm44x_tlbe tlbe = { { 0xc0000290, 0, 0x07 }, 5 }, got;
	struct kvm44x_in_flight f;
	uint8_t value[64], again[64];
	struct vm vm;
	uint32_t word;
	uint64_t i;

	create(&vm);
	regs.list.n = 3;
	REFUSED(E2BIG, ioctl(vm.vcpu, KVM_GET_REG_LIST, &regs));
	CHECK(regs.list.n > 3 && regs.list.n < 2000); /* so many are needed */
	REFUSED(EFAULT, ioctl(vm.vcpu, KVM_GET_REG_LIST, NULL));
	regs.list.n = 2000;
	CHECK(ioctl(vm.vcpu, KVM_GET_REG_LIST, &regs) == 0);
	/* each can be read, written back, and is then the same */
	for (i = 0; i < regs.list.n; i++) {
		memset(value, 0, sizeof(value));
		memset(again, 0, sizeof(again));
		CHECK(get(&vm, regs.id[i], value) == 0);
		CHECK(set(&vm, regs.id[i], value) == 0);
		CHECK(get(&vm, regs.id[i], again) == 0);
		CHECK(!memcmp(value, again, sizeof(value)));
	}
	REFUSED(ENOENT, get(&vm, KVM44X_REG_SPR(5), value));
	REFUSED(ENOENT, get(&vm, KVM44X_REG_SPR(312), value)); /* IAC1 has an id of upstream's */
	REFUSED(ENOENT, set(&vm, KVM44X_REG_SPR(TSR), value));
	REFUSED(ENOENT, get(&vm, KVM44X_REG_SPR(1024), value));
	REFUSED(ENOENT, get(&vm, KVM_REG_PPC_EPR, value));
	REFUSED(ENOENT, get(&vm, KVM44X_REG_TLB(64), value));
	REFUSED(ENOENT, set(&vm, KVM_REG_PPC_HIOR, value));
	REFUSED(ENOENT, get(&vm, 0, value));
	REFUSED(ENOENT, get(&vm, ~0ull, value));
	REFUSED(EFAULT, get(&vm, KVM44X_REG_LINES, NULL));
	word = 0;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_SPR(PVR), &word)); /* PVR */
	word = ~0u;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_LINES, &word));
	REFUSED(EINVAL, set(&vm, KVM44X_REG_SPR(PID), &word)); /* PID has 8 bits */

	/* the guest runs by the TLB that was set, and reads it back */
	CHECK(set(&vm, KVM44X_REG_TLB(63), &tlbe) == 0);
	CHECK(get(&vm, KVM44X_REG_TLB(63), &got) == 0 && !memcmp(&tlbe, &got, sizeof(got)));
	tlbe.tid = 256;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_TLB(0), &tlbe));
	tlbe.tid = 0;
	tlbe.word[0] |= 1;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_TLB(0), &tlbe));
	word = 5;
	CHECK(set(&vm, KVM44X_REG_SPR(PID), &word) == 0);
	{
		struct kvm_regs r;

		memcpy(vm.ram + 0x100, (uint32_t[]){ MFSPR(3, PID), STOP }, 8);
		__builtin___clear_cache((char *)vm.ram + 0x100, (char *)vm.ram + 0x108);
		CHECK(ioctl(vm.vcpu, KVM_GET_REGS, &r) == 0);
		r.pc = 0xc0000100;
		CHECK(ioctl(vm.vcpu, KVM_SET_REGS, &r) == 0);
	}
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 5);

	/* an exit in flight can be moved to another VM */
	CHECK(get(&vm, KVM44X_REG_IN_FLIGHT, &f) == 0 && f.kind == KVM44X_IN_FLIGHT_DCR);
	CHECK(f.number == END);
	f.reg = 32;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_IN_FLIGHT, &f));
	f = (struct kvm44x_in_flight){ .kind = KVM44X_IN_FLIGHT_MMIO,
				       .insn_flags = 0xffff,
				       .left = 1 };
	REFUSED(EINVAL, set(&vm, KVM44X_REG_IN_FLIGHT, &f));
	/* a word within a page has no bytes done, and no more to come than four */
	f = (struct kvm44x_in_flight){
		.kind = KVM44X_IN_FLIGHT_MMIO, .insn_flags = 4, .ea = 0x100, .left = 4
	};
	CHECK(set(&vm, KVM44X_REG_IN_FLIGHT, &f) == 0);
	f.left = 3;
	f.done = 1;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_IN_FLIGHT, &f));
	f.ea = 0x400;
	CHECK(set(&vm, KVM44X_REG_IN_FLIGHT, &f) == 0);
	f.value = 0x100;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_IN_FLIGHT, &f));
	f.value = 0xff;
	f.reserved = 1;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_IN_FLIGHT, &f));
	f = (struct kvm44x_in_flight){ .kind = 9 };
	REFUSED(EINVAL, set(&vm, KVM44X_REG_IN_FLIGHT, &f));
	destroy(&vm);
}

static void timers(void)
{
	uint64_t expiry, wide;
	struct kvm_sregs s;
	struct vm vm;

	create(&vm);
	/* TSR, as a whole, by bits, and as QEMU clears it when it goes on after a stop */
	set_word(&vm, KVM_REG_PPC_TSR, 0xf8000000);
	set_word(&vm, KVM_REG_PPC_OR_TSR, 0x04000000);
	CHECK(word_of(&vm, KVM_REG_PPC_TSR) == 0xfc000000);
	set_word(&vm, KVM_REG_PPC_CLEAR_TSR, 0xf0000000);
	CHECK(word_of(&vm, KVM_REG_PPC_TSR) == 0x0c000000);
	REFUSED(EINVAL, get(&vm, KVM_REG_PPC_OR_TSR, &wide));
	REFUSED(EINVAL, get(&vm, KVM_REG_PPC_CLEAR_TSR, &wide));
	set_word(&vm, KVM_REG_PPC_TSR, 0);
	/* TCR[WRC] is write-once for the guest only */
	set_word(&vm, KVM_REG_PPC_TCR, 0x30000000);
	set_word(&vm, KVM_REG_PPC_TCR, 0);
	CHECK(word_of(&vm, KVM_REG_PPC_TCR) == 0);
	wide = 0x100000000ull;
	REFUSED(EINVAL, set(&vm, KVM_REG_PPC_IAC1, &wide));
	wide = 0x12345678;
	CHECK(set(&vm, KVM_REG_PPC_DAC2, &wide) == 0);
	CODE(&vm, 0x100, MFSPR(3, 317), MFSPR(5, 316), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0x12345678 && gpr(&vm, 5) == 0);

	/*
	 * An expiry between two looks is in neither or in both: whoever copies
	 * the registers one by one does not lose it.
	 */
	CHECK(get(&vm, KVM_REG_PPC_DEC_EXPIRY, &expiry) == 0 && expiry == ~0ull);
	wide = time_base() - 1;
	CHECK(set(&vm, KVM_REG_PPC_DEC_EXPIRY, &wide) == 0);
	CHECK(word_of(&vm, KVM_REG_PPC_TSR) == 0);
	CHECK(ioctl(vm.vcpu, KVM_GET_SREGS, &s) == 0);
	CHECK((s.u.e.tsr & TSR_DIS) && s.u.e.dec == 0);
	CHECK(get(&vm, KVM_REG_PPC_DEC_EXPIRY, &expiry) == 0 && expiry == wide);
	/* the guest sees it, and is woken by one to come */
	CODE(&vm, 0x100, MFSPR(3, TSR), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) & TSR_DIS);
	CHECK(word_of(&vm, KVM_REG_PPC_TSR) == TSR_DIS);
	set_word(&vm, KVM_REG_PPC_TSR, 0);
	set_word(&vm, KVM_REG_PPC_TCR, TCR_DIE);
	set_word(&vm, KVM44X_REG_SPR(IVPR), 0x10000);
	set_word(&vm, KVM44X_REG_SPR(410), 0x200);
	wide = time_base() + 10000000;
	CHECK(set(&vm, KVM_REG_PPC_DEC_EXPIRY, &wide) == 0);
	CODE(&vm, 0x10200, MFSPR(3, TSR), STOP);
	CODE(&vm, 0x100, LIS(3, MSR_WE >> 16), ORI(3, 3, MSR_EE), MTMSR(3), B(0));
	CHECK(stopped(&vm));
	CHECK((gpr(&vm, 3) & TSR_DIS) && time_base() >= wide);
	destroy(&vm);
}

/* A first pc in the boot page maps that alone, where the CPU has it */
static void boot_page(uint32_t pvr, uint64_t gpa)
{
	struct kvm_regs r = { .pc = 0xfffffffc };
	struct kvm44x_tlbe e;
	struct vm vm;

	create(&vm);
	set_word(&vm, KVM44X_REG_SPR(PVR), pvr);
	CHECK(ioctl(vm.vcpu, KVM_SET_REGS, &r) == 0);
	CHECK(region(&vm, 1, 0, gpa, 4096, vm.ram) == 0);
	*(uint32_t *)(vm.ram + 0xffc) = STOP;
	__builtin___clear_cache((char *)vm.ram, (char *)vm.ram + 4096);
	CHECK(stopped(&vm));
	CHECK(get(&vm, KVM44X_REG_TLB(0), &e) == 0 && e.word[0] == 0xfffff210);
	CHECK(get(&vm, KVM44X_REG_TLB(1), &e) == 0 && e.word[0] == 0);
	destroy(&vm);
}

/* The first TLB is given, or not, as the register says */
static void first_run(void)
{
	struct kvm44x_tlbe e, none = { 0 };
	uint32_t word;
	struct vm vm;

	create(&vm);
	CHECK(word_of(&vm, KVM44X_REG_FIRST_RUN) == 1);
	word = 2;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_FIRST_RUN, &word));
	CHECK(set(&vm, KVM44X_REG_TLB(7), &none) == 0);
	CHECK(word_of(&vm, KVM44X_REG_FIRST_RUN) == 0);
	set_word(&vm, KVM44X_REG_FIRST_RUN, 1);
	CODE(&vm, 0x100, STOP);
	CHECK(stopped(&vm));
	CHECK(word_of(&vm, KVM44X_REG_FIRST_RUN) == 0);
	CHECK(get(&vm, KVM44X_REG_TLB(15), &e) == 0);
	CHECK(e.word[0] == 0xf0000290 && e.word[1] == 0xf0000000 && e.tid == 0);
	destroy(&vm);

	boot_page(0x422218d3, 0xfffff000);
	boot_page(0x130218a4, 0x4fffff000);
}

static void mp_state(void)
{
	struct kvm_mp_state state = { .mp_state = KVM_MP_STATE_HALTED };
	struct kvm_regs regs;
	struct vm vm;

	create(&vm);
	CHECK(ioctl(vm.vcpu, KVM_GET_MP_STATE, &state) == 0);
	CHECK(state.mp_state == KVM_MP_STATE_RUNNABLE);
	state.mp_state = 77;
	REFUSED(EINVAL, ioctl(vm.vcpu, KVM_SET_MP_STATE, &state));
	REFUSED(EFAULT, ioctl(vm.vcpu, KVM_GET_MP_STATE, NULL));
	state.mp_state = KVM_MP_STATE_HALTED;
	CHECK(ioctl(vm.vcpu, KVM_SET_MP_STATE, &state) == 0);
	CHECK(ioctl(vm.vcpu, KVM_GET_REGS, &regs) == 0 && regs.msr & MSR_WE);
	/* it does not run, until it is told to */
	CODE(&vm, 0x100, LI(3, 1), STOP);
	alarm_in(200);
	REFUSED(EINTR, run(&vm));
	CHECK(gpr(&vm, 3) == 0);
	state.mp_state = KVM_MP_STATE_RUNNABLE;
	CHECK(ioctl(vm.vcpu, KVM_SET_MP_STATE, &state) == 0);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 1);
	destroy(&vm);
}

static void translate(void)
{
	struct kvm44x_tlbe tlbe = { { 0xc0000290, 0x10000002, 0x05 }, 0 };
	struct kvm_translation tr = { .linear_address = 0xc0012345 };
	struct kvm_regs regs = { 0 };
	struct vm vm;

	create(&vm);
	CHECK(set(&vm, KVM44X_REG_TLB(0), &tlbe) == 0);
	CHECK(ioctl(vm.vcpu, KVM_TRANSLATE, &tr) == 0);
	CHECK(tr.valid && !tr.writeable && !tr.usermode && tr.physical_address == 0x210012345ull);
	tr.linear_address = 0x1000;
	CHECK(ioctl(vm.vcpu, KVM_TRANSLATE, &tr) == 0 && !tr.valid);
	tr.linear_address = 0x1c0012345ull; /* 32 bits there are */
	CHECK(ioctl(vm.vcpu, KVM_TRANSLATE, &tr) == 0 && !tr.valid);
	REFUSED(EFAULT, ioctl(vm.vcpu, KVM_TRANSLATE, NULL));
	/* TID, address space and rights of the vCPU's present state */
	tlbe.tid = 5;
	tlbe.word[0] |= 0x100;
	tlbe.word[2] = 0x1a;
	CHECK(set(&vm, KVM44X_REG_TLB(0), &tlbe) == 0);
	tr.linear_address = 0xc0012345;
	CHECK(ioctl(vm.vcpu, KVM_TRANSLATE, &tr) == 0 && !tr.valid);
	regs.pid = 5;
	regs.msr = 0x10; /* DS */
	CHECK(ioctl(vm.vcpu, KVM_SET_REGS, &regs) == 0);
	CHECK(ioctl(vm.vcpu, KVM_TRANSLATE, &tr) == 0 && tr.valid && tr.usermode && tr.writeable);
	regs.pid = 6;
	CHECK(ioctl(vm.vcpu, KVM_SET_REGS, &regs) == 0);
	CHECK(ioctl(vm.vcpu, KVM_TRANSLATE, &tr) == 0 && !tr.valid);
	destroy(&vm);
}

void register_checks(void)
{
	sregs();
	pvr();
	one_reg();
	timers();
	first_run();
	mp_state();
	translate();
}
