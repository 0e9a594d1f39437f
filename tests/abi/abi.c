// SPDX-License-Identifier: GPL-2.0-only
/*
 * What docs/abi.md says of the module, and that bad input is refused with the
 * error that it names. Prints one line for each thing that is not so.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>
#include <kvm44x.h>

#define MB (1u << 20)

static unsigned int passed, failed;

#define CHECK(condition)                                                                     \
	do {                                                                                 \
		if (condition) {                                                             \
			passed++;                                                            \
		} else {                                                                     \
			failed++;                                                            \
			printf("line %d: not so: %s (errno %d, %s)\n", __LINE__, #condition, \
			       errno, strerror(errno));                                      \
		}                                                                            \
	} while (0)

/* The call must fail with this error */
#define REFUSED(error, call) CHECK((errno = 0, (call) < 0) && errno == (error))

struct vm {
	int vm, vcpu;
	struct kvm_run *run;
	uint8_t *ram;
};

static int kvm, run_size;

static int region(struct vm *vm, uint32_t slot, uint32_t flags, uint64_t gpa, uint64_t size,
		  uintptr_t host)
{
	struct kvm_userspace_memory_region r = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = host,
	};

	return ioctl(vm->vm, KVM_SET_USER_MEMORY_REGION, &r);
}

/* A VM with one megabyte of ordinary memory at 0 */
static void create(struct vm *vm)
{
	vm->vm = ioctl(kvm, KVM_CREATE_VM, 0);
	CHECK(vm->vm >= 0);
	vm->ram = mmap(NULL, MB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(region(vm, 0, 0, 0, MB, (uintptr_t)vm->ram) == 0);
	vm->vcpu = ioctl(vm->vm, KVM_CREATE_VCPU, 0);
	CHECK(vm->vcpu >= 0);
	vm->run = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	CHECK(vm->run != MAP_FAILED);
}

static void destroy(struct vm *vm)
{
	munmap(vm->run, run_size);
	close(vm->vcpu);
	close(vm->vm);
	munmap(vm->ram, MB);
}

/* Put instructions at an address of the guest's and make it go on there */
static void code(struct vm *vm, uint32_t at, const uint32_t *words, unsigned int count)
{
	struct kvm_regs regs;

	memcpy(vm->ram + at, words, 4 * count);
	__builtin___clear_cache((char *)vm->ram + at, (char *)vm->ram + at + 4 * count);
	CHECK(ioctl(vm->vcpu, KVM_GET_REGS, &regs) == 0);
	regs.pc = at;
	CHECK(ioctl(vm->vcpu, KVM_SET_REGS, &regs) == 0);
}

#define CODE(vm, at, ...)                               \
	code(vm, at, (const uint32_t[]){ __VA_ARGS__ }, \
	     sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static uint64_t gpr(struct vm *vm, int n)
{
	struct kvm_regs regs = { 0 };

	CHECK(ioctl(vm->vcpu, KVM_GET_REGS, &regs) == 0);
	return regs.gpr[n];
}

static int get(struct vm *vm, uint64_t id, void *value)
{
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)value };

	return ioctl(vm->vcpu, KVM_GET_ONE_REG, &one);
}

static int set(struct vm *vm, uint64_t id, const void *value)
{
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)value };

	return ioctl(vm->vcpu, KVM_SET_ONE_REG, &one);
}

/* Instructions, by their fields */
#define D_FORM(op, rt, ra, imm) ((op) << 26 | (rt) << 21 | (ra) << 16 | ((imm)&0xffff))
#define X_FORM(rt, ra, rb, xo)	(31u << 26 | (rt) << 21 | (ra) << 16 | (rb) << 11 | (xo) << 1)
#define SPR(n)			(((n)&31) << 16 | ((n) >> 5 & 31) << 11)
#define LI(rt, imm)		D_FORM(14u, rt, 0, imm)
#define LIS(rt, imm)		D_FORM(15u, rt, 0, imm)
#define LWZ(rt, ra, imm)	D_FORM(32u, rt, ra, imm)
#define STW(rt, ra, imm)	D_FORM(36u, rt, ra, imm)
#define LMW(rt, ra, imm)	D_FORM(46u, rt, ra, imm)
#define MTSPR(n, rs)		(X_FORM(rs, 0, 0, 467) | SPR(n))
#define MFSPR(rt, n)		(X_FORM(rt, 0, 0, 339) | SPR(n))
#define MFDCR(rt, n)		(X_FORM(rt, 0, 0, 323) | SPR(n))
#define MTDCR(n, rs)		(X_FORM(rs, 0, 0, 451) | SPR(n))
/* mfdcr of this DCR ends a piece of code: user space sees it */
#define END			0x3ff
#define STOP			MFDCR(0, END)

