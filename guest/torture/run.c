// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a seed: from one interrupt to the next, each of which is recorded in the digest and
 * then handled in one of several ways.
 *
 * The decrementer's interrupts come at any time, and are not recorded. They change SRR0 and
 * SRR1, which is why code that reads those masks EE first.
 */
#include "torture.h"

#define FUEL	   6
#define TOO_MANY   6000 /* decrementer interrupts between two others: twenty seconds and more */
#define FAR_AWAY   0x7fffffff
#define MMUCR_BITS 0x016100ff /* all but those that make dcbf and icbi trap */
#define SOURCE	   0x00000100 /* of the interrupt controller, with nothing behind it */

static struct cpu cpu, last;
static u32 digest, events, limit;
static bool verbose, pending;
static const char *failure;

static void record(u32 value)
{
	digest = ((digest << 5 | digest >> 27) ^ value) * 0x9e3779b1;
}

/* --- the state that is not in struct cpu --- */

static void registers_init(void)
{
	u32 n;

	for (n = 0; n < 32; n++)
		cpu.gpr[n] = dice();
	cpu.cr = dice();
	cpu.xer = dice() & 0xe000007f;
	cpu.lr = dice() & ~3u;
	cpu.ctr = dice();
	mtspr(272, dice());
	mtspr(273, dice());
	mtspr(274, dice());
	mtspr(275, dice());
	mtspr(276, dice());
	mtspr(277, dice());
	mtspr(278, dice());
	mtspr(279, dice());
	mtspr(256, dice());
	mtspr(SPR_CSRR0, 0);
	mtspr(SPR_CSRR1, 0);
	mtspr(SPR_MCSRR0, 0);
	mtspr(SPR_MCSRR1, 0);
	mtspr(SPR_IAC1, 0);
	mtspr(SPR_IAC1 + 1, 0);
	mtspr(SPR_IAC1 + 2, 0);
	mtspr(SPR_IAC1 + 3, 0);
	mtspr(SPR_DAC1, 0);
	mtspr(SPR_DAC1 + 1, 0);
	mtspr(SPR_DVC1, 0);
	mtspr(SPR_DVC1 + 1, 0);
	mtspr(SPR_ESR, 0);
	mtspr(SPR_DEAR, 0);
	mtspr(SPR_MMUCR, 0);
	mtspr(SPR_PID, ONE_OF(space_pid));
	isync();
}

static void memory_init(void)
{
	u32 *p, x = dice();

	for (p = (u32 *)POOL; p < (u32 *)(POOL + POOL_SIZE + POOL_BEYOND); p++)
		*p = x = x * 1664525 + 1013904223;
	for (p = (u32 *)(CODE + CODE_DATA); p < (u32 *)(CODE + CODE_SIZE); p++)
		*p = x = x * 1664525 + 1013904223;
}

static u64 fpr[33]; /* and FPSCR */

#define EACH_FPR                                                         \
	".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, " \
	"16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"

static void fpu_on(u32 msr)
{
	asm volatile("mtmsr %0; isync" : : "r"(msr) : "memory");
}

/* Numbers of similar size, and some anything */
static void fpu_init(void)
{
	u32 n;

	for (n = 0; n < 32; n++) {
		fpr[n] = (u64)dice() << 32 | dice();
		if (chance(70))
			fpr[n] = (fpr[n] & 0x800fffffffffffffull) | (u64)(1000 + below(48)) << 52;
	}
	fpr[32] = below(4);
	fpu_on(MSR_FP);
	asm volatile("lfd 0, 256(%0); mtfsf 0xff, 0\n" EACH_FPR "lfd \\n, 8 * \\n(%0)\n.endr"
		     :
		     : "b"(fpr)
		     : "memory");
	fpu_on(0);
}

