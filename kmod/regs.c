// SPDX-License-Identifier: GPL-2.0-only
/* KVM_{GET,SET}_{REGS,SREGS,FPU}, BookE layout, and what of the ABI is not there yet. */
#include "kvm44x.h"

int kvm_arch_vcpu_ioctl_get_regs(struct kvm_vcpu *vcpu, struct kvm_regs *regs)
{
	const struct v44_cpu *cpu = &vcpu->arch.v.cpu;
	int i;

	regs->pc = cpu->pc;
	regs->cr = cpu->cr;
	regs->ctr = cpu->ctr;
	regs->lr = cpu->lr;
	regs->xer = cpu->xer;
	regs->msr = cpu->msr;
	regs->srr0 = cpu->srr[0];
	regs->srr1 = cpu->srr[1];
	regs->pid = cpu->pid;
	regs->sprg0 = cpu->sprg[0];
	regs->sprg1 = cpu->sprg[1];
	regs->sprg2 = cpu->sprg[2];
	regs->sprg3 = cpu->sprg[3];
	regs->sprg4 = cpu->sprg[4];
	regs->sprg5 = cpu->sprg[5];
	regs->sprg6 = cpu->sprg[6];
	regs->sprg7 = cpu->sprg[7];
	for (i = 0; i < 32; i++)
		regs->gpr[i] = cpu->gpr[i];
	return 0;
}

int kvm_arch_vcpu_ioctl_set_regs(struct kvm_vcpu *vcpu, struct kvm_regs *regs)
{
	struct v44_cpu *cpu = &vcpu->arch.v.cpu;
	int i;

	vcpu->arch.v.debug.stepping = false;
	cpu->pc = regs->pc & ~3u;
	cpu->cr = regs->cr;
	cpu->ctr = regs->ctr;
	cpu->lr = regs->lr;
	cpu->xer = regs->xer;
	cpu->msr = regs->msr & V44_MSR_ALL;
	cpu->srr[0] = regs->srr0;
	cpu->srr[1] = regs->srr1;
	cpu->pid = regs->pid & 0xff;
	cpu->sprg[0] = regs->sprg0;
	cpu->sprg[1] = regs->sprg1;
	cpu->sprg[2] = regs->sprg2;
	cpu->sprg[3] = regs->sprg3;
	cpu->sprg[4] = regs->sprg4;
	cpu->sprg[5] = regs->sprg5;
	cpu->sprg[6] = regs->sprg6;
	cpu->sprg[7] = regs->sprg7;
	for (i = 0; i < 32; i++)
		cpu->gpr[i] = regs->gpr[i];
	return 0;
}

/**
 * k44x_set_pvr() - which CPU the guest's is
 * @vcpu: under its mutex
 * @pvr: as the guest will read it
 *
 * Return: -EINVAL if it cannot be that one on this host.
 */
int k44x_set_pvr(struct kvm_vcpu *vcpu, u32 pvr)
{
	bool fpu = cur_cpu_spec->cpu_user_features & PPC_FEATURE_HAS_FPU;

	if (pvr != mfspr(SPRN_PVR) && !(fpu && v44_pvr_known(pvr)))
		return -EINVAL;
	vcpu->arch.v.cpu.pvr = pvr;
	return 0;
}

#define FEATURES (KVM_SREGS_E_BASE | KVM_SREGS_E_ARCH206 | KVM_SREGS_E_IVOR)

int kvm_arch_vcpu_ioctl_get_sregs(struct kvm_vcpu *vcpu, struct kvm_sregs *sregs)
{
	struct v44_cpu *cpu = &vcpu->arch.v.cpu;
	int i;

	sregs->pvr = cpu->pvr;
	sregs->u.e.features = FEATURES;
	sregs->u.e.impl_id = KVM_SREGS_E_IMPL_NONE;

	sregs->u.e.csrr0 = cpu->csrr[0];
	sregs->u.e.csrr1 = cpu->csrr[1];
	sregs->u.e.esr = cpu->esr;
	sregs->u.e.dear = cpu->dear;
	sregs->u.e.mcsr = cpu->mcsr;
	v44_timer_read(&vcpu->arch.v, &sregs->u.e.dec, &sregs->u.e.tsr);
	sregs->u.e.tcr = cpu->tcr;
	sregs->u.e.tb = get_tb();
	sregs->u.e.vrsave = cpu->usprg0;

	sregs->u.e.pir = cpu->pir;
	sregs->u.e.mcsrr0 = cpu->mcsrr[0];
	sregs->u.e.mcsrr1 = cpu->mcsrr[1];
	sregs->u.e.decar = cpu->decar;
	sregs->u.e.ivpr = cpu->ivpr;

	for (i = 0; i < V44_IVORS; i++)
		sregs->u.e.ivor_low[i] = cpu->ivor[i];
	return 0;
}

