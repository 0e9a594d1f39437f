// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every instruction of a 440: PPC440x5 manual, chapter 9 and appendix A; the
 * floating-point set of the 440EP and 460EX after the PowerPC architecture.
 *
 * N: native: the hardware executes it in user state, we never see it.
 * P: privileged: traps, and its handler does what it means.
 * A: load or store (or a cache instruction, of no size): native on RAM, emulated
 *    where the guest physical address is not RAM.
 */
#include "v44.h"
#include "insn.h"

#define B  1u
#define H  2u
#define W  4u
#define D  8u
#define ST V44_ACC_STORE
#define SX V44_ACC_SIGN
#define BR V44_ACC_SWAP
#define UP V44_ACC_UPDATE
#define IX V44_ACC_INDEXED
#define MU V44_ACC_MULTI
#define FP V44_ACC_FP
#define SG V44_ACC_STRING
#define RS V44_ACC_RESERVE
#define SP V44_ACC_SINGLE
#define IC V44_ACC_ICACHE

/* clang-format off */

/* Primary opcodes that stand alone */
#define INSNS_D(N, P, A) \
	N(3, NO_XO, twi) N(7, NO_XO, mulli) N(8, NO_XO, subfic) N(10, NO_XO, cmpli) \
	N(11, NO_XO, cmpi) N(12, NO_XO, addic) N(13, NO_XO, addic_dot) N(14, NO_XO, addi) \
	N(15, NO_XO, addis) N(16, NO_XO, bc) N(17, NO_XO, sc) N(18, NO_XO, b) \
	N(20, NO_XO, rlwimi) N(21, NO_XO, rlwinm) N(23, NO_XO, rlwnm) N(24, NO_XO, ori) \
	N(25, NO_XO, oris) N(26, NO_XO, xori) N(27, NO_XO, xoris) N(28, NO_XO, andi_dot) \
	N(29, NO_XO, andis_dot) \
	A(32, NO_XO, lwz, W)              A(33, NO_XO, lwzu, W | UP) \
	A(34, NO_XO, lbz, B)              A(35, NO_XO, lbzu, B | UP) \
	A(36, NO_XO, stw, W | ST)         A(37, NO_XO, stwu, W | ST | UP) \
	A(38, NO_XO, stb, B | ST)         A(39, NO_XO, stbu, B | ST | UP) \
	A(40, NO_XO, lhz, H)              A(41, NO_XO, lhzu, H | UP) \
	A(42, NO_XO, lha, H | SX)         A(43, NO_XO, lhau, H | SX | UP) \
	A(44, NO_XO, sth, H | ST)         A(45, NO_XO, sthu, H | ST | UP) \
	A(46, NO_XO, lmw, W | MU)         A(47, NO_XO, stmw, W | ST | MU) \
	A(48, NO_XO, lfs, W | FP | SP)    A(49, NO_XO, lfsu, W | FP | SP | UP) \
	A(50, NO_XO, lfd, D | FP)         A(51, NO_XO, lfdu, D | FP | UP) \
	A(52, NO_XO, stfs, W | FP | SP | ST) A(53, NO_XO, stfsu, W | FP | SP | ST | UP) \
	A(54, NO_XO, stfd, D | FP | ST)   A(55, NO_XO, stfdu, D | FP | ST | UP)

/* Primary opcode 4: 16 x 16 multiply and accumulate */
#define INSNS_4(N, P, A) \
	N(4, 8, mulhhwu) N(4, 12, machhwu) N(4, 40, mulhhw) N(4, 44, machhw) \
	N(4, 46, nmachhw) N(4, 76, machhwsu) N(4, 108, machhws) N(4, 110, nmachhws) \
	N(4, 136, mulchwu) N(4, 140, macchwu) N(4, 168, mulchw) N(4, 172, macchw) \
	N(4, 174, nmacchw) N(4, 204, macchwsu) N(4, 236, macchws) N(4, 238, nmacchws) \
	N(4, 392, mullhwu) N(4, 396, maclhwu) N(4, 424, mullhw) N(4, 428, maclhw) \
	N(4, 430, nmaclhw) N(4, 460, maclhwsu) N(4, 492, maclhws) N(4, 494, nmaclhws)

