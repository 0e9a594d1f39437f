// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cache instructions that the hardware could not execute: on a device, on what cannot be written,
 * and on the page that they are executed from where MSR[IS] and MSR[DS] differ.
 */
#include "fixture.h"

static const struct {
	const char *name;
	u16 xo;
	bool store, conditional;
} ops[] = {
	{ "dcbst", 54, false, false }, { "dcbf", 86, false, false },  { "icbi", 982, false, false },
	{ "dcbz", 1014, true, false }, { "stwcx.", 150, true, true },
};

static u32 insn_of(u32 op, u32 ra)
{
	return x_form(31, ops[op].xo, 0, ra, 4) | ops[op].conditional;
}

static void prepare(struct fixture *f, u32 msr, u32 rights)
{
	scramble(f, msr);
	map_all(f, rights);
	f->v.cpu.gpr[3] &= ~3u; /* for stwcx. */
	f->v.cpu.gpr[4] &= ~3u;
}

static void have_nothing_to_do(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	u32 i;

	for (i = 0; i < 3; i++) {
		u32 flushes = f->icache_flushes;

		prepare(f, PR, UR);
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.pc += 4;
		check_equal(v44_access_decode(&f->v, insn_of(i, 3), &a), V44_DECODED_NOTHING, "%s",
			    ops[i].name);
		check_cpu(&f->v.cpu, &want, ops[i].name);
		check_equal(f->icache_flushes - flushes, i == 2, "%s", ops[i].name);
	}
}

/* Manual 6.5.7 */
static void dcbz_is_an_alignment_exception(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	u32 ra;

	for (ra = 0; ra < 32; ra++) {
		prepare(f, PR | EE | DE, UW);
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.esr = ST;
		want.dear = (ra ? want.gpr[ra] : 0) + want.gpr[4];
		want.srr[0] = want.pc;
		want.srr[1] = want.msr;
		want.msr = DE;
		want.pc = want.ivpr + want.ivor[5];
		check_equal(v44_access_decode(&f->v, insn_of(3, ra), &a), V44_DECODED_INTERRUPT,
			    "r%u", ra);
		check_cpu(&f->v.cpu, &want, "dcbz");
	}
}

/* As a load, or a store: without a translation, and with one that does not allow it */
static void need_a_translation(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	u32 i, miss;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		for (miss = 0; miss < 2; miss++) {
			prepare(f, PR | EE, ops[i].store ? UR : UW);
			if (miss)
				f->v.cpu.msr |= DS;
			memcpy(&want, &f->v.cpu, sizeof(want));
			want.esr = (ops[i].store ? ST : 0) | (miss ? want.esr & MCI : 0);
			want.dear = want.gpr[3] + want.gpr[4];
			want.srr[0] = want.pc;
			want.srr[1] = want.msr;
			want.msr = 0;
			want.pc = want.ivpr + want.ivor[miss ? 13 : 2];
			check_equal(v44_access_decode(&f->v, insn_of(i, 3), &a),
				    V44_DECODED_INTERRUPT, "%s", ops[i].name);
			check_cpu(&f->v.cpu, &want, ops[i].name);
			check_equal(f->icache_flushes, 0, "%s", ops[i].name);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(have_nothing_to_do),
		TEST(dcbz_is_an_alignment_exception),
		TEST(need_a_translation),
	};

	return RUN_ALL(tests);
}
