// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every integer load and store form, on RAM (inside a 4K page and across two) and on a device,
 * the first UART; and that UART's own behaviour with its interrupt.
 *
 * A 16550 is a byte device. On a 440 a wider access to it becomes byte accesses in ascending
 * order (the bridge's dynamic bus sizing); QEMU makes one access to the first register of it. So
 * bytes are compared, strings of one among them, and wider accesses are "~" lines. lwarx is used on
 * RAM only.
 */
#include "guest.h"

#define EA     0x60000000
#define RIGHTS (TLB_UR | TLB_UW | TLB_SR | TLB_SW)
#define SLOT   5

/* Every form accesses r4 + 16; r5 = 16, r6, r28.. = data, XER = 7 bytes. */
ROW(forms, 0, "lbz 3, 16(4)");
ROW(forms, 0, "lbzu 3, 16(4)");
ROW(forms, 0, "lbzx 3, 4, 5");
ROW(forms, 0, "lbzux 3, 4, 5");
ROW(forms, 0, "lhz 3, 16(4)");
ROW(forms, 0, "lhzu 3, 16(4)");
ROW(forms, 0, "lhzx 3, 4, 5");
ROW(forms, 0, "lhzux 3, 4, 5");
ROW(forms, 0, "lha 3, 16(4)");
ROW(forms, 0, "lhau 3, 16(4)");
ROW(forms, 0, "lhax 3, 4, 5");
ROW(forms, 0, "lhaux 3, 4, 5");
ROW(forms, 0, "lhbrx 3, 4, 5");
ROW(forms, 0, "lwz 3, 16(4)");
ROW(forms, 0, "lwzu 3, 16(4)");
ROW(forms, 0, "lwzx 3, 4, 5");
ROW(forms, 0, "lwzux 3, 4, 5");
ROW(forms, 0, "lwbrx 3, 4, 5");
ROW(forms, 0, "lmw 28, 16(4)");
ROW(forms, 0, "stb 6, 16(4)");
ROW(forms, 0, "stbu 6, 16(4)");
ROW(forms, 0, "stbx 6, 4, 5");
ROW(forms, 0, "stbux 6, 4, 5");
ROW(forms, 0, "sth 6, 16(4)");
ROW(forms, 0, "sthu 6, 16(4)");
ROW(forms, 0, "sthx 6, 4, 5");
ROW(forms, 0, "sthux 6, 4, 5");
ROW(forms, 0, "sthbrx 6, 4, 5");
ROW(forms, 0, "stw 6, 16(4)");
ROW(forms, 0, "stwu 6, 16(4)");
ROW(forms, 0, "stwx 6, 4, 5");
ROW(forms, 0, "stwux 6, 4, 5");
ROW(forms, 0, "stwbrx 6, 4, 5");
ROW(forms, 0, "stmw 28, 16(4)");
ROW(forms, 0, "lwzx 3, 0, 8");
ROW(forms, 0, "stwx 6, 0, 8");
ROW(forms, 0, "addi 4, 4, 16; lswi 20, 4, 11");
ROW(forms, 0, "addi 4, 4, 16; stswi 20, 4, 11");
ROW(forms, 0, "lswx 20, 4, 5");
ROW(forms, 0, "stswx 20, 4, 5");
ROW_TABLE(forms);

static u8 pages[4][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static void forms_on_ram(const char *what, u32 ea)
{
	const struct row *r;
	struct cpu before, now;
	u32 n, pr, sum;

	print("%s\n", what);
	for (r = forms_begin; r < forms_end; r++)
		for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
			for (n = 0; n < PAGE_SIZE; n++) {
				pages[0][n] = 0x80 + n * 7;
				pages[2][n] = 0x40 + n * 11;
			}
			code_load(r->words, r->words + r->count);
			cpu_init(&before, pr);
			before.gpr[4] = ea - 16;
			before.gpr[5] = 16;
			before.gpr[6] = 0x6789abcd;
			before.gpr[8] = ea;
			before.xer = 7;
			now = before;
			cpu_run(&now);
			sum = 0;
			for (n = 0; n < PAGE_SIZE; n++)
				sum = sum * 31 + pages[0][n] + pages[2][n] * 3;
			print("%s %08x ", pr ? "user" : "supv", sum);
			show(r->name, &before, &now);
		}
}

/* --- the UART's registers --- */

enum {
	DATA = 0,
	IER = 1,
	IIR = 2,
	FCR = 2,
	LCR = 3,
	MCR = 4,
	LSR = 5,
	MSR = 6,
	SCR = 7
};

#define MCR_LOOP_DTR_RTS_OUT2 0x1b /* in loopback MSR shows them as DSR, CTS, DCD: 0xb0 */
#define UART0_IRQ	      0x80000000

static volatile u8 *const uart = (volatile u8 *)UART0_BASE;

static void byte_forms(void)
{
	const struct row *r;
	struct cpu before, now;
	u32 pr;

	for (r = forms_begin; r < forms_end; r++)
		for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
			if (!(r->name[0] == 'l' && r->name[1] == 'b') &&
			    !(r->name[0] == 's' && r->name[1] == 't' && r->name[2] == 'b'))
				continue;
			uart[SCR] = 0xa5;
			code_load(r->words, r->words + r->count);
			cpu_init(&before, pr);
			before.gpr[4] = EA + (UART0_BASE & 0xfff) + SCR - 16;
			before.gpr[5] = 16;
			before.gpr[6] = 0x6789ab5a;
			now = before;
			cpu_run(&now);
			print("%s scr=%02x ", pr ? "user" : "supv", uart[SCR]);
			show(r->name, &before, &now);
		}
}

