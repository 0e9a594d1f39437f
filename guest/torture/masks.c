// SPDX-License-Identifier: GPL-2.0-only
#include "torture.h"

#define ANY	     0xffffffffu
#define VEC(n)	     (1u << VEC_##n)
#define NON_CRITICAL (ANY & ~(VEC(CRITICAL) | VEC(MCHECK) | VEC(WATCHDOG) | VEC(DEBUG)))

/*
 * What QEMU's 440 (7.2) is known to do otherwise than the manual (PPC440x5 CPU Core User's Manual,
 * sections of which are named) and a VM: these bits are not compared, all others are. What is
 * masked is replaced by something known before the seed goes on.
 */
static const struct {
	u32 vectors;
	enum field field;
	bool in_vector; /* only where the interrupt came in a vector */
	u32 bits;
} masks[] = {
	/* 6.4.1: the MSR as it was. QEMU ORs the reason of a program interrupt into it. */
	{ VEC(PROGRAM), FIELD_SRR1, false, 0x001e0000 },
	/* 6.5.7: ST, FP or AP. QEMU does not write it. */
	{ VEC(ALIGNMENT), FIELD_ESR, false, ANY },
	/* 6.5.3, 6.5.14: FP, of a floating-point access. QEMU does not set it, emulation does. */
	{ VEC(DSI) | VEC(DTLB), FIELD_ESR, false, ESR_FP },
	/* 6.5.15: both unchanged. QEMU writes them. */
	{ VEC(ITLB), FIELD_ESR, false, ANY },
	{ VEC(ITLB), FIELD_DEAR, false, ANY },
	/* 6.4.1: CE and DE stay at a non-critical interrupt. QEMU clears them... */
	{ NON_CRITICAL, FIELD_ENTRY_MSR, false, MSR_CE | MSR_DE },
	/* ...so that an interrupt in its vector does not save them. */
	{ ANY, FIELD_SRR1, true, MSR_CE | MSR_DE },
};

u32 mask(u32 vec, enum field field, bool in_vector)
{
	u32 n, bits = 0;

	for (n = 0; n < ARRAY_SIZE(masks); n++)
		if ((masks[n].vectors & 1u << vec) && masks[n].field == field &&
		    (in_vector || !masks[n].in_vector))
			bits |= masks[n].bits;
	return ~bits;
}
