// SPDX-License-Identifier: GPL-2.0-only
/*
 * scatter MB: takes that much memory, page by page, gives every other page back, says
 * "ready", and keeps the rest until it is killed. What then is free is single pages.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096u

int main(int argc, char **argv)
{
	size_t size = argc == 2 ? strtoul(argv[1], NULL, 10) << 20 : 0, at;
	char *p;

	if (!size)
		errx(2, "usage: scatter MB");
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1,
		 0);
	if (p == MAP_FAILED)
		err(1, "mmap");
	for (at = 0; at < size; at += 2 * PAGE)
		if (madvise(p + at, PAGE, MADV_DONTNEED))
			err(1, "madvise");
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
