// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cache instructions: what they do to memory, and code that is written and then run.
 *
 * QEMU has no caches: a missing invalidation shows on silicon only. So each sequence here is
 * complete by the manual (chapter 4), and what is compared is that it works, not that it is
 * needed. dcbi only on lines written back before; dcbz not on I or W pages (an alignment
 * interrupt on a 440, none on QEMU).
 */
#include "guest.h"

#define EA     0x60000000
#define RIGHTS (TLB_UR | TLB_UW | TLB_SR | TLB_SW)
#define SLOT   5

static u8 page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

/* r4 = EA of the page + 0x45: inside the line 0x40..0x5f. r5 = 0 */
ROW(ops, ROW_BOTH, "dcbz 0, 4");
ROW(ops, ROW_BOTH, "dcbz 4, 5");
ROW(ops, ROW_BOTH, "dcbst 0, 4; sync");
ROW(ops, ROW_BOTH, "dcbf 0, 4; sync");
ROW(ops, ROW_BOTH, "dcba 0, 4");
ROW(ops, ROW_BOTH, "dcbt 0, 4");
ROW(ops, ROW_BOTH, "dcbtst 0, 4");
ROW(ops, ROW_BOTH, "icbt 0, 0, 4");
ROW(ops, ROW_BOTH, "icbi 0, 4");
ROW(ops, ROW_BOTH, "stw 6, -5(4); dcbf 0, 4; sync; lwz 7, -5(4)");
ROW(ops, ROW_BOTH, "dcbz 0, 4; stw 6, -5(4); dcbst 0, 4; lwz 7, -5(4)");
ROW(ops, ROW_SUPERVISOR, "dcbf 0, 4; sync; dcbi 0, 4; sync");
ROW(ops, ROW_SUPERVISOR, "stw 6, -5(4); dcbst 0, 4; sync; dcbi 0, 4; sync; lwz 7, -5(4)");
ROW(ops, ROW_SUPERVISOR, "iccci 0, 0; isync");
ROW(ops, ROW_SUPERVISOR, "icread 0, 4; isync");
ROW_TABLE(ops);

static void effects(void)
{
	const struct row *r;
	struct cpu before, now;
	u32 pr, n;

	for (r = ops_begin; r < ops_end; r++)
		for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
			u32 first = 0, last = 0, sum = 0;

			if (!(r->flags & (pr ? ROW_USER : ROW_SUPERVISOR)))
				continue;
			code_load(r->words, r->words + r->count);
			for (n = 0; n < PAGE_SIZE; n++)
				page[n] = 0x80 | n;
			cpu_init(&before, pr);
			before.gpr[4] = EA + 0x45;
			before.gpr[5] = 0;
			now = before;
			cpu_run(&now);
			for (n = PAGE_SIZE; n-- > 0;) {
				sum = sum * 31 + page[n];
				if (page[n] == (u8)(0x80 | n))
					continue;
				first = n;
				last = last ? last : n;
			}
			print("%s %08x changed %03x-%03x ", pr ? "user" : "supv", sum, first, last);
			show(r->name, &before, &now);
		}
}

/* r4 = EA + 0x800: of a device's page, where nothing is */
ROW(on_device, ROW_BOTH, "dcbst 0, 4; sync");
ROW(on_device, ROW_BOTH, "dcbf 0, 4; sync");
ROW(on_device, ROW_BOTH, "dcba 0, 4");
ROW(on_device, ROW_BOTH, "dcbt 0, 4");
ROW(on_device, ROW_BOTH, "dcbtst 0, 4");
ROW(on_device, ROW_BOTH, "icbt 0, 0, 4");
ROW(on_device, ROW_BOTH, "icbi 0, 4; isync");
ROW(on_device, ROW_SUPERVISOR, "dcbi 0, 4");
ROW_TABLE(on_device);

SNIPPET(zero, "dcbz 0, 4");

static void devices(void)
{
	static const u32 rights[] = { RIGHTS, TLB_UR | TLB_SR, TLB_UX | TLB_SX };
	const struct row *r;
	struct cpu before, now;
	u32 pr, n;

	for (n = 0; n < ARRAY_SIZE(rights); n++) {
		map_4k(SLOT, EA, 0, (void *)UART_PAGE, rights[n] | TLB_I | TLB_G);
		for (r = on_device_begin; r < on_device_end; r++)
			for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
				/* dcbi needs more rights on QEMU */
				if (!(r->flags & (pr ? ROW_USER : ROW_SUPERVISOR)) ||
				    (n && (r->flags & ROW_BOTH) == ROW_SUPERVISOR))
					continue;
				code_load(r->words, r->words + r->count);
				cpu_init(&before, pr);
				before.gpr[4] = EA + 0x800;
				now = before;
				cpu_run(&now);
				print("%s device, rights %02x ", pr ? "user" : "supv", rights[n]);
				show(r->name, &before, &now);
			}
	}
	map_4k(SLOT, EA, 0, (void *)UART_PAGE, RIGHTS | TLB_I | TLB_G);
	code_snippet(zero);
	cpu_init(&now, 0);
	now.gpr[4] = EA + 0x805;
	cpu_run(&now);
	/* manual 6.5.7 */
	manual("dcbz of a device's line is an alignment interrupt", now.vec, VEC_ALIGNMENT);
	manual("... for its address", now.dear, EA + 0x805);
	manual("... of a store", now.esr, ESR_ST);
	map_4k(SLOT, EA, 0, page, RIGHTS);
}

