// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"

/* Always, when a file is opened: it must not become our terminal, or wait. */
#define OPEN_FLAGS (O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

struct file_path file_path(int fd)
{
	struct file_path path;

	snprintf(path.text, sizeof(path.text), "/proc/self/fd/%d", fd);
	return path;
}

static int open_in(int dir, const char *name, int flags, mode_t mode)
{
	const struct open_how how = {
		.flags = flags | O_NOFOLLOW | O_CLOEXEC,
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	long fd = syscall(SYS_openat2, dir, name, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

int file_walk(int dir, const char *name)
{
	return open_in(dir, name, O_PATH, 0);
}

int file_reach(int fd)
{
	const struct file_path path = file_path(fd);
	int reached = open(path.text, O_PATH | O_CLOEXEC);

	return reached < 0 ? -errno : reached;
}

int file_open(int fd, int flags)
{
	const struct file_path path = file_path(fd);
	struct stat st;
	int opened;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return -EACCES;
	opened = open(path.text, flags | OPEN_FLAGS);
	return opened < 0 ? -errno : opened;
}

int file_create(int dir, const char *name, int flags, mode_t mode)
{
	return open_in(dir, name, flags | O_CREAT | O_EXCL | O_LARGEFILE | OPEN_FLAGS, mode);
}