/* Primary opcode 19 */
#define INSNS_19(N, P, A) \
	N(19, 0, mcrf) N(19, 16, bclr) N(19, 33, crnor) P(19, 38, rfmci) \
	P(19, 50, rfi) P(19, 51, rfci) N(19, 129, crandc) N(19, 150, isync) \
	N(19, 193, crxor) N(19, 225, crnand) N(19, 257, crand) N(19, 289, creqv) \
	N(19, 417, crorc) N(19, 449, cror) N(19, 528, bcctr)

/* Primary opcode 31; XO forms by their value with OE = 0 */
#define INSNS_31(N, P, A) \
	N(31, 0, cmp) N(31, 4, tw) N(31, 8, subfc) N(31, 10, addc) N(31, 11, mulhwu) \
	N(31, 15, isel) N(31, 19, mfcr) A(31, 20, lwarx, W | IX | RS) N(31, 22, icbt) \
	A(31, 23, lwzx, W | IX) N(31, 24, slw) N(31, 26, cntlzw) N(31, 28, and) \
	N(31, 32, cmpl) N(31, 40, subf) A(31, 54, dcbst, IX) A(31, 55, lwzux, W | IX | UP) \
	N(31, 60, andc) N(31, 75, mulhw) N(31, 78, dlmzb) P(31, 83, mfmsr) \
	A(31, 86, dcbf, IX) A(31, 87, lbzx, B | IX) N(31, 104, neg) \
	A(31, 119, lbzux, B | IX | UP) N(31, 124, nor) P(31, 131, wrtee) \
	N(31, 136, subfe) N(31, 138, adde) N(31, 144, mtcrf) P(31, 146, mtmsr) \
	A(31, 150, stwcx_dot, W | ST | IX | RS) A(31, 151, stwx, W | ST | IX) \
	P(31, 163, wrteei) A(31, 183, stwux, W | ST | IX | UP) N(31, 200, subfze) \
	N(31, 202, addze) A(31, 215, stbx, B | ST | IX) N(31, 232, subfme) N(31, 234, addme) \
	N(31, 235, mullw) N(31, 246, dcbtst) A(31, 247, stbux, B | ST | IX | UP) \
	P(31, 259, mfdcrx) N(31, 266, add) N(31, 278, dcbt) A(31, 279, lhzx, H | IX) \
	N(31, 284, eqv) A(31, 311, lhzux, H | IX | UP) N(31, 316, xor) P(31, 323, mfdcr) \
	P(31, 339, mfspr) A(31, 343, lhax, H | SX | IX) N(31, 371, mftb) \
	A(31, 375, lhaux, H | SX | IX | UP) P(31, 387, mtdcrx) \
	A(31, 407, sthx, H | ST | IX) N(31, 412, orc) A(31, 439, sthux, H | ST | IX | UP) \
	N(31, 444, or) P(31, 451, mtdcr) P(31, 454, dccci) N(31, 459, divwu) \
	P(31, 467, mtspr) P(31, 470, dcbi) N(31, 476, nand) P(31, 486, dcread) \
	N(31, 491, divw) N(31, 512, mcrxr) A(31, 533, lswx, W | IX | SG) \
	A(31, 534, lwbrx, W | IX | BR) A(31, 535, lfsx, W | FP | SP | IX) N(31, 536, srw) \
	P(31, 566, tlbsync) A(31, 567, lfsux, W | FP | SP | IX | UP) A(31, 597, lswi, W | SG) \
	N(31, 598, msync) A(31, 599, lfdx, D | FP | IX) A(31, 631, lfdux, D | FP | IX | UP) \
	A(31, 661, stswx, W | ST | IX | SG) A(31, 662, stwbrx, W | ST | IX | BR) \
	A(31, 663, stfsx, W | FP | SP | ST | IX) A(31, 695, stfsux, W | FP | SP | ST | IX | UP) \
	A(31, 725, stswi, W | ST | SG) A(31, 727, stfdx, D | FP | ST | IX) N(31, 758, dcba) \
	A(31, 759, stfdux, D | FP | ST | IX | UP) A(31, 790, lhbrx, H | IX | BR) \
	N(31, 792, sraw) N(31, 824, srawi) N(31, 854, mbar) P(31, 914, tlbsx) \
	A(31, 918, sthbrx, H | ST | IX | BR) N(31, 922, extsh) P(31, 946, tlbre) \
	N(31, 954, extsb) P(31, 966, iccci) P(31, 978, tlbwe) A(31, 982, icbi, IX | IC) \
	A(31, 983, stfiwx, W | FP | ST | IX) P(31, 998, icread) A(31, 1014, dcbz, ST | IX)

