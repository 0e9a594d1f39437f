// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a VM can make the kernel allocate.
 *
 *	limits contiguous MB	contiguous memory up to the module's limit, MB
 *	limits memlock		up to RLIMIT_MEMLOCK, for a user without privileges
 *	limits slots		slots, as large as there may be, and many
 *	limits fill MB		ordinary memory, as the guest stores to it
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm.h"

static struct vm vm;

static bool refused(size_t size)
{
	errno = 0;
	return !vm_contiguous(&vm, size) && errno == ENOMEM;
}

/* Just @mb can be had, in whatever pieces, and again when they have gone */
static void up_to(unsigned int mb)
{
	void *most, *rest;

	CHECK(refused((mb + 1) * MB));
	most = vm_contiguous(&vm, (mb - 4) * MB);
	CHECK(most);
	CHECK(refused(5 * MB));
	rest = vm_contiguous(&vm, 4 * MB);
	CHECK(rest);
	CHECK(refused(MB));
	munmap(most, (mb - 4) * MB);
	CHECK(refused((mb - 3) * MB));
	munmap(rest, 4 * MB);
	rest = vm_contiguous(&vm, mb * MB);
	CHECK(rest);
	munmap(rest, mb * MB);
}

static long locked_kb(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[128];
	long kb = -1;

	if (!f)
		err(2, "/proc/self/status");
	while (fgets(line, sizeof(line), f))
		sscanf(line, "VmLck: %ld", &kb);
	fclose(f);
	return kb;
}

static void memlock(void)
{
	struct rlimit limit = { 20 * MB, 20 * MB };
	void *p;

	if (setrlimit(RLIMIT_MEMLOCK, &limit) || setuid(65534))
		err(2, "a user with a limit");
	up_to(20);
	CHECK(locked_kb() == 0);
	p = vm_contiguous(&vm, 8 * MB);
	CHECK(p && locked_kb() == 8 * 1024);
	/* what is locked otherwise counts, too */
	CHECK(refused(13 * MB));
	CHECK(mlock(ordinary(10 * MB), 10 * MB) == 0);
	CHECK(refused(3 * MB));
	munmap(p, 8 * MB);
	CHECK(locked_kb() == 10 * 1024);
}

static int slot(uint32_t n, uint64_t gpa, size_t size)
{
	struct kvm_userspace_memory_region r = {
		.slot = n,
		.guest_phys_addr = gpa,
		.memory_size = size,
	};

	return ioctl(vm.vm, KVM_SET_USER_MEMORY_REGION, &r);
}

static long free_kb(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];
	long kb = -1;

	if (!f)
		err(2, "/proc/meminfo");
	while (fgets(line, sizeof(line), f))
		sscanf(line, "MemFree: %ld", &kb);
	fclose(f);
	return kb;
}

#define SMALL 4000

/* Nothing stands behind these slots: what they cost is the kernel's own memory */
static void slots(void)
{
	long before = free_kb();
	int i;

	for (i = 0; i < 64 && slot(i, (uint64_t)i << 28, 256 * MB) == 0; i++)
		;
	CHECK(errno == ENOMEM && i == 12); /* 3 GB of user space */
	printf("%d slots of 256 MB take %ld kB\n", i, before - free_kb());
	CHECK(before - free_kb() < 8 * 1024);
	while (i--)
		CHECK(slot(i, 0, 0) == 0);

	before = free_kb();
	for (i = 0; i < SMALL && slot(i, (uint64_t)i << 13, PAGE) == 0; i++)
		;
	CHECK(i == SMALL);
	printf("%d slots of a page take %ld kB\n", i, before - free_kb());
	CHECK(before - free_kb() < 2 * 1024);
}

/* r3, r4: from, to */
GUEST_CODE(touch, "1:	stw	3, 0(3)\n"
		  "	addi	3, 3, 4096\n"
		  "	cmplw	3, 4\n"
		  "	blt	1b\n" END_OF_CODE);

static void fill(unsigned int mb)
{
	void *ram = ordinary(mb * MB);

	vm_slot(&vm, 0, 0, ram, mb * MB);
	vm_code(ram, 0, touch);
	VM_START(&vm, 0, 0, PAGE, mb * MB);
	CHECK(vm_run(&vm) == 0 && vm_ended(&vm));
}

int main(int argc, char **argv)
{
	if (argc < 2)
		errx(2, "usage: limits contiguous MB | memlock | slots | fill MB");
	vm_create(&vm, NULL, 0);
	if (!strcmp(argv[1], "contiguous") && argc == 3)
		up_to(atoi(argv[2]));
	else if (!strcmp(argv[1], "fill") && argc == 3)
		fill(atoi(argv[2]));
	else if (!strcmp(argv[1], "memlock"))
		memlock();
	else
		slots();
	vm_destroy(&vm);
	return vmm_result();
}
