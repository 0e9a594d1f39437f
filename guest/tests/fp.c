// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FPU: unavailable and then not, all registers kept over interrupts of all kinds and over
 * times with MSR[FP] = 0, arithmetic in every rounding mode, enabled exceptions.
 *
 * Not here: the delayed form of an enabled exception and ESR[PCRE, PCMP] (not on QEMU), fsqrt
 * (not on a 440).
 */
#include "guest.h"

#define EA     0x60000000
#define RIGHTS (TLB_UR | TLB_UW | TLB_SR | TLB_SW)
#define SLOT   5

static u32 memory[PAGE_SIZE / 4] __attribute__((aligned(PAGE_SIZE)));

#define FPRS	memory /* 32 doubles, then FPSCR as a double */
#define FPSCR	(memory + 64) /* the low word is the register */
#define SAVED	(memory + 128) /* the same, as found */
#define OPERAND (memory + 256)

/* r4 = page */
SNIPPET(load_all, "lfd 0, 256(4); mtfsf 0xff, 0\n"
		  ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, "
		  "20, 21, 22, 23,"
		  " 24, 25, 26, 27, 28, 29, 30, 31\n"
		  "lfd \\n, 8 * \\n(4)\n"
		  ".endr");
SNIPPET(store_all, ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, "
		   "20, 21, 22, 23,"
		   " 24, 25, 26, 27, 28, 29, 30, 31\n"
		   "stfd \\n, 512 + 8 * \\n(4)\n"
		   ".endr\n"
		   "mffs 0; stfd 0, 768(4); lfd 0, 512(4)");

static u32 run(u32 msr)
{
	struct cpu cpu;

	cpu_init(&cpu, msr);
	cpu.gpr[4] = EA;
	cpu_run(&cpu);
	return cpu.vec;
}

static void fill(u32 seed, u32 fpscr)
{
	u32 n;

	for (n = 0; n < 64; n++)
		FPRS[n] = random_u32(&seed);
	FPSCR[0] = 0;
	FPSCR[1] = fpscr;
	code_snippet(load_all);
	n = run(MSR_PR | MSR_FP);
	if (n != VEC_SC)
		print("loading: %s\n", vec_name(n));
}

static void verify(const char *what, u32 msr)
{
	u32 n, wrong = 0, vec;

	memset(SAVED, 0, 264);
	code_snippet(store_all);
	vec = run(msr | MSR_FP);
	for (n = 0; n < 64; n++)
		wrong += SAVED[n] != FPRS[n];
	print("%s: %s, %u words of 64 differ, fpscr=%08x\n", what, vec_name(vec), wrong, SAVED[65]);
}

SNIPPET(trap, "twi 31, 0, 0");
SNIPPET(privileged, "mfmsr 5; mfspr 5, 272; wrteei 0; tlbre 5, 6, 0; mfdcr 5, 0xc2");
SNIPPET(miss, "lwz 5, 0(6)");
SNIPPET(spin, "1: b 1b");
SNIPPET(unavailable, "fmr 1, 2");

/* Registers stay through exits of each kind, with FP on and off. */
static void kept(void)
{
	static const u32 msrs[] = { MSR_PR | MSR_FP, MSR_FP, MSR_PR, 0 };
	static const char *const names[] = { "user FP", "supervisor FP", "user", "supervisor" };
	u32 m, n;

	for (m = 0; m < ARRAY_SIZE(msrs); m++) {
		print("%s\n", names[m]);
		fill(m + 1, m);
		verify("nothing", MSR_PR);
		for (n = 0; n < 10; n++) {
			code_snippet(trap);
			run(msrs[m]);
		}
		verify("traps", 0);
		for (n = 0; n < 10; n++) {
			code_snippet(privileged);
			run(msrs[m]);
		}
		verify("privileged", MSR_PR);
		for (n = 0; n < 10; n++) {
			code_snippet(miss);
			run(msrs[m]);
		}
		verify("misses", 0);
		for (n = 0; n < 10; n++) {
			code_snippet(unavailable);
			run(msrs[m] & ~MSR_FP);
		}
		verify("unavailable", MSR_PR);
		/* long enough for others to run on a busy host */
		for (n = 0; n < 5; n++) {
			code_snippet(spin);
			mtspr(SPR_TCR, TCR_DIE);
			mtspr(SPR_DEC, 4000000);
			run(msrs[m] | MSR_EE);
			mtspr(SPR_TSR, TSR_DIS);
			mtspr(SPR_TCR, 0);
		}
		verify("decrementer", 0);
	}
}

