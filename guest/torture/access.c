// SPDX-License-Identifier: GPL-2.0-only
/* Pieces that access memory: loads and stores of all forms, and the cache instructions. */
#include "torture.h"
#include "code.h"

#define LOAD   1
#define UPDATE 2
#define WORDS  4 /* lmw, stmw */

struct form {
	u32 word, flags;
};

static const struct form displaced[] = {
	/* lwz, lwzu, lbz, lbzu, lhz, lhzu, lha, lhau */
	{ D(32), LOAD },
	{ D(33), LOAD | UPDATE },
	{ D(34), LOAD },
	{ D(35), LOAD | UPDATE },
	{ D(40), LOAD },
	{ D(41), LOAD | UPDATE },
	{ D(42), LOAD },
	{ D(43), LOAD | UPDATE },
	/* stw, stwu, stb, stbu, sth, sthu */
	{ D(36), 0 },
	{ D(37), UPDATE },
	{ D(38), 0 },
	{ D(39), UPDATE },
	{ D(44), 0 },
	{ D(45), UPDATE },
	/* lmw, stmw */
	{ D(46), LOAD | WORDS },
	{ D(47), WORDS },
};

static const struct form indexed[] = {
	/* lwzx, lwzux, lbzx, lbzux, lhzx, lhzux, lhax, lhaux, lwbrx, lhbrx */
	{ X31(23), LOAD },
	{ X31(55), LOAD | UPDATE },
	{ X31(87), LOAD },
	{ X31(119), LOAD | UPDATE },
	{ X31(279), LOAD },
	{ X31(311), LOAD | UPDATE },
	{ X31(343), LOAD },
	{ X31(375), LOAD | UPDATE },
	{ X31(534), LOAD },
	{ X31(790), LOAD },
	/* stwx, stwux, stbx, stbux, sthx, sthux, stwbrx, sthbrx */
	{ X31(151), 0 },
	{ X31(183), UPDATE },
	{ X31(215), 0 },
	{ X31(247), UPDATE },
	{ X31(407), 0 },
	{ X31(439), UPDATE },
	{ X31(662), 0 },
	{ X31(918), 0 },
};

static const struct form floating[] = {
	/* lfs, lfsu, lfd, lfdu, stfs, stfsu, stfd, stfdu */
	{ D(48), LOAD }, { D(49), LOAD | UPDATE }, { D(50), LOAD }, { D(51), LOAD | UPDATE },
	{ D(52), 0 },	 { D(53), UPDATE },	   { D(54), 0 },    { D(55), UPDATE },
};

static const struct form floating_indexed[] = {
	/* lfsx, lfsux, lfdx, lfdux, stfsx, stfsux, stfdx, stfdux, stfiwx */
	{ X31(535), LOAD }, { X31(567), LOAD | UPDATE },
	{ X31(599), LOAD }, { X31(631), LOAD | UPDATE },
	{ X31(663), 0 },    { X31(695), UPDATE },
	{ X31(727), 0 },    { X31(759), UPDATE },
	{ X31(983), 0 },
};

/* dcbf, dcbst, dcbt, dcbtst, icbt */
static const u32 line_anywhere[] = { X31(86), X31(54), X31(278), X31(246), X31(22) };
/* icbi, dcba, dcbz: QEMU rounds DEAR of icbi and dcbz to the line */
static const u32 line_aligned[] = { X31(982), X31(758), DCBZ };

/* The EA as (RA), which is 0 or not, + (RB); returns the fields */
static u32 emit_indexed(u32 ea, u32 a, u32 b, bool zero)
{
	u32 part = zero ? 0 : dice();

	if (!zero)
		emit_load(a, part);
	emit_load(b, ea - part);
	return zero ? RB(b) : RA(a) | RB(b);
}

static void displaced_access(const struct form *form, u32 ea)
{
	u32 r[2], d = chance(50) ? below(256) : dice() & 0xffff;

	pick(r, 2);
	if (form->flags & WORDS) {
		u32 last = r[0] > r[1] ? r[0] : r[1];

		ea &= -4;
		if (form->flags & LOAD) /* RA is none of the registers loaded */
			r[1] = r[0] < r[1] ? r[0] : r[1];
		r[0] = last;
	}
	emit_load(r[1], ea - (u32)(int16_t)d);
	emit(form->word | RT(r[0]) | RA(r[1]) | d);
}

