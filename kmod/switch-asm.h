/* SPDX-License-Identifier: GPL-2.0-only */
/* What switch.S and fast.S share: SPR numbers that the kernel's headers lack, and offsets */
#ifndef KVM44X_SWITCH_ASM_H
#define KVM44X_SWITCH_ASM_H

#include "k44x-offsets.h"

#define IVPR   63
#define PID    48
#define MMUCR  946
#define CSRR0  58
#define CSRR1  59
#define MCSRR0 570
#define MCSRR1 571
#define ESR    62
#define DEAR   61

/* From struct kvm_vcpu_arch */
#define GPR(n) (CPU_GPR + 4 * (n))

#endif
