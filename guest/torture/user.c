// SPDX-License-Identifier: GPL-2.0-only
/* Pieces of user code that touch no memory. */
#include "torture.h"
#include "code.h"

#define T_A_B  (RT(31u) | RA(31u) | RB(31u))
#define T_A    (RT(31u) | RA(31u))
#define D_FORM (T_A | 0xffffu)
#define FPU_3  (T_A_B | RC)
#define FPU_A  (RT(31u) | RB(31u) | RC)
#define FPU_4  (T_A_B | 0x7c0u | RC)
#define FPU_M  (T_A | 0x7c0u | RC)

/* An instruction and its bits that may be anything */
struct form {
	u32 word, free;
};

static const struct form arithmetic[] = {
	/* add, addc, adde, addme, addze, neg, subf, subfc, subfe, subfme, subfze, mullw */
	{ X31(266), T_A_B | OE | RC },
	{ X31(10), T_A_B | OE | RC },
	{ X31(138), T_A_B | OE | RC },
	{ X31(234), T_A | OE | RC },
	{ X31(202), T_A | OE | RC },
	{ X31(104), T_A | OE | RC },
	{ X31(40), T_A_B | OE | RC },
	{ X31(8), T_A_B | OE | RC },
	{ X31(136), T_A_B | OE | RC },
	{ X31(232), T_A | OE | RC },
	{ X31(200), T_A | OE | RC },
	{ X31(235), T_A_B | OE | RC },
	/* mulhw, mulhwu, mulli */
	{ X31(75), T_A_B | RC },
	{ X31(11), T_A_B | RC },
	{ D(7), D_FORM },
	/* addi, addis, addic, addic., subfic */
	{ D(14), D_FORM },
	{ D(15), D_FORM },
	{ D(12), D_FORM },
	{ D(13), D_FORM },
	{ D(8), D_FORM },
	/* and, andc, eqv, nand, nor, or, orc, xor */
	{ X31(28), T_A_B | RC },
	{ X31(60), T_A_B | RC },
	{ X31(284), T_A_B | RC },
	{ X31(476), T_A_B | RC },
	{ X31(124), T_A_B | RC },
	{ X31(444), T_A_B | RC },
	{ X31(412), T_A_B | RC },
	{ X31(316), T_A_B | RC },
	/* ori, oris, xori, xoris, andi., andis. */
	{ D(24), D_FORM },
	{ D(25), D_FORM },
	{ D(26), D_FORM },
	{ D(27), D_FORM },
	{ D(28), D_FORM },
	{ D(29), D_FORM },
	/* slw, srw, sraw, srawi, cntlzw, extsb, extsh */
	{ X31(24), T_A_B | RC },
	{ X31(536), T_A_B | RC },
	{ X31(792), T_A_B | RC },
	{ X31(824), T_A_B | RC },
	{ X31(26), T_A | RC },
	{ X31(954), T_A | RC },
	{ X31(922), T_A | RC },
	/* rlwimi, rlwinm, rlwnm */
	{ D(20), D_FORM | T_A },
	{ D(21), D_FORM | T_A },
	{ D(23), D_FORM | T_A },
	/* dlmzb */
	{ X31(78), T_A_B | RC },
};