static int run(struct vm *vm)
{
	return ioctl(vm->vcpu, KVM_RUN, 0);
}

static int stopped(struct vm *vm)
{
	return run(vm) == 0 && vm->run->exit_reason == KVM_EXIT_DCR && vm->run->dcr.dcrn == END;
}

static void devices(void)
{
	struct vm vm;

	CHECK(ioctl(kvm, KVM_GET_API_VERSION, 0) == KVM_API_VERSION);
	REFUSED(EINVAL, ioctl(kvm, KVM_GET_API_VERSION, 1));
	REFUSED(EINVAL, ioctl(kvm, KVM_CREATE_VM, 1));
	REFUSED(EINVAL, ioctl(kvm, 0xae7f, 0));
	CHECK(ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_NR_VCPUS) == 1);
	CHECK(ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_ONE_REG) == 1);
	CHECK(ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_PPC_SEGSTATE) == 0);
	CHECK(ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_PPC_PAPR) == 0);
	CHECK(ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_IRQCHIP) == 0);
	CHECK(ioctl(kvm, KVM_CHECK_EXTENSION, 100000) == 0);

	create(&vm);
	REFUSED(EINVAL, ioctl(vm.vm, KVM_CREATE_VCPU, 1));
	CHECK(ioctl(vm.vm, KVM_CREATE_VCPU, 0) < 0); /* there is one already */
	REFUSED(ENOTTY, ioctl(vm.vm, 0xae7f, 0));
	REFUSED(ENOTTY, ioctl(vm.vcpu, 0xae7f, 0));
	destroy(&vm);
}

static void memory(void)
{
	struct vm vm;
	uintptr_t more = (uintptr_t)mmap(NULL, MB, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	create(&vm);
	REFUSED(EINVAL, region(&vm, 1, 0, 2 * MB + 1, MB, more));
	REFUSED(EINVAL, region(&vm, 1, 0, 2 * MB, MB + 1, more));
	REFUSED(EINVAL, region(&vm, 1, 0, 2 * MB, MB, more + 1));
	REFUSED(EINVAL, region(&vm, 1, 0x80, 2 * MB, MB, more));
	REFUSED(EINVAL, region(&vm, 100000, 0, 2 * MB, MB, more));
	REFUSED(EINVAL, region(&vm, 1, 0, 1ull << 36, MB, more)); /* 36 bits of address */
	REFUSED(EINVAL, region(&vm, 1, 0, 0x0ffffffffffff000ull, MB, more));
	REFUSED(EEXIST, region(&vm, 1, 0, MB / 2, MB, more)); /* overlaps slot 0 */
	REFUSED(EINVAL, region(&vm, 1, 0, 0, 0, 0)); /* delete what is not there */
	CHECK(region(&vm, 1, 0, 2 * MB, MB, more) == 0);

	/* a moved slot is seen at its new place only, a deleted one nowhere */
	*(uint32_t *)more = 0x12345678;
	CODE(&vm, 0x100, LIS(4, 0x20), LWZ(3, 4, 0), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0x12345678);
	CHECK(region(&vm, 1, 0, 4 * MB, MB, more) == 0);
	CODE(&vm, 0x100, LIS(4, 0x40), LWZ(3, 4, 0), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0x12345678);
	CODE(&vm, 0x100, LIS(4, 0x20), LWZ(3, 4, 0), STOP);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_MMIO);
	CHECK(stopped(&vm));
	CHECK(region(&vm, 1, 0, 4 * MB, 0, more) == 0);
	CODE(&vm, 0x100, LIS(4, 0x40), LWZ(3, 4, 0), STOP);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_MMIO);
	CHECK(stopped(&vm));

	/* no host page: an error, and the same again, and right when there is one */
	CHECK(region(&vm, 1, 0, 2 * MB, MB, more) == 0);
	CHECK(mprotect((void *)more, MB, PROT_NONE) == 0);
	CODE(&vm, 0x100, LIS(4, 0x20), LWZ(3, 4, 0), STOP);
	REFUSED(EFAULT, run(&vm));
	REFUSED(EFAULT, run(&vm));
	CHECK(mprotect((void *)more, MB, PROT_READ | PROT_WRITE) == 0);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0x12345678);
	/* taken away again under a guest that has it mapped */
	CHECK(mprotect((void *)more, MB, PROT_NONE) == 0);
	CODE(&vm, 0x100, LIS(4, 0x20), LWZ(3, 4, 0), STOP);
	REFUSED(EFAULT, run(&vm));
	destroy(&vm);
	munmap((void *)more, MB);
}

