/* SPDX-License-Identifier: GPL-2.0-only */
/* The instruction that trapped */
#ifndef KVM44X_FETCH_H
#define KVM44X_FETCH_H

#include <linux/highmem.h>
#include "kvm44x.h"

struct v44_sh_entry *k44x_find_fetched(struct kvm_vcpu *vcpu);

/* Is arch.fetched the shadow for pc? */
static __always_inline bool k44x_fetched_covers(const struct kvm_vcpu *vcpu)
{
	const struct kvm_vcpu_arch *arch = &vcpu->arch;

	return v44_sh_covers(arch->fetched, arch->sw.sid, arch->v.cpu.pc);
}

static __always_inline phys_addr_t k44x_fetched_address(const struct kvm_vcpu *vcpu)
{
	const struct v44_sh_entry *e = vcpu->arch.fetched;
	u32 pc = vcpu->arch.v.cpu.pc, offset = ~e->mask | 0xff;

	return (u64)(e->word[1] & V44_TLB1_ERPN) << 32 | (e->word[1] & V44_TLB1_RPN & ~offset) |
	       (pc & offset);
}

/* Is the page of arch.fetched in lowmem? */
static __always_inline bool k44x_fetched_low(const struct kvm_vcpu *vcpu)
{
	return !PageHighMem(pfn_to_page(k44x_fetched_address(vcpu) >> PAGE_SHIFT));
}

/* The word at pc, by arch.fetched, which covers it and is in lowmem */
static __always_inline u32 k44x_read_fetched(const struct kvm_vcpu *vcpu)
{
	u32 insn = *(u32 *)__va(k44x_fetched_address(vcpu));

	return vcpu->arch.fetched->word[2] & V44_TLB2_E ? swab32(insn) : insn;
}

/**
 * k44x_fetch() - the word at pc, by the shadow it was fetched through
 * @vcpu: it has just left the guest; interrupts off
 * @insn: the word
 *
 * No translation by the guest's own TLB is needed, and none could differ.
 *
 * Return: false if the shadow has gone, or the page is not in lowmem: K44X_INSN.
 */
static __always_inline bool k44x_fetch(struct kvm_vcpu *vcpu, u32 *insn)
{
	if ((!k44x_fetched_covers(vcpu) && !k44x_find_fetched(vcpu)) || !k44x_fetched_low(vcpu))
		return false;
	*insn = k44x_read_fetched(vcpu);
	return true;
}

#endif