/*
 * dccci throws away all dirty lines, so first all memory in use (the low 2 MB) is written back,
 * with no store before the dccci. The program goes on, and finds its memory.
 */
SNIPPET(invalidate_all,
	"mtctr 5; 1: dcbf 0, 4; addi 4, 4, 32; bdnz 1b; sync; dccci 0, 0; sync; isync");

static void whole_data_cache(void)
{
	struct cpu cpu;
	u32 n, wrong = 0;

	for (n = 0; n < PAGE_SIZE; n++)
		page[n] = n * 5;
	code_snippet(invalidate_all);
	cpu_init(&cpu, 0);
	cpu.gpr[4] = 0;
	cpu.gpr[5] = 0x200000 / 32;
	cpu_run(&cpu);
	for (n = 0; n < PAGE_SIZE; n++)
		wrong += page[n] != (u8)(n * 5);
	print("dccci: %s, %u bytes lost\n", vec_name(cpu.vec), wrong);
}

/*
 * The code writes "li 3, n" over its own last instruction but one, makes it visible in the way a
 * user can, and runs it. r4 = where, r5 = the instruction.
 */
SNIPPET(self_modifying, "stw 5, 0(4); dcbst 0, 4; sync; icbi 0, 4; sync; isync; nop; li 3, -1\n"
			"nop");
#define MODIFIED 28 /* offset of the li */

static void modifies_itself(void)
{
	struct cpu cpu;
	u32 n, pr, wrong;

	for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
		wrong = 0;
		code_snippet(self_modifying);
		for (n = 0; n < 50; n++) {
			cpu_init(&cpu, pr);
			cpu.gpr[4] = CODE_EA + MODIFIED;
			cpu.gpr[5] = 0x38600000 | n;
			cpu_run(&cpu);
			wrong += cpu.vec != VEC_SC || cpu.gpr[3] != n;
		}
		print("%s modifies itself: wrong=%u\n", pr ? "user" : "supv", wrong);
	}
}

/* Written through another address, by the supervisor; iccci is what reaches every virtual tag. */
static void modified_by_others(void)
{
	struct cpu cpu;
	u32 *code = (u32 *)page;
	u32 n, pid, wrong = 0;

	code[1] = INSN_SC;
	map_4k(SLOT, EA, 0, page, TLB_UX | TLB_SX);
	map_4k(SLOT + 1, EA + 0x5000, 7, page, TLB_UX | TLB_UR | TLB_UW);
	for (n = 0; n < 100; n++) {
		code[0] = 0x38600000 | n; /* li 3, n */
		code_sync(code, 8);
		cpu_init(&cpu, n & 1 ? MSR_PR : 0);
		cpu.pc = EA;
		pid = n & 2 ? 7 : 0;
		mtspr(SPR_PID, pid);
		isync();
		if (pid && (n & 4)) {
			cpu.msr = MSR_PR;
			cpu.pc = EA + 0x5000;
		}
		cpu_run(&cpu);
		mtspr(SPR_PID, 0);
		wrong += cpu.vec != VEC_SC || cpu.gpr[3] != n;
	}
	print("modified by the supervisor: wrong=%u\n", wrong);
}

/* A code page that is mapped to another one: the address's old lines must not be run. */
static void remapped(void)
{
	static u8 others[4][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
	struct cpu cpu;
	u32 n, wrong = 0;

	for (n = 0; n < 4; n++) {
		((u32 *)others[n])[0] = 0x38600070 | n; /* li 3, 0x70 + n */
		((u32 *)others[n])[1] = INSN_SC;
	}
	code_sync(others, sizeof(others));
	for (n = 0; n < 100; n++) {
		map_4k(SLOT, EA, 0, others[n & 3], TLB_UX | TLB_SX);
		asm volatile("iccci 0, 0; isync" : : : "memory");
		cpu_init(&cpu, n & 4 ? MSR_PR : 0);
		cpu.pc = EA;
		cpu_run(&cpu);
		wrong += cpu.vec != VEC_SC || cpu.gpr[3] != 0x70 + (n & 3);
	}
	print("remapped: wrong=%u\n", wrong);
}

void test(void)
{
	map_4k(SLOT, EA, 0, page, RIGHTS);
	effects();
	devices();
	whole_data_cache();
	modifies_itself();
	modified_by_others();
	remapped();
}
