// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest of virtio-net. Each request that it makes starts with a header, and has the other side
 * send something, too: a frame, or bytes that are none, which end the connection. Now and then
 * what has come there is read.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "guest.h"
#include "virtio/net.h"

static bool stream;
static int other;

static void request(struct input *in, uint8_t *bytes, uint32_t size)
{
	static uint8_t data[NET_HEADER + NET_FRAME_MAX];
	const uint8_t what = input_u8(in);
	const uint16_t frame = input_u16(in) % (what & 0x40 ? 65536 : 2048);
	const uint32_t prefix = htonl(what & 0x80 ? input_u32(in) : frame);
	const struct virtio_net_hdr_v1 header = { .flags = what >> 2 & 3,
						  .gso_type = what >> 4 & 5 };

	memset(bytes, what, size);
	memcpy(data, &header, NET_HEADER);
	if (stream)
		memcpy(data, &prefix, NET_PREFIX);
	if (what & 1)
		(void)!send(other, data, (stream ? NET_PREFIX : NET_HEADER) + frame, MSG_NOSIGNAL);
	if (what & 2)
		(void)!read(other, data, sizeof(data));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t mac[VIRTIO_NET_MAC] = { 2 };
	struct input in = { data, size };
	int pair[2];

	fuzz_limit_time();
	stream = input_u8(&in) & 1;
	if (socketpair(AF_UNIX, stream ? SOCK_STREAM : SOCK_SEQPACKET, 0, pair) < 0)
		__builtin_trap();
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	fcntl(pair[1], F_SETFL, O_NONBLOCK);
	other = pair[1];
	guest_run(virtio_net_create(net_create(pair[0], stream), "fuzz", mac), &in, request);
	close(other);
	return 0;
}
