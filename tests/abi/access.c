// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and stores of every form where memory ends: between a page of a slot and one that user
 * space answers for, which holds the same bytes. What the instruction does with memory throughout,
 * where the CPU executes it, is what it must do there.
 */
#include <sys/mman.h>
#include "abi.h"

#define PAGE   4096u
#define MIXED  0x00200000u /* a page of memory, one that is not, a page of memory */
#define MEMORY 0x00300000u /* three pages of memory */
#define DEVICE (MIXED + PAGE)

#define STRING 111 /* XER: bytes of lswx, stswx */
#define MSR_FP 0x2000
#define LITTLE 0x80 /* E of TLB word 2 */

/* Of r4 + 16: r4 + r5, or 16(r4). Strings without an index have no displacement: r4 is all. */
enum base {
	SUM,
	ALL,
};

static const struct form {
	uint32_t insn;
	enum base base;
	unsigned int bytes;
} forms[] = {
	{ D_FORM(34u, 6, 4, 16), SUM, 1 }, /* lbz */
	{ D_FORM(35u, 6, 4, 16), SUM, 1 }, /* lbzu */
	{ X_FORM(6, 4, 5, 87), SUM, 1 }, /* lbzx */
	{ X_FORM(6, 4, 5, 119), SUM, 1 }, /* lbzux */
	{ D_FORM(40u, 6, 4, 16), SUM, 2 }, /* lhz */
	{ D_FORM(41u, 6, 4, 16), SUM, 2 }, /* lhzu */
	{ X_FORM(6, 4, 5, 279), SUM, 2 }, /* lhzx */
	{ X_FORM(6, 4, 5, 311), SUM, 2 }, /* lhzux */
	{ D_FORM(42u, 6, 4, 16), SUM, 2 }, /* lha */
	{ D_FORM(43u, 6, 4, 16), SUM, 2 }, /* lhau */
	{ X_FORM(6, 4, 5, 343), SUM, 2 }, /* lhax */
	{ X_FORM(6, 4, 5, 375), SUM, 2 }, /* lhaux */
	{ X_FORM(6, 4, 5, 790), SUM, 2 }, /* lhbrx */
	{ D_FORM(32u, 6, 4, 16), SUM, 4 }, /* lwz */
	{ D_FORM(33u, 6, 4, 16), SUM, 4 }, /* lwzu */
	{ X_FORM(6, 4, 5, 23), SUM, 4 }, /* lwzx */
	{ X_FORM(6, 4, 5, 55), SUM, 4 }, /* lwzux */
	{ X_FORM(6, 4, 5, 534), SUM, 4 }, /* lwbrx */
	{ LMW(23, 4, 16), SUM, 36 },
	{ X_FORM(28, 4, 0, 597), ALL, 32 }, /* lswi, r28 to r3 */
	{ X_FORM(20, 4, 7, 597), ALL, 7 },
	{ X_FORM(6, 4, 5, 533), SUM, STRING }, /* lswx, r6 to r1 */
	{ D_FORM(48u, 1, 4, 16), SUM, 4 }, /* lfs */
	{ D_FORM(49u, 1, 4, 16), SUM, 4 }, /* lfsu */
	{ X_FORM(1, 4, 5, 535), SUM, 4 }, /* lfsx */
	{ X_FORM(1, 4, 5, 567), SUM, 4 }, /* lfsux */
	{ D_FORM(50u, 1, 4, 16), SUM, 8 }, /* lfd */
	{ D_FORM(51u, 1, 4, 16), SUM, 8 }, /* lfdu */
	{ X_FORM(1, 4, 5, 599), SUM, 8 }, /* lfdx */
	{ X_FORM(1, 4, 5, 631), SUM, 8 }, /* lfdux */
	{ STB(6, 4, 16), SUM, 1 },
	{ D_FORM(39u, 6, 4, 16), SUM, 1 }, /* stbu */
	{ X_FORM(6, 4, 5, 215), SUM, 1 }, /* stbx */
	{ X_FORM(6, 4, 5, 247), SUM, 1 }, /* stbux */
	{ STH(6, 4, 16), SUM, 2 },
	{ D_FORM(45u, 6, 4, 16), SUM, 2 }, /* sthu */
	{ X_FORM(6, 4, 5, 407), SUM, 2 }, /* sthx */
	{ X_FORM(6, 4, 5, 439), SUM, 2 }, /* sthux */
	{ X_FORM(6, 4, 5, 918), SUM, 2 }, /* sthbrx */
	{ STW(6, 4, 16), SUM, 4 },
	{ D_FORM(37u, 6, 4, 16), SUM, 4 }, /* stwu */
	{ X_FORM(6, 4, 5, 151), SUM, 4 }, /* stwx */
	{ X_FORM(6, 4, 5, 183), SUM, 4 }, /* stwux */
	{ X_FORM(6, 4, 5, 662), SUM, 4 }, /* stwbrx */
	{ D_FORM(47u, 23, 4, 16), SUM, 36 }, /* stmw */
	{ X_FORM(28, 4, 0, 725), ALL, 32 }, /* stswi */
	{ X_FORM(20, 4, 7, 725), ALL, 7 },
	{ X_FORM(6, 4, 5, 661), SUM, STRING }, /* stswx */
	{ D_FORM(52u, 1, 4, 16), SUM, 4 }, /* stfs */
	{ D_FORM(53u, 1, 4, 16), SUM, 4 }, /* stfsu */
	{ X_FORM(1, 4, 5, 663), SUM, 4 }, /* stfsx */
	{ X_FORM(1, 4, 5, 695), SUM, 4 }, /* stfsux */
	{ D_FORM(54u, 1, 4, 16), SUM, 8 }, /* stfd */
	{ D_FORM(55u, 1, 4, 16), SUM, 8 }, /* stfdu */
	{ X_FORM(1, 4, 5, 727), SUM, 8 }, /* stfdx */
	{ X_FORM(1, 4, 5, 759), SUM, 8 }, /* stfdux */
	{ X_FORM(1, 4, 5, 983), SUM, 4 }, /* stfiwx */
};

