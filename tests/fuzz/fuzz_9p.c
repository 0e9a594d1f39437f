// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest of virtio-9p. The first byte says which share: of files as on the host, of mapped
 * owners, of what is only read. Whatever is outside stays as it is, and all of a share that is
 * only read; no file of the host's stays open.
 */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "guest.h"
#include "share/codec.h"
#include "share/p9.h"
#include "virtio/9p.h"

#define FILES 16

static char base[] = "/tmp/fuzz-9p-XXXXXX";
static unsigned int requests; /* of this guest's */

/* A path below base, until the fourth next call */
static const char *at(const char *name)
{
	static char paths[4][128];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", base, name);
	return path;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level ? remove(path) : 0;
}

static void clear(void)
{
	if (nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS))
		__builtin_trap();
}

static void clear_and_remove(void)
{
	clear();
	rmdir(base);
}

static void put_file(const char *path)
{
	int fd = open(at(path), O_WRONLY | O_CREAT | O_EXCL, 0644);

	if (fd < 0 || write(fd, "sentinel", 8) != 8 || close(fd))
		__builtin_trap();
}

static void check_file(const char *path)
{
	char text[16];
	struct stat st;
	int fd = open(at(path), O_RDONLY | O_NOFOLLOW);

	if (fd < 0 || read(fd, text, sizeof(text)) != 8 || memcmp(text, "sentinel", 8) ||
	    fstat(fd, &st) || st.st_nlink != 1 || st.st_mode != (S_IFREG | 0644) ||
	    st.st_uid != geteuid())
		__builtin_trap();
	close(fd);
}

/* What is there; its removal comes with the next input. */
static void make_files(void)
{
	static bool made;

	if (!made && (!mkdtemp(base) || atexit(clear_and_remove)))
		__builtin_trap();
	made = true;
	umask(022);
	clear();
	if (mkdir(at("share"), 0755) || mkdir(at("share/dir"), 0755) ||
	    mkdir(at("outside"), 0755) || symlink("../outside", at("share/link")) ||
	    symlink("..", at("share/dir/up")) || mkfifo(at("share/fifo"), 0666))
		__builtin_trap();
	put_file("outside/file");
	put_file("share/file");
	put_file("share/dir/file");
}

static unsigned int entries(const char *path)
{
	unsigned int count = 0;
	DIR *dir = opendir(at(path));

	while (dir && readdir(dir))
		count++;
	if (!dir || closedir(dir))
		__builtin_trap();
	return count;
}

static void check_files(bool read_only)
{
	check_file("outside/file");
	/* with "." and ".." */
	if (entries("outside") != 3 || entries("") != 4)
		__builtin_trap();
	if (!read_only)
		return;
	check_file("share/file");
	check_file("share/dir/file");
	if (entries("share") != 6 || entries("share/dir") != 4)
		__builtin_trap();
}

static void put_name(struct input *in, struct p9_writer *w)
{
	static const char *const names[] = { "file", "dir", "link", "up", "fifo",
					     "new",  "..",  ".",    "",	  "dir/../../outside",
					     "/",    "x" };
	const char *name = names[input_u8(in) % (sizeof(names) / sizeof(names[0]))];

	p9_put_string(w, name, strlen(name));
}

/* Arguments by a format: a digit for a number of so many bytes, f for a fid, n for a name */
static void put_arguments(struct input *in, struct p9_writer *w, const char *format)
{
	for (; *format; format++)
		switch (*format) {
		case '1':
			p9_put8(w, input_u8(in));
			break;
		case '4':
			p9_put32(w, input_u16(in));
			break;
		case '8':
			p9_put64(w, (int8_t)input_u8(in));
			break;
		case 'f':
			p9_put32(w, input_u8(in) % 8);
			break;
		case 'n':
			put_name(in, w);
			break;
		case 'w':
			p9_put16(w, *++format - '0');
			break;
		}
}

static const struct {
	uint8_t type;
	const char *format;
} messages[] = {
	{ P9_TWALK, "ffw0" },	      { P9_TWALK, "ffw1n" },	 { P9_TWALK, "ffw3nnn" },
	{ P9_TLOPEN, "f4" },	      { P9_TLCREATE, "fn444" },	 { P9_TREAD, "f84" },
	{ P9_TWRITE, "f84" },	      { P9_TREADDIR, "f84" },	 { P9_TGETATTR, "f8" },
	{ P9_TSETATTR, "f44488888" }, { P9_TSTATFS, "f" },	 { P9_TFSYNC, "f4" },
	{ P9_TLOCK, "f14884n" },      { P9_TGETLOCK, "f1884n" }, { P9_TREADLINK, "f" },
	{ P9_TMKDIR, "fn44" },	      { P9_TSYMLINK, "fnn4" },	 { P9_TMKNOD, "fn4444" },
	{ P9_TLINK, "ffn" },	      { P9_TRENAMEAT, "fnfn" },	 { P9_TUNLINKAT, "fn4" },
	{ P9_TCLUNK, "f" },	      { P9_TREMOVE, "f" },	 { P9_TFLUSH, "w0" },
};

static uint8_t put_message(struct input *in, struct p9_writer *w)
{
	unsigned int i;

	/* A session comes first, and another one now and then. */
	if (!requests++) {
		p9_put32(w, 16384);
		p9_put_string(w, P9_VERSION, strlen(P9_VERSION));
		return P9_TVERSION;
	}
	if (requests == 2 || input_u8(in) > 250) {
		p9_put32(w, requests == 2 ? 0 : input_u8(in));
		p9_put32(w, P9_NO_FID);
		put_arguments(in, w, "w0w04");
		return P9_TATTACH;
	}
	if (requests > 200)
		requests = 0;
	i = input_u8(in) % (sizeof(messages) / sizeof(messages[0]));
	put_arguments(in, w, messages[i].format);
	return messages[i].type;
}

/* A message that is as long as it says, mostly; what stands behind it are data. */
static void request(struct input *in, uint8_t *bytes, uint32_t size)
{
	struct p9_writer header = { bytes, bytes + size, false };
	struct p9_writer w = { bytes + (size < P9_HEADER ? size : P9_HEADER), bytes + size, false };
	uint8_t type;

	memset(bytes, 0x77, size);
	type = put_message(in, &w);
	p9_put32(&header, type == P9_TWRITE ? size : (uint32_t)(w.at - bytes));
	p9_put8(&header, type);
	p9_put16(&header, requests);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	const uint8_t which = input_u8(&in) % 3;
	struct share_options options = {
		.read_only = which == 1,
		.owner = which == 2 ? OWNER_MAPPED : OWNER_HOST,
	};
	int before, after;

	fuzz_limit_time();
	make_files();
	options.dir = at("share");
	requests = 0;
	before = dup(0);
	guest_run(virtio_9p_create(share_open(&options, FILES), "share"), &in, request);
	after = dup(0);
	if (after != before + 1)
		__builtin_trap();
	close(before);
	close(after);
	check_files(which == 1);
	return 0;
}
