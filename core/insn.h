/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the core: instruction fields and the handlers that the instruction table names. */
#ifndef V44_INSN_H
#define V44_INSN_H

#include "v44.h"

static inline u32 insn_rt(u32 insn)
{
	return (insn >> 21) & 31;
}

static inline u32 insn_ra(u32 insn)
{
	return (insn >> 16) & 31;
}

static inline u32 insn_rb(u32 insn)
{
	return (insn >> 11) & 31;
}

/* SPR and DCR numbers have their two halves swapped */
static inline u32 insn_sprn(u32 insn)
{
	return insn_ra(insn) | insn_rb(insn) << 5;
}

/* (RA|0) + (RB) */
static inline u32 insn_ea(const struct v44_cpu *cpu, u32 insn)
{
	u32 ra = insn_ra(insn);

	return (ra ? cpu->gpr[ra] : 0) + cpu->gpr[insn_rb(insn)];
}

/* Row numbers of v44_insns plus 1, or 0, by opcodes (insn.c) */
extern const u8 v44_insn_by_primary[64], v44_insn_by_xo_19[1024], v44_insn_by_xo_31[1024];

/* V44_ACC_* of loads and stores, else 0 (insn.c) */
extern const u16 v44_access_by_primary[64], v44_access_by_xo_31[1024];

/* The access of insn_row(), or 0 */
static inline u32 insn_access(u32 insn)
{
	u32 primary = insn >> 26;

	return primary == 31 ? v44_access_by_xo_31[(insn >> 1) & 0x3ff]
			     : v44_access_by_primary[primary];
}

/* v44_insn_find(), in place */
static inline const struct v44_insn *insn_row(u32 insn)
{
	u32 xo = (insn >> 1) & 0x3ff;
	unsigned int id;

	switch (insn >> 26) {
	case 19:
		id = v44_insn_by_xo_19[xo];
		break;
	case 31:
		id = v44_insn_by_xo_31[xo];
		break;
	default:
		id = v44_insn_by_primary[insn >> 26];
		break;
	}
	return id ? &v44_insns[id - 1] : NULL;
}

/*
 * A handler is called in supervisor state with pc already behind the
 * instruction; it returns what v44_emulate() returns.
 */
enum v44_emu v44_emu_mfmsr(struct v44 *v, u32 insn);
enum v44_emu v44_emu_mtmsr(struct v44 *v, u32 insn);
enum v44_emu v44_emu_wrtee(struct v44 *v, u32 insn);
enum v44_emu v44_emu_wrteei(struct v44 *v, u32 insn);
enum v44_emu v44_emu_rfi(struct v44 *v, u32 insn);
enum v44_emu v44_emu_rfci(struct v44 *v, u32 insn);
enum v44_emu v44_emu_rfmci(struct v44 *v, u32 insn);
enum v44_emu v44_emu_mfspr(struct v44 *v, u32 insn);
enum v44_emu v44_emu_mtspr(struct v44 *v, u32 insn);
enum v44_emu v44_emu_mfdcr(struct v44 *v, u32 insn);
enum v44_emu v44_emu_mtdcr(struct v44 *v, u32 insn);
enum v44_emu v44_emu_mfdcrx(struct v44 *v, u32 insn);
enum v44_emu v44_emu_mtdcrx(struct v44 *v, u32 insn);
enum v44_emu v44_emu_tlbre(struct v44 *v, u32 insn);
enum v44_emu v44_emu_tlbwe(struct v44 *v, u32 insn);
enum v44_emu v44_emu_tlbsx(struct v44 *v, u32 insn);
enum v44_emu v44_emu_tlbsync(struct v44 *v, u32 insn);
enum v44_emu v44_emu_dcbi(struct v44 *v, u32 insn);
enum v44_emu v44_emu_dccci(struct v44 *v, u32 insn);
enum v44_emu v44_emu_iccci(struct v44 *v, u32 insn);
enum v44_emu v44_emu_dcread(struct v44 *v, u32 insn);
enum v44_emu v44_emu_icread(struct v44 *v, u32 insn);

#endif
