// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one operation costs: each is a loop around it, minus the same loop without
 * it. Supervisor state, external interrupts off, code and stack in the library's
 * pinned entry of 256 MB in slot 63.
 *
 * Runs under bench/vmm.c only, to which it gives its results.
 */
#include "guest.h"
#include "../../bench/marker.h"
#include "../../bench/result.h"

/*
 * Batches are near a million instructions, a quarter of the time between two ticks
 * of the host's timer, so the median of nine is of batches without a tick.
 */
#define BATCH 1000000

#define DEVICE_EA   0x90000000
#define DEVICE_SLOT 61
#define ALIAS_EA    0xd0000000 /* the pinned entry again, above the host's user space */
#define ALIAS_SLOT  60
#define DATA_EA	    0x40000000
#define OTHER_EA    0x50000000
#define DATA_PA	    0x00400000 /* contiguous memory */

static void device_write(u32 address, u32 value)
{
	*(volatile u32 *)(address - BENCH_DEVICE + DEVICE_EA) = value;
}

static u32 device_read(u32 address)
{
	return *(volatile u32 *)(address - BENCH_DEVICE + DEVICE_EA);
}

/* A loop: r3 times around, r4 to r6 as the operation likes. */
typedef void loop_fn(u32 n, u32 a, u32 b, u32 c);

#define LOOP_FROM(name, before, body)  \
	asm(".pushsection .text\n"     \
	    ".balign 32\n" #name ":\n" \
	    "mtctr 3\n" before "\n"    \
	    "1:\n" body "\n"           \
	    "bdnz 1b\n"                \
	    "blr\n"                    \
	    ".popsection")
#define LOOP(name, body) LOOP_FROM(name, "", body)

extern loop_fn empty, two_instructions, mfspr_sprg0, mtspr_sprg0, mfmsr_loop, mtmsr_loop, wrteei,
	rfi_without, rfi_with, sc_loop, two_pids, pid_switch_touch, tlbwe3, tlbwe3_without,
	tlbsx_loop, pages, pages_without, load_loop, store_loop, mfdcr_loop, mfdcr_uic, hypercall;
extern const u32 after_rfi[];

LOOP(empty, "");
LOOP(two_instructions, "addi 7, 7, 1");
LOOP(mfspr_sprg0, "mfspr 7, 272");
LOOP(mtspr_sprg0, "mtspr 272, 7");
LOOP(mfmsr_loop, "mfmsr 7");
LOOP(mtmsr_loop, "mtmsr 4");
LOOP(wrteei, "wrteei 0");
LOOP(rfi_without, "mtspr 26, 4; mtspr 27, 5");
LOOP(rfi_with, "mtspr 26, 4; mtspr 27, 5; rfi; after_rfi:");
LOOP(sc_loop, "sc");
SNIPPET(sc_handler, "rfi");
#define KVM_HC_FEATURES "lis 0, 0x4b56; ori 0, 0, 0x4d21; lis 11, 42; ori 11, 11, 3"
LOOP_FROM(hypercall, KVM_HC_FEATURES, "sc");
LOOP(two_pids, "mtspr 48, 4; mtspr 48, 5");
LOOP(tlbsx_loop, "tlbsx. 7, 0, 4");
LOOP(load_loop, "lwz 7, 0(4)");
LOOP(store_loop, "stw 7, 0(4)");
LOOP(mfdcr_loop, "mfdcr 7, 0x80");
LOOP(mfdcr_uic, "mfdcr 7, 0xc6"); /* UIC0_MSR */

#define TOUCH_8                                                         \
	"lwz 7, 0(6); lwz 7, 4096(6); lwz 7, 8192(6); lwz 7, 12288(6);" \
	"lwz 7, 16384(6); lwz 7, 20480(6); lwz 7, 24576(6); lwz 7, 28672(6)\n"
LOOP(pid_switch_touch, "mtspr 48, 4\n" TOUCH_8 "mtspr 48, 5\n" TOUCH_8);