static void contiguous(void)
{
	uint64_t size;
	struct vm vm;
	uint8_t *p;
	int fd;

	create(&vm);
	size = 0;
	REFUSED(EINVAL, ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size));
	size = MB + 4096;
	REFUSED(EINVAL, ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size));
	size = 1ull << 40;
	REFUSED(EINVAL, ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size));
	REFUSED(EFAULT, ioctl(vm.vm, KVM44X_CREATE_MEMORY, NULL));
	size = 18 * MB;
	fd = ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size);
	CHECK(fd >= 0);
	CHECK(mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(mmap(NULL, size + 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED);
	CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, size) == MAP_FAILED);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	close(fd);
	CHECK(p[0] == 0 && p[size - 1] == 0);

	/* the guest's stores are the VMM's bytes, also after the pages were zapped */
	CHECK(region(&vm, 1, 0, 16 * MB, size, (uintptr_t)p) == 0);
	CODE(&vm, 0x100, LIS(4, 0x110), LI(3, 77), STW(3, 4, 16), STOP);
	CHECK(stopped(&vm));
	CHECK(p[MB + 19] == 77);
	CHECK(madvise(p, size, MADV_DONTNEED) == 0);
	p[MB + 19] = 78;
	CODE(&vm, 0x100, LIS(4, 0x110), LWZ(3, 4, 16), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 78);

	/* without the mapping there is nothing, and nothing stale is seen */
	munmap(p, size);
	REFUSED(EFAULT, (CODE(&vm, 0x100, LIS(4, 0x110), LWZ(3, 4, 16), STOP), run(&vm)));
	destroy(&vm);
}

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
	CODE(&vm, 0x100, LIS(3, 0x3000), MTSPR(308, 3), STOP);
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
	line = 12345;
	REFUSED(EINVAL, ioctl(vm.vcpu, KVM_INTERRUPT, &line));
	REFUSED(EFAULT, ioctl(vm.vcpu, KVM_INTERRUPT, NULL));
	line = KVM_INTERRUPT_SET_LEVEL;
	CHECK(ioctl(vm.vcpu, KVM_INTERRUPT, &line) == 0);
	CHECK(get(&vm, KVM44X_REG_LINES, &line) == 0 && line == KVM44X_LINE_EXTERNAL);
	line = KVM_INTERRUPT_UNSET;
	CHECK(ioctl(vm.vcpu, KVM_INTERRUPT, &line) == 0);
	CHECK(get(&vm, KVM44X_REG_LINES, &line) == 0 && line == 0);
	destroy(&vm);
}

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
	s.pvr++;
	REFUSED(EINVAL, ioctl(vm.vcpu, KVM_SET_SREGS, &s));
	destroy(&vm);
}

