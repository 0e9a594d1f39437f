// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts: what each changes, which comes first, which waits (manual 6.4 to 6.6). */
#include "fixture.h"

enum class {
	NONCRITICAL,
	CRITICAL,
	MACHINE_CHECK,
};

/* Table 6-2, by IVOR number */
static const struct {
	const char *name;
	enum class class;
} manual[16] = {
	{ "critical input", CRITICAL },
	{ "machine check", MACHINE_CHECK },
	{ "data storage", NONCRITICAL },
	{ "instruction storage", NONCRITICAL },
	{ "external input", NONCRITICAL },
	{ "alignment", NONCRITICAL },
	{ "program", NONCRITICAL },
	{ "floating-point unavailable", NONCRITICAL },
	{ "system call", NONCRITICAL },
	{ "auxiliary processor unavailable", NONCRITICAL },
	{ "decrementer", NONCRITICAL },
	{ "fixed interval timer", NONCRITICAL },
	{ "watchdog timer", CRITICAL },
	{ "data TLB error", NONCRITICAL },
	{ "instruction TLB error", NONCRITICAL },
	{ "debug", CRITICAL },
};

static void expect_taken(struct v44_cpu *want, int ivor, u32 return_pc)
{
	switch (manual[ivor].class) {
	case NONCRITICAL:
		want->srr[0] = return_pc;
		want->srr[1] = want->msr;
		want->msr &= CE | ME | DE;
		break;
	case CRITICAL:
		want->csrr[0] = return_pc;
		want->csrr[1] = want->msr;
		want->msr &= ME;
		break;
	case MACHINE_CHECK:
		want->mcsrr[0] = return_pc;
		want->mcsrr[1] = want->msr;
		want->msr = 0;
		break;
	}
	want->pc = (want->ivpr & 0xffff0000) + (want->ivor[ivor] & 0xfff0);
}

/* The n-th of the 4096 combinations of the bits that a 440's MSR has */
static u32 nth_msr(u32 n)
{
	static const u32 bits[12] = { WE, CE, EE, PR, FP, ME, FE0, DWE, DE, FE1, IS, DS };
	u32 i, msr = 0;

	for (i = 0; i < 12; i++)
		msr |= n >> i & 1 ? bits[i] : 0;
	return msr;
}

static void entry_of_each(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 ivor, n;

	for (ivor = 0; ivor < 16; ivor++) {
		scramble(f, 0);
		for (n = 0; n < 4096; n++) {
			f->v.cpu.msr = nth_msr(n);
			memcpy(&want, &f->v.cpu, sizeof(want));
			expect_taken(&want, ivor, 0xabcd0004 + n * 4);
			v44_interrupt(&f->v, ivor, 0xabcd0004 + n * 4);
			check_cpu(&f->v.cpu, &want, manual[ivor].name);
		}
	}
}

static void program_sets_esr_only(void **state)
{
	static const u32 causes[] = { PIL, PPR, PTR, 0x01000000, 0x00080000, 0x00040000 };
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(causes); i++) {
		scramble(f, PR | EE | DE);
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.esr = causes[i];
		expect_taken(&want, 6, 0x12345678);
		v44_program(&f->v, causes[i], 0x12345678);
		check_cpu(&f->v.cpu, &want, "program");
	}
}

static void storage_sets_what_its_interrupt_defines(void **state)
{
	static const struct {
		u8 ivor;
		bool esr, dear;
		u32 kept; /* of ESR */
	} kinds[] = {
		{ 2, true, true, 0 },	   { 3, true, false, 0 },
		{ 5, true, true, 0 },	   { 13, true, true, MCI }, /* manual 6.5.14 */
		{ 14, false, false, ~0u },
	};
	static const u32 syndromes[] = { 0, ST, 0x00200000, 0x01000000 | ST };
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 i, j, old;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (j = 0; j < ARRAY_SIZE(syndromes); j++) {
			for (old = 0; old < 2; old++) {
				scramble(f, PR | EE | CE | IS);
				f->v.cpu.esr = old ? 0xffffffff : 0;
				memcpy(&want, &f->v.cpu, sizeof(want));
				want.esr &= kinds[i].kept;
				if (kinds[i].esr)
					want.esr |= syndromes[j];
				if (kinds[i].dear)
					want.dear = 0xdead0123;
				expect_taken(&want, kinds[i].ivor, f->v.cpu.pc);
				v44_storage(&f->v, kinds[i].ivor, syndromes[j], 0xdead0123);
				check_cpu(&f->v.cpu, &want, manual[kinds[i].ivor].name);
			}
		}
	}
}