/* Singles of all kinds: 0, the smallest, small ones, pi, the largest, infinity, both NaNs */
static const uint32_t singles[] = {
	0x00000000, 0x80000001, 0x00400000, 0x807fffff, 0x00800000,
	0xc0490fdb, 0x7f7fffff, 0xff800000, 0x7fc12345, 0xffa54321,
};

static const uint64_t doubles[] = {
	0x0000000000000000, 0x8000000000000000, 0x400921fb54442d18, 0xb6a0000000000000,
	0x380fffffe0000000, 0x3690000000000000, 0xc7efffffe0000000, 0x47f0000000000000,
	0x7ff0000000000000, 0xfff8123456789abc, 0x7ff4000020000000, 0x0123456789abcdef,
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct world {
	struct vm vm;
	uint8_t *mixed, *memory; /* three pages each */
	unsigned int pieces;
};

static void create_world(struct world *w)
{
	create(&w->vm);
	w->mixed = pages(3 * PAGE);
	w->memory = pages(3 * PAGE);
	w->pieces = 0;
	CHECK(region(&w->vm, 1, 0, MIXED, PAGE, w->mixed) == 0);
	CHECK(region(&w->vm, 2, 0, MIXED + 2 * PAGE, PAGE, w->mixed + 2 * PAGE) == 0);
	CHECK(region(&w->vm, 3, 0, MEMORY, 3 * PAGE, w->memory) == 0);
}

static void destroy_world(struct world *w)
{
	destroy(&w->vm);
	munmap(w->mixed, 3 * PAGE);
	munmap(w->memory, 3 * PAGE);
}

/* As if the VM were saved here and restored in another one, where other things were under way */
static void move_in_flight(struct vm *vm)
{
	const struct kvm44x_in_flight other = {
		.kind = KVM44X_IN_FLIGHT_MMIO,
		.insn_flags = 4, /* lwz */
		.ea = 0x3ff,
		.value = 0x55,
		.reg = 17,
		.left = 3,
		.done = 1,
		.update_ea = 0x3fe,
	};
	struct kvm44x_in_flight f, again;

	CHECK(get(vm, KVM44X_REG_IN_FLIGHT, &f) == 0 && f.kind == KVM44X_IN_FLIGHT_MMIO);
	CHECK(set(vm, KVM44X_REG_IN_FLIGHT, &other) == 0);
	CHECK(set(vm, KVM44X_REG_IN_FLIGHT, &f) == 0);
	CHECK(get(vm, KVM44X_REG_IN_FLIGHT, &again) == 0 && !memcmp(&f, &again, sizeof(f)));
}

/* Runs to the end of the code, with the page between the two answered for */
static void run_answering(struct world *w)
{
	struct kvm_run *run_page = w->vm.run;

	for (;;) {
		uint64_t at;

		if (run(&w->vm) < 0 || run_page->exit_reason != KVM_EXIT_MMIO)
			break;
		at = run_page->mmio.phys_addr - DEVICE;
		if (at >= PAGE || at + run_page->mmio.len > PAGE) {
			CHECK(!"an access beside the device");
			break;
		}
		if (run_page->mmio.is_write)
			memcpy(w->mixed + PAGE + at, run_page->mmio.data, run_page->mmio.len);
		else
			memcpy(run_page->mmio.data, w->mixed + PAGE + at, run_page->mmio.len);
		if (w->pieces++ % 5 == 0)
			move_in_flight(&w->vm);
	}
	CHECK(run_page->exit_reason == KVM_EXIT_DCR && run_page->dcr.dcrn == END);
}

/* Executes one form at @ea; *fpr: in and out */
static void execute(struct world *w, const struct form *form, uint32_t ea, struct kvm_regs *regs,
		    uint64_t *fpr)
{
	const struct kvm44x_in_flight none = { 0 };
	unsigned int i;

	/* the end of the code before waits for its answer, which would arrive in r0 */
	CHECK(set(&w->vm, KVM44X_REG_IN_FLIGHT, &none) == 0);
	memset(regs, 0, sizeof(*regs));
	for (i = 0; i < 32; i++)
		regs->gpr[i] = 0x81828384u + 0x04040404u * i;
	regs->gpr[4] = form->base == SUM ? ea - 16 : ea;
	regs->gpr[5] = 16;
	regs->xer = STRING;
	regs->msr = MSR_FP;
	regs->pc = 0x100;
	CHECK(ioctl(w->vm.vcpu, KVM_SET_REGS, regs) == 0);
	CHECK(set(&w->vm, KVM_REG_PPC_FPR0 + 1, fpr) == 0);
	run_answering(w);
	CHECK(ioctl(w->vm.vcpu, KVM_GET_REGS, regs) == 0);
	CHECK(get(&w->vm, KVM_REG_PPC_FPR0 + 1, fpr) == 0);
}

/* At the same offset in both; true if all is the same afterwards */
static int same(struct world *w, const struct form *form, uint32_t offset, uint64_t fpr)
{
	struct kvm_regs mixed, memory;
	uint64_t fpr_mixed = fpr, fpr_memory = fpr;
	unsigned int i;

	memcpy(w->mixed, w->memory, 3 * PAGE);
	execute(w, form, MIXED + offset, &mixed, &fpr_mixed);
	execute(w, form, MEMORY + offset, &memory, &fpr_memory);
	/* an update form's address differs as what it was given does */
	mixed.gpr[4] += MEMORY - MIXED;
	for (i = 0; i < 32 && mixed.gpr[i] == memory.gpr[i]; i++)
		;
	return i == 32 && mixed.cr == memory.cr && mixed.xer == memory.xer &&
	       mixed.pc == memory.pc && fpr_mixed == fpr_memory &&
	       !memcmp(w->mixed, w->memory, 3 * PAGE);
}

static void fill(uint8_t *bytes, unsigned int seed)
{
	unsigned int i;

	for (i = 0; i < 3 * PAGE; i++)
		bytes[i] = (i + seed) * 73 + (i >> 8);
}

static void one_form(struct world *w, const struct form *form)
{
	unsigned int k, step = form->bytes > 8 ? 13 : 1, failures = 0;

	CODE(&w->vm, 0x100, form->insn, STOP);
	fill(w->memory, form->insn);
	w->pieces = 0;
	for (k = 0; k <= form->bytes + 1; k += step) {
		failures += !same(w, form, PAGE - k, doubles[k % COUNT(doubles)]);
		failures += !same(w, form, 2 * PAGE - k, doubles[(k + 6) % COUNT(doubles)]);
	}
	/* within the device, aligned and not, and over 1 KB of it */
	failures += !same(w, form, PAGE + 0x100, doubles[3]);
	failures += !same(w, form, PAGE + 0x203, doubles[4]);
	failures += !same(w, form, PAGE + 0x3ff, doubles[5]);
	if (failures)
		printf("%08x: %u differences\n", form->insn, failures);
	CHECK(!failures && w->pieces > 3);
}

static void every_form(void)
{
	struct world w;
	unsigned int i;

	create_world(&w);
	for (i = 0; i < COUNT(forms); i++)
		one_form(&w, &forms[i]);
	/* the same with a read-only page in the middle: only its stores are user space's */
	CHECK(region(&w.vm, 4, KVM_MEM_READONLY, DEVICE, PAGE, w.mixed + PAGE) == 0);
	for (i = 30; i < COUNT(forms); i += 3)
		one_form(&w, &forms[i]);
	destroy_world(&w);
}

/* From a device to the FPU and back */
static void numbers(void)
{
	static const struct form lfs = { D_FORM(48u, 1, 4, 16), SUM, 4 };
	static const struct form stfs = { D_FORM(52u, 1, 4, 16), SUM, 4 };
	struct world w;
	unsigned int i;

	create_world(&w);
	CODE(&w.vm, 0x100, lfs.insn, STOP);
	for (i = 0; i < COUNT(singles); i++) {
		memcpy(w.memory + PAGE, &singles[i], 4);
		CHECK(same(&w, &lfs, PAGE, 0));
	}
	CODE(&w.vm, 0x100, stfs.insn, STOP);
	for (i = 0; i < COUNT(doubles); i++)
		CHECK(same(&w, &stfs, PAGE, doubles[i]));
	CHECK(w.pieces == COUNT(singles) + COUNT(doubles));
	/* what the guest has in the FPU itself is what it stores */
	CODE(&w.vm, 0x100, LIS(4, DEVICE >> 16), ORI(4, 4, DEVICE & 0xffff), D_FORM(50u, 1, 4, 0),
	     0xfc01082a /* fadd 0, 1, 1 */, D_FORM(54u, 0, 4, 8), STOP);
	{
		struct kvm_regs regs;
		const uint64_t pi = 0x400921fb54442d18;

		memcpy(w.mixed + PAGE, &pi, 8);
		CHECK(ioctl(w.vm.vcpu, KVM_GET_REGS, &regs) == 0);
		regs.msr = MSR_FP;
		CHECK(ioctl(w.vm.vcpu, KVM_SET_REGS, &regs) == 0);
		run_answering(&w);
		CHECK(*(uint64_t *)(w.mixed + PAGE + 8) == pi + (1ull << 52));
	}
	destroy_world(&w);
}

/* lwarx loads from a device; stwcx. never stores to one, nor leaves for it */
static void reservation(void)
{
	struct kvm_regs regs;
	struct vm vm;

	create(&vm);
	CODE(&vm, 0x100, LIS(4, 0x7000), X_FORM(3, 0, 4, 20), X_FORM(5, 0, 4, 150) | 1, STOP);
	CHECK(mmio(&vm, 0x70000000, 0) && vm.run->mmio.len == 4);
	memcpy(vm.run->mmio.data, "\x12\x34\x56\x78", 4);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0x12345678);
	CHECK(ioctl(vm.vcpu, KVM_GET_REGS, &regs) == 0 && !(regs.cr & 0x20000000));
	destroy(&vm);
}

