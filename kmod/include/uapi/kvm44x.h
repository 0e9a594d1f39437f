/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* What kvm44x adds to the KVM ABI; shared with the VMM. */
#ifndef UAPI_KVM44X_H
#define UAPI_KVM44X_H

#include <linux/kvm.h>

/*
 * VM ioctl: physically contiguous memory for a guest, so that its large TLB
 * entries stay large. The argument is the size in bytes, a multiple of 1 MB.
 * Returns a file descriptor to mmap (MAP_SHARED, from offset 0 on) and to give
 * to KVM_SET_USER_MEMORY_REGION; the best runs of memory lie at the lowest
 * offsets. ENOMEM: not to be had; ordinary memory works too, more slowly.
 */
#define KVM44X_CREATE_MEMORY _IOW(KVMIO, 0xf0, __u64)

#endif