/* A byte, or nothing, at the scratch register; two and three are one access on QEMU, too */
ROW(byte_strings, 1, "lswi 20, 4, 1");
ROW(byte_strings, 0, "lswx 20, 0, 4");
ROW(byte_strings, 1, "lswx 20, 0, 4");
ROW(byte_strings, 1, "stswi 6, 4, 1");
ROW(byte_strings, 0, "stswx 6, 0, 4");
ROW(byte_strings, 1, "stswx 6, 0, 4");
ROW_TABLE(byte_strings);

static void strings(void)
{
	const struct row *r;
	struct cpu before, now;
	u32 pr;

	for (r = byte_strings_begin; r < byte_strings_end; r++)
		for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
			uart[SCR] = 0xa5;
			code_load(r->words, r->words + r->count);
			cpu_init(&before, pr);
			before.gpr[4] = EA + (UART0_BASE & 0xfff) + SCR;
			before.gpr[6] = 0x5a89abcd;
			before.xer = r->flags;
			now = before;
			cpu_run(&now);
			print("%s scr=%02x ", pr ? "user" : "supv", uart[SCR]);
			show(r->name, &before, &now);
		}
}

/* Registers 4 to 7 hold 1b 60 b0 a5, see below. */
ROW(wide_loads, 6, "lhz 3, 16(4)");
ROW(wide_loads, 6, "lhzu 3, 16(4)");
ROW(wide_loads, 6, "lhzx 3, 4, 5");
ROW(wide_loads, 6, "lhzux 3, 4, 5");
ROW(wide_loads, 6, "lha 3, 16(4)");
ROW(wide_loads, 6, "lhau 3, 16(4)");
ROW(wide_loads, 6, "lhax 3, 4, 5");
ROW(wide_loads, 6, "lhaux 3, 4, 5");
ROW(wide_loads, 6, "lhbrx 3, 4, 5");
ROW(wide_loads, 4, "lwz 3, 16(4)");
ROW(wide_loads, 4, "lwzu 3, 16(4)");
ROW(wide_loads, 4, "lwzx 3, 4, 5");
ROW(wide_loads, 4, "lwzux 3, 4, 5");
ROW(wide_loads, 4, "lwbrx 3, 4, 5");
ROW(wide_loads, 4, "lmw 31, 16(4); mr 3, 31");
ROW(wide_loads, 0, "lmw 30, 16(4); mr 3, 31");
ROW_TABLE(wide_loads);
static const u32 wide_loaded[] = {
	0x0000b0a5, 0x0000b0a5, 0x0000b0a5, 0x0000b0a5, 0xffffb0a5, 0xffffb0a5,
	0xffffb0a5, 0xffffb0a5, 0x0000a5b0, 0x1b60b0a5, 0x1b60b0a5, 0x1b60b0a5,
	0x1b60b0a5, 0xa5b0601b, 0x1b60b0a5, 0x1b60b0a5,
};

