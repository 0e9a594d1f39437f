// SPDX-License-Identifier: GPL-2.0-only
#include "guest.h"

#define CACHE_LINE 32

#define INSN_SC	      0x44000002
#define INSN_BLR      0x4e800020
#define INSN_MFSPR_R3 0x7c6002a6
#define INSN_MTSPR_R3 0x7c6003a6

u8 code_page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

void code_sync(void *start, u32 size)
{
	u32 p = (u32)start & -CACHE_LINE;

	for (; p < (u32)start + size; p += CACHE_LINE)
		asm volatile("dcbst 0, %0" : : "r"(p) : "memory");
	/* icbi would reach one virtual tag only (chapter 4 of the manual); iccci reaches all. */
	asm volatile("sync; iccci 0, 0; isync" : : : "memory");
}

void code_load(const u32 *words, const u32 *end)
{
	u32 *to = (u32 *)code_page;

	while (words < end)
		*to++ = *words++;
	*to = INSN_SC;
	code_sync(code_page, (u32)(to + 1) - (u32)code_page);
	map_4k(CODE_SLOT, CODE_EA, 0, code_page, TLB_ALL);
}

SNIPPET(probes, "lwz 3, 0(4); sc; stw 5, 0(4)");

void probe_init(void)
{
	code_snippet(probes);
}

void probe_load(struct cpu *cpu, u32 ea, u32 msr)
{
	cpu_init(cpu, msr);
	cpu->gpr[4] = ea;
	cpu_run(cpu);
}

void probe_store(struct cpu *cpu, u32 ea, u32 value, u32 msr)
{
	cpu_init(cpu, msr);
	cpu->pc = CODE_EA + 8;
	cpu->gpr[4] = ea;
	cpu->gpr[5] = value;
	cpu_run(cpu);
}

void probe_fetch(struct cpu *cpu, u32 ea, u32 msr)
{
	cpu_init(cpu, msr);
	cpu->pc = ea;
	cpu_run(cpu);
}

/* The SPR field has its two halves swapped. */
static u32 spr_field(u32 spr)
{
	return (spr & 31) << 16 | (spr >> 5 & 31) << 11;
}

static u32 spr_code[2];

u32 spr_read(u32 spr)
{
	spr_code[0] = INSN_MFSPR_R3 | spr_field(spr);
	spr_code[1] = INSN_BLR;
	code_sync(spr_code, sizeof(spr_code));
	return ((u32(*)(void))spr_code)();
}

void spr_write(u32 spr, u32 value)
{
	spr_code[0] = INSN_MTSPR_R3 | spr_field(spr);
	spr_code[1] = INSN_BLR;
	code_sync(spr_code, sizeof(spr_code));
	((void (*)(u32))spr_code)(value);
	isync();
}
