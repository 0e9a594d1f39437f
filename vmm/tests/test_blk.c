// SPDX-License-Identifier: GPL-2.0-only
/* virtio-blk: requests by a driver, right and wrong ones. */
#include <linux/virtio_blk.h>
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <linux/virtio_ring.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "util.h"
#include "virtio/blk.h"

#define SECTORS 64
#define FLUSH	(1 << VIRTIO_BLK_F_FLUSH)
/* In the guest's memory: what is read, and where the answer goes */
#define OUT	DRIVER_FREE
#define DATA	(OUT + 16) /* behind the header */
#define IN	0x60000u

static char image[64];
static uint8_t contents[SECTORS * 512];
static struct virtio_device *v;

static void create(const struct disk_options *o, const char *serial)
{
	v = virtio_blk_create(disk_open(o), image, serial);
	driver_connect(v);
}

static int setup(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(contents); i++)
		contents[i] = i * 3 + i / 512;
	strcpy(image, temporary(contents, sizeof(contents)));
	driver_setup();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	virtio_destroy(v);
	driver_teardown();
	unlink(image);
	return 0;
}

static void writable(void)
{
	create(&(struct disk_options){ .path = image }, "0123456789abcdefghij");
	driver_start(v, FLUSH);
}

/* Returns the status, or -1 if the request was not answered. */
static int request(uint32_t type, uint64_t sector, uint32_t out_size, uint32_t in_size)
{
	int64_t len;

	driver_put32(OUT, type);
	driver_put32(OUT + 8, sector);
	driver_put32(OUT + 12, sector >> 32);
	driver_memory.host[IN + in_size] = 0xee;
	len = driver_request(v, OUT, 16 + out_size, IN, in_size + 1);
	if (len < 0)
		return -1;
	assert_int_equal(len, in_size + 1);
	return driver_memory.host[IN + in_size];
}

static uint32_t config(uint32_t offset, unsigned int len)
{
	uint32_t value = 0;

	while (len--)
		value = value << 8 | virtio_config_read(v, offset + len);
	return value;
}

static void configuration(void **state)
{
	(void)state;
	writable();
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_ID), 2);
	assert_int_equal(config(0, 4), SECTORS);
	assert_int_equal(config(4, 4), 0);
	assert_int_equal(config(offsetof(struct virtio_blk_config, seg_max), 4), 126);
	assert_int_equal(config(offsetof(struct virtio_blk_config, blk_size), 4), 512);
	assert_int_equal(config(sizeof(struct virtio_blk_config), 4), 0);
	assert_int_equal(request(VIRTIO_BLK_T_GET_ID, 0, 0, 20), VIRTIO_BLK_S_OK);
	assert_memory_equal(driver_memory.host + IN, "0123456789abcdefghij", 20);
	assert_int_equal(request(VIRTIO_BLK_T_GET_ID, 0, 0, 19), VIRTIO_BLK_S_IOERR);
}

