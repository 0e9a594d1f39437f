// SPDX-License-Identifier: GPL-2.0-only
/* The tables of core/ are whole, free of contradictions, and what the manual says. */
#include "fixture.h"
#include "insn.h"
#include "spr_manual.h"

static bool indexed(u32 primary)
{
	return primary != 4 && primary != 59 && primary != 63;
}

static void insn_rows_are_unique(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; i < v44_insn_count; i++) {
		const struct v44_insn *a = &v44_insns[i];

		check(a->primary < 64, "%s", a->name);
		check(a->extended < 1024 || a->extended == V44_NO_XO, "%s", a->name);
		for (j = 0; j < i; j++) {
			const struct v44_insn *b = &v44_insns[j];

			check(strcmp(a->name, b->name), "%s", a->name);
			check(a->primary != b->primary ||
				      (a->extended != b->extended && a->extended != V44_NO_XO &&
				       b->extended != V44_NO_XO),
			      "%s and %s", a->name, b->name);
		}
	}
}

static void insn_rows_make_sense(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < v44_insn_count; i++) {
		const struct v44_insn *row = &v44_insns[i];
		u32 size = row->access & V44_ACC_SIZE;

		switch (row->kind) {
		case V44_INSN_NATIVE:
			check(!row->emulate && !row->access, "%s", row->name);
			break;
		case V44_INSN_PRIVILEGED:
			check(row->emulate && !row->access, "%s", row->name);
			break;
		case V44_INSN_ACCESS:
			check(!row->emulate, "%s", row->name);
			check(size == 0 || size == 1 || size == 2 || size == 4 || size == 8, "%s",
			      row->name);
			check(size != 8 || (row->access & V44_ACC_FP), "%s", row->name);
			break;
		default:
			check(false, "%s: kind %d", row->name, row->kind);
		}
	}
}

static void insn_index_finds_exactly_its_row(void **state)
{
	u32 primary, xo, rest, i;

	(void)state;
	for (primary = 0; primary < 64; primary++) {
		for (xo = 0; xo < 1024; xo++) {
			const struct v44_insn *want = NULL;

			for (i = 0; indexed(primary) && i < v44_insn_count; i++) {
				if (v44_insns[i].primary == primary &&
				    (v44_insns[i].extended == xo ||
				     v44_insns[i].extended == V44_NO_XO))
					want = &v44_insns[i];
			}
			/* operands and Rc have no part in it */
			for (rest = 0; rest < 2; rest++) {
				u32 insn =
					x_form(primary, xo, 31 * rest, 31 * rest, 31 * rest) | rest;

				check(v44_insn_find(insn) == want, "insn %08x", insn);
				check_equal(insn_access(insn), want ? want->access : 0, "insn %08x",
					    insn);
			}
		}
	}
}

/* Manual 2.5: the privileged instructions, m[ft]spr among them by their number only */
static void privileged_rows_are_the_manuals(void **state)
{
	static const struct {
		u32 insn;
		const char *name;
	} manual[] = {
		{ MFMSR(1), "mfmsr" },
		{ MTMSR(1), "mtmsr" },
		{ WRTEE(1), "wrtee" },
		{ WRTEEI(1), "wrteei" },
		{ RFI, "rfi" },
		{ RFCI, "rfci" },
		{ RFMCI, "rfmci" },
		{ MFSPR(1, 1), "mfspr" },
		{ MTSPR(1, 1), "mtspr" },
		{ MFDCR(1, 1), "mfdcr" },
		{ MTDCR(1, 1), "mtdcr" },
		{ MFDCRX(1, 1), "mfdcrx" },
		{ MTDCRX(1, 1), "mtdcrx" },
		{ TLBRE(1, 2, 0), "tlbre" },
		{ TLBWE(1, 2, 0), "tlbwe" },
		{ TLBSX(1, 2, 3), "tlbsx" },
		{ TLBSX_(1, 2, 3), "tlbsx" },
		{ TLBSYNC, "tlbsync" },
		{ DCBI(1, 2), "dcbi" },
		{ DCCCI(1, 2), "dccci" },
		{ ICCCI(1, 2), "iccci" },
		{ DCREAD(1, 2, 3), "dcread" },
		{ ICREAD(1, 2), "icread" },
	};
	unsigned int i, rows = 0;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(manual); i++) {
		const struct v44_insn *row = v44_insn_find(manual[i].insn);

		check(row && !strcmp(row->name, manual[i].name), "%s", manual[i].name);
		check_equal(row->kind, V44_INSN_PRIVILEGED, "%s", manual[i].name);
	}
	for (i = 0; i < v44_insn_count; i++)
		rows += v44_insns[i].kind == V44_INSN_PRIVILEGED;
	check_equal(rows, ARRAY_SIZE(manual) - 1, "tlbsx and tlbsx. are one row");
}

