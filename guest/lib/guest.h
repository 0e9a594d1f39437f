/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The library of the guest programs.
 *
 * A program prints what it observes, on the second UART, and judges nothing: the same binary runs
 * on the bare machine and in a VM, and the two transcripts must be equal (guest/compare). Nothing
 * may be printed that differs from run to run, such as a time.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "regs.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PAGE_SIZE     4096

/* The program. Returning ends it. */
void test(void);

/* --- print.c --- */

/*
 * print: to the transcript. say: free text to the first UART, not compared.
 * Conversions: %s %c %d %u %x, %%; width, '0' and '-' as in C.
 */
void print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * A line for what the manual demands and QEMU's own 440 does otherwise: "~ NAME: ok", or what was
 * expected and seen. Compared by another rule than the rest: the VM must say ok, the bare machine
 * may say anything.
 */
void manual(const char *name, u32 got, u32 expected);

void uart_init(void);
_Noreturn void finish(void);

/* --- vectors.S, guest.c: running code and catching its interrupt --- */

struct cpu {
	u32 gpr[32];
	u32 cr, xer, lr, ctr;
	u32 pc, msr; /* at an interrupt: xSRR0 and xSRR1 of its class */
	u32 vec; /* VEC_*, from here on written by the interrupt only */
	u32 entry_msr;
	u32 esr, dear;
};

_Static_assert(offsetof(struct cpu, cr) == CPU_CR, "regs.h");
_Static_assert(offsetof(struct cpu, xer) == CPU_XER, "regs.h");
_Static_assert(offsetof(struct cpu, lr) == CPU_LR, "regs.h");
_Static_assert(offsetof(struct cpu, ctr) == CPU_CTR, "regs.h");
_Static_assert(offsetof(struct cpu, pc) == CPU_PC, "regs.h");
_Static_assert(offsetof(struct cpu, msr) == CPU_MSR, "regs.h");
_Static_assert(offsetof(struct cpu, vec) == CPU_VEC, "regs.h");
_Static_assert(offsetof(struct cpu, entry_msr) == CPU_ENTRY_MSR, "regs.h");
_Static_assert(offsetof(struct cpu, esr) == CPU_ESR, "regs.h");
_Static_assert(offsetof(struct cpu, dear) == CPU_DEAR, "regs.h");

/*
 * Runs the state (all of it, from pc with msr) until the next interrupt, of whichever class, and
 * leaves the state at the interrupt there. Calling it again resumes. The interrupt's vector is the
 * library's unless the program has moved IVPR or an IVOR. Uses SRR0 and SRR1, no SPRG.
 */
void cpu_run(struct cpu *cpu);

/* Distinct values in all registers, pc = CODE_EA. */
void cpu_init(struct cpu *cpu, u32 msr);

/*
 * Points an IVOR to a snippet of the program's own (at most 64 words, one at a time), or back to
 * the library's.
 */
void vector_install(u32 vec, const u32 *words, const u32 *end);
void vector_restore(u32 vec);

const char *vec_name(u32 vec);

/*
 * Prints one line: the name, the interrupt with its registers, and every register of *now that
 * differs from *before.
 */
void show(const char *name, const struct cpu *before, const struct cpu *now);

/*
 * Only the interrupt's part of that line: vector, SRR0, SRR1, ESR and DEAR where the vector
 * defines them, and the MSR at its entry where it is not 0. What is left out, because QEMU
 * differs:
 * - SRR1 of a program interrupt: bits 0x1e0000 (QEMU adds 0x80000 illegal, 0x40000 privileged,
 *   0x20000 trap, 0x100000 floating point)
 * - ESR of an alignment interrupt (QEMU does not write it)
 * - CE and DE of the MSR at entry (QEMU clears them on all interrupts; the manual, p. 180:
 *   kept on non-critical ones)
 */
void show_interrupt(const struct cpu *now);
#define SRR1_PROGRAM_MASK (~0x001e0000u)
#define ENTRY_MSR_MASK	  (~(MSR_CE | MSR_DE))

_Noreturn void unexpected(void);
void expect_none(void);

/* --- code.c: code to be run by cpu_run --- */

#define CODE_EA	  0x40000000
#define CODE_SLOT 0

extern u8 code_page[PAGE_SIZE];

/*
 * Copies the words into code_page, adds sc, makes it visible to instruction fetch, and maps it with
 * all rights at CODE_EA (4K, AS 0, TID 0, slot CODE_SLOT).
 */
void code_load(const u32 *words, const u32 *end);

/*
 * SNIPPET(name, "text"): position-independent assembly in read-only data;
 * code_snippet(name) loads it.
 */
#define SNIPPET(name, text)                                     \
	asm(".pushsection .rodata\n"                            \
	    ".balign 4\n" #name ":\n" text "\n" #name "_end:\n" \
	    ".popsection");                                     \
	extern const u32 name[], name##_end[]
#define code_snippet(name) code_load(name, name##_end)

/*
 * Tables of short code, each row named by its own source text (at most 6 words, labels only by
 * "."):
 *
 *	ROW(table, ROW_BOTH, "mfmsr 5");
 *	ROW_TABLE(table);
 *
 * makes table_begin and table_end.
 */
