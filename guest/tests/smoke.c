// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first program to run on a new machine: each step leans only on the ones before it. Text on
 * both UARTs, an SPR, a system call and a privileged instruction from user state, a TLB miss that
 * is repaired and resumed.
 */
#include "guest.h"

SNIPPET(call, "addi 3, 3, 1");
SNIPPET(privileged, "mfmsr 3");
SNIPPET(load, "lwz 3, 0(4)");

#define DATA_EA 0x50000000

static u32 data[PAGE_SIZE / 4] __attribute__((aligned(PAGE_SIZE)));

void test(void)
{
	struct cpu before, now;

	say("smoke: running\n");
	print("hello\n");
	print("fdt %s\n", *(u32 *)boot_fdt == 0xd00dfeed ? "ok" : "missing");
	print("msr=%08x\n", mfmsr());
	mtspr(SPR_SPRG0, 0x12345678);
	print("sprg0=%08x\n", mfspr(SPR_SPRG0));

	code_snippet(call);
	cpu_init(&before, 0);
	now = before;
	cpu_run(&now);
	show("sc supervisor", &before, &now);
	cpu_init(&before, MSR_PR);
	now = before;
	cpu_run(&now);
	show("sc user", &before, &now);

	code_snippet(privileged);
	now = before;
	cpu_run(&now);
	show("mfmsr user", &before, &now);

	code_snippet(load);
	data[0] = 0xcafef00d;
	before.gpr[4] = DATA_EA;
	now = before;
	cpu_run(&now);
	show("lwz unmapped", &before, &now);
	map_4k(1, DATA_EA, 0, data, TLB_UR);
	cpu_run(&now);
	show("lwz mapped", &before, &now);
}
