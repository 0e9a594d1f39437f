/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests share. */
#ifndef VM44X_TESTS_UTIL_H
#define VM44X_TESTS_UTIL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

/* Standard error goes to a buffer from here ... */
void capture(void);
/* ... to here; returns its text, valid until the next capture. */
const char *captured(void);

#define assert_contains(text, part) check_contains(text, part, __FILE__, __LINE__)
void check_contains(const char *text, const char *part, const char *file, int line);

/* text is exactly one line, with its end. */
#define assert_one_line(text) check_one_line(text, __FILE__, __LINE__)
void check_one_line(const char *text, const char *file, int line);

/* A new file of that content; remove it with unlink. Valid until the next call. */
const char *temporary(const void *data, size_t size);

#endif