/* MCR and the scratch register afterwards; r6 = r31 = 1b2233a5, r7 = a533221b. */
ROW(wide_stores, 6, "sth 6, 16(4)");
ROW(wide_stores, 6, "sthu 6, 16(4)");
ROW(wide_stores, 6, "sthx 6, 4, 5");
ROW(wide_stores, 6, "sthux 6, 4, 5");
ROW(wide_stores, 6, "sthbrx 6, 4, 5");
ROW(wide_stores, 4, "stw 6, 16(4)");
ROW(wide_stores, 4, "stwu 6, 16(4)");
ROW(wide_stores, 4, "stwx 6, 4, 5");
ROW(wide_stores, 4, "stwux 6, 4, 5");
ROW(wide_stores, 4, "stmw 31, 16(4)");
ROW(wide_stores, 4, "stwbrx 7, 4, 5");
ROW_TABLE(wide_stores);
static const u16 wide_stored[] = {
	0x1ba5, 0x1ba5, 0x1ba5, 0x1ba5, 0x1b33, 0x1ba5, 0x1ba5, 0x1ba5, 0x1ba5, 0x1ba5, 0x1ba5,
};

static void run_wide(const struct row *r, struct cpu *before, struct cpu *now, u32 msr)
{
	code_load(r->words, r->words + r->count);
	cpu_init(before, msr);
	before->gpr[4] = EA + (UART0_BASE & 0xfff) + r->flags - 16;
	before->gpr[5] = 16;
	before->gpr[6] = 0x1b2233a5;
	before->gpr[7] = 0xa533221b;
	before->gpr[31] = 0x1b2233a5;
	*now = *before;
	cpu_run(now);
}

static void wide_accesses(void)
{
	struct cpu before, now;
	u32 n, pr;

	uart[MCR] = MCR_LOOP_DTR_RTS_OUT2;
	(void)uart[MSR]; /* clears its change bits */
	print("registers 4-7: %02x %02x %02x", uart[MCR], uart[LSR], uart[MSR]);
	uart[SCR] = 0xa5;
	print(" %02x\n", uart[SCR]);
	for (n = 0; n < (u32)(wide_loads_end - wide_loads_begin); n++)
		for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
			const struct row *r = &wide_loads_begin[n];

			run_wide(r, &before, &now, pr);
			print("%s %s: r4=%08x\n", vec_name(now.vec), r->name, now.gpr[4]);
			manual(r->name, now.gpr[3], wide_loaded[n]);
		}
	for (n = 0; n < (u32)(wide_stores_end - wide_stores_begin); n++)
		for (pr = 0; pr <= MSR_PR; pr += MSR_PR) {
			const struct row *r = &wide_stores_begin[n];

			uart[SCR] = 0;
			run_wide(r, &before, &now, pr);
			print("%s %s: r4=%08x\n", vec_name(now.vec), r->name, now.gpr[4]);
			manual(r->name, uart[MCR] << 8 | uart[SCR], wide_stored[n]);
			uart[MCR] = MCR_LOOP_DTR_RTS_OUT2;
		}
	uart[MCR] = 0;
}

/* Device access by code that may be executed, not read. */
SNIPPET(scratch, "stb 6, 0(4); lbz 3, 0(4)");

static void execute_only(void)
{
	struct cpu before, now;

	code_snippet(scratch);
	map_4k(CODE_SLOT, CODE_EA, 0, code_page, TLB_UX | TLB_SX);
	cpu_init(&before, MSR_PR);
	before.gpr[4] = EA + (UART0_BASE & 0xfff) + SCR;
	before.gpr[6] = 0x3c;
	now = before;
	cpu_run(&now);
	show("execute only", &before, &now);
}

