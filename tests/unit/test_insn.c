// SPDX-License-Identifier: GPL-2.0-only
/* Privileged instructions in both states; SPRs are in test_spr.c, the TLB in test_tlb.c. */
#include "fixture.h"

#define ALL_MSR (WE | CE | EE | PR | FP | ME | FE0 | DWE | DE | FE1 | IS | DS)

static void expect_program(struct v44_cpu *want, u32 esr)
{
	want->esr = esr;
	want->srr[0] = want->pc;
	want->srr[1] = want->msr;
	want->msr &= CE | ME | DE;
	want->pc = want->ivpr + want->ivor[6];
}

/* Executes in supervisor state after @msr was set; @want has been changed as the manual says */
static void expect(struct fixture *f, u32 insn, const struct v44_cpu *want, const char *what)
{
	check_equal(v44_emulate(&f->v, insn), V44_EMU_DONE, "%s", what);
	check_cpu(&f->v.cpu, want, what);
}

static void user_state_gets_a_privileged_exception(void **state)
{
	static const u32 words[] = {
		MFMSR(3),
		MTMSR(3),
		WRTEE(3),
		WRTEEI(0),
		WRTEEI(1),
		RFI,
		RFCI,
		RFMCI,
		MFDCR(3, 0xc0),
		MTDCR(0xc0, 3),
		MFDCR(3, 0),
		MFDCRX(3, 4),
		MTDCRX(4, 3),
		TLBRE(3, 4, 0),
		TLBRE(3, 4, 31),
		TLBWE(3, 4, 2),
		TLBWE(3, 4, 3),
		TLBSX(3, 4, 5),
		TLBSX_(3, 4, 5),
		TLBSYNC,
		DCBI(3, 4),
		DCCCI(3, 4),
		ICCCI(3, 4),
		DCREAD(3, 4, 5),
		ICREAD(3, 4),
	};
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 i, msr;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		for (msr = 0; msr < 2; msr++) {
			scramble(f, msr ? ALL_MSR : PR);
			memcpy(&want, &f->v.cpu, sizeof(want));
			expect_program(&want, PPR);
			check_equal(v44_emulate(&f->v, words[i]), V44_EMU_INTERRUPT, "%08x",
				    words[i]);
			check_cpu(&f->v.cpu, &want, "privileged");
		}
	}
	assert_int_equal(f->icache_flushes, 0);
	assert_int_equal(f->unimplemented, 0);
	assert_int_equal(f->timer_changes, 0);
}

static void what_is_no_privileged_instruction_is_illegal(void **state)
{
	static const u32 words[] = {
		0,
		0xffffffff,
		x_form(31, 15, 1, 2, 3) /* isel */,
		x_form(31, 786, 0, 1, 2),
		x_form(19, 39, 0, 0, 0),
		x_form(4, 8, 1, 2, 3),
		x_form(63, 21, 1, 2, 3),
		/* legal, but nothing that traps as privileged */
		d_form(14, 3, 0, 1),
		d_form(32, 3, 4, 0),
		x_form(31, 371, 3, 12, 8),
	};
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 i, user;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		for (user = 0; user < 2; user++) {
			scramble(f, EE | CE | (user ? PR : 0));
			memcpy(&want, &f->v.cpu, sizeof(want));
			expect_program(&want, PIL);
			check_equal(v44_emulate(&f->v, words[i]), V44_EMU_INTERRUPT, "%08x",
				    words[i]);
			check_cpu(&f->v.cpu, &want, "illegal");
		}
	}
}

