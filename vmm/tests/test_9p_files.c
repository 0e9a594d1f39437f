// SPDX-License-Identifier: GPL-2.0-only
/* What a client can do to the files of a share, and what it cannot. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "client.h"
#include "util.h"

#define FILES 64

static int setup(void **state)
{
	(void)state;
	client_begin();
	client_put("outside", "secret");
	mkdir(client_path("share/dir"), 0755);
	client_put("share/file", "0123456789");
	client_attach(false, OWNER_HOST, FILES);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_string_equal(client_get("outside"), "secret");
	client_end();
	return 0;
}

static int read_file(uint32_t fid, uint64_t offset, uint32_t count)
{
	return client_call(P9_TREAD, "484", fid, offset, count);
}

/* Of the text's bytes: a Twrite's data have no length of their own. */
static int write_file(uint32_t fid, uint64_t offset, const char *text)
{
	char format[64] = "484";

	assert_int_equal(strlen(text), 4);
	strcat(format, "1111");
	return client_call(P9_TWRITE, format, fid, offset, 4, text[0], text[1], text[2], text[3]);
}

static void expect_data(const char *text)
{
	assert_int_equal(p9_get32(&client_answer), strlen(text));
	assert_memory_equal(client_answer.at, text, strlen(text));
}

static int get_attributes(uint32_t fid, struct stat *st)
{
	int error = client_call(P9_TGETATTR, "48", fid, (uint64_t)P9_GETATTR_BASIC);
	struct p9_reader *r = &client_answer;

	if (error)
		return error;
	*st = (struct stat){ 0 };
	assert_int_equal(p9_get64(r), P9_GETATTR_BASIC);
	p9_get8(r);
	p9_get32(r);
	st->st_ino = p9_get64(r);
	st->st_mode = p9_get32(r);
	st->st_uid = p9_get32(r);
	st->st_gid = p9_get32(r);
	st->st_nlink = p9_get64(r);
	st->st_rdev = p9_get64(r);
	st->st_size = p9_get64(r);
	st->st_blksize = p9_get64(r);
	st->st_blocks = p9_get64(r);
	st->st_atim.tv_sec = p9_get64(r);
	st->st_atim.tv_nsec = p9_get64(r);
	st->st_mtim.tv_sec = p9_get64(r);
	st->st_mtim.tv_nsec = p9_get64(r);
	assert_int_equal(r->end - r->at, 6 * 8);
	return 0;
}

static int set_attributes(uint32_t fid, uint32_t valid, uint32_t mode, uint32_t user,
			  uint32_t group, uint64_t size, uint64_t seconds, uint64_t nanoseconds)
{
	return client_call(P9_TSETATTR, "4444488888", fid, valid, mode, user, group, size, seconds,
			   nanoseconds, seconds + 1, nanoseconds);
}

static void contents(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(client_open(1, "file", 2), 0);
	assert_int_equal(read_file(1, 2, 5), 0);
	expect_data("23456");
	assert_int_equal(read_file(1, 8, 100), 0);
	expect_data("89");
	assert_int_equal(read_file(1, 10, 100), 0);
	expect_data("");
	assert_int_equal(read_file(1, UINT64_MAX, 1), EINVAL);
	assert_int_equal(write_file(1, 3, "abcd"), 0);
	assert_int_equal(p9_get32(&client_answer), 4);
	assert_string_equal(client_get("share/file"), "012abcd789");
	assert_int_equal(write_file(1, UINT64_MAX, "abcd"), EINVAL);
	/* fewer bytes than it says */
	assert_int_equal(client_call(P9_TWRITE, "48411", 1, (uint64_t)0, 3, 'x', 'x'), EPROTO);
	assert_int_equal(client_call(P9_TWRITE, "484", 1, (uint64_t)0, 0), 0);
	assert_int_equal(client_call(P9_TFSYNC, "44", 1, 0), 0);
	assert_int_equal(client_call(P9_TFSYNC, "44", 1, 1), 0);
	assert_int_equal(client_call(P9_TFSYNC, "44", CLIENT_ROOT, 1), EBADF);
	/* it lives on without a name, for those that have it open */
	assert_int_equal(client_call(P9_TUNLINKAT, "4s4", 0, "file", 0), 0);
	assert_int_equal(read_file(1, 3, 4), 0);
	expect_data("abcd");
	assert_int_equal(set_attributes(1, P9_SETATTR_SIZE, 0, 0, 0, 5, 0, 0), 0);
	assert_int_equal(get_attributes(1, &st), 0);
	assert_int_equal(st.st_size, 5);
	assert_int_equal(st.st_nlink, 0);
}

