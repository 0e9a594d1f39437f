/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose a file is, and what kind of file.
 *
 * Either as on the host: then the guest may change what the user may change who runs vm44x,
 * and what he makes is his; if that is root, the guest's numbers of users count on the host.
 * Set-user-ID bits and devices, which would give away the user's rights, are not made.
 *
 * Or "mapped": an extended attribute, user.vm44x.owner, has what the guest sees, and whatever
 * the guest says goes there. On the host all is an ordinary file or directory of that user's.
 * Links have no such attribute: they have the owner that they have on the host.
 */
#ifndef VM44X_SHARE_OWNER_H
#define VM44X_SHARE_OWNER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

enum owner_mode {
	OWNER_HOST,
	OWNER_MAPPED
};

#define OWNER_KEEP UINT32_MAX /* as it is */

struct owner {
	uint32_t user, group;
	uint32_t mode; /* with a type: of a file that was just made, else only its rights */
	uint64_t device; /* its number, if mode says that it is one */
};

/* Whether this directory's file system can keep mapped owners: 0 or a negative error number. */
int owner_check(int dir);

/* stat() as the guest sees it. Returns 0 or a negative error number, as the others do. */
int owner_stat(enum owner_mode how, int fd, struct stat *st);

int owner_set(enum owner_mode how, int fd, const struct owner *owner);

/* The rights with which a file or directory is made on the host, before owner_set. */
uint32_t owner_new_mode(enum owner_mode how, uint32_t mode);

#endif