/* r4 = slot, r5 = words of the one entry and an address in it, r6 = of the other */
#define REPLACE_VALUES                               \
	"lwz 7, 0(5); lwz 8, 4(5); lwz 9, 8(5);"     \
	"lwz 10, 0(6); lwz 11, 4(6); lwz 12, 8(6)\n" \
	"lwz 5, 12(5); lwz 6, 12(6)"
LOOP_FROM(tlbwe3, REPLACE_VALUES,
	  "tlbwe 7, 4, 0; tlbwe 8, 4, 1; tlbwe 9, 4, 2; isync; lwz 0, 0(5)\n"
	  "tlbwe 10, 4, 0; tlbwe 11, 4, 1; tlbwe 12, 4, 2; isync; lwz 0, 0(6)");
LOOP_FROM(tlbwe3_without, REPLACE_VALUES, "isync; isync");

/* One access to each of 200 pages from r4 on */
#define PAGES 200
#define PAGES_LOOP(name, access)                               \
	LOOP(name, "mfctr 8; li 9, 200; mtctr 9; mr 10, 4\n"   \
		   "2: " access "addi 10, 10, 4096; bdnz 2b\n" \
		   "mtctr 8")
PAGES_LOOP(pages, "lwz 7, 0(10);");
PAGES_LOOP(pages_without, "");

/* --- a miss handler as Linux for 44x has it --- */

/*
 * The work and the order of the privileged instructions are those of Linux 6.1 with KUAP: five
 * scratch registers, DEAR, the tables' root by SPRG3, PID into MMUCR, ESR, a walk of two levels,
 * the next slot in memory, three words, and back: 14 SPR accesses, 3 tlbwe, 1 rfi.
 *
 * First level: 2 MB for each word. Second: two words, the upper address bits and
 *	page | user 0x40 | dirty 0x10 | accessed 8 | executable 4 | writable 2 | present 1
 */
#define PTE_ALL 0x5f

u32 miss_slot;
static u32 root[2048] __attribute__((aligned(8192)));
static u32 leaf[1024] __attribute__((aligned(4096)));

SNIPPET(linux_miss, "mtspr 272, 10\n"
		    "mtspr 273, 11\n"
		    "mtspr 276, 12\n"
		    "mtspr 277, 13\n"
		    "mfcr 11\n"
		    "mtspr 278, 11\n"
		    "mfspr 10, 61\n" /* DEAR */
		    "lis 11, 0xc000\n" /* a kernel address? */
		    "cmplw 10, 11\n"
		    "bge 9f\n"
		    "mfspr 11, 275\n" /* SPRG3: thread */
		    "lwz 11, 0(11)\n"
		    "mfspr 12, 946\n" /* MMUCR, its TID becomes PID */
		    "mfspr 13, 48\n"
		    "rlwimi 12, 13, 0, 24, 31\n"
		    "cmpwi 13, 0\n"
		    "beq 9f\n"
		    "mtspr 946, 12\n"
		    "mfspr 12, 62\n" /* ESR[ST]: writable wanted */
		    "li 13, 9\n"
		    "rlwimi 13, 12, 10, 30, 30\n"
		    "rlwinm 12, 10, 13, 19, 29\n"
		    "lwzx 11, 12, 11\n"
		    "rlwinm. 12, 11, 0, 0, 20\n"
		    "beq 9f\n"
		    "rlwimi 12, 10, 23, 20, 28\n"
		    "lwz 11, 0(12)\n"
		    "lwz 12, 4(12)\n"
		    "lis 10, miss_slot@ha\n"
		    "andc. 13, 13, 12\n"
		    "lwz 13, miss_slot@l(10)\n"
		    "bne 9f\n"
		    "addi 13, 13, 1\n"
		    "cmpwi 13, 60\n" /* the device's stays */
		    "ble 1f\n"
		    "li 13, 0\n"
		    "1: stw 13, miss_slot@l(10)\n"
		    "mfspr 10, 61\n"
		    "b 2f\n"
		    "2: rlwimi 11, 12, 0, 0, 19\n"
		    "tlbwe 11, 13, 1\n"
		    "li 11, 0x210\n" /* V, 4K */
		    "rlwimi 10, 11, 0, 20, 31\n"
		    "tlbwe 10, 13, 0\n"
		    "li 10, 0xf85\n"
		    "rlwimi 10, 12, 29, 30, 30\n" /* dirty: SW */
		    "and 11, 12, 10\n"
		    "andi. 10, 12, 0x40\n"
		    "beq 3f\n"
		    "rlwimi 11, 11, 3, 26, 28\n" /* user: rights of his own */
		    "rlwinm 11, 11, 0, 30, 28\n"
		    "3: tlbwe 11, 13, 2\n"
		    "mfspr 11, 262\n"
		    "mtcr 11\n"
		    "mfspr 13, 261\n"
		    "mfspr 12, 260\n"
		    "mfspr 11, 273\n"
		    "mfspr 10, 272\n"
		    "rfi\n"
		    "9: trap");

