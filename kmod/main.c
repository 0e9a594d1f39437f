// SPDX-License-Identifier: GPL-2.0-only
/* Module entry and exit. */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include "kvm44x.h"

int kvm_arch_init(void *opaque)
{
	return 0;
}

void kvm_arch_exit(void)
{
}

int kvm_arch_hardware_setup(void *opaque)
{
	return k44x_hw_init();
}

void kvm_arch_hardware_unsetup(void)
{
	k44x_hw_exit();
}

int kvm_arch_check_processor_compat(void *opaque)
{
	return 0;
}

int kvm_arch_hardware_enable(void)
{
	return 0;
}

void kvm_arch_hardware_disable(void)
{
}

static int __init kvm44x_init(void)
{
	return kvm_init(NULL, sizeof(struct kvm_vcpu), 0, THIS_MODULE);
}

static void __exit kvm44x_exit(void)
{
	kvm_exit();
}

module_init(kvm44x_init);
module_exit(kvm44x_exit);
MODULE_DESCRIPTION("KVM for the PowerPC 440");
MODULE_LICENSE("GPL");
MODULE_ALIAS_MISCDEV(KVM_MINOR);
MODULE_ALIAS("devname:kvm");
