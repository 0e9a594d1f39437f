// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "file.h"
#include "owner.h"

#define ATTRIBUTE      "user.vm44x.owner" /* "USER:GROUP:MODE[:MAJOR:MINOR]", MODE octal */
#define ATTRIBUTE_SIZE 64
#define RIGHTS	       07777u

int owner_check(int dir)
{
	char text[ATTRIBUTE_SIZE];
	const struct file_path path = file_path(dir);

	if (getxattr(path.text, ATTRIBUTE, text, sizeof(text)) >= 0 || errno == ENODATA ||
	    errno == ERANGE)
		return 0;
	return -errno;
}

static bool is_device(uint32_t mode)
{
	return S_ISCHR(mode) || S_ISBLK(mode);
}

/* Whoever owns the file can write anything there: what makes no sense is not there. */
static void read_attribute(const char *text, struct stat *st)
{
	unsigned int user, group, mode, major, minor;
	const int found = sscanf(text, "%u:%u:%o:%u:%u", &user, &group, &mode, &major, &minor);

	if (found < 3 || S_ISDIR(mode) != S_ISDIR(st->st_mode) || S_ISLNK(mode) ||
	    mode & ~(S_IFMT | RIGHTS) || (is_device(mode) && found < 5))
		return;
	st->st_uid = user;
	st->st_gid = group;
	st->st_mode = mode;
	st->st_rdev = is_device(mode) ? makedev(major, minor) : 0;
}

static int write_attribute(int fd, const struct stat *st)
{
	const struct file_path path = file_path(fd);
	char text[ATTRIBUTE_SIZE];
	int length = snprintf(text, sizeof(text), "%u:%u:%o", st->st_uid, st->st_gid, st->st_mode);

	if (is_device(st->st_mode))
		length += snprintf(text + length, sizeof(text) - length, ":%u:%u",
				   major(st->st_rdev), minor(st->st_rdev));
	return setxattr(path.text, ATTRIBUTE, text, length, 0) < 0 ? -errno : 0;
}

static bool can_be_mapped(const struct stat *st)
{
	return S_ISREG(st->st_mode) || S_ISDIR(st->st_mode);
}

/* Without the attribute, a file is as on the host. */
static void apply_attribute(int fd, struct stat *st)
{
	const struct file_path path = file_path(fd);
	char text[ATTRIBUTE_SIZE];
	ssize_t length = getxattr(path.text, ATTRIBUTE, text, sizeof(text) - 1);

	if (length < 0)
		return;
	text[length] = '\0';
	read_attribute(text, st);
}

int owner_stat(enum owner_mode how, int fd, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return -errno;
	if (how == OWNER_MAPPED && can_be_mapped(st))
		apply_attribute(fd, st);
	return 0;
}

static void set(unsigned int *to, uint32_t value)
{
	if (value != OWNER_KEEP)
		*to = value;
}

static int set_mapped(int fd, const struct owner *owner)
{
	struct stat st;
	int error = owner_stat(OWNER_MAPPED, fd, &st);

	if (error || S_ISLNK(st.st_mode))
		return error;
	set(&st.st_uid, owner->user);
	set(&st.st_gid, owner->group);
	if (owner->mode != OWNER_KEEP) {
		const uint32_t type = owner->mode & S_IFMT;

		st.st_mode = (type ? type : st.st_mode & S_IFMT) | (owner->mode & RIGHTS);
		if (type)
			st.st_rdev = owner->device;
	}
	return write_attribute(fd, &st);
}

static int set_host(int fd, const struct owner *owner)
{
	const struct file_path path = file_path(fd);
	uint32_t rights = owner->mode & RIGHTS;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	/* What is so already may be said by anyone. */
	if ((owner->user != OWNER_KEEP && owner->user != st.st_uid) ||
	    (owner->group != OWNER_KEEP && owner->group != st.st_gid))
		if (fchownat(fd, "", owner->user, owner->group, AT_EMPTY_PATH) < 0)
			return -errno;
	if (owner->mode == OWNER_KEEP || S_ISLNK(st.st_mode))
		return 0;
	if (!S_ISDIR(st.st_mode))
		rights &= ~(S_ISUID | S_ISGID);
	return chmod(path.text, rights) < 0 ? -errno : 0;
}

int owner_set(enum owner_mode how, int fd, const struct owner *owner)
{
	return how == OWNER_MAPPED ? set_mapped(fd, owner) : set_host(fd, owner);
}

uint32_t owner_new_mode(enum owner_mode how, uint32_t mode)
{
	if (how == OWNER_MAPPED)
		return S_ISDIR(mode) ? 0777 : 0666;
	return mode & 0777;
}
