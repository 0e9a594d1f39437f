/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the server reaches files of the host. Never by a path: one name at a time, from the
 * descriptor of its directory (O_PATH, so nothing is opened), and links are not followed. So
 * there is no way out of a directory but through its own entries, whatever is renamed
 * meanwhile. All return a descriptor or 0, or a negative error number.
 */
#ifndef VM44X_SHARE_FILE_H
#define VM44X_SHARE_FILE_H

#include <stdint.h>
#include <sys/types.h>

/* The name of a descriptor's file in /proc, for calls that take nothing else. */
struct file_path {
	char text[32];
};

struct file_path file_path(int fd);

/* The file of this name in a directory, to refer to it; not one of another file system. */
int file_walk(int dir, const char *name);

/* To refer to a file that is open. */
int file_reach(int fd);

/*
 * Open a regular file or a directory, and nothing else: a device may do something when it is
 * opened, and a FIFO makes us wait. flags: open()'s.
 */
int file_open(int fd, int flags);

/* Make a regular file, and open it. */
int file_create(int dir, const char *name, int flags, mode_t mode);

#endif
