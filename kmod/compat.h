/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the kernels we build for; nowhere else may ask for a version. */
#ifndef KVM44X_COMPAT_H
#define KVM44X_COMPAT_H

#include <linux/mm.h>
#include <linux/version.h>

/* 6.3 made vm_flags constant */
static inline void k44x_vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
}

#endif