/*
 * As an operating system does it: on "unavailable" FP is switched on and the instruction
 * repeated.
 */
SNIPPET(lazily, "lfd 1, 1024(4); fadd 2, 1, 1; stfd 2, 512(4); mfmsr 5");

static void repaired(void)
{
	struct cpu before, now;

	OPERAND[0] = 0x3ff80000; /* 1.5 */
	OPERAND[1] = 0;
	code_snippet(lazily);
	cpu_init(&before, MSR_PR | MSR_EE);
	before.gpr[4] = EA;
	now = before;
	cpu_run(&now);
	show("FP off", &before, &now);
	now.msr |= MSR_FP;
	cpu_run(&now);
	show("FP on", &before, &now);
	print("1.5 + 1.5 = %08x %08x\n", SAVED[0], SAVED[1]);
	now = before;
	now.msr = MSR_FP;
	cpu_run(&now);
	show("supervisor", &before, &now);
	now = before;
	now.msr = 0;
	cpu_run(&now);
	show("supervisor, FP off", &before, &now);
}

static const u32 values[][2] = {
	{ 0x00000000, 0x00000000 }, /* 0 */
	{ 0x80000000, 0x00000000 }, /* -0 */
	{ 0x3ff00000, 0x00000000 }, /* 1 */
	{ 0xc0080000, 0x00000000 }, /* -3 */
	{ 0x400921fb, 0x54442d18 }, /* pi */
	{ 0x7fefffff, 0xffffffff }, /* the largest */
	{ 0x00100000, 0x00000000 }, /* the smallest normal */
	{ 0x00000000, 0x00000001 }, /* the smallest */
	{ 0x7ff00000, 0x00000000 }, /* infinity */
	{ 0x7ff80000, 0x12345678 }, /* quiet NaN */
	{ 0x7ff40000, 0x00000000 }, /* signalling NaN */
	{ 0x41dfffff, 0xffc00000 }, /* 2^31 - 1 */
};

/* r4 = page; operands f1, f2, f3 at 1024, result f0 to 512, FPSCR to 520 */
ROW(operations, 0, "fadd 0, 1, 2");
ROW(operations, 0, "fsub 0, 1, 2");
ROW(operations, 0, "fmul 0, 1, 2");
ROW(operations, 0, "fdiv 0, 1, 2");
ROW(operations, 0, "fmadd 0, 1, 2, 3");
ROW(operations, 0, "fnmsub 0, 1, 2, 3");
ROW(operations, 0, "fadds 0, 1, 2");
ROW(operations, 0, "fdivs 0, 1, 2");
ROW(operations, 0, "frsp 0, 1");
ROW(operations, 0, "fctiw 0, 1");
ROW(operations, 0, "fctiwz 0, 1");
ROW(operations, 0, "fneg 0, 1");
ROW(operations, 0, "fcmpu 3, 1, 2; fmr 0, 1");
ROW(operations, 0, "fsel 0, 1, 2, 3");
ROW_TABLE(operations);

SNIPPET(before_operation,
	"lfd 4, 256(4); mtfsf 0xff, 4; lfd 1, 1024(4); lfd 2, 1032(4); lfd 3, 1040(4)");
SNIPPET(after_operation, "stfd 0, 512(4); mffs 0; stfd 0, 520(4)");