static void make_displaced(void)
{
	u32 n = 1 + below(3);

	while (n--)
		displaced_access(&ONE_OF(displaced), space_ea(1));
}

static void make_indexed(void)
{
	const struct form *form = &ONE_OF(indexed);
	u32 r[3];

	pick(r, 3);
	emit(form->word | RT(r[0]) |
	     emit_indexed(space_ea(1), r[1], r[2], !(form->flags & UPDATE) && chance(40)));
}

/* Several accesses to one page by one base */
static void make_row(void)
{
	u32 n = 2 + below(4), r[2], ea = space_ea(4);

	pick(r, 2);
	emit_load(r[1], ea);
	while (n--) {
		const struct form *form = &ONE_OF(displaced);

		if (!(form->flags & (UPDATE | WORDS)))
			emit(form->word | RT(r[0]) | RA(r[1]) | below(64));
	}
}

/* Not across the register that holds the address; no element crosses a quadword */
static void make_floating(void)
{
	u32 r[2], ea = space_ea(8), fr = below(32);

	pick(r, 2);
	if (chance(50)) {
		u32 d = below(32) * 8;

		emit_load(r[0], ea - d);
		emit(ONE_OF(floating).word | RT(fr) | RA(r[0]) | d);
	} else {
		const struct form *form = &ONE_OF(floating_indexed);

		emit(form->word | RT(fr) | emit_indexed(ea, r[0], r[1], !(form->flags & UPDATE)));
	}
}

/* lswi, stswi, lswx, stswx: what is loaded is not what has the address, and does not wrap */
static void make_string(void)
{
	bool load = chance(50), by_xer = chance(50);
	u32 bytes = 1 + below(by_xer ? 60 : 32), r[3], first, ea = space_ea(1);

	pick(r, 2);
	r[0] = 1 + r[0] % 6;
	r[1] = 7 + r[1] % 6;
	first = load ? 13 + below(20 - (bytes + 3) / 4) : below(32);
	if (!by_xer) {
		emit_load(r[0], ea);
		emit(X31(load ? 597 : 725) | RT(first) | RA(r[0]) | RB(bytes & 31));
		return;
	}
	emit(ADDI | RT(r[0]) | IMM(load ? bytes : below(61)));
	emit(MTSPR(SPR_XER, r[0]));
	emit(X31(load ? 533 : 661) | RT(first) | emit_indexed(ea, r[0], r[1], false));
}

/* Until it succeeds: an interrupt in between, or an exit from a VM, costs the reservation */
static void make_reservation(void)
{
	u32 r[3];

	pick(r, 3);
	emit_load(r[2], space_pool_ea(4));
	emit(X31(20) | RT(r[0]) | RB(r[2])); /* lwarx */
	emit(ADDI | RT(r[1]) | RA(r[0]) | IMM(dice()));
	emit(X31(150) | RC | RT(r[1]) | RB(r[2])); /* stwcx. */
	emit(BNE(-12));
}

/* An alignment interrupt, or what the translation says before it */
static void make_misaligned(void)
{
	u32 r[2];

	pick(r, 2);
	emit_load(r[1], space_pool_ea(4) + 1 + below(3));
	emit(X31(20) | RT(r[0]) | RB(r[1]));
}

/* dcbz not where it may be executed from: docs/limits.md */
static void make_line(void)
{
	bool aligned = chance(50);
	u32 word = aligned ? ONE_OF(line_aligned) : ONE_OF(line_anywhere);
	u32 r[2], ea = word == DCBZ ? space_pool_ea(32) : space_ea(aligned ? 32 : 1);

	pick(r, 2);
	emit(word | emit_indexed(ea, r[0], r[1], chance(50)));
}

const struct piece access_pieces[] = {
	{ { 12, 8 }, VECTOR, make_displaced },	    { { 12, 6 }, VECTOR, make_indexed },
	{ { 5, 3 }, STREAM_ONLY, make_row },	    { { 6, 2 }, STREAM_ONLY, make_floating },
	{ { 4, 2 }, VECTOR, make_string },	    { { 3, 1 }, STREAM_ONLY, make_reservation },
	{ { 1, 1 }, STREAM_ONLY, make_misaligned }, { { 4, 3 }, VECTOR, make_line },
};

const u32 access_piece_count = ARRAY_SIZE(access_pieces);
