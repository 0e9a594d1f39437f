// SPDX-License-Identifier: GPL-2.0-only
#include "guest.h"

extern u8 vectors[];
extern u32 vector_spare[];
struct cpu unexpected_cpu;
u32 boot_fdt;

void guest_start(u32 fdt);

void guest_start(u32 fdt)
{
	u32 n;

	boot_fdt = fdt;
	uart_init();
	expect_none();
	mtspr(SPR_IVPR, vectors);
	for (n = 0; n < NR_VEC; n++)
		vector_restore(n);
	mtspr(SPR_TSR, ~0u);
	test();
	finish();
}

static const char *const vec_names[NR_VEC] = {
	"critical", "mcheck",	 "dsi",	 "isi",	      "external",    "alignment",
	"program",  "fpunavail", "sc",	 "apunavail", "decrementer", "fit",
	"watchdog", "dtlb",	 "itlb", "debug",
};

const char *vec_name(u32 vec)
{
	return vec < NR_VEC ? vec_names[vec] : "?";
}

void vector_install(u32 vec, const u32 *words, const u32 *end)
{
	memcpy(vector_spare, words, (u8 *)end - (u8 *)words);
	code_sync(vector_spare, (u8 *)end - (u8 *)words);
	spr_write(SPR_IVOR0 + vec, (u32)vector_spare & 0xffff);
}

void vector_restore(u32 vec)
{
	spr_write(SPR_IVOR0 + vec, 16 * vec);
}

void cpu_init(struct cpu *cpu, u32 msr)
{
	u32 n;

	memset(cpu, 0, sizeof(*cpu));
	for (n = 0; n < 32; n++)
		cpu->gpr[n] = 0xa0a00000 + n * 0x0101;
	cpu->cr = 0x13579bdf;
	cpu->xer = 0;
	cpu->lr = 0xb0b0b0b0;
	cpu->ctr = 0xc0c0c0c0;
	cpu->pc = CODE_EA;
	cpu->msr = msr;
}

void show_interrupt(const struct cpu *now)
{
	u32 srr1 = now->msr;

	if (now->vec == VEC_PROGRAM)
		srr1 &= SRR1_PROGRAM_MASK;
	print("%s srr0=%08x srr1=%08x", vec_name(now->vec), now->pc, srr1);
	switch (now->vec) {
	case VEC_DSI:
	case VEC_DTLB:
		print(" esr=%08x dear=%08x", now->esr, now->dear);
		break;
	case VEC_ISI:
	case VEC_PROGRAM:
		print(" esr=%08x", now->esr);
		break;
	case VEC_ALIGNMENT:
		print(" dear=%08x", now->dear);
		break;
	}
	if (now->entry_msr & ENTRY_MSR_MASK)
		print(" emsr=%08x", now->entry_msr & ENTRY_MSR_MASK);
}

void show(const char *name, const struct cpu *before, const struct cpu *now)
{
	u32 n;

	print("%s -> ", name);
	show_interrupt(now);
	for (n = 0; n < 32; n++)
		if (now->gpr[n] != before->gpr[n])
			print(" r%u=%08x", n, now->gpr[n]);
	if (now->cr != before->cr)
		print(" cr=%08x", now->cr);
	if (now->xer != before->xer)
		print(" xer=%08x", now->xer);
	if (now->lr != before->lr)
		print(" lr=%08x", now->lr);
	if (now->ctr != before->ctr)
		print(" ctr=%08x", now->ctr);
	print("\n");
}

/* An interrupt that no cpu_run() waits for: the program is wrong, or the machine. */
void unexpected(void)
{
	const struct cpu *c = &unexpected_cpu;

	expect_none();
	print("\nUNEXPECTED %s srr0=%08x srr1=%08x esr=%08x dear=%08x lr=%08x\n", vec_name(c->vec),
	      c->pc, c->msr, c->esr, c->dear, c->lr);
	say("unexpected %s at %08x, lr %08x\n", vec_name(c->vec), c->pc, c->lr);
	finish();
}

u32 tsr_wait(u32 bits, u64 ticks)
{
	u64 start = timebase();
	u32 tsr;

	do {
		tsr = mfspr(SPR_TSR);
	} while ((tsr & bits) != bits && timebase() - start < ticks);
	return tsr;
}

u32 random_u32(u32 *state)
{
	/* xorshift32; 0 is its fixed point */
	u32 x = *state ? *state : 1;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

void *memset(void *p, int c, size_t n)
{
	u8 *b = p;

	while (n--)
		*b++ = c;
	return p;
}

void *memcpy(void *to, const void *from, size_t n)
{
	u8 *t = to;
	const u8 *f = from;

	while (n--)
		*t++ = *f++;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}
