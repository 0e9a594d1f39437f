// SPDX-License-Identifier: GPL-2.0-only
/* virtio-9p, and the protocol behind it: sessions, fids, and messages that are none. */
#include <errno.h>
#include <linux/virtio_mmio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "driver.h"
#include "util.h"
#include "virtio/9p.h"

#define FILES 16

static int setup(void **state)
{
	(void)state;
	client_begin();
	mkdir(client_path("share/dir"), 0777);
	client_put("share/dir/file", "text");
	client_attach(false, OWNER_HOST, FILES);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	client_end();
	return 0;
}

/* How many descriptors this process has: the next one's number tells. */
static int next_descriptor(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static void versions(void **state)
{
	char text[32];

	(void)state;
	assert_int_equal(client_walk(1, "dir"), 0);
	assert_int_equal(client_call(P9_TVERSION, "4s", 4095, P9_VERSION), EMSGSIZE);
	assert_int_equal(client_call(P9_TVERSION, "4s", 1u << 30, P9_VERSION), 0);
	assert_int_equal(p9_get32(&client_answer), 512 << 10);
	/* a new session: no fid is left */
	assert_int_equal(client_call(P9_TCLUNK, "4", 1), EBADF);
	assert_int_equal(client_call(P9_TCLUNK, "4", CLIENT_ROOT), EBADF);
	assert_int_equal(client_call(P9_TVERSION, "4s", 8192, "9P2000.u"), 0);
	p9_get32(&client_answer);
	p9_get_string(&client_answer, text, sizeof(text));
	assert_string_equal(text, "unknown");
	/* and no session at all */
	assert_int_equal(client_call(P9_TATTACH, "44ss4", 0, P9_NO_FID, "", "", 0), EPROTO);
	assert_int_equal(client_call(P9_TVERSION, "4s", 8192, P9_VERSION), 0);
	assert_int_equal(p9_get32(&client_answer), 8192);
	p9_get_string(&client_answer, text, sizeof(text));
	assert_string_equal(text, P9_VERSION);
}

static void attaching(void **state)
{
	(void)state;
	assert_int_equal(client_call(P9_TATTACH, "44ss4", 1, 0, "", "", 0), EBADF);
	assert_int_equal(client_call(P9_TATTACH, "44ss4", CLIENT_ROOT, P9_NO_FID, "", "", 0),
			 EBADF);
	assert_int_equal(client_call(P9_TATTACH, "44ss4", P9_NO_FID, P9_NO_FID, "", "", 0), EBADF);
	assert_int_equal(client_call(P9_TATTACH, "44ss4", 1, P9_NO_FID, "", "dir", 0), ENOENT);
	assert_int_equal(client_call(P9_TATTACH, "44ss4", 1, P9_NO_FID, "user", "/", 0), 0);
	assert_int_equal(p9_get8(&client_answer), P9_QID_DIR);
}

static void walks(void **state)
{
	(void)state;
	assert_int_equal(client_call(P9_TWALK, "442ss", 0, 1, 2, "dir", "file"), 0);
	assert_int_equal(p9_get16(&client_answer), 2);
	assert_int_equal(p9_get8(&client_answer), P9_QID_DIR);
	/* a copy, and one of an open file */
	assert_int_equal(client_call(P9_TWALK, "442", 1, 2, 0), 0);
	assert_int_equal(p9_get16(&client_answer), 0);
	assert_int_equal(client_call(P9_TLOPEN, "44", 2, 0), 0);
	assert_int_equal(client_call(P9_TLOPEN, "44", 2, 0), EINVAL);
	assert_int_equal(client_call(P9_TWALK, "442", 2, 3, 0), 0);
	assert_int_equal(client_call(P9_TREAD, "484", 3, (uint64_t)0, 10), EBADF);
	assert_int_equal(client_call(P9_TLOPEN, "44", 3, 0), 0);
	assert_int_equal(client_call(P9_TREAD, "484", 3, (uint64_t)0, 10), 0);
	/* half of the way: no new fid */
	assert_int_equal(client_call(P9_TWALK, "442sss", 0, 9, 3, "dir", "none", "x"), 0);
	assert_int_equal(p9_get16(&client_answer), 1);
	assert_int_equal(client_call(P9_TCLUNK, "4", 9), EBADF);
	assert_int_equal(client_call(P9_TWALK, "442s", 0, 9, 1, "none"), ENOENT);
	assert_int_equal(client_call(P9_TWALK, "442s", 1, 9, 1, "x"), ENOTDIR);
	assert_int_equal(client_call(P9_TWALK, "442s", 0, 1, 1, "dir"), EBADF);
	assert_int_equal(client_call(P9_TWALK, "442s", 77, 9, 1, "dir"), EBADF);
	assert_int_equal(client_call(P9_TWALK, "442", 0, 9, 17), EINVAL);
	/* the same number */
	assert_int_equal(client_call(P9_TWALK, "442s", 0, 0, 1, "dir"), 0);
	assert_int_equal(client_call(P9_TWALK, "442s", 0, 9, 1, "file"), 0);
}

static void names(void **state)
{
	static const char *const bad[] = { "", ".", "..", "dir/file", "/", "/etc", "../x", "dir/" };
	char longest[NAME_MAX + 2];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(client_walk(1, bad[i]), EINVAL);
		assert_int_equal(client_call(P9_TMKDIR, "4s44", 0, bad[i], 0777, 0), EINVAL);
		assert_int_equal(client_call(P9_TUNLINKAT, "4s4", 0, bad[i], 0), EINVAL);
		assert_int_equal(client_call(P9_TRENAMEAT, "4s4s", 0, "dir", 0, bad[i]), EINVAL);
		assert_int_equal(client_call(P9_TRENAMEAT, "4s4s", 0, bad[i], 0, "x"), EINVAL);
	}
	memset(longest, 'x', sizeof(longest) - 1);
	longest[NAME_MAX + 1] = '\0';
	assert_int_equal(client_walk(1, longest), ENAMETOOLONG);
	assert_int_equal(client_walk(1, longest + 1), ENOENT);
	/* a NUL within, and a length that the message does not have */
	assert_int_equal(client_call(P9_TWALK, "442211", 0, 1, 1, 2, 'd', 0), EINVAL);
	assert_int_equal(client_call(P9_TWALK, "442211", 0, 1, 1, 3, 'd', 'i'), EPROTO);
}

