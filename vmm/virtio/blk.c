// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>
#include <stdlib.h>
#include <string.h>

#include "blk.h"
#include "device.h"
#include "iov.h"
#include "report.h"

#define QUEUE_SIZE    128
#define HEADER	      sizeof(struct virtio_blk_outhdr)
/* What one request can make of a disk is bounded: others wait for the device thread. */
#define DISCARD_MAX   ((1u << 30) / DISK_SECTOR)
#define ZEROES_MAX    ((8u << 20) / DISK_SECTOR)
#define RANGES_MAX    16 /* in one request */
#define BLOCK_SHIFT   3 /* 2^3 sectors are what the host likes best: its pages */
#define BLOCK_SECTORS (1u << BLOCK_SHIFT)

struct virtio_blk {
	struct virtio_device v;
	struct disk *disk;
	struct virtio_blk_config config;
	char serial[VIRTIO_BLK_SERIAL]; /* without NUL if it is that long */
};

static struct virtio_blk *blk_of(struct virtio_device *v)
{
	return (struct virtio_blk *)v;
}

/* Whether count sectors from sector on are on the disk */
static bool on_disk(const struct virtio_blk *b, uint64_t sector, uint64_t count)
{
	const uint64_t all = b->disk->size / DISK_SECTOR;

	return sector <= all && count <= all - sector;
}

static uint8_t status_of(int error)
{
	return error ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK;
}

/* Without VIRTIO_BLK_F_FLUSH there is no cache that the driver would know of. */
static int written(struct virtio_blk *b, int error)
{
	if (error || virtio_has_feature(&b->v, VIRTIO_BLK_F_FLUSH))
		return error;
	return b->disk->ops->flush(b->disk);
}

static uint8_t transfer(struct virtio_blk *b, const struct iovec *iov, unsigned int count,
			uint64_t sector, bool write)
{
	const struct disk_ops *ops = b->disk->ops;
	const uint64_t size = iov_size(iov, count), offset = sector * DISK_SECTOR;

	if (size % DISK_SECTOR || !on_disk(b, sector, size / DISK_SECTOR))
		return VIRTIO_BLK_S_IOERR;
	if (!write)
		return status_of(ops->read(b->disk, offset, iov, count));
	if (b->disk->read_only)
		return VIRTIO_BLK_S_IOERR;
	return status_of(written(b, ops->write(b->disk, offset, iov, count)));
}

static uint8_t clear_range(struct virtio_blk *b, const struct virtio_blk_discard_write_zeroes *r,
			   bool zeroes)
{
	const struct disk_ops *ops = b->disk->ops;
	const uint64_t sector = le64toh(r->sector), count = le32toh(r->num_sectors);
	const uint32_t flags = le32toh(r->flags);
	int error;

	if (flags & ~(zeroes ? VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP : 0))
		return VIRTIO_BLK_S_UNSUPP;
	if (b->disk->read_only || !on_disk(b, sector, count) ||
	    count > (zeroes ? ZEROES_MAX : DISCARD_MAX))
		return VIRTIO_BLK_S_IOERR;
	if (zeroes)
		error = ops->write_zeroes(b->disk, sector * DISK_SECTOR, count * DISK_SECTOR,
					  flags);
	else
		error = ops->discard(b->disk, sector * DISK_SECTOR, count * DISK_SECTOR);
	return status_of(written(b, error));
}

/* Discard, or write zeroes, in all the ranges that the request lists */
static uint8_t clear(struct virtio_blk *b, const struct virtq_chain *c, bool zeroes)
{
	struct virtio_blk_discard_write_zeroes range;
	uint64_t left = c->out_size - HEADER, at = HEADER;
	uint8_t status = VIRTIO_BLK_S_OK;

	if (!left || left % sizeof(range) || left / sizeof(range) > RANGES_MAX)
		return VIRTIO_BLK_S_IOERR;
	for (; left && status == VIRTIO_BLK_S_OK; left -= sizeof(range), at += sizeof(range)) {
		iov_read(c->out, c->out_count, at, &range, sizeof(range));
		status = clear_range(b, &range, zeroes);
	}
	return status;
}