static void fpu_record(void)
{
	u32 n;

	fpu_on(MSR_FP);
	asm volatile(EACH_FPR "stfd \\n, 8 * \\n(%0)\n.endr\n"
			      "mffs 0; stfd 0, 256(%0)"
		     :
		     : "b"(fpr)
		     : "memory");
	fpu_on(0);
	for (n = 0; n < 32; n++) {
		record(fpr[n] >> 32);
		record(fpr[n]);
	}
	record(fpr[32]); /* the upper word is undefined */
}

static void tlb_record(void)
{
	struct tlb_entry e;
	u32 n;

	for (n = 0; n < TORTURE_SLOTS; n++) {
		tlb_get(n, &e);
		if (verbose)
			print("entry %u: %08x %08x %08x %x\n", n, e.word[0], e.word[1], e.word[2],
			      e.tid);
		record(e.word[0]);
		record(e.word[1]);
		record(e.word[2]);
		record(e.tid);
	}
}

static void memory_record(void)
{
	u32 *p;

	for (p = (u32 *)POOL; p < (u32 *)(POOL + POOL_SIZE + POOL_BEYOND); p++)
		record(*p);
	for (p = (u32 *)(CODE + CODE_DATA); p < (u32 *)(CODE + CODE_SIZE); p++)
		record(*p);
}

/* What the vector has left, if it did anything */
static void vector_record(u32 vec)
{
	const u32 *results = (const u32 *)LOW_RESULTS(vec);
	u32 n;

	for (n = 0; n < 32; n++)
		record(results[n]);
}

#define SPRS 15

static u32 sprs[SPRS], last_sprs[SPRS];
static const char *const spr_names[SPRS] = { "sprg0", "sprg1",	"sprg2",  "sprg3", "sprg4",
					     "sprg5", "sprg6",	"sprg7",  "usprg", "csrr0",
					     "csrr1", "mcsrr0", "mcsrr1", "pid",   "mmucr" };

/* SPRG4-7 have other numbers for reading */
static void sprs_record(void)
{
	u32 n;

	memcpy(last_sprs, sprs, sizeof(sprs));
	sprs[0] = mfspr(272);
	sprs[1] = mfspr(273);
	sprs[2] = mfspr(274);
	sprs[3] = mfspr(275);
	sprs[4] = mfspr(260);
	sprs[5] = mfspr(261);
	sprs[6] = mfspr(262);
	sprs[7] = mfspr(263);
	sprs[8] = mfspr(256);
	sprs[9] = mfspr(SPR_CSRR0);
	sprs[10] = mfspr(SPR_CSRR1);
	sprs[11] = mfspr(SPR_MCSRR0);
	sprs[12] = mfspr(SPR_MCSRR1);
	sprs[13] = mfspr(SPR_PID);
	sprs[14] = mfspr(SPR_MMUCR);
	for (n = 0; n < SPRS; n++)
		record(sprs[n]);
}

static void registers_record(void)
{
	u32 n;

	for (n = 0; n < 32; n++)
		record(cpu.gpr[n]);
	record(cpu.cr);
	record(cpu.xer);
	record(cpu.lr);
	record(cpu.ctr);
}

/* --- one interrupt --- */

/* More and more time, so that the seed goes on however slow the machine is */
static void arm(u32 ticks)
{
	u32 now = timebase();

	mtspr(SPR_DEC, async ? 400 + random_u32(&now) % 2000 + 500 * ticks : FAR_AWAY);
	mtspr(SPR_TSR, TSR_DIS);
}

static void run(void)
{
	u32 ticks = 0;

	last = cpu;
	asm volatile("stw %0, %1(0)" : : "r"(FUEL), "i"(LOW_FUEL) : "memory");
	mtspr(SPR_TCR, TCR_DIE);
	do {
		arm(ticks);
		cpu_run(&cpu);
	} while (cpu.vec == VEC_DEC && async && ticks++ < TOO_MANY);
	if (cpu.vec == VEC_DEC)
		failure = "does not end";
}

/* What the vector has left, and is not what it found */
static void show_vector(u32 vec)
{
	const u32 *results = (const u32 *)LOW_RESULTS(vec);
	u32 n;

	for (n = 0; n < 32; n++)
		if (results[n] != cpu.gpr[n])
			print(" v%u=%08x", n, results[n]);
}