static void too_many(void **state)
{
	const int before = next_descriptor();
	uint32_t fid;

	(void)state;
	for (fid = 1; fid < FILES; fid++)
		assert_int_equal(client_walk(fid * 256, "dir"), 0);
	assert_int_equal(client_walk(1, "dir"), EMFILE);
	assert_int_equal(client_call(P9_TCLUNK, "4", 5 * 256), 0);
	assert_int_equal(client_walk(1, "dir"), 0);
	/* one that is removed is gone, although the file is not */
	assert_int_equal(client_call(P9_TREMOVE, "4", 6 * 256), EOPNOTSUPP);
	assert_int_equal(client_call(P9_TCLUNK, "4", 6 * 256), EBADF);
	assert_int_equal(client_walk(2, "dir"), 0);
	share_reset(client_share);
	assert_int_equal(next_descriptor(), before - 1); /* the root's fid is gone, too */
}

static void unknown(void **state)
{
	unsigned int type;

	(void)state;
	for (type = 0; type < 256; type++)
		if (type % 2 || type > P9_TREMOVE || type == P9_TXATTRWALK || type == P9_TAUTH ||
		    type == P9_TRENAME)
			assert_int_equal(client_call(type, "4444", 0, 0, 0, 0), EOPNOTSUPP);
	assert_int_equal(client_call(P9_TFLUSH, "2", 1), 0);
}

static uint8_t message[CLIENT_SIZE], room[256];

/* What share_answer returns of this message, with so much room */
static uint32_t answer(uint32_t size, uint32_t room_size)
{
	const struct iovec out = { message, size }, in = { room, room_size };
	const struct share_message m = { &out, &in, 1, 1 };

	return share_answer(client_share, &m);
}

static void put_size(uint16_t size)
{
	message[0] = size;
	message[1] = size >> 8;
}

/* Each type of message, cut anywhere, with bytes that make small and large numbers of all. */
static void cut(void **state)
{
	static const uint8_t bytes[] = { 0, 1, 0xff };
	unsigned int type, length, i;

	(void)state;
	for (type = 0; type < P9_TYPES; type += 2)
		for (i = 0; i < sizeof(bytes); i++)
			for (length = 0; length <= 64; length++) {
				memset(message, bytes[i], 64);
				if (length >= P9_HEADER)
					client_write(message, type, "");
				put_size(length);
				assert_int_equal(answer(length, sizeof(room)) >= P9_HEADER,
						 length >= P9_HEADER);
			}
}

static void expect_error(uint32_t size, uint32_t room_size, uint32_t error)
{
	assert_int_equal(answer(size, room_size), P9_ERROR);
	assert_int_equal(room[4], P9_RLERROR);
	assert_int_equal(room[P9_HEADER], error);
}