/* Rights on the device's page are looked at before the device is. */
static void denied(void)
{
	struct cpu before, now;

	code_snippet(scratch);
	uart[SCR] = 0x11;
	map_4k(SLOT, EA, 0, (void *)UART_PAGE, TLB_I | TLB_G | TLB_UR | TLB_SR);
	cpu_init(&before, MSR_PR);
	before.gpr[4] = EA + (UART0_BASE & 0xfff) + SCR;
	now = before;
	cpu_run(&now);
	show("read-only", &before, &now);
	map_4k(SLOT, EA, 0, (void *)UART_PAGE, TLB_I | TLB_G | TLB_SR | TLB_SW);
	now = before;
	cpu_run(&now);
	show("supervisor's", &before, &now);
	tlb_clear(SLOT);
	now = before;
	cpu_run(&now);
	show("unmapped", &before, &now);
	print("scr=%02x\n", uart[SCR]);
}

/* --- the UART as a device --- */

static u32 external_pending(void)
{
	struct cpu cpu;

	code_load(NULL, NULL);
	cpu_init(&cpu, MSR_EE | MSR_PR);
	cpu_run(&cpu);
	return cpu.vec;
}

/*
 * A level that has gone away may stay in the UIC's status until it is cleared there (so on a 440,
 * not on QEMU): cleared before looking, as a driver does it.
 */
#define IIR_TIMEOUT 0x08 /* "data available" for long enough: on QEMU a matter of real time */

static void state(const char *what)
{
	u32 iir;

	mtdcr(UIC_SR, UART0_IRQ);
	print("%s: uic=%08x %s", what, mfdcr(UIC_MSR), vec_name(external_pending()));
	iir = uart[IIR] & ~IIR_TIMEOUT;
	print(" iir=%02x lsr=%02x\n", iir, uart[LSR]);
}

static void device(void)
{
	u32 n;

	mtdcr(UIC_ER, 0);
	mtdcr(UIC_SR, 0xffffffff);
	mtdcr(UIC_ER, UART0_IRQ);

	uart[LCR] = 0x83;
	uart[DATA] = 0x12;
	uart[IER] = 0x34;
	print("divisor %02x %02x lcr=%02x\n", uart[IER], uart[DATA], uart[LCR]);
	uart[DATA] = 6;
	uart[IER] = 0;
	uart[LCR] = 0x03;
	print("lcr=%02x ier=%02x\n", uart[LCR], uart[IER]);
	uart[IER] = 0xff;
	print("ier=%02x\n", uart[IER]);
	uart[IER] = 0;
	for (n = 0; n < 16; n++) {
		uart[MCR] = 0x10 | n;
		print("mcr=%02x msr=%02x\n", uart[MCR], uart[MSR] & 0xf0);
	}
	uart[MCR] = 0x10;
	(void)uart[MSR];
	print("msr=%02x\n", uart[MSR]);

	/* loopback: what is sent is received */
	uart[FCR] = 0x07;
	state("idle");
	uart[DATA] = 'x';
	print("sent one: lsr=%02x data=%02x lsr=%02x\n", uart[LSR], uart[DATA], uart[LSR]);
	uart[IER] = 1;
	state("receive interrupt enabled");
	uart[DATA] = 'y';
	state("sent one");
	print("data=%02x\n", uart[DATA]);
	state("read");
	uart[IER] = 0;
	uart[MCR] = 0;

	/* transmitter empty: an interrupt until IIR is read */
	uart[IER] = 2;
	state("transmit interrupt enabled");
	state("iir read");
	uart[IER] = 0;
	state("disabled");
	mtdcr(UIC_ER, 0);
}

void test(void)
{
	map_4k(SLOT, EA, 0, pages[0], RIGHTS);
	map_4k(SLOT + 1, EA + PAGE_SIZE, 0, pages[2], RIGHTS);
	forms_on_ram("aligned", EA + 0x100);
	forms_on_ram("misaligned", EA + 0x203);
	forms_on_ram("across two pages", EA + PAGE_SIZE - 1);
	tlb_clear(SLOT + 1);

	map_4k(SLOT, EA, 0, (void *)UART_PAGE, TLB_I | TLB_G | RIGHTS);
	byte_forms();
	strings();
	wide_accesses();
	execute_only();
	denied();
	device();
}
