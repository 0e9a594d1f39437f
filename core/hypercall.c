// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hypercalls, as Linux has them on BookE: an sc in supervisor state with a magic
 * number in r0 (Documentation/virt/kvm/ppc-pv.rst), numbers and status as the
 * Power ePAPR defines them.
 */
#include "v44.h"

/* Numbers in r11: the vendor in the upper half, 1 is the ePAPR's own, 42 is KVM */
#define HC_EV_IDLE	  (1u << 16 | 16)
#define HC_KVM_FEATURES	  (42u << 16 | 3)
#define HC_KVM_MAGIC_PAGE (42u << 16 | 4)

/* A bit each, asm/kvm_para.h: there is the magic page; it has ESR, PIR and SPRG4-7 */
#define FEATURE_MAGIC_PAGE (1u << 1)
#define MAGIC_HAS_SPRG7	   (1u << 1)

/* Status in r3 */
#define EV_SUCCESS	 0
#define EV_UNIMPLEMENTED 12

/**
 * v44_hypercall() - execute a hypercall
 * @v: the virtual CPU; it has executed an sc, and pc is the instruction after it
 *
 * Of the guest's registers only r3, the status, and r4, a result, change. For the magic page, r3
 * has its EA and, in the bits that are its offset, flags: none of them matters here. The address
 * in r4 is that in real mode, which a 440 has not.
 *
 * Return: V44_HC_NONE if the sc is an ordinary system call; then nothing has changed.
 */
enum v44_hc v44_hypercall(struct v44 *v)
{
	u32 *gpr = v->cpu.gpr, parameter = gpr[3];

	if ((v->cpu.msr & V44_MSR_PR) || gpr[0] != V44_HYPERCALL)
		return V44_HC_NONE;
	gpr[3] = EV_SUCCESS;
	gpr[4] = 0;
	switch (gpr[11]) {
	case HC_KVM_FEATURES:
		gpr[4] = FEATURE_MAGIC_PAGE;
		return V44_HC_DONE;
	case HC_KVM_MAGIC_PAGE:
		v44_magic_map(v, parameter);
		gpr[4] = MAGIC_HAS_SPRG7;
		return V44_HC_DONE;
	case HC_EV_IDLE:
		return V44_HC_IDLE;
	default:
		gpr[3] = EV_UNIMPLEMENTED;
		return V44_HC_DONE;
	}
}
