// SPDX-License-Identifier: GPL-2.0-only
/* Raw images and overlays, against a model: an array of bytes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk/disk.h"
#include "disk/overlay.h"
#include "util.h"

/* No multiple of a cluster, and more than a byte of the bitmap */
#define SIZE  (40 * 4096 + 1536)
#define STEPS 3000

static char image[64], overlay[64];
static uint8_t contents[SIZE], model[SIZE];
static struct disk *disk;

static int setup(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < SIZE; i++)
		contents[i] = i * 7 + i / 256;
	memcpy(model, contents, SIZE);
	strcpy(image, temporary(contents, SIZE));
	strcpy(overlay, temporary("", 0));
	unlink(overlay);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (disk)
		disk_close(disk);
	disk = NULL;
	unlink(image);
	unlink(overlay);
	return 0;
}

static struct disk *open_disk(bool read_only, const char *over)
{
	return disk_open(&(struct disk_options){ image, over, read_only });
}

static void expect_image(const uint8_t *expected)
{
	static uint8_t found[SIZE + 1];
	int fd = open(image, O_RDONLY);

	assert_int_equal(read(fd, found, SIZE + 1), SIZE);
	assert_memory_equal(found, expected, SIZE);
	close(fd);
}

/* In pieces of all sizes */
static unsigned int pieces(struct iovec *iov, uint8_t *data, size_t len)
{
	unsigned int n = 0;

	while (len) {
		size_t piece = n == 7 ? len : 1 + rand() % len;

		iov[n++] = (struct iovec){ data, piece };
		data += piece;
		len -= piece;
	}
	return n;
}

static void check_read(uint64_t offset, uint64_t len)
{
	static uint8_t found[SIZE];
	struct iovec iov[8];

	memset(found, 0xa5, len);
	assert_int_equal(disk->ops->read(disk, offset, iov, pieces(iov, found, len)), 0);
	assert_memory_equal(found, model + offset, len);
}

static void write_random(uint64_t offset, uint64_t len)
{
	struct iovec iov[8];
	uint64_t i;

	for (i = 0; i < len; i++)
		model[offset + i] = rand();
	assert_int_equal(disk->ops->write(disk, offset, iov, pieces(iov, model + offset, len)), 0);
}

static void step(bool discards)
{
	const uint64_t sectors = SIZE / DISK_SECTOR, first = rand() % sectors;
	const uint64_t left = sectors - first, most = left < 40 ? left : 40;
	const uint64_t offset = first * DISK_SECTOR, len = (1 + rand() % most) * DISK_SECTOR;

	switch (rand() % 8) {
	case 0:
	case 1:
		write_random(offset, len);
		break;
	case 2:
		assert_int_equal(disk->ops->write_zeroes(disk, offset, len, rand() % 2), 0);
		memset(model + offset, 0, len);
		break;
	case 3:
		assert_int_equal(disk->ops->flush(disk), 0);
		break;
	case 4:
		if (!discards)
			break;
		assert_int_equal(disk->ops->discard(disk, offset, len), 0);
		/* nobody knows what is there now */
		write_random(offset, len);
		break;
	default:
		check_read(offset, len);
		break;
	}
}

static void walk(const char *over)
{
	unsigned int i;

	disk = open_disk(false, over);
	assert_non_null(disk);
	assert_int_equal(disk->size, SIZE);
	for (i = 0; i < STEPS; i++) {
		step(true);
		if (i % 500 == 499) {
			disk_close(disk);
			disk = open_disk(false, over);
			assert_non_null(disk);
		}
	}
	check_read(0, SIZE);
}

static void raw(void **state)
{
	(void)state;
	walk(NULL);
	disk_close(disk);
	disk = NULL;
	expect_image(model);
}

static void overlaid(void **state)
{
	(void)state;
	walk(overlay);
	expect_image(contents);
}

/*
 * After a crash there is what was flushed, and for what was not, the old or the new, by cluster.
 * The crash: the overlay's file as it is, without what the bitmap in memory has.
 */
static void crash(void **state)
{
	static uint8_t flushed[SIZE];
	char copy[64], command[256];

	(void)state;
	disk = open_disk(false, overlay);
	assert_non_null(disk);
	write_random(4096 * 3 + 512, 1024);
	write_random(4096 * 9, 4096);
	assert_int_equal(disk->ops->flush(disk), 0);
	memcpy(flushed, model, SIZE);
	write_random(4096 * 5 + 512, 1024);
	strcpy(copy, temporary("", 0));
	snprintf(command, sizeof(command), "cp --sparse=always %s %s", overlay, copy);
	assert_int_equal(system(command), 0);
	disk_close(disk);
	memcpy(model, flushed, SIZE);
	disk = open_disk(false, copy);
	assert_non_null(disk);
	unlink(copy);
	check_read(0, SIZE);
}

/* An overlay takes no more space than what was written to it. */
static void sparse(void **state)
{
	struct stat st;

	(void)state;
	disk = open_disk(false, overlay);
	write_random(0, 512);
	disk->ops->flush(disk);
	assert_int_equal(stat(overlay, &st), 0);
	assert_int_equal(st.st_size, 4096 + 4096 + 41 * 4096);
	assert_true(st.st_blocks * 512 <= 5 * 4096);
}