static u32 thread[1];

static void miss_init(void)
{
	u32 n;

	for (n = 0; n < PAGES; n++) {
		leaf[2 * n] = 0;
		leaf[2 * n + 1] = (DATA_PA + n * PAGE_SIZE) | PTE_ALL;
	}
	root[DATA_EA >> 21] = (u32)leaf;
	thread[0] = (u32)root;
	mtspr(275, thread);
	mtspr(SPR_MMUCR, 0);
	mtspr(SPR_PID, 5);
	isync();
	vector_install(VEC_DTLB, linux_miss, linux_miss_end);
}

/* --- decrementer --- */

#define DEC_TICKS      20000 /* 50 us at 400 MHz */
#define DEC_INTERRUPTS 100

u32 dec_interrupts;
/* r4 = ticks, r5 = TSR[DIS]; r10 and r11 are free */
SNIPPET(dec_handler, "mtspr 336, 5\n"
		     "mtspr 22, 4\n"
		     "lis 10, dec_interrupts@ha\n"
		     "lwz 11, dec_interrupts@l(10)\n"
		     "addi 11, 11, 1\n"
		     "stw 11, dec_interrupts@l(10)\n"
		     "rfi");

/* --- external interrupt --- */

#define IRQ_SOURCE 0x80000000
#define IRQS	   20

u32 irq_time;
/* r10 and r11 are free; the time comes first. Goes back without the wait state. */
SNIPPET(irq_handler, "mftb 10\n"
		     "lis 11, irq_time@ha\n"
		     "stw 10, irq_time@l(11)\n"
		     "lis 10, 0x8000\n"
		     "mtdcr 0xc0, 10\n"
		     "mfspr 10, 27\n"
		     "rlwinm 10, 10, 0, 14, 12\n"
		     "mtspr 27, 10\n"
		     "rfi");

/* --- measuring --- */

static struct bench_result out;

static u32 time_of(loop_fn *loop, u32 n, u32 a, u32 b, u32 c)
{
	u64 start = timebase();

	loop(n, a, b, c);
	return timebase() - start;
}

static void begin(const char *name, u32 count)
{
	memset(&out, 0, sizeof(out));
	memcpy(out.name, name, strlen(name));
	out.count = count;
}

static void end(void)
{
	device_write(BENCH_RESULT, (u32)&out);
}

/* One operation: @per of them each time around, about @cost instructions (at most BATCH) */
static void measure(const char *name, loop_fn *loop, loop_fn *without, u32 per, u32 cost, u32 a,
		    u32 b, u32 c)
{
	u32 n = BATCH / cost, i;

	begin(name, n * per);
	loop(n / 8 + 1, a, b, c);
	device_write(BENCH_COUNTERS, 0);
	mark_begin();
	for (i = 0; i < BENCH_BATCHES; i++)
		out.ticks[i] = time_of(loop, n, a, b, c);
	mark_end();
	device_write(BENCH_COUNTERS, 0);
	for (i = 0; i < BENCH_BATCHES; i++)
		out.ticks[i] -= time_of(without, n, a, b, c);
	end();
}