static void load_operation(const struct row *r)
{
	u32 code[16], n = 0, i;

	for (i = 0; i < (u32)(before_operation_end - before_operation); i++)
		code[n++] = before_operation[i];
	for (i = 0; i < r->count; i++)
		code[n++] = r->words[i];
	for (i = 0; i < (u32)(after_operation_end - after_operation); i++)
		code[n++] = after_operation[i];
	code_load(code, code + n);
}

static void arithmetic(void)
{
	const struct row *r;
	u32 a, b, mode, sum, vec;

	for (r = operations_begin; r < operations_end; r++) {
		load_operation(r);
		print("%s:", r->name);
		for (mode = 0; mode < 4; mode++) {
			sum = 0;
			for (a = 0; a < ARRAY_SIZE(values); a++)
				for (b = 0; b < ARRAY_SIZE(values); b++) {
					memcpy(OPERAND, values[a], 8);
					memcpy(OPERAND + 2, values[b], 8);
					memcpy(OPERAND + 4, values[(a + b) % ARRAY_SIZE(values)],
					       8);
					FPSCR[1] = mode;
					vec = run((b & 1 ? MSR_PR : 0) | MSR_FP);
					sum = sum * 31 + vec;
					sum = sum * 31 + SAVED[0];
					sum = sum * 31 + SAVED[1];
					sum = sum * 31 + SAVED[3];
				}
			print(" %08x", sum);
		}
		print("\n");
	}
}

/* Enabled exceptions are precise with FE0 = FE1 = 1, and ignored with both 0. */
ROW(exceptions, 0x10, "fdiv 0, 1, 2"); /* FPSCR[ZE] */
ROW(exceptions, 0x80, "fadd 0, 1, 3"); /* FPSCR[VE]: f3 is a signalling NaN */
ROW(exceptions, 0x00, "fdiv 0, 1, 2");
ROW_TABLE(exceptions);

static void enabled_exceptions(void)
{
	const struct row *r;
	struct cpu before, now;
	u32 pr, fe;

	memcpy(OPERAND, values[2], 8);
	memcpy(OPERAND + 2, values[0], 8);
	memcpy(OPERAND + 4, values[10], 8);
	for (r = exceptions_begin; r < exceptions_end; r++)
		for (pr = 0; pr <= MSR_PR; pr += MSR_PR)
			for (fe = 0; fe < 2; fe++) {
				FPSCR[1] = r->flags;
				load_operation(r);
				cpu_init(&before, pr | MSR_FP | (fe ? MSR_FE0 | MSR_FE1 : 0));
				before.gpr[4] = EA;
				now = before;
				cpu_run(&now);
				show(r->name, &before, &now);
			}
	/* an exception left enabled must not disturb what follows */
	fill(1, 0);
	verify("afterwards", MSR_PR);
}

ROW(accesses, 0, "lfd 1, 0(6)");
ROW(accesses, 0, "lfs 1, 0(6)");
ROW(accesses, 0, "lfdux 1, 6, 7");
ROW(accesses, 0, "stfd 1, 0(6)");
ROW(accesses, 0, "stfs 1, 0(6)");
ROW(accesses, 0, "stfiwx 1, 0, 6");
ROW(accesses, 0, "stfdu 1, 8(6)");
ROW_TABLE(accesses);

static void misses(void)
{
	const struct row *r;
	struct cpu before, now;
	u32 pr;

	for (r = accesses_begin; r < accesses_end; r++)
		for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
			code_load(r->words, r->words + r->count);
			cpu_init(&before, pr | MSR_FP);
			before.gpr[6] = 0x70000000;
			before.gpr[7] = 0x10;
			now = before;
			cpu_run(&now);
			show(r->name, &before, &now);
		}
}

void test(void)
{
	map_4k(SLOT, EA, 0, memory, RIGHTS);
	kept();
	repaired();
	arithmetic();
	enabled_exceptions();
	misses();
}
