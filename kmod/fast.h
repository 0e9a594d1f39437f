/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tier 0 (fast.S) takes of core's tables: for tables.c, which makes its dispatch
 * tables, and for docs/cpu.md. Lists are macros, so that each names its labels.
 */
#ifndef K44X_FAST_H
#define K44X_FAST_H

#include "v44.h"

/* clang-format off */

/* Instructions of primary opcode 31 */
#define K44X_FAST_INSNS(X) \
	X(mfmsr) X(mtmsr) X(wrtee) X(wrteei) X(mfspr) X(mtspr) X(mfdcr) \
	X(mfcr) X(mtcrf) X(tlbwe) X(tlbsx)

/* and one of another, which it knows without a table */
#define K44X_FAST_OTHER_INSN "rfi"

/* SPRs whose new value has an effect: number, handler */
#define K44X_FAST_WRITES(X) \
	X(22, dec) X(48, pid) X(336, tsr) X(276, sprg4) X(277, sprg5) X(278, sprg6) X(279, sprg7)

/* clang-format on */

/* Does mfspr or mtspr of this SPR trap? What user code may access does not. */
static inline bool k44x_spr_traps(const struct v44_spr *row)
{
	return !(row->access & (V44_SPR_UR | V44_SPR_UW));
}

/* mfspr of one that traps: a load from the state, which tier 0 does */
static inline bool k44x_fast_reads(const struct v44_spr *row)
{
	return row->done && !row->read && row->offset && (row->access & V44_SPR_SR);
}

/* mtspr of one that traps: a store to the state */
static inline bool k44x_fast_stores(const struct v44_spr *row)
{
	return row->done && !row->write && row->offset && (row->access & V44_SPR_SW);
}

#endif