/* An older module has none: the sc is an ordinary one, and r3 stays */
static bool has_hypercalls(void)
{
	register u32 status asm("r3") = 1;

	asm volatile(KVM_HC_FEATURES "\nsc" : "+r"(status) : : "r0", "r4", "r11", "memory");
	return status == 0;
}

/* The spin loop with interrupts, minus the same without. */
static void measure_dec(void)
{
	u32 around = DEC_INTERRUPTS * DEC_TICKS * 5 / 4, i;

	begin("dec_irq", DEC_INTERRUPTS);
	vector_install(VEC_DEC, dec_handler, dec_handler_end);
	mtspr(SPR_TSR, ~0u);
	device_write(BENCH_COUNTERS, 0);
	mark_begin();
	for (i = 0; i < BENCH_BATCHES; i++) {
		u32 first = dec_interrupts, spin;

		spin = time_of(two_instructions, around, DEC_TICKS, TSR_DIS, 0);
		mtspr(SPR_TCR, TCR_DIE);
		mtspr(SPR_DEC, DEC_TICKS);
		asm volatile("wrteei 1");
		out.ticks[i] = time_of(two_instructions, around, DEC_TICKS, TSR_DIS, 0) - spin;
		asm volatile("wrteei 0");
		mtspr(SPR_TCR, 0);
		mtspr(SPR_TSR, ~0u);
		/* as if there had been exactly as many as the heading says */
		out.ticks[i] = out.ticks[i] * DEC_INTERRUPTS / (int)(dec_interrupts - first);
	}
	mark_end();
	device_write(BENCH_COUNTERS, 0);
	vector_restore(VEC_DEC);
	end();
}

/* From the write to an eventfd, by another thread of the VMM, to the guest, which waits for it */
static void measure_irqfd(void)
{
	u32 i, n;

	begin("irqfd_to_handler", IRQS);
	vector_install(VEC_EXTERNAL, irq_handler, irq_handler_end);
	device_write(BENCH_COUNTERS, 0);
	mark_begin();
	for (i = 0; i < BENCH_BATCHES; i++) {
		for (n = 0; n < IRQS; n++) {
			device_write(BENCH_INTERRUPT, 0);
			asm volatile("mtmsr %0; isync; wrteei 0"
				     :
				     : "r"(mfmsr() | MSR_WE | MSR_EE)
				     : "r10", "r11", "memory");
			out.ticks[i] += irq_time - device_read(BENCH_INTERRUPTED);
		}
	}
	mark_end();
	device_write(BENCH_COUNTERS, 0);
	vector_restore(VEC_EXTERNAL);
	end();
}

/* Twice: as it is, and with no entry that is guarded against the host's tlbsx */
static void measure_exit(const char *name, const char *unguarded, loop_fn *loop, u32 a)
{
	measure(name, loop, empty, 1, 6000, a, 0, 0);
	measure(unguarded, (loop_fn *)((u32)loop + ALIAS_EA), empty, 1, 6000, a, 0, 0);
}

static void pid_loops(void)
{
	u32 n;

	measure("mtspr_pid", two_pids, empty, 2, 1000, 1, 2, 0);

	/* 32 pages of each, under two entries of 256 KB over memory that is not contiguous */
	tlb_set(0, DATA_EA | TLB_V | TLB_256K, 1, BENCH_ORDINARY, TLB_ALL);
	tlb_set(1, DATA_EA | TLB_V | TLB_256K, 2, BENCH_ORDINARY + 0x40000, TLB_ALL);
	for (n = 0; n < 64; n++) {
		mtspr(SPR_PID, 1 + n / 32);
		isync();
		*(volatile u32 *)(DATA_EA + n % 32 * PAGE_SIZE);
	}
	measure("mtspr_pid_32", two_pids, empty, 2, 1000, 1, 2, 0);

	tlb_clear(0);
	tlb_clear(1);
	for (n = 0; n < 16; n++)
		map_4k(n, DATA_EA + n % 8 * PAGE_SIZE, 1 + n / 8,
		       (void *)(BENCH_ORDINARY + n * PAGE_SIZE), TLB_ALL);
	measure("pid_switch_touch", pid_switch_touch, empty, 1, 2000, 1, 2, DATA_EA);
	mtspr(SPR_PID, 0);
	isync();
	for (n = 0; n < 16; n++)
		tlb_clear(n);
}

