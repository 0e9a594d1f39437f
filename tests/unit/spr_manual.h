/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The SPRs of a 440 as its manual lists them (table 2-4 and chapter 10), typed
 * in by hand and not derived from core/spr.c: the oracle of the SPR tests.
 */
#ifndef SPR_MANUAL_H
#define SPR_MANUAL_H

#include "v44.h"

enum spr_behaviour {
	STORES, /* bits of the mask are kept as written; 0: cannot be written */
	CLEARS, /* a written 1 clears */
	RESETS, /* DBCR0 */
	COUNTS, /* DEC, TSR, TCR: test_timer.c */
	TIME, /* time base: read is the time, write is without effect */
};

struct spr_manual {
	u16 number;
	const char *name;
	const char *user; /* "", "r", "w" or "rw" */
	const char *supervisor;
	enum spr_behaviour behaviour;
	u32 mask;
	u16 offset; /* where the state keeps it */
};

#define CPU(field) offsetof(struct v44_cpu, field)
#define FULL	   0xffffffffu
#define ADDRESS	   0xfffffffcu /* of an instruction */

static const struct spr_manual spr_manual[] = {
	{ 1, "XER", "rw", "rw", STORES, FULL, CPU(xer) },
	{ 8, "LR", "rw", "rw", STORES, FULL, CPU(lr) },
	{ 9, "CTR", "rw", "rw", STORES, FULL, CPU(ctr) },
	{ 22, "DEC", "", "rw", COUNTS, FULL, 0 },
	{ 26, "SRR0", "", "rw", STORES, ADDRESS, CPU(srr[0]) },
	{ 27, "SRR1", "", "rw", STORES, FULL, CPU(srr[1]) },
	{ 48, "PID", "", "rw", STORES, 0xff, CPU(pid) },
	{ 54, "DECAR", "", "w", STORES, FULL, CPU(decar) },
	{ 58, "CSRR0", "", "rw", STORES, ADDRESS, CPU(csrr[0]) },
	{ 59, "CSRR1", "", "rw", STORES, FULL, CPU(csrr[1]) },
	{ 61, "DEAR", "", "rw", STORES, FULL, CPU(dear) },
	{ 62, "ESR", "", "rw", STORES, FULL, CPU(esr) },
	{ 63, "IVPR", "", "rw", STORES, 0xffff0000, CPU(ivpr) },
	{ 256, "USPRG0", "rw", "rw", STORES, FULL, CPU(usprg0) },
	{ 260, "SPRG4", "r", "r", STORES, FULL, CPU(sprg[4]) },
	{ 261, "SPRG5", "r", "r", STORES, FULL, CPU(sprg[5]) },
	{ 262, "SPRG6", "r", "r", STORES, FULL, CPU(sprg[6]) },
	{ 263, "SPRG7", "r", "r", STORES, FULL, CPU(sprg[7]) },
	{ 268, "TBL", "r", "r", TIME, 0, 0 },
	{ 269, "TBU", "r", "r", TIME, 0, 0 },
	{ 272, "SPRG0", "", "rw", STORES, FULL, CPU(sprg[0]) },
	{ 273, "SPRG1", "", "rw", STORES, FULL, CPU(sprg[1]) },
	{ 274, "SPRG2", "", "rw", STORES, FULL, CPU(sprg[2]) },
	{ 275, "SPRG3", "", "rw", STORES, FULL, CPU(sprg[3]) },
	{ 276, "SPRG4", "", "w", STORES, FULL, CPU(sprg[4]) },
	{ 277, "SPRG5", "", "w", STORES, FULL, CPU(sprg[5]) },
	{ 278, "SPRG6", "", "w", STORES, FULL, CPU(sprg[6]) },
	{ 279, "SPRG7", "", "w", STORES, FULL, CPU(sprg[7]) },
	{ 284, "TBL", "", "w", TIME, 0, 0 },
	{ 285, "TBU", "", "w", TIME, 0, 0 },
	{ 286, "PIR", "", "r", STORES, 0, CPU(pir) },
	{ 287, "PVR", "", "r", STORES, 0, CPU(pvr) },
	{ 304, "DBSR", "", "rw", CLEARS, FULL, CPU(dbsr) },
	{ 308, "DBCR0", "", "rw", RESETS, FULL, CPU(dbcr[0]) },
	{ 309, "DBCR1", "", "rw", STORES, FULL, CPU(dbcr[1]) },
	{ 310, "DBCR2", "", "rw", STORES, FULL, CPU(dbcr[2]) },
	{ 312, "IAC1", "", "rw", STORES, FULL, CPU(iac[0]) },
	{ 313, "IAC2", "", "rw", STORES, FULL, CPU(iac[1]) },
	{ 314, "IAC3", "", "rw", STORES, FULL, CPU(iac[2]) },
	{ 315, "IAC4", "", "rw", STORES, FULL, CPU(iac[3]) },
	{ 316, "DAC1", "", "rw", STORES, FULL, CPU(dac[0]) },
	{ 317, "DAC2", "", "rw", STORES, FULL, CPU(dac[1]) },
	{ 318, "DVC1", "", "rw", STORES, FULL, CPU(dvc[0]) },
	{ 319, "DVC2", "", "rw", STORES, FULL, CPU(dvc[1]) },
	{ 336, "TSR", "", "rw", COUNTS, FULL, CPU(tsr) },
	{ 340, "TCR", "", "rw", COUNTS, FULL, CPU(tcr) },
	{ 400, "IVOR0", "", "rw", STORES, 0xfff0, CPU(ivor[0]) },
	{ 401, "IVOR1", "", "rw", STORES, 0xfff0, CPU(ivor[1]) },
	{ 402, "IVOR2", "", "rw", STORES, 0xfff0, CPU(ivor[2]) },
	{ 403, "IVOR3", "", "rw", STORES, 0xfff0, CPU(ivor[3]) },
	{ 404, "IVOR4", "", "rw", STORES, 0xfff0, CPU(ivor[4]) },
	{ 405, "IVOR5", "", "rw", STORES, 0xfff0, CPU(ivor[5]) },
	{ 406, "IVOR6", "", "rw", STORES, 0xfff0, CPU(ivor[6]) },
	{ 407, "IVOR7", "", "rw", STORES, 0xfff0, CPU(ivor[7]) },
	{ 408, "IVOR8", "", "rw", STORES, 0xfff0, CPU(ivor[8]) },
	{ 409, "IVOR9", "", "rw", STORES, 0xfff0, CPU(ivor[9]) },
	{ 410, "IVOR10", "", "rw", STORES, 0xfff0, CPU(ivor[10]) },
	{ 411, "IVOR11", "", "rw", STORES, 0xfff0, CPU(ivor[11]) },
	{ 412, "IVOR12", "", "rw", STORES, 0xfff0, CPU(ivor[12]) },
	{ 413, "IVOR13", "", "rw", STORES, 0xfff0, CPU(ivor[13]) },
	{ 414, "IVOR14", "", "rw", STORES, 0xfff0, CPU(ivor[14]) },
	{ 415, "IVOR15", "", "rw", STORES, 0xfff0, CPU(ivor[15]) },
	{ 570, "MCSRR0", "", "rw", STORES, ADDRESS, CPU(mcsrr[0]) },
	{ 571, "MCSRR1", "", "rw", STORES, FULL, CPU(mcsrr[1]) },
	{ 572, "MCSR", "", "rw", CLEARS, FULL, CPU(mcsr) },
	{ 880, "INV0", "", "rw", STORES, FULL, CPU(inv[0]) },
	{ 881, "INV1", "", "rw", STORES, FULL, CPU(inv[1]) },
	{ 882, "INV2", "", "rw", STORES, FULL, CPU(inv[2]) },
	{ 883, "INV3", "", "rw", STORES, FULL, CPU(inv[3]) },
	{ 884, "ITV0", "", "rw", STORES, FULL, CPU(itv[0]) },
	{ 885, "ITV1", "", "rw", STORES, FULL, CPU(itv[1]) },
	{ 886, "ITV2", "", "rw", STORES, FULL, CPU(itv[2]) },
	{ 887, "ITV3", "", "rw", STORES, FULL, CPU(itv[3]) },
	{ 888, "CCR1", "", "rw", STORES, FULL, CPU(ccr1) },
	{ 912, "DNV0", "", "rw", STORES, FULL, CPU(dnv[0]) },
	{ 913, "DNV1", "", "rw", STORES, FULL, CPU(dnv[1]) },
	{ 914, "DNV2", "", "rw", STORES, FULL, CPU(dnv[2]) },
	{ 915, "DNV3", "", "rw", STORES, FULL, CPU(dnv[3]) },
	{ 916, "DTV0", "", "rw", STORES, FULL, CPU(dtv[0]) },
	{ 917, "DTV1", "", "rw", STORES, FULL, CPU(dtv[1]) },
	{ 918, "DTV2", "", "rw", STORES, FULL, CPU(dtv[2]) },
	{ 919, "DTV3", "", "rw", STORES, FULL, CPU(dtv[3]) },
	{ 920, "DVLIM", "", "rw", STORES, FULL, CPU(dvlim) },
	{ 921, "IVLIM", "", "rw", STORES, FULL, CPU(ivlim) },
	{ 923, "RSTCFG", "", "r", STORES, 0, CPU(rstcfg) },
	{ 924, "DCDBTRL", "", "r", STORES, 0, CPU(dcdbtr[0]) },
	{ 925, "DCDBTRH", "", "r", STORES, 0, CPU(dcdbtr[1]) },
	{ 926, "ICDBTRL", "", "r", STORES, 0, CPU(icdbtr[0]) },
	{ 927, "ICDBTRH", "", "r", STORES, 0, CPU(icdbtr[1]) },
	/* SWOA U1TE U2SWOAE U3L2SWOAE(440x6) DULXE IULXE STS STID */
	{ 946, "MMUCR", "", "rw", STORES, 0x017d00ff, CPU(mmucr) },
	{ 947, "CCR0", "", "rw", STORES, FULL, CPU(ccr0) },
	{ 979, "ICDBDR", "", "r", STORES, 0, CPU(icdbdr) },
	{ 1011, "DBDR", "", "rw", STORES, FULL, CPU(dbdr) },
};

#undef CPU
#undef FULL
#undef ADDRESS

static inline const struct spr_manual *spr_in_manual(u32 number)
{
	size_t i;

	for (i = 0; i < sizeof(spr_manual) / sizeof(spr_manual[0]); i++) {
		if (spr_manual[i].number == number)
			return &spr_manual[i];
	}
	return NULL;
}

#endif
