// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-vmm PROGRAM: runs a guest program of the benchmark under a VMM that does
 * nothing else, so that a trip to user space costs what the kernel makes it cost.
 *
 * Output, on one line for each result: "op NAME COUNT TICKS...", then the
 * difference of the vCPU's counters over all batches: "counters NAME COUNTER=N...".
 */
#include <ctype.h>
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <kvm44x.h>

#include "result.h"

#define MEMORY (32u << 20)

/* The library of the guest programs says on the second UART what went wrong. */
#define UART1_THR 0xef600400
#define UART1_LSR 0xef600405
#define LSR_EMPTY 0x60

static struct kvm_run *run;
static int vcpu;

/* --- the vCPU's counters --- */

#define MAX_COUNTERS 512 /* words of the data block, histograms included */

static int stats;
static struct kvm_stats_header stats_header;
static char counter_name[MAX_COUNTERS][48];
static uint64_t counters[2][MAX_COUNTERS]; /* before, now */

static void read_at(void *to, size_t size, off_t at)
{
	if (pread(stats, to, size, at) != (ssize_t)size)
		err(1, "the vCPU's statistics");
}

static void counters_init(void)
{
	struct kvm_stats_desc desc;
	uint32_t i, size;

	stats = ioctl(vcpu, KVM_GET_STATS_FD, NULL);
	if (stats < 0)
		err(1, "KVM_GET_STATS_FD");
	read_at(&stats_header, sizeof(stats_header), 0);
	if (stats_header.name_size > sizeof(counter_name[0]))
		errx(1, "the names of the statistics are longer than expected");
	size = sizeof(desc) + stats_header.name_size;
	for (i = 0; i < stats_header.num_desc; i++) {
		off_t at = stats_header.desc_offset + i * size;

		read_at(&desc, sizeof(desc), at);
		if (desc.offset >= sizeof(counters[0]))
			errx(1, "more statistics than expected");
		/* histograms are not ours */
		if (desc.size == 1)
			read_at(counter_name[desc.offset / 8], stats_header.name_size,
				at + sizeof(desc));
	}
}

static void counters_read(void)
{
	memcpy(counters[0], counters[1], sizeof(counters[0]));
	/* the block may be shorter than what we have room for */
	if (pread(stats, counters[1], sizeof(counters[1]), stats_header.data_offset) <= 0)
		err(1, "the vCPU's statistics");
}

/* --- the machine --- */

static uint8_t *memory;

static void result(uint32_t pa)
{
	const struct bench_result *r = (const void *)(memory + pa);
	uint32_t i;

	if (pa > MEMORY - sizeof(*r))
		errx(1, "a result outside of memory, at 0x%x", pa);
	printf("op %s %u", r->name, r->count);
	for (i = 0; i < BENCH_BATCHES; i++)
		printf(" %d", r->ticks[i]);
	printf("\ncounters %s", r->name);
	for (i = 0; i < MAX_COUNTERS; i++)
		if (counter_name[i][0] && counters[1][i] != counters[0][i])
			printf(" %s=%llu", counter_name[i],
			       (unsigned long long)(counters[1][i] - counters[0][i]));
	printf("\n");
	fflush(stdout);
}

/* --- interrupts from a second thread --- */

static sem_t interrupt_wanted;
static int interrupt_fd;
static uint32_t interrupt_sent; /* time base */

static void *interrupt_thread(void *unused)
{
	static const uint64_t one = 1;

	(void)unused;
	for (;;) {
		sem_wait(&interrupt_wanted);
		usleep(2000); /* until the guest is idle */
		__asm__ volatile("mftb %0" : "=r"(interrupt_sent));
		if (write(interrupt_fd, &one, sizeof(one)) != sizeof(one))
			err(1, "write to an eventfd");
	}
	return NULL;
}

static void create_interrupt(int vm)
{
	struct kvm_irqfd irqfd = { .gsi = 0 };

	interrupt_fd = eventfd(0, 0);
	irqfd.fd = interrupt_fd;
	if (interrupt_fd < 0 || ioctl(vm, KVM_IRQFD, &irqfd) < 0)
		err(1, "KVM_IRQFD");
}

/* With the first one comes the thread: a process with two has dearer file descriptors */
static void want_interrupt(void)
{
	static bool running;
	pthread_t thread;

	if (!running) {
		running = true;
		sem_init(&interrupt_wanted, 0, 0);
		errno = pthread_create(&thread, NULL, interrupt_thread, NULL);
		if (errno)
			err(1, "pthread_create");
	}
	sem_post(&interrupt_wanted);
}

