// SPDX-License-Identifier: GPL-2.0-only
/* virtio-net between a driver and a socket pair: packets for a tap, a stream for passt. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "driver.h"
#include "util.h"
#include "virtio/net.h"

#define RECEIVE	  0
#define TRANSMIT  1
#define HEADER	  12
#define OUT	  0x60000u /* what is sent */
#define STATUS	  6 /* in the configuration space */
#define MAC	  (1 << VIRTIO_NET_F_MAC | 1 << VIRTIO_NET_F_STATUS)
#define MERGED	  (MAC | 1 << VIRTIO_NET_F_MRG_RXBUF)
#define EVENT_IDX ((uint64_t)1 << VIRTIO_RING_F_EVENT_IDX)
#define OFFLOADS                                                                                \
	(1 << VIRTIO_NET_F_CSUM | 1 << VIRTIO_NET_F_GUEST_CSUM | 1 << VIRTIO_NET_F_GUEST_TSO4 | \
	 1 << VIRTIO_NET_F_GUEST_TSO6 | 1 << VIRTIO_NET_F_HOST_TSO4 | 1 << VIRTIO_NET_F_HOST_TSO6)

static const uint8_t mac[VIRTIO_NET_MAC] = { 2, 1, 2, 3, 4, 5 };
static struct virtio_device *v;
static int other; /* our end of the pair; -1: closed */
static struct virtio_net_hdr_v1 header; /* of frames that come from a tap, or have gone there */

static void start_with(int type, uint64_t features)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, type, 0, pair), 0);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	fcntl(pair[1], F_SETFL, O_NONBLOCK);
	other = pair[1];
	v = virtio_net_create(net_create(pair[0], type == SOCK_STREAM), "test", mac);
	driver_connect(v);
	driver_start(v, features);
	memset(&header, 0, sizeof(header));
}

static void start(int type)
{
	start_with(type, MAC);
}

static int setup(void **state)
{
	(void)state;
	driver_setup();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	virtio_destroy(v);
	driver_teardown();
	if (other >= 0)
		close(other);
	return 0;
}

/* Byte i of frame n */
static uint8_t byte(unsigned int n, uint32_t i)
{
	return n * 31 + i * 7;
}

static void make_frame(uint8_t *to, unsigned int n, uint32_t size)
{
	uint32_t i;

	for (i = 0; i < size; i++)
		to[i] = byte(n, i);
}

static void assert_frame(const uint8_t *frame, unsigned int n, uint32_t size)
{
	uint32_t i;

	for (i = 0; i < size; i++)
		assert_int_equal(frame[i], byte(n, i));
}

/* Frame n comes from the other side, of a stream with its length, of a tap with its header. */
static void put(bool stream, unsigned int n, uint32_t size)
{
	static uint8_t data[HEADER + NET_FRAME_MAX];
	const uint32_t prefix = htonl(size), before = stream ? NET_PREFIX : HEADER;

	memcpy(data, stream ? (void *)&prefix : (void *)&header, before);
	make_frame(data + before, n, size);
	size += before;
	assert_int_equal(send(other, data, size, 0), size);
}

/* Element i of the receive queue's used ring says that buffer i has so many bytes. */
static const uint8_t *received(unsigned int i, uint32_t size)
{
	const uint32_t elem = DRIVER_USED(RECEIVE) + 4 + i * 8;

	assert_int_equal(driver_get32(elem), i);
	assert_int_equal(driver_get32(elem + 4), size);
	return driver_memory.host + DRIVER_ROOM(i);
}

/* A header with this, for a frame in so many buffers */
static void assert_header(const uint8_t *packet, unsigned int flags, unsigned int type,
			  unsigned int buffers)
{
	const uint8_t expected[] = { flags, type };

	assert_memory_equal(packet, expected, 2);
	assert_int_equal(packet[10] | packet[11] << 8, buffers);
}

/* The buffer holds frame n. */
static void assert_received(unsigned int i, unsigned int n, uint32_t size)
{
	static const uint8_t plain[HEADER] = { [10] = 1 };
	const uint8_t *packet = received(i, HEADER + size);

	assert_memory_equal(packet, plain, HEADER);
	assert_frame(packet + HEADER, n, size);
}