/* Primary opcodes 59 and 63: floating point */
#define INSNS_FP(N, P, A) \
	N(59, 18, fdivs) N(59, 20, fsubs) N(59, 21, fadds) N(59, 24, fres) N(59, 25, fmuls) \
	N(59, 28, fmsubs) N(59, 29, fmadds) N(59, 30, fnmsubs) N(59, 31, fnmadds) \
	N(63, 0, fcmpu) N(63, 12, frsp) N(63, 14, fctiw) N(63, 15, fctiwz) N(63, 18, fdiv) \
	N(63, 20, fsub) N(63, 21, fadd) N(63, 23, fsel) N(63, 25, fmul) N(63, 26, frsqrte) \
	N(63, 28, fmsub) N(63, 29, fmadd) N(63, 30, fnmsub) N(63, 31, fnmadd) N(63, 32, fcmpo) \
	N(63, 38, mtfsb1) N(63, 40, fneg) N(63, 64, mcrfs) N(63, 70, mtfsb0) N(63, 72, fmr) \
	N(63, 134, mtfsfi) N(63, 136, fnabs) N(63, 264, fabs) N(63, 583, mffs) N(63, 711, mtfsf)

#define NO_XO V44_NO_XO

#define ID_N(p, x, n)    ID_##n,
#define ID_P(p, x, n)    ID_##n,
#define ID_A(p, x, n, f) ID_##n,

/* 0 is "none", so that the index tables need no filling */
enum {
	ID_none,
	INSNS_D(ID_N, ID_P, ID_A)
	INSNS_4(ID_N, ID_P, ID_A)
	INSNS_19(ID_N, ID_P, ID_A)
	INSNS_31(ID_N, ID_P, ID_A)
	INSNS_FP(ID_N, ID_P, ID_A)
	IDS
};

#define ROW_N(p, x, n)    [ID_##n - 1] = { p, x, V44_INSN_NATIVE, 0, #n, NULL },
#define ROW_P(p, x, n)    [ID_##n - 1] = { p, x, V44_INSN_PRIVILEGED, 0, #n, v44_emu_##n },
#define ROW_A(p, x, n, f) [ID_##n - 1] = { p, x, V44_INSN_ACCESS, f, #n, NULL },

const struct v44_insn v44_insns[] = {
	INSNS_D(ROW_N, ROW_P, ROW_A)
	INSNS_4(ROW_N, ROW_P, ROW_A)
	INSNS_19(ROW_N, ROW_P, ROW_A)
	INSNS_31(ROW_N, ROW_P, ROW_A)
	INSNS_FP(ROW_N, ROW_P, ROW_A)
};

const unsigned int v44_insn_count = IDS - 1;

#define PRIMARY_N(p, x, n)    [p] = ID_##n,
#define PRIMARY_A(p, x, n, f) [p] = ID_##n,
#define XO_N(p, x, n)         [x] = ID_##n,
#define XO_P(p, x, n)         [x] = ID_##n,
#define XO_A(p, x, n, f)      [x] = ID_##n,

const u8 v44_insn_by_primary[64] = { INSNS_D(PRIMARY_N, , PRIMARY_A) };
const u8 v44_insn_by_xo_19[1024] = { INSNS_19(XO_N, XO_P, XO_A) };
const u8 v44_insn_by_xo_31[1024] = { INSNS_31(XO_N, XO_P, XO_A) };

#define OTHER(p, x, n)
#define ACCESS_PRIMARY(p, x, n, f) [p] = f,
#define ACCESS_XO(p, x, n, f)      [x] = f,

const u16 v44_access_by_primary[64] = { INSNS_D(OTHER, OTHER, ACCESS_PRIMARY) };
const u16 v44_access_by_xo_31[1024] = { INSNS_31(OTHER, OTHER, ACCESS_XO) };

/* clang-format on */

_Static_assert(IDS <= 256, "row numbers must fit the index tables");

/**
 * v44_insn_find() - the row of an instruction word
 * @insn: instruction word
 *
 * Only rows that can trap are looked for: primary opcodes 4, 59 and 63 are
 * native throughout.
 *
 * Return: the row, or NULL for a word that is not in the table.
 */
const struct v44_insn *v44_insn_find(u32 insn)
{
	return insn_row(insn);
}