/* What MCSR has is asynchronous, and waits for ME (manual 6.5.2); it comes from outside */
static void machine_check_waits_for_me(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;

	scramble(f, 0);
	f->v.cpu.mcsr = 0xa0000000;
	f->v.cpu.tsr = 0;
	f->v.cpu.msr = CE | EE | DE;
	memcpy(&want, &f->v.cpu, sizeof(want));
	assert_false(v44_deliver(&f->v));
	check_cpu(&f->v.cpu, &want, "masked");
	f->v.cpu.msr |= ME;
	want.msr |= ME;
	expect_taken(&want, 1, want.pc);
	assert_true(v44_deliver(&f->v));
	check_cpu(&f->v.cpu, &want, "taken");
	/* a level: it is back as soon as ME is, until MCS has been cleared */
	f->v.cpu.msr = ME;
	assert_int_equal(v44_pending(&f->v), 1);
	write_spr(&f->v, 572, 0x20000000);
	assert_int_equal(v44_pending(&f->v), 1);
	write_spr(&f->v, 572, 0x80000000);
	assert_int_equal(v44_pending(&f->v), -1);
	check_equal(f->v.cpu.mcsr, 0, "MCSR");
}

/* Manual 6.5.2: precise, in ESR and not in MCSR, and never heard of again where ME is 0 */
static void fetch_from_nowhere(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 n;

	for (n = 0; n < 4096; n++) {
		u32 msr = nth_msr(n);

		scramble(f, msr);
		f->v.cpu.esr = 0xffffffff;
		f->v.cpu.mcsr = 0;
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.esr = msr & ME ? MCI : MCI | PIL;
		expect_taken(&want, msr & ME ? 1 : 6, want.pc);
		v44_fetch_error(&f->v);
		check_cpu(&f->v.cpu, &want, "fetch error");
	}
}

/* Everything that can be pending, in the order of manual 6.6 */
static const struct source {
	int ivor;
	u32 gate; /* MSR */
	u32 enable; /* TCR, or 0 */
	u32 tsr, mcsr, line;
} sources[] = {
	{ 1, ME, 0, 0, 0x80000000, 0 },		  { 0, CE, 0, 0, 0, V44_LINE_CRITICAL },
	{ 12, CE, 0x08000000, 0x40000000, 0, 0 }, { 4, EE, 0, 0, 0, V44_LINE_EXTERNAL },
	{ 4, EE, 0, 0, 0, V44_LINE_EDGE },	  { 11, EE, 0x00800000, 0x04000000, 0, 0 },
	{ 10, EE, 0x04000000, 0x08000000, 0, 0 },
};

static int first_pending(const struct v44_cpu *cpu)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		const struct source *s = &sources[i];

		if ((cpu->msr & s->gate) && (cpu->tcr & s->enable) == s->enable &&
		    ((cpu->tsr & s->tsr) || (cpu->mcsr & s->mcsr) || (cpu->lines & s->line)))
			return s->ivor;
	}
	return -1;
}

