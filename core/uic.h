/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Universal Interrupt Controllers of a 440: up to four, of which UIC0 drives
 * the CPU's interrupt inputs, and each of the others two sources of UIC0. Used by
 * the module and by vm44x, so it knows nothing of the virtual CPU.
 *
 * Source n (0..31) of UIC m is interrupt 32 * m + n; its bit in the registers is
 * V44_UIC_BIT(n). An input is asserted or not: which voltage that is, and so
 * the polarity register, is between the guest and its device tree.
 */
#ifndef V44_UIC_H
#define V44_UIC_H

#include "v44_env.h"

#define V44_UICS	    4
#define V44_UIC_SOURCES	    32
#define V44_UIC_BIT(source) (0x80000000u >> (source))

/* DCRs, from its base on */
enum v44_uic_reg {
	V44_UIC_SR, /* status; writing 1 clears */
	V44_UIC_SRS, /* status; writing 1 sets */
	V44_UIC_ER, /* enable */
	V44_UIC_CR, /* 1: critical */
	V44_UIC_PR, /* polarity, 1: active high */
	V44_UIC_TR, /* trigger, 1: edge */
	V44_UIC_MSR, /* status of what is enabled; read-only */
	V44_UIC_VR, /* vector of the first critical source; read-only */
	V44_UIC_VCR, /* vector base, and which source is first */
	V44_UIC_REGS,
};

/* Its registers as the guest reads them, in the order of their DCRs */
struct v44_uic {
	union {
		u32 reg[V44_UIC_REGS];
		struct {
			u32 sr;
			u32 srs; /* derived, as are msr and vr */
			u32 er;
			u32 cr;
			u32 pr;
			u32 tr;
			u32 msr;
			u32 vr;
			u32 vcr;
		};
	};
	u32 input; /* asserted */
};

/* How a UIC is connected */
struct v44_uic_wires {
	u32 dcr; /* number of its first DCR: a multiple of 16 below 1024 */
	u32 external; /* source of UIC0 that its output drives; UIC0's goes to the CPU */
	u32 critical; /* the same for the critical output */
};

struct v44_uics {
	u32 count;
	u32 cascaded; /* sources of UIC0 that others drive */
	struct v44_uic uic[V44_UICS];
	struct v44_uic_wires wires[V44_UICS];
};

bool v44_uic_add(struct v44_uics *u, const struct v44_uic_wires *wires);
bool v44_uic_read(const struct v44_uics *u, u32 dcr, u32 *value);
bool v44_uic_write(struct v44_uics *u, u32 dcr, u32 value);
void v44_uic_set_input(struct v44_uics *u, u32 irq, bool asserted);
void v44_uic_set(struct v44_uics *u, u32 n, const struct v44_uic *uic);

/** v44_uic_find() - the UIC that has @dcr, or -1 */
static inline int v44_uic_find(const struct v44_uics *u, u32 dcr)
{
	u32 n;

	for (n = 0; n < u->count; n++) {
		if (dcr - u->wires[n].dcr < V44_UIC_REGS)
			return n;
	}
	return -1;
}

/** v44_uic_has_input() - is there an interrupt @irq, and for a device to drive? */
static inline bool v44_uic_has_input(const struct v44_uics *u, u32 irq)
{
	return irq < u->count * V44_UIC_SOURCES &&
	       (irq >= V44_UIC_SOURCES || !(u->cascaded & V44_UIC_BIT(irq)));
}

/** v44_uic_external() - level of UIC0's output to the CPU's external input */
static inline bool v44_uic_external(const struct v44_uics *u)
{
	return u->uic[0].msr & ~u->uic[0].cr;
}

/** v44_uic_critical() - level of UIC0's output to the CPU's critical input */
static inline bool v44_uic_critical(const struct v44_uics *u)
{
	return u->uic[0].msr & u->uic[0].cr;
}

#endif