/* Manual 2.3, Book E and the 440's own: what user code executes without our knowing */
static void native_rows_are_the_manuals(void **state)
{
	static const struct {
		u8 primary;
		u16 xo;
	} manual[] = {
		/* D, B, I, SC, M forms */
		{ 3, 0xffff },
		{ 7, 0xffff },
		{ 8, 0xffff },
		{ 10, 0xffff },
		{ 11, 0xffff },
		{ 12, 0xffff },
		{ 13, 0xffff },
		{ 14, 0xffff },
		{ 15, 0xffff },
		{ 16, 0xffff },
		{ 17, 0xffff },
		{ 18, 0xffff },
		{ 20, 0xffff },
		{ 21, 0xffff },
		{ 23, 0xffff },
		{ 24, 0xffff },
		{ 25, 0xffff },
		{ 26, 0xffff },
		{ 27, 0xffff },
		{ 28, 0xffff },
		{ 29, 0xffff },
		/* branches to registers, CR logic, isync */
		{ 19, 0 },
		{ 19, 16 },
		{ 19, 33 },
		{ 19, 129 },
		{ 19, 150 },
		{ 19, 193 },
		{ 19, 225 },
		{ 19, 257 },
		{ 19, 289 },
		{ 19, 417 },
		{ 19, 449 },
		{ 19, 528 },
		/* arithmetic */
		{ 31, 8 },
		{ 31, 10 },
		{ 31, 11 },
		{ 31, 40 },
		{ 31, 75 },
		{ 31, 104 },
		{ 31, 136 },
		{ 31, 138 },
		{ 31, 200 },
		{ 31, 202 },
		{ 31, 232 },
		{ 31, 234 },
		{ 31, 235 },
		{ 31, 266 },
		{ 31, 459 },
		{ 31, 491 },
		/* logic, shifts, compares, traps, moves */
		{ 31, 0 },
		{ 31, 4 },
		{ 31, 15 },
		{ 31, 19 },
		{ 31, 24 },
		{ 31, 26 },
		{ 31, 28 },
		{ 31, 32 },
		{ 31, 60 },
		{ 31, 124 },
		{ 31, 144 },
		{ 31, 284 },
		{ 31, 316 },
		{ 31, 412 },
		{ 31, 444 },
		{ 31, 476 },
		{ 31, 512 },
		{ 31, 536 },
		{ 31, 792 },
		{ 31, 824 },
		{ 31, 922 },
		{ 31, 954 },
		/* dlmzb, mftb; cache hints, which never interrupt; msync, mbar */
		{ 31, 78 },
		{ 31, 371 },
		{ 31, 22 },
		{ 31, 246 },
		{ 31, 278 },
		{ 31, 758 },
		{ 31, 598 },
		{ 31, 854 },
	};
	unsigned int i, rows = 0;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(manual); i++) {
		u32 xo = manual[i].xo == 0xffff ? 0 : manual[i].xo;
		const struct v44_insn *row = v44_insn_find(x_form(manual[i].primary, xo, 0, 0, 0));

		check(row, "%d, %d", manual[i].primary, xo);
		check_equal(row->extended, manual[i].xo, "%s", row->name);
		check_equal(row->kind, V44_INSN_NATIVE, "%s", row->name);
	}
	for (i = 0; i < v44_insn_count; i++) {
		if (indexed(v44_insns[i].primary))
			rows += v44_insns[i].kind == V44_INSN_NATIVE;
		else
			check_equal(v44_insns[i].kind, V44_INSN_NATIVE, "%s", v44_insns[i].name);
	}
	check_equal(rows, ARRAY_SIZE(manual), "native rows");
}