static void order_and_masks_of_all_combinations(void **state)
{
	static const u32 gates[] = { EE, CE, ME, DE, PR };
	static const u32 enables[] = { 0x08000000, 0x00800000, 0x04000000 };
	struct fixture *f = *state;
	struct v44_cpu *cpu = &f->v.cpu;
	u32 pending, msr, tcr, i;

	scramble(f, 0);
	for (pending = 0; pending < 1u << ARRAY_SIZE(sources); pending++) {
		for (msr = 0; msr < 1u << ARRAY_SIZE(gates); msr++) {
			for (tcr = 0; tcr < 1u << ARRAY_SIZE(enables); tcr++) {
				struct v44_cpu want;
				bool taken = false;
				int ivor;

				cpu->pc = 0x10000000;
				cpu->msr = WE | FP | IS | DS;
				cpu->tcr = cpu->tsr = cpu->mcsr = cpu->lines = 0;
				for (i = 0; i < ARRAY_SIZE(sources); i++) {
					if (!(pending >> i & 1))
						continue;
					cpu->tsr |= sources[i].tsr;
					cpu->mcsr |= sources[i].mcsr;
					cpu->lines |= sources[i].line;
				}
				for (i = 0; i < ARRAY_SIZE(gates); i++)
					cpu->msr |= msr >> i & 1 ? gates[i] : 0;
				for (i = 0; i < ARRAY_SIZE(enables); i++)
					cpu->tcr |= tcr >> i & 1 ? enables[i] : 0;

				memcpy(&want, cpu, sizeof(want));
				check_equal(v44_pending(&f->v), first_pending(cpu),
					    "sources %x MSR %x TCR %x", pending, cpu->msr,
					    cpu->tcr);
				check_equal(!!(v44_pending_msr(&f->v) & cpu->msr),
					    first_pending(cpu) >= 0, "sources %x MSR %x TCR %x",
					    pending, cpu->msr, cpu->tcr);
				while ((ivor = first_pending(&want)) >= 0) {
					expect_taken(&want, ivor, want.pc);
					if (ivor == 4)
						want.lines &= ~V44_LINE_EDGE;
					taken = true;
				}
				check_equal(v44_deliver(&f->v), taken, "sources %x MSR %x TCR %x",
					    pending, msr, tcr);
				check_cpu(cpu, &want, "delivered");
			}
		}
	}
}

static void lines_are_levels(void **state)
{
	struct fixture *f = *state;

	f->v.cpu.msr = EE | CE;
	v44_set_line(&f->v, V44_LINE_EXTERNAL, true);
	assert_int_equal(v44_pending(&f->v), 4);
	v44_set_line(&f->v, V44_LINE_CRITICAL, true);
	assert_int_equal(v44_pending(&f->v), 0);
	v44_set_line(&f->v, V44_LINE_CRITICAL, false);
	assert_true(v44_deliver(&f->v));
	f->v.cpu.msr |= EE;
	assert_int_equal(v44_pending(&f->v), 4); /* still asserted */
	v44_set_line(&f->v, V44_LINE_EXTERNAL, false);
	assert_int_equal(v44_pending(&f->v), -1);
}

static void an_edge_is_taken_once(void **state)
{
	struct fixture *f = *state;

	f->v.cpu.msr = EE;
	v44_set_line(&f->v, V44_LINE_EDGE, true);
	assert_true(v44_deliver(&f->v));
	f->v.cpu.msr |= EE;
	assert_false(v44_deliver(&f->v));
	/* it may be withdrawn before */
	v44_set_line(&f->v, V44_LINE_EDGE, true);
	v44_set_line(&f->v, V44_LINE_EDGE, false);
	assert_false(v44_deliver(&f->v));
	/* and does not take an asserted level with it */
	v44_set_line(&f->v, V44_LINE_EDGE | V44_LINE_EXTERNAL, true);
	assert_true(v44_deliver(&f->v));
	f->v.cpu.msr |= EE;
	assert_true(v44_deliver(&f->v));
}

/* Waiting ends by the interrupt, and the saved MSR still waits (manual 6.5) */
static void wait_state_is_saved(void **state)
{
	struct fixture *f = *state;

	scramble(f, 0);
	f->v.cpu.gpr[3] = WE | EE;
	f->v.cpu.pc = 0x1000;
	assert_int_equal(v44_emulate(&f->v, MTMSR(3)), V44_EMU_DONE);
	assert_int_equal(f->v.cpu.msr, WE | EE);
	v44_set_line(&f->v, V44_LINE_EXTERNAL, true);
	assert_true(v44_deliver(&f->v));
	assert_int_equal(f->v.cpu.srr[0], 0x1004);
	assert_int_equal(f->v.cpu.srr[1], WE | EE);
	assert_int_equal(f->v.cpu.msr, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entry_of_each),
		TEST(program_sets_esr_only),
		TEST(storage_sets_what_its_interrupt_defines),
		TEST(machine_check_waits_for_me),
		TEST(fetch_from_nowhere),
		TEST(order_and_masks_of_all_combinations),
		TEST(lines_are_levels),
		TEST(an_edge_is_taken_once),
		TEST(wait_state_is_saved),
	};

	return RUN_ALL(tests);
}
