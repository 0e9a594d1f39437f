// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "file.h"
#include "iov.h"
#include "report.h"

#define ZEROES_SIZE 0x10000

/* Causes of errors, each of which is reported once */
enum cause {
	NO_SPACE,
	TRUNCATED,
	LOST,
	READ_FAILED,
	WRITE_FAILED
};

static bool first(struct disk_file *f, enum cause cause)
{
	bool reported = f->reported & 1u << cause;

	f->reported |= 1u << cause;
	return !reported;
}

static int read_failed(struct disk_file *f, uint64_t offset, int error)
{
	if (first(f, READ_FAILED))
		vm_warn("disk '%s': the host cannot read at byte %" PRIu64
			": %s; the guest gets an I/O error, see the host's kernel log",
			f->path, offset, strerror(error));
	return -error;
}

static int write_failed(struct disk_file *f, uint64_t offset, int error)
{
	if (error == ENOSPC || error == EDQUOT) {
		if (first(f, NO_SPACE))
			vm_warn("disk '%s': the host's file system is full: the guest gets I/O errors until there is space again",
				f->path);
	} else if (first(f, WRITE_FAILED)) {
		vm_warn("disk '%s': the host cannot write at byte %" PRIu64
			": %s; the guest gets an I/O error, see the host's kernel log",
			f->path, offset, strerror(error));
	}
	return -error;
}

static int truncated(struct disk_file *f)
{
	if (first(f, TRUNCATED))
		vm_warn("disk '%s' has become shorter than the %" PRIu64
			" bytes that it had: the guest gets I/O errors; end the VM and restore the image",
			f->path, f->size);
	return -EIO;
}

/* Open file description locks: they end with the descriptor, however we end. */
static int lock(const struct disk_file *f, bool read_only)
{
	struct flock lock = { .l_type = read_only ? F_RDLCK : F_WRLCK, .l_whence = SEEK_SET };

	if (!fcntl(f->fd, F_OFD_SETLK, &lock))
		return 0;
	if (errno != EAGAIN && errno != EACCES)
		return vm_error("cannot lock disk '%s': %s", f->path, strerror(errno));
	return vm_error(
		"disk '%s' is in use: end the VM or program that uses it, or share it by 'ro' or 'overlay='",
		f->path);
}

static int measure(struct disk_file *f)
{
	struct stat st;

	if (fstat(f->fd, &st) < 0)
		return vm_error("cannot open disk '%s': %s", f->path, strerror(errno));
	f->regular = S_ISREG(st.st_mode);
	f->size = st.st_size;
	if (f->regular || (S_ISBLK(st.st_mode) && !ioctl(f->fd, BLKGETSIZE64, &f->size)))
		return 0;
	return vm_error("disk '%s' is neither a file nor a block device", f->path);
}

int disk_file_open(struct disk_file *f, const char *path, bool read_only, bool create)
{
	int flags = (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC;
	struct stat st;

	/* The kernel then refuses a block device that is mounted. */
	if (create)
		flags |= O_CREAT;
	else if (!read_only && !stat(path, &st) && S_ISBLK(st.st_mode))
		flags |= O_EXCL;
	*f = (struct disk_file){ .path = path };
	f->fd = open(path, flags, 0666);
	if (f->fd < 0 && errno == EBUSY)
		return vm_error("disk '%s' is mounted or in use on the host", path);
	if (f->fd < 0)
		return vm_error("cannot open disk '%s': %s%s", path, strerror(errno),
				errno == EROFS || (errno == EACCES && !read_only)
					? "; a disk that is only read needs 'ro'"
					: "");
	if (measure(f) < 0 || lock(f, read_only) < 0) {
		disk_file_close(f);
		return -1;
	}
	return 0;
}

void disk_file_close(struct disk_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* All of it, in as many calls as it takes */
static int transfer(struct disk_file *f, uint64_t offset, const struct iovec *iov,
		    unsigned int count, bool write)
{
	const uint64_t end = offset + iov_size(iov, count);
	struct iovec rest[DISK_PIECES];

	while (offset < end) {
		ssize_t n = write ? pwritev(f->fd, iov, count, offset)
				  : preadv(f->fd, iov, count, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return write ? write_failed(f, offset, errno)
				     : read_failed(f, offset, errno);
		if (!n)
			return truncated(f);
		offset += n;
		if (offset < end) {
			count = iov_slice(rest, iov, count, n, end - offset);
			iov = rest;
		}
	}
	return 0;
}

int disk_file_read(struct disk_file *f, uint64_t offset, const struct iovec *iov,
		   unsigned int count)
{
	return transfer(f, offset, iov, count, false);
}

/*
 * A write behind the end of a file that was truncated would give it its size back, with a hole
 * where the guest's data were.
 */
static bool shrunk(const struct disk_file *f)
{
	struct stat st;

	return f->regular && (fstat(f->fd, &st) < 0 || (uint64_t)st.st_size < f->size);
}

int disk_file_write(struct disk_file *f, uint64_t offset, const struct iovec *iov,
		    unsigned int count)
{
	return shrunk(f) ? truncated(f) : transfer(f, offset, iov, count, true);
}

int disk_file_flush(struct disk_file *f)
{
	if (!f->lost && fdatasync(f->fd) < 0) {
		f->lost = true;
		if (first(f, LOST))
			vm_warn("disk '%s': the host has lost data that the guest wrote: %s; each flush fails from now on, end the VM and check the disk",
				f->path, strerror(errno));
	}
	return f->lost ? -EIO : 0;
}

int disk_file_punch(struct disk_file *f, uint64_t offset, uint64_t length)
{
	if (shrunk(f))
		return truncated(f);
	if (!fallocate(f->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length))
		return 0;
	return errno == EOPNOTSUPP ? -EOPNOTSUPP : write_failed(f, offset, errno);
}

static uint8_t zeroes[ZEROES_SIZE];

static int write_zero_bytes(struct disk_file *f, uint64_t offset, uint64_t length)
{
	int ret = 0;

	while (length && !ret) {
		struct iovec piece = { zeroes, length < ZEROES_SIZE ? length : ZEROES_SIZE };

		ret = disk_file_write(f, offset, &piece, 1);
		offset += piece.iov_len;
		length -= piece.iov_len;
	}
	return ret;
}

int disk_file_zero(struct disk_file *f, uint64_t offset, uint64_t length, bool deallocate)
{
	int ret = -EOPNOTSUPP;

	if (shrunk(f))
		return truncated(f);
	if (deallocate)
		ret = disk_file_punch(f, offset, length);
	else if (!fallocate(f->fd, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, offset, length))
		ret = 0;
	else if (errno != EOPNOTSUPP)
		ret = write_failed(f, offset, errno);
	return ret == -EOPNOTSUPP ? write_zero_bytes(f, offset, length) : ret;
}
