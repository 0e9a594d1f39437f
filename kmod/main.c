// SPDX-License-Identifier: GPL-2.0-only
/* Module entry and exit. */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include "kvm44x.h"

K44X_ARCH_HOOKS

static int __init kvm44x_init(void)
{
	int r = k44x_hw_init();

	if (r)
		return r;
	r = k44x_fast_init();
	if (r)
		goto hw;
	r = k44x_kvm_init(THIS_MODULE);
	if (r)
		goto fast;
	return 0;
fast:
	k44x_fast_exit();
hw:
	k44x_hw_exit();
	return r;
}

static void __exit kvm44x_exit(void)
{
	kvm_exit();
	k44x_fast_exit();
	k44x_hw_exit();
}

module_init(kvm44x_init);
module_exit(kvm44x_exit);
MODULE_DESCRIPTION("KVM for the PowerPC 440");
MODULE_LICENSE("GPL");
MODULE_ALIAS_MISCDEV(KVM_MINOR);
MODULE_ALIAS("devname:kvm");