int kvm_arch_vcpu_ioctl_set_sregs(struct kvm_vcpu *vcpu, struct kvm_sregs *sregs)
{
	u32 features = sregs->u.e.features, special = sregs->u.e.update_special;
	struct v44 *v = &vcpu->arch.v;
	struct v44_cpu *cpu = &v->cpu;
	int i;

	if (k44x_set_pvr(vcpu, sregs->pvr))
		return -EINVAL;
	if (features & KVM_SREGS_E_BASE) {
		cpu->csrr[0] = sregs->u.e.csrr0;
		cpu->csrr[1] = sregs->u.e.csrr1;
		cpu->esr = sregs->u.e.esr;
		cpu->dear = sregs->u.e.dear;
		cpu->usprg0 = sregs->u.e.vrsave;
		v44_tsr_change(v, 0, 0); /* by the TCR that was */
		cpu->tcr = sregs->u.e.tcr;
		if (special & KVM_SREGS_E_UPDATE_MCSR)
			cpu->mcsr = sregs->u.e.mcsr;
		if (special & KVM_SREGS_E_UPDATE_DEC)
			v44_dec_write(v, sregs->u.e.dec);
		if (special & KVM_SREGS_E_UPDATE_TSR)
			v44_tsr_change(v, ~0u, sregs->u.e.tsr);
		vcpu->arch.timer_dirty = true;
	}
	if (features & KVM_SREGS_E_ARCH206) {
		cpu->mcsrr[0] = sregs->u.e.mcsrr0;
		cpu->mcsrr[1] = sregs->u.e.mcsrr1;
		cpu->decar = sregs->u.e.decar;
		cpu->ivpr = sregs->u.e.ivpr & 0xffff0000;
	}
	if (features & KVM_SREGS_E_IVOR) {
		for (i = 0; i < V44_IVORS; i++)
			cpu->ivor[i] = sregs->u.e.ivor_low[i] & 0xfff0;
	}
	return 0;
}

int kvm_arch_vcpu_ioctl_get_fpu(struct kvm_vcpu *vcpu, struct kvm_fpu *fpu)
{
	return -EOPNOTSUPP;
}

int kvm_arch_vcpu_ioctl_set_fpu(struct kvm_vcpu *vcpu, struct kvm_fpu *fpu)
{
	return -EOPNOTSUPP;
}

/* By the guest's TLB, for a data access in its present state; rights do not matter */
int kvm_arch_vcpu_ioctl_translate(struct kvm_vcpu *vcpu, struct kvm_translation *tr)
{
	const struct v44_cpu *cpu = &vcpu->arch.v.cpu;
	u32 ea = tr->linear_address, offset, user = cpu->msr & V44_MSR_PR;
	const struct v44_tlbe *e;
	int slot;

	memset(&tr->physical_address, 0, sizeof(*tr) - offsetof(typeof(*tr), physical_address));
	slot = v44_tlb_search(&vcpu->arch.v, ea, cpu->msr & V44_MSR_DS, cpu->pid);
	if (slot < 0 || tr->linear_address >> 32)
		return 0;
	e = &cpu->tlb[slot];
	offset = v44_offset_mask(e->word[0]);
	tr->physical_address = (u64)(e->word[1] & V44_TLB1_ERPN) << 32 |
			       (e->word[1] & V44_TLB1_RPN & ~offset) | (ea & offset);
	tr->valid = 1;
	tr->writeable = !!(e->word[2] & (user ? V44_TLB2_UW : V44_TLB2_SW));
	tr->usermode = !!(e->word[2] & (V44_TLB2_UX | V44_TLB2_UW | V44_TLB2_UR));
	return 0;
}

/* The wait state is MSR[WE], which these two show and change */
int kvm_arch_vcpu_ioctl_get_mpstate(struct kvm_vcpu *vcpu, struct kvm_mp_state *mp_state)
{
	mp_state->mp_state =
		vcpu->arch.v.cpu.msr & V44_MSR_WE ? KVM_MP_STATE_HALTED : KVM_MP_STATE_RUNNABLE;
	return 0;
}

int kvm_arch_vcpu_ioctl_set_mpstate(struct kvm_vcpu *vcpu, struct kvm_mp_state *mp_state)
{
	switch (mp_state->mp_state) {
	case KVM_MP_STATE_RUNNABLE:
		vcpu->arch.v.cpu.msr &= ~V44_MSR_WE;
		return 0;
	case KVM_MP_STATE_HALTED:
		vcpu->arch.v.cpu.msr |= V44_MSR_WE;
		return 0;
	default:
		return -EINVAL;
	}
}