static void tlb_loops(void)
{
	static const u32 one[4] = { DATA_EA | TLB_V | TLB_4K, DATA_PA, TLB_ALL, DATA_EA };
	static const u32 other[4] = { OTHER_EA | TLB_V | TLB_4K, DATA_PA + PAGE_SIZE, TLB_ALL,
				      OTHER_EA };

	mtspr(SPR_MMUCR, 0);
	measure("tlbwe3", tlbwe3, tlbwe3_without, 2, 5000, 0, (u32)one, (u32)other);
	tlb_clear(0);
	measure("tlbsx", tlbsx_loop, empty, 1, 1000, DATA_EA, 0, 0);

	tlb_set(0, DATA_EA | TLB_V | TLB_1M, 0, BENCH_ORDINARY, TLB_ALL);
	measure("shadow_miss", pages, pages_without, PAGES, PAGES * 400, DATA_EA, 0, 0);
	tlb_clear(0);

	miss_init();
	measure("guest_miss_linux", pages, pages_without, PAGES, BATCH, DATA_EA, 0, 0);
	mtspr(SPR_PID, 0);
	isync();
	vector_restore(VEC_DTLB);
	tlb_clear_all();
}

void test(void)
{
	map_4k(DEVICE_SLOT, DEVICE_EA, 0, (void *)BENCH_DEVICE, TLB_I | TLB_G | TLB_SR | TLB_SW);

	/* 2.5 instructions a tick, or no figure means anything */
	measure("calibration", two_instructions, empty, 1, 4, 0, 0, 0);

	measure("mfspr_sprg0", mfspr_sprg0, empty, 1, 500, 0, 0, 0);
	measure("mtspr_sprg0", mtspr_sprg0, empty, 1, 500, 0, 0, 0);
	measure("mfmsr", mfmsr_loop, empty, 1, 500, 0, 0, 0);
	measure("mtmsr", mtmsr_loop, empty, 1, 500, mfmsr(), 0, 0);
	measure("wrteei", wrteei, empty, 1, 500, 0, 0, 0);
	measure("rfi", rfi_with, rfi_without, 1, 1500, (u32)after_rfi, mfmsr(), 0);
	vector_install(VEC_SC, sc_handler, sc_handler_end);
	if (has_hypercalls())
		measure("hypercall", hypercall, empty, 1, 500, 0, 0, 0);
	measure("sc_rfi", sc_loop, empty, 1, 1000, 0, 0, 0);
	vector_restore(VEC_SC);

	pid_loops();
	tlb_loops();
	map_4k(DEVICE_SLOT, DEVICE_EA, 0, (void *)BENCH_DEVICE, TLB_I | TLB_G | TLB_SR | TLB_SW);
	measure_dec();

	tlb_set(ALIAS_SLOT, ALIAS_EA | TLB_V | TLB_256M, 0, 0, TLB_SX | TLB_SR | TLB_SW);
	measure_exit("mmio_read", "mmio_read_unguarded", load_loop, DEVICE_EA);
	measure_exit("mmio_write", "mmio_write_unguarded", store_loop, DEVICE_EA);
	measure_exit("mmio_eventfd", "mmio_eventfd_unguarded", store_loop,
		     BENCH_IOEVENTFD - BENCH_DEVICE + DEVICE_EA);
	measure_exit("mfdcr_user", "mfdcr_user_unguarded", mfdcr_loop, 0);

	/* a module without an interrupt controller leaves this to the VMM, who has none */
	mtdcr(UIC_ER, IRQ_SOURCE);
	if (mfdcr(UIC_ER) == IRQ_SOURCE) {
		measure("mfdcr_kernel", mfdcr_uic, empty, 1, 500, 0, 0, 0);
		measure_irqfd();
	}

	mtspr(SPR_DBCR0, DBCR0_RST_SYSTEM);
}
