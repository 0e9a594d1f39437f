// SPDX-License-Identifier: GPL-2.0-only
/* The device's side of a split virtqueue, and guests that break its rules. */
#include <linux/virtio_ring.h>
#include <string.h>

#include "driver.h"
#include "util.h"

#define NEXT	 VRING_DESC_F_NEXT
#define WRITE	 VRING_DESC_F_WRITE
#define INDIRECT VRING_DESC_F_INDIRECT

static struct virtqueue q;
static struct virtq_chain chain;

static void place(uint32_t size)
{
	q = (struct virtqueue){
		.mem = &driver_memory,
		.size = size,
		.desc = DRIVER_DESC(0),
		.avail = DRIVER_AVAIL(0),
		.used = DRIVER_USED(0),
	};
}

static int setup(void **state)
{
	(void)state;
	driver_setup();
	place(DRIVER_QUEUE);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	driver_teardown();
	return 0;
}

static void start(bool event_idx)
{
	assert_true(virtqueue_start(&q, VIRTQUEUE_MAX, event_idx, true));
}

static void desc(unsigned int i, uint64_t addr, uint32_t len, uint16_t flags, uint16_t next)
{
	driver_desc(DRIVER_DESC(0), i, addr, len, flags, next);
}

static void indirect(unsigned int i, uint64_t addr, uint32_t len, uint16_t flags, uint16_t next)
{
	driver_desc(DRIVER_INDIRECT, i, addr, len, flags, next);
}

static void chains(void **state)
{
	(void)state;
	start(false);
	assert_false(virtqueue_waits(&q));
	assert_false(virtqueue_pop(&q, &chain));
	assert_null(q.error);
	desc(3, 0x20000, 16, NEXT, 5);
	desc(5, 0x21000, 0, NEXT, 1);
	desc(1, 0x22000, 100, NEXT | WRITE, 2);
	desc(2, DRIVER_RAM - 1, 1, WRITE, 7);
	driver_offer(0, 3);
	assert_true(virtqueue_waits(&q));
	assert_true(virtqueue_pop(&q, &chain));
	assert_int_equal(chain.head, 3);
	assert_int_equal(chain.out_count, 2);
	assert_int_equal(chain.in_count, 2);
	assert_int_equal(chain.out_size, 16);
	assert_int_equal(chain.in_size, 101);
	assert_ptr_equal(chain.out[0].iov_base, driver_memory.host + 0x20000);
	assert_ptr_equal(chain.in[0].iov_base, driver_memory.host + 0x22000);
	assert_int_equal(chain.in[1].iov_len, 1);
	assert_false(virtqueue_waits(&q));
	virtqueue_push(&q, chain.head, 77);
	assert_int_equal(driver_used(0), 1);
	assert_int_equal(driver_get32(DRIVER_USED(0) + 4), 3);
	assert_int_equal(driver_get32(DRIVER_USED(0) + 8), 77);
}

/* A few direct descriptors, then a table at an odd address */
static void indirect_table(void **state)
{
	const uint32_t table = DRIVER_INDIRECT + 1;

	(void)state;
	start(false);
	desc(0, 0x20000, 4, NEXT, 1);
	desc(1, table, 48, INDIRECT, 0);
	driver_desc(table, 0, 0x20010, 8, NEXT, 2);
	driver_desc(table, 2, 0x20020, 16, WRITE, 0);
	driver_offer(0, 0);
	assert_true(virtqueue_pop(&q, &chain));
	assert_int_equal(chain.out_count, 2);
	assert_int_equal(chain.out_size, 12);
	assert_int_equal(chain.in_count, 1);
	assert_int_equal(chain.in_size, 16);
}

static void wraps(void **state)
{
	uint32_t i;

	(void)state;
	start(false);
	desc(0, 0x20000, 4, 0, 0);
	for (i = 0; i < 0x10000 + 20; i++) {
		driver_offer(0, 0);
		assert_true(virtqueue_pop(&q, &chain));
		virtqueue_push(&q, chain.head, i);
		assert_int_equal(driver_used(0), (uint16_t)(i + 1));
		assert_int_equal(driver_get32(DRIVER_USED(0) + 8 + i % DRIVER_QUEUE * 8), i);
	}
	assert_false(virtqueue_pop(&q, &chain));
}

/* What the chain of descriptor 0 must be refused for */
static void refused(const char *rule)
{
	start(false);
	driver_put16(DRIVER_AVAIL(0) + 2, 0);
	driver_offer(0, 0);
	assert_false(virtqueue_pop(&q, &chain));
	assert_non_null(q.error);
	assert_string_equal(q.error, rule);
	/* it stays so */
	assert_false(virtqueue_pop(&q, &chain));
	assert_false(virtqueue_waits(&q));
	assert_false(virtqueue_enable_notify(&q));
	place(DRIVER_QUEUE);
}