/* The guest sends frame n, in three pieces of which one begins with the header's end. */
static void transmit(unsigned int n, uint32_t size)
{
	const unsigned int first = n % 2 * 4;

	memcpy(driver_memory.host + OUT, &header, HEADER);
	make_frame(driver_memory.host + OUT + HEADER, n, size);
	driver_desc(DRIVER_DESC(TRANSMIT), first, OUT, HEADER - 2, VRING_DESC_F_NEXT, first + 1);
	driver_desc(DRIVER_DESC(TRANSMIT), first + 1, OUT + HEADER - 2, 8, VRING_DESC_F_NEXT,
		    first + 2);
	driver_desc(DRIVER_DESC(TRANSMIT), first + 2, OUT + HEADER + 6, size - 6, 0, 0);
	driver_offer(TRANSMIT, first);
	virtio_serve(v);
}

/* Frame n has come to the other side. */
static void assert_sent(bool stream, unsigned int n, uint32_t size)
{
	static uint8_t data[HEADER + NET_FRAME_MAX];
	const uint32_t before = stream ? NET_PREFIX : HEADER, all = before + size;
	uint32_t prefix;

	assert_int_equal(recv(other, data, stream ? all : sizeof(data), 0), all);
	memcpy(&prefix, data, sizeof(prefix));
	if (stream)
		assert_int_equal(ntohl(prefix), size);
	else
		assert_memory_equal(data, &header, HEADER);
	assert_frame(data + before, n, size);
}

static void both_ways(int type)
{
	const bool stream = type == SOCK_STREAM;
	unsigned int i;

	start(type);
	for (i = 0; i < 4; i++)
		driver_offer_room(i, 0x1000);
	driver_events();
	assert_int_equal(driver_used(RECEIVE), 0);
	put(stream, 1, 60);
	put(stream, 2, 1514);
	driver_events();
	assert_int_equal(driver_used(RECEIVE), 2);
	assert_int_equal(driver_interrupts, 1);
	assert_received(0, 1, 60);
	assert_received(1, 2, 1514);
	transmit(3, 60);
	assert_int_equal(driver_used(TRANSMIT), 1);
	transmit(4, 9000);
	assert_sent(stream, 3, 60);
	assert_sent(stream, 4, 9000);
	assert_int_equal(recv(other, &i, 1, 0), -1);
	put(stream, 5, 1518);
	driver_events();
	assert_received(2, 5, 1518);
}

static void as_tap(void **state)
{
	(void)state;
	both_ways(SOCK_SEQPACKET);
}

static void as_stream(void **state)
{
	(void)state;
	both_ways(SOCK_STREAM);
}

static void configuration(void **state)
{
	unsigned int i;

	start(*state ? SOCK_STREAM : SOCK_SEQPACKET);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_ID), 1);
	virtio_write(v, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
	assert_int_equal(virtio_read(v, VIRTIO_MMIO_DEVICE_FEATURES) & 0xffffff,
			 *state ? MERGED : MERGED | OFFLOADS);
	for (i = 0; i < VIRTIO_NET_MAC; i++)
		assert_int_equal(virtio_config_read(v, i), mac[i]);
	virtio_config_write(v, 0, 0xff);
	assert_int_equal(virtio_config_read(v, 0), mac[0]);
	assert_int_equal(virtio_config_read(v, STATUS), VIRTIO_NET_S_LINK_UP);
	assert_int_equal(virtio_config_read(v, STATUS + 1), 0);
}

/* A stream has no respect for frames. */
static void pieces(void **state)
{
	uint8_t data[2 * (NET_PREFIX + 100)];
	const uint32_t prefix = htonl(100);
	unsigned int i;

	(void)state;
	start(SOCK_STREAM);
	for (i = 0; i < 2; i++) {
		driver_offer_room(i, 0x1000);
		memcpy(data + i * sizeof(data) / 2, &prefix, NET_PREFIX);
		make_frame(data + i * sizeof(data) / 2 + NET_PREFIX, i, 100);
	}
	for (i = 0; i < sizeof(data); i++) {
		assert_int_equal(driver_used(RECEIVE), i / (NET_PREFIX + 100));
		assert_int_equal(send(other, data + i, 1, 0), 1);
		driver_events();
	}
	assert_received(0, 0, 100);
	assert_received(1, 1, 100);
}

