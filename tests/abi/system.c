// SPDX-License-Identifier: GPL-2.0-only
/* Capabilities, and the ioctls of /dev/kvm, VM and vCPU that are not there. */
#include "abi.h"

/* What QEMU asks for, and what it must not find */
static void capabilities(void)
{
	static const struct {
		int cap, min, max;
	} caps[] = {
		{ KVM_CAP_USER_MEMORY, 1, 1 },
		{ KVM_CAP_DESTROY_MEMORY_REGION_WORKS, 1, 1 },
		{ KVM_CAP_JOIN_MEMORY_REGIONS_WORKS, 1, 1 },
		{ KVM_CAP_PPC_IRQ_LEVEL, 1, 1 },
		{ KVM_CAP_PPC_UNSET_IRQ, 1, 1 },
		{ KVM_CAP_PPC_BOOKE_SREGS, 1, 1 },
		{ KVM_CAP_PPC_BOOKE_WATCHDOG, 1, 1 },
		{ KVM_CAP_PPC_GET_PVINFO, 1, 1 },
		{ KVM_CAP_ONE_REG, 1, 1 },
		{ KVM_CAP_ENABLE_CAP, 1, 1 },
		{ KVM_CAP_ENABLE_CAP_VM, 1, 1 },
		{ KVM_CAP_CHECK_EXTENSION_VM, 1, 1 },
		{ KVM_CAP_IMMEDIATE_EXIT, 1, 1 },
		{ KVM_CAP_MP_STATE, 1, 1 },
		{ KVM_CAP_SYNC_MMU, 1, 1 },
		{ KVM_CAP_READONLY_MEM, 1, 1 },
		{ KVM_CAP_NR_MEMSLOTS, 32, 32767 },
		{ KVM_CAP_NR_VCPUS, 1, 1 },
		{ KVM_CAP_MAX_VCPUS, 1, 1 },
		{ KVM_CAP_MAX_VCPU_ID, 1, 1 },
		{ KVM_CAP_IOEVENTFD, 1, 1 },
		{ KVM_CAP_IOEVENTFD_ANY_LENGTH, 1, 1 },
		{ KVM_CAP_COALESCED_MMIO, 1, 1 },
		{ KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, 1, 1 },
		{ KVM_CAP_BINARY_STATS_FD, 1, 1 },
		{ KVM44X_CAP_UIC, 4, 4 },
		{ KVM_CAP_IRQFD, 1, 1 },
		{ KVM_CAP_IRQFD_RESAMPLE, 1, 1 },
		{ KVM_CAP_IRQ_INJECT_STATUS, 1, 1 },
		{ KVM_CAP_IRQ_ROUTING, 4096, 4096 },
		{ KVM_CAP_SET_GUEST_DEBUG, 1, 1 },
		{ KVM_CAP_SET_GUEST_DEBUG2, 0x130003, 0x130003 },
		{ KVM_CAP_GUEST_DEBUG_HW_BPS, 16, 16 },
		{ KVM_CAP_GUEST_DEBUG_HW_WPS, 16, 16 },
		{ KVM_CAP_PPC_GUEST_DEBUG_SSTEP, 1, 1 },
		{ KVM_CAP_PPC_SEGSTATE, 0, 0 },
		{ KVM_CAP_PPC_HIOR, 0, 0 },
		{ KVM_CAP_PPC_PAPR, 0, 0 },
		{ KVM_CAP_PPC_EPR, 0, 0 },
		{ KVM_CAP_PPC_OSI, 0, 0 },
		{ KVM_CAP_SW_TLB, 0, 0 },
		{ KVM_CAP_IRQCHIP, 0, 0 }, /* QEMU would make one */
		{ KVM_CAP_SIGNAL_MSI, 0, 0 },
		{ KVM_CAP_MULTI_ADDRESS_SPACE, 0, 0 },
		{ KVM_CAP_DIRTY_LOG_RING, 0, 0 },
		{ 100000, 0, 0 },
		{ -1, 0, 0 },
	};
	unsigned int i;
	struct vm vm;

	create(&vm);
	for (i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		int value = ioctl(kvm, KVM_CHECK_EXTENSION, caps[i].cap);

		if (value < caps[i].min || value > caps[i].max)
			printf("KVM_CHECK_EXTENSION %d gives %d\n", caps[i].cap, value);
		CHECK(value >= caps[i].min && value <= caps[i].max);
		CHECK(ioctl(vm.vm, KVM_CHECK_EXTENSION, caps[i].cap) == value);
	}
	destroy(&vm);
}

static int enable(int fd, uint32_t cap, uint32_t flags, uint64_t arg)
{
	struct kvm_enable_cap e = { .cap = cap, .flags = flags, .args = { arg } };

	return ioctl(fd, KVM_ENABLE_CAP, &e);
}

