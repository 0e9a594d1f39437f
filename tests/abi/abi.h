/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the user ABI share: checks, VMs and code for them.
 */
#ifndef ABI_H
#define ABI_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <kvm44x.h>

#define MB (1u << 20)

/* Prints what is not so and goes on; from any thread */
void check(int ok, const char *file, int line, const char *condition);

#define CHECK(condition) check(!!(condition), __FILE__, __LINE__, #condition)

/* The call must fail with this error */
#define REFUSED(error, call) CHECK((errno = 0, (call) < 0) && errno == (error))

struct vm {
	int vm, vcpu;
	struct kvm_run *run;
	uint8_t *ram; /* at 0, slot 0 */
	size_t size;
};

extern int kvm; /* /dev/kvm */
extern int run_size;

/* With a megabyte of ordinary memory, or with what the caller says */
void create(struct vm *vm);
void create_sized(struct vm *vm, size_t size, int contiguous);
/* In two steps */
void create_vm(struct vm *vm, size_t size, int contiguous);
void create_vcpu(struct vm *vm);
void destroy(struct vm *vm);
/* Ordinary memory of the host; NULL is a failed check */
void *pages(size_t size);
int region(struct vm *vm, uint32_t slot, uint32_t flags, uint64_t gpa, uint64_t size,
	   const void *host);

int run(struct vm *vm);
/* Runs; is the exit this one? */
int stopped(struct vm *vm);
int mmio(struct vm *vm, uint64_t gpa, int is_write);

uint32_t gpr(struct vm *vm, int n);
int get(struct vm *vm, uint64_t id, void *value);
int set(struct vm *vm, uint64_t id, const void *value);
/* The same where it must work, and has 32 bits */
uint32_t word_of(struct vm *vm, uint64_t id);
void set_word(struct vm *vm, uint64_t id, uint32_t word);
uint64_t time_base(void);
/* A statistic of the vCPU, by its name */
uint64_t statistic(struct vm *vm, const char *name);
int interrupt(struct vm *vm, uint32_t what);
/* The alarm ends run(); it comes again until then, since the first one may come too early */
void alarm_in(unsigned int ms);
void alarm_in_us(unsigned int us);

/* Put instructions at an address of the guest's, and make it go on there */
void code(struct vm *vm, uint32_t at, const uint32_t *words, unsigned int count);