static void one_reg(void)
{
	struct {
		struct kvm_reg_list list;
		uint64_t id[2000];
	} regs;
	struct kvm44x_tlbe tlbe = { { 0xc0000290, 0, 0x07 }, 5 }, got;
	struct kvm44x_in_flight f;
	uint8_t value[32], again[32];
	struct vm vm;
	uint32_t word;
	uint64_t i;

	create(&vm);
	regs.list.n = 3;
	REFUSED(E2BIG, ioctl(vm.vcpu, KVM_GET_REG_LIST, &regs));
	regs.list.n = 2000;
	CHECK(ioctl(vm.vcpu, KVM_GET_REG_LIST, &regs) == 0);
	/* 33 of the FPU, 84 SPRs, 64 TLB entries, 3 others */
	CHECK(regs.list.n == 33 + 84 + 64 + 3);
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
	REFUSED(ENOENT, get(&vm, KVM44X_REG_TLB(64), value));
	REFUSED(ENOENT, set(&vm, KVM_REG_PPC_HIOR, value));
	REFUSED(ENOENT, get(&vm, 0, value));
	REFUSED(ENOENT, get(&vm, ~0ull, value));
	REFUSED(EFAULT, get(&vm, KVM44X_REG_LINES, NULL));
	word = 0;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_SPR(287), &word)); /* PVR */
	word = ~0u;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_LINES, &word));
	REFUSED(EINVAL, set(&vm, KVM44X_REG_SPR(48), &word)); /* PID has 8 bits */

	/* the guest runs by the TLB that was set, and reads it back */
	CHECK(set(&vm, KVM44X_REG_TLB(63), &tlbe) == 0);
	CHECK(get(&vm, KVM44X_REG_TLB(63), &got) == 0 && !memcmp(&tlbe, &got, sizeof(got)));
	tlbe.tid = 256;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_TLB(0), &tlbe));
	tlbe.tid = 0;
	tlbe.word[0] |= 1;
	REFUSED(EINVAL, set(&vm, KVM44X_REG_TLB(0), &tlbe));
	word = 5;
	CHECK(set(&vm, KVM44X_REG_SPR(48), &word) == 0);
	{
		struct kvm_regs r;

		memcpy(vm.ram + 0x100, (uint32_t[]){ MFSPR(3, 48), STOP }, 8);
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
	f = (struct kvm44x_in_flight){ .kind = 9 };
	REFUSED(EINVAL, set(&vm, KVM44X_REG_IN_FLIGHT, &f));
	destroy(&vm);
}

static void translate(void)
{
	struct kvm44x_tlbe tlbe = { { 0xc0000290, 0x10000002, 0x05 }, 0 };
	struct kvm_translation tr = { .linear_address = 0xc0012345 };
	struct kvm_mp_state state = { .mp_state = KVM_MP_STATE_HALTED };
	struct vm vm;

	create(&vm);
	CHECK(set(&vm, KVM44X_REG_TLB(0), &tlbe) == 0);
	CHECK(ioctl(vm.vcpu, KVM_TRANSLATE, &tr) == 0);
	CHECK(tr.valid && !tr.writeable && !tr.usermode && tr.physical_address == 0x210012345ull);
	tr.linear_address = 0x1000;
	CHECK(ioctl(vm.vcpu, KVM_TRANSLATE, &tr) == 0 && !tr.valid);
	CHECK(ioctl(vm.vcpu, KVM_SET_MP_STATE, &state) == 0);
	state.mp_state = 77;
	REFUSED(EINVAL, ioctl(vm.vcpu, KVM_SET_MP_STATE, &state));
	CHECK(ioctl(vm.vcpu, KVM_GET_MP_STATE, &state) == 0);
	CHECK(state.mp_state == KVM_MP_STATE_HALTED);
	destroy(&vm);
}

static void on_alarm(int sig)
{
	(void)sig;
}

/* A guest that cannot even take its interrupts, and one that only traps, can be ended */
static void endless(void)
{
	struct itimerval soon = { .it_value = { .tv_usec = 300000 } };
	struct sigaction alarm = { .sa_handler = on_alarm };
	struct kvm44x_tlbe none = { 0 };
	struct vm vm;

	sigaction(SIGALRM, &alarm, NULL);
	create(&vm);
	CHECK(set(&vm, KVM44X_REG_TLB(0), &none) == 0);
	setitimer(ITIMER_REAL, &soon, NULL);
	REFUSED(EINTR, run(&vm));
	CHECK(vm.run->exit_reason == KVM_EXIT_INTR);
	destroy(&vm);

	create(&vm);
	CODE(&vm, 0x100, MTSPR(272, 3), 0x4bfffffc); /* mtspr SPRG0; b to it */
	setitimer(ITIMER_REAL, &soon, NULL);
	REFUSED(EINTR, run(&vm));
	CODE(&vm, 0x100, 0x48000000); /* b to itself */
	setitimer(ITIMER_REAL, &soon, NULL);
	REFUSED(EINTR, run(&vm));
	/* wait state with nothing that could end it */
	CODE(&vm, 0x100, LIS(3, 4), X_FORM(3u, 0, 0, 146), STOP); /* mtmsr WE */
	setitimer(ITIMER_REAL, &soon, NULL);
	REFUSED(EINTR, run(&vm));
	destroy(&vm);
}

int main(void)
{
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0) {
		perror("/dev/kvm");
		return 1;
	}
	run_size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	devices();
	memory();
	contiguous();
	exits();
	sregs();
	one_reg();
	translate();
	endless();
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