#define CACHE(xo) X_FORM(0, 0, 4, xo)

/*
 * Cache instructions find nothing to do in a read-only slot, nor leave for it; dcbz of what is
 * not memory, and that includes what cannot be written, is an alignment interrupt (manual 6.5.7).
 */
static void read_only_lines(void)
{
	uint32_t dear = 0;
	uint8_t *rom;
	struct vm vm;

	create(&vm);
	rom = pages(PAGE);
	memset(rom, 0xa5, PAGE);
	CHECK(region(&vm, 1, KVM_MEM_READONLY, 0x20000000, PAGE, rom) == 0);
	CODE(&vm, 0x10200, LI(7, 5), STOP);
	/* dcbst, dcbf, icbi, dcbi, dcbt, dcbtst, dcba; then IVOR5, and dcbz */
	CODE(&vm, 0x100, LIS(4, 0x2000), ORI(4, 4, 0x45), CACHE(54), CACHE(86), CACHE(982),
	     CACHE(470), CACHE(278), CACHE(246), CACHE(758), LWZ(3, 4, 3), LIS(6, 1),
	     MTSPR(IVPR, 6), LI(6, 0x200), MTSPR(405, 6), LI(7, 0), CACHE(1014), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0xa5a5a5a5 && gpr(&vm, 7) == 5);
	CHECK(get(&vm, KVM44X_REG_SPR(61), &dear) == 0 && dear == 0x20000045);
	CHECK(rom[0x45] == 0xa5 && rom[0x40] == 0xa5);
	destroy(&vm);
	munmap(rom, PAGE);
}

