// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shadow PIDs, of which the hardware has 255 for all VMs.
 *
 * A VM takes what is free as it needs it. When nothing is, a VM gives back all
 * that it has: its generation ends. That is the VM that asks, if it has its
 * share, 255 by the number of VMs that have any; else the one that has the most,
 * which then is more than a share. So a VM loses its shadow PIDs only after it
 * has used a share of them, whatever the others do: a guest that spins through
 * contexts recycles its own. A VM alone has them all.
 *
 * A free one is clean: no hardware TLB entry has it, since v44_shadow_reset()
 * drops what may still be there, and no line of the instruction cache, whose
 * tags hold it too.
 */
#include <linux/bitmap.h>
#include <asm/reg.h>
#include "kvm44x.h"

#define SIDS (K44X_SIDS - 1) /* 0 is never given out */

/* Whoever touches these, or struct k44x_sids, has interrupts off; there is one CPU */
static DECLARE_BITMAP(taken, K44X_SIDS) = { 1 };
static LIST_HEAD(holders); /* VMs that have any */

static void end_generation(struct kvm_arch *arch)
{
	struct kvm_vcpu *vcpu = k44x_only_vcpu(container_of(arch, struct kvm, arch));
	struct k44x_sids *sids = &arch->sids;

	v44_shadow_reset(&vcpu->arch.v);
	vcpu->stat.sid_generations++;
	bitmap_andnot(taken, taken, sids->mine, K44X_SIDS);
	bitmap_zero(sids->mine, K44X_SIDS);
	sids->count = 0;
	list_del(&sids->link);
	asm volatile("iccci 0, %0; isync" : : "r"(0) : "memory");
}

/* Whose generation ends, when @asking needs one and none is free */
static struct kvm_arch *whose(struct kvm_arch *asking)
{
	struct kvm_arch *most = asking, *arch;
	u32 vms = !asking->sids.count;

	list_for_each_entry(arch, &holders, sids.link) {
		vms++;
		if (arch->sids.count > most->sids.count)
			most = arch;
	}
	return asking->sids.count >= max(SIDS / vms, 1u) ? asking : most;
}

/* struct v44_ops sid_alloc */
u8 k44x_sid_alloc(struct v44 *v)
{
	struct kvm_arch *arch = &k44x_vcpu(v)->kvm->arch;
	unsigned long flags;
	u32 sid;

	local_irq_save(flags);
	sid = find_first_zero_bit(taken, K44X_SIDS);
	if (sid == K44X_SIDS) {
		end_generation(whose(arch));
		sid = find_first_zero_bit(taken, K44X_SIDS);
	}
	__set_bit(sid, taken);
	__set_bit(sid, arch->sids.mine);
	if (!arch->sids.count++)
		list_add(&arch->sids.link, &holders);
	local_irq_restore(flags);
	return sid;
}

/** k44x_sid_free_all() - before a VM with its vCPU goes away */
void k44x_sid_free_all(struct kvm *kvm)
{
	unsigned long flags;

	local_irq_save(flags);
	if (kvm->arch.sids.count)
		end_generation(&kvm->arch);
	local_irq_restore(flags);
}
