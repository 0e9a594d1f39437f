// SPDX-License-Identifier: GPL-2.0-only
/* Offsets for switch.S, from the pointer that it holds in SPRG1: struct kvm_vcpu_arch */
#include <linux/kbuild.h>
#include <linux/kvm_host.h>

#define CPU(name, field) DEFINE(CPU_##name, offsetof(struct kvm_vcpu_arch, v.cpu.field))
#define SW(name, field)	 DEFINE(SW_##name, offsetof(struct kvm_vcpu_arch, sw.field))

/* switch.S reaches everything by 16-bit displacements */
static_assert(sizeof(struct kvm_vcpu_arch) < 0x8000);

int main(void)
{
	CPU(GPR, gpr);
	CPU(PC, pc);
	CPU(CR, cr);
	CPU(XER, xer);
	CPU(LR, lr);
	CPU(CTR, ctr);
	CPU(SPRG4, sprg[4]);
	SW(HW_MSR, hw_msr);
	SW(SID, sid);
	SW(IVPR, ivpr);
	SW(VECTOR, vector);
	SW(ESR, esr);
	SW(DEAR, dear);
	SW(HOST_R1, host_r1);
	SW(HOST_MSR, host_msr);
	SW(HOST_IVPR, host_ivpr);
	SW(HOST_SPRG3, host_sprg3);
	SW(CRITICAL_VECTOR, critical_vector);
	SW(CRITICAL_R4, critical_r4);
	SW(CRITICAL_CR, critical_cr);
	SW(MCHECK_R3, mcheck_r3);
	SW(MCHECK_R4, mcheck_r4);
	SW(MCHECK_CR, mcheck_cr);
	SW(RESERVATION, reservation);
	return 0;
}