static bool in_vector(void)
{
	return cpu.pc - VECTORS < NR_VEC * VECTOR_SIZE;
}

static void show_event(void)
{
	u32 offset = space_code_offset(cpu.pc), n;

	print("%u: %s pc=%08x", events, vec_name(cpu.vec), cpu.pc);
	if (offset < CODE_SIZE)
		print(" (%x: %08x)", offset, *(u32 *)(CODE + offset));
	print(" msr=%08x esr=%08x dear=%08x emsr=%08x", cpu.msr, cpu.esr, cpu.dear, cpu.entry_msr);
	for (n = 0; n < 32; n++)
		if (cpu.gpr[n] != last.gpr[n])
			print(" r%u=%08x", n, cpu.gpr[n]);
	if (cpu.cr != last.cr)
		print(" cr=%08x", cpu.cr);
	if (cpu.xer != last.xer)
		print(" xer=%08x", cpu.xer);
	if (cpu.lr != last.lr)
		print(" lr=%08x", cpu.lr);
	if (cpu.ctr != last.ctr)
		print(" ctr=%08x", cpu.ctr);
	for (n = 0; n < SPRS; n++)
		if (sprs[n] != last_sprs[n])
			print(" %s=%08x", spr_names[n], sprs[n]);
	show_vector(cpu.vec);
	print(" digest=%08x", digest);
}

/* What QEMU does wrong is not recorded, and does not stay */
static void record_event(void)
{
	bool nested = in_vector();

	cpu.msr &= mask(cpu.vec, FIELD_SRR1, nested);
	cpu.esr &= mask(cpu.vec, FIELD_ESR, nested);
	cpu.dear &= mask(cpu.vec, FIELD_DEAR, nested);
	cpu.entry_msr &= mask(cpu.vec, FIELD_ENTRY_MSR, nested);
	record(cpu.vec);
	record(cpu.pc);
	record(cpu.msr);
	record(cpu.esr);
	record(cpu.dear);
	record(cpu.entry_msr);
	registers_record();
	sprs_record();
	vector_record(cpu.vec);
	if (verbose)
		show_event();
	mtspr(SPR_ESR, dice() & 0x0ff70000);
	mtspr(SPR_DEAR, dice());
	cpu.msr = (cpu.msr & ~MSR_ME) | constant_msr;
}

/* The entry that the access wants: true if it is to be tried again */
static bool mend(void)
{
	bool fetch = cpu.vec == VEC_ITLB || cpu.vec == VEC_ISI;
	u32 ea = fetch ? cpu.pc : cpu.dear;
	const struct mapping *m =
		space_find(ea, cpu.msr & (fetch ? MSR_IS : MSR_DS), mfspr(SPR_PID));

	if (!m || chance(30))
		return false;
	if (cpu.vec == VEC_DTLB || cpu.vec == VEC_ITLB)
		space_install(m, chance(70) ? m->word[2] : m->word[2] | TLB_ALL);
	else
		space_install(m, m->word[2] | TLB_ALL);
	return true;
}

static bool try_again(void)
{
	switch (cpu.vec) {
	case VEC_DTLB:
	case VEC_ITLB:
	case VEC_DSI:
	case VEC_ISI:
		return mend();
	case VEC_EXTERNAL:
	case VEC_CRITICAL:
		return chance(70);
	case VEC_FPUNAVAIL:
		if (chance(30))
			return false;
		cpu.msr |= MSR_FP;
		return true;
	default:
		return false;
	}
}

/*
 * An external or critical interrupt, at once or when EE or CE lets it in. Not both: QEMU has
 * their order wrong.
 */
static void interrupt_soon(void)
{
	if (cpu.vec == VEC_EXTERNAL || cpu.vec == VEC_CRITICAL) {
		mtdcr(UIC_SR, SOURCE);
		pending = false;
	} else if (!pending && chance(10)) {
		mtdcr(UIC_SRS, SOURCE);
		pending = true;
	}
}

