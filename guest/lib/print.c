// SPDX-License-Identifier: GPL-2.0-only
#include "guest.h"

enum {
	UART_THR = 0, /* DLL with DLAB */
	UART_IER = 1, /* DLM with DLAB */
	UART_FCR = 2,
	UART_LCR = 3,
	UART_MCR = 4,
	UART_LSR = 5,
};

#define FCR_ENABLE_AND_CLEAR 0x07
#define LCR_DLAB	     0x80
#define LCR_8N1		     0x03
#define LSR_THRE	     0x20
#define LSR_TEMT	     0x40
#define FIFO_SIZE	     16
#define DIVISOR		     6 /* 115200 at 11.0592 MHz; the emulated ones do not care */

struct uart {
	volatile u8 *base;
	u32 room; /* bytes that surely fit into the transmit FIFO: saves reading LSR each time */
};

static struct uart text = { .base = (volatile u8 *)UART0_BASE };
static struct uart transcript = { .base = (volatile u8 *)UART1_BASE };

static void init_one(struct uart *u)
{
	u->base[UART_IER] = 0;
	u->base[UART_LCR] = LCR_DLAB | LCR_8N1;
	u->base[UART_THR] = DIVISOR;
	u->base[UART_IER] = 0;
	u->base[UART_LCR] = LCR_8N1;
	u->base[UART_FCR] = FCR_ENABLE_AND_CLEAR;
	u->base[UART_MCR] = 0;
}

void uart_init(void)
{
	init_one(&text);
	init_one(&transcript);
}

static void wait_for(struct uart *u, u8 bits)
{
	u64 limit;

	if ((u->base[UART_LSR] & bits) == bits)
		return;
	limit = timebase() + TIMEOUT;
	while ((u->base[UART_LSR] & bits) != bits && timebase() < limit)
		;
}

static void put_byte(struct uart *u, char c)
{
	if (!u->room) {
		wait_for(u, LSR_THRE);
		u->room = FIFO_SIZE;
	}
	u->base[UART_THR] = c;
	u->room--;
}

static void put_number(struct uart *u, u32 value, u32 base, int width, char pad, bool negative)
{
	char digits[12];
	int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	if (negative)
		digits[n++] = '-';
	while (width-- > n)
		put_byte(u, pad);
	while (n)
		put_byte(u, digits[--n]);
}

static void put_string(struct uart *u, const char *s, int width, bool left)
{
	int fill = width - (int)strlen(s);

	for (; !left && fill > 0; fill--)
		put_byte(u, ' ');
	while (*s)
		put_byte(u, *s++);
	for (; fill > 0; fill--)
		put_byte(u, ' ');
}

static void format(struct uart *u, const char *fmt, va_list args)
{
	for (; *fmt; fmt++) {
		char pad = ' ';
		bool left = false;
		int width = 0;
		int d;

		if (*fmt != '%') {
			put_byte(u, *fmt);
			continue;
		}
		fmt++;
		if (*fmt == '-') {
			left = true;
			fmt++;
		}
		if (*fmt == '0')
			pad = '0';
		while (*fmt >= '0' && *fmt <= '9')
			width = width * 10 + *fmt++ - '0';

		switch (*fmt) {
		case 's':
			put_string(u, va_arg(args, const char *), width, left);
			break;
		case 'c':
			put_byte(u, (char)va_arg(args, int));
			break;
		case 'd':
			d = va_arg(args, int);
			put_number(u, d < 0 ? -(u32)d : (u32)d, 10, width, pad, d < 0);
			break;
		case 'u':
			put_number(u, va_arg(args, u32), 10, width, pad, false);
			break;
		case 'x':
			put_number(u, va_arg(args, u32), 16, width, pad, false);
			break;
		default:
			put_byte(u, *fmt);
		}
	}
}

void print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	format(&transcript, fmt, args);
	va_end(args);
}

void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	format(&text, fmt, args);
	va_end(args);
}

void manual(const char *name, u32 got, u32 expected)
{
	if (got == expected)
		print("~ %s: ok\n", name);
	else
		print("~ %s: %08x, the manual says %08x\n", name, got, expected);
}

/* The last line of the transcript, then a system reset, on which QEMU and a monitor end. */
void finish(void)
{
	print("END\n");
	wait_for(&text, LSR_TEMT);
	wait_for(&transcript, LSR_TEMT);
	mtspr(SPR_DBCR0, DBCR0_RST_SYSTEM);
	for (;;)
		;
}