static void open_flags(void **state)
{
	(void)state;
	assert_int_equal(client_open(1, "file", P9_O_ACCESS), EINVAL);
	assert_int_equal(client_call(P9_TLOPEN, "44", 1, 0), 0);
	assert_int_equal(write_file(1, 0, "abcd"), EBADF);
	assert_int_equal(client_open(2, "file", 1 | P9_O_APPEND | P9_O_DSYNC), 0);
	assert_int_equal(read_file(2, 0, 1), EBADF);
	assert_int_equal(write_file(2, 0, "abcd"), 0);
	assert_string_equal(client_get("share/file"), "0123456789abcd");
	assert_int_equal(client_open(3, "file", 1 | P9_O_TRUNC), 0);
	assert_string_equal(client_get("share/file"), "");
	assert_int_equal(client_open(4, "file", P9_O_DIRECTORY), ENOTDIR);
	assert_int_equal(client_open(5, "dir", 2), EISDIR);
	assert_int_equal(client_call(P9_TLOPEN, "44", 5, P9_O_DIRECTORY), 0);
	assert_int_equal(read_file(5, 0, 1), EISDIR);
	/* directories lead on when they are open, too */
	assert_int_equal(client_call(P9_TWALK, "442s", 5, 6, 1, "none"), ENOENT);
}

