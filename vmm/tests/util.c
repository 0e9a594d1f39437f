// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

static int saved = -1;
static FILE *file;
static char text[65536];

/* A test failed while it captured: what it said must be seen. */
static void release(void)
{
	if (saved >= 0)
		fputs(captured(), stderr);
}

void capture(void)
{
	static int registered;

	release();
	if (!registered)
		registered = !atexit(release);
	fflush(stderr);
	saved = dup(STDERR_FILENO);
	file = tmpfile();
	dup2(fileno(file), STDERR_FILENO);
}

const char *captured(void)
{
	size_t n;

	dup2(saved, STDERR_FILENO);
	close(saved);
	saved = -1;
	rewind(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	fclose(file);
	return text;
}

void check_contains(const char *in, const char *part, const char *source, int line)
{
	if (!strstr(in, part)) {
		print_error("'%s' is not in '%s'\n", part, in);
		_fail(source, line);
	}
}

void check_one_line(const char *in, const char *source, int line)
{
	const char *end = strchr(in, '\n');

	if (!end || end[1]) {
		print_error("not one line: '%s'\n", in);
		_fail(source, line);
	}
}

const char *temporary(const void *data, size_t size)
{
	static char path[64];
	int fd;

	strcpy(path, "/tmp/vm44x-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	close(fd);
	return path;
}
