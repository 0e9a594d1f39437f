// SPDX-License-Identifier: GPL-2.0-only
/* The Universal Interrupt Controller of the 4xx. */
#include "uic.h"

#define VCR_HIGH_FIRST 0x00000001 /* PRO: source 0 has the highest priority */
#define VCR_BASE       0xfffffffc
#define VECTOR_STEP    512

bool uic_external(const struct uic *uic)
{
	return uic->sr & uic->er & ~uic->cr;
}

bool uic_critical(const struct uic *uic)
{
	return uic->sr & uic->er & uic->cr;
}

/* The vector counts in steps from the source of the highest priority. */
static uint32_t vector(const struct uic *uic)
{
	uint32_t active = uic->sr & uic->er & uic->cr;
	uint32_t step;

	if (!active)
		return 0;
	step = uic->vcr & VCR_HIGH_FIRST ? __builtin_clz(active) : __builtin_ctz(active);
	return (uic->vcr & VCR_BASE) + step * VECTOR_STEP;
}

/* The status of a level source stays set until it is cleared with the input gone. */
static void latch(struct uic *uic)
{
	uic->sr |= uic->level & ~uic->tr;
}

uint32_t uic_read(const struct uic *uic, unsigned int reg)
{
	switch (reg) {
	case UIC_SR:
	case UIC_SRS:
		return uic->sr;
	case UIC_ER:
		return uic->er;
	case UIC_CR:
		return uic->cr;
	case UIC_PR:
		return uic->pr;
	case UIC_TR:
		return uic->tr;
	case UIC_MSR:
		return uic->sr & uic->er;
	case UIC_VR:
		return vector(uic);
	case UIC_VCR:
		return uic->vcr;
	default:
		return 0;
	}
}

void uic_write(struct uic *uic, unsigned int reg, uint32_t value)
{
	switch (reg) {
	case UIC_SR:
		uic->sr &= ~value;
		break;
	case UIC_SRS:
		uic->sr |= value;
		break;
	case UIC_ER:
		uic->er = value;
		break;
	case UIC_CR:
		uic->cr = value;
		break;
	case UIC_PR:
		/* Kept for reading: our inputs say "asserted", not a voltage. */
		uic->pr = value;
		break;
	case UIC_TR:
		uic->tr = value;
		break;
	case UIC_VCR:
		uic->vcr = value;
		break;
	}
	latch(uic);
}

void uic_set_input(struct uic *uic, unsigned int source, bool asserted)
{
	uint32_t mask = 0x80000000u >> source;

	if (asserted) {
		if (!(uic->level & mask))
			uic->sr |= mask & uic->tr;
		uic->level |= mask;
	} else {
		uic->level &= ~mask;
	}
	latch(uic);
}
