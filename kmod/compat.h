/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between 6.1 and 6.12, the kernels we build for; nothing else asks for a version. */
#ifndef KVM44X_COMPAT_H
#define KVM44X_COMPAT_H

#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/version.h>
#include <asm/cacheflush.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)

typedef int k44x_ioctl_result; /* of kvm_arch_vm_ioctl() */

#define K44X_ARCH_HOOKS                                  \
	bool kvm_arch_irqchip_in_kernel(struct kvm *kvm) \
	{                                                \
		return kvm_arch_intc_initialized(kvm);   \
	}

static inline int k44x_kvm_init(struct module *module)
{
	return kvm_init(sizeof(struct kvm_vcpu), 0, module);
}

/* 6.10 reads run->immediate_exit itself, once */
static inline bool k44x_immediate_exit(struct kvm_vcpu *vcpu)
{
	return !vcpu->wants_to_run;
}

/* What the generic core does around kvm_arch_vcpu_ioctl_run() */
static inline void k44x_run_begin(struct kvm_vcpu *vcpu)
{
	vcpu->wants_to_run = !READ_ONCE(vcpu->run->immediate_exit__unsafe);
}

static inline void k44x_run_end(struct kvm_vcpu *vcpu)
{
	vcpu->wants_to_run = false;
}

static inline void k44x_flush_dcache_icache(struct page *page)
{
	flush_dcache_icache_folio(page_folio(page));
}

/* 6.3 made vm_flags constant */
static inline void k44x_vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
	vm_flags_set(vma, flags);
}

#else

typedef long k44x_ioctl_result;

#define K44X_ARCH_HOOKS                                                             \
	int kvm_arch_init(void *opaque)                                             \
	{                                                                           \
		return 0;                                                           \
	}                                                                           \
	void kvm_arch_exit(void)                                                    \
	{                                                                           \
	}                                                                           \
	int kvm_arch_hardware_setup(void *opaque)                                   \
	{                                                                           \
		return 0;                                                           \
	}                                                                           \
	void kvm_arch_hardware_unsetup(void)                                        \
	{                                                                           \
	}                                                                           \
	int kvm_arch_check_processor_compat(void *opaque)                           \
	{                                                                           \
		return 0;                                                           \
	}                                                                           \
	int kvm_arch_hardware_enable(void)                                          \
	{                                                                           \
		return 0;                                                           \
	}                                                                           \
	void kvm_arch_hardware_disable(void)                                        \
	{                                                                           \
	}                                                                           \
	bool kvm_set_spte_gfn(struct kvm *kvm, struct kvm_gfn_range *range)         \
	{                                                                           \
		return kvm_unmap_gfn_range(kvm, range);                             \
	}                                                                           \
	void kvm_arch_flush_remote_tlbs_memslot(struct kvm *kvm,                    \
						const struct kvm_memory_slot *slot) \
	{                                                                           \
	}

static inline int k44x_kvm_init(struct module *module)
{
	return kvm_init(NULL, sizeof(struct kvm_vcpu), 0, module);
}

static inline void k44x_run_begin(struct kvm_vcpu *vcpu)
{
}

static inline void k44x_run_end(struct kvm_vcpu *vcpu)
{
}

static inline void k44x_flush_dcache_icache(struct page *page)
{
	flush_dcache_icache_page(page);
}

static inline bool k44x_immediate_exit(struct kvm_vcpu *vcpu)
{
	return vcpu->run->immediate_exit;
}

static inline void k44x_vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags |= flags;
}

#endif

#endif