static void creating(void **state)
{
	struct stat st;

	(void)state;
	umask(077);
	assert_int_equal(client_call(P9_TWALK, "442", 0, 1, 0), 0);
	assert_int_equal(client_call(P9_TLCREATE, "4s444", 1, "new", 2 | P9_O_EXCL, 06754, 0), 0);
	assert_int_equal(write_file(1, 0, "abcd"), 0);
	assert_string_equal(client_get("share/new"), "abcd");
	assert_int_equal(get_attributes(1, &st), 0);
	/* the mode is the guest's, but for what would make others of its users */
	assert_int_equal(st.st_mode, S_IFREG | 0754);
	assert_int_equal(client_call(P9_TLCREATE, "4s444", 1, "more", 2, 0644, 0), EINVAL);
	assert_int_equal(client_call(P9_TWALK, "442", 0, 2, 0), 0);
	assert_int_equal(client_call(P9_TLCREATE, "4s444", 2, "new", 2 | P9_O_EXCL, 0644, 0),
			 EEXIST);
	assert_int_equal(client_call(P9_TLCREATE, "4s444", 2, "dir", 2, 0644, 0), EISDIR);
	/* someone else has made it: good, too */
	assert_int_equal(client_call(P9_TLCREATE, "4s444", 2, "new", 0, 0644, 0), 0);
	assert_int_equal(read_file(2, 0, 9), 0);
	expect_data("abcd");
	assert_int_equal(client_walk(3, "file"), 0);
	assert_int_equal(client_call(P9_TLCREATE, "4s444", 3, "x", 2, 0644, 0), ENOTDIR);
	assert_int_equal(client_call(P9_TMKDIR, "4s44", 0, "more", 01777, 0), 0);
	assert_int_equal(p9_get8(&client_answer), P9_QID_DIR);
	assert_int_equal(stat(client_path("share/more"), &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 01777);
	umask(022);
}

static void tree(void **state)
{
	char target[64];
	struct stat st;

	(void)state;
	assert_int_equal(client_walk(1, "dir"), 0);
	assert_int_equal(client_walk(2, "file"), 0);
	assert_int_equal(client_call(P9_TLINK, "44s", 1, 2, "linked"), 0);
	assert_int_equal(get_attributes(2, &st), 0);
	assert_int_equal(st.st_nlink, 2);
	assert_int_equal(client_call(P9_TLINK, "44s", 0, 1, "linked"), EPERM);
	assert_int_equal(client_call(P9_TRENAMEAT, "4s4s", 1, "linked", 0, "moved"), 0);
	assert_string_equal(client_get("share/moved"), "0123456789");
	assert_int_equal(client_call(P9_TRENAMEAT, "4s4s", 0, "dir", 1, "dir"), EINVAL);
	assert_int_equal(client_call(P9_TSYMLINK, "4ss4", 1, "link", "../file", 0), 0);
	assert_int_equal(p9_get8(&client_answer), P9_QID_SYMLINK);
	assert_int_equal(client_call(P9_TWALK, "442s", 1, 3, 1, "link"), 0);
	assert_int_equal(client_call(P9_TREADLINK, "4", 3), 0);
	p9_get_string(&client_answer, target, sizeof(target));
	assert_string_equal(target, "../file");
	/* a link has its own times, and its own names */
	assert_int_equal(
		set_attributes(3, P9_SETATTR_MTIME | P9_SETATTR_MTIME_SET, 0, 0, 0, 0, 41, 7), 0);
	assert_int_equal(get_attributes(3, &st), 0);
	assert_int_equal(st.st_mtim.tv_sec, 42);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(client_call(P9_TLINK, "44s", 0, 3, "link2"), 0);
	assert_int_equal(lstat(client_path("share/link2"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(client_call(P9_TWALK, "442", 3, 4, 0), 0);
	assert_int_equal(client_call(P9_TREADLINK, "4", 4), 0);
	assert_int_equal(client_call(P9_TREADLINK, "4", 2), ENOENT);
	assert_int_equal(client_call(P9_TUNLINKAT, "4s4", 0, "dir", P9_AT_REMOVEDIR), ENOTEMPTY);
	assert_int_equal(client_call(P9_TUNLINKAT, "4s4", 0, "dir", 0), EISDIR);
	assert_int_equal(client_call(P9_TUNLINKAT, "4s4", 1, "link", 1), EINVAL);
	assert_int_equal(client_call(P9_TUNLINKAT, "4s4", 1, "link", 0), 0);
	assert_int_equal(client_call(P9_TUNLINKAT, "4s4", 0, "dir", P9_AT_REMOVEDIR), 0);
	/* a directory that is gone */
	assert_int_equal(client_call(P9_TMKDIR, "4s44", 1, "x", 0777, 0), ENOENT);
	assert_int_equal(client_call(P9_TWALK, "442s", 1, 5, 1, "x"), ENOENT);
	assert_int_equal(get_attributes(1, &st), 0);
}

static void attributes(void **state)
{
	struct stat st, host;

	(void)state;
	assert_int_equal(client_walk(1, "file"), 0);
	assert_int_equal(get_attributes(1, &st), 0);
	assert_int_equal(stat(client_path("share/file"), &host), 0);
	assert_true(st.st_ino == host.st_ino && st.st_mode == host.st_mode &&
		    st.st_uid == host.st_uid && st.st_gid == host.st_gid &&
		    st.st_nlink == host.st_nlink && st.st_size == host.st_size &&
		    st.st_blocks == host.st_blocks);
	assert_int_equal(set_attributes(1, P9_SETATTR_MODE, S_IFREG | 04640, 0, 0, 0, 0, 0), 0);
	assert_int_equal(set_attributes(1, P9_SETATTR_SIZE, 0, 0, 0, 3, 0, 0), 0);
	assert_int_equal(set_attributes(1, P9_SETATTR_SIZE, 0, 0, 0, UINT64_MAX, 0, 0), EINVAL);
	assert_int_equal(set_attributes(1,
					P9_SETATTR_ATIME | P9_SETATTR_MTIME | P9_SETATTR_ATIME_SET |
						P9_SETATTR_MTIME_SET,
					0, 0, 0, 0, 5000000000, 123456789),
			 0);
	assert_int_equal(get_attributes(1, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0640);
	assert_int_equal(st.st_size, 3);
	assert_true(st.st_atim.tv_sec == 5000000000 && st.st_mtim.tv_sec == 5000000001);
	assert_int_equal(st.st_mtim.tv_nsec, 123456789);
	/* one of them, to now */
	assert_int_equal(set_attributes(1, P9_SETATTR_MTIME, 0, 0, 0, 0, 0, UINT64_MAX), 0);
	assert_int_equal(get_attributes(1, &st), 0);
	assert_true(st.st_atim.tv_sec == 5000000000 && st.st_mtim.tv_sec < 5000000000);
	assert_int_equal(set_attributes(1, P9_SETATTR_MTIME | P9_SETATTR_MTIME_SET, 0, 0, 0, 0, 0,
					1000000000),
			 EINVAL);
	/* its owner is its owner; whoever may not make someone else so, may not */
	assert_int_equal(set_attributes(1, P9_SETATTR_UID | P9_SETATTR_GID, 0, host.st_uid,
					host.st_gid, 0, 0, 0),
			 0);
	assert_int_equal(set_attributes(1, P9_SETATTR_UID, 0, host.st_uid + 1, 0, 0, 0, 0),
			 geteuid() ? EPERM : 0);
	assert_int_equal(client_call(P9_TSTATFS, "4", 1), 0);
	assert_int_equal(p9_get32(&client_answer), 0x01021997);
	assert_true(p9_get32(&client_answer) >= 512);
}

/* Takes entries from an answer: how many, and the offset behind the last */
static unsigned int take_entries(uint64_t *offset, char *last)
{
	struct p9_reader r = client_answer;
	const uint32_t size = p9_get32(&r);
	unsigned int n = 0;

	assert_int_equal(size, r.end - r.at);
	for (; r.at < r.end; n++) {
		p9_get8(&r);
		p9_get32(&r);
		p9_get64(&r);
		*offset = p9_get64(&r);
		p9_get8(&r);
		p9_get_string(&r, last, NAME_MAX + 1);
		assert_int_equal(r.error, 0);
	}
	return n;
}

static unsigned int read_directory(uint32_t fid, uint32_t count, bool remove)
{
	unsigned int all = 0, n;
	char last[NAME_MAX + 1];
	uint64_t offset = 0;

	do {
		assert_int_equal(client_call(P9_TREADDIR, "484", fid, offset, count), 0);
		n = take_entries(&offset, last);
		if (n && remove && strchr(last, '-'))
			assert_int_equal(client_call(P9_TUNLINKAT, "4s4", 1, last, 0), 0);
		all += n;
	} while (n);
	return all;
}

static void directories(void **state)
{
	char name[64], last[NAME_MAX + 1], again[NAME_MAX + 1];
	uint64_t offset, third;
	unsigned int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "share/dir/a-longer-name-%u", i);
		client_put(name, "");
	}
	assert_int_equal(client_walk(1, "dir"), 0);
	assert_int_equal(client_call(P9_TREADDIR, "484", 1, (uint64_t)0, 4000), EBADF);
	assert_int_equal(client_open(2, "dir", 0), 0);
	assert_int_equal(read_directory(2, 100, false), 1002);
	assert_int_equal(read_directory(2, 60000, false), 1002);
	/* back to where it was */
	assert_int_equal(client_call(P9_TREADDIR, "484", 2, (uint64_t)0, 200), 0);
	take_entries(&third, last);
	assert_int_equal(client_call(P9_TREADDIR, "484", 2, third, 60), 0);
	take_entries(&offset, last);
	assert_int_equal(client_call(P9_TREADDIR, "484", 2, third, 60), 0);
	take_entries(&offset, again);
	assert_string_equal(last, again);
	/* not even one fits, and that is not the end */
	assert_int_equal(client_call(P9_TREADDIR, "484", 2, (uint64_t)0, 20), EINVAL);
	/* entries go while the others are read */
	assert_int_equal(read_directory(2, 70, true), 1002);
	assert_int_equal(client_open(3, "file", 0), 0);
	assert_int_equal(client_call(P9_TREADDIR, "484", 3, (uint64_t)0, 4000), ENOTDIR);
}

/* The root's parent has no number here. */
static void above_root(void **state)
{
	struct p9_reader *r = &client_answer;
	char name[NAME_MAX + 1];
	struct stat st;
	uint64_t inode;

	(void)state;
	assert_int_equal(stat(client_path("share"), &st), 0);
	assert_int_equal(client_call(P9_TWALK, "442", 0, 1, 0), 0);
	assert_int_equal(client_call(P9_TLOPEN, "44", 1, 0), 0);
	assert_int_equal(client_call(P9_TREADDIR, "484", 1, (uint64_t)0, 4000), 0);
	p9_get32(r);
	do {
		p9_get8(r);
		p9_get32(r);
		inode = p9_get64(r);
		p9_get64(r);
		p9_get8(r);
		p9_get_string(r, name, sizeof(name));
		assert_int_equal(r->error, 0);
	} while (strcmp(name, ".."));
	assert_int_equal(inode, st.st_ino);
}

static void escapes(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(symlink("..", client_path("share/up")), 0);
	assert_int_equal(symlink(client_path("outside"), client_path("share/out")), 0);
	/* links are there to be read, and lead nowhere */
	assert_int_equal(client_call(P9_TWALK, "442ss", 0, 1, 2, "up", "outside"), 0);
	assert_int_equal(p9_get16(&client_answer), 1);
	assert_int_equal(client_walk(1, "up"), 0);
	assert_int_equal(client_call(P9_TWALK, "442s", 1, 2, 1, "outside"), ENOTDIR);
	assert_int_equal(client_call(P9_TMKDIR, "4s44", 1, "x", 0777, 0), ENOTDIR);
	assert_int_equal(client_call(P9_TLOPEN, "44", 1, 0), ELOOP);
	assert_int_equal(client_open(2, "out", 1 | P9_O_TRUNC), ELOOP);
	assert_int_equal(set_attributes(2, P9_SETATTR_SIZE, 0, 0, 0, 0, 0, 0), EINVAL);
	assert_int_equal(set_attributes(2, P9_SETATTR_MODE, 0, 0, 0, 0, 0, 0), 0);
	assert_int_equal(stat(client_path("outside"), &st), 0);
	assert_int_not_equal(st.st_mode & 0777, 0);
	assert_int_equal(client_call(P9_TWALK, "442", 0, 3, 0), 0);
	assert_int_equal(client_call(P9_TLCREATE, "4s444", 3, "out", 1 | P9_O_TRUNC, 0644, 0),
			 ELOOP);
	/* a directory that the host moves away leads down only */
	assert_int_equal(client_walk(4, "dir"), 0);
	assert_int_equal(rename(client_path("share/dir"), client_path("moved")), 0);
	assert_int_equal(client_call(P9_TWALK, "442s", 4, 5, 1, ".."), EINVAL);
	assert_int_equal(client_call(P9_TWALK, "442s", 4, 5, 1, "outside"), ENOENT);
	assert_int_equal(client_walk(5, "dir"), ENOENT);
}

/* Whatever is no file and no directory is not opened: a FIFO would make us wait. */
static void special_files(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(client_call(P9_TMKNOD, "4s4444", 0, "fifo", S_IFIFO | 0666, 0, 0, 0), 0);
	assert_int_equal(client_open(1, "fifo", 0), EACCES);
	assert_int_equal(client_call(P9_TLOPEN, "44", 1, 1), EACCES);
	assert_int_equal(client_call(P9_TWALK, "442", 0, 2, 0), 0);
	assert_int_equal(client_call(P9_TLCREATE, "4s444", 2, "fifo", 1, 0644, 0), EACCES);
	assert_int_equal(get_attributes(1, &st), 0);
	assert_int_equal(st.st_mode, S_IFIFO | 0666);
	assert_int_equal(client_call(P9_TMKNOD, "4s4444", 0, "sock", S_IFSOCK | 0666, 0, 0, 0), 0);
	assert_int_equal(client_open(3, "sock", 2), EACCES);
	assert_int_equal(client_call(P9_TMKNOD, "4s4444", 0, "null", S_IFCHR | 0666, 1, 3, 0),
			 EPERM);
	assert_int_equal(client_call(P9_TMKNOD, "4s4444", 0, "dir2", S_IFDIR | 0666, 1, 3, 0),
			 EINVAL);
	assert_int_equal(client_call(P9_TMKNOD, "4s4444", 0, "plain", S_IFREG | 0600, 0, 0, 0), 0);
	if (!mknod(client_path("share/null"), S_IFCHR | 0666, makedev(1, 3))) {
		assert_int_equal(client_open(4, "null", 0), EACCES);
		assert_int_equal(get_attributes(4, &st), 0);
		assert_int_equal(st.st_rdev, makedev(1, 3));
	}
}

/* A share is one file system: what is mounted below is not of it. */
static void mounts(void **state)
{
	const struct share_options o = { .dir = "/", .read_only = true };

	(void)state;
	share_close(client_share);
	client_share = share_open(&o, FILES);
	assert_non_null(client_share);
	assert_int_equal(client_call(P9_TVERSION, "4s", 8192, P9_VERSION), 0);
	assert_int_equal(client_call(P9_TATTACH, "44ss4", 0, P9_NO_FID, "", "", 0), 0);
	assert_int_equal(client_walk(1, "proc"), EXDEV);
}

static void read_only(void **state)
{
	(void)state;
	client_attach(true, OWNER_HOST, FILES);
	assert_int_equal(client_walk(1, "file"), 0);
	assert_int_equal(client_call(P9_TLOPEN, "44", 1, 1), EROFS);
	assert_int_equal(client_call(P9_TLOPEN, "44", 1, 2), EROFS);
	assert_int_equal(client_call(P9_TLOPEN, "44", 1, P9_O_TRUNC), EROFS);
	assert_int_equal(set_attributes(1, P9_SETATTR_MODE, 0, 0, 0, 0, 0, 0), EROFS);
	assert_int_equal(set_attributes(1, P9_SETATTR_MTIME, 0, 0, 0, 0, 0, 0), EROFS);
	assert_int_equal(client_call(P9_TLOPEN, "44", 1, 0), 0);
	assert_int_equal(read_file(1, 0, 4), 0);
	expect_data("0123");
	assert_int_equal(write_file(1, 0, "abcd"), EROFS);
	assert_int_equal(client_call(P9_TWALK, "442", 0, 2, 0), 0);
	assert_int_equal(client_call(P9_TLCREATE, "4s444", 2, "new", 0, 0644, 0), EROFS);
	assert_int_equal(client_call(P9_TMKDIR, "4s44", 0, "new", 0777, 0), EROFS);
	assert_int_equal(client_call(P9_TSYMLINK, "4ss4", 0, "new", "file", 0), EROFS);
	assert_int_equal(client_call(P9_TMKNOD, "4s4444", 0, "new", S_IFREG, 0, 0, 0), EROFS);
	assert_int_equal(client_call(P9_TLINK, "44s", 0, 1, "new"), EROFS);
	assert_int_equal(client_call(P9_TRENAMEAT, "4s4s", 0, "file", 0, "new"), EROFS);
	assert_int_equal(client_call(P9_TUNLINKAT, "4s4", 0, "file", 0), EROFS);
	assert_int_equal(client_call(P9_TFSYNC, "44", 1, 0), 0);
	assert_string_equal(client_get("share/file"), "0123456789");
}

static bool keeps_attributes(void)
{
	int fd = open(client_path("share"), O_RDONLY | O_DIRECTORY);
	int error = owner_check(fd);

	close(fd);
	return !error;
}

static void expect_owner(uint32_t fid, uint32_t user, uint32_t group, uint32_t mode)
{
	struct stat st;

	assert_int_equal(get_attributes(fid, &st), 0);
	assert_int_equal(st.st_uid, user);
	assert_int_equal(st.st_gid, group);
	assert_int_equal(st.st_mode, mode);
}

/* Owners are mapped, fid 1 is the file, of which st tells. */
static void attach_mapped(struct stat *st)
{
	if (!keeps_attributes())
		skip();
	client_attach(false, OWNER_MAPPED, FILES);
	assert_int_equal(stat(client_path("share/file"), st), 0);
	assert_int_equal(client_walk(1, "file"), 0);
}

static void mapped(void **state)
{
	struct stat st;

	(void)state;
	attach_mapped(&st);
	/* what the host has made is as on the host, until the guest says otherwise */
	expect_owner(1, st.st_uid, st.st_gid, st.st_mode);
	assert_int_equal(set_attributes(1, P9_SETATTR_UID, 0, 70, 0, 0, 0, 0), 0);
	expect_owner(1, 70, st.st_gid, st.st_mode);
	assert_int_equal(set_attributes(1, P9_SETATTR_MODE | P9_SETATTR_GID, 04000, 0, 71, 0, 0, 0),
			 0);
	expect_owner(1, 70, 71, S_IFREG | 04000);
	assert_int_equal(stat(client_path("share/file"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0644);
	/* what the guest makes is its user's */
	assert_int_equal(client_call(P9_TWALK, "442", 0, 2, 0), 0);
	assert_int_equal(client_call(P9_TLCREATE, "4s444", 2, "new", 1, 06755, 99), 0);
	expect_owner(2, 1234, 99, S_IFREG | 06755);
	assert_int_equal(stat(client_path("share/new"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0644);
	assert_int_equal(client_call(P9_TMKDIR, "4s44", 0, "more", 0700, 99), 0);
	assert_int_equal(client_walk(3, "more"), 0);
	expect_owner(3, 1234, 99, S_IFDIR | 0700);
	/* a device of the guest's is a file of the host's */
	assert_int_equal(client_call(P9_TMKNOD, "4s4444", 0, "disk", S_IFBLK | 0660, 254, 300, 6),
			 0);
	assert_int_equal(client_walk(4, "disk"), 0);
	expect_owner(4, 1234, 6, S_IFBLK | 0660);
	assert_int_equal(get_attributes(4, &st), 0);
	assert_int_equal(st.st_rdev, makedev(254, 300));
	assert_int_equal(set_attributes(4, P9_SETATTR_MODE, 0600, 0, 0, 0, 0, 0), 0);
	assert_int_equal(get_attributes(4, &st), 0);
	assert_int_equal(st.st_mode, S_IFBLK | 0600);
	assert_int_equal(st.st_rdev, makedev(254, 300));
	assert_int_equal(stat(client_path("share/disk"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
	/* links take no attributes */
	assert_int_equal(client_call(P9_TSYMLINK, "4ss4", 0, "link", "new", 99), 0);
	assert_int_equal(client_walk(5, "link"), 0);
	assert_int_equal(set_attributes(5, P9_SETATTR_UID, 0, 70, 0, 0, 0, 0), 0);
	/* the next session finds all again */
	client_attach(true, OWNER_MAPPED, FILES);
	assert_int_equal(client_walk(1, "new"), 0);
	expect_owner(1, 1234, 99, S_IFREG | 06755);
}

/* Who owns the file on the host can write anything there. */
static void wrong_attributes(void **state)
{
	static const char *const bad[] = {
		"",
		"1:2",
		"1:2:040755",
		"1:2:0120777",
		"1:2:x",
		"1:2:7777777",
		"1:2:020666",
		"a:b:c",
		"1:2:-1",
		"1:2:100644:00000000000000000000000000000000000000000000000000000000000"
	};
	struct stat st;
	unsigned int i;

	(void)state;
	attach_mapped(&st);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(setxattr(client_path("share/file"), "user.vm44x.owner", bad[i],
					  strlen(bad[i]), 0),
				 0);
		expect_owner(1, st.st_uid, st.st_gid, st.st_mode);
	}
}

static void locks(void **state)
{
	(void)state;
	assert_int_equal(client_open(1, "file", 2), 0);
	assert_int_equal(
		client_call(P9_TLOCK, "414884s", 1, 1, 1, (uint64_t)0, (uint64_t)0, 77, "guest"),
		0);
	assert_int_equal(p9_get8(&client_answer), P9_LOCK_SUCCESS);
	assert_int_equal(
		client_call(P9_TGETLOCK, "41884s", 1, 1, (uint64_t)5, (uint64_t)6, 77, "guest"), 0);
	assert_int_equal(p9_get8(&client_answer), P9_LOCK_UNLCK);
	assert_int_equal(p9_get64(&client_answer), 5);
	assert_int_equal(client_walk(2, "file"), 0);
	assert_int_equal(
		client_call(P9_TLOCK, "414884s", 2, 1, 1, (uint64_t)0, (uint64_t)0, 77, "guest"),
		EBADF);
}

/* Errors of the host's are the guest's */
static void trouble(void **state)
{
	struct rlimit before, limit;

	(void)state;
	assert_int_equal(client_open(1, "file", 2), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 12;
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(write_file(1, 10, "abcd"), 0);
	assert_int_equal(p9_get32(&client_answer), 2);
	assert_int_equal(write_file(1, 12, "abcd"), EFBIG);
	setrlimit(RLIMIT_FSIZE, &before);
	if (!geteuid() && !seteuid(65534)) {
		assert_int_equal(client_open(2, "file", 1), EACCES);
		assert_int_equal(client_call(P9_TMKDIR, "4s44", 0, "x", 0777, 0), EACCES);
		assert_int_equal(set_attributes(2, P9_SETATTR_MODE, 0777, 0, 0, 0, 0, 0), EPERM);
		assert_int_equal(seteuid(0), 0);
	}
	/* the whole directory is removed on the host */
	assert_int_equal(unlink(client_path("share/file")), 0);
	assert_int_equal(rmdir(client_path("share/dir")), 0);
	assert_int_equal(rmdir(client_path("share")), 0);
	assert_int_equal(client_walk(3, "file"), ENOENT);
	assert_int_equal(client_call(P9_TMKDIR, "4s44", 0, "x", 0777, 0), ENOENT);
	assert_int_equal(read_file(1, 0, 4), 0);
	expect_data("0123");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(contents, setup, teardown),
		cmocka_unit_test_setup_teardown(open_flags, setup, teardown),
		cmocka_unit_test_setup_teardown(creating, setup, teardown),
		cmocka_unit_test_setup_teardown(tree, setup, teardown),
		cmocka_unit_test_setup_teardown(attributes, setup, teardown),
		cmocka_unit_test_setup_teardown(directories, setup, teardown),
		cmocka_unit_test_setup_teardown(above_root, setup, teardown),
		cmocka_unit_test_setup_teardown(escapes, setup, teardown),
		cmocka_unit_test_setup_teardown(special_files, setup, teardown),
		cmocka_unit_test_setup_teardown(mounts, setup, teardown),
		cmocka_unit_test_setup_teardown(read_only, setup, teardown),
		cmocka_unit_test_setup_teardown(mapped, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_attributes, setup, teardown),
		cmocka_unit_test_setup_teardown(locks, setup, teardown),
		cmocka_unit_test_setup_teardown(trouble, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
