// SPDX-License-Identifier: GPL-2.0-only
/* mfspr and mtspr of all 1024 numbers in both states. */
#include "fixture.h"
#include "spr_manual.h"

#define JUNK 0xa5c3f00fu

static u32 *field(struct v44_cpu *cpu, const struct spr_manual *m)
{
	return (u32 *)((char *)cpu + m->offset);
}

/* User state may not: privileged if the number says so, else illegal (manual 2.5.1) */
static void expect_exception(struct v44_cpu *want, u32 number)
{
	want->esr = number & 0x10 ? PPR : PIL;
	want->srr[0] = want->pc;
	want->srr[1] = want->msr;
	want->msr &= CE | ME | DE;
	want->pc = want->ivpr + want->ivor[6];
}

static void mfspr_of_every_number(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu *cpu = &f->v.cpu;
	u32 n;

	for (n = 0; n < 1024; n++) {
		const struct spr_manual *m = spr_in_manual(n);
		struct v44_cpu want;
		unsigned int unknown = f->unimplemented;
		char what[32];

		snprintf(what, sizeof(what), "supervisor mfspr %u", n);
		scramble(f, FP | ME | EE);
		memcpy(&want, cpu, sizeof(want));
		want.pc += 4;
		if (m && strchr(m->supervisor, 'r') && m->behaviour == TIME)
			want.gpr[7] = n == 268 ? (u32)f->tb : f->tb >> 32;
		else if (m && n == SPR_DEC)
			want.gpr[7] = 0; /* does not run */
		else if (m && strchr(m->supervisor, 'r'))
			want.gpr[7] = *field(&want, m);
		check_equal(v44_emulate(&f->v, MFSPR(7, n)), V44_EMU_DONE, "%s", what);
		check_cpu(cpu, &want, what);
		check_equal(f->unimplemented - unknown, !m, "%s", what);
		check(m || f->unimplemented_insn == MFSPR(7, n), "%s", what);

		if (m && strchr(m->user, 'r'))
			continue; /* does not trap */
		snprintf(what, sizeof(what), "user mfspr %u", n);
		scramble(f, PR | EE | CE | ME | DS);
		memcpy(&want, cpu, sizeof(want));
		expect_exception(&want, n);
		check_equal(v44_emulate(&f->v, MFSPR(7, n)), V44_EMU_INTERRUPT, "%s", what);
		check_cpu(cpu, &want, what);
	}
}

static void mtspr_of_every_number(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu *cpu = &f->v.cpu;
	u32 n, i;

	for (n = 0; n < 1024; n++) {
		static const u32 values[] = { 0, 0xffffffff, JUNK, ~JUNK, 1, 0x80000000 };
		const struct spr_manual *m = spr_in_manual(n);
		struct v44_cpu want;
		char what[48];

		for (i = 0; i < ARRAY_SIZE(values); i++) {
			unsigned int unknown = f->unimplemented;
			enum v44_emu how = V44_EMU_DONE;

			if (m && m->behaviour == COUNTS)
				continue; /* test_timer.c */
			snprintf(what, sizeof(what), "supervisor mtspr %u, %x", n, values[i]);
			scramble(f, FP | ME | EE);
			cpu->gpr[7] = values[i];
			memcpy(&want, cpu, sizeof(want));
			want.pc += 4;
			if (m && strchr(m->supervisor, 'w')) {
				u32 *p = field(&want, m);

				if (m->behaviour == STORES)
					*p = (*p & ~m->mask) | (values[i] & m->mask);
				else if (m->behaviour == CLEARS)
					*p &= ~values[i];
				else if (m->behaviour == RESETS)
					*p = values[i] & ~0x30000000u;
				if (m->behaviour == RESETS && (values[i] & 0x30000000))
					how = V44_EMU_RESET;
			}
			check_equal(v44_emulate(&f->v, MTSPR(n, 7)), how, "%s", what);
			check_cpu(cpu, &want, what);
			check_equal(f->unimplemented - unknown, !m, "%s", what);
		}

		if (m && strchr(m->user, 'w'))
			continue;
		snprintf(what, sizeof(what), "user mtspr %u", n);
		scramble(f, PR | EE | CE | ME | DS);
		memcpy(&want, cpu, sizeof(want));
		expect_exception(&want, n);
		check_equal(v44_emulate(&f->v, MTSPR(n, 7)), V44_EMU_INTERRUPT, "%s", what);
		check_cpu(cpu, &want, what);
	}
}

/* What user state can write without a trap is not refused to supervisor state */
static void user_sprs_work_in_supervisor_state(void **state)
{
	struct fixture *f = *state;

	write_spr(&f->v, 256, JUNK);
	check_equal(read_spr(&f->v, 256), JUNK, "USPRG0");
	write_spr(&f->v, 277, JUNK);
	check_equal(read_spr(&f->v, 261), JUNK, "SPRG5 through its read number");
	write_spr(&f->v, 261, 0);
	check_equal(read_spr(&f->v, 261), JUNK, "the read number cannot be written");
	check_equal(read_spr(&f->v, 277), 0xdeadbeef, "the write number cannot be read");
}

static void reset_by_dbcr0(void **state)
{
	struct fixture *f = *state;
	u32 rst;

	for (rst = 0; rst < 4; rst++) {
		f->v.cpu.msr = 0;
		f->v.cpu.gpr[3] = rst << 28 | 0x40000000;
		check_equal(v44_emulate(&f->v, MTSPR(308, 3)), rst ? V44_EMU_RESET : V44_EMU_DONE,
			    "RST %u", rst);
		check_equal(read_spr(&f->v, 308), 0x40000000, "RST %u", rst);
	}
}

static void unknown_number_is_reported_once_and_changes_nothing(void **state)
{
	struct fixture *f = *state;
	u64 before = f->counts.unimplemented;

	f->v.cpu.msr = 0;
	check_equal(v44_emulate(&f->v, MTSPR(604, 3)), V44_EMU_DONE, "SPRG8 of other cores");
	check_equal(f->unimplemented, 1, "callback");
	check_equal(f->counts.unimplemented, before + 1, "count");
	check_equal(f->unimplemented_insn, MTSPR(604, 3), "word");
	assert_non_null(f->unimplemented_name);
	/* a known one that may only be written is no news */
	check_equal(v44_emulate(&f->v, MFSPR(3, SPR_DECAR)), V44_EMU_DONE, "mfspr DECAR");
	check_equal(f->unimplemented, 1, "callback");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(mfspr_of_every_number),
		TEST(mtspr_of_every_number),
		TEST(user_sprs_work_in_supervisor_state),
		TEST(reset_by_dbcr0),
		TEST(unknown_number_is_reported_once_and_changes_nothing),
	};

	return RUN_ALL(tests);
}