static void refused(struct disk *(*open)(void), const char *message)
{
	const char *text;

	capture();
	assert_null(open());
	text = captured();
	assert_one_line(text);
	assert_contains(text, message);
}

static struct disk *again(void)
{
	return open_disk(false, NULL);
}

static struct disk *again_read_only(void)
{
	return open_disk(true, NULL);
}

static struct disk *again_overlaid(void)
{
	return open_disk(false, overlay);
}

static struct disk *on_itself(void)
{
	return open_disk(false, image);
}

static struct disk *overlay_alone(void)
{
	return disk_open(&(struct disk_options){ .path = overlay });
}

static struct disk *overlay_below(void)
{
	return disk_open(&(struct disk_options){ .path = overlay, .overlay = image });
}

static struct disk *no_disk(void)
{
	return disk_open(&(struct disk_options){ .path = "/nonexistent/disk" });
}

static struct disk *a_directory(void)
{
	return disk_open(&(struct disk_options){ .path = "/", .read_only = true });
}

static void locks(void **state)
{
	struct disk *second;

	(void)state;
	disk = open_disk(false, NULL);
	refused(again, "is in use");
	refused(again_read_only, "is in use");
	refused(again_overlaid, "is in use");
	disk_close(disk);
	disk = open_disk(true, NULL);
	refused(again, "is in use");
	second = again_read_only();
	assert_non_null(second);
	disk_close(second);
	/* the image is shared, the overlay is not */
	second = again_overlaid();
	assert_non_null(second);
	refused(again_overlaid, "is in use");
	disk_close(second);
	refused(on_itself, "is in use");
}

static void wrong_files(void **state)
{
	FILE *f;

	(void)state;
	refused(no_disk, "cannot open disk '/nonexistent/disk'");
	refused(a_directory, "neither a file nor a block device");
	disk_close(again_overlaid());
	refused(overlay_alone, "is an overlay: give it as --disk IMAGE,overlay=");
	refused(overlay_below, "is an overlay itself");
	assert_int_equal(truncate(image, SIZE - 512), 0);
	refused(again_overlaid, "another size");
	assert_int_equal(truncate(image, SIZE), 0);
	capture();
	disk_close(again_overlaid());
	assert_contains(captured(), "was written to since");
	f = fopen(overlay, "r+");
	fseek(f, offsetof(struct overlay_header, version), SEEK_SET);
	fputc(2, f);
	fclose(f);
	refused(again_overlaid, "format of another vm44x");
	f = fopen(overlay, "r+");
	fputc('V', f);
	fclose(f);
	refused(again_overlaid, "is none");
	assert_int_equal(truncate(image, 0), 0);
	refused(again, "is empty");
}

static void odd_size(void **state)
{
	(void)state;
	assert_int_equal(truncate(image, SIZE - 100), 0);
	capture();
	disk = open_disk(true, NULL);
	assert_one_line(captured());
	assert_int_equal(disk->size, SIZE - 512);
}

/* A file that became shorter: errors, one message, no hole by a write behind its end. */
static void truncated(void **state)
{
	uint8_t data[512];
	const struct iovec iov = { data, sizeof(data) };
	struct stat st;

	(void)state;
	disk = open_disk(false, NULL);
	assert_int_equal(truncate(image, 4096), 0);
	capture();
	assert_int_equal(disk->ops->read(disk, 8192, &iov, 1), -EIO);
	assert_int_equal(disk->ops->read(disk, 0, &iov, 1), 0);
	assert_int_equal(disk->ops->write(disk, 8192, &iov, 1), -EIO);
	assert_int_equal(disk->ops->write_zeroes(disk, 8192, 512, true), -EIO);
	assert_int_equal(disk->ops->discard(disk, 8192, 512), -EIO);
	assert_one_line(captured());
	assert_int_equal(stat(image, &st), 0);
	assert_int_equal(st.st_size, 4096);
}

/* The host does not take the data: an error, and the failed write has no effect. */
static void no_room(void **state)
{
	struct rlimit limit, before;
	uint8_t data[512] = { 0 };
	const struct iovec iov = { data, sizeof(data) };

	(void)state;
	disk = open_disk(false, overlay);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 8192 + 4096 * 20;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	capture();
	assert_int_equal(disk->ops->write(disk, 4096 * 21, &iov, 1), -EFBIG);
	assert_int_equal(disk->ops->write(disk, 4096 * 22, &iov, 1), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_one_line(captured());
	assert_int_equal(disk->ops->flush(disk), 0);
	check_read(0, SIZE);
	write_random(4096 * 21, 512);
	check_read(0, SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(raw, setup, teardown),
		cmocka_unit_test_setup_teardown(overlaid, setup, teardown),
		cmocka_unit_test_setup_teardown(crash, setup, teardown),
		cmocka_unit_test_setup_teardown(sparse, setup, teardown),
		cmocka_unit_test_setup_teardown(locks, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_files, setup, teardown),
		cmocka_unit_test_setup_teardown(odd_size, setup, teardown),
		cmocka_unit_test_setup_teardown(truncated, setup, teardown),
		cmocka_unit_test_setup_teardown(no_room, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