static void mmio(void)
{
	uint32_t value;

	if (!run->mmio.is_write) {
		memset(run->mmio.data, 0, sizeof(run->mmio.data));
		if (run->mmio.phys_addr == UART1_LSR)
			run->mmio.data[0] = LSR_EMPTY;
		else if (run->mmio.phys_addr == BENCH_INTERRUPTED)
			memcpy(run->mmio.data, &interrupt_sent, sizeof(interrupt_sent));
		return;
	}
	memcpy(&value, run->mmio.data, sizeof(value));
	switch (run->mmio.phys_addr) {
	case BENCH_RESULT:
		result(value);
		break;
	case BENCH_COUNTERS:
		counters_read();
		break;
	case BENCH_INTERRUPT:
		want_interrupt();
		break;
	case UART1_THR:
		if (isprint(run->mmio.data[0]) || run->mmio.data[0] == '\n')
			fputc(run->mmio.data[0], stderr);
		break;
	}
}

static void give(int vm, uint32_t slot, uint32_t gpa, uint32_t size, void *host)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = (uintptr_t)host,
	};

	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		err(1, "KVM_SET_USER_MEMORY_REGION");
}

static void create_memory(int vm)
{
	uint64_t size = MEMORY;
	int fd = ioctl(vm, KVM44X_CREATE_MEMORY, &size);
	void *ordinary;

	if (fd < 0)
		err(1, "KVM44X_CREATE_MEMORY");
	memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ordinary = mmap(NULL, BENCH_ORDINARY_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (memory == MAP_FAILED || ordinary == MAP_FAILED)
		err(1, "mmap");
	give(vm, 0, 0, MEMORY, memory);
	give(vm, 1, BENCH_ORDINARY, BENCH_ORDINARY_SIZE, ordinary);
}

static uint32_t load(const char *path)
{
	int fd = open(path, O_RDONLY);
	const Elf32_Ehdr *elf;
	const Elf32_Phdr *segment;
	struct stat st;
	uint32_t i;

	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", path);
	elf = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (elf == MAP_FAILED)
		err(1, "%s", path);
	segment = (const void *)((const uint8_t *)elf + elf->e_phoff);
	for (i = 0; i < elf->e_phnum; i++, segment++) {
		if (segment->p_type != PT_LOAD)
			continue;
		if (segment->p_paddr > MEMORY || segment->p_memsz > MEMORY - segment->p_paddr)
			errx(1, "%s is larger than the memory", path);
		memcpy(memory + segment->p_paddr, (const uint8_t *)elf + segment->p_offset,
		       segment->p_filesz);
	}
	__builtin___clear_cache((char *)memory, (char *)memory + MEMORY);
	return elf->e_entry;
}

static void create_ioeventfd(int vm)
{
	struct kvm_ioeventfd io = { .addr = BENCH_IOEVENTFD, .len = 4 };

	io.fd = eventfd(0, 0);
	if (io.fd < 0 || ioctl(vm, KVM_IOEVENTFD, &io) < 0)
		err(1, "KVM_IOEVENTFD");
}

int main(int argc, char **argv)
{
	struct kvm_regs regs = { 0 };
	int kvm, vm, size;

	if (argc != 2)
		errx(2, "usage: bench-vmm PROGRAM");
	kvm = open("/dev/kvm", O_RDWR);
	if (kvm < 0)
		err(1, "/dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		err(1, "KVM_CREATE_VM");
	create_memory(vm);
	create_ioeventfd(vm);
	/* older modules have none, and the program sees that */
	if (ioctl(vm, KVM_CREATE_IRQCHIP, 0) == 0)
		create_interrupt(vm);
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (vcpu < 0 || size < 0)
		err(1, "KVM_CREATE_VCPU");
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	if (run == MAP_FAILED)
		err(1, "mmap");
	counters_init();
	regs.pc = load(argv[1]);
	if (ioctl(vcpu, KVM_SET_REGS, &regs) < 0)
		err(1, "KVM_SET_REGS");

	for (;;) {
		/* as vm44x does: glibc's ioctl() compares with all of a terminal's first */
		if (syscall(SYS_ioctl, vcpu, KVM_RUN, 0) < 0)
			err(1, "KVM_RUN");
		switch (run->exit_reason) {
		case KVM_EXIT_MMIO:
			mmio();
			break;
		case KVM_EXIT_DCR:
			run->dcr.data = 0;
			break;
		case KVM_EXIT_SYSTEM_EVENT:
			return 0;
		default:
			errx(1, "exit reason %u", run->exit_reason);
		}
	}
}
