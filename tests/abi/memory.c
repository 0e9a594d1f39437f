// SPDX-License-Identifier: GPL-2.0-only
/* Memory slots, the host's pages behind them, contiguous memory. */
#include <sys/mman.h>
#include <unistd.h>
#include "abi.h"

static void slots(void)
{
	struct vm vm;
	uint8_t *more = pages(MB);

	create(&vm);
	REFUSED(EINVAL, region(&vm, 1, 0, 2 * MB + 1, MB, more));
	REFUSED(EINVAL, region(&vm, 1, 0, 2 * MB, MB + 1, more));
	REFUSED(EINVAL, region(&vm, 1, 0, 2 * MB, MB, more + 1));
	REFUSED(EINVAL, region(&vm, 1, 0x80, 2 * MB, MB, more));
	REFUSED(EINVAL, region(&vm, 100000, 0, 2 * MB, MB, more));
	REFUSED(EINVAL, region(&vm, 1, 0, 1ull << 36, MB, more)); /* 36 bits of address */
	REFUSED(EINVAL, region(&vm, 1, 0, 0x0ffffffffffff000ull, MB, more));
	REFUSED(EEXIST, region(&vm, 1, 0, MB / 2, MB, more)); /* overlaps slot 0 */
	REFUSED(EINVAL, region(&vm, 1, 0, 0, 0, 0)); /* delete what is not there */
	CHECK(region(&vm, 1, 0, 2 * MB, MB, more) == 0);

	/* a moved slot is seen at its new place only, a deleted one nowhere */
	*(uint32_t *)more = 0x12345678;
	CODE(&vm, 0x100, LIS(4, 0x20), LWZ(3, 4, 0), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0x12345678);
	CODE(&vm, 0x100, LIS(4, 0x40), LWZ(3, 4, 0), STOP);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_MMIO);
	CHECK(stopped(&vm));
	CHECK(region(&vm, 1, 0, 4 * MB, MB, more) == 0);
	CODE(&vm, 0x100, LIS(4, 0x40), LWZ(3, 4, 0), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0x12345678);
	CODE(&vm, 0x100, LIS(4, 0x20), LWZ(3, 4, 0), STOP);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_MMIO);
	CHECK(stopped(&vm));
	CHECK(region(&vm, 1, 0, 4 * MB, 0, more) == 0);
	CODE(&vm, 0x100, LIS(4, 0x40), LWZ(3, 4, 0), STOP);
	CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_MMIO);
	CHECK(stopped(&vm));

	/* no host page: an error, and the same again, and right when there is one */
	CHECK(region(&vm, 1, 0, 2 * MB, MB, more) == 0);
	CHECK(mprotect(more, MB, PROT_NONE) == 0);
	CODE(&vm, 0x100, LIS(4, 0x20), LWZ(3, 4, 0), STOP);
	REFUSED(EFAULT, run(&vm));
	REFUSED(EFAULT, run(&vm));
	CHECK(mprotect(more, MB, PROT_READ | PROT_WRITE) == 0);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 0x12345678);
	/* taken away again under a guest that has it mapped */
	CHECK(mprotect(more, MB, PROT_NONE) == 0);
	CODE(&vm, 0x100, LIS(4, 0x20), LWZ(3, 4, 0), STOP);
	REFUSED(EFAULT, run(&vm));
	destroy(&vm);
	munmap(more, MB);
}

static void contiguous(void)
{
	uint64_t size;
	struct vm vm;
	uint8_t *p;
	int fd;

	create(&vm);
	size = 0;
	REFUSED(EINVAL, ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size));
	size = MB + 4096;
	REFUSED(EINVAL, ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size));
	size = 1ull << 40;
	REFUSED(EINVAL, ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size));
	REFUSED(EFAULT, ioctl(vm.vm, KVM44X_CREATE_MEMORY, NULL));
	size = 18 * MB;
	fd = ioctl(vm.vm, KVM44X_CREATE_MEMORY, &size);
	CHECK(fd >= 0);
	CHECK(mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(mmap(NULL, size + 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED);
	CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, size) == MAP_FAILED);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	close(fd);
	CHECK(p[0] == 0 && p[size - 1] == 0);

	/* the guest's stores are the VMM's bytes, also after the pages were zapped */
	CHECK(region(&vm, 1, 0, 16 * MB, size, p) == 0);
	CODE(&vm, 0x100, LIS(4, 0x110), LI(3, 77), STW(3, 4, 16), STOP);
	CHECK(stopped(&vm));
	CHECK(p[MB + 19] == 77);
	CHECK(madvise(p, size, MADV_DONTNEED) == 0);
	p[MB + 19] = 78;
	CODE(&vm, 0x100, LIS(4, 0x110), LWZ(3, 4, 16), STOP);
	CHECK(stopped(&vm));
	CHECK(gpr(&vm, 3) == 78);

	/* without the mapping there is nothing, and nothing stale is seen */
	munmap(p, size);
	REFUSED(EFAULT, (CODE(&vm, 0x100, LIS(4, 0x110), LWZ(3, 4, 16), STOP), run(&vm)));
	destroy(&vm);
}

void memory_checks(void)
{
	slots();
	contiguous();
}
