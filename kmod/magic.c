// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's magic page (core/magic.c). Once it is in use, the guest runs without tier 0,
 * which emulates on struct v44_cpu and would have to look into the page each time.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <uapi/asm/kvm_para.h>
#include "kvm44x.h"

#define SAME(field, upstream)                                   \
	static_assert(offsetof(struct v44_magic_page, field) == \
		      offsetof(struct kvm_vcpu_arch_shared, upstream))

SAME(scratch, scratch1);
SAME(critical, critical);
SAME(sprg, sprg0);
SAME(srr, srr0);
SAME(dar, dar);
SAME(msr, msr);
SAME(int_pending, int_pending);
SAME(mas, mas0);
SAME(esr, esr);
SAME(pir, pir);
SAME(sprg4, sprg4);
static_assert(sizeof(struct v44_magic_page) == sizeof(struct kvm_vcpu_arch_shared));
static_assert(V44_MAGIC_BYTES == PAGE_SIZE);

/**
 * k44x_magic_begin() - there is a page from now on
 * @vcpu: v.magic is mapped; interrupts on
 *
 * Return: contract of k44x_run().
 */
int k44x_magic_begin(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;

	if (!arch->magic)
		arch->magic = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
	else
		clear_page(arch->magic);
	if (!arch->magic)
		return -ENOMEM;
	v44_magic_use(&arch->v, arch->magic, __pa(arch->magic));
	kvm_make_request(KVM_REQ_MAGIC, vcpu);
	return 1;
}

/** k44x_magic_reset() - after v44_magic_reset(): the guest has none */
void k44x_magic_reset(struct kvm_vcpu *vcpu)
{
	kvm_clear_request(KVM_REQ_MAGIC, vcpu);
}

/**
 * k44x_magic_access() - a piece of a load or store that the hardware could not do
 * @vcpu: its guest has the page mapped; interrupts on
 * @offset: in the page; the piece does not cross its end
 * @bytes: as they lie in memory
 * @size: of them, 1 to 8
 * @store: else a load
 *
 * Return: contract of k44x_run().
 */
int k44x_magic_access(struct kvm_vcpu *vcpu, u32 offset, void *bytes, u32 size, bool store)
{
	struct v44 *v = &vcpu->arch.v;
	int r = v->magic.used ? 1 : k44x_magic_begin(vcpu);
	void *at;

	if (r < 0)
		return r;
	at = (void *)v->magic.page + offset;
	v44_magic_show(v);
	if (store)
		memcpy(at, bytes, size);
	else
		memcpy(bytes, at, size);
	v44_magic_take(v);
	return 1;
}

void k44x_magic_free(struct kvm_vcpu *vcpu)
{
	free_page((unsigned long)vcpu->arch.magic);
}