/* A page with attribute E is little-endian, also where a device is */
static void byte_order(void)
{
	struct kvm44x_tlbe ram = { { 0x00000290, 0, 0x07 }, 0 };
	struct kvm44x_tlbe little = { { 0x70000210, 0x70000000, 0x03 | LITTLE }, 0 };
	struct vm vm;

	create(&vm);
	CHECK(set(&vm, KVM44X_REG_TLB(0), &ram) == 0);
	CHECK(set(&vm, KVM44X_REG_TLB(1), &little) == 0);
	CODE(&vm, 0x100, LIS(4, 0x7000), LWZ(3, 4, 4), STH(3, 4, 8), X_FORM(5, 0, 4, 534),
	     LMW(30, 4, 16), STOP);
	CHECK(mmio(&vm, 0x70000004, 0));
	memcpy(vm.run->mmio.data, "\x78\x56\x34\x12", 4);
	CHECK(mmio(&vm, 0x70000008, 1) && !memcmp(vm.run->mmio.data, "\x78\x56", 2));
	CHECK(gpr(&vm, 3) == 0x12345678);
	CHECK(mmio(&vm, 0x70000000, 0));
	memcpy(vm.run->mmio.data, "\x12\x34\x56\x78", 4);
	CHECK(mmio(&vm, 0x70000010, 0));
	memcpy(vm.run->mmio.data, "\x01\0\0\0", 4);
	CHECK(mmio(&vm, 0x70000014, 0));
	memcpy(vm.run->mmio.data, "\x02\0\0\0", 4);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 5) == 0x12345678 && gpr(&vm, 30) == 1 && gpr(&vm, 31) == 2);
	destroy(&vm);
}