/* The size in the message, the request's, and the room's */
static void sizes(void **state)
{
	const uint32_t size = client_write(message, P9_TGETATTR, "48", 0, (uint64_t)0) - message;

	(void)state;
	assert_int_equal(answer(size, sizeof(room)), 160);
	/* an error where the answer has no room, and nothing where an error has none */
	expect_error(size, 159, EMSGSIZE);
	expect_error(size, P9_ERROR, EMSGSIZE);
	assert_int_equal(answer(size, P9_ERROR - 1), 0);
	/* what stands behind the message is not read */
	put_size(P9_HEADER + 3);
	expect_error(size, sizeof(room), EPROTO);
	put_size(P9_HEADER - 1);
	expect_error(size, sizeof(room), EPROTO);
	put_size(size + 1);
	expect_error(size, sizeof(room), EPROTO);
	/* more than was agreed */
	assert_int_equal(client_call(P9_TVERSION, "4s", 4096, P9_VERSION), 0);
	client_write(message, P9_TATTACH, "");
	put_size(4097);
	expect_error(4097, sizeof(room), EMSGSIZE);
}

static void files_of_process(void **state)
{
	struct rlimit before, limit;

	(void)state;
	getrlimit(RLIMIT_NOFILE, &before);
	limit = before;
	limit.rlim_cur = 600;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (before.rlim_max >= 128 + 2 * 4096) {
		assert_int_equal(share_files(2), 4096);
		getrlimit(RLIMIT_NOFILE, &limit);
		assert_int_equal(limit.rlim_cur, 128 + 2 * 4096);
		setrlimit(RLIMIT_NOFILE, &before);
	}
	capture();
	assert_null(share_open(&(struct share_options){ .dir = client_dir }, 15));
	assert_contains(captured(), "ulimit -n");
}

static void directories(void **state)
{
	struct share_options o = { .dir = client_path("none") };

	(void)state;
	capture();
	assert_null(share_open(&o, FILES));
	assert_contains(captured(), "--share: cannot open the directory");
	o.dir = client_path("share/dir/file");
	capture();
	assert_null(share_open(&o, FILES));
	assert_contains(captured(), "Not a directory");
	o = (struct share_options){ .dir = "/proc", .owner = OWNER_MAPPED };
	capture();
	assert_null(share_open(&o, FILES));
	assert_contains(captured(), "owner=mapped");
}

/* As a guest's driver sees it */
static void device(void **state)
{
	const uint32_t out = DRIVER_FREE, in = 0x60000;
	struct virtio_device *v = virtio_9p_create(client_share, "a tag");
	uint8_t *request;
	unsigned int size;

	(void)state;
	client_share = NULL;
	driver_setup();
	driver_connect(v);
	request = driver_memory.host + out;
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_ID), 9);
	assert_int_equal(virtio_config_read(v, 0), 5);
	assert_int_equal(virtio_config_read(v, 1), 0);
	assert_int_equal(virtio_config_read(v, 2), 'a');
	assert_int_equal(virtio_config_read(v, 6), 'g');
	assert_int_equal(virtio_config_read(v, 7), 0);
	driver_start(v, 1);
	size = client_write(request, P9_TVERSION, "4s", 8192, P9_VERSION) - request;
	assert_int_equal(driver_request(v, out, size, in, 4096), size);
	assert_int_equal(driver_memory.host[in + 4], P9_TVERSION + 1);
	/* a reset ends the session */
	driver_start(v, 1);
	size = client_write(request, P9_TATTACH, "44ss4", 0, P9_NO_FID, "", "", 0) - request;
	assert_int_equal(driver_request(v, out, size, in, 4096), P9_ERROR);
	assert_int_equal(driver_memory.host[in + P9_HEADER], EPROTO);
	capture();
	assert_int_equal(driver_request(v, out, P9_HEADER - 1, in, 4096), -1);
	assert_contains(captured(), "virtio-9p 'a tag'");
	driver_start(v, 1);
	assert_int_equal(driver_request(v, out, size, in, P9_ERROR - 1), -1);
	virtio_destroy(v);
	driver_teardown();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(versions, setup, teardown),
		cmocka_unit_test_setup_teardown(attaching, setup, teardown),
		cmocka_unit_test_setup_teardown(walks, setup, teardown),
		cmocka_unit_test_setup_teardown(names, setup, teardown),
		cmocka_unit_test_setup_teardown(too_many, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown, setup, teardown),
		cmocka_unit_test_setup_teardown(cut, setup, teardown),
		cmocka_unit_test_setup_teardown(sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(files_of_process, setup, teardown),
		cmocka_unit_test_setup_teardown(directories, setup, teardown),
		cmocka_unit_test_setup_teardown(device, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