static void transfers(void **state)
{
	(void)state;
	writable();
	assert_int_equal(request(VIRTIO_BLK_T_IN, 3, 0, 1024), VIRTIO_BLK_S_OK);
	assert_memory_equal(driver_memory.host + IN, contents + 3 * 512, 1024);
	memset(driver_memory.host + DATA, 0x5a, 1024);
	assert_int_equal(request(VIRTIO_BLK_T_OUT, 62, 1024, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(request(VIRTIO_BLK_T_FLUSH, 0, 0, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(request(VIRTIO_BLK_T_IN, 0, 0, SECTORS * 512), VIRTIO_BLK_S_OK);
	assert_memory_equal(driver_memory.host + IN, contents, 62 * 512);
	assert_memory_equal(driver_memory.host + IN + 62 * 512, driver_memory.host + DATA, 1024);
	/* nothing is something, too */
	assert_int_equal(request(VIRTIO_BLK_T_IN, SECTORS, 0, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(request(VIRTIO_BLK_T_OUT, 0, 0, 0), VIRTIO_BLK_S_OK);
}

static void wrong_requests(void **state)
{
	static const struct {
		uint64_t sector;
		uint32_t type, out_size, in_size, status;
	} bad[] = {
		{ SECTORS - 1, VIRTIO_BLK_T_IN, 0, 1024, VIRTIO_BLK_S_IOERR },
		{ SECTORS, VIRTIO_BLK_T_OUT, 512, 0, VIRTIO_BLK_S_IOERR },
		{ SECTORS + 1, VIRTIO_BLK_T_IN, 0, 0, VIRTIO_BLK_S_IOERR },
		{ UINT64_MAX, VIRTIO_BLK_T_OUT, 512, 0, VIRTIO_BLK_S_IOERR },
		{ UINT64_MAX / 512 + 1, VIRTIO_BLK_T_IN, 0, 512, VIRTIO_BLK_S_IOERR },
		{ 0, VIRTIO_BLK_T_IN, 0, 511, VIRTIO_BLK_S_IOERR },
		{ 0, VIRTIO_BLK_T_OUT, 100, 0, VIRTIO_BLK_S_IOERR },
		{ 0, 3, 0, 0, VIRTIO_BLK_S_UNSUPP },
		{ 0, UINT32_MAX, 0, 512, VIRTIO_BLK_S_UNSUPP },
		{ 0, VIRTIO_BLK_T_DISCARD, 0, 0, VIRTIO_BLK_S_IOERR },
		{ 0, VIRTIO_BLK_T_DISCARD, 15, 0, VIRTIO_BLK_S_IOERR },
		{ 0, VIRTIO_BLK_T_WRITE_ZEROES, 17 * 16, 0, VIRTIO_BLK_S_IOERR },
	};
	unsigned int i;

	(void)state;
	writable();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
			request(bad[i].type, bad[i].sector, bad[i].out_size, bad[i].in_size),
			bad[i].status);
}

static void without_header(void **state)
{
	(void)state;
	writable();
	capture();
	assert_int_equal(driver_request(v, OUT, 15, IN, 1), -1);
	assert_contains(captured(), "a request has a header");
	driver_start(v, FLUSH);
	assert_int_equal(driver_request(v, OUT, 16, 0, 0), -1);
	driver_start(v, FLUSH);
	assert_int_equal(driver_request(v, 0, 0, IN, 513), -1);
	driver_start(v, FLUSH);
	assert_int_equal(request(VIRTIO_BLK_T_FLUSH, 0, 0, 0), VIRTIO_BLK_S_OK);
}

static void put_range(unsigned int i, uint64_t sector, uint32_t count, uint32_t flags)
{
	driver_put32(DATA + 16 * i, sector);
	driver_put32(DATA + 16 * i + 4, sector >> 32);
	driver_put32(DATA + 16 * i + 8, count);
	driver_put32(DATA + 16 * i + 12, flags);
}

static void ranges(void **state)
{
	(void)state;
	writable();
	put_range(0, 1, 2, 0);
	put_range(1, 40, 24, 1);
	assert_int_equal(request(VIRTIO_BLK_T_WRITE_ZEROES, 0, 32, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(request(VIRTIO_BLK_T_IN, 0, 0, SECTORS * 512), VIRTIO_BLK_S_OK);
	memset(contents + 512, 0, 1024);
	memset(contents + 40 * 512, 0, 24 * 512);
	assert_memory_equal(driver_memory.host + IN, contents, sizeof(contents));
	put_range(0, 8, 8, 0);
	assert_int_equal(request(VIRTIO_BLK_T_DISCARD, 0, 16, 0), VIRTIO_BLK_S_OK);
	put_range(0, 8, 8, 1);
	assert_int_equal(request(VIRTIO_BLK_T_DISCARD, 0, 16, 0), VIRTIO_BLK_S_UNSUPP);
	put_range(0, 8, 8, 2);
	assert_int_equal(request(VIRTIO_BLK_T_WRITE_ZEROES, 0, 16, 0), VIRTIO_BLK_S_UNSUPP);
	put_range(0, SECTORS, 1, 0);
	assert_int_equal(request(VIRTIO_BLK_T_WRITE_ZEROES, 0, 16, 0), VIRTIO_BLK_S_IOERR);
	put_range(0, UINT64_MAX, 2, 0);
	assert_int_equal(request(VIRTIO_BLK_T_DISCARD, 0, 16, 0), VIRTIO_BLK_S_IOERR);
}

static void read_only(void **state)
{
	(void)state;
	create(&(struct disk_options){ .path = image, .read_only = true }, NULL);
	driver_start(v, FLUSH | 1 << VIRTIO_BLK_F_RO);
	assert_int_equal(request(VIRTIO_BLK_T_IN, 0, 0, 512), VIRTIO_BLK_S_OK);
	assert_int_equal(request(VIRTIO_BLK_T_FLUSH, 0, 0, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(request(VIRTIO_BLK_T_OUT, 0, 512, 0), VIRTIO_BLK_S_IOERR);
	put_range(0, 0, 8, 0);
	assert_int_equal(request(VIRTIO_BLK_T_DISCARD, 0, 16, 0), VIRTIO_BLK_S_IOERR);
	assert_int_equal(request(VIRTIO_BLK_T_WRITE_ZEROES, 0, 16, 0), VIRTIO_BLK_S_IOERR);
}

/* A disk that counts flushes, and fails them. */
static unsigned int flushes;
static int flush_error;

static int count_write(struct disk *d, uint64_t offset, const struct iovec *iov, unsigned int count)
{
	(void)d;
	(void)offset;
	(void)iov;
	(void)count;
	return 0;
}

static int count_flush(struct disk *d)
{
	(void)d;
	flushes++;
	return flush_error;
}

static void count_close(struct disk *d)
{
	(void)d;
}

/* Without a cache that the driver knows of, a write is a flush. */
static void cache(void **state)
{
	static const struct disk_ops ops = {
		.write = count_write,
		.flush = count_flush,
		.close = count_close,
	};
	struct disk disk = { .ops = &ops, .size = 4096 };

	(void)state;
	v = virtio_blk_create(&disk, "counted", NULL);
	driver_connect(v);
	driver_start(v, FLUSH);
	assert_int_equal(request(VIRTIO_BLK_T_OUT, 0, 512, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(flushes, 0);
	assert_int_equal(request(VIRTIO_BLK_T_FLUSH, 0, 0, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(flushes, 1);
	flush_error = -EIO;
	assert_int_equal(request(VIRTIO_BLK_T_FLUSH, 0, 0, 0), VIRTIO_BLK_S_IOERR);
	driver_start(v, 0);
	assert_int_equal(request(VIRTIO_BLK_T_OUT, 0, 512, 0), VIRTIO_BLK_S_IOERR);
	flush_error = 0;
	assert_int_equal(request(VIRTIO_BLK_T_OUT, 0, 512, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(flushes, 4);
	virtio_destroy(v);
	writable();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(configuration, setup, teardown),
		cmocka_unit_test_setup_teardown(transfers, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_requests, setup, teardown),
		cmocka_unit_test_setup_teardown(without_header, setup, teardown),
		cmocka_unit_test_setup_teardown(ranges, setup, teardown),
		cmocka_unit_test_setup_teardown(read_only, setup, teardown),
		cmocka_unit_test_setup_teardown(cache, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