static void wrong_addresses(void **state)
{
	(void)state;
	desc(0, DRIVER_RAM, 1, 0, 0);
	refused("a buffer lies in memory");
	desc(0, DRIVER_RAM - 1, 2, 0, 0);
	refused("a buffer lies in memory");
	desc(0, 0x100000000, 4, 0, 0);
	refused("a buffer lies in memory");
	desc(0, UINT64_MAX, UINT32_MAX, 0, 0);
	refused("a buffer lies in memory");
	desc(0, 0, UINT32_MAX, WRITE, 0);
	refused("a buffer lies in memory");
	desc(0, DRIVER_RAM, 16, INDIRECT, 0);
	refused("an indirect table lies in memory");
	desc(0, DRIVER_RAM - 16, 32, INDIRECT, 0);
	refused("an indirect table lies in memory");
}

static void wrong_chains(void **state)
{
	(void)state;
	desc(0, 0x20000, 4, NEXT, DRIVER_QUEUE);
	refused("a descriptor is one of its table");
	desc(0, 0x20000, 4, NEXT, 0);
	refused("a chain is no longer than the queue");
	desc(0, 0x20000, 0, NEXT, 1);
	desc(1, 0x20000, 0, NEXT, 0);
	refused("a chain is no longer than the queue");
	desc(0, 0x20000, 4, NEXT | WRITE, 1);
	desc(1, 0x20000, 4, 0, 0);
	refused("what the device writes comes after what it reads");
}

static void wrong_tables(void **state)
{
	(void)state;
	desc(0, DRIVER_INDIRECT, 0, INDIRECT, 0);
	refused("an indirect table is whole descriptors");
	desc(0, DRIVER_INDIRECT, 17, INDIRECT, 0);
	refused("an indirect table is whole descriptors");
	desc(0, DRIVER_INDIRECT, 32, INDIRECT | NEXT, 1);
	refused("an indirect descriptor is the last of its chain");
	desc(0, DRIVER_INDIRECT, 32, INDIRECT, 0);
	indirect(0, 0x20000, 4, NEXT, 2);
	refused("a descriptor is one of its table");
	indirect(0, 0x20000, 4, NEXT, 1);
	indirect(1, 0x20000, 4, NEXT, 0);
	refused("a chain is no longer than the queue");
	indirect(0, DRIVER_INDIRECT, 32, INDIRECT, 0);
	refused("indirect descriptors are negotiated, and not nested");
	/* the queue's own table as the indirect one, that leads to itself */
	desc(0, DRIVER_DESC(0), 16 * DRIVER_QUEUE, INDIRECT, 0);
	refused("indirect descriptors are negotiated, and not nested");
}

static void not_negotiated(void **state)
{
	(void)state;
	assert_true(virtqueue_start(&q, VIRTQUEUE_MAX, false, false));
	desc(0, DRIVER_INDIRECT, 16, INDIRECT, 0);
	driver_offer(0, 0);
	assert_false(virtqueue_pop(&q, &chain));
	assert_string_equal(q.error, "indirect descriptors are negotiated, and not nested");
}

static void wrong_heads(void **state)
{
	(void)state;
	start(false);
	driver_offer(0, DRIVER_QUEUE);
	assert_false(virtqueue_pop(&q, &chain));
	assert_string_equal(q.error, "a descriptor is one of its table");
	start(false);
	driver_put16(DRIVER_AVAIL(0) + 2, DRIVER_QUEUE + 1);
	assert_false(virtqueue_pop(&q, &chain));
	assert_string_equal(q.error, "no more is available than the queue holds");
	start(false);
	driver_put16(DRIVER_AVAIL(0) + 2, 0xffff);
	assert_false(virtqueue_pop(&q, &chain));
	assert_string_equal(q.error, "no more is available than the queue holds");
}

/* 300 pieces of 1 MB of a memory of 1 MB, of which 4 GB are too many */
static void too_long(void **state)
{
	const uint32_t size = 0x10000000;
	struct memory large = { driver_memory.host, size };
	unsigned int i;

	(void)state;
	q.mem = &large; /* the buffers are not touched */
	q.size = 32;
	start(false);
	for (i = 0; i < 32; i++)
		desc(i, 0, size, i < 31 ? NEXT : 0, i + 1);
	driver_put16(DRIVER_AVAIL(0) + 2, 1);
	assert_false(virtqueue_pop(&q, &chain));
	assert_string_equal(q.error, "the buffers of a request are less than 4 GB");
}

