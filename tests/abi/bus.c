// SPDX-License-Identifier: GPL-2.0-only
/* Stores to devices that end in the kernel: ioeventfd and coalesced MMIO. */
#include <sys/eventfd.h>
#include <unistd.h>
#include "abi.h"

#define DEVICE 0x70000000u

static int ioeventfd(struct vm *vm, int fd, uint64_t addr, uint32_t len, uint32_t flags,
		     uint64_t match)
{
	struct kvm_ioeventfd io = {
		.datamatch = match,
		.addr = addr,
		.len = len,
		.fd = fd,
		.flags = flags,
	};

	return ioctl(vm->vm, KVM_IOEVENTFD, &io);
}

/* How often it was signalled since the last look */
static unsigned int events(int fd)
{
	uint64_t n;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

/* Three stores of the low bytes of @value: one byte, two, four */
static void stores(struct vm *vm, uint16_t value)
{
	CODE(vm, 0x100, LIS(4, DEVICE >> 16), LI(3, value), STB(3, 4, 0), STH(3, 4, 0),
	     STW(3, 4, 0), STOP);
}

static void io_event(void)
{
	const uint32_t match = KVM_IOEVENTFD_FLAG_DATAMATCH, off = KVM_IOEVENTFD_FLAG_DEASSIGN;
	int a = eventfd(0, EFD_NONBLOCK), b = eventfd(0, EFD_NONBLOCK);
	struct vm vm;

	create(&vm);
	REFUSED(EINVAL, ioeventfd(&vm, a, DEVICE, 3, 0, 0));
	REFUSED(EINVAL, ioeventfd(&vm, a, DEVICE, 16, 0, 0));
	REFUSED(EINVAL, ioeventfd(&vm, a, DEVICE, 0, match, 0));
	REFUSED(EINVAL, ioeventfd(&vm, a, ~0ull, 4, 0, 0));
	REFUSED(EINVAL, ioeventfd(&vm, a, DEVICE, 4, 0x100, 0));
	REFUSED(EBADF, ioeventfd(&vm, -1, DEVICE, 4, 0, 0));
	REFUSED(EINVAL, ioeventfd(&vm, 0, DEVICE, 4, 0, 0)); /* no eventfd */
	REFUSED(EFAULT, ioctl(vm.vm, KVM_IOEVENTFD, NULL));
	REFUSED(ENOENT, ioeventfd(&vm, a, DEVICE, 4, off, 0));

	/* each size takes its own stores only */
	for (uint32_t size = 1; size <= 4; size *= 2) {
		CHECK(ioeventfd(&vm, a, DEVICE, size, 0, 0) == 0);
		stores(&vm, 5);
		for (uint32_t other = 1; other <= 4; other *= 2) {
			if (other != size)
				CHECK(mmio(&vm, DEVICE, 1) && vm.run->mmio.len == other);
		}
		CHECK(stopped(&vm));
		CHECK(events(a) == 1);
		REFUSED(EEXIST, ioeventfd(&vm, b, DEVICE, size, 0, 0));
		REFUSED(ENOENT, ioeventfd(&vm, b, DEVICE, size, off, 0));
		CHECK(ioeventfd(&vm, a, DEVICE, size, off, 0) == 0);
	}
	CHECK(ioeventfd(&vm, a, DEVICE, 8, 0, 0) == 0);
	CHECK(ioeventfd(&vm, a, DEVICE, 8, off, 0) == 0);
	/* no size: any */
	CHECK(ioeventfd(&vm, a, DEVICE, 0, 0, 0) == 0);
	stores(&vm, 5);
	CHECK(stopped(&vm));
	CHECK(events(a) == 3);
	/* loads are not for it */
	CODE(&vm, 0x100, LIS(4, DEVICE >> 16), LWZ(3, 4, 0), STOP);
	CHECK(mmio(&vm, DEVICE, 0));
	CHECK(stopped(&vm));
	CHECK(ioeventfd(&vm, a, DEVICE, 0, off, 0) == 0);

	/* several at one address, by value */
	CHECK(ioeventfd(&vm, a, DEVICE, 4, match, 0x1234) == 0);
	CHECK(ioeventfd(&vm, b, DEVICE, 4, match, 0x4321) == 0);
	CHECK(ioeventfd(&vm, b, DEVICE, 2, match, 0x1234) == 0);
	REFUSED(EEXIST, ioeventfd(&vm, b, DEVICE, 4, match, 0x1234));
	stores(&vm, 0x1234);
	CHECK(mmio(&vm, DEVICE, 1) && vm.run->mmio.len == 1);
	CHECK(stopped(&vm));
	CHECK(events(a) == 1 && events(b) == 1);
	stores(&vm, 0x4321);
	CHECK(mmio(&vm, DEVICE, 1) && vm.run->mmio.len == 1);
	CHECK(mmio(&vm, DEVICE, 1) && vm.run->mmio.len == 2);
	CHECK(stopped(&vm));
	CHECK(events(a) == 0 && events(b) == 1);
	REFUSED(ENOENT, ioeventfd(&vm, a, DEVICE, 4, match | off, 0x4321));
	CHECK(ioeventfd(&vm, a, DEVICE, 4, match | off, 0x1234) == 0);
	stores(&vm, 0x1234);
	CHECK(mmio(&vm, DEVICE, 1) && vm.run->mmio.len == 1);
	CHECK(mmio(&vm, DEVICE, 1) && vm.run->mmio.len == 4);
	CHECK(stopped(&vm));
	CHECK(events(a) == 0 && events(b) == 1);
	destroy(&vm); /* with two of them still there */
	close(a);
	close(b);
}

static int zone(struct vm *vm, unsigned long ioctl_nr, uint64_t addr, uint32_t size)
{
	struct kvm_coalesced_mmio_zone z = { .addr = addr, .size = size };

	return ioctl(vm->vm, ioctl_nr, &z);
}

static void coalesced(void)
{
	const unsigned int slots =
		(4096 - sizeof(struct kvm_coalesced_mmio_ring)) / sizeof(struct kvm_coalesced_mmio);
	struct kvm_coalesced_mmio_ring *ring;
	unsigned int i, seen, exits;
	struct vm vm;

	CHECK(ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_COALESCED_MMIO) == 1);
	create(&vm);
	ring = (void *)((uint8_t *)vm.run + 4096);
	REFUSED(EFAULT, ioctl(vm.vm, KVM_REGISTER_COALESCED_MMIO, NULL));
	CHECK(zone(&vm, KVM_REGISTER_COALESCED_MMIO, DEVICE, 0x100) == 0);
	stores(&vm, 0x1234);
	CHECK(stopped(&vm));
	CHECK(ring->first == 0 && ring->last == 3);
	for (i = 0; i < 3; i++) {
		const struct kvm_coalesced_mmio *e = &ring->coalesced_mmio[i];

		CHECK(e->phys_addr == DEVICE && e->len == 1u << i);
	}
	CHECK(!memcmp(ring->coalesced_mmio[0].data, "\x34", 1));
	CHECK(!memcmp(ring->coalesced_mmio[1].data, "\x12\x34", 2));
	CHECK(!memcmp(ring->coalesced_mmio[2].data, "\0\0\x12\x34", 4));
	ring->first = ring->last;

	/* loads, and stores beyond the zone or only in part within, leave */
	CODE(&vm, 0x100, LIS(4, DEVICE >> 16), LWZ(3, 4, 0), STW(3, 4, 0x100), STW(3, 4, 0xfe),
	     STW(3, 4, 0xfc), STOP);
	CHECK(mmio(&vm, DEVICE, 0));
	CHECK(mmio(&vm, DEVICE + 0x100, 1));
	CHECK(mmio(&vm, DEVICE + 0xfe, 1));
	CHECK(stopped(&vm));
	CHECK(ring->last == 4 && ring->coalesced_mmio[3].phys_addr == DEVICE + 0xfc);
	ring->first = ring->last;

	/* a full ring: the store that finds no room leaves, and none is lost or overtaken */
	CODE(&vm, 0x100, LIS(4, DEVICE >> 16), LI(3, 1000), MTSPR(CTR, 3), LI(3, 0), ADDI(3, 3, 1),
	     STW(3, 4, 0), BDNZ(-8), STOP);
	seen = 0;
	exits = 0;
	do {
		CHECK(run(&vm) == 0);
		for (i = 0; ring->first != ring->last && i < slots; i++) {
			CHECK(*(uint32_t *)ring->coalesced_mmio[ring->first].data == ++seen);
			ring->first = (ring->first + 1) % slots;
		}
		CHECK(i < slots);
		if (vm.run->exit_reason == KVM_EXIT_MMIO) {
			CHECK(*(uint32_t *)vm.run->mmio.data == ++seen);
			exits++;
		}
	} while (vm.run->exit_reason == KVM_EXIT_MMIO && exits < 1000);
	CHECK(seen == 1000 && exits >= 1000 / slots && exits < 100);

	/* what a VMM may write there does not matter to the kernel */
	ring->first = ring->last = 0xfffffff0;
	stores(&vm, 1);
	CHECK(mmio(&vm, DEVICE, 1));
	ring->first = ring->last = 0;
	CHECK(stopped(&vm));

	CHECK(zone(&vm, KVM_UNREGISTER_COALESCED_MMIO, DEVICE, 0x100) == 0);
	stores(&vm, 1);
	for (i = 0; i < 3; i++)
		CHECK(mmio(&vm, DEVICE, 1));
	CHECK(stopped(&vm));
	CHECK(zone(&vm, KVM_REGISTER_COALESCED_MMIO, DEVICE, 0x100) == 0);
	destroy(&vm);
}

void bus_checks(void)
{
	io_event();
	coalesced();
}