/* Much more than anything here holds, a few buffers at a time: all of it arrives, in order. */
static void nothing_lost(void **state)
{
	unsigned int sent = 0, seen = 0;

	(void)state;
	start(SOCK_STREAM);
	while (seen < 2000) {
		uint8_t frame[NET_PREFIX + 1000];
		const uint32_t prefix = htonl(1000);

		memcpy(frame, &prefix, NET_PREFIX);
		make_frame(frame + NET_PREFIX, sent, 1000);
		/* Whole frames only: what is small enough fits or does not. */
		while (sent < seen + 50 && send(other, frame, sizeof(frame), 0) > 0)
			make_frame(frame + NET_PREFIX, ++sent, 1000);
		driver_events();
		assert_int_equal(driver_used(RECEIVE), (uint16_t)seen);
		driver_offer_room(seen % DRIVER_QUEUE, 0x1000);
		virtio_serve(v);
		assert_int_equal(driver_used(RECEIVE), (uint16_t)(seen + 1));
		assert_frame(driver_memory.host + DRIVER_ROOM(seen % DRIVER_QUEUE) + HEADER, seen,
			     1000);
		seen++;
	}
}

/* The other side does not read: what the guest sends waits, its buffers too. */
static void no_room(void **state)
{
	const int type = *state ? SOCK_STREAM : SOCK_SEQPACKET;
	unsigned int sent = 0, taken = 0;

	start(type);
	while (driver_used(TRANSMIT) == sent) {
		transmit(sent, 3000);
		sent++;
		assert_true(sent < 1000);
	}
	/* The last but one is in part with the other side, the last one in the guest's memory. */
	assert_int_equal(driver_used(TRANSMIT), sent - 1);
	driver_events();
	assert_int_equal(driver_used(TRANSMIT), sent - 1);
	/* Packets come in meanwhile. */
	driver_offer_room(0, 0x1000);
	put(type == SOCK_STREAM, 1, 60);
	driver_events();
	assert_received(0, 1, 60);
	for (; taken < sent; taken++) {
		assert_sent(type == SOCK_STREAM, taken, 3000);
		driver_events();
	}
	assert_int_equal(driver_used(TRANSMIT), sent);
}

static void too_large(void **state)
{
	(void)state;
	start(SOCK_STREAM);
	put(true, 1, 1519);
	put(true, 2, NET_FRAME_MAX);
	put(true, 3, 100);
	driver_offer_room(0, HEADER + 1514);
	driver_events();
	assert_int_equal(driver_used(RECEIVE), 1);
	assert_received(0, 3, 100);
	/* a VLAN's tag, for which this driver has no room */
	put(true, 4, 1518);
	driver_offer_room(1, HEADER + 1514);
	driver_events();
	assert_int_equal(driver_used(RECEIVE), 2);
	assert_int_equal(driver_get32(DRIVER_USED(RECEIVE) + 4 + 12), 0);
}