static void wrong_queues(void **state)
{
	static const struct {
		uint32_t size;
		uint64_t desc, avail, used;
		const char *rule;
	} bad[] = {
		{ 0, 0x1000, 0x2000, 0x3000,
		  "the size of a queue is a power of 2 up to QueueNumMax" },
		{ 7, 0x1000, 0x2000, 0x3000,
		  "the size of a queue is a power of 2 up to QueueNumMax" },
		{ 512, 0x1000, 0x2000, 0x3000,
		  "the size of a queue is a power of 2 up to QueueNumMax" },
		{ 0x80000000, 0x1000, 0x2000, 0x3000,
		  "the size of a queue is a power of 2 up to QueueNumMax" },
		{ 8, 0x1008, 0x2000, 0x3000, "the parts of a queue are aligned" },
		{ 8, 0x1000, 0x2001, 0x3000, "the parts of a queue are aligned" },
		{ 8, 0x1000, 0x2000, 0x3002, "the parts of a queue are aligned" },
		{ 8, DRIVER_RAM - 112, 0x2000, 0x3000, "a queue lies in memory" },
		{ 8, 0x1000, DRIVER_RAM - 20, 0x3000, "a queue lies in memory" },
		{ 8, 0x1000, 0x2000, DRIVER_RAM - 68, "a queue lies in memory" },
		{ 8, 0x1000, 0x2000, 0xfffffffffffffffc, "a queue lies in memory" },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		q = (struct virtqueue){
			.mem = &driver_memory,
			.size = bad[i].size,
			.desc = bad[i].desc,
			.avail = bad[i].avail,
			.used = bad[i].used,
		};
		assert_false(virtqueue_start(&q, VIRTQUEUE_MAX, true, true));
		assert_string_equal(q.error, bad[i].rule);
		assert_false(q.ready);
		assert_false(virtqueue_waits(&q));
	}
	/* just so */
	q = (struct virtqueue){
		.mem = &driver_memory,
		.size = 8,
		.desc = DRIVER_RAM - 128,
		.avail = DRIVER_RAM - 22,
		.used = DRIVER_RAM - 72,
	};
	start(true);
}

static void interrupts(void **state)
{
	(void)state;
	start(false);
	assert_false(virtqueue_interrupts(&q));
	virtqueue_push(&q, 0, 0);
	assert_true(virtqueue_interrupts(&q));
	assert_false(virtqueue_interrupts(&q));
	driver_put16(DRIVER_AVAIL(0), VRING_AVAIL_F_NO_INTERRUPT);
	virtqueue_push(&q, 0, 0);
	assert_false(virtqueue_interrupts(&q));
}

static void interrupts_by_event(void **state)
{
	const uint32_t used_event = DRIVER_AVAIL(0) + 4 + 2 * DRIVER_QUEUE;
	unsigned int i;

	(void)state;
	start(true);
	/* the flag has no meaning then */
	driver_put16(DRIVER_AVAIL(0), VRING_AVAIL_F_NO_INTERRUPT);
	driver_put16(used_event, 0);
	virtqueue_push(&q, 0, 0);
	assert_true(virtqueue_interrupts(&q));
	assert_false(virtqueue_interrupts(&q));
	/* only when the fifth is there */
	driver_put16(used_event, 4);
	for (i = 1; i < 4; i++) {
		virtqueue_push(&q, 0, 0);
		assert_false(virtqueue_interrupts(&q));
	}
	virtqueue_push(&q, 0, 0);
	virtqueue_push(&q, 0, 0);
	assert_true(virtqueue_interrupts(&q));
	virtqueue_push(&q, 0, 0);
	assert_false(virtqueue_interrupts(&q));
}

static void notifications(void **state)
{
	const uint32_t avail_event = DRIVER_USED(0) + 4 + 8 * DRIVER_QUEUE;

	(void)state;
	start(false);
	desc(0, 0x20000, 4, 0, 0);
	virtqueue_disable_notify(&q);
	assert_int_equal(driver_get16(DRIVER_USED(0)), VRING_USED_F_NO_NOTIFY);
	assert_false(virtqueue_enable_notify(&q));
	assert_int_equal(driver_get16(DRIVER_USED(0)), 0);
	driver_offer(0, 0);
	assert_true(virtqueue_enable_notify(&q));

	start(true);
	virtqueue_disable_notify(&q);
	assert_int_equal(driver_get16(DRIVER_USED(0)), 0);
	assert_true(virtqueue_pop(&q, &chain));
	assert_int_equal(driver_get16(avail_event), 0);
	assert_false(virtqueue_enable_notify(&q));
	assert_int_equal(driver_get16(avail_event), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(chains, setup, teardown),
		cmocka_unit_test_setup_teardown(indirect_table, setup, teardown),
		cmocka_unit_test_setup_teardown(wraps, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_chains, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(not_negotiated, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_heads, setup, teardown),
		cmocka_unit_test_setup_teardown(too_long, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_queues, setup, teardown),
		cmocka_unit_test_setup_teardown(interrupts, setup, teardown),
		cmocka_unit_test_setup_teardown(interrupts_by_event, setup, teardown),
		cmocka_unit_test_setup_teardown(notifications, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
