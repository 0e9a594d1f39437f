// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every SPR of a 440: PPC440x5 manual, chapter 2 (table 2-4) and chapter 10.
 *
 * An SPR that only stores (cache victim registers, ...) is read back as written
 * and has no effect; docs/limits.md lists those whose effect is missing.
 */
#include "v44.h"
#include "insn.h"

static u32 read_dec(struct v44 *v, const struct v44_spr *row)
{
	u32 dec, tsr;

	v44_timer_look(v, &dec, &tsr);
	return dec;
}

static enum v44_emu write_dec(struct v44 *v, const struct v44_spr *row, u32 value)
{
	v44_dec_write(v, value);
	return V44_EMU_DONE;
}

/* Expiries before the write reload from the old value */
static enum v44_emu write_decar(struct v44 *v, const struct v44_spr *row, u32 value)
{
	v44_timer_update(v);
	v->cpu.decar = value;
	return V44_EMU_DONE;
}

static u32 read_tbl(struct v44 *v, const struct v44_spr *row)
{
	return v44_timebase(v);
}

static u32 read_tbu(struct v44 *v, const struct v44_spr *row)
{
	return v44_timebase(v) >> 32;
}

/* The host's time base cannot be offset for a guest, which reads it without a trap */
static enum v44_emu write_tb(struct v44 *v, const struct v44_spr *row, u32 value)
{
	return V44_EMU_DONE;
}

static u32 read_tsr(struct v44 *v, const struct v44_spr *row)
{
	u32 dec, tsr;

	v44_timer_look(v, &dec, &tsr);
	return tsr;
}

static enum v44_emu write_tsr(struct v44 *v, const struct v44_spr *row, u32 value)
{
	v44_timer_write(v, v->cpu.tcr, value);
	return V44_EMU_DONE;
}

static enum v44_emu write_tcr(struct v44 *v, const struct v44_spr *row, u32 value)
{
	v44_timer_write(v, value, 0);
	return V44_EMU_DONE;
}

static u32 *storage(struct v44 *v, const struct v44_spr *row)
{
	return (u32 *)((char *)&v->cpu + row->offset);
}

/** v44_spr_storage() - where an SPR's value is, or NULL if it is made up when read */
u32 *v44_spr_storage(struct v44 *v, const struct v44_spr *row)
{
	return row->offset ? storage(v, row) : NULL;
}

/* DBSR and MCSR: a written 1 clears */
static enum v44_emu write_clear(struct v44 *v, const struct v44_spr *row, u32 value)
{
	*storage(v, row) &= ~value;
	return V44_EMU_DONE;
}

static enum v44_emu write_dbsr(struct v44 *v, const struct v44_spr *row, u32 value)
{
	u32 toggled = v->cpu.dbsr & value & (V44_DBSR_IAC12ATS | V44_DBSR_IAC34ATS);

	v->cpu.dbsr &= ~value;
	if (toggled)
		v44_debug_changed(v);
	else
		v44_debug_status_changed(v);
	return V44_EMU_DONE;
}

/* RST acts at once and reads as 0 after the reset (manual 8.7.1) */
static enum v44_emu write_dbcr0(struct v44 *v, const struct v44_spr *row, u32 value)
{
	v->cpu.dbcr[0] = value & ~V44_DBCR0_RST;
	v44_debug_changed(v);
	return value & V44_DBCR0_RST ? V44_EMU_RESET : V44_EMU_DONE;
}

static enum v44_emu write_debug(struct v44 *v, const struct v44_spr *row, u32 value)
{
	*storage(v, row) = value;
	v44_debug_changed(v);
	return V44_EMU_DONE;
}

#define U_R   (V44_SPR_UR | V44_SPR_SR)
#define U_RW  (V44_SPR_UR | V44_SPR_UW | V44_SPR_SR | V44_SPR_SW)
#define S_R   V44_SPR_SR
#define S_W   V44_SPR_SW
#define S_RW  (V44_SPR_SR | V44_SPR_SW)
#define ALL   0xffffffffu
#define AT(f) offsetof(struct v44_cpu, f) /* never 0: that is gpr[0] */

/* clang-format off */

#define PLAIN(R, n, name, access, field, mask) R(n, name, access, true, AT(field), mask, NULL, NULL)
#define FOUR(R, n, name, field) \
	PLAIN(R, n, name "0", S_RW, field[0], ALL) \
	PLAIN(R, (n) + 1, name "1", S_RW, field[1], ALL) \
	PLAIN(R, (n) + 2, name "2", S_RW, field[2], ALL) \
	PLAIN(R, (n) + 3, name "3", S_RW, field[3], ALL)