/* Rows named after instructions that a 440 lacks would be found by what they decode */
static void illegal_words_have_no_row(void **state)
{
	static const u32 words[] = {
		0,
		0xffffffff,
		x_form(31, 786, 0, 1, 2) /* tlbivax */,
		x_form(31, 18, 0, 1, 2) /* tlbilx */,
		x_form(31, 275, 0, 1, 2) /* mfapidi */,
		x_form(19, 39, 0, 0, 0) /* rfdi */,
		x_form(31, 62, 0, 0, 0) /* wait */,
		x_form(31, 178, 1, 0, 0) /* mtmsrd */,
		x_form(31, 306, 0, 0, 1) /* tlbie */,
		x_form(31, 370, 0, 0, 0) /* tlbia */,
		x_form(31, 595, 1, 0, 0) /* mfsr */,
		x_form(31, 210, 1, 0, 0) /* mtsr */,
		x_form(31, 122, 1, 2, 0) /* popcntb */,
		x_form(31, 21, 1, 2, 3) /* ldx */,
		x_form(31, 9, 1, 2, 3) /* mulhdu */,
		x_form(58, 0, 1, 2, 0) /* ld */,
		x_form(62, 0, 1, 2, 0) /* std */,
		x_form(2, 0, 1, 2, 0) /* tdi */,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		check(!v44_insn_find(words[i]), "%08x", words[i]);
}

static void spr_numbers_are_the_manuals(void **state)
{
	unsigned int i;
	u32 n;

	(void)state;
	check_equal(v44_spr_count, ARRAY_SIZE(spr_manual), "rows");
	for (i = 0; i < v44_spr_count; i++) {
		check_equal(v44_sprs[i].number, spr_manual[i].number, "row %u", i);
		check(!strcmp(v44_sprs[i].name, spr_manual[i].name), "row %u is %s, not %s", i,
		      v44_sprs[i].name, spr_manual[i].name);
		check(i == 0 || v44_sprs[i - 1].number < v44_sprs[i].number, "%s",
		      v44_sprs[i].name);
	}
	for (n = 0; n < 1024; n++) {
		const struct v44_spr *row = v44_spr_find(n);

		check(!row == !spr_in_manual(n), "%u", n);
		check(!row || row->number == n, "%u", n);
	}
	check(!v44_spr_find(1024) && !v44_spr_find(0xffffffff), "beyond the numbers");
}

static u8 access_bits(const struct spr_manual *m)
{
	return (strchr(m->user, 'r') ? V44_SPR_UR : 0) | (strchr(m->user, 'w') ? V44_SPR_UW : 0) |
	       (strchr(m->supervisor, 'r') ? V44_SPR_SR : 0) |
	       (strchr(m->supervisor, 'w') ? V44_SPR_SW : 0);
}

static void spr_rows_make_sense(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; i < v44_spr_count; i++) {
		const struct v44_spr *a = &v44_sprs[i];
		const struct spr_manual *m = &spr_manual[i];

		check(a->done, "%s", a->name);
		check_equal(a->access, access_bits(m), "%s", a->name);
		/* whoever has no accessor of its own has storage */
		if ((!a->read && (a->access & V44_SPR_SR)) ||
		    (!a->write && (a->access & V44_SPR_SW))) {
			check(a->offset % 4 == 0 && a->offset <= sizeof(struct v44_cpu) - 4, "%s",
			      a->name);
			check_equal(a->offset, m->offset, "%s", a->name);
		}
		if (m->behaviour == STORES && (a->access & V44_SPR_SW))
			check_equal(a->mask, m->mask, "%s", a->name);
		/* two names never share a word */
		for (j = 0; j < i; j++) {
			const struct v44_spr *b = &v44_sprs[j];

			if (m->behaviour != STORES || spr_manual[j].behaviour != STORES)
				continue;
			check(!strcmp(a->name, b->name) == (a->offset == b->offset), "%s and %s",
			      a->name, b->name);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(insn_rows_are_unique),
		TEST(insn_rows_make_sense),
		TEST(insn_index_finds_exactly_its_row),
		TEST(privileged_rows_are_the_manuals),
		TEST(native_rows_are_the_manuals),
		TEST(illegal_words_have_no_row),
		TEST(spr_numbers_are_the_manuals),
		TEST(spr_rows_make_sense),
	};

	return RUN_ALL(tests);
}
