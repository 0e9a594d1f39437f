/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before everything else in every file of the module: what Kconfig
 * would define if KVM were configured for this architecture.
 */
#ifndef KVM44X_CONFIG_H
#define KVM44X_CONFIG_H

#define CONFIG_HAVE_KVM				 1
#define CONFIG_KVM				 1
#define CONFIG_KVM_MMIO				 1
#define CONFIG_HAVE_KVM_EVENTFD			 1
#define CONFIG_HAVE_KVM_IRQCHIP			 1
#define CONFIG_HAVE_KVM_IRQFD			 1
#define CONFIG_HAVE_KVM_IRQ_ROUTING		 1
#define CONFIG_HAVE_KVM_VCPU_ASYNC_IOCTL	 1
#define CONFIG_KVM_GENERIC_DIRTYLOG_READ_PROTECT 1
#define CONFIG_KVM_COMMON			 1
#define CONFIG_KVM_GENERIC_MMU_NOTIFIER		 1
#define CONFIG_HAVE_KVM_READONLY_MEM		 1
#define __KVM_HAVE_READONLY_MEM			 1 /* its name in 6.1 */

#endif