#define DEBUG(R, n, name, field) R(n, name, S_RW, true, AT(field), ALL, NULL, write_debug)
#define IVOR(R, i) PLAIN(R, 400 + (i), "IVOR" #i, S_RW, ivor[i], 0xfff0u)

/* number, name, access, (done,) storage, writable bits (, read, write); by number */
#define SPRS(R) \
	PLAIN(R, 1, "XER", U_RW, xer, ALL) \
	PLAIN(R, 8, "LR", U_RW, lr, ALL) \
	PLAIN(R, 9, "CTR", U_RW, ctr, ALL) \
	R(22, "DEC", S_RW, true, 0, ALL, read_dec, write_dec) \
	PLAIN(R, 26, "SRR0", S_RW, srr[0], ~3u) \
	PLAIN(R, 27, "SRR1", S_RW, srr[1], ALL) \
	PLAIN(R, 48, "PID", S_RW, pid, 0xff) \
	R(54, "DECAR", S_W, true, AT(decar), ALL, NULL, write_decar) \
	PLAIN(R, 58, "CSRR0", S_RW, csrr[0], ~3u) \
	PLAIN(R, 59, "CSRR1", S_RW, csrr[1], ALL) \
	PLAIN(R, 61, "DEAR", S_RW, dear, ALL) \
	PLAIN(R, 62, "ESR", S_RW, esr, ALL) \
	PLAIN(R, 63, "IVPR", S_RW, ivpr, 0xffff0000u) \
	PLAIN(R, 256, "USPRG0", U_RW, usprg0, ALL) \
	PLAIN(R, 260, "SPRG4", U_R, sprg[4], ALL) \
	PLAIN(R, 261, "SPRG5", U_R, sprg[5], ALL) \
	PLAIN(R, 262, "SPRG6", U_R, sprg[6], ALL) \
	PLAIN(R, 263, "SPRG7", U_R, sprg[7], ALL) \
	R(268, "TBL", U_R, true, 0, 0, read_tbl, NULL) \
	R(269, "TBU", U_R, true, 0, 0, read_tbu, NULL) \
	PLAIN(R, 272, "SPRG0", S_RW, sprg[0], ALL) \
	PLAIN(R, 273, "SPRG1", S_RW, sprg[1], ALL) \
	PLAIN(R, 274, "SPRG2", S_RW, sprg[2], ALL) \
	PLAIN(R, 275, "SPRG3", S_RW, sprg[3], ALL) \
	PLAIN(R, 276, "SPRG4", S_W, sprg[4], ALL) \
	PLAIN(R, 277, "SPRG5", S_W, sprg[5], ALL) \
	PLAIN(R, 278, "SPRG6", S_W, sprg[6], ALL) \
	PLAIN(R, 279, "SPRG7", S_W, sprg[7], ALL) \
	R(284, "TBL", S_W, true, 0, 0, NULL, write_tb) \
	R(285, "TBU", S_W, true, 0, 0, NULL, write_tb) \
	PLAIN(R, 286, "PIR", S_R, pir, 0) \
	PLAIN(R, 287, "PVR", S_R, pvr, 0) \
	R(304, "DBSR", S_RW, true, AT(dbsr), ALL, NULL, write_dbsr) \
	R(308, "DBCR0", S_RW, true, AT(dbcr[0]), ALL, NULL, write_dbcr0) \
	DEBUG(R, 309, "DBCR1", dbcr[1]) \
	DEBUG(R, 310, "DBCR2", dbcr[2]) \
	DEBUG(R, 312, "IAC1", iac[0]) \
	DEBUG(R, 313, "IAC2", iac[1]) \
	DEBUG(R, 314, "IAC3", iac[2]) \
	DEBUG(R, 315, "IAC4", iac[3]) \
	DEBUG(R, 316, "DAC1", dac[0]) \
	DEBUG(R, 317, "DAC2", dac[1]) \
	PLAIN(R, 318, "DVC1", S_RW, dvc[0], ALL) \
	PLAIN(R, 319, "DVC2", S_RW, dvc[1], ALL) \
	R(336, "TSR", S_RW, true, AT(tsr), ALL, read_tsr, write_tsr) \
	R(340, "TCR", S_RW, true, AT(tcr), ALL, NULL, write_tcr) \
	IVOR(R, 0) IVOR(R, 1) IVOR(R, 2) IVOR(R, 3) IVOR(R, 4) IVOR(R, 5) IVOR(R, 6) IVOR(R, 7) \
	IVOR(R, 8) IVOR(R, 9) IVOR(R, 10) IVOR(R, 11) \
	IVOR(R, 12) IVOR(R, 13) IVOR(R, 14) IVOR(R, 15) \
	PLAIN(R, 570, "MCSRR0", S_RW, mcsrr[0], ~3u) \
	PLAIN(R, 571, "MCSRR1", S_RW, mcsrr[1], ALL) \
	R(572, "MCSR", S_RW, true, AT(mcsr), ALL, NULL, write_clear) \
	FOUR(R, 880, "INV", inv) \
	FOUR(R, 884, "ITV", itv) \
	PLAIN(R, 888, "CCR1", S_RW, ccr1, ALL) \
	FOUR(R, 912, "DNV", dnv) \
	FOUR(R, 916, "DTV", dtv) \
	PLAIN(R, 920, "DVLIM", S_RW, dvlim, ALL) \
	PLAIN(R, 921, "IVLIM", S_RW, ivlim, ALL) \
	PLAIN(R, 923, "RSTCFG", S_R, rstcfg, 0) \
	PLAIN(R, 924, "DCDBTRL", S_R, dcdbtr[0], 0) \
	PLAIN(R, 925, "DCDBTRH", S_R, dcdbtr[1], 0) \
	PLAIN(R, 926, "ICDBTRL", S_R, icdbtr[0], 0) \
	PLAIN(R, 927, "ICDBTRH", S_R, icdbtr[1], 0) \
	PLAIN(R, 946, "MMUCR", S_RW, mmucr, V44_MMUCR_ALL | V44_MMUCR_STID) \
	PLAIN(R, 947, "CCR0", S_RW, ccr0, ALL) \
	PLAIN(R, 979, "ICDBDR", S_R, icdbdr, 0) \
	PLAIN(R, 1011, "DBDR", S_RW, dbdr, ALL)