/* Neither page is touched when the other one is not mapped */
static void missing_page(void)
{
	struct kvm44x_tlbe ram = { { 0x00000290, 0, 0x07 }, 0 };
	struct kvm44x_tlbe device = { { 0x70000210, 0x70000000, 0x03 }, 0 };
	struct kvm44x_tlbe none = { 0 };
	uint32_t dear, vector = 0x200;
	unsigned int second;
	struct vm vm;

	for (second = 0; second < 2; second++) {
		create(&vm);
		CHECK(set(&vm, KVM44X_REG_TLB(0), &ram) == 0);
		CHECK(set(&vm, KVM44X_REG_TLB(1), second ? &none : &device) == 0);
		device.word[0] += PAGE;
		device.word[1] += PAGE;
		CHECK(set(&vm, KVM44X_REG_TLB(2), second ? &device : &none) == 0);
		device.word[0] -= PAGE;
		device.word[1] -= PAGE;
		CHECK(set(&vm, KVM44X_REG_SPR(413), &vector) == 0); /* IVOR13 */
		CODE(&vm, 0x200, STOP);
		CODE(&vm, 0x100, LIS(4, 0x7000), STW(3, 4, 0xffe), STOP);
		CHECK(stopped(&vm));
		CHECK(get(&vm, KVM44X_REG_SPR(61), &dear) == 0);
		CHECK(dear == (second ? 0x70000ffeu : 0x70001000u));
		destroy(&vm);
	}
}

void access_checks(void)
{
	every_form();
	numbers();
	reservation();
	read_only_lines();
	byte_order();
	missing_page();
}
