/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages to the user, one line each on standard error. */
#ifndef VM44X_REPORT_H
#define VM44X_REPORT_H

#include <stdbool.h>

/*
 * Print "vm44x: " and the message. vm_error returns -1, so that a failing
 * function can end with "return vm_error(...)".
 */
int vm_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vm_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Like vm_warn, but silent unless report_set_verbose(true) was called. */
void vm_verbose(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void report_set_verbose(bool on);

/* What is reported is about this line of a file; NULL: about no file. */
void report_set_place(const char *file, unsigned int line);

/* While the terminal is raw, a new line needs its own carriage return. */
void report_set_raw(bool on);

/* Print text as it stands, with carriage returns where they are needed. */
void report_text(const char *text);

#endif