#define ROW(...) { __VA_ARGS__ },

const struct v44_spr v44_sprs[] = { SPRS(ROW) };

/* Row + 1 by number, 0 for none */
#define BY_NUMBER(n, ...) [n] = __COUNTER__ - FIRST,
enum { FIRST = __COUNTER__ };

static const u8 by_number[1024] = { SPRS(BY_NUMBER) };

/* clang-format on */

const unsigned int v44_spr_count = sizeof(v44_sprs) / sizeof(v44_sprs[0]);

static inline const struct v44_spr *find(u32 number)
{
	u32 row = by_number[number];

	return row ? &v44_sprs[row - 1] : NULL;
}

static inline u32 get(struct v44 *v, const struct v44_spr *row)
{
	return row->read ? row->read(v, row) : *storage(v, row);
}

static inline enum v44_emu set(struct v44 *v, const struct v44_spr *row, u32 value)
{
	u32 *p;

	if (row->write)
		return row->write(v, row, value);
	p = storage(v, row);
	*p = (*p & ~row->mask) | (value & row->mask);
	return V44_EMU_DONE;
}

/** v44_spr_find() - the row of an SPR number (0..1023), or NULL if a 440 has none */
const struct v44_spr *v44_spr_find(u32 number)
{
	return number < 1024 ? find(number) : NULL;
}

/*
 * An SPR number that a 440 lacks has an undefined, bounded effect in supervisor
 * state (manual 2.5): we take "none". A row that is not done is such a number.
 */
static inline const struct v44_spr *spr_row(struct v44 *v, u32 insn, u32 access)
{
	const struct v44_spr *row = find(insn_sprn(insn));

	if (!row || !row->done) {
		v->counts->unimplemented++;
		v->ops->unimplemented(v, row ? row->name : "SPR", insn);
		return NULL;
	}
	return (row->access & access) ? row : NULL;
}

enum v44_emu v44_emu_mfspr(struct v44 *v, u32 insn)
{
	const struct v44_spr *row = spr_row(v, insn, V44_SPR_SR);

	if (row)
		v->cpu.gpr[insn_rt(insn)] = get(v, row);
	return V44_EMU_DONE;
}

enum v44_emu v44_emu_mtspr(struct v44 *v, u32 insn)
{
	const struct v44_spr *row = spr_row(v, insn, V44_SPR_SW);

	return row ? set(v, row, v->cpu.gpr[insn_rt(insn)]) : V44_EMU_DONE;
}