static const struct form condition[] = {
	/* cmp, cmpl, cmpi, cmpli */
	{ X31(0), CRF(7u) | RA(31u) | RB(31u) },
	{ X31(32), CRF(7u) | RA(31u) | RB(31u) },
	{ D(11), CRF(7u) | RA(31u) | 0xffffu },
	{ D(10), CRF(7u) | RA(31u) | 0xffffu },
	/* crand, crandc, creqv, crnand, crnor, cror, crorc, crxor */
	{ X19(257), T_A_B },
	{ X19(129), T_A_B },
	{ X19(289), T_A_B },
	{ X19(225), T_A_B },
	{ X19(33), T_A_B },
	{ X19(449), T_A_B },
	{ X19(417), T_A_B },
	{ X19(193), T_A_B },
	/* mcrf, mcrxr, mtcrf, mfcr */
	{ X19(0), CRF(7u) | 0x001c0000u },
	{ X31(512), CRF(7u) },
	{ X31(144), RT(31u) | 0x000ff000u },
	{ MFCR, RT(31u) },
	/* mflr, mfctr, mfxer, mtlr, mtctr */
	{ MFSPR(0u, SPR_LR), RT(31u) },
	{ MFSPR(0u, SPR_CTR), RT(31u) },
	{ MFSPR(0u, SPR_XER), RT(31u) },
	{ MTSPR(SPR_LR, 0u), RT(31u) },
	{ MTSPR(SPR_CTR, 0u), RT(31u) },
	/* USPRG0 both ways, SPRG4-7 */
	{ MFSPR(0u, 256), RT(31u) },
	{ MTSPR(256, 0u), RT(31u) },
	{ MFSPR(0u, 260), RT(31u) },
	{ MFSPR(0u, 261), RT(31u) },
	{ MFSPR(0u, 262), RT(31u) },
	{ MFSPR(0u, 263), RT(31u) },
	/* msync, mbar, isync */
	{ MSYNC, 0 },
	{ X31(854), 0 },
	{ ISYNC, 0 },
};

/* Extended opcodes of primary opcode 4: 16 x 16 bits, with and without OE */
static const u16 multiply_accumulate[] = {
	12, 44, 46, 76, 108, 110, 140, 172, 174, 204, 236, 238, 396, 428, 430, 460, 492, 494,
};

static const u16 multiply[] = { 8, 40, 136, 168, 392, 424 };

static const struct form floating[] = {
	/* fadd, fsub, fdiv, fmul, double and single */
	{ D(63) | 21 << 1, FPU_3 },
	{ D(63) | 20 << 1, FPU_3 },
	{ D(63) | 18 << 1, FPU_3 },
	{ D(63) | 25 << 1, FPU_M },
	{ D(59) | 21 << 1, FPU_3 },
	{ D(59) | 20 << 1, FPU_3 },
	{ D(59) | 18 << 1, FPU_3 },
	{ D(59) | 25 << 1, FPU_M },
	/* fmadd, fmsub, fnmadd, fnmsub, double and single; fsel */
	{ D(63) | 29 << 1, FPU_4 },
	{ D(63) | 28 << 1, FPU_4 },
	{ D(63) | 31 << 1, FPU_4 },
	{ D(63) | 30 << 1, FPU_4 },
	{ D(59) | 29 << 1, FPU_4 },
	{ D(59) | 28 << 1, FPU_4 },
	{ D(59) | 31 << 1, FPU_4 },
	{ D(59) | 30 << 1, FPU_4 },
	{ D(63) | 23 << 1, FPU_4 },
	/* frsp, fabs, fnabs, fneg, fmr, fcmpu, fcmpo */
	{ D(63) | 12 << 1, FPU_A },
	{ D(63) | 264 << 1, FPU_A },
	{ D(63) | 136 << 1, FPU_A },
	{ D(63) | 40 << 1, FPU_A },
	{ D(63) | 72 << 1, FPU_A },
	{ D(63), CRF(7u) | RA(31u) | RB(31u) },
	{ D(63) | 32 << 1, CRF(7u) | RA(31u) | RB(31u) },
	/* mcrfs; mtfsfi of the rounding mode */
	{ D(63) | 64 << 1, CRF(7u) | 0x001c0000u },
	{ D(63) | 134 << 1 | CRF(7u), 0x3000u },
};

/* What no 440 has: opcodes 0, 1, 5, 22; 31, 1023; 19, 1023; rfdi; mtmsrd; popcntb; tlbie */
static const u32 illegal[] = {
	0x00000000, 0x04000000, 0x14000000, 0x58000000, 0x7c0007fe,
	0x4c0007fe, 0x4c00004e, 0x7c000164, 0x7ca500f4, 0x7c002264,
};

static u32 some(const struct form *form)
{
	return form->word | (dice() & form->free);
}

static void make_arithmetic(void)
{
	u32 n = 1 + below(5);

	while (n--)
		emit(some(&ONE_OF(arithmetic)));
}

