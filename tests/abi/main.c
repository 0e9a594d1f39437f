// SPDX-License-Identifier: GPL-2.0-only
/*
 * abi fuzz SECONDS SEED: random calls.
 * abi restore [FILE MEGABYTES]...: copies VMs that run these programs, or code of its own.
 * abi torture FILE ARGS: moves the program guest/torture in the same way, prints what it prints.
 * abi timer: timers; the host's clock should count instructions.
 * abi registers: prints the registers of KVM_GET_REG_LIST.
 * abi [GROUP]...: what docs/abi.md says of the module, and that bad input is refused with the error
 * that it names. Prints the name of each group, and a line for each thing that is not so.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "abi.h"

int kvm, run_size;

static unsigned int passed, failed;

void check(int ok, const char *file, int line, const char *condition)
{
	int error = errno;

	if (ok) {
		__atomic_fetch_add(&passed, 1, __ATOMIC_RELAXED);
		return;
	}
	__atomic_fetch_add(&failed, 1, __ATOMIC_RELAXED);
	printf("%s:%d: not so: %s (errno %d, %s)\n", file, line, condition, error, strerror(error));
}

static const struct {
	const char *name;
	void (*checks)(void);
} groups[] = {
	{ "system", system_checks },	 { "memory", memory_checks }, { "dirty", dirty_checks },
	{ "bus", bus_checks },		 { "exit", exit_checks },     { "access", access_checks },
	{ "register", register_checks }, { "qemu", qemu_checks },     { "race", race_checks },
	{ "irqchip", irqchip_checks },	 { "debug", debug_checks },
};

int main(int argc, char **argv)
{
	unsigned int i;
	int n;

	setvbuf(stdout, NULL, _IOLBF, 0);
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0) {
		perror("/dev/kvm");
		return 1;
	}
	run_size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (argc == 2 && !strcmp(argv[1], "registers")) {
		print_registers();
		return failed != 0;
	}
	if (argc == 4 && !strcmp(argv[1], "torture")) {
		restore_torture(argv[2], argv[3]);
		return failed != 0;
	}
	if (argc == 4 && !strcmp(argv[1], "fuzz")) {
		fuzz(atoi(argv[2]), atoi(argv[3]));
		argc = 2; /* and no group */
	}
	if (argc > 1 && !strcmp(argv[1], "restore")) {
		restore_checks(argv + 2);
		argc = 2;
	}
	if (argc == 2 && !strcmp(argv[1], "timer"))
		timer_checks();
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		for (n = 1; n < argc && strcmp(argv[n], groups[i].name); n++)
			;
		if (argc > 1 && n == argc)
			continue;
		printf("%s\n", groups[i].name);
		groups[i].checks();
	}
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
