// SPDX-License-Identifier: GPL-2.0-only
/* Messages to the user, one line each on standard error. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

static bool verbose;
static volatile bool raw;
static const char *place_file;
static unsigned int place_line;

void report_set_verbose(bool on)
{
	verbose = on;
}

void report_set_place(const char *file, unsigned int line)
{
	place_file = file;
	place_line = line;
}

void report_set_raw(bool on)
{
	raw = on;
}

void report_text(const char *text)
{
	char out[2048];
	size_t n = 0;

	for (; *text && n < sizeof(out) - 2; text++) {
		if (*text == '\n' && raw)
			out[n++] = '\r';
		out[n++] = *text;
	}
	/* There is nobody to tell when standard error is gone. */
	if (write(STDERR_FILENO, out, n) < 0)
		return;
}

/* One write() for a line: lines of two threads, or of two VMs, never mix. */
static void print(const char *fmt, va_list ap)
{
	char line[1024];
	int n = snprintf(line, sizeof(line), "vm44x: ");

	if (place_file)
		n += snprintf(line + n, sizeof(line) / 2, "%.400s:%u: ", place_file, place_line);
	vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	strcat(line, "\n");
	report_text(line);
}

int vm_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(fmt, ap);
	va_end(ap);
	return -1;
}

void vm_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(fmt, ap);
	va_end(ap);
}

void vm_verbose(const char *fmt, ...)
{
	va_list ap;

	if (!verbose)
		return;
	va_start(ap, fmt);
	print(fmt, ap);
	va_end(ap);
}