/* At a piece, maybe in another state */
static void go_on(u32 offset)
{
	u32 pid = mfspr(SPR_PID);

	if (chance(30))
		cpu.msr = random_msr();
	if (chance(15))
		pid = ONE_OF(space_pid);
	if (offset >= CODE_SIZE || stream_ends(offset) || chance(15))
		offset = stream_piece(chance((cpu.msr & MSR_PR) ? 70 : 20) ? USER_STREAM
									   : SUPERVISOR_STREAM);
	else
		offset = stream_next(offset);
	cpu.pc = space_code(offset, cpu.msr, &pid);
	mtspr(SPR_PID, pid);
	isync();
}

static void handle_event(void)
{
	u32 offset = space_code_offset(cpu.pc);

	interrupt_soon();
	if (chance(20))
		space_disturb();
	mtspr(SPR_MMUCR, dice() & MMUCR_BITS);
	if (in_vector()) {
		go_on(~0u);
	} else if (offset >= CODE_SIZE) {
		/* the critical interrupt's vector has written CSRR0: there is no way back */
		limit = 0;
	} else if (stream_ends(offset) || !try_again()) {
		/* a system call has its own address behind it */
		go_on(cpu.vec == VEC_SC ? offset - 4 : offset);
	}
	if (verbose)
		print(" -> pc=%08x msr=%08x pid=%x\n", cpu.pc, cpu.msr, mfspr(SPR_PID));
}

/* --- a seed --- */

extern u8 vectors[];

/* For a disassembler: tests/torture/run */
static void show_code(u32 start, u32 size)
{
	u32 at, n;

	for (at = start; at < start + size; at += 32) {
		print("code %08x", at);
		for (n = 0; n < 8; n++)
			print(" %08x", ((u32 *)at)[n]);
		print("\n");
	}
}

static void seed_init(u32 seed)
{
	u32 n;

	dice_seed(seed);
	digest = seed;
	failure = NULL;
	events = 0;
	limit = 40 + below(60);
	async = chance(70);
	constant_msr = chance(50) ? MSR_ME : 0;
	space_init();
	streams_make();
	memory_init();
	memset((void *)LOW_RESULTS(0), 0, LOW_RESULTS(NR_VEC) - LOW_RESULTS(0));
	fpu_init();
	registers_init();
	pending = false;
	mtdcr(UIC_SR, ~0u);
	mtdcr(UIC_CR, chance(50) ? SOURCE : 0);
	mtdcr(UIC_ER, SOURCE);
	mtspr(SPR_IVPR, VECTORS);
	for (n = 0; n < NR_VEC; n++)
		spr_write(SPR_IVOR0 + n, VECTOR_SIZE * n);
	cpu.msr = random_msr();
	go_on(~0u);
}

static void seed_end(void)
{
	u32 n;

	mtspr(SPR_TCR, 0);
	mtdcr(UIC_ER, 0);
	mtspr(SPR_IVPR, vectors);
	for (n = 0; n < NR_VEC; n++)
		vector_restore(n);
	tlb_record();
	mtspr(SPR_PID, 0);
	isync();
	if (verbose)
		print("entries: %08x\n", digest);
	memory_record();
	for (n = 0; n < NR_VEC; n++)
		vector_record(n);
	if (verbose)
		print("memory: %08x\n", digest);
	fpu_record();
}

void torture(u32 seed, bool aloud)
{
	verbose = aloud;
	seed_init(seed);
	if (verbose) {
		show_code(CODE, CODE_DATA);
		show_code(VECTORS, NR_VEC * VECTOR_SIZE);
	}
	while (events < limit && !failure) {
		run();
		record_event();
		handle_event();
		events++;
	}
	seed_end();
	if (failure)
		print("%u %s: %s pc=%08x msr=%08x after %u events\n", seed, failure,
		      vec_name(cpu.vec), cpu.pc, cpu.msr, events);
	else
		print("%u %08x %u\n", seed, digest, events);
}
