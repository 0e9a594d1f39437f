// SPDX-License-Identifier: GPL-2.0-only
/*
 * Universal Interrupt Controller (chapter of this name in the user's manuals of
 * 405GP, 440EP and 460EX).
 */
#include "uic.h"

/* UICn_VCR */
#define VCR_BASE	  0xfffffffcu
#define VCR_LAST_IS_FIRST 1u /* PRO: source 31 has the highest priority, not source 0 */
#define VECTOR_STEP	  512

/* The vector counts in steps from the source of the highest priority. */
static u32 vector(const struct v44_uic *uic)
{
	u32 active = uic->msr & uic->cr;
	u32 step;

	if (!active)
		return 0;
	step = uic->vcr & VCR_LAST_IS_FIRST ? __builtin_ctz(active) : __builtin_clz(active);
	return (uic->vcr & VCR_BASE) + step * VECTOR_STEP;
}

/* The status of a level source stays set until it is cleared with the input gone */
static void update(struct v44_uic *uic)
{
	uic->sr |= uic->input & ~uic->tr;
	uic->srs = uic->sr;
	uic->msr = uic->sr & uic->er;
	uic->vr = vector(uic);
}

static void drive(struct v44_uic *uic, u32 source, bool asserted)
{
	u32 bit = V44_UIC_BIT(source);

	if (asserted && !(uic->input & bit))
		uic->sr |= bit; /* a level is there, and an edge, too */
	uic->input = asserted ? uic->input | bit : uic->input & ~bit;
}

/* Something of UIC @n has changed */
static void changed(struct v44_uics *u, u32 n)
{
	const struct v44_uic *uic = &u->uic[n];

	update(&u->uic[n]);
	if (!n)
		return;
	drive(&u->uic[0], u->wires[n].external, uic->msr & ~uic->cr);
	drive(&u->uic[0], u->wires[n].critical, uic->msr & uic->cr);
	update(&u->uic[0]);
}

/**
 * v44_uic_add() - one more UIC, all of its registers 0
 * @u: the UICs; all 0 if there is none yet
 * @wires: how it is connected; external and critical matter if it is not the first
 *
 * Return: false if that cannot be: there are V44_UICS already, the DCRs are
 * another's, or an output drives no source of UIC0, or one that is taken.
 */
bool v44_uic_add(struct v44_uics *u, const struct v44_uic_wires *wires)
{
	u32 n = u->count, outputs = 0, i;

	if (n == V44_UICS || wires->dcr % 16 || wires->dcr > 1023)
		return false;
	for (i = 0; i < n; i++) {
		if (wires->dcr == u->wires[i].dcr)
			return false;
	}
	if (n) {
		if (wires->external >= V44_UIC_SOURCES || wires->critical >= V44_UIC_SOURCES ||
		    wires->external == wires->critical)
			return false;
		outputs = V44_UIC_BIT(wires->external) | V44_UIC_BIT(wires->critical);
		if (u->cascaded & outputs)
			return false;
	}
	u->uic[n] = (struct v44_uic){ 0 };
	u->wires[n] = *wires;
	u->cascaded |= outputs;
	u->count++;
	return true;
}

/**
 * v44_uic_read() - mfdcr
 * @u: the UICs
 * @dcr: any DCR number
 * @value: receives what the guest reads
 *
 * Return: false if it is no UIC's.
 */
bool v44_uic_read(const struct v44_uics *u, u32 dcr, u32 *value)
{
	int n = v44_uic_find(u, dcr);

	if (n >= 0)
		*value = u->uic[n].reg[dcr - u->wires[n].dcr];
	return n >= 0;
}

/**
 * v44_uic_write() - mtdcr
 * @u: the UICs
 * @dcr: any DCR number
 * @value: what the guest writes
 *
 * Return: false if it is no UIC's.
 */
bool v44_uic_write(struct v44_uics *u, u32 dcr, u32 value)
{
	struct v44_uic *uic;
	int n = v44_uic_find(u, dcr);

	if (n < 0)
		return false;
	uic = &u->uic[n];
	switch (dcr - u->wires[n].dcr) {
	case V44_UIC_SR:
		uic->sr &= ~value;
		break;
	case V44_UIC_SRS:
		uic->sr |= value;
		break;
	case V44_UIC_MSR:
	case V44_UIC_VR:
		break;
	default:
		uic->reg[dcr - u->wires[n].dcr] = value;
		break;
	}
	changed(u, n);
	return true;
}

/**
 * v44_uic_set_input() - a device drives its input
 * @u: the UICs
 * @irq: one of which v44_uic_has_input() says so
 * @asserted: its new level
 */
void v44_uic_set_input(struct v44_uics *u, u32 irq, bool asserted)
{
	drive(&u->uic[irq / V44_UIC_SOURCES], irq % V44_UIC_SOURCES, asserted);
	changed(u, irq / V44_UIC_SOURCES);
}

/**
 * v44_uic_set() - restore a UIC's state
 * @u: the UICs
 * @n: which, below u->count
 * @uic: what it was; what is derived need not be right
 *
 * The inputs that others drive are part of UIC0's state: the order in which
 * several are restored does not matter.
 */
void v44_uic_set(struct v44_uics *u, u32 n, const struct v44_uic *uic)
{
	u->uic[n] = *uic;
	changed(u, n);
}
