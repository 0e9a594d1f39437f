// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FPU, switched lazily: the guest's registers are loaded at its first
 * floating-point instruction and saved before interrupts are on again, so nothing
 * leaks either way.
 */
#include <asm/switch_to.h>
#include "kvm44x.h"

static_assert(offsetof(struct v44_cpu, fpscr) - offsetof(struct v44_cpu, fpr) ==
	      offsetof(struct thread_fp_state, fpscr));

static struct thread_fp_state *fp_state(struct kvm_vcpu *vcpu)
{
	return (struct thread_fp_state *)vcpu->arch.v.cpu.fpr;
}

/* Interrupts off; the host's live FPU state, if any, is saved first */
void k44x_fpu_load(struct kvm_vcpu *vcpu)
{
	enable_kernel_fp();
	load_fp_state(fp_state(vcpu));
	disable_kernel_fp();
	vcpu->arch.fp_live = true;
}

/** k44x_fpu_save() - arch.fp_live, interrupts off: not any more */
void k44x_fpu_save(struct kvm_vcpu *vcpu)
{
	msr_check_and_set(MSR_FP);
	store_fp_state(fp_state(vcpu));
	msr_check_and_clear(MSR_FP);
	vcpu->arch.fp_live = false;
}
