// SPDX-License-Identifier: GPL-2.0-only
/* The generic KVM core, as the host kernel's own sources have it. */
#include <virt/kvm/irqchip.c>