struct row {
	const char *name;
	u32 flags; /* ROW_USER, ROW_SUPERVISOR; the program's own above */
	u32 count; /* words used */
	u32 words[6];
};

#define ROW_USER       1
#define ROW_SUPERVISOR 2
#define ROW_BOTH       3
#define ROW_STR(x)     #x

#define ROW(table, flags, text) ROW_NAMED(table, flags, text, text)
#define ROW_NAMED(table, flags, name, text)                    \
	asm(".pushsection .rodata\n"                           \
	    "91: .asciz \"" name "\"\n"                        \
	    ".popsection\n"                                    \
	    ".pushsection " #table ", \"a\"\n"                 \
	    ".balign 4\n"                                      \
	    ".long 91b, " ROW_STR(flags) ", (93f - 92f) / 4\n" \
					 "92: " text "\n"      \
					 "93: .org 92b + 24\n" \
					 ".popsection")

/* The linker makes the __start and __stop symbols. */
#define ROW_TABLE(table)                                                \
	extern const struct row __start_##table[], __stop_##table[];    \
	static const struct row *const table##_begin = __start_##table; \
	static const struct row *const table##_end = __stop_##table

/* dcbst, sync, iccci, isync: the bytes may be executed, under any address. */
void code_sync(void *start, u32 size);

/*
 * One access, by code at CODE_EA that probe_init() puts there; the outcome is in *cpu.
 * load: r3 = the word. fetch: executes what stands at ea (an sc, say).
 */
void probe_init(void);
void probe_load(struct cpu *cpu, u32 ea, u32 msr);
void probe_store(struct cpu *cpu, u32 ea, u32 value, u32 msr);
void probe_fetch(struct cpu *cpu, u32 ea, u32 msr);
#define INSN_SC 0x44000002

/* Registers by number (0..1023) known at run time only. */
u32 spr_read(u32 spr);
void spr_write(u32 spr, u32 value);

/* --- tlb.c --- */

struct tlb_entry {
	u32 word[3];
	u32 tid;
};

/*
 * Writes a slot (0..63): invalid first, then words 1, 2, 0, then isync. Leaves MMUCR[STID] = tid.
 */
void tlb_set(u32 slot, u32 word0, u32 tid, u32 word1, u32 word2);
void tlb_clear(u32 slot);
/* Clears every slot but the two of the library. */
void tlb_clear_all(void);
void tlb_get(u32 slot, struct tlb_entry *e);
/* tlbsx. with this MMUCR[STS] and [STID]: the slot, or -1. */
int tlb_search(u32 ea, u32 sts, u32 stid);

/* 4K page of RAM at pa, AS 0. */
static inline void map_4k(u32 slot, u32 ea, u32 tid, const void *pa, u32 rights)
{
	tlb_set(slot, ea | TLB_V | TLB_4K, tid, (u32)pa, rights);
}

#define TLB_ALL (TLB_UX | TLB_UW | TLB_UR | TLB_SX | TLB_SW | TLB_SR)

/* --- misc --- */

/* The interrupt controller: DCRs from 0xc0 on. */
#define UIC_SR	0xc0 /* write 1 to clear */
#define UIC_SRS 0xc1 /* write 1 to set */
#define UIC_ER	0xc2
#define UIC_CR	0xc3
#define UIC_PR	0xc4
#define UIC_TR	0xc5
#define UIC_MSR 0xc6
#define UIC_VR	0xc7
#define UIC_VCR 0xc8

#define mfdcr(n)                                                             \
	({                                                                   \
		u32 v_;                                                      \
		asm volatile("mfdcr %0, %1" : "=r"(v_) : "i"(n) : "memory"); \
		v_;                                                          \
	})
#define mtdcr(n, v) asm volatile("mtdcr %0, %1" : : "i"(n), "r"((u32)(v)) : "memory")

#define mfspr(n)                                                             \
	({                                                                   \
		u32 v_;                                                      \
		asm volatile("mfspr %0, %1" : "=r"(v_) : "i"(n) : "memory"); \
		v_;                                                          \
	})
#define mtspr(n, v) asm volatile("mtspr %0, %1" : : "i"(n), "r"((u32)(v)) : "memory")
#define isync()	    asm volatile("isync" : : : "memory")

static inline u32 mfmsr(void)
{
	u32 v;

	asm volatile("mfmsr %0" : "=r"(v) : : "memory");
	return v;
}

static inline u64 timebase(void)
{
	u32 hi, lo, again;

	do {
		asm volatile("mftbu %0; mftb %1; mftbu %2" : "=r"(hi), "=r"(lo), "=r"(again));
	} while (hi != again);
	return (u64)hi << 32 | lo;
}

/*
 * Waits until these bits of TSR are set, so many ticks at most: TSR in the end. QEMU's own 440
 * never sets those of the fixed interval timer and the watchdog.
 */
u32 tsr_wait(u32 bits, u64 ticks);

/* Bound of every wait: 5 s at 400 MHz. */
#define TIMEOUT 2000000000ull

/* Pseudo-random words, the same on every run. */
u32 random_u32(u32 *state);

void *memset(void *p, int c, size_t n);
void *memcpy(void *to, const void *from, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);

extern u32 boot_fdt; /* r3 at entry */

#endif
