/* SPDX-License-Identifier: GPL-2.0-only */
/* What 6.1's virt/kvm/irqchip.c wants to find under this name */
#ifndef KVM44X_IRQ_H
#define KVM44X_IRQ_H

#define irqchip_in_kernel(kvm) kvm_arch_intc_initialized(kvm)

#endif
