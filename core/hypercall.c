// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hypercalls, as Linux has them on BookE: an sc in supervisor state with a magic
 * number in r0 (Documentation/virt/kvm/ppc-pv.rst), numbers and status as the
 * Power ePAPR defines them.
 */
#include "v44.h"

/* Numbers in r11: the vendor in the upper half, 1 is the ePAPR's own, 42 is KVM */
#define HC_EV_IDLE	(1u << 16 | 16)
#define HC_KVM_FEATURES (42u << 16 | 3)

/* Status in r3 */
#define EV_SUCCESS	 0
#define EV_UNIMPLEMENTED 12

/**
 * v44_hypercall() - execute a hypercall
 * @v: the virtual CPU; it has executed an sc, and pc is the instruction after it
 *
 * Of the guest's registers only r3, the status, and r4, a result, change.
 *
 * Return: V44_HC_NONE if the sc is an ordinary system call; then nothing has changed.
 */
enum v44_hc v44_hypercall(struct v44 *v)
{
	u32 *gpr = v->cpu.gpr;

	if ((v->cpu.msr & V44_MSR_PR) || gpr[0] != V44_HYPERCALL)
		return V44_HC_NONE;
	gpr[3] = EV_SUCCESS;
	gpr[4] = 0; /* there is no feature to tell of */
	switch (gpr[11]) {
	case HC_KVM_FEATURES:
		return V44_HC_DONE;
	case HC_EV_IDLE:
		return V44_HC_IDLE;
	default:
		gpr[3] = EV_UNIMPLEMENTED;
		return V44_HC_DONE;
	}
}