static void msr_moves(void **state)
{
	static const u32 values[] = { 0,  0xffffffff, ALL_MSR, ~ALL_MSR, PR | EE, WE | EE | CE | DE,
				      IS, DS,	      ME };
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 rt, i;

	for (rt = 0; rt < 32; rt++) {
		scramble(f, ALL_MSR & ~PR);
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.gpr[rt] = ALL_MSR & ~PR;
		want.pc += 4;
		expect(f, MFMSR(rt), &want, "mfmsr");

		for (i = 0; i < ARRAY_SIZE(values); i++) {
			scramble(f, FP);
			f->v.cpu.gpr[rt] = values[i];
			memcpy(&want, &f->v.cpu, sizeof(want));
			want.msr = values[i] & ALL_MSR;
			want.pc += 4;
			expect(f, MTMSR(rt), &want, "mtmsr");

			scramble(f, i & 1 ? EE | FP | ME : FP | CE);
			f->v.cpu.gpr[rt] = values[i];
			memcpy(&want, &f->v.cpu, sizeof(want));
			want.msr = (want.msr & ~EE) | (values[i] & EE);
			want.pc += 4;
			expect(f, WRTEE(rt), &want, "wrtee");
		}
	}
	for (i = 0; i < 4; i++) {
		scramble(f, (i & 2 ? EE : 0) | CE | DE);
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.msr = CE | DE | (i & 1 ? EE : 0);
		want.pc += 4;
		expect(f, WRTEEI(i & 1), &want, "wrteei");
	}
}

static void returns(void **state)
{
	static const u32 words[] = { RFI, RFCI, RFMCI };
	static const u32 msrs[] = { 0, 0xffffffff, PR | EE | IS | DS, ME | CE | DE };
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 which, i, low;

	for (which = 0; which < 3; which++) {
		for (i = 0; i < ARRAY_SIZE(msrs); i++) {
			for (low = 0; low < 4; low++) {
				u32 *save;

				scramble(f, CE | ME);
				save = which == 0   ? f->v.cpu.srr
				       : which == 1 ? f->v.cpu.csrr
						    : f->v.cpu.mcsrr;
				save[0] = 0xc0001230 + low;
				save[1] = msrs[i];
				memcpy(&want, &f->v.cpu, sizeof(want));
				want.pc = 0xc0001230;
				want.msr = msrs[i] & ALL_MSR;
				expect(f, words[which], &want, "return");
			}
		}
	}
}

/* An interrupt and its return leave everything but the save registers as it was */
static void return_undoes_the_interrupt(void **state)
{
	static const struct {
		u8 ivor;
		u32 insn;
	} pairs[] = {
		{ 8, RFI }, { 4, RFI }, { 0, RFCI }, { 12, RFCI }, { 15, RFCI }, { 1, RFMCI }
	};
	struct fixture *f = *state;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		u32 pc;

		scramble(f, ALL_MSR);
		pc = f->v.cpu.pc;
		v44_interrupt(&f->v, pairs[i].ivor, pc);
		check_equal(f->v.cpu.msr & PR, 0, "ivor %u", pairs[i].ivor);
		check_equal(v44_emulate(&f->v, pairs[i].insn), V44_EMU_DONE, "ivor %u",
			    pairs[i].ivor);
		check_equal(f->v.cpu.pc, pc, "ivor %u", pairs[i].ivor);
		check_equal(f->v.cpu.msr, ALL_MSR, "ivor %u", pairs[i].ivor);
	}
}

static void dcr_read(struct fixture *f, u32 insn, u32 number, u32 rt)
{
	struct v44_cpu want;

	memcpy(&want, &f->v.cpu, sizeof(want));
	want.pc += 4;
	check_equal(v44_emulate(&f->v, insn), V44_EMU_DCR, "%08x", insn);
	check_cpu(&f->v.cpu, &want, "until the answer");
	check_equal(f->v.dcr.number, number, "%08x", insn);
	check_equal(f->v.dcr.reg, rt, "%08x", insn);
	check_equal(f->v.dcr.write, false, "%08x", insn);
	v44_dcr_done(&f->v, 0xfeedf00d);
	want.gpr[rt] = 0xfeedf00d;
	check_cpu(&f->v.cpu, &want, "answered");
}