static void enable_cap(void)
{
	struct vm vm;

	create(&vm);
	CHECK(enable(vm.vcpu, KVM_CAP_PPC_BOOKE_WATCHDOG, 0, 0) == 0);
	CHECK(enable(vm.vcpu, KVM_CAP_PPC_BOOKE_WATCHDOG, 0, 0) == 0);
	REFUSED(EINVAL, enable(vm.vcpu, KVM_CAP_PPC_BOOKE_WATCHDOG, 1, 0));
	REFUSED(EINVAL, enable(vm.vcpu, KVM_CAP_PPC_PAPR, 0, 0));
	REFUSED(EINVAL, enable(vm.vcpu, KVM_CAP_PPC_EPR, 0, 1));
	REFUSED(EINVAL, enable(vm.vcpu, 100000, 0, 0));
	REFUSED(EFAULT, ioctl(vm.vcpu, KVM_ENABLE_CAP, NULL));
	CHECK(enable(vm.vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, 0, 1) == 0);
	REFUSED(EINVAL, enable(vm.vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, 1, 1));
	REFUSED(EINVAL, enable(vm.vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, 0, 0x80));
	REFUSED(EINVAL, enable(vm.vm, KVM_CAP_PPC_BOOKE_WATCHDOG, 0, 0)); /* the vCPU's */
	REFUSED(EINVAL, enable(vm.vm, 100000, 0, 0));
	REFUSED(EFAULT, ioctl(vm.vm, KVM_ENABLE_CAP, NULL));
	destroy(&vm);
}

/* Parts of the KVM ABI that are not here say so, however they are called */
static void absent(void)
{
	static const struct {
		unsigned long request;
		int error;
	} of_vm[] = {
		/* without an interrupt controller, which a VM with a vCPU cannot get any more */
		{ KVM_CREATE_IRQCHIP, EINVAL },
		{ KVM_GET_IRQCHIP, ENXIO },
		{ KVM_SET_IRQCHIP, ENXIO },
		{ KVM_IRQ_LINE, ENXIO },
		{ KVM_IRQ_LINE_STATUS, ENXIO },
		{ KVM_SET_GSI_ROUTING, EINVAL },
		{ KVM_IRQFD, EAGAIN },
		{ KVM_SIGNAL_MSI, ENOTTY },
		{ KVM_CREATE_DEVICE, ENODEV },
		{ KVM_PPC_ALLOCATE_HTAB, ENOTTY },
		{ KVM_PPC_GET_HTAB_FD, ENOTTY },
		{ KVM_CREATE_PIT2, ENOTTY },
		{ KVM_GET_CLOCK, ENOTTY },
		{ KVM_RESET_DIRTY_RINGS, EINVAL },
		{ KVM_RUN, ENOTTY },
		{ 0xae7f, ENOTTY },
		{ 0, ENOTTY },
	}, of_vcpu[] = {
		{ KVM_GET_FPU, EOPNOTSUPP },
		{ KVM_SET_FPU, EOPNOTSUPP },
		{ KVM_DIRTY_TLB, ENOTTY },
		{ KVM_GET_DEVICE_ATTR, ENOTTY },
		{ KVM_NMI, ENOTTY },
		{ KVM_CREATE_VCPU, ENOTTY },
		{ 0xae7f, ENOTTY },
	};
	static uint8_t argument[4096];
	struct vm vm;
	unsigned int i;

	create(&vm);
	memset(argument, 0, sizeof(argument));
	for (i = 0; i < sizeof(of_vm) / sizeof(of_vm[0]); i++) {
		errno = 0;
		if (ioctl(vm.vm, of_vm[i].request, argument) >= 0 || errno != of_vm[i].error)
			printf("VM ioctl 0x%lx: errno %d\n", of_vm[i].request, errno);
		REFUSED(of_vm[i].error, ioctl(vm.vm, of_vm[i].request, argument));
	}
	for (i = 0; i < sizeof(of_vcpu) / sizeof(of_vcpu[0]); i++) {
		errno = 0;
		if (ioctl(vm.vcpu, of_vcpu[i].request, argument) >= 0 || errno != of_vcpu[i].error)
			printf("vCPU ioctl 0x%lx: errno %d\n", of_vcpu[i].request, errno);
		REFUSED(of_vcpu[i].error, ioctl(vm.vcpu, of_vcpu[i].request, argument));
	}
	destroy(&vm);
}

static void devices(void)
{
	struct vm vm;

	CHECK(ioctl(kvm, KVM_GET_API_VERSION, 0) == KVM_API_VERSION);
	REFUSED(EINVAL, ioctl(kvm, KVM_GET_API_VERSION, 1));
	REFUSED(EINVAL, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 1));
	REFUSED(EINVAL, ioctl(kvm, KVM_CREATE_VM, 1));
	REFUSED(EINVAL, ioctl(kvm, 0xae7f, 0));
	CHECK(run_size == 2 * 4096);

	create(&vm);
	REFUSED(EINVAL, ioctl(vm.vm, KVM_CREATE_VCPU, 1));
	REFUSED(EINVAL, ioctl(vm.vm, KVM_CREATE_VCPU, -1));
	CHECK(ioctl(vm.vm, KVM_CREATE_VCPU, 0) < 0); /* there is one already */
	REFUSED(EINVAL, ioctl(vm.vcpu, KVM_RUN, 1));
	destroy(&vm);
}

void system_checks(void)
{
	devices();
	capabilities();
	enable_cap();
	absent();
}
