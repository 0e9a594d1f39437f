// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm.h"

#define DCR_END 0x3ff

static unsigned int failed;

bool vmm_check(bool so, const char *file, int line, const char *what)
{
	if (!so) {
		failed++;
		printf("%s:%d: not so: %s (errno %d, %s)\n", file, line, what, errno,
		       strerror(errno));
		fflush(stdout);
	}
	return so;
}

int vmm_result(void)
{
	return failed != 0;
}

static int device(void)
{
	static int kvm = -1;

	if (kvm < 0)
		kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		err(2, "/dev/kvm");
	return kvm;
}

static int run_size(void)
{
	return ioctl(device(), KVM_GET_VCPU_MMAP_SIZE, 0);
}

void vm_slot(struct vm *vm, uint32_t slot, uint64_t gpa, void *ram, size_t size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = gpa,
		.memory_size = ram ? size : 0,
		.userspace_addr = (uintptr_t)ram,
	};

	if (ioctl(vm->vm, KVM_SET_USER_MEMORY_REGION, &region))
		err(2, "KVM_SET_USER_MEMORY_REGION");
}

void vm_create(struct vm *vm, void *ram, size_t size)
{
	vm->vm = ioctl(device(), KVM_CREATE_VM, 0);
	if (vm->vm < 0)
		err(2, "KVM_CREATE_VM");
	if (ram)
		vm_slot(vm, 0, 0, ram, size);
	vm->vcpu = ioctl(vm->vm, KVM_CREATE_VCPU, 0);
	if (vm->vcpu < 0)
		err(2, "KVM_CREATE_VCPU");
	vm->run = mmap(NULL, run_size(), PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	if (vm->run == MAP_FAILED)
		err(2, "the vCPU's page");
	vm->stats = ioctl(vm->vcpu, KVM_GET_STATS_FD, NULL);
	if (vm->stats < 0)
		err(2, "KVM_GET_STATS_FD");
}

void vm_destroy(struct vm *vm)
{
	munmap(vm->run, run_size());
	close(vm->stats);
	close(vm->vcpu);
	close(vm->vm);
}

void *vm_contiguous(struct vm *vm, size_t size)
{
	uint64_t bytes = size;
	int fd = ioctl(vm->vm, KVM44X_CREATE_MEMORY, &bytes);
	void *p;

	if (fd < 0)
		return NULL;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		err(2, "mapping contiguous memory");
	close(fd);
	return p;
}

void *ordinary(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		err(2, "%zu bytes of memory", size);
	return p;
}

void vm_copy_code(void *ram, uint32_t at, const char *begin, const char *end)
{
	char *to = (char *)ram + at;

	memcpy(to, begin, end - begin);
	__builtin___clear_cache(to, to + (end - begin));
}

void vm_start(struct vm *vm, uint32_t pc, uint32_t msr, const uint32_t *args, unsigned int count)
{
	struct kvm_regs regs = { .pc = pc, .msr = msr };
	unsigned int i;

	for (i = 0; i < count; i++)
		regs.gpr[3 + i] = args[i];
	if (ioctl(vm->vcpu, KVM_SET_REGS, &regs))
		err(2, "KVM_SET_REGS");
}

uint32_t vm_gpr(struct vm *vm, unsigned int n)
{
	struct kvm_regs regs;

	if (ioctl(vm->vcpu, KVM_GET_REGS, &regs))
		err(2, "KVM_GET_REGS");
	return regs.gpr[n];
}

int vm_run(struct vm *vm)
{
	return ioctl(vm->vcpu, KVM_RUN, 0) < 0 ? -errno : 0;
}

bool vm_ended(const struct vm *vm)
{
	return vm->run->exit_reason == KVM_EXIT_DCR && vm->run->dcr.dcrn == DCR_END;
}

static void read_at(int fd, void *to, size_t size, off_t at)
{
	if (pread(fd, to, size, at) != (ssize_t)size)
		err(2, "the vCPU's statistics");
}

uint64_t vm_stat(struct vm *vm, const char *name)
{
	struct kvm_stats_header header;
	struct kvm_stats_desc desc;
	uint32_t i;

	read_at(vm->stats, &header, sizeof(header), 0);
	for (i = 0; i < header.num_desc; i++) {
		off_t at = header.desc_offset + i * (sizeof(desc) + header.name_size);
		char found[64];
		uint64_t value;

		if (header.name_size > sizeof(found))
			errx(2, "the names of the statistics are longer than expected");
		read_at(vm->stats, &desc, sizeof(desc), at);
		read_at(vm->stats, found, header.name_size, at + sizeof(desc));
		if (strcmp(found, name))
			continue;
		read_at(vm->stats, &value, sizeof(value), header.data_offset + desc.offset);
		return value;
	}
	errx(2, "there is no statistic %s", name);
}
