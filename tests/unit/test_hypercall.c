// SPDX-License-Identifier: GPL-2.0-only
/* Hypercalls: the interface of Linux's Documentation/virt/kvm/ppc-pv.rst and of the ePAPR. */
#include "fixture.h"

#define MAGIC 0x4b564d21u /* "KVM!" */

#define KVM_FEATURES	(42u << 16 | 3)
#define KVM_MAGIC_PAGE	(42u << 16 | 4)
#define EPAPR_IDLE	(1u << 16 | 16)
#define NOT_IMPLEMENTED 12

/* KVM_FEATURE_MAGIC_PAGE is bit 1; KVM_MAGIC_FEAT_MAS0_TO_SPRG7, too */
#define MAGIC_PAGE_FEATURE 2
#define MAGIC_TO_SPRG7	   2

/* A guest that has executed sc */
static void call(struct fixture *f, u32 msr, u32 r0, u32 r11)
{
	scramble(f, msr);
	f->v.cpu.gpr[0] = r0;
	f->v.cpu.gpr[11] = r11;
}

static void expect(struct fixture *f, enum v44_hc hc, u32 status, u32 result)
{
	struct v44_cpu want;

	memcpy(&want, &f->v.cpu, sizeof(want));
	want.gpr[3] = status;
	want.gpr[4] = result;
	check_equal(v44_hypercall(&f->v), hc, "hypercall");
	check_cpu(&f->v.cpu, &want, "hypercall");
}

static void features(void **state)
{
	struct fixture *f = *state;

	call(f, EE | CE | ME, MAGIC, KVM_FEATURES);
	expect(f, V44_HC_DONE, 0, MAGIC_PAGE_FEATURE);
	call(f, 0, MAGIC, KVM_FEATURES);
	expect(f, V44_HC_DONE, 0, MAGIC_PAGE_FEATURE);
}

static void idle(void **state)
{
	struct fixture *f = *state;

	call(f, EE | CE | ME, MAGIC, EPAPR_IDLE);
	expect(f, V44_HC_IDLE, 0, 0);
	call(f, 0, MAGIC, EPAPR_IDLE);
	expect(f, V44_HC_IDLE, 0, 0);
}

/* The lower bits of the EA are flags, the address in real mode is nothing to a 440 */
static void magic_page(void **state)
{
	struct fixture *f = *state;

	call(f, EE, MAGIC, KVM_MAGIC_PAGE);
	f->v.cpu.gpr[3] = 0xfffff001;
	f->v.cpu.gpr[4] = 0x12345678;
	expect(f, V44_HC_DONE, 0, MAGIC_TO_SPRG7);
	check(f->v.magic.mapped && !f->v.magic.used, "mapped");
	check_equal(f->v.magic.ea, 0xfffff000, "EA");
	call(f, PR, MAGIC, KVM_MAGIC_PAGE);
	check_equal(v44_hypercall(&f->v), V44_HC_NONE, "in user state");
	check_equal(f->v.magic.ea, 0xfffff000, "EA");
}

static void others_are_not_implemented(void **state)
{
	static const u32 numbers[] = {
		0, 3, KVM_FEATURES - 1, KVM_MAGIC_PAGE + 1, EPAPR_IDLE + 1, 41u << 16 | 3, ~0u
	};
	struct fixture *f = *state;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		call(f, EE, MAGIC, numbers[i]);
		expect(f, V44_HC_DONE, NOT_IMPLEMENTED, 0);
	}
}

static void system_calls_stay(void **state)
{
	static const struct {
		u32 msr, r0;
	} calls[] = {
		{ PR, MAGIC }, { PR | EE | IS | DS, MAGIC }, { 0, MAGIC + 1 }, { EE, 0 }, { EE, 4 },
	};
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		call(f, calls[i].msr, calls[i].r0, i & 1 ? KVM_FEATURES : EPAPR_IDLE);
		memcpy(&want, &f->v.cpu, sizeof(want));
		check_equal(v44_hypercall(&f->v), V44_HC_NONE, "MSR 0x%x, r0 0x%x", calls[i].msr,
			    calls[i].r0);
		check_cpu(&f->v.cpu, &want, "system call");
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(features),		 TEST(idle),
		TEST(magic_page),	 TEST(others_are_not_implemented),
		TEST(system_calls_stay),
	};

	return RUN_ALL(tests);
}
