// SPDX-License-Identifier: GPL-2.0-only
#include "guest.h"

static inline void set_mmucr(u32 v)
{
	mtspr(SPR_MMUCR, v);
	isync();
}

void tlb_clear(u32 slot)
{
	asm volatile("tlbwe %0, %1, 0; isync" : : "r"(0), "r"(slot) : "memory");
}

void tlb_set(u32 slot, u32 word0, u32 tid, u32 word1, u32 word2)
{
	tlb_clear(slot);
	set_mmucr(tid);
	asm volatile("tlbwe %0, %1, 1" : : "r"(word1), "r"(slot) : "memory");
	asm volatile("tlbwe %0, %1, 2" : : "r"(word2), "r"(slot) : "memory");
	asm volatile("tlbwe %0, %1, 0; isync" : : "r"(word0), "r"(slot) : "memory");
}

void tlb_clear_all(void)
{
	u32 slot;

	for (slot = 0; slot < SLOT_UART; slot++)
		tlb_clear(slot);
}

void tlb_get(u32 slot, struct tlb_entry *e)
{
	asm volatile("tlbre %0, %1, 0" : "=r"(e->word[0]) : "r"(slot) : "memory");
	isync();
	e->tid = mfspr(SPR_MMUCR) & 0xff;
	asm volatile("tlbre %0, %1, 1" : "=r"(e->word[1]) : "r"(slot));
	asm volatile("tlbre %0, %1, 2" : "=r"(e->word[2]) : "r"(slot));
}

int tlb_search(u32 ea, u32 sts, u32 stid)
{
	u32 cr;
	int slot;

	set_mmucr((sts ? MMUCR_STS : 0) | stid);
	asm volatile("tlbsx. %0, 0, %2; mfcr %1" : "=&r"(slot), "=r"(cr) : "r"(ea) : "cr0");
	set_mmucr(0);
	return cr & 0x20000000 ? slot : -1;
}
