// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "report.h"
#include "terminal.h"

#define CTRL_A	      0x01
#define TERMINALS_MAX 3

const char escape_help[] = "\n"
			   "Ctrl-a x       end the virtual machine\n"
			   "Ctrl-a b       send a break\n"
			   "Ctrl-a Ctrl-a  send Ctrl-a\n"
			   "Ctrl-a h       this help\n";

enum escape_action escape_filter(struct escape *e, uint8_t c)
{
	if (!e->seen) {
		e->seen = c == CTRL_A;
		return e->seen ? ESCAPE_NONE : ESCAPE_PASS;
	}
	e->seen = false;
	switch (c) {
	case CTRL_A:
		return ESCAPE_PASS;
	case 'x':
		return ESCAPE_QUIT;
	case 'h':
	case '?':
		return ESCAPE_HELP;
	case 'b':
		return ESCAPE_BREAK;
	default:
		return ESCAPE_NONE;
	}
}

/* Read by signal handlers: count grows only after its entry is complete. */
static struct {
	int fd;
	struct termios before, raw;
} terminals[TERMINALS_MAX];
static volatile int count;

int terminal_raw(int fd)
{
	if (count == TERMINALS_MAX || tcgetattr(fd, &terminals[count].before) < 0)
		return vm_error("cannot read the settings of the terminal: %s", strerror(errno));
	if (!count)
		atexit(terminal_restore);
	terminals[count].fd = fd;
	terminals[count].raw = terminals[count].before;
	cfmakeraw(&terminals[count].raw);
	count = count + 1;
	if (tcsetattr(fd, TCSANOW, &terminals[count - 1].raw) < 0)
		return vm_error("cannot make the terminal raw: %s", strerror(errno));
	report_set_raw(true);
	return 0;
}

void terminal_restore(void)
{
	int error = errno;
	int i;

	for (i = 0; i < count; i++)
		tcsetattr(terminals[i].fd, TCSANOW, &terminals[i].before);
	report_set_raw(false);
	errno = error;
}

void terminal_resume(void)
{
	int error = errno;
	int i;

	for (i = 0; i < count; i++) {
		pid_t foreground = tcgetpgrp(terminals[i].fd);

		/* Not a controlling terminal (-1): nobody else uses it. */
		if (foreground == -1 || foreground == getpgrp()) {
			tcsetattr(terminals[i].fd, TCSANOW, &terminals[i].raw);
			report_set_raw(true);
		}
	}
	errno = error;
}