static void assert_broken(const char *rule)
{
	const char *text = captured();

	assert_one_line(text);
	assert_contains(text, rule);
	assert_true(virtio_read(v, VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_NEEDS_RESET);
}

/* A frame in several buffers, which come back at once when there are enough of them. */
static void merged(void **state)
{
	static uint8_t frame[9000];
	unsigned int i, done = 0;

	(void)state;
	start_with(SOCK_STREAM, MERGED);
	put(true, 1, sizeof(frame));
	put(true, 2, 60);
	driver_offer_room(0, 0x1000);
	driver_offer_room(1, HEADER);
	driver_events();
	assert_int_equal(driver_used(RECEIVE), 0);
	driver_offer_room(2, 0x1000);
	virtio_serve(v);
	assert_int_equal(driver_used(RECEIVE), 0);
	driver_offer_room(3, 0x1000);
	virtio_serve(v);
	assert_int_equal(driver_used(RECEIVE), 4);
	assert_header(received(0, 0x1000), 0, 0, 4);
	memcpy(frame, received(0, 0x1000) + HEADER, 0x1000 - HEADER);
	done = 0x1000 - HEADER;
	memcpy(frame + done, received(1, HEADER), HEADER);
	done += HEADER;
	memcpy(frame + done, received(2, 0x1000), 0x1000);
	done += 0x1000;
	memcpy(frame + done, received(3, sizeof(frame) - done), sizeof(frame) - done);
	assert_frame(frame, 1, sizeof(frame));
	/* one that its queue can never take is lost, the one behind it is not */
	put(true, 3, 40000);
	put(true, 4, 100);
	for (i = 4; i < DRIVER_QUEUE + 4; i++)
		driver_offer_room(i % DRIVER_QUEUE, 0x1000);
	driver_events();
	assert_int_equal(driver_used(RECEIVE), 5);
	assert_received(4, 2, 60);
	driver_offer_room(4, 0x1000);
	virtio_serve(v);
	assert_int_equal(driver_used(RECEIVE), 6);
	assert_received(5, 4, 100);
	/* a buffer that cannot even have a header */
	driver_start(v, MERGED);
	put(true, 5, 5000);
	driver_offer_room(0, 0x1000);
	driver_offer_room(1, HEADER - 1);
	capture();
	driver_events();
	assert_broken("receive queue");
	assert_int_equal(driver_used(RECEIVE), 0);
}

/* Has a driver to tell of the buffer that it has just offered? */
static bool must_tell(void)
{
	const uint16_t idx = driver_get16(DRIVER_AVAIL(RECEIVE) + 2);

	if (v->driver_features & EVENT_IDX)
		return driver_get16(DRIVER_USED(RECEIVE) + 4 + DRIVER_QUEUE * 8) ==
		       (uint16_t)(idx - 1);
	return !(driver_get16(DRIVER_USED(RECEIVE)) & VRING_USED_F_NO_NOTIFY);
}

/* Used element i, and those behind it, hold frame n: the first one says how many. */
static void assert_frame_in(unsigned int i, unsigned int n, uint32_t size, unsigned int buffers)
{
	const unsigned int last = i + buffers;
	uint32_t done = 0, j;

	for (j = HEADER; i < last; i++, j = 0) {
		const uint32_t elem = DRIVER_USED(RECEIVE) + 4 + i % DRIVER_QUEUE * 8;
		const uint8_t *packet = driver_memory.host + DRIVER_ROOM(i % DRIVER_QUEUE);

		assert_int_equal(driver_get32(elem), i % DRIVER_QUEUE);
		if (j)
			assert_header(packet, 0, 0, buffers);
		for (; j < driver_get32(elem + 4); j++)
			assert_int_equal(packet[j], byte(n, done++));
	}
	assert_int_equal(done, size);
}

static uint32_t size_of(unsigned int n, bool merge)
{
	return 60 + n * 7919 % (merge ? 9000 : 1400);
}

/*
 * Frames and buffers come in any order, and a driver tells of its buffers only when it has to: no
 * frame waits for which there are buffers enough.
 */
static void nothing_sleeps(void **state)
{
	const bool stream = (uintptr_t)*state & 1, merge = (uintptr_t)*state & 2;
	unsigned int sent = 0, seen = 0, offered = 0, used = 0, buffers;
	uint32_t random = 1;

	start_with(stream ? SOCK_STREAM : SOCK_SEQPACKET,
		   (merge ? MERGED : MAC) | ((uintptr_t)*state & 4 ? EVENT_IDX : 0));
	while (seen < 1000) {
		random = random * 1103515245 + 12345;
		if (random & 1 << 30 && sent - seen < 10) {
			put(stream, sent, size_of(sent, merge));
			sent++;
		} else if (offered - used < DRIVER_QUEUE) {
			driver_offer_room(offered++ % DRIVER_QUEUE, 0x1000);
			if (must_tell())
				virtio_write(v, VIRTIO_MMIO_QUEUE_NOTIFY, RECEIVE);
		}
		if (random & 1 << 29)
			continue;
		driver_events();
		for (; seen < sent; seen++, used += buffers) {
			buffers = (HEADER + size_of(seen, merge) + 0xfff) / 0x1000;
			if (offered - used < buffers)
				break;
			assert_frame_in(used, seen, size_of(seen, merge), buffers);
		}
		assert_int_equal(driver_used(RECEIVE), (uint16_t)used);
	}
}

/* What a tap knows of checksums and segments goes both ways, if the guest has agreed to it. */
static void offloads(void **state)
{
	(void)state;
	start_with(SOCK_SEQPACKET, MERGED | OFFLOADS);
	driver_offer_room(0, 0x1000);
	driver_offer_room(1, 0x1000);
	driver_offer_room(2, 0x1000);
	header.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	header.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	header.csum_start = 0x1234;
	put(false, 1, 5000);
	transmit(1, 9000);
	assert_sent(false, 1, 9000);
	header.gso_type = VIRTIO_NET_HDR_GSO_UDP;
	put(false, 2, 100);
	header.gso_type = VIRTIO_NET_HDR_GSO_TCPV6;
	header.flags = VIRTIO_NET_HDR_F_DATA_VALID;
	put(false, 3, 100);
	driver_events();
	assert_int_equal(driver_used(RECEIVE), 3);
	assert_header(received(0, 0x1000), VIRTIO_NET_HDR_F_NEEDS_CSUM, VIRTIO_NET_HDR_GSO_TCPV4,
		      2);
	assert_memory_equal(received(0, 0x1000) + 6, &header.csum_start, 2);
	received(1, HEADER + 5000 - 0x1000);
	assert_header(received(2, HEADER + 100), VIRTIO_NET_HDR_F_DATA_VALID,
		      VIRTIO_NET_HDR_GSO_TCPV6, 1);
}

/* Another driver comes, which has not agreed. */
static void no_offloads(void **state)
{
	(void)state;
	start(SOCK_SEQPACKET);
	driver_offer_room(0, 0x1000);
	driver_offer_room(1, 0x1000);
	header.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	put(false, 1, 100);
	header.gso_type = VIRTIO_NET_HDR_GSO_TCPV6;
	put(false, 2, 100);
	header.gso_type = VIRTIO_NET_HDR_GSO_NONE;
	header.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	put(false, 3, 100);
	header.flags = 0;
	put(false, 4, 1519);
	header.flags = VIRTIO_NET_HDR_F_DATA_VALID;
	put(false, 5, 100);
	driver_events();
	assert_int_equal(driver_used(RECEIVE), 1);
	assert_received(0, 5, 100);
}

static void assert_link_down(void)
{
	const unsigned int before = driver_used(TRANSMIT);
	const char *text = captured();

	assert_one_line(text);
	assert_contains(text, "link is down");
	assert_int_equal(virtio_config_read(v, STATUS), 0);
	assert_true(virtio_read(v, VIRTIO_MMIO_INTERRUPT_STATUS) & VIRTIO_MMIO_INT_CONFIG);
	/* What the guest sends does not come back, but its buffers do. */
	capture();
	transmit(0, 100);
	transmit(1, 100);
	driver_offer_room(7, 0x1000);
	virtio_serve(v);
	driver_events();
	assert_int_equal(driver_used(TRANSMIT), before + 2);
	assert_string_equal(captured(), "");
	/* It stays so. */
	driver_start(v, MAC);
	assert_int_equal(virtio_config_read(v, STATUS), 0);
}

static void gone(void **state)
{
	start(*state ? SOCK_STREAM : SOCK_SEQPACKET);
	capture();
	close(other);
	other = -1;
	driver_events();
	assert_link_down();
}

/* It is seen first by who sends. */
static void gone_unheard(void **state)
{
	(void)state;
	start(SOCK_STREAM);
	close(other);
	other = -1;
	capture();
	transmit(1, 100);
	assert_link_down();
}

/* A length that cannot be: where the next frame begins is not known any more. */
static void no_frame(void **state)
{
	static const uint32_t sizes[] = { 0, NET_FRAME_MIN - 1, NET_FRAME_MAX + 1, UINT32_MAX };
	const uint32_t prefix = htonl(sizes[(uintptr_t)*state]);

	start(SOCK_STREAM);
	driver_offer_room(0, 0x1000);
	assert_int_equal(send(other, &prefix, NET_PREFIX, 0), NET_PREFIX);
	capture();
	driver_events();
	assert_link_down();
}

static void small_room(void **state)
{
	(void)state;
	start(SOCK_STREAM);
	put(true, 1, 100);
	driver_offer_room(0, HEADER + 1513);
	capture();
	driver_events();
	assert_broken("receive queue");
	assert_int_equal(driver_used(RECEIVE), 0);
	/* The packet is there for the next driver. */
	driver_start(v, MAC);
	driver_offer_room(0, 0x1000);
	virtio_serve(v);
	assert_received(0, 1, 100);
}

static void wrong_packet(void **state)
{
	static const uint32_t sizes[] = { 0, HEADER, HEADER + NET_FRAME_MIN - 1,
					  HEADER + NET_FRAME_MAX + 1, DRIVER_RAM };
	const uint32_t size = sizes[(uintptr_t)*state];

	start(SOCK_STREAM);
	driver_desc(DRIVER_DESC(TRANSMIT), 0, 0, size, 0, 0);
	driver_offer(TRANSMIT, 0);
	capture();
	virtio_serve(v);
	assert_broken("packet");
	assert_int_equal(recv(other, &(uint8_t){ 0 }, 1, 0), -1);
}

static void largest_packet(void **state)
{
	(void)state;
	start(SOCK_STREAM);
	transmit(1, NET_FRAME_MAX);
	assert_int_equal(driver_used(TRANSMIT), 1);
	assert_sent(true, 1, NET_FRAME_MAX);
}

/* Whoever starts vm44x may ignore SIGCHLD: that passt has started is known all the same. */
static void passt_status(void **state)
{
	const struct net_options o = { .tap = NULL };
	char dir[] = "/tmp/vm44x-test-XXXXXX", path[64], *before = strdup(getenv("PATH"));
	int file, fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/passt", dir);
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0777);
	assert_int_equal(write(file, "#!/bin/sh\n", 10), 10);
	close(file);
	setenv("PATH", dir, 1);
	signal(SIGCHLD, SIG_IGN);
	fd = net_start_passt(&o);
	signal(SIGCHLD, SIG_DFL);
	setenv("PATH", before, 1);
	free(before);
	unlink(path);
	rmdir(dir);
	assert_true(fd >= 0);
	close(fd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define TEST_WITH(f, n)                                               \
	{                                                             \
#f " " #n, f, setup, teardown, (void *)(uintptr_t)(n) \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(as_tap),
		TEST(as_stream),
		TEST_WITH(configuration, 0),
		TEST_WITH(configuration, 1),
		TEST(pieces),
		TEST(nothing_lost),
		TEST_WITH(no_room, 0),
		TEST_WITH(no_room, 1),
		TEST(too_large),
		TEST(merged),
		TEST_WITH(nothing_sleeps, 0),
		TEST_WITH(nothing_sleeps, 1),
		TEST_WITH(nothing_sleeps, 2),
		TEST_WITH(nothing_sleeps, 3),
		TEST_WITH(nothing_sleeps, 4),
		TEST_WITH(nothing_sleeps, 5),
		TEST_WITH(nothing_sleeps, 6),
		TEST_WITH(nothing_sleeps, 7),
		TEST(offloads),
		TEST(no_offloads),
		TEST_WITH(gone, 0),
		TEST_WITH(gone, 1),
		TEST(gone_unheard),
		TEST_WITH(no_frame, 0),
		TEST_WITH(no_frame, 1),
		TEST_WITH(no_frame, 2),
		TEST_WITH(no_frame, 3),
		TEST(small_room),
		TEST_WITH(wrong_packet, 0),
		TEST_WITH(wrong_packet, 1),
		TEST_WITH(wrong_packet, 2),
		TEST_WITH(wrong_packet, 3),
		TEST_WITH(wrong_packet, 4),
		TEST(largest_packet),
		cmocka_unit_test(passt_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