#define CODE(vm, at, ...)                               \
	code(vm, at, (const uint32_t[]){ __VA_ARGS__ }, \
	     sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* Instructions, by their fields */
#define D_FORM(op, rt, ra, imm) ((op) << 26 | (rt) << 21 | (ra) << 16 | ((imm)&0xffff))
#define X_FORM(rt, ra, rb, xo)	(31u << 26 | (rt) << 21 | (ra) << 16 | (rb) << 11 | (xo) << 1)
#define SPR(n)			(((n)&31) << 16 | ((n) >> 5 & 31) << 11)
#define LI(rt, imm)		D_FORM(14u, rt, 0, imm)
#define LIS(rt, imm)		D_FORM(15u, rt, 0, imm)
#define ORI(ra, rs, imm)	D_FORM(24u, rs, ra, imm)
#define ADDI(rt, ra, imm)	D_FORM(14u, rt, ra, imm)
#define ADD(rt, ra, rb)		X_FORM(rt, ra, rb, 266)
#define MULLW(rt, ra, rb)	X_FORM(rt, ra, rb, 235)
#define STWX(rs, ra, rb)	X_FORM(rs, ra, rb, 151)
#define RLWINM(ra, rs, sh, mb, me) \
	(21u << 26 | (rs) << 21 | (ra) << 16 | (sh) << 11 | (mb) << 6 | (me) << 1)
#define MFMSR(rt)	  X_FORM(rt, 0, 0, 83)
#define TLBRE(rt, ra, ws) X_FORM(rt, ra, ws, 946)
#define TLBWE(rs, ra, ws) X_FORM(rs, ra, ws, 978)
#define BEQ(offset)	  (0x41820000u | ((offset)&0xfffc))
#define CMPWI(ra, imm)	  D_FORM(11u, 0, ra, imm)
#define CMPW(ra, rb)	  X_FORM(0, ra, rb, 0)
#define LWZ(rt, ra, imm)  D_FORM(32u, rt, ra, imm)
#define LWZU(rt, ra, imm) D_FORM(33u, rt, ra, imm)
#define LHA(rt, ra, imm)  D_FORM(42u, rt, ra, imm)
#define LWBRX(rt, ra, rb) X_FORM(rt, ra, rb, 534)
#define STW(rt, ra, imm)  D_FORM(36u, rt, ra, imm)
#define STWU(rt, ra, imm) D_FORM(37u, rt, ra, imm)
#define STB(rt, ra, imm)  D_FORM(38u, rt, ra, imm)
#define STH(rt, ra, imm)  D_FORM(44u, rt, ra, imm)
#define LMW(rt, ra, imm)  D_FORM(46u, rt, ra, imm)
#define STMW(rt, ra, imm) D_FORM(47u, rt, ra, imm)
#define B(offset)	  (0x48000000u | ((offset)&0x03fffffc))
#define BNE(offset)	  (0x40820000u | ((offset)&0xfffc))
#define BDNZ(offset)	  (0x42000000u | ((offset)&0xfffc))
#define RFI		  0x4c000064u
#define RFCI		  0x4c000066u
#define SC		  0x44000002u
#define MTMSR(rs)	  X_FORM(rs, 0, 0, 146)
#define MTSPR(n, rs)	  (X_FORM(rs, 0, 0, 467) | SPR(n))
#define MFSPR(rt, n)	  (X_FORM(rt, 0, 0, 339) | SPR(n))
#define MFDCR(rt, n)	  (X_FORM(rt, 0, 0, 323) | SPR(n))
#define MTDCR(n, rs)	  (X_FORM(rs, 0, 0, 451) | SPR(n))
#define MFDCRX(rt, ra)	  X_FORM(rt, ra, 0, 259)
#define MTDCRX(ra, rs)	  X_FORM(rs, ra, 0, 387)
/* mfdcr of this DCR ends a piece of code: user space sees it */
#define END		  0x3ff
#define STOP		  MFDCR(0, END)

/* SPR numbers */
#define CTR    9
#define DEC    22
#define SRR1   27
#define PID    48
#define DECAR  54
#define CSRR1  59
#define ESR    62
#define IVPR   63
#define SPRG0  272
#define PVR    287
#define DBSR   304
#define DBCR0  308
#define TSR    336
#define TCR    340
#define IVOR0  400
#define IVOR4  404
#define IVOR6  406
#define IVOR8  408
#define MCSRR0 570
#define MCSR   572
#define MMUCR  946

#define MSR_CE	  0x20000
#define MSR_EE	  0x8000
#define MSR_ME	  0x1000
#define MSR_PR	  0x4000
#define ESR_PPR	  0x04000000
#define MSR_WE	  0x40000
#define TCR_WP(n) ((uint32_t)(n) << 30)
#define TCR_WRC	  0x30000000
#define TCR_WIE	  0x08000000
#define TCR_DIE	  0x04000000
#define TCR_FP(n) ((uint32_t)(n) << 24)
#define TCR_FIE	  0x00800000
#define TSR_ENW	  0x80000000
#define TSR_WIS	  0x40000000
#define TSR_WRS	  0x30000000
#define TSR_DIS	  0x08000000
#define TSR_FIS	  0x04000000

/* The groups of checks; main.c lists them */
void system_checks(void);
void memory_checks(void);
void dirty_checks(void);
void bus_checks(void);
void irqchip_checks(void);
void exit_checks(void);
void debug_checks(void);
void access_checks(void);
void register_checks(void);
void timer_checks(void);
void qemu_checks(void);
void race_checks(void);

/* Programs of guest/, stopped again and again to go on in another VM */
void restore_checks(char **files);
/* The one of guest/torture, with this command line: prints what it prints */
void restore_torture(const char *file, const char *args);

/* Random calls for a time */
void fuzz(unsigned int seconds, uint64_t first_seed);

/* A line for each: its id, and the name that the headers have for it */
void print_registers(void);

#endif
