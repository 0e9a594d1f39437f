// SPDX-License-Identifier: GPL-2.0-only
/* VMs and what is done with them. */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>
#include "abi.h"

int region(struct vm *vm, uint32_t slot, uint32_t flags, uint64_t gpa, uint64_t size,
	   const void *host)
{
	struct kvm_userspace_memory_region r = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = (uintptr_t)host,
	};

	return ioctl(vm->vm, KVM_SET_USER_MEMORY_REGION, &r);
}

void *pages(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	return p == MAP_FAILED ? NULL : p;
}

void create_vm(struct vm *vm, size_t size, int contiguous)
{
	uint64_t bytes = size;

	vm->vm = ioctl(kvm, KVM_CREATE_VM, 0);
	CHECK(vm->vm >= 0);
	vm->size = size;
	if (contiguous) {
		int fd = ioctl(vm->vm, KVM44X_CREATE_MEMORY, &bytes);

		vm->ram = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		CHECK(fd >= 0 && vm->ram != MAP_FAILED);
		close(fd);
	} else {
		vm->ram = pages(size);
	}
	CHECK(region(vm, 0, 0, 0, size, vm->ram) == 0);
}

void create_vcpu(struct vm *vm)
{
	vm->vcpu = ioctl(vm->vm, KVM_CREATE_VCPU, 0);
	CHECK(vm->vcpu >= 0);
	vm->run = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	CHECK(vm->run != MAP_FAILED);
	/* nothing that follows would tell more */
	if (vm->vcpu < 0)
		exit(1);
}

void create_sized(struct vm *vm, size_t size, int contiguous)
{
	create_vm(vm, size, contiguous);
	create_vcpu(vm);
}

void create(struct vm *vm)
{
	create_sized(vm, MB, 0);
}

void destroy(struct vm *vm)
{
	munmap(vm->run, run_size);
	close(vm->vcpu);
	close(vm->vm);
	munmap(vm->ram, vm->size);
}

void code(struct vm *vm, uint32_t at, const uint32_t *words, unsigned int count)
{
	struct kvm_regs regs;

	memcpy(vm->ram + at, words, 4 * count);
	__builtin___clear_cache((char *)vm->ram + at, (char *)vm->ram + at + 4 * count);
	CHECK(ioctl(vm->vcpu, KVM_GET_REGS, &regs) == 0);
	regs.pc = at;
	CHECK(ioctl(vm->vcpu, KVM_SET_REGS, &regs) == 0);
}

uint32_t gpr(struct vm *vm, int n)
{
	struct kvm_regs regs = { 0 };

	CHECK(ioctl(vm->vcpu, KVM_GET_REGS, &regs) == 0);
	return regs.gpr[n];
}

int get(struct vm *vm, uint64_t id, void *value)
{
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)value };

	return ioctl(vm->vcpu, KVM_GET_ONE_REG, &one);
}

int set(struct vm *vm, uint64_t id, const void *value)
{
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)value };

	return ioctl(vm->vcpu, KVM_SET_ONE_REG, &one);
}

uint32_t word_of(struct vm *vm, uint64_t id)
{
	uint32_t word = ~0u;

	CHECK(get(vm, id, &word) == 0);
	return word;
}

void set_word(struct vm *vm, uint64_t id, uint32_t word)
{
	CHECK(set(vm, id, &word) == 0);
}

uint64_t time_base(void)
{
	uint32_t upper, lower, again;

	do {
		asm volatile("mftbu %0; mftb %1; mftbu %2" : "=r"(upper), "=r"(lower), "=r"(again));
	} while (upper != again);
	return (uint64_t)upper << 32 | lower;
}

uint64_t statistic(struct vm *vm, const char *name)
{
	int fd = ioctl(vm->vcpu, KVM_GET_STATS_FD, NULL);
	struct kvm_stats_header header;
	uint64_t value = 0;
	size_t size, i;
	char *desc;

	CHECK(fd >= 0 && pread(fd, &header, sizeof(header), 0) == sizeof(header));
	size = sizeof(struct kvm_stats_desc) + header.name_size;
	desc = malloc(size);
	for (i = 0; i < header.num_desc; i++) {
		struct kvm_stats_desc *d = (void *)desc;

		CHECK(pread(fd, desc, size, header.desc_offset + i * size) == (ssize_t)size);
		if (!strcmp(d->name, name))
			break;
	}
	CHECK(i < header.num_desc &&
	      pread(fd, &value, 8, header.data_offset + ((struct kvm_stats_desc *)desc)->offset) ==
		      8);
	free(desc);
	close(fd);
	return value;
}

int interrupt(struct vm *vm, uint32_t what)
{
	return ioctl(vm->vcpu, KVM_INTERRUPT, &what);
}

int run(struct vm *vm)
{
	int r = ioctl(vm->vcpu, KVM_RUN, 0);

	if (r < 0 && errno == EINTR) {
		alarm_in(0);
		errno = EINTR;
	}
	return r;
}

int stopped(struct vm *vm)
{
	return run(vm) == 0 && vm->run->exit_reason == KVM_EXIT_DCR && vm->run->dcr.dcrn == END;
}

int mmio(struct vm *vm, uint64_t gpa, int is_write)
{
	return run(vm) == 0 && vm->run->exit_reason == KVM_EXIT_MMIO &&
	       vm->run->mmio.phys_addr == gpa && vm->run->mmio.is_write == is_write;
}

static void on_alarm(int sig)
{
	(void)sig;
}

void alarm_in(unsigned int ms)
{
	alarm_in_us(1000 * ms);
}

static struct timeval microseconds(unsigned int us)
{
	return (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
}

void alarm_in_us(unsigned int us)
{
	/* again not too soon: something must get done in between */
	struct itimerval soon = { .it_value = microseconds(us),
				  .it_interval = microseconds(us && us < 1000 ? 1000 : us) };
	struct sigaction alarm = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &alarm, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
}