static void make_condition(void)
{
	u32 n = 1 + below(4);

	while (n--)
		emit(some(&ONE_OF(condition)));
}

/* XER has no other bits */
static void make_xer(void)
{
	u32 r;

	pick(&r, 1);
	emit_load(r, dice() & 0xe000007f);
	emit(MTSPR(SPR_XER, r));
}

static void make_16x16(void)
{
	if (chance(70))
		emit(D(4) | ONE_OF(multiply_accumulate) << 1 | (dice() & (T_A_B | OE | RC)));
	else
		emit(D(4) | ONE_OF(multiply) << 1 | (dice() & (T_A_B | RC)));
}

/* By 1 to 0x7fff, so that the quotient is defined */
static void make_divide(void)
{
	u32 xo = chance(50) ? 459 : 491, r[1];

	pick(r, 1);
	emit(ADDI | RT(r[0]) | IMM(1 + below(0x7fff)));
	emit(X31(xo) | RB(r[0]) | (dice() & (T_A | OE | RC)));
}

static void make_floating(void)
{
	u32 n = 1 + below(4);

	while (n--)
		emit(some(&ONE_OF(floating)));
}

/* BO: all that are defined, without hints */
static const u8 ctr_and_condition[] = { 0, 2, 4, 8, 10, 12, 16, 18, 20 };
/* A bcctr must not count down */
static const u8 condition_only[] = { 4, 12, 20 };

static void make_branch(void)
{
	switch (below(5)) {
	case 0:
		emit_branch(0x48000000 | below(2));
		break;
	case 1:
	case 2:
		emit_branch(0x40000000 | RT(ONE_OF(ctr_and_condition)) | RA(below(32)) | below(2));
		break;
	case 3: {
		u32 r;

		pick(&r, 1);
		emit_address(r);
		emit(MTSPR(SPR_LR, r));
		emit(X19(16) | RT(ONE_OF(ctr_and_condition)) | RA(below(32)) | below(2));
		break;
	}
	default: {
		u32 r;

		pick(&r, 1);
		emit_address(r);
		emit(MTSPR(SPR_CTR, r));
		emit(X19(528) | RT(ONE_OF(condition_only)) | RA(below(32)) | below(2));
	}
	}
}

static void make_loop(void)
{
	u32 r, n = 1 + below(3), i;

	pick(&r, 1);
	emit(ADDI | RT(r) | IMM(1 + below(6)));
	emit(MTSPR(SPR_CTR, r));
	for (i = 0; i < n; i++)
		emit(some(&ONE_OF(arithmetic)));
	emit(BDNZ(-4 * (int)n));
}

static void make_trap(void)
{
	if (chance(50))
		emit(X31(4) | (dice() & T_A_B));
	else
		emit(D(3) | (dice() & D_FORM));
}

/* r0 must not be what a hypercall has there */
static void make_sc(void)
{
	emit(ADDI | RT(0u) | IMM(below(0x8000)));
	emit(SC);
}

static void make_illegal(void)
{
	emit(ONE_OF(illegal));
}

const struct piece user_pieces[] = {
	{ { 12, 6 }, VECTOR_ALWAYS, make_arithmetic }, { { 8, 5 }, VECTOR_ALWAYS, make_condition },
	{ { 2, 1 }, VECTOR_ALWAYS, make_xer },	       { { 3, 1 }, VECTOR_ALWAYS, make_16x16 },
	{ { 2, 1 }, VECTOR_ALWAYS, make_divide },      { { 6, 2 }, STREAM_ONLY, make_floating },
	{ { 8, 4 }, STREAM_ONLY, make_branch },	       { { 2, 1 }, VECTOR_ALWAYS, make_loop },
	{ { 2, 1 }, STREAM_ONLY, make_trap },	       { { 3, 1 }, STREAM_ONLY, make_sc },
	{ { 1, 1 }, STREAM_ONLY, make_illegal },
};

const u32 user_piece_count = ARRAY_SIZE(user_pieces);
