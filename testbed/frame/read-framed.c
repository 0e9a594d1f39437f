// SPDX-License-Identifier: GPL-2.0-only
/*
 * read-framed FILE: the other end of run-framed. Reads frames from stdin, writes
 * the command's output where it belongs, and its exit status into FILE.
 *
 * Exit status 0: the result has come. 1: stdin ended without one; 2: what came
 * is not frames. After the result stdin is read to its end and thrown away, so
 * that the writer is never stopped.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "frame.h"

static void write_all(int fd, const unsigned char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			err(3, "write");
		}
		data += n;
		len -= n;
	}
}

/* Returns 0 when stdin ends before len bytes have come. */
static int read_all(unsigned char *data, size_t len)
{
	while (len) {
		ssize_t n = read(STDIN_FILENO, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 0;
		data += n;
		len -= n;
	}
	return 1;
}

int main(int argc, char **argv)
{
	unsigned char head[FRAME_HEADER], data[FRAME_MAX];
	FILE *result;

	if (argc != 2)
		errx(3, "usage: read-framed FILE");

	for (;;) {
		size_t len;

		if (!read_all(head, sizeof(head)))
			return 1;
		len = head[2] << 8 | head[3];
		if (head[0] != FRAME_MARK || len > sizeof(data))
			errx(2, "not a frame: %02x %02x %02x %02x", head[0], head[1], head[2],
			     head[3]);
		if (!read_all(data, len))
			return 1;
		if (head[1] == FRAME_STDOUT)
			write_all(STDOUT_FILENO, data, len);
		else if (head[1] == FRAME_STDERR)
			write_all(STDERR_FILENO, data, len);
		else if (head[1] != FRAME_EXIT || len != 1)
			errx(2, "unknown frame: type %02x, length %zu", head[1], len);
		else
			break;
	}

	result = fopen(argv[1], "w");
	if (!result || fprintf(result, "%d\n", data[0]) < 0 || fclose(result))
		err(3, "%s", argv[1]);
	while (read(STDIN_FILENO, data, sizeof(data)) > 0)
		;
	return 0;
}
