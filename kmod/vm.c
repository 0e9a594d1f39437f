// SPDX-License-Identifier: GPL-2.0-only
/* VM and device ioctls. */
#include <linux/uaccess.h>
#include <linux/kvm_para.h>
#include <asm/ppc-opcode.h>
#include "kvm44x.h"

int kvm_arch_init_vm(struct kvm *kvm, unsigned long type)
{
	return type ? -EINVAL : 0;
}

void kvm_arch_destroy_vm(struct kvm *kvm)
{
	kvm_destroy_vcpus(kvm);
}

/*
 * The generic core answers for what it does itself, which is not listed here.
 * KVM_CAP_IRQCHIP is 0: QEMU would make an interrupt controller for a board whose
 * model in QEMU then does not use it.
 */
int kvm_vm_ioctl_check_extension(struct kvm *kvm, long ext)
{
	switch (ext) {
	case KVM_CAP_SYNC_MMU:
	case KVM_CAP_READONLY_MEM:
	case KVM_CAP_ONE_REG:
	case KVM_CAP_ENABLE_CAP:
	case KVM_CAP_MP_STATE:
	case KVM_CAP_IOEVENTFD:
	case KVM_CAP_IMMEDIATE_EXIT:
	case KVM_CAP_PPC_UNSET_IRQ:
	case KVM_CAP_PPC_IRQ_LEVEL:
	case KVM_CAP_PPC_BOOKE_SREGS:
	case KVM_CAP_PPC_BOOKE_WATCHDOG:
	case KVM_CAP_PPC_GET_PVINFO:
	case KVM_CAP_NR_VCPUS:
	case KVM_CAP_MAX_VCPUS:
	case KVM_CAP_MAX_VCPU_ID:
	case KVM_CAP_IRQFD_RESAMPLE: /* in 6.1 the generic core's */
	case KVM_CAP_IRQ_INJECT_STATUS:
		return 1;
	case KVM_CAP_SET_GUEST_DEBUG:
	case KVM_CAP_PPC_GUEST_DEBUG_SSTEP:
		return 1;
	case KVM_CAP_SET_GUEST_DEBUG2:
		return K44X_GUESTDBG;
	case KVM_CAP_GUEST_DEBUG_HW_BPS:
	case KVM_CAP_GUEST_DEBUG_HW_WPS:
		return V44_POINTS;
	case KVM44X_CAP_UIC:
		return V44_UICS;
	default:
		return 0;
	}
}

/* The instructions of a hypercall, and that EV_IDLE is one */
static int pvinfo(void __user *to)
{
	struct kvm_ppc_pvinfo info = {
		.flags = KVM_PPC_PVINFO_FLAGS_EV_IDLE,
		.hcall = {
			PPC_RAW_LIS(0, V44_HYPERCALL >> 16),
			PPC_RAW_ORI(0, 0, V44_HYPERCALL & 0xffff),
			PPC_RAW_SC(),
			PPC_RAW_NOP(),
		},
	};

	static_assert(V44_HYPERCALL == KVM_SC_MAGIC_R0);
	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : 0;
}

k44x_ioctl_result kvm_arch_vm_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg)
{
	struct kvm *kvm = filp->private_data;
	u64 size;

	switch (ioctl) {
	case KVM44X_CREATE_MEMORY:
		if (get_user(size, (u64 __user *)arg))
			return -EFAULT;
		return k44x_contig_create(size);
	case KVM_CREATE_IRQCHIP:
		return k44x_uic_create(kvm);
	case KVM_GET_IRQCHIP:
		return k44x_uic_get(kvm, (void __user *)arg);
	case KVM_SET_IRQCHIP:
		return k44x_uic_set(kvm, (void __user *)arg);
	case KVM_PPC_GET_PVINFO:
		return pvinfo((void __user *)arg);
	default:
		return -ENOTTY;
	}
}

long kvm_arch_dev_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg)
{
	return -EINVAL;
}