static void dcr_write(struct fixture *f, u32 insn, u32 number, u32 rs)
{
	struct v44_cpu want;

	memcpy(&want, &f->v.cpu, sizeof(want));
	want.pc += 4;
	check_equal(v44_emulate(&f->v, insn), V44_EMU_DCR, "%08x", insn);
	check_equal(f->v.dcr.number, number, "%08x", insn);
	check_equal(f->v.dcr.reg, rs, "%08x", insn);
	check_equal(f->v.dcr.write, true, "%08x", insn);
	v44_dcr_done(&f->v, 0xfeedf00d);
	check_cpu(&f->v.cpu, &want, "written");
}

static void dcr_access(void **state)
{
	struct fixture *f = *state;
	u32 n, reg;

	for (n = 0; n < 1024; n++) {
		reg = n % 32;
		scramble(f, EE);
		dcr_read(f, MFDCR(reg, n), n, reg);
		dcr_write(f, MTDCR(n, reg), n, reg);
		/* by register; a DCR number has 10 bits */
		f->v.cpu.gpr[9] = n | 0xfffffc00;
		dcr_read(f, MFDCRX(reg, 9), n, reg);
		f->v.cpu.gpr[9] = n;
		dcr_write(f, MTDCRX(9, reg), n, reg);
	}
}

static void cache_instructions(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;

	scramble(f, EE);
	memcpy(&want, &f->v.cpu, sizeof(want));
	want.pc += 4;
	expect(f, DCCCI(3, 4), &want, "dccci");
	want.pc += 4;
	expect(f, TLBSYNC, &want, "tlbsync");
	assert_int_equal(f->icache_flushes, 0);
	want.pc += 4;
	expect(f, ICCCI(3, 4), &want, "iccci");
	assert_int_equal(f->icache_flushes, 1);
	/* the arrays are not the guest's to look into */
	want.pc += 4;
	want.gpr[9] = 0;
	expect(f, DCREAD(9, 3, 4), &want, "dcread");
	want.pc += 4;
	expect(f, ICREAD(3, 4), &want, "icread");
}

/* dcbi is a store that loses nothing */
static void dcbi_needs_the_right_to_store(void **state)
{
	static const struct {
		u32 w2;
		int ivor; /* or -1 */
	} rows[] = {
		{ SW, -1 }, { SR | SW | SX, -1 }, { SR | SX | UX | UW | UR, 2 },
		{ 0, 2 },   { 0x10000, 13 }, /* not valid */
	};
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 i, ra;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (ra = 0; ra < 32; ra += 7) {
			scramble(f, EE | ME | DS);
			f->v.cpu.gpr[ra] = 0x40000000;
			f->v.cpu.gpr[9] = ra ? 0x123c : 0x4000123c;
			write_tlb(&f->v, 5, 0, 0x40001110 | (rows[i].w2 < 0x10000 ? TLB_V : 0),
				  0x1000, rows[i].w2);
			memcpy(&want, &f->v.cpu, sizeof(want));
			if (rows[i].ivor >= 0) {
				want.esr = ST | (rows[i].ivor == 13 ? want.esr & MCI : 0);
				want.dear = 0x4000123c;
				want.srr[0] = want.pc;
				want.srr[1] = want.msr;
				want.msr &= CE | ME | DE;
				want.pc = want.ivpr + want.ivor[rows[i].ivor];
			} else {
				want.pc += 4;
			}
			check_equal(v44_emulate(&f->v, DCBI(ra, 9)),
				    rows[i].ivor < 0 ? V44_EMU_DONE : V44_EMU_INTERRUPT, "%u", i);
			check_cpu(&f->v.cpu, &want, "dcbi");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(user_state_gets_a_privileged_exception),
		TEST(what_is_no_privileged_instruction_is_illegal),
		TEST(msr_moves),
		TEST(returns),
		TEST(return_undoes_the_interrupt),
		TEST(dcr_access),
		TEST(cache_instructions),
		TEST(dcbi_needs_the_right_to_store),
	};

	return RUN_ALL(tests);
}
