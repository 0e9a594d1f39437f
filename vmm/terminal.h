/* SPDX-License-Identifier: GPL-2.0-only */
/* The user's terminal: raw while the VM runs, and what Ctrl-a means there. */
#ifndef VM44X_TERMINAL_H
#define VM44X_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

enum escape_action {
	ESCAPE_PASS, /* the character is for the guest */
	ESCAPE_NONE, /* swallowed */
	ESCAPE_QUIT, /* Ctrl-a x */
	ESCAPE_HELP, /* Ctrl-a h */
	ESCAPE_BREAK, /* Ctrl-a b */
};

/* Zeroed at the start. */
struct escape {
	bool seen; /* Ctrl-a was the last character */
};

/* What to do about the typed character c. */
enum escape_action escape_filter(struct escape *e, uint8_t c);

extern const char escape_help[];

/*
 * Make the terminal fd raw. At most three can be (the console, --uart1 and --gdb);
 * terminal_restore gives both back as they were, and can be called at any
 * time, from a signal handler too. At the end of the process it is called by
 * itself. Returns 0, or -1 after a message.
 */
int terminal_raw(int fd);
void terminal_restore(void);

/* After terminal_restore: raw again, where this process is in the foreground. Async-signal-safe. */
void terminal_resume(void);

#endif