static uint8_t perform(struct virtio_blk *b, const struct virtq_chain *c, uint32_t type,
		       uint64_t sector)
{
	struct iovec part[VIRTQUEUE_MAX];
	unsigned int count;

	switch (type) {
	case VIRTIO_BLK_T_IN:
		count = iov_slice(part, c->in, c->in_count, 0, c->in_size - 1);
		return transfer(b, part, count, sector, false);
	case VIRTIO_BLK_T_OUT:
		count = iov_slice(part, c->out, c->out_count, HEADER, c->out_size - HEADER);
		return transfer(b, part, count, sector, true);
	case VIRTIO_BLK_T_FLUSH:
		return status_of(b->disk->read_only ? 0 : b->disk->ops->flush(b->disk));
	case VIRTIO_BLK_T_GET_ID:
		if (c->in_size - 1 < sizeof(b->serial))
			return VIRTIO_BLK_S_IOERR;
		iov_write(c->in, c->in_count, 0, b->serial, sizeof(b->serial));
		return VIRTIO_BLK_S_OK;
	case VIRTIO_BLK_T_DISCARD:
		return clear(b, c, false);
	case VIRTIO_BLK_T_WRITE_ZEROES:
		return clear(b, c, true);
	default:
		return VIRTIO_BLK_S_UNSUPP;
	}
}

/* The header comes first, and the last byte of the room is for the status. */
static uint32_t answer(struct virtio_device *v, struct virtq_chain *c)
{
	struct virtio_blk_outhdr header;
	uint8_t status;

	if (c->out_size < HEADER || !c->in_size) {
		virtio_break(v, "a request has a header, and room for its status");
		return 0;
	}
	iov_read(c->out, c->out_count, 0, &header, HEADER);
	status = perform(blk_of(v), c, le32toh(header.type), le64toh(header.sector));
	iov_write(c->in, c->in_count, c->in_size - 1, &status, 1);
	return c->in_size;
}

static void serve(struct virtio_device *v, unsigned int queue)
{
	virtio_serve_requests(v, queue, answer);
}

static void destroy(struct virtio_device *v)
{
	struct virtio_blk *b = blk_of(v);

	disk_close(b->disk);
	free(b);
}

static const struct virtio_kind kind = {
	.name = "virtio-blk",
	.id = VIRTIO_ID_BLOCK,
	.queues = 1,
	.queue_size = QUEUE_SIZE,
	.serve = serve,
	.destroy = destroy,
};

static void describe(struct virtio_blk *b)
{
	b->config = (struct virtio_blk_config){
		.capacity = htole64(b->disk->size / DISK_SECTOR),
		.seg_max = htole32(QUEUE_SIZE - 2), /* header and status are two */
		.blk_size = htole32(DISK_SECTOR),
		.physical_block_exp = BLOCK_SHIFT,
		.min_io_size = htole16(BLOCK_SECTORS),
		.max_discard_sectors = htole32(DISCARD_MAX),
		.max_discard_seg = htole32(RANGES_MAX),
		.discard_sector_alignment = htole32(BLOCK_SECTORS),
		.max_write_zeroes_sectors = htole32(ZEROES_MAX),
		.max_write_zeroes_seg = htole32(RANGES_MAX),
		.write_zeroes_may_unmap = 1,
	};
	b->v.config = &b->config;
	b->v.config_size = sizeof(b->config);
	b->v.features = 1 << VIRTIO_BLK_F_SEG_MAX | 1 << VIRTIO_BLK_F_BLK_SIZE |
			1 << VIRTIO_BLK_F_TOPOLOGY | 1 << VIRTIO_BLK_F_FLUSH;
	if (b->disk->read_only)
		b->v.features |= 1 << VIRTIO_BLK_F_RO;
	else
		b->v.features |= 1 << VIRTIO_BLK_F_DISCARD | 1 << VIRTIO_BLK_F_WRITE_ZEROES;
}

struct virtio_device *virtio_blk_create(struct disk *disk, const char *name, const char *serial)
{
	struct virtio_blk *b;

	if (!disk)
		return NULL;
	b = calloc(1, sizeof(*b));
	if (!b) {
		disk_close(disk);
		vm_error("out of memory");
		return NULL;
	}
	b->disk = disk;
	if (serial)
		memcpy(b->serial, serial, strnlen(serial, sizeof(b->serial)));
	describe(b);
	b->v.kind = &kind;
	if (virtio_init(&b->v, name) < 0) {
		virtio_destroy(&b->v);
		return NULL;
	}
	return &b->v;
}
